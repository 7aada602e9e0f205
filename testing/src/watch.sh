# Follows `postgres.sh` or `mariadb.sh`, which say how a server is prepared, run and told to stop.
#
# Runs it in FOLDER until standard input ends. It ends when the process that holds its other end is gone, however that
# went; then the server and its folder go, too.
set -eu

# Both servers refuse to be root, or should: they can run programs for whoever knows their password.
as=
if [ "$(id -u)" -eq 0 ]; then
    chown 65534:65534 "$FOLDER" # nobody
    as="setpriv --reuid 65534 --regid 65534 --clear-groups"
fi

server=
end() {
    [ -z "$server" ] || { kill -s "$stop" "$server" && wait "$server"; } || true
    rm -rf "$FOLDER"
}
trap end EXIT
trap exit HUP INT TERM

cd "$FOLDER"
export TMPDIR="$FOLDER"
prepare
serve &
server=$!
exec 2>/dev/null # so that the log ends when the server does
read -r _ || true
