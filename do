#!/usr/bin/env bash
# Everything there is to do here, as small functions. `./do help` lists them.
# Each makes what it needs first. Messages go to stderr, so that `./do nightdesk …` can be piped.
set -euo pipefail
unset CDPATH
HERE="$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
VENV="$HERE/.venv"
PYTHON="$VENV/bin/python"

# ── What there is to do ──────────────────────────────────────────────────────────────────────────────

do_help() { # This list
    echo "Usage: ./do WHAT [more]" >&2
    sed -nE 's/^do_([a-z]+)\(\) \{ # (.*)/  \1\t\2/p' "$HERE/do" | expand -t 14 >&2
}

do_demo() { # One invented news day, offline, told as an editor would see it
    do_nightdesk demo "$@"
}

do_run() { # The watch itself, until Ctrl-C
    do_nightdesk run "$@"
}

do_nightdesk() { # Any command of the program, for example: ./do nightdesk check
    environment runtime
    rooms_first
    exec "$PYTHON" -m nightdesk "$@"
}

do_test() { # All tests; `test quick` leaves out servers, databases and what is slow; more goes to pytest
    environment dev
    rooms_first
    cd "$HERE"
    if [[ "${1:-}" == quick ]]; then
        shift
        export NIGHTDESK_TEST_EFFORT="${NIGHTDESK_TEST_EFFORT:-brief}"
        exec "$PYTHON" -m pytest -n 2 -m "not whole and not slow and not postgres and not edges" "$@"
    fi
    find_or_install_postgresql
    find_or_install_chromium
    # A third worker has something to do while two wait.
    [[ $# -gt 0 ]] || set -- -n 3 --dist worksteal
    exec "$PYTHON" -m pytest "$@"
}

do_check() { # Style, types, who may import whom, and the budgets
    environment dev
    rooms_first
    cd "$HERE"
    local failed=0
    step "style" "$PYTHON" -m ruff check --quiet . || failed=1
    step "format" "$PYTHON" -m ruff format --check . || failed=1
    step "types" "$PYTHON" -m mypy --no-error-summary || failed=1
    step "imports" "$PYTHON" -c "import importlinter.cli as c; raise SystemExit(c.lint_imports(no_logo=True))" || failed=1
    step "budgets" "$PYTHON" -m tests.check || failed=1
    return "$failed"
}

do_fix() { # Repair what style tools can repair by themselves
    environment dev
    cd "$HERE"
    "$PYTHON" -m ruff check --fix --quiet . || say "The rest needs a person."
    "$PYTHON" -m ruff format .
}

do_bench() { # All benches, or one by its name: ./do bench judgement
    environment dev
    rooms_first
    cd "$HERE"
    if [[ $# -gt 0 ]]; then
        exec "$PYTHON" -m "bench.$1" "${@:2}"
    fi
    local bench failed=0
    for bench in bench/*/__main__.py; do
        [[ -f "$bench" ]] || stop "There is no bench yet."
        bench="$(basename "$(dirname "$bench")")"
        step "$bench" "$PYTHON" -m "bench.$bench" || failed=1
    done
    return "$failed"
}

do_lock() { # Pin the newest versions that pyproject.toml allows, with hashes, for every system
    command -v uv >/dev/null || stop "Locking needs uv. Install it: python3 -m pip install uv"
    cd "$HERE"
    lock requirements.txt
    lock requirements-dev.txt --group dev --constraint requirements.txt
}

do_install() { # The environment alone: `install` for working on Nightdesk, `install runtime` for running it, `install browser` for pages made by JavaScript
    if [[ "${1:-}" == browser ]]; then
        environment runtime
        install_browser
    else
        environment "${1:-dev}"
    fi
    say "Ready: $VENV"
}

# ── The environment ──────────────────────────────────────────────────────────────────────────────────

# The stamp says which lock the environment holds. It is taken away before anything is changed and written when
# all is done, so no stamp means that an installation was cut short, and the next one starts afresh.
environment() { # runtime | dev
    is_ready "$1" && return
    exec 9<"$HERE"
    if command -v flock >/dev/null; then flock 9; fi
    is_ready "$1" || install_lock "$1"
    exec 9<&-
}

is_ready() {
    [[ -x "$PYTHON" && -f "$VENV/stamp" ]] || return 1
    local held
    held="$(<"$VENV/stamp")"
    [[ "$held" == "$(stamp dev)" || "$held" == "$(stamp "$1")" ]]
}

stamp() {
    echo "$1 $(cat "$HERE/requirements.txt" "$HERE/requirements-dev.txt" | cksum)"
}

install_lock() {
    local lock=requirements.txt started=$SECONDS
    [[ "$1" == runtime ]] || lock=requirements-dev.txt
    [[ -x "$PYTHON" && -f "$VENV/stamp" ]] && has_installer || make_venv
    rm -f "$VENV/stamp"
    say "Installing $(grep -c '^[a-z].*==' "$HERE/$lock") packages from $lock ..."
    if command -v uv >/dev/null; then
        uv pip install --quiet --compile-bytecode --python "$PYTHON" --require-hashes -r "$HERE/$lock" >&2
    else
        "$PYTHON" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$HERE/$lock" >&2
    fi
    stamp "$1" >"$VENV/stamp"
    say "Installed in $((SECONDS - started)) s."
}

# The extra and what it stands on, as the lock for development has them: 50 MB that few newsrooms need.
install_browser() {
    local wanted
    wanted="$(mktemp)"
    awk '/^[a-z0-9]/ { on = /^(playwright|greenlet)==/ } on' "$HERE/requirements-dev.txt" >"$wanted"
    if command -v uv >/dev/null; then
        uv pip install --quiet --python "$PYTHON" --require-hashes --no-deps -r "$wanted" >&2
    else
        "$PYTHON" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$wanted" >&2
    fi
    rm -f "$wanted"
    command -v chromium chromium-browser google-chrome >/dev/null ||
        say "A browser is missing still. Debian: apt-get install chromium"
}

has_installer() { # An environment that uv made has no pip of its own
    command -v uv >/dev/null || "$PYTHON" -m pip --version >/dev/null 2>&1
}

make_venv() {
    local python
    python="$(find_python)"
    say "Making .venv with $("$python" --version)"
    rm -rf "$VENV"
    if command -v uv >/dev/null; then
        uv venv --quiet --no-project --python "$python" "$VENV" >&2
    else
        "$python" -m venv "$VENV" >&2 ||
            stop "This Python cannot make environments. Debian and Ubuntu: apt-get install python3-venv"
    fi
}

find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        "$name" -c 'import sys; sys.version_info >= (3, 11) or sys.exit(1); print(sys.executable)' 2>/dev/null && return
    done
    stop "Nightdesk needs Python 3.11 or newer. Debian and Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.13"
}

# The six rooms have everyday names (news, config, …), so they must come from this folder, and neither from the
# folder that the user stands in nor from anywhere else.
# Our rooms come first, and are kept compiled: without that, `check` takes twice its time.
rooms_first() {
    export PYTHONPATH="$HERE" PYTHONSAFEPATH=1
    unset PYTHONDONTWRITEBYTECODE
}

lock() {
    say "Locking $1 ..."
    uv pip compile pyproject.toml --extra postgres --extra channels --extra web "${@:2}" --universal --python-version 3.11 --upgrade \
        --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet --output-file "$1" >/dev/null
}

# ── What the tests need from the system ──────────────────────────────────────────────────────────────

find_or_install_postgresql() {
    if "$PYTHON" -m tests.postgresql >/dev/null 2>&1; then return; fi
    if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
        install_postgresql || true
        if "$PYTHON" -m tests.postgresql >/dev/null; then return; fi
    fi
    [[ "${NIGHTDESK_TEST_POSTGRES:-}" != required ]] || stop "Tests on PostgreSQL are required here, and it is missing."
    say "The tests run on SQLite only: those marked postgres are left out."
    say "To run them too: apt-get install postgresql (Debian, Ubuntu), brew install postgresql@15 (macOS)."
    export NIGHTDESK_TEST_POSTGRES=missing
}

# Debian's package would also make a database cluster and start it. The tests make their own, so it is told not to.
install_postgresql() {
    local options=/etc/postgresql-common/createcluster.conf
    say "The tests need PostgreSQL: installing Debian's package postgresql with apt-get, without a running server."
    mkdir -p "$(dirname "$options")"
    [[ -e "$options" ]] || echo "create_main_cluster = false" >"$options"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends postgresql </dev/null >/dev/null
}

# The console is looked at in a real browser, the system's.
find_or_install_chromium() {
    if "$PYTHON" -m tests.web.chromium >/dev/null 2>&1; then return; fi
    if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
        install_chromium || true
        if "$PYTHON" -m tests.web.chromium >/dev/null; then return; fi
    fi
    [[ "${NIGHTDESK_TEST_BROWSER:-}" != required ]] || stop "Tests in a browser are required here, and Chromium is missing."
    say "Nothing is looked at in a browser: Chromium is missing."
    say "To do that too: apt-get install chromium (Debian), brew install --cask chromium (macOS)."
    export NIGHTDESK_TEST_BROWSER=missing
}

install_chromium() {
    say "The tests need a browser: installing the package chromium with apt-get."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null
}

# ── Small words ──────────────────────────────────────────────────────────────────────────────────────

say() { echo "$*" >&2; }

stop() {
    say "$*"
    exit 1
}

step() { # Say what is looked at, look, and say how it went
    say "── $1"
    if "${@:2}"; then say "   fine"; else
        say "   $1: trouble, see above"
        return 1
    fi
}

what="${1:-help}"
[[ $# -eq 0 ]] || shift
case "$what" in -h | --help) what=help ;; esac
if ! declare -F "do_$what" >/dev/null; then
    say "./do does not know \"$what\"."
    do_help
    exit 2
fi
"do_$what" "$@"
