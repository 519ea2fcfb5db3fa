#!/usr/bin/env bash
# Builds a plugin of this repository from its sources and packs it: plugins/build-guest.sh plugins/examples/roofing-warranty
#
# Rust: with a rustup toolchain that has the target wasm32-unknown-unknown, or with Debian's rustc-web and rust-web-src.
# TypeScript: with node and npm. Python: with componentize-py.
set -euo pipefail
folder=$(cd -- "${1:?the folder of a plugin}" && pwd)
source "$(dirname -- "${BASH_SOURCE[0]}")/../bin/common.sh"
root=$ROOT
build=${PLUGIN_TARGET_DIR:-$CACHE/guests}
name=$(sed -n 's/^name = "\(.*\)"/\1/p' "$folder/plugin.toml" | head -n1)
out=${2:-$folder/$name.wasm}
# With the features of the whole workspace, so that what is built already is not built a second time.
plugin() {
    (cd "$root" && cargo build --quiet --workspace --bin plugin)
    "$CARGO_TARGET_DIR/debug/plugin" "$@"
}

if [[ -f $folder/Cargo.toml ]]; then
    target=wasm32-unknown-unknown
    if rustc --print target-libdir --target $target 2>/dev/null | xargs -I{} test -d {}; then
        (cd "$folder" && CARGO_TARGET_DIR=$build cargo build --release --target $target)
    elif [[ -x /usr/bin/rustc ]] && dpkg -s rust-web-src >/dev/null 2>&1; then
        linker=$(rustc --print sysroot)/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld
        (cd "$folder" && RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker \
            RUSTFLAGS="--remap-path-prefix=$root=/plumbline --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo" \
            CARGO_TARGET_DIR=$build cargo build -Z build-std=std,panic_abort --target $target --release)
    else
        echo "Rust lacks the target: rustup target add $target, or apt-get install rustc-web rust-web-src" >&2
        exit 1
    fi
    plugin pack "$build/$target/release/${name//-/_}.wasm" --manifest "$folder/plugin.toml" --output "$out"
elif [[ -f $folder/package.json ]]; then
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build)
    plugin pack "$folder/dist/plugin.wasm" --manifest "$folder/plugin.toml" --output "$out"
else
    echo "$folder has neither Cargo.toml nor package.json" >&2
    exit 1
fi
