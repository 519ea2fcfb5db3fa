#!/usr/bin/env bash
# Builds the plugin; then pack it: platform plugin pack dist/plugin.wasm
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
target=wasm32-unknown-unknown
export CARGO_TARGET_DIR=$PWD/target
if rustc --print target-libdir --target $target 2>/dev/null | xargs -I{} test -d {}; then
    cargo build --release --target $target
elif [[ -x /usr/bin/rustc && -d /usr/lib/rustlib/src ]]; then
    # Debian's rustc-web and rust-web-src: the standard library is built along.
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$(rustc --print sysroot)/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld \
        cargo build -Z build-std=std,panic_abort --release --target $target
else
    echo "Rust lacks the target: rustup target add $target (or, on Debian, apt-get install rustc-web rust-web-src)" >&2
    exit 1
fi
mkdir -p dist
cp target/$target/release/*.wasm dist/plugin.wasm
