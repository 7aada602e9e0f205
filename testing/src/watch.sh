# Follows `postgres.sh` or `mariadb.sh`, which say how a server is prepared, run and told to stop.
#
# Runs it in FOLDER until standard input ends. It ends when the process that holds its other end is gone, however that
# went; then the server and its folder go, too. With TLS, a folder with `server.crt` and `server.key`, it takes nobody without.
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
if [ -n "${TLS:-}" ]; then
    # A key has to be the server's own, and nobody else's to read.
    cp "$TLS/server.crt" "$TLS/server.key" .
    chmod 600 server.key
    [ -z "$as" ] || chown 65534:65534 server.crt server.key
fi
prepare
serve &
server=$!
exec 2>/dev/null # so that the log ends when the server does
while read -r command; do
    case $command in
    kill) # as a loss of power would, with all that it has started
        # shellcheck disable=SC2046 # a word for each process
        kill -s KILL "$server" $(cat "/proc/$server/task/$server/children") || true
        wait "$server" || true
        ;;
    start)
        serve &
        server=$!
        ;;
    esac
done
