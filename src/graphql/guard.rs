//! What a document may expand to before validation looks at it: 748 bytes of fragments can otherwise burn seconds of CPU.

use std::collections::HashMap;

use async_graphql::Name;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

use crate::answer::{ErrorCode, RequestError};
use crate::config::Limits;

/// Lists of an introspection in one another (fields of types of fields ...), as in the reference implementation's
/// `MaxIntrospectionDepthRule`.
const MAX_INTROSPECTION_LISTS: usize = 3;

/// Fields of an introspection's answer, as far as the document tells; what the usual tools ask for is about 300,000.
const MAX_INTROSPECTION_COST: u64 = 500_000;

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
    let limited = [
        (
            "the document nests its fields too deeply",
            "max_depth",
            size.depth,
            limits.max_depth,
        ),
        (
            "the document has too many aliases",
            "max_aliases",
            size.aliases,
            limits.max_aliases,
        ),
        (
            "the document selects too many fields, its fragments expanded",
            "max_fields",
            size.fields,
            limits.max_fields,
        ),
    ];
    let mut errors: Vec<RequestError> = limited
        .into_iter()
        .filter(|(_, _, size, limit)| size > limit)
        .map(|(what, key, _, limit)| too_much(what, key, limit))
        .collect();
    if size.introspection_lists >= MAX_INTROSPECTION_LISTS
        || size.introspection > MAX_INTROSPECTION_COST
    {
        let message = format!(
            "the introspection is too large: the limit is {} lists in one another and about {MAX_INTROSPECTION_COST} fields",
            MAX_INTROSPECTION_LISTS - 1
        );
        errors.push(RequestError::new(ErrorCode::CostLimit, message));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors)
    }
}

pub(super) fn too_much(what: &str, key: &str, limit: usize) -> RequestError {
    RequestError::new(
        ErrorCode::CostLimit,
        format!("{what}: the limit `{key}` is {limit}"),
    )
}

/// How many entries a list of the introspection has, or more.
fn list_weight(field: &str) -> u64 {
    match field {
        "types" => 150,
        "fields" | "inputFields" => 12,
        "possibleTypes" => 15,
        "args" | "enumValues" | "directives" => 4,
        _ => 1,
    }
}

/// What a selection set comes to.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    fields: usize,
    aliases: usize,
    depth: usize,
    introspection_lists: usize,
    /// Fields of the answer if this is part of an introspection.
    weighted: u64,
    /// Fields of the answers of the introspections in it.
    introspection: u64,
}

impl Size {
    const ONE: Self = Self {
        fields: 1,
        aliases: 0,
        depth: 0,
        introspection_lists: 0,
        weighted: 1,
        introspection: 0,
    };

    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            depth: self.depth.max(other.depth),
            introspection_lists: self.introspection_lists.max(other.introspection_lists),
            weighted: self.weighted.saturating_add(other.weighted),
            introspection: self.introspection.saturating_add(other.introspection),
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
                    let name = field.node.name.node.as_str();
                    inner.weighted = inner
                        .weighted
                        .saturating_add(1)
                        .saturating_mul(list_weight(name));
                    match name {
                        // Introspection describes types in types; its own limits hold it.
                        "__schema" | "__type" => {
                            inner.depth = 1;
                            inner.introspection = inner.weighted;
                            inner.weighted = 0;
                        }
                        "fields" | "interfaces" | "possibleTypes" | "inputFields" => {
                            inner.introspection_lists += 1;
                        }
                        _ => {}
                    }
                    if !name.starts_with("__") {
                        inner.depth += 1;
                    }
                    inner
                }
                // A spread is work of its own, even if nothing comes of it.
                Selection::InlineFragment(inline) => {
                    self.set(&inline.node.selection_set.node)?.beside(Size::ONE)
                }
                Selection::FragmentSpread(spread) => self
                    .fragment(&spread.node.fragment_name.node)?
                    .beside(Size::ONE),
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
    use crate::graphql::check_text;

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
                .contains("fragments expanded: the limit `max_fields` is 2000"),
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
                .ends_with("`max_depth` is 12")
        );
        let aliases: String = (0..51).map(|n| format!("a{n}: me {{ id }} ")).collect();
        assert!(
            check(&format!("{{ {aliases} }}")).unwrap_err()[0]
                .message
                .ends_with("`max_aliases` is 50")
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
                .ends_with("`max_document_tokens` is 5000")
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

    #[test]
    fn what_follows_a_token_that_only_the_parser_takes_is_not_let_through() {
        let text = format!(
            "{{ a(b: [00 {}{}]) }}",
            "[".repeat(3_000),
            "]".repeat(3_000)
        );
        let errors = check(&text).unwrap_err();
        assert_eq!(errors[0].extensions.code, ErrorCode::GraphqlParseFailed);
        assert_eq!(errors[0].locations[0].line, 1);
    }

    #[test]
    fn an_input_field_may_be_given_once() {
        for text in [
            "{ a(b: { c: 1, c: 2 }) }",
            "{ a(b: [{ c: { d: 1 d: 2 } }]) }",
            "query($v: A = { b: 1 b: 1 }) { a }",
        ] {
            assert!(
                check(text).unwrap_err()[0]
                    .message
                    .contains("is given twice"),
                "{text}"
            );
        }
        for text in [
            "{ a: b { c: d } a: b { c: d } }",
            "{ a(b: [{ c: 1 }, { c: 2 }], d: { c: 1 }) }",
            "{ a(b: C) { b: c } }",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn an_introspection_costs_what_its_lists_hold() {
        let bomb = format!(
            "{{ __schema {{ types {{ inputFields {{ type {{ inputFields {{ {} }} }} }} }} }} }}",
            "name ".repeat(1_500)
        );
        assert!(
            check(&bomb).unwrap_err()[0]
                .message
                .contains("introspection is too large")
        );
    }

    #[test]
    fn fragments_that_lead_nowhere_cost_what_they_spread() {
        let nowhere = fan_out(27, 2).replace("me { id }", "...nope");
        assert!(
            check(&nowhere).unwrap_err()[0]
                .message
                .contains("`max_fields`")
        );
    }
}
