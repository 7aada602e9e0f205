//! Hostile documents and bodies: refused at once, with the limit and its value.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::process::{Server, configured, post, run};

/// Fragments that each spread the next one twice: 2^30 fields.
fn fan_out() -> String {
    let mut text = "{ ...f0 }".to_owned();
    for level in 0..30 {
        text += &format!(
            " fragment f{level} on Query {{ ...f{0} ...f{0} }}",
            level + 1
        );
    }
    text + " fragment f30 on Query { me { id } }"
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn hostile() -> Vec<(&'static str, String, &'static str)> {
    let relation = "orders(first: 100) { nodes { customer { ".repeat(2);
    vec![
        ("fragment fan-out", fan_out(), "COST_LIMIT"),
        (
            "fragment cycle",
            "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".into(),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "brackets",
            format!("{{ customers(first: {}", "[".repeat(100_000)),
            "COST_LIMIT",
        ),
        ("braces", "{ a ".repeat(50_000), "COST_LIMIT"),
        (
            "aliases",
            format!(
                "{{ {} }}",
                (0..1000)
                    .map(|n| format!("a{n}: me {{ id }} "))
                    .collect::<String>()
            ),
            "COST_LIMIT",
        ),
        (
            "one field a thousand times",
            format!("{{ customers {{ nodes {{ {} }} }} }}", "id ".repeat(1_900)),
            "",
        ),
        (
            "directives",
            format!("{{ me {{ id {} }} }}", "@skip(if: false) ".repeat(600)),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "variables",
            format!(
                "query({}) {{ me {{ id }} }}",
                (0..1200)
                    .map(|n| format!("$v{n}: Int "))
                    .collect::<String>()
            ),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "a string without end",
            format!("{{ a(b: \"{}", "x".repeat(200_000)),
            "GRAPHQL_PARSE_FAILED",
        ),
        (
            "comments",
            format!("{{ me {{ id }} }} {}", "#\n".repeat(20_000)),
            "COST_LIMIT",
        ),
        (
            "page sizes multiplied",
            format!(
                "{{ customers(first: 1000) {{ nodes {{ {relation} id {} }} }} }}",
                " } } }".repeat(2)
            ),
            "COST_LIMIT",
        ),
        (
            "introspection in circles",
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
                .into(),
            "COST_LIMIT",
        ),
        (
            "an introspection bomb",
            format!(
                "{{ __schema {{ types {{ inputFields {{ type {{ inputFields {{ {} }} }} }} }} }} }}",
                "name ".repeat(1_800)
            ),
            "COST_LIMIT",
        ),
        ("a whole introspection", whole_introspection(), ""),
        (
            "what only the parser takes",
            format!(
                "{{ __type(name: [00 {}{}]) {{ name }} }}",
                "[".repeat(3_000),
                "]".repeat(3_000)
            ),
            "GRAPHQL_PARSE_FAILED",
        ),
        (
            "fan-out to nowhere",
            fan_out().replace("me { id }", "...nope"),
            "COST_LIMIT",
        ),
        (
            "to-many relations in one another",
            format!(
                "{{ departments(filter: {{ {} name: {{ ne: \"q\" }} {} }}) {{ totalCount }} }}",
                "customers: { every: { department: { ".repeat(4),
                "} } } ".repeat(4)
            ),
            "COST_LIMIT",
        ),
        (
            "two hundred keys",
            format!(
                "{{ customers(orderBy: [{}]) {{ nodes {{ id }} }} }}",
                "{ createdAt: ASC } ".repeat(200)
            ),
            "COST_LIMIT",
        ),
        (
            "four hundred comparisons",
            format!(
                "{{ customers(filter: {{ or: [{}] }}) {{ nodes {{ id }} }} }}",
                "{ city: { eq: \"x\" } } ".repeat(400)
            ),
            "COST_LIMIT",
        ),
        (
            "numbers",
            format!(
                "{{ customers(first: {}) {{ nodes {{ id }} }} }}",
                "9".repeat(10_000)
            ),
            "",
        ),
        (
            "operations",
            (0..600)
                .map(|n| format!("query q{n} {{ ...f }} "))
                .collect::<String>()
                + format!("fragment f on Query {{ {} }}", "me { id } ".repeat(500)).as_str(),
            "COST_LIMIT",
        ),
        (
            "a long name on each object",
            format!(
                "{{ customers(first: 1000) {{ nodes {{ {}: id }} }} }}",
                "a".repeat(200_000)
            ),
            "COST_LIMIT",
        ),
        (
            "a long name in each error",
            format!(
                "query {}({}) {{ __typename }}",
                "q".repeat(200_000),
                (0..900).map(|n| format!("$v{n}: ID ")).collect::<String>()
            ),
            "COST_LIMIT",
        ),
        (
            "what is masked of many rows, many times",
            format!(
                "{{ customers(first: 1000) {{ nodes {{ disclosure {{ {} }} }} }} }}",
                (0..48).map(|n| format!("a{n}: field ")).collect::<String>()
            ),
            "",
        ),
    ]
}

/// What the usual tools ask for, and more.
fn whole_introspection() -> String {
    let of = format!("{}{{ name }}{}", "{ name ofType ".repeat(7), " }".repeat(7));
    format!(
        "{{ __schema {{ queryType {{ name }} directives {{ name args {{ name type {of} }} }} types {{ kind name description \
        fields(includeDeprecated: true) {{ name description args {{ name description defaultValue type {of} }} type {of} \
        isDeprecated deprecationReason }} inputFields {{ name description type {of} defaultValue }} interfaces {of} \
        enumValues {{ name description }} possibleTypes {of} }} }} }}"
    )
}

/// CPU that a refusal may cost.
const BOUND: Duration = Duration::from_millis(250);

#[test]
fn hostile_documents_and_bodies_are_refused_before_they_cost_anything() {
    let folder = tempfile::tempdir().unwrap();
    run(configured(folder.path(), &["seed", "--customers", "5"]));
    let server = Server::start(configured(
        folder.path(),
        &["serve", "--listen", "127.0.0.1:0"],
    ));
    let token = crate::harness::signed(
        json!({ "sub": "1", "roles": ["admin"] }),
        crate::process::SECRET,
    );
    let headers =
        format!("authorization: Bearer {token}\r\naccept: application/graphql-response+json\r\n");
    for (name, query, code) in hostile() {
        let body = json!({ "query": query }).to_string();
        let before = server.cpu();
        let (status, text) = post(server.address, &headers, &body);
        let spent = server.cpu() - before;
        assert!(
            spent <= BOUND,
            "{name}: {spent:?} of CPU for {} bytes",
            body.len()
        );
        let answer: Json =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}: {text}"));
        if code.is_empty() {
            assert!(status == 200 || status == 400, "{name}: {status} {text}");
            continue;
        }
        assert_eq!(status, 400, "{name}: {text}");
        let codes: Vec<&str> = answer["errors"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|error| error["extensions"]["code"].as_str())
            .collect();
        assert!(codes.contains(&code), "{name}: {text}");
        if code == "COST_LIMIT" {
            assert!(text.contains("limit"), "{name}: {text}");
        }
    }
    hostile_bodies(&server, &headers);
    let (status, text) = post(server.address, &headers, "{\"query\":\"{me{id}}\"}");
    assert_eq!(status, 200, "it should still answer: {text}");
}

fn hostile_bodies(server: &Server, headers: &str) {
    for (name, body, status) in [
        ("10 MB", "x".repeat(10_000_000), 413),
        ("nested JSON", "[".repeat(100_000), 400),
        (
            "nested variables",
            format!(
                "{{\"query\":\"{{me{{id}}}}\",\"variables\":{{\"a\":{}",
                "[".repeat(100_000)
            ),
            400,
        ),
        (
            "a batch",
            format!("[{}]", vec!["{\"query\":\"{me{id}}\"}"; 1000].join(",")),
            400,
        ),
    ] {
        let before = server.cpu();
        let (found, text) = post(server.address, headers, &body);
        assert_eq!(found, status, "{name}: {text}");
        assert!(server.cpu() - before <= BOUND, "{name}");
    }
}
