//! Documents, and what hides in them.

use super::super::harness::{error_of_kind, mask_value, try_build};
use super::*;

fn shown(params: &str, document: &str) -> String {
    let (masked, out) = mask_value("json", params, ValueRef::Json(document));
    assert_eq!(masked == Masked::Text, !out.is_empty());
    out
}

const CONTACT: &str = r#"
    paths = { "contact.phone" = { masker = "phone" }, "tags[*]" = { masker = "label", name = "TAG" } }
    keep = ["kind"]
"#;

#[test]
fn named_members_are_shown_by_their_maskers_and_no_others() {
    let document = r#"{"zhang.san@example.com": 1, "kind": "lead", "note": "call Anna",
        "contact": {"phone": "13812341234", "email": "a@b.c"}, "tags": ["vip", "sick"]}"#;
    assert_eq!(
        shown(CONTACT, document),
        r#"{"contact":{"phone":"138****1234"},"kind":"lead","tags":["[REDACTED:TAG]"]}"#
    );
}

#[test]
fn neither_presence_nor_length_nor_order_is_told() {
    let nothing = r#"{"contact":{"phone":null},"kind":null,"tags":[null]}"#;
    for document in [
        "{}",
        "null",
        "[]",
        "7",
        r#""text""#,
        r#"{"tags": [], "contact": []}"#,
        r#"{"tags": {"a": 1}, "contact": "13812341234"}"#,
        r#"{"contact": {"phone": null}, "kind": null, "tags": [null, null]}"#,
        r#"{"contact": {"phone": {"home": "13812341234"}}, "kind": ["secret"]}"#,
    ] {
        assert_eq!(shown(CONTACT, document), nothing, "{document}");
    }
    let one = r#"{"kind": "a", "contact": {"phone": "1"}, "tags": ["x"]}"#;
    let other = r#"{"tags": ["y", "z"], "contact": {"x": 0, "phone": "1"}, "kind": "a"}"#;
    assert_eq!(shown(CONTACT, one), shown(CONTACT, other));
}

#[test]
fn what_is_no_document_is_nothing() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let long = format!("{{\"kind\": \"{}\"}}", "a".repeat(LONGEST));
    for document in [
        "",
        "{",
        "{'kind': 1}",
        "{\"kind\": 1}}",
        "13812341234 ",
        &deep,
        &long,
    ] {
        let (masked, out) = mask_value("json", CONTACT, ValueRef::Json(document));
        if document.trim() == "13812341234" {
            // a number is a document, of which nothing is named
            assert_eq!(masked, Masked::Text);
            assert!(!out.contains("138"));
        } else {
            assert_eq!((masked, out.as_str()), (Masked::Null, ""), "{document:.20}");
        }
    }
}

#[test]
fn numbers_and_booleans_have_their_maskers_too() {
    let params = r#"
        paths = { income = { masker = "bucket", step = 1000 }, rate = { masker = "round", step = 0.5 },
                  phone = { masker = "phone" }, member = { masker = "type_default" } }
    "#;
    let document = r#"{"income": 47300, "rate": 1.7, "phone": 13812341234, "member": true}"#;
    assert_eq!(
        shown(params, document),
        r#"{"income":47000,"member":false,"phone":"138****1234","rate":1.5}"#
    );
    // a text where a number belongs is not guessed at
    let document = r#"{"income": "47300", "rate": [], "phone": false, "member": null}"#;
    assert_eq!(
        shown(params, document),
        r#"{"income":null,"member":null,"phone":null,"rate":null}"#
    );
}

#[test]
fn a_key_is_masked_wherever_a_path_leads() {
    let params = r#"
        keys = { phone = { masker = "phone" }, "e.mail" = { masker = "email" } }
        keep = ["people[*].role", "people[*].phone"]
        lengths = true
    "#;
    let document = r#"{"phone": "13812341234", "people": [
        {"role": "owner", "phone": "1", "e.mail": "alice@b.com"}, {"name": "x", "other": {"phone": "2"}}]}"#;
    assert_eq!(
        shown(params, document),
        r#"{"e.mail":null,"people":[{"e.mail":"a***@b.com","phone":"1","role":"owner"},{"e.mail":null,"phone":null,"role":null}],"phone":"138****1234"}"#
    );
}

#[test]
fn arrays_within_arrays_and_at_the_top_have_paths() {
    let params = r#"paths = { "[*].a[*][*]" = { masker = "label", name = "A" } }"#;
    let document = r#"[{"a": [["x", "y"], ["z"]]}, {"a": []}]"#;
    assert_eq!(shown(params, document), r#"[{"a":[["[REDACTED:A]"]]}]"#);
    let params = format!("{params}\nlengths = true");
    assert_eq!(
        shown(&params, document),
        r#"[{"a":[["[REDACTED:A]","[REDACTED:A]"],["[REDACTED:A]"]]},{"a":[]}]"#
    );
}

#[test]
fn what_is_kept_has_nothing_that_cannot_be_seen() {
    let document = "{\"kind\": \"a\u{202E}b\\u200Bc\\u0000\", \"kind\": \"le\u{2066}ad\"}";
    let out = shown("keep = [\"kind\"]", document);
    assert_eq!(out, r#"{"kind":"lead"}"#);
}

#[test]
fn mistakes_are_named() {
    let error = |params: &str| error_of_kind("json", params, ValueKind::Json);
    assert_eq!(
        error("paths = { \"a.b\" = { masker = \"phone\", first = 3 } }"),
        "`a.b` of masker `json`: masker `phone` has no parameter `first`; it takes none"
    );
    assert_eq!(
        error("paths = { a = { masker = \"bucket\", step = 0 } }"),
        "`a` of masker `json`: parameter `step` of masker `bucket` must be a number above 0"
    );
    assert_eq!(
        error("keys = { a = \"phone\" }"),
        "`a` of masker `json` must be a table such as `{ masker = \"phone\" }`"
    );
    assert_eq!(
        error("lengths = 1"),
        "parameter `lengths` of masker `json` must be `true` or `false`"
    );
    for path in ["", "a..b", "a[0]", "a.[*]", "*", "a\\u200B"] {
        let error = error(&format!("keep = [\"{path}\"]"));
        assert!(
            error.starts_with("parameter `keep` of masker `json` must be made of paths such as"),
            "{error}"
        );
    }
    for paths in [
        "[\"a\", \"a\"]",
        "[\"a\", \"a.b\"]",
        "[\"a.b\", \"a[*]\"]",
        "[\"a.b\", \"a\"]",
    ] {
        let error = error(&format!("keep = {paths}"));
        assert!(
            error.contains("free of paths that are or lead through others"),
            "{error}"
        );
    }
}

#[test]
fn a_part_that_is_not_there_is_not_made_up() {
    let params = "paths = { phone = { masker = \"label\", name = \"PHONE\", null = \"mask\" } }";
    let told = error_of_kind("json", params, ValueKind::Json);
    assert!(told.contains("a mask without `null`"), "{told}");
}

#[test]
fn a_document_asks_for_the_person_that_its_parts_ask_for() {
    let needs = |mask: &str| {
        let params = format!("paths = {{ contact = {{ {mask} }} }}");
        let masker = try_build("internal", "json", &params, ValueKind::Json).unwrap();
        masker.needs_subject()
    };
    assert!(needs("masker = \"fake_from_key\", kind = \"phone\""));
    assert!(!needs("masker = \"phone\""));
}
