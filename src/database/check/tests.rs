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
        assert_eq!(cure::collation(postgres, "t", &column, true), cure);
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
    assert_eq!(scale("numeric(12,2)"), 2);
    assert_eq!(scale("decimal( 30, 10 ) unsigned"), 10);
    assert_eq!(scale("numeric(9)"), 0);
    assert_eq!(scale("bigint(20)"), 0);
    for declared in [
        "numeric",
        "double precision",
        "double",
        "real",
        "float(7,2)",
    ] {
        assert!(scale(declared) > 28, "{declared}");
    }
}

#[test]
fn rounding_keeps_the_digits_before_the_point() {
    for (declared, digits) in [("numeric(14,4)", 12), ("numeric", 28), ("numeric(2,4)", 2)] {
        assert_eq!(
            cure::rounding(DbBackend::Postgres, "t", &column(declared, None), 2, false),
            format!(r#"ALTER TABLE "t" ALTER COLUMN "c" TYPE numeric({digits}, 2)"#)
        );
    }
}
