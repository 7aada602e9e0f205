//! Databases of each kind, opened for real.

use sea_orm::ConnectionTrait as _;
use sudare_testing::{Kind, Server};

use super::*;

fn fresh(kind: Kind) -> DatabaseUrl {
    DatabaseUrl::parse(&Server::shared(kind).create()).unwrap()
}

#[tokio::test]
async fn servers_that_start_together_bring_the_schema_up_to_date_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = DatabaseUrl::Sqlite(folder.path().join("a.db"));
    for url in [fresh(Kind::Postgres), fresh(Kind::MariaDb), file] {
        let starts = std::iter::repeat_n((), 6).map(|()| open(&url));
        for started in futures_util::future::join_all(starts).await {
            started.unwrap();
        }
    }
}

#[tokio::test]
async fn a_column_that_compares_otherwise_is_refused_with_its_cure() {
    for (kind, change, cure) in [
        (
            Kind::Postgres,
            r#"ALTER TABLE "order" ALTER COLUMN status TYPE varchar(32) COLLATE "en_US.utf8""#,
            r#"ALTER TABLE "order" ALTER COLUMN "status" TYPE character varying(32) COLLATE "C""#,
        ),
        (
            Kind::MariaDb,
            "ALTER TABLE `order` MODIFY status varchar(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL",
            "ALTER TABLE `order` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
        ),
        (
            Kind::MariaDb,
            "ALTER TABLE `order` MODIFY status enum('PAID') CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL",
            "ALTER TABLE `order` MODIFY `status` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL",
        ),
    ] {
        let url = fresh(kind);
        let db = open(&url).await.unwrap();
        let change = match kind {
            // Not every machine has the collations of a language.
            Kind::Postgres => change.replace("en_US.utf8", "default"),
            Kind::MariaDb => change.to_owned(),
        };
        db.execute_unprepared(&change).await.unwrap();
        let error = open(&url).await.unwrap_err().to_string();
        assert!(error.contains("table `order`, column `status`"), "{error}");
        assert!(error.contains(cure), "{error}");
        db.execute_unprepared(cure).await.unwrap();
        open(&url).await.unwrap();
    }
}

