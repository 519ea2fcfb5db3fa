#!/usr/bin/env bash
# Builds the examples anew, and SHA256SUMS for those that are committed: plugins/examples/build.sh [NAME...]
#
# The Rust ones are committed as they come out of Debian's rustc-web 1.96.0 with the committed Cargo.lock. The JavaScript ones are 12 MB
# each, for the runtime is inside; they are built where they are wanted.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
names=("$@")
[[ $# -gt 0 ]] || names=(roofing-warranty lien-waiver milestone-letter)
for name in "${names[@]}"; do ../build-guest.sh "$name"; done
sha256sum {roofing-warranty/roofing-warranty,lien-waiver/lien-waiver,milestone-letter/milestone-letter}.wasm >SHA256SUMS
