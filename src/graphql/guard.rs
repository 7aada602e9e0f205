//! What a document may cost before anything heavy looks at it: bounded tokens and nesting before the parser, bounded
//! expansion of fragments before validation (748 bytes of fragments can otherwise burn seconds of CPU).

use std::collections::HashMap;

use apollo_parser::{Lexer, TokenKind};
use async_graphql::Name;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use crate::answer::{ErrorCode, RequestError};
use crate::config::Limits;

/// Brackets of any kind, one in another: what the recursive parser can surely take on its stack.
const MAX_NESTING: usize = 64;

/// Lists of an introspection in one another (fields of types of fields ...), as in the reference implementation's
/// `MaxIntrospectionDepthRule`.
const MAX_INTROSPECTION_LISTS: usize = 3;

/// Refuses a text that is too long or too deep to be parsed.
pub(crate) fn check_text(text: &str, limits: &Limits) -> Result<(), RequestError> {
    let mut nesting = 0_usize;
    let mut count = 0_usize;
    for token in Lexer::new(text) {
        if count > limits.max_document_tokens {
            return Err(too_much(
                "the document has too many tokens",
                limits.max_document_tokens,
            ));
        }
        // What is not a token is left to the parser, whose error names the place.
        let Ok(token) = token else { break };
        match token.kind() {
            TokenKind::Whitespace => continue,
            TokenKind::LCurly | TokenKind::LParen | TokenKind::LBracket => nesting += 1,
            TokenKind::RCurly | TokenKind::RParen | TokenKind::RBracket => {
                nesting = nesting.saturating_sub(1)
            }
            _ => {}
        }
        count += 1;
        if nesting > MAX_NESTING {
            return Err(too_much(
                "the document nests its brackets too deeply",
                MAX_NESTING,
            ));
        }
    }
    Ok(())
}

/// Refuses a document whose operations would expand to too much. Every fragment is measured once; validation looks at all
/// operations, so that all of them count.
pub(crate) fn check_document(
    document: &ExecutableDocument,
    limits: &Limits,
) -> Result<(), Vec<RequestError>> {
    let mut measure = Measure {
        document,
        fragments: HashMap::new(),
    };
    let mut size = Size::default();
    for (_, operation) in document.operations.iter() {
        size = size.beside(
            measure
                .set(&operation.node.selection_set.node)
                .map_err(|error| vec![error])?,
        );
    }
    let mut errors = Vec::new();
    if size.depth > limits.max_depth {
        errors.push(too_much(
            "the document nests its fields too deeply",
            limits.max_depth,
        ));
    }
    if size.aliases > limits.max_aliases {
        errors.push(too_much(
            "the document has too many aliases",
            limits.max_aliases,
        ));
    }
    if size.fields > limits.max_fields {
        errors.push(too_much(
            "the document selects too many fields, its fragments expanded",
            limits.max_fields,
        ));
    }
    if size.introspection_lists >= MAX_INTROSPECTION_LISTS {
        errors.push(too_much(
            "the introspection nests its lists too deeply",
            MAX_INTROSPECTION_LISTS - 1,
        ));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

fn too_much(what: &str, limit: usize) -> RequestError {
    RequestError::new(
        ErrorCode::CostLimit,
        format!("{what}: the limit is {limit}"),
    )
}

/// What a selection set comes to.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    fields: usize,
    aliases: usize,
    depth: usize,
    introspection_lists: usize,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            depth: self.depth.max(other.depth),
            introspection_lists: self.introspection_lists.max(other.introspection_lists),
        }
    }
}

enum Fragment {
    InProgress,
    Measured(Size),
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    fragments: HashMap<&'a Name, Fragment>,
}

impl<'a> Measure<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<Size, RequestError> {
        let mut size = Size::default();
        for item in &set.items {
            size = size.beside(match &item.node {
                Selection::Field(field) => {
                    let mut inner = self.set(&field.node.selection_set.node)?;
                    inner.fields = inner.fields.saturating_add(1);
                    inner.aliases = inner
                        .aliases
                        .saturating_add(usize::from(field.node.alias.is_some()));
                    match field.node.name.node.as_str() {
                        // Introspection describes types in types; its own limit holds it.
                        "__schema" | "__type" => inner.depth = 1,
                        "fields" | "interfaces" | "possibleTypes" | "inputFields" => {
                            inner.introspection_lists += 1
                        }
                        _ => {}
                    }
                    if !field.node.name.node.starts_with("__") {
                        inner.depth += 1;
                    }
                    inner
                }
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node)?
                }
            });
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Size, RequestError> {
        match self.fragments.get(name) {
            Some(Fragment::Measured(size)) => return Ok(*size),
            Some(Fragment::InProgress) => {
                let message = format!("fragment `{name}` spreads itself: take the spread out");
                return Err(RequestError::new(
                    ErrorCode::GraphqlValidationFailed,
                    message,
                ));
            }
            None => {}
        }
        // A fragment that is not there is left to validation, whose error names the place.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Size::default());
        };
        self.fragments.insert(name, Fragment::InProgress);
        let size = self.set(&fragment.node.selection_set.node)?;
        self.fragments.insert(name, Fragment::Measured(size));
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn check(text: &str) -> Result<(), Vec<RequestError>> {
        let limits = Limits::default();
        check_text(text, &limits).map_err(|error| vec![error])?;
        let document = parse_query(text).unwrap();
        check_document(&document, &limits)
    }

    /// Fragments that each spread the next one `b` times.
    fn fan_out(levels: usize, b: usize) -> String {
        let mut text = "{ ...f0 }".to_owned();
        for level in 0..levels {
            let next = format!("...f{} ", level + 1).repeat(b);
            text += &format!(" fragment f{level} on Query {{ {next} }}");
        }
        format!("{text} fragment f{levels} on Query {{ me {{ id }} }}")
    }

    #[test]
    fn fragments_that_double_are_measured_not_expanded() {
        let errors = check(&fan_out(30, 2)).unwrap_err();
        assert!(
            errors[0]
                .message
                .contains("fragments expanded: the limit is 2000"),
            "{errors:?}"
        );
    }

    #[test]
    fn fragments_that_spread_each_other_are_refused() {
        let errors = check("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }")
            .unwrap_err();
        assert_eq!(
            errors[0].extensions.code,
            ErrorCode::GraphqlValidationFailed
        );
    }

    #[test]
    fn depth_and_aliases_are_limited_and_the_limit_is_named() {
        let deep = format!("{}{}{}", "{ a ".repeat(13), "{ b }", " }".repeat(13));
        assert!(
            check(&deep).unwrap_err()[0]
                .message
                .ends_with("the limit is 12")
        );
        let aliases: String = (0..51).map(|n| format!("a{n}: me {{ id }} ")).collect();
        assert!(
            check(&format!("{{ {aliases} }}")).unwrap_err()[0]
                .message
                .ends_with("the limit is 50")
        );
    }

    #[test]
    fn brackets_and_tokens_are_limited_before_the_parser() {
        let brackets = format!("{{ a(x: {}", "[".repeat(100_000));
        assert!(
            check(&brackets).unwrap_err()[0]
                .message
                .ends_with("the limit is 64")
        );
        assert!(
            check(&"a ".repeat(6_000)).unwrap_err()[0]
                .message
                .ends_with("the limit is 5000")
        );
    }

    #[test]
    fn introspection_may_be_deep_but_not_cyclic() {
        let types = "{ __schema { types { fields { type { ofType { ofType { ofType { ofType { name } } } } } } } } }";
        assert_eq!(check(types), Ok(()));
        let cyclic =
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
        assert!(check(cyclic).is_err());
    }
}
