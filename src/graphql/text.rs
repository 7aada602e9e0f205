//! What a document may be before the parser reads it: tokens and nesting are bounded by a lexer that does not recurse.

use std::collections::HashSet;

use apollo_parser::{Lexer, TokenKind};

use super::guard::too_much;
use crate::answer::{ErrorCode, RequestError};
use crate::config::Limits;

/// Brackets of any kind, one in another: what the recursive parser can surely take on its stack.
const MAX_NESTING: usize = 64;

/// Bytes of a name. Names of the document come back, as keys of each row and in each error: a long one makes much of little.
const MAX_NAME: usize = 128;

/// Refuses a text that is too long or too deep to be parsed, or that the lexer does not take: what the parser makes of the
/// rest would be unbounded.
pub(crate) fn check_text(text: &str, limits: &Limits) -> Result<(), RequestError> {
    let mut brackets = Brackets::default();
    let mut count = 0_usize;
    for token in Lexer::new(text) {
        let token = token.map_err(|error| not_a_token(text, error.index()))?;
        if token.kind() == TokenKind::Whitespace {
            continue;
        }
        count += 1;
        if count > limits.max_document_tokens {
            let limit = limits.max_document_tokens;
            return Err(too_much(
                "the document has too many tokens",
                "max_document_tokens",
                limit,
            ));
        }
        if token.kind() == TokenKind::Name && token.data().len() > MAX_NAME {
            let (line, column) = place(text, token.index());
            let message = format!("the name is too long: the limit is {MAX_NAME} characters");
            return Err(RequestError::new(ErrorCode::CostLimit, message).at(line, column));
        }
        brackets
            .take(token.kind(), token.data())
            .map_err(|fault| match fault {
                BracketFault::TooDeep => {
                    let message = format!(
                        "the document nests its brackets too deeply: the limit is {MAX_NESTING}"
                    );
                    RequestError::new(ErrorCode::CostLimit, message)
                }
                BracketFault::Repeated => {
                    let message = format!("the input field `{}` is given twice", brackets.name);
                    let (line, column) = place(text, token.index());
                    RequestError::new(ErrorCode::GraphqlValidationFailed, message).at(line, column)
                }
            })?;
    }
    Ok(())
}

fn not_a_token(text: &str, index: usize) -> RequestError {
    let (line, column) = place(text, index);
    let message = "the document is not GraphQL: no token begins here";
    RequestError::new(ErrorCode::GraphqlParseFailed, message).at(line, column)
}

/// Line and column, both from 1.
fn place(text: &str, index: usize) -> (usize, usize) {
    let before = text.get(..index).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(1, |line| line.chars().count() + 1);
    (line, column)
}

/// The brackets that are open, and the names that an input object has so far: the parser keeps the last of two alike and
/// forgets the first (GraphQL specification, section 5.6.3).
#[derive(Default)]
struct Brackets<'a> {
    open: Vec<Option<HashSet<&'a str>>>,
    name: &'a str,
}

enum BracketFault {
    TooDeep,
    Repeated,
}

impl<'a> Brackets<'a> {
    fn take(&mut self, kind: TokenKind, text: &'a str) -> Result<(), BracketFault> {
        match kind {
            // A brace in other brackets than braces of selections begins a value.
            TokenKind::LCurly if self.in_arguments() => self.open.push(Some(HashSet::new())),
            TokenKind::LCurly => self.open.push(None),
            TokenKind::LParen | TokenKind::LBracket => self.open.push(Some(HashSet::new())),
            TokenKind::RCurly | TokenKind::RParen | TokenKind::RBracket => drop(self.open.pop()),
            TokenKind::Name => self.name = text,
            TokenKind::Colon => {
                if let Some(Some(names)) = self.open.last_mut()
                    && !names.insert(self.name)
                {
                    return Err(BracketFault::Repeated);
                }
            }
            _ => {}
        }
        if self.open.len() > MAX_NESTING {
            Err(BracketFault::TooDeep)
        } else {
            Ok(())
        }
    }

    fn in_arguments(&self) -> bool {
        self.open.last().is_some_and(Option::is_some)
    }
}
