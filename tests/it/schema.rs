//! `schema.graphql` is the schema that the server has, and a role's is what the role can use.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::harness::{ROLES, claims, demo};
use crate::process::{run, sudare};

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let (output, text, errors) = run(sudare(folder.path(), &["schema"]));
    assert!(output.status.success(), "{errors}");
    let committed = include_str!("../../schema.graphql");
    assert!(
        text == committed,
        "schema.graphql has drifted: write it anew with `sudare schema > schema.graphql`"
    );
}

/// The names of the types in an SDL, but for scalars, which are the same for everybody.
fn defined(sdl: &str) -> BTreeSet<String> {
    let kinds = ["type", "input", "enum", "interface"];
    let words = sdl.lines().map(|line| line.split(' '));
    let names = words.filter_map(|mut words| {
        kinds.contains(&words.next()?).then_some(())?;
        words.next().map(str::to_owned)
    });
    names.collect()
}

#[tokio::test]
async fn the_schema_of_a_role_is_the_one_that_introspection_shows() {
    let folder = tempfile::tempdir().unwrap();
    for role in ROLES {
        let claims = claims(role);
        let subject = claims["sub"].as_str().unwrap();
        let arguments = [
            "schema",
            "--role",
            role,
            "--subject",
            subject,
            "--claim",
            "department_id=1",
        ];
        let (output, sdl, errors) = run(sudare(folder.path(), &arguments));
        assert!(output.status.success(), "{errors}");
        assert_eq!(errors, "", "no claim is missing");
        let answer = demo()
            .query(role, "{ __schema { types { kind name } } }")
            .await;
        let types = answer.data()["__schema"]["types"].as_array().unwrap();
        let types = types.iter().filter(|ty| ty["kind"] != "SCALAR");
        let names = types.map(|ty| ty["name"].as_str().unwrap());
        let names = names.filter(|name| !name.starts_with("__"));
        let names: BTreeSet<String> = names.map(str::to_owned).collect();
        let defined = defined(&sdl);
        let differing: Vec<_> = defined.symmetric_difference(&names).collect();
        assert!(differing.is_empty(), "{role}: {differing:?}");
    }
}

#[test]
fn a_claim_that_is_missing_and_a_role_that_is_not_there_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (output, sdl, errors) = run(sudare(folder.path(), &["schema", "--role", "support"]));
    assert!(output.status.success(), "{errors}");
    assert!(
        errors.contains("give `--claim department_id=VALUE`"),
        "{errors}"
    );
    assert!(errors.contains("give `--subject ID`"), "{errors}");
    assert!(!sdl.contains("type Customer "), "{sdl}");
    let (output, _, errors) = run(sudare(folder.path(), &["schema", "--role", "suport"]));
    assert!(!output.status.success());
    assert!(errors.contains("did you mean `support`?"), "{errors}");
}

/// Every place in a document where a name of an entity, or one made of it, may stand.
fn places(name: &str, single: &str, plural: &str) -> Vec<Json> {
    let documents = [
        format!("{{ {single}(id: 1) {{ id }} }}"),
        format!("{{ {plural} {{ totalCount }} }}"),
        format!("{{ {plural}Aggregate {{ count }} }}"),
        format!("{{ customers {{ nodes {{ {plural} {{ totalCount }} }} }} }}"),
        format!("{{ customers {{ nodes {{ {plural}Aggregate {{ count }} }} }} }}"),
        format!("{{ customers(filter: {{ {plural}: {{ some: {{}} }} }}) {{ totalCount }} }}"),
        format!(
            "{{ customers(filter: {{ not: {{ {plural}: {{ every: {{}} }} }} }}) {{ totalCount }} }}"
        ),
        format!("{{ node(nodeId: \"x\") {{ ... on {name} {{ id }} }} }}"),
        format!("{{ customers {{ nodes {{ ... on {name} {{ id }} }} }} }}"),
        format!("fragment F on {name} {{ id }} {{ node(nodeId: \"x\") {{ ...F }} }}"),
        format!("query($f: {name}Filter) {{ customers {{ totalCount }} }}"),
        format!("query($f: [{name}OrderBy!]) {{ customers {{ totalCount }} }}"),
        format!("{{ __type(name: \"{name}\") {{ name }} }}"),
        format!("{{ __type(name: \"{name}Filter\") {{ name }} }}"),
        format!("{{ me {{ capabilities(entity: \"{name}\") {{ field }} }} }}"),
        format!("mutation {{ create{name}(input: {{}}) {{ id }} }}"),
        format!("mutation {{ update{name}(id: 1, input: {{}}) {{ id }} }}"),
        format!("mutation {{ delete{name}(id: 1) {{ id }} }}"),
    ];
    let mut asks: Vec<Json> = documents
        .into_iter()
        .map(|query| json!({ "query": query }))
        .collect();
    let filter = "query($f: CustomerFilter) { customers(filter: $f) { totalCount } }";
    asks.push(json!({ "query": filter, "variables": { "f": { plural: { "some": {} } } } }));
    asks
}

#[tokio::test]
async fn an_entity_that_is_not_there_is_a_misspelt_name_in_every_place() {
    // Neither is there for the partner, and none of these is the beginning of another name.
    let hidden = places("Visit", "visit", "visits");
    let misspelt = places("Vizit", "vizit", "vizits");
    for (hidden, misspelt) in hidden.into_iter().zip(misspelt) {
        let hidden_answer = demo()
            .request(Some(claims("partner")), hidden.clone())
            .await;
        let misspelt_answer = demo().request(Some(claims("partner")), misspelt).await;
        let text = hidden_answer
            .text
            .replace("Visit", "Vizit")
            .replace("visit", "vizit");
        assert_eq!(
            (hidden_answer.status, text),
            (misspelt_answer.status, misspelt_answer.text),
            "{hidden}"
        );
    }
}
