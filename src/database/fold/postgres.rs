//! The function for PostgreSQL.

use super::{Folding, Lines, grouped, replaced, stamp};

/// What makes the function. Texts of ASCII alone, which most are, cost a comparison and `lower`: that part is of a form that
/// PostgreSQL puts into the statement in place of the call. The other part asks for each block of Unicode whether the text has
/// anything to fold in it.
pub(super) fn statements(foldings: &[Folding]) -> Vec<String> {
    let mut body = Lines::default();
    body.add(&format!("IF y ~ '{}' THEN", class(foldings)));
    for block in grouped(foldings, |folding| u32::from(folding.from) >> 8).values() {
        let (one, more): (Vec<_>, Vec<_>) = block
            .iter()
            .cloned()
            .partition(|folding| folding.to.chars().count() == 1);
        body.add(&format!("IF y ~ '{}' THEN", class(block)));
        let mut text = "y".to_owned();
        if !one.is_empty() {
            let from: String = one.iter().map(|folding| folding.from).collect();
            let to: String = one.iter().map(|folding| folding.to.as_str()).collect();
            text = format!("translate(y, '{from}', '{to}')");
        }
        body.add(&format!("y := {}; END IF;", replaced(&text, &more)));
    }
    let wide = format!(
        "CREATE OR REPLACE FUNCTION sudare_fold_wide(x text) RETURNS text \
        IMMUTABLE STRICT PARALLEL SAFE LANGUAGE plpgsql AS $fold$\n\
        DECLARE y text COLLATE \"C\" := lower(x COLLATE \"C\");\nBEGIN\n{}END IF;\nRETURN y;\nEND $fold$",
        body.0
    );
    let narrow = "CREATE OR REPLACE FUNCTION sudare_fold(x text) RETURNS text \
        IMMUTABLE PARALLEL SAFE LANGUAGE sql RETURN CASE WHEN octet_length(x) = char_length(x) \
        THEN lower(x COLLATE \"C\") ELSE sudare_fold_wide(x) END";
    let comment = format!("COMMENT ON FUNCTION sudare_fold(text) IS '{}'", stamp(""));
    vec![wide, narrow.to_owned(), comment]
}

/// A pattern that finds one of these.
fn class(foldings: &[Folding]) -> String {
    let mut ranges: Vec<(char, char)> = Vec::new();
    for folding in foldings {
        match ranges.last_mut() {
            Some((_, last)) if u32::from(*last) + 1 == u32::from(folding.from) => {
                *last = folding.from;
            }
            _ => ranges.push((folding.from, folding.from)),
        }
    }
    let ranges: String = ranges
        .iter()
        .map(|(first, last)| format!("{first}-{last}"))
        .collect();
    format!("[{ranges}]")
}
