# PostgreSQL. Debian has its programs off the path.
PATH=$PATH:$(printf '%s:' /usr/lib/postgresql/*/bin)
stop=QUIT # at once: nothing is worth keeping

# Texts are compared as people do, and the day is not that of Greenwich: what holds here holds on servers that are set up
# more plainly.
prepare() {
    printf '%s\n' "$PASSWORD" >password
    chmod 644 password
    $as initdb --pgdata="$FOLDER/data" --username=sudare --pwfile="$FOLDER/password" --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C --locale-provider=icu --icu-locale=en-US --no-sync --no-instructions >/dev/null
    [ -z "${TLS:-}" ] || $as sed -i 's/^host/hostssl/' data/pg_hba.conf
}

serve() {
    exec $as postgres -D "$FOLDER/data" -p "$PORT" -k "$FOLDER" -c listen_addresses=127.0.0.1 \
        -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
        -c max_connections=400 -c timezone=America/St_Johns \
        ${TLS:+-c ssl=on -c "ssl_cert_file=$FOLDER/server.crt" -c "ssl_key_file=$FOLDER/server.key"}
}
