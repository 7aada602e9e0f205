# MariaDB. Debian has the server off the path of ordinary users.
PATH=$PATH:/usr/sbin
stop=TERM

prepare() {
    mkdir data
    [ -z "$as" ] || chown 65534:65534 data
    $as mariadb-install-db --no-defaults --datadir="$FOLDER/data" --auth-root-authentication-method=normal \
        --skip-name-resolve --skip-test-db --innodb-flush-method=nosync --sync-frm=0 --innodb-doublewrite=0 >/dev/null
    # Only one may come in, and only with a password.
    cat >users.sql <<END
CREATE USER IF NOT EXISTS sudare@'127.0.0.1' IDENTIFIED BY '$PASSWORD';
GRANT ALL ON *.* TO sudare@'127.0.0.1' WITH GRANT OPTION;
DELETE FROM mysql.global_priv WHERE User NOT IN ('sudare', 'mariadb.sys');
FLUSH PRIVILEGES;
END
}

# Texts are compared as people do, case apart, and the day is not that of Greenwich: what holds here holds on servers that
# are set up more plainly.
serve() {
    exec $as mariadbd --no-defaults --datadir="$FOLDER/data" --port="$PORT" --bind-address=127.0.0.1 \
        --socket="$FOLDER/socket" --pid-file="$FOLDER/pid" --init-file="$FOLDER/users.sql" --skip-name-resolve \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_general_ci --default-time-zone=-03:30 \
        --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync --sync-frm=0 --innodb-doublewrite=0 \
        --max-connections=400 \
        ${TLS:+--require-secure-transport=ON "--ssl-cert=$FOLDER/server.crt" "--ssl-key=$FOLDER/server.key"}
}
