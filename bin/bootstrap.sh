# Sourced by the commands beside it, from the checkout's root. Leaves $python, the environment's Python.
#
#   need_python requirements.txt     the virtual environment, with exactly these pins
#   need_packages run|test           system packages; installs them when it can, else says which

venv=${HMS_ACH_VENV:-$PWD/.venv}
python=$venv/bin/python

# Networks of hospitals have certificate authorities of their own.
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true}

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

need_python() {
    wanted=$(cat requirements.txt "$1" | cksum)
    marker=$venv/.hms-ach-$(basename "$1" .txt)
    if [ -x "$python" ] && [ "$(cat "$marker" 2>/dev/null)" = "$wanted" ]; then return; fi
    # The development pins contain the runtime pins: an up-to-date one serves both.
    everything=$(cat requirements.txt requirements-dev.txt | cksum)
    if [ -x "$python" ] && [ "$(cat "$venv/.hms-ach-requirements-dev" 2>/dev/null)" = "$everything" ]; then
        return
    fi
    [ -x "$python" ] || _make_environment
    "$python" -m uv --version >/dev/null 2>&1 || {
        say "Installing uv …"
        "$python" -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1" ||
            stop "uv could not be installed. Check the network, or set PIP_INDEX_URL to your package index."
    }
    say "Installing the pinned requirements of $1 …"
    rm -f "$venv"/.hms-ach-requirements*
    "$python" -m uv pip sync --quiet --require-hashes --python "$python" "$1" ||
        stop "The requirements could not be installed. Check the network, then start again."
    printf '%s\n' "$wanted" >"$marker"
}

_make_environment() {
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3; do
        [ -n "$candidate" ] || continue
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
        candidate=
    done
    [ -n "$candidate" ] || stop "Python 3.11 or later is missing. Install it, or name it: PYTHON=/path/to/python3.11 $0"
    say "Making the virtual environment $venv …"
    if ! "$candidate" -c 'import ensurepip' 2>/dev/null; then
        _install "Python's venv module" python3-venv
    fi
    "$candidate" -m venv "$venv" || stop "The virtual environment could not be made in $venv."
}

need_packages() {
    missing=
    _has_library libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
    _has_library libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
    _has_library libharfbuzz-subset.so.0 || missing="$missing libharfbuzz-subset0"
    _has_font || missing="$missing fonts-dejavu-core"
    if [ "$1" = test ]; then
        _has_program chromium chromium-browser google-chrome || missing="$missing chromium"
        _has_program nginx || missing="$missing nginx-light"
        _has_program pdftotext || missing="$missing poppler-utils"
    fi
    [ -z "$missing" ] || _install "System packages" $missing
}

_install() {
    what=$1
    shift
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing $* …"
        { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" ||
            { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }
        } >/dev/null 2>&1 || stop "apt-get could not install: $*"
        return
    fi
    say "$what missing. On Debian or Ubuntu:  sudo apt-get install --no-install-recommends $*"
    say "Elsewhere install the packages that provide the same (Pango and HarfBuzz for the PDFs)."
    exit 1
}

_has_library() {
    [ "$(uname)" = Linux ] || return 0
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p; } | grep -q "$1"
}

_has_font() { [ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.ttf' -print -quit 2>/dev/null)" ] || [ "$(uname)" != Linux ]; }

_has_program() {
    for program; do
        if command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ]; then return 0; fi
    done
    return 1
}
