//! Hostile documents and bodies: refused at once, with the limit and its value.

use std::time::Duration;

use serde_json::json;

use crate::harness::demo;

/// Fragments that each spread the next one twice: 2^30 fields.
fn fan_out() -> String {
    let mut text = "{ ...f0 }".to_owned();
    for level in 0..30 {
        text += &format!(" fragment f{level} on Query {{ ...f{0} ...f{0} }}", level + 1);
    }
    text + " fragment f30 on Query { me { id } }"
}

fn hostile() -> Vec<(&'static str, String, &'static str)> {
    let relation = "orders(first: 100) { nodes { customer { ".repeat(4);
    vec![
        ("fragment fan-out", fan_out(), "COST_LIMIT"),
        ("fragment cycle", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".into(), "GRAPHQL_VALIDATION_FAILED"),
        ("brackets", format!("{{ customers(first: {}", "[".repeat(100_000)), "COST_LIMIT"),
        ("braces", "{ a ".repeat(50_000), "COST_LIMIT"),
        ("aliases", format!("{{ {} }}", (0..1000).map(|n| format!("a{n}: me {{ id }} ")).collect::<String>()), "COST_LIMIT"),
        ("one field a thousand times", format!("{{ customers {{ nodes {{ {} }} }} }}", "id ".repeat(1_900)), ""),
        ("directives", format!("{{ me {{ id {} }} }}", "@skip(if: false) ".repeat(900)), "GRAPHQL_VALIDATION_FAILED"),
        ("variables", format!("query({}) {{ me {{ id }} }}", (0..1500).map(|n| format!("$v{n}: Int ")).collect::<String>()), "GRAPHQL_VALIDATION_FAILED"),
        ("a string without end", format!("{{ a(b: \"{}", "x".repeat(200_000)), "GRAPHQL_PARSE_FAILED"),
        ("comments", format!("{{ me {{ id }} }} {}", "#\n".repeat(100_000)), "COST_LIMIT"),
        ("page sizes multiplied", format!("{{ customers(first: 1000) {{ nodes {{ {relation} id {} }} }}", " } } }".repeat(4)), "COST_LIMIT"),
        ("introspection in circles", "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }".into(), "COST_LIMIT"),
        ("numbers", format!("{{ customers(first: {}) {{ nodes {{ id }} }} }}", "9".repeat(10_000)), ""),
        ("operations", (0..600).map(|n| format!("query q{n} {{ ...f }} ")).collect::<String>() + &format!("fragment f on Query {{ {} }}", "me { id } ".repeat(500)), "COST_LIMIT"),
    ]
}