#[tokio::test]
async fn a_column_that_compares_otherwise_is_refused_on_sqlite() {
    for collation in ["NOCASE", "RTRIM"] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let db = open(&file).await.unwrap();
        let table = format!(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema \
            SET sql = replace(sql, '\"email\" varchar', '\"email\" varchar COLLATE {collation}') WHERE name = 'customer'"
        );
        db.execute_unprepared(&table).await.unwrap();
        db.close().await.unwrap();
        let error = open(&file).await.unwrap_err().to_string();
        assert!(
            error.contains("table `customer`, column `email`") && error.contains(collation),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_column_that_holds_no_uuids_is_refused_with_its_cure() {
    for (kind, change, cure) in [
        (
            Kind::Postgres,
            "ALTER TABLE visit ALTER COLUMN session TYPE text",
            r#"ALTER TABLE "visit" ALTER COLUMN "session" TYPE uuid USING "session"::uuid"#,
        ),
        (
            Kind::Postgres,
            "ALTER TABLE visit ALTER COLUMN session TYPE bytea USING uuid_send(session)",
            r#"ALTER TABLE "visit" ALTER COLUMN "session" TYPE uuid USING encode("session", 'hex')::uuid"#,
        ),
        (
            Kind::MariaDb,
            "ALTER TABLE visit MODIFY session uuid",
            "keep UNHEX(REPLACE(`session`, '-', '')) in a `binary(16)` in its place",
        ),
    ] {
        let url = fresh(kind);
        let db = open(&url).await.unwrap();
        db.execute_unprepared(change).await.unwrap();
        let error = open(&url).await.unwrap_err().to_string();
        assert!(error.contains("table `visit`, column `session`"), "{error}");
        assert!(error.contains(cure), "{error}");
        if kind == Kind::Postgres {
            db.execute_unprepared(cure).await.unwrap();
            open(&url).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_decimal_that_keeps_more_than_is_shown_is_refused_with_its_cure() {
    for (kind, change, cure) in [
        (
            Kind::Postgres,
            "ALTER TABLE product ALTER COLUMN price TYPE numeric",
            r#"ALTER TABLE "product" ALTER COLUMN "price" TYPE numeric(28, 2)"#,
        ),
        (
            Kind::MariaDb,
            "ALTER TABLE product MODIFY price decimal(14, 4) NOT NULL",
            "ALTER TABLE `product` MODIFY `price` decimal(12, 2) NOT NULL",
        ),
        (
            Kind::Postgres,
            "ALTER TABLE product ALTER COLUMN price TYPE double precision",
            r#"ALTER TABLE "product" ALTER COLUMN "price" TYPE numeric(28, 2)"#,
        ),
        (
            Kind::MariaDb,
            "ALTER TABLE product MODIFY price double NOT NULL",
            "ALTER TABLE `product` MODIFY `price` decimal(28, 2) NOT NULL",
        ),
    ] {
        let url = fresh(kind);
        let db = open(&url).await.unwrap();
        db.execute_unprepared(change).await.unwrap();
        let error = open(&url).await.unwrap_err().to_string();
        assert!(error.contains("table `product`, column `price`"), "{error}");
        assert!(error.contains(cure), "{error}");
        db.execute_unprepared(cure).await.unwrap();
        open(&url).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_has_not_every_character_is_refused() {
    let server = Server::shared(Kind::Postgres);
    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    let url = DatabaseUrl::parse(&server.url("latin")).unwrap();
    let error = format!("{:?}", open(&url).await.unwrap_err());
    assert!(error.contains("Encoding(\"LATIN1\")"), "{error}");
}

#[tokio::test]
async fn a_decimal_that_a_float_does_not_hold_is_refused_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    let db = open(&file).await.unwrap();
    let table = "PRAGMA writable_schema = ON; UPDATE sqlite_schema \
        SET sql = replace(sql, '\"price\" real(12, 2)', '\"price\" real(16, 2)') WHERE name = 'product'";
    db.execute_unprepared(table).await.unwrap();
    db.close().await.unwrap();
    let error = open(&file).await.unwrap_err().to_string();
    assert!(
        error.contains("table `product`, column `price`: SQLite keeps `real(16, 2)` as a float"),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_column_is_named() {
    let url = fresh(Kind::Postgres);
    let db = open(&url).await.unwrap();
    let sql = "ALTER TABLE visit DROP COLUMN referrer";
    db.execute_unprepared(sql).await.unwrap();
    let error = open(&url).await.unwrap_err().to_string();
    assert!(
        error.contains("table `visit` has no column `referrer`"),
        "{error}"
    );
}

#[tokio::test]
async fn whoever_only_serves_needs_no_right_to_change_tables() {
    let server = Server::shared(Kind::Postgres);
    let url = server.create();
    let db = open(&DatabaseUrl::parse(&url).unwrap()).await.unwrap();
    for sql in [
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN PASSWORD 'reader'",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
    let (_, rest) = url.split_once('@').unwrap();
    let reader = DatabaseUrl::parse(&format!("postgres://reader:reader@{rest}")).unwrap();
    open(&reader).await.unwrap();
}

#[tokio::test]
async fn a_server_that_does_not_let_us_in_is_an_error_without_the_password() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let url = Server::shared(kind).create();
        let (scheme, rest) = url.split_once("://").unwrap();
        let (_, rest) = rest.split_once('@').unwrap();
        let url = DatabaseUrl::parse(&format!("{scheme}://sudare:hunter2@{rest}")).unwrap();
        let error = open(&url).await.unwrap_err();
        let chain = format!("{error} {error:?}");
        assert!(matches!(error, OpenError::Connect(_)), "{chain}");
        assert!(!chain.contains("hunter2"), "{chain}");
    }
}
