# shellcheck shell=bash
# shellcheck disable=SC2154  # place, home, system_bin: see above
# Sourced after environment.sh: a private, throw-away server that runs from a server copy.
# Reads $place (the copy) and $home (where this server's data, socket and log shall be).

bin=$place$system_bin
data=$home/data
log=$home/server.log

# Without -X a user's .psqlrc would have its say in what the demo prints.
client() {
    "$bin/psql" -X -v ON_ERROR_STOP=1 -h "$(socket_directory)" -U postgres "$@"
}

# A socket's path may have 107 bytes; a deeply nested clone gets a directory under /tmp.
socket_directory() {
    if [ ${#home} -le 80 ]; then
        printf '%s/socket\n' "$home"
    else
        printf '/tmp/synthgen-%s-%s-%s\n' "$(id -u)" "$(clone_hash)" "$(basename "$home")"
    fi
}

answers() {
    [ -x "$bin/psql" ] && client -q -d postgres -c 'select' >/dev/null 2>&1
}

start_server() {
    make_place "$home"
    answers && return 0
    stop_server
    if ! { [ -e "$data/PG_VERSION" ] && start_once; }; then
        # Nothing, or the remains of a crash: what is in it is made anew each time, so a new cluster serves as well.
        make_cluster
        start_once || fail "the server does not start; see $log"
    fi
}

start_once() {
    make_place "$(socket_directory)"
    say "starting a private PostgreSQL in $home"
    (cd / && as_server_user "$bin/pg_ctl" start -s -w -t 60 -D "$data" -l "$log" </dev/null >&2)
}

make_cluster() {
    rm -rf "$data"
    (cd / && as_server_user "$bin/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
        --no-sync >/dev/null)
    cat >>"$data/postgresql.conf" <<END
# A throw-away cluster: no TCP, and speed before safety.
listen_addresses = ''
unix_socket_directories = '"$(socket_directory)"'
unix_socket_permissions = 0700
fsync = off
full_page_writes = off
END
}

# The server's own process, if the lock file names one: after a crash the number may belong to a stranger.
server_process() {
    local process
    process=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || return 1
    [ "$(readlink "/proc/$process/cwd" 2>/dev/null)" = "$data" ] && printf '%s\n' "$process"
}

stop_server() {
    local process
    if process=$(server_process); then
        end_process INT "$process" || end_process QUIT "$process" || fail "process $process does not end; see $log"
        say "stopped the server in $home"
    fi
    # What a crash left: the numbers in these files may be those of strangers, or of processes nobody has waited for.
    rm -rf "$data/postmaster.pid" "$(socket_directory)"
}

# end_process SIGNAL PROCESS: within 30 s, or fails. (A dead process nobody has waited for has a /proc entry, but no cwd.)
end_process() {
    local tenths
    kill -"$1" "$2" || true
    for ((tenths = 0; tenths < 300; tenths++)); do
        [ -e "/proc/$2/cwd" ] || return 0
        sleep 0.1
    done
    return 1
}
