use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::*;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

struct Case {
    folder: tempfile::TempDir,
    environment: Vec<(OsString, OsString)>,
    flags: Overrides,
}

impl Case {
    fn new(file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("sudare.toml"), file).unwrap();
        Self {
            folder,
            environment: Vec::new(),
            flags: Overrides::default(),
        }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    fn load(&self) -> Result<Config, String> {
        let file = self.folder.path().join("sudare.toml");
        let sources = Sources {
            file: Some(&file),
            environment: self.environment.clone(),
            flags: &self.flags,
        };
        Config::load(&sources).map_err(|errors| errors.to_string())
    }

    fn refused(&self) -> String {
        let text = self.load().unwrap_err();
        text.replace(&self.path(""), "")
    }
}

#[test]
fn flags_override_variables_override_the_file_overrides_defaults() {
    let file = "listen = 'file:1'\ndata = 'file'\npolicies = 'file'\n[limits]\nmax_depth = 3\nmax_batch = 4\n";
    let mut case = Case::new(file)
        .with("SUDARE_DATA", "variable")
        .with("SUDARE_POLICIES", "variable")
        .with("SUDARE_LIMITS_MAX_BATCH", "5")
        .with("SUDARE_LOG_FORMAT", "json");
    case.flags.policies = Some("flag".into());
    let config = case.load().unwrap();
    assert_eq!(config.listen, "file:1");
    assert_eq!(config.data, Path::new("variable"));
    assert_eq!(config.policies, Path::new("flag"));
    assert_eq!(config.limits.max_depth, 3);
    assert_eq!(config.limits.max_batch, 5);
    assert_eq!(config.limits.max_aliases, 50);
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn every_unknown_key_and_variable_is_named_with_the_nearest_one() {
    let text = Case::new("listn = 'x'\n[limits]\nmax_dept = 3\n[redis]\nurl = 'x'\n")
        .with("SUDARE_JWT_SECRETT", SECRET)
        .with("SUDARE_PORT_8080_TCP_ADDR", "10.0.0.1")
        .with("OTHER", "x")
        .refused();
    insta::assert_snapshot!(text, @"
    the configuration is not valid
      - `sudare.toml`: there is no key `limits.max_dept`; did you mean `limits.max_depth`?
      - `sudare.toml`: there is no key `listn`; did you mean `listen`?
      - `sudare.toml`: there is no key `redis`
      - environment: `SUDARE_JWT_SECRETT` means nothing; did you mean `SUDARE_JWT_SECRET`?
      - environment: `SUDARE_PORT_8080_TCP_ADDR` means nothing; Kubernetes sets it for a service called `sudare`: set `enableServiceLinks: false` in the pod
    ");
}

#[test]
fn a_bad_value_names_its_source() {
    let file = Case::new("[limits]\nmax_depth = 'deep'\n").refused();
    assert!(
        file.contains("limits.max_depth") && file.contains("sudare.toml"),
        "{file}"
    );
    let variable = Case::new("").with("SUDARE_LOG_LEVEL", "loud").refused();
    assert!(variable.contains("SUDARE_LOG_LEVEL"), "{variable}");
    let number = Case::new("")
        .with("SUDARE_LIMITS_MAX_DEPTH", "-1")
        .refused();
    assert!(
        number.contains("`SUDARE_LIMITS_MAX_DEPTH` must be a whole number"),
        "{number}"
    );
}

#[test]
fn no_error_and_no_dump_shows_a_secret() {
    let broken = format!("[jwt]\nsecret = {SECRET}\n");
    let number = "[jwt]\nsecret = 123456789012345\n".to_owned();
    let list = format!("[jwt]\nsecret = ['{SECRET}']\n");
    let short = "[jwt]\nsecret = 'abcdef0123'\n".to_owned();
    for file in [broken, number, list, short] {
        let text = Case::new(&file).refused();
        for piece in ["0123", "1234", "abcd"] {
            assert!(!text.contains(piece), "{text}");
        }
    }
    let config = Case::new("")
        .with("SUDARE_JWT_SECRET", SECRET)
        .load()
        .unwrap();
    let shown = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
    assert!(
        !shown.contains("0123") && shown.contains("[redacted]"),
        "{shown}"
    );
}

#[test]
fn a_secret_of_digits_stays_text() {
    let digits = "12345678901234567890123456789012";
    let config = Case::new("")
        .with("SUDARE_JWT_SECRET", digits)
        .load()
        .unwrap();
    assert_eq!(
        config.jwt_secret().unwrap().unwrap().expose(),
        digits.as_bytes()
    );
}

#[test]
fn a_secret_may_live_in_a_file_but_not_in_two_places() {
    let case = Case::new("");
    fs::write(case.folder.path().join("secret"), format!("{SECRET}\n")).unwrap();
    let path = case.path("secret");
    let case = case.with("SUDARE_JWT_SECRET_FILE", &path);
    let secret = case.load().unwrap().jwt_secret().unwrap().unwrap();
    assert_eq!(secret.expose(), SECRET.as_bytes());
    let text = case.with("SUDARE_JWT_SECRET", SECRET).refused();
    assert!(
        text.contains("`SUDARE_JWT_SECRET` and `SUDARE_JWT_SECRET_FILE`) are both set"),
        "{text}"
    );
    let text = Case::new("")
        .with("SUDARE_MASKING_KEY_FILE", "/nowhere/key")
        .refused();
    assert!(text.contains("`/nowhere/key` cannot be read"), "{text}");
}

#[test]
fn short_secrets_are_refused_with_the_cure() {
    let text = Case::new("").with("SUDARE_JWT_SECRET", "short").refused();
    insta::assert_snapshot!(text, @"
    the configuration is not valid
      - `jwt.secret` (`SUDARE_JWT_SECRET`) has 5 bytes and needs at least 32: `openssl rand -hex 32` makes one
    ");
}

#[test]
fn an_empty_variable_is_not_a_setting_switched_off() {
    let text = Case::new("").with("SUDARE_JWT_ISSUER", "").refused();
    assert!(text.contains("`SUDARE_JWT_ISSUER` is empty"), "{text}");
    let text = Case::new("[jwt]\naudience = ''\n").refused();
    assert!(text.contains("`SUDARE_JWT_AUDIENCE`) is empty"), "{text}");
}

#[test]
fn the_url_of_a_database_names_it_and_its_password_stays_hidden() {
    let database = |url: &str| {
        let config = Case::new("").with("SUDARE_DATABASE_URL", url).load()?;
        let shown = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
        Ok::<_, String>(config.database().unwrap().to_string())
    };
    assert_eq!(
        Case::new("data = 'd'")
            .load()
            .unwrap()
            .database()
            .unwrap()
            .to_string(),
        "sqlite:d/sudare.db"
    );
    assert_eq!(database("sqlite:a/b.db").unwrap(), "sqlite:a/b.db");
    assert_eq!(database("sqlite:///a/b.db").unwrap(), "sqlite:/a/b.db");
    assert_eq!(
        database("postgres://me:hunter2@localhost/crm").unwrap(),
        "postgres://localhost:5432/crm"
    );
    let text = database("postgres://me:hunter2@db/crm?sslmode=prefer").unwrap_err();
    assert!(
        text.contains("`database.url` (`SUDARE_DATABASE_URL`): `sslmode=prefer` would send")
            && !text.contains("hunter2"),
        "{text}"
    );
    let text = Case::new("database_url = 'sqlite:a.db'\n").refused();
    assert!(text.contains("did you mean `database.url`?"), "{text}");
}

#[test]
fn the_url_of_a_database_may_live_in_a_file_but_not_in_two_places() {
    let case = Case::new("");
    fs::write(
        case.folder.path().join("url"),
        "mysql://me:hunter2@localhost/crm\n",
    )
    .unwrap();
    let path = case.path("url");
    let mut case = case.with("SUDARE_DATABASE_URL_FILE", &path);
    let url = case.load().unwrap().database().unwrap();
    assert_eq!(url.to_string(), "mariadb://localhost:3306/crm");
    case.flags.database.url = Some("sqlite:a.db".to_owned());
    let text = case.refused();
    assert!(
        text.contains("`SUDARE_DATABASE_URL` and `SUDARE_DATABASE_URL_FILE`) are both set"),
        "{text}"
    );
}

#[test]
fn a_replica_is_a_server_of_the_same_kind() {
    let case = |url: &str, replica: &str| {
        let case = Case::new("").with("SUDARE_DATABASE_URL", url);
        case.with("SUDARE_DATABASE_REPLICA_URL", replica)
    };
    let loaded = case("postgres://me@localhost/a", "postgres://me@[::1]/a");
    let replica = loaded.load().unwrap().replica().unwrap().unwrap();
    assert_eq!(replica.to_string(), "postgres://[::1]:5432/a");
    for (url, replica) in [
        ("postgres://me@localhost/a", "mysql://me@localhost/a"),
        ("sqlite:a.db", "sqlite:b.db"),
    ] {
        let text = case(url, replica).refused();
        assert!(
            text.contains("`SUDARE_DATABASE_REPLICA_URL`) must be a server of the same kind"),
            "{text}"
        );
    }
    let text = case(
        "postgres://me@localhost/a",
        "postgres://me:hunter2@db/a?x=1",
    )
    .refused();
    assert!(
        text.contains("`SUDARE_DATABASE_REPLICA_URL`): it has a parameter"),
        "{text}"
    );
    let text = Case::new("[database]\nmax_connections = 0\n").refused();
    assert!(
        text.contains(
            "`database.max_connections` (`SUDARE_DATABASE_MAX_CONNECTIONS`) must be at least 1"
        ),
        "{text}"
    );
}

#[test]
fn limits_that_contradict_each_other_are_refused() {
    let text = Case::new("[limits]\nmax_page_size = 10\nmax_batch = 0\n").refused();
    insta::assert_snapshot!(text, @"
    the configuration is not valid
      - `limits.max_batch` (`SUDARE_LIMITS_MAX_BATCH`) must be at least 1
      - `limits.default_page_size` (`SUDARE_LIMITS_DEFAULT_PAGE_SIZE`) must not be above `limits.max_page_size`, which is 10
    ");
}

#[test]
fn a_named_file_must_exist_and_be_toml() {
    let flags = Overrides::default();
    let sources = Sources {
        file: Some(Path::new("/nowhere/sudare.toml")),
        environment: Vec::new(),
        flags: &flags,
    };
    let text = Config::load(&sources).unwrap_err().to_string();
    assert!(
        text.contains("`/nowhere/sudare.toml` cannot be read"),
        "{text}"
    );
    let text = Case::new("listen = 'a'\ndata = = 'b'\n").refused();
    assert!(text.contains("`sudare.toml` line 2, column 8"), "{text}");
}

#[test]
fn a_key_with_something_stray_and_an_id_that_is_no_name_are_refused() {
    for (name, value, fault) in [
        (
            "SUDARE_MASKING_KEY",
            format!("\u{FEFF}{SECRET}"),
            "byte-order mark",
        ),
        (
            "SUDARE_MASKING_KEY",
            format!("{SECRET}\0"),
            "control character",
        ),
        ("SUDARE_MASKING_KEY", format!(" {SECRET}"), "white space"),
        ("SUDARE_MASKING_KEY", " ".repeat(64), "white space"),
        (
            "SUDARE_MASKING_KEY_ID",
            "\u{1b}[31m".to_owned(),
            "not a name",
        ),
        ("SUDARE_MASKING_KEY_ID", "a.b".to_owned(), "not a name"),
    ] {
        let error = Case::new("").with(name, &value).load().unwrap_err();
        assert!(error.contains(fault) && !error.contains(SECRET), "{error}");
    }
    let twice = Case::new("")
        .with("SUDARE_MASKING_KEY", SECRET)
        .with("SUDARE_MASKING_PREVIOUS_KEY", SECRET)
        .with("SUDARE_MASKING_PREVIOUS_KEY_ID", "0");
    let error = twice.load().unwrap_err();
    assert!(error.contains("names the current key"), "{error}");
}
