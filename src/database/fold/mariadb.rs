//! The function for MariaDB and MySQL.

use sea_orm::{DatabaseConnection, DbBackend, DbErr, FromQueryResult, Statement};
use sudare_entities::migration::MARIADB_COLLATION;

use super::{END, FoldError, Folding, Lines, fold, foldings, grouped, replaced, stamp};

/// The server's own way to the lower case. It takes the place of most foldings, and is many times faster.
fn lower(text: &str) -> String {
    format!("LOWER({text} COLLATE utf8mb4_unicode_520_ci)")
}

#[derive(FromQueryResult)]
struct Server {
    version: String,
    lower: String,
}

/// What makes the function on this server: its `LOWER`, and what has to be mended before and after it.
pub(super) async fn statements(db: &DatabaseConnection) -> Result<Vec<String>, FoldError> {
    let all: String = ('\u{80}'..END).collect();
    let question = format!("SELECT VERSION() AS version, {} AS lower", lower("?"));
    let question =
        Statement::from_sql_and_values(DbBackend::MySql, question, [all.as_str().into()]);
    let answer = Server::find_by_statement(question).one(db).await;
    let server = answer
        .map_err(FoldError::Refused)?
        .ok_or_else(|| FoldError::Refused(DbErr::RecordNotFound("a version".to_owned())))?;
    if server.lower.chars().count() != all.chars().count() {
        return Err(FoldError::Lower);
    }
    let lowered = all.chars().zip(server.lower.chars());
    let body = body(&lowered.collect::<Vec<_>>()).ok_or(FoldError::Lower)?;
    let mut statements = Vec::new();
    if !server.version.contains("MariaDB") {
        // MySQL knows no `OR REPLACE` here.
        statements.push("DROP FUNCTION IF EXISTS sudare_fold".to_owned());
    }
    let text = format!("LONGTEXT CHARACTER SET utf8mb4 COLLATE {MARIADB_COLLATION}");
    statements.push(format!(
        "CREATE /*M! OR REPLACE */ FUNCTION sudare_fold(x {text}) RETURNS {text} \
        DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT '{}'\n\
        BEGIN\nDECLARE y {text};\nDECLARE b LONGBLOB;\n\
        IF LENGTH(x) = CHAR_LENGTH(x) THEN RETURN LOWER(x); END IF;\n{body}RETURN y;\nEND",
        stamp(&server.version)
    ));
    Ok(statements)
}

/// The statements for texts that are not of ASCII alone, on a server that lowers characters so; none if it lowers some that
/// are to stay.
fn body(lowered: &[(char, char)]) -> Option<String> {
    let folding = |from: char| Folding {
        from,
        to: fold(from),
    };
    // What would be lost in the lower case, as the dot above the capital I of Turkish.
    let before: Vec<_> = lowered
        .iter()
        .filter(|(from, lower)| fold(*lower) != fold(*from))
        .map(|(from, _)| folding(*from))
        .collect();
    if before
        .iter()
        .any(|folding| folding.to.chars().eq([folding.from]))
    {
        return None;
    }
    let changed = |from: char| {
        let place = lowered.binary_search_by_key(&from, |(from, _)| *from);
        let lower = place.ok().and_then(|place| lowered.get(place));
        lower.is_some_and(|(_, lower)| *lower != from)
    };
    let mut after = foldings();
    after.retain(|folding| !changed(folding.from));
    let mut body = Lines::default();
    body.add(&format!("SET y = {};", lower(&replaced("x", &before))));
    body.add("SET b = CAST(y AS BINARY);");
    // Bytes are found much faster than characters are replaced: they tell what may be there.
    for (lead, group) in grouped(&after, |folding| bytes(folding.from, 1)) {
        body.add(&format!("IF LOCATE({lead}, b) THEN"));
        for (lead, group) in grouped(&group, |folding| {
            bytes(folding.from, folding.from.len_utf8() - 1)
        }) {
            body.add(&format!(
                "IF LOCATE({lead}, b) THEN SET y = {}; END IF;",
                replaced("y", &group)
            ));
        }
        body.add("END IF;");
    }
    Some(body.0)
}

/// The first bytes of a character, as a literal.
fn bytes(of: char, count: usize) -> String {
    let mut buffer = [0; 4];
    let bytes = of.encode_utf8(&mut buffer).bytes().take(count);
    let digits: String = bytes.map(|byte| format!("{byte:02X}")).collect();
    format!("x'{digits}'")
}
