use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use sea_orm::Value;
use sudare_testing::{Kind, Server};

use super::*;
use crate::database::{DatabaseUrl, open};

#[derive(FromQueryResult)]
struct Folded {
    folded: Option<String>,
}

/// What the server makes of each of these.
async fn folded(db: &DatabaseConnection, texts: &[String]) -> Vec<Option<String>> {
    let backend = db.get_database_backend();
    let sql = if backend == DbBackend::Postgres {
        "SELECT sudare_fold($1) AS folded"
    } else {
        "SELECT sudare_fold(?) AS folded"
    };
    let mut answers = Vec::new();
    for text in texts {
        let statement =
            Statement::from_sql_and_values(backend, sql, [Value::String(Some(text.clone()))]);
        let answer = Folded::find_by_statement(statement).one(db).await.unwrap();
        answers.push(answer.unwrap().folded);
    }
    answers
}

/// Every character but NUL, which PostgreSQL has not, in lines: what one becomes stays where it was.
fn every_character() -> Vec<String> {
    let all: Vec<char> = ('\u{1}'..=char::MAX).filter(|c| *c != '\n').collect();
    let lines = all.chunks(4_096).map(|line| {
        let mut text = String::new();
        for c in line {
            text.push(*c);
            text.push('\n');
        }
        text
    });
    lines.collect()
}

/// Texts of characters that fold, are folded, or do neither, next to each other in all ways.
fn mixtures() -> Vec<String> {
    let random = &mut ChaCha8Rng::seed_from_u64(7);
    let foldings = foldings();
    let mut texts = vec![String::new(), "Anna B. 'O\\' %_".to_owned()];
    for _ in 0..400 {
        let mut text = String::new();
        for _ in 0..random.random_range(1..30) {
            let folding = &foldings[random.random_range(0..foldings.len())];
            match random.random_range(0..4) {
                0 => text.push(folding.from),
                1 => text.push_str(&folding.to),
                2 => text.push(random.random_range('\u{1}'..='\u{7f}')),
                _ => text.push(random.random_range('\u{80}'..='\u{30000}')),
            }
        }
        texts.push(text);
    }
    texts
}

#[tokio::test]
async fn each_server_folds_as_we_do() {
    for kind in [Kind::Postgres, Kind::MariaDb] {
        let url = DatabaseUrl::parse(&Server::shared(kind).create()).unwrap();
        let db = open(&url).await.unwrap();
        assert!(is_installed(&db).await.unwrap());
        for texts in [every_character(), mixtures()] {
            for (text, folded) in texts.iter().zip(folded(&db, &texts).await) {
                let expected = caseless::default_case_fold_str(text);
                let differs = || {
                    let folded = folded.as_deref().unwrap_or_default();
                    let lines = folded.lines().zip(expected.lines()).zip(text.lines());
                    lines
                        .filter(|((is, should), _)| is != should)
                        .map(|(_, text)| text)
                        .collect::<Vec<_>>()
                };
                assert_eq!(
                    folded.as_ref(),
                    Some(&expected),
                    "{kind:?}: {:?}",
                    differs()
                );
            }
        }
    }
}

#[tokio::test]
async fn a_function_of_another_build_is_replaced() {
    for (kind, old) in [
        (
            Kind::Postgres,
            "COMMENT ON FUNCTION sudare_fold(text) IS 'Unicode 3.0.0, 0, '",
        ),
        (
            Kind::MariaDb,
            "CREATE OR REPLACE FUNCTION sudare_fold(x TEXT) RETURNS TEXT DETERMINISTIC NO SQL RETURN x",
        ),
    ] {
        let url = DatabaseUrl::parse(&Server::shared(kind).create()).unwrap();
        let db = open(&url).await.unwrap();
        db.execute_unprepared(old).await.unwrap();
        assert!(!is_installed(&db).await.unwrap());
        let db = open(&url).await.unwrap();
        assert!(is_installed(&db).await.unwrap());
        let texts = ["STRASSE ß".to_owned()];
        assert_eq!(folded(&db, &texts).await, [Some("strasse ss".to_owned())]);
    }
}
