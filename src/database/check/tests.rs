use super::*;

fn column(declared: &str, collation: Option<&str>) -> Column {
    Column {
        name: "c".to_owned(),
        declared: declared.to_owned(),
        collation: collation.map(str::to_owned),
    }
}

#[test]
fn a_cure_keeps_the_type_of_the_column() {
    let postgres = DbBackend::Postgres;
    for (declared, collation, cure) in [
        (
            "character varying(32)",
            "default",
            r#"ALTER TABLE "t" ALTER COLUMN "c" TYPE character varying(32) COLLATE "C""#,
        ),
        (
            "character(3)",
            "C",
            r#"ALTER TABLE "t" ALTER COLUMN "c" TYPE text COLLATE "C""#,
        ),
        (
            "citext",
            "default",
            r#"ALTER TABLE "t" ALTER COLUMN "c" TYPE text COLLATE "C""#,
        ),
    ] {
        let column = column(declared, Some(collation));
        assert!(!by_code_point(postgres, &column));
        assert_eq!(super::cure(postgres, "t", &column), cure);
    }
    assert!(by_code_point(postgres, &column("text", Some("C"))));
    let varbinary = column("varbinary(9)", None);
    assert!(!by_code_point(DbBackend::MySql, &varbinary));
}

#[test]
fn digits_are_read_from_the_declaration() {
    assert_eq!(digits("real(12, 2)"), Some(12));
    assert_eq!(digits("DECIMAL( 30,10)"), Some(30));
    assert_eq!(digits("numeric(9)"), Some(9));
    assert_eq!(digits("numeric"), None);
}
