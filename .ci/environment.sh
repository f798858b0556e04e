# shellcheck shell=bash
# Sourced by the scripts here and by samples/demo/demo: where things are and who runs the server.
# Reads PG_MAJOR (15). Leaves $root as the working directory and sets:
#   root         the clone
#   major        PostgreSQL's major version
#   system_bin   where Debian keeps that version's programs

set -euo pipefail
umask 022

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root"

major=${PG_MAJOR:-15}
system_bin=/usr/lib/postgresql/$major/bin
# Used by the scripts that source this one.
export root major system_bin

# RUSTFLAGS would override the linker flag that cargo-pgrx injects; a server or a client of ours must not follow
# the caller's PG* variables; with RUST_BACKTRACE the server would put backtraces into its errors.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUST_BACKTRACE RUST_LIB_BACKTRACE
unset PGHOST PGHOSTADDR PGPORT PGDATABASE PGUSER PGPASSWORD PGPASSFILE PGSERVICE PGSERVICEFILE PGOPTIONS PGDATA
unset PGAPPNAME PGSSLMODE PGCLIENTENCODING PGTZ PGDATESTYLE PGTARGETSESSIONATTRS PGCONNECT_TIMEOUT

# Cargo's own tools, wherever the caller's PATH ends; before them those that .ci/prerequisites put beside the user's.
PATH=$root/target/tools/bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin

say() {
    printf '==> %s\n' "$*" >&2
}

fail() {
    printf 'synthgen: %s\n' "$*" >&2
    exit 1
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}

# PostgreSQL refuses to run as root: then user postgres runs it.
as_server_user() {
    if is_root; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

# place KIND: the directory of a private server. As root it is under /var/tmp, for user postgres cannot be expected
# to enter the clone; the hash of the clone's path keeps two clones apart.
place() {
    if is_root; then
        printf '/var/tmp/synthgen-%s-pg%s-%s\n' "$(clone_hash)" "$major" "$1"
    else
        printf '%s/target/pg%s/%s\n' "$root" "$major" "$1"
    fi
}

clone_hash() {
    printf '%s' "$root" | sha256sum | cut -c1-12
}

# make_place DIRECTORY: creates it for the server's user; refuses what somebody else laid there (/var/tmp and /tmp
# are everybody's).
make_place() {
    local owner
    owner=$(as_server_user id -u)
    if [ -L "$1" ] || { [ -e "$1" ] && [ "$(stat -c %u "$1")" != "$owner" ]; }; then
        fail "$1 belongs to somebody else; remove it first"
    fi
    mkdir -p "$(dirname "$1")"
    if is_root; then
        install -d -o postgres -g postgres -m 0700 "$1"
    else
        install -d -m 0700 "$1"
    fi
}
