//! `policy test`: the policies of the reference application do what their cases say.

use std::fs;

use serde_json::Value as Json;

use crate::harness::policies;
use crate::process::{run, sudare};

#[test]
fn every_case_is_met_and_nearly_every_rule_is_tested() {
    let data = tempfile::tempdir().unwrap();
    let arguments = ["policy", "test", "--missing", "--format", "json"];
    let (output, text, errors) = run(sudare(data.path(), &arguments));
    assert!(output.status.success(), "{text}{errors}");
    let outcome: Json = serde_json::from_str(&text).unwrap();
    let count = |name: &str| outcome["coverage"][name].as_u64().unwrap();
    let (rules, fields) = (count("rules"), count("fields"));
    assert!(count("rules_tested") * 100 >= rules * 95, "{text}");
    assert!(count("fields_tested") * 100 >= fields * 90, "{text}");
}

#[test]
fn a_changed_rule_is_found_by_its_cases() {
    let folder = tempfile::tempdir().unwrap();
    let tests = folder.path().join("tests");
    fs::create_dir(&tests).unwrap();
    for name in [
        "model.conf",
        "policy.csv",
        "masking.toml",
        "tests/support.yaml",
    ] {
        fs::copy(policies().join(name), folder.path().join(name)).unwrap();
    }
    let path = folder.path().join("policy.csv");
    let rules = fs::read_to_string(&path).unwrap();
    let rule = "p, support, pii.contact, partial, true, allow";
    assert!(rules.contains(rule));
    fs::write(&path, rules.replace(rule, &rule.replace("partial", "full"))).unwrap();

    let given = folder.path().to_str().unwrap();
    let test = |more: &[&str]| {
        let arguments = [&["policy", "test", "--policies", given], more].concat();
        run(sudare(folder.path(), &arguments))
    };
    let (output, text, _) = test(&[]);
    assert_eq!(output.status.code(), Some(1));
    let told = "Customer.phone: expected PARTIAL, got FULL; line ";
    assert!(
        text.contains(&format!("{given}/tests/support.yaml:")),
        "{text}"
    );
    assert!(text.contains(told), "{text}");
    assert!(text.contains("rules decided an expectation"), "{text}");

    let (output, text, _) = test(&["--filter", "consents of the department"]);
    assert!(output.status.success(), "{text}");
    assert_eq!(text, "1 case, 4 checks: all as expected\n");
    let (output, _, errors) = test(&["--filter", "nothing like it"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("`nothing like it`"), "{errors}");

    fs::remove_file(tests.join("support.yaml")).unwrap();
    let (output, _, errors) = test(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("write the first case"), "{errors}");
}
