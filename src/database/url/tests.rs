use super::*;

/// What is wrong with a URL that has the password `hunter2`.
fn refused(text: &str) -> String {
    let error = DatabaseUrl::parse(text).unwrap_err().to_string();
    assert!(
        !error.contains("hunter") && !error.contains("s3cret"),
        "{error}"
    );
    error
}

fn server(text: &str) -> Server {
    match DatabaseUrl::parse(text).unwrap() {
        DatabaseUrl::Sqlite(path) => panic!("{}", path.display()),
        DatabaseUrl::Postgres(Postgres(server)) | DatabaseUrl::MariaDb(MariaDb(server)) => server,
    }
}

#[test]
fn a_url_says_all_that_a_driver_needs() {
    use secrecy::ExposeSecret as _;
    let server = server("postgresql://s%20udare:p%40ss%2Fw%25ord@db.example:6432/c%20r%20m");
    assert_eq!(server.host, Host::Name("db.example".to_owned()));
    assert_eq!((server.port, server.user.as_str()), (6432, "s udare"));
    assert_eq!(server.password.unwrap().expose_secret(), "p@ss/w%ord");
    assert_eq!(server.database, "c r m");
    let driver = match DatabaseUrl::parse("postgres://me:hunter2@db.example/crm").unwrap() {
        DatabaseUrl::Postgres(server) => server.driver_config(),
        other => panic!("{other}"),
    };
    assert_eq!(driver.get_password(), Some("hunter2".as_bytes()));
    assert_eq!(
        driver.get_ssl_mode(),
        tokio_postgres::config::SslMode::Require
    );
}

#[test]
fn a_url_is_shown_without_its_user_and_password() {
    for (text, shown) in [
        ("postgres://me:hunter2@db/crm", "postgres://db:5432/crm"),
        (
            "mysql://me:hunter2@[::1]:3307/crm",
            "mariadb://[::1]:3307/crm",
        ),
        (
            "mariadb://me:hunter2@localhost/crm?socket=/run/my.sock",
            "mariadb://(/run/my.sock)/crm",
        ),
        ("sqlite:a/b.db", "sqlite:a/b.db"),
    ] {
        let url = DatabaseUrl::parse(text).unwrap();
        assert_eq!(url.to_string(), shown);
        assert!(!format!("{url:?}").contains("hunter2"));
    }
}

#[test]
fn what_leaves_the_machine_is_encrypted_unless_it_is_said_otherwise() {
    let verified = |roots: Option<&str>| Encryption::Verified {
        roots: roots.map(PathBuf::from),
    };
    for (text, expected) in [
        ("postgres://me@db/crm", verified(None)),
        ("postgres://me@10.0.0.1/crm", verified(None)),
        ("postgres://me@localhost.example/crm", verified(None)),
        ("postgres://me@localhost/crm", Encryption::None),
        ("postgres://me@127.0.0.7/crm", Encryption::None),
        ("postgres://me@[::1]/crm", Encryption::None),
        ("postgres://me@%2Frun%2Fpg/crm", Encryption::None),
        ("postgres://me@localhost/crm?host=/run/pg", Encryption::None),
        ("postgres://me@db/crm?sslmode=disable", Encryption::None),
        (
            "postgres://me@localhost/crm?sslmode=require",
            verified(None),
        ),
        (
            "postgres://me@db/crm?sslmode=verify-full&sslrootcert=/a/ca.pem",
            verified(Some("/a/ca.pem")),
        ),
        (
            "postgres://me@localhost/crm?sslrootcert=/a/ca.pem",
            verified(Some("/a/ca.pem")),
        ),
        ("mysql://me@db/crm", verified(None)),
        ("mysql://me@127.0.0.1/crm", Encryption::None),
        ("mariadb://me@db/crm?ssl-mode=DISABLED", Encryption::None),
        (
            "mariadb://me@db/crm?ssl-mode=VERIFY_IDENTITY&ssl-ca=ca.pem",
            verified(Some("ca.pem")),
        ),
    ] {
        assert_eq!(server(text).encryption, expected, "{text}");
    }
}

#[test]
fn modes_that_others_could_switch_off_are_refused_with_the_cure() {
    for (parameters, cure) in [
        ("sslmode=prefer", "take `sslmode=verify-full`"),
        ("sslmode=allow", "take `sslmode=verify-full`"),
        ("sslmode=verify-ca", "take `sslmode=verify-full`"),
        ("sslmode=s3cret", "`disable`"),
        ("sslmode=VERIFY-FULL", "is not a mode that is known"),
        (
            "sslmode=disable&sslrootcert=a.pem",
            "set `sslmode=verify-full`",
        ),
        ("sslmode=disable&sslmode=require", "`sslmode` twice"),
        ("ssl-mode=require", "takes `sslmode`"),
        ("s3cret=1", "takes `sslmode`"),
    ] {
        let text = refused(&format!("postgres://me:hunter2@db/crm?{parameters}"));
        assert!(text.contains(cure), "{text}");
    }
    let text = refused("mysql://me:hunter2@db/crm?ssl-mode=PREFERRED");
    assert!(text.contains("take `ssl-mode=VERIFY_IDENTITY`"), "{text}");
    let text = refused("postgres://me:hunter2@%2Frun%2Fpg/crm?sslmode=require");
    assert!(text.contains("leave `sslmode` out"), "{text}");
}

#[test]
fn a_url_that_is_none_is_refused_with_the_cure_and_without_its_password() {
    for (text, cure) in [
        ("postgre://me:hunter2@db/crm", "`postgre` is not known"),
        ("hunter2", "the scheme `` is not known"),
        ("hunter2@db:5432/crm", "the scheme `` is not known"),
        ("postgres:///crm", "names no host"),
        ("postgres://db/crm", "names no user"),
        ("postgres://me:hunter2@db", "names no database"),
        ("postgres://me:hunter2@db/", "names no database"),
        ("postgres://me:hunter2@db/a/b", "names no database"),
        ("postgres://me:hunter2@db:x/crm", "percent-encoded"),
        ("postgres://me:hunter2@db:0/crm", "percent-encoded"),
        ("postgres://me:hunter2@db/crm#s3cret", "percent-encoded"),
        ("postgres://me:hunter2#s3cret@db/crm", "percent-encoded"),
        ("postgres://me:hunter2/s3cret@db/crm", "percent-encoded"),
        (
            "postgres://me:12?s3cret@db/crm",
            "parameter that is not known",
        ),
        ("postgres:me:hunter2@db/crm", "percent-encoded"),
        ("postgres://me:hunter2%zz@db/crm", "its password is not"),
        ("postgres://me:hunter2%ff@db/crm", "its password is not"),
        ("postgres://me:hunter2%00@db/crm", "its password is not"),
        ("mysql://me%:hunter2@db/crm", "its user is not"),
        ("sqlite::memory:", "takes the path of a file"),
        ("sqlite:", "takes the path of a file"),
        ("sqlite:a.db?mode=ro", "takes the path of a file"),
    ] {
        let error = refused(text);
        assert!(error.contains(cure), "{text}: {error}");
    }
}
