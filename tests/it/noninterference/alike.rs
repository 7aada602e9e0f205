//! Whether two answers are one: byte by byte, but for what was sealed with two keys.
//!
//! A sealed text stands for a key and must tell nothing of it. So where the keys of rows differ, the two gateways seal with keys of
//! their own, and a sealed text of the one answer may be another in the other one: of the same length, the same one wherever it comes
//! up, and with no more in common than two texts of chance.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::side::{Got, Sent};

/// Where sealed texts stand.
const SEALED: [&str; 4] = ["nodeId", "cursor", "startCursor", "endCursor"];

/// The sealed texts of the first database, by those of the second.
#[derive(Default)]
pub(super) struct Seals {
    second: HashMap<String, String>,
    first: HashMap<String, String>,
}

impl Seals {
    /// Says what is wrong, if the answers are not alike.
    pub(super) fn compare(&mut self, first: &Got, second: &Got) -> Result<(), &'static str> {
        if first.status != second.status {
            return Err("the statuses differ");
        }
        if first.headers != second.headers {
            return Err("the headers differ");
        }
        if first.body.len() != second.body.len() {
            return Err("the bodies differ in length");
        }
        let [first, second] = [&first.body, &second.body].map(|body| std::str::from_utf8(body));
        let (first, second) = (first.unwrap().split('"'), second.unwrap().split('"'));
        let mut before = ["", ""];
        for (first, second) in first.zip(second) {
            if SEALED.contains(&before[0]) && first.len() > 16 {
                self.meet(first, second)?;
            } else if first != second {
                return Err("the bodies differ");
            }
            before = [before[1], first];
        }
        Ok(())
    }

    fn meet(&mut self, first: &str, second: &str) -> Result<(), &'static str> {
        if first.len() != second.len() {
            return Err("sealed texts differ in length");
        }
        let known = self.second.entry(first.to_owned());
        let one = known.or_insert_with(|| second.to_owned()) == second;
        let known = self.first.entry(second.to_owned());
        if !one || known.or_insert_with(|| first.to_owned()) != first {
            return Err("a sealed text stands for two rows");
        }
        let bytes = [first, second].map(|text| URL_SAFE_NO_PAD.decode(text));
        let [Ok(first), Ok(second)] = bytes else {
            return Err("a sealed text is none");
        };
        let common = first
            .iter()
            .zip(&second)
            .filter(|(one, other)| one == other);
        if common.count() * 4 > first.len() {
            return Err("sealed texts have something in common");
        }
        Ok(())
    }

    /// A request to the second database in place of one to the first.
    pub(super) fn translated(&self, sent: &Sent) -> Sent {
        let translate = |text: &str, escapes: bool| {
            let mut translated = String::with_capacity(text.len());
            let (mut word, mut escaped) = (String::new(), 0);
            for c in text.chars().chain([' ']) {
                let in_word = c.is_ascii_alphanumeric() || c == '-' || c == '_';
                if in_word && escaped == 0 {
                    word.push(c);
                    continue;
                }
                translated.push_str(self.second.get(&word).unwrap_or(&word));
                translated.push(c);
                word.clear();
                escaped = match c {
                    '%' if escapes => 2,
                    _ => usize::saturating_sub(escaped, 1),
                };
            }
            translated.pop();
            translated
        };
        Sent {
            uri: translate(&sent.uri, true),
            body: translate(&sent.body, false),
            ..sent.clone()
        }
    }
}
