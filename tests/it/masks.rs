//! `sudare mask`, as a steward uses it.

use std::path::Path;

use serde_json::Value as Json;
use sudare::config::Limits;
use sudare_policies::maskers::declarations;

use crate::harness::{TestGateway, policies};
use crate::process::{run, sudare};

/// What the command prints; it must work without any configuration.
fn mask(arguments: &[&str]) -> Result<String, String> {
    let (output, out, err) = run(sudare(
        Path::new("/nonexistent"),
        &[&["mask"], arguments].concat(),
    ));
    if output.status.success() {
        Ok(out)
    } else {
        Err(err)
    }
}

#[test]
fn the_list_has_every_masker_with_its_promises() {
    let table = mask(&["list"]).unwrap();
    let json: Json = serde_json::from_str(&mask(&["list", "--format", "json"]).unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), declarations().len());
    for declaration in declarations() {
        assert!(table.contains(declaration.name), "{}", declaration.name);
    }
    let one = mask(&["list", "keep_first_last"]).unwrap();
    for word in ["first", "last", "char", "shows at most", "deterministic"] {
        assert!(one.contains(word), "{word} in {one}");
    }
}

#[test]
fn a_try_shows_the_mask_and_how_many_values_look_like_it() {
    let tries: [&[&str]; 6] = [
        &["phone", "--value", "+86 138 1234 5678"],
        &[
            "keep_first_last",
            "--value",
            "11010519491231002X",
            "--set",
            "first=6",
            "--set",
            "last=4",
        ],
        &["bucket", "--value", "47300.00", "--set", "step=10000"],
        &["bucket", "--value", "-5", "--set", "step=10"],
        &["date_trunc", "--value", "1990-06-22", "--set", "unit=month"],
        &["null", "--value", "x"],
    ];
    let told: Vec<String> = tries
        .iter()
        .map(|arguments| mask(&[&["try"], *arguments].concat()).unwrap())
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn the_key_of_a_try_is_thrown_away() {
    let token = || mask(&["try", "hmac_token", "--value", "alice@b.com"]).unwrap();
    let first = token();
    assert!(first.contains("for whoever lacks the key"), "{first}");
    assert_ne!(first, token());
}

#[test]
fn mistakes_are_named_with_their_cure() {
    let mistakes: [&[&str]; 5] = [
        &["try", "phnoe", "--value", "1"],
        &["try", "bucket", "--value", "x", "--set", "step=10"],
        &["try", "keep_first_last", "--value", "x", "--set", "frist=6"],
        &["try", "bucket", "--value", "7", "--set", "step"],
        &["list", "phnoe"],
    ];
    let told: Vec<String> = mistakes
        .iter()
        .map(|arguments| mask(arguments).unwrap_err())
        .collect();
    insta::assert_snapshot!(told.join(""));
}

/// The demo's policies, but that nobody is told who has no phone and no e-mail.
fn without_gaps(folder: &Path) {
    for file in ["model.conf", "policy.csv", "masking.toml"] {
        let text = std::fs::read_to_string(policies().join(file)).unwrap();
        let hidden = |kind: &str| {
            let mask = format!("masker = \"fake_from_key\", kind = \"{kind}\"");
            (mask.clone(), format!("{mask}, null = \"mask\""))
        };
        let text = [hidden("phone"), hidden("email")]
            .iter()
            .fold(text, |text, (from, to)| text.replace(from, to));
        std::fs::write(folder.join(file), text).unwrap();
    }
}

#[tokio::test]
async fn a_mask_can_hide_that_there_is_no_value() {
    let folder = tempfile::tempdir().unwrap();
    without_gaps(folder.path());
    let gaps = TestGateway::start(&policies(), Limits::default());
    let closed = TestGateway::start(folder.path(), Limits::default());
    let query = "{ customers(first: 60) { nodes { fullName phone email } } }";
    let of = |answer: &crate::harness::Answer| {
        answer.data()["customers"]["nodes"]
            .as_array()
            .unwrap()
            .clone()
    };
    let (gaps, closed) = (
        of(&gaps.query("analyst", query).await),
        of(&closed.query("analyst", query).await),
    );
    let is_gap = |row: &&Json| row["phone"].is_null() || row["email"].is_null();
    assert!(
        gaps.iter().filter(is_gap).count() > 1,
        "the demo has customers without phone or e-mail"
    );
    assert_eq!(closed.iter().filter(is_gap).count(), 0);
    // whoever has both looks as before
    for (before, after) in gaps
        .iter()
        .zip(&closed)
        .filter(|(before, _)| !is_gap(before))
    {
        assert_eq!(before, after);
    }
}
