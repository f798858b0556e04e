#!/bin/sh
# guardian.sh DATA DIRECTORY [keep]: waits until its standard input closes, that is until the tests that started the
# cluster are gone, killed or not; then stops the server and removes the directory.
cat >/dev/null
process=$(head -n 1 "$1/postmaster.pid" 2>/dev/null)
if [ -n "$process" ]; then
    kill -QUIT "$process" 2>/dev/null
    # A dead process nobody has waited for has a /proc entry, but no working directory.
    while [ -e "/proc/$process/cwd" ]; do
        sleep 0.05
    done
fi
[ -n "${3-}" ] || rm -rf "$2"
