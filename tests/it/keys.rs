//! A master key is replaced while partners go on: over the real binary, from one key to two and to the new one.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::harness::signed;
use crate::process::{MASKING_KEY, SECRET, Server, configured, post, run};

const NEW_KEY: &str = "the-new-masking-key-canary-9876543210";

const PARTNER: &str = "{ customers(first: 3) { nodes { id nodeId } pageInfo { endCursor } } }";
const ANALYST: &str = "{ customers(first: 3) { nodes { nationalId } } }";

/// A copy of the demo's policies in which the partner's tokens are made with the key of this id.
fn pinned(folder: &Path, id: &str) {
    fs::create_dir_all(folder).unwrap();
    for file in ["model.conf", "policy.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("policies")
            .join(file);
        fs::copy(from, folder.join(file)).unwrap();
    }
    let masking = include_str!("../../policies/masking.toml");
    fs::write(
        folder.join("masking.toml"),
        format!("{masking}\n[keys]\npartner = \"{id}\"\n"),
    )
    .unwrap();
}

/// A server over the data; the variables are those of the keys.
fn serve(data: &Path, variables: &[(&str, &str)]) -> Server {
    let mut command = configured(
        data,
        &["serve", "--listen", "127.0.0.1:0", "--log-level", "trace"],
    );
    command.envs(variables.iter().copied());
    Server::start(command)
}

fn ask(server: &Server, role: &str, query: &str) -> Json {
    let claims = json!({ "sub": "1", "roles": [role], "exp": 4_000_000_000_u64 });
    let headers = format!("authorization: Bearer {}\r\n", signed(claims, SECRET));
    let (_, body) = post(
        server.address,
        &headers,
        &json!({ "query": query }).to_string(),
    );
    serde_json::from_str(&body).unwrap()
}

/// Stops the server; its whole log.
fn stop(server: Server) -> String {
    server.terminate();
    server.ended().1
}

/// What a server says that is pinned to a key which it does not have.
fn refused(mut command: Command, variables: &[(&str, &str)]) -> String {
    command.envs(variables.iter().copied());
    let (output, _, err) = run(command);
    assert!(!output.status.success());
    assert!(
        err.contains("there is no masking key `1`, but `2`"),
        "{err}"
    );
    err
}

#[test]
fn a_partner_keeps_its_tokens_and_everybody_their_cursors_while_the_key_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let policies = folder.path().join("policies");
    pinned(&policies, "1");
    let (seeded, _, err) = run(configured(&data, &["seed", "--customers", "60"]));
    assert!(seeded.status.success(), "{err}");

    let old = serve(&data, &[]);
    let (partner, analyst) = (ask(&old, "partner", PARTNER), ask(&old, "analyst", ANALYST));
    let mut log = stop(old);
    let node = partner["data"]["customers"]["nodes"][0]["nodeId"]
        .as_str()
        .unwrap();
    let cursor = partner["data"]["customers"]["pageInfo"]["endCursor"]
        .as_str()
        .unwrap();
    let by_node = format!("{{ node(nodeId: \"{node}\") {{ ... on Customer {{ id }} }} }}");
    let onward = format!("{{ customers(first: 3, after: \"{cursor}\") {{ nodes {{ id }} }} }}");

    let policies = policies.to_str().unwrap();
    let new = [
        ("SUDARE_MASKING_KEY", NEW_KEY),
        ("SUDARE_MASKING_KEY_ID", "2"),
    ];
    let before = [
        ("SUDARE_MASKING_PREVIOUS_KEY", MASKING_KEY),
        ("SUDARE_MASKING_PREVIOUS_KEY_ID", "1"),
    ];
    let pin = [("SUDARE_POLICIES", policies)];
    let both = serve(&data, &[&new[..], &before, &pin].concat());
    let ids = |answer: &Json| answer["data"]["customers"]["nodes"][0]["id"].clone();
    let now = ask(&both, "partner", PARTNER);
    assert_eq!(ids(&now), ids(&partner), "the partner's tokens stay");
    assert_ne!(
        ask(&both, "analyst", ANALYST),
        analyst,
        "those of our own are new"
    );
    assert_eq!(
        ask(&both, "partner", &by_node)["data"]["node"]["id"],
        ids(&partner)
    );
    let page = ask(&both, "partner", &onward);
    assert_eq!(
        page["data"]["customers"]["nodes"].as_array().unwrap().len(),
        3
    );
    log += &stop(both);

    let after = serve(&data, &new);
    assert_ne!(ids(&ask(&after, "partner", PARTNER)), ids(&partner));
    assert_eq!(ask(&after, "partner", &by_node)["data"]["node"], Json::Null);
    log += &stop(after);

    for command in [&["serve"][..], &["policy", "check"]] {
        log += &refused(configured(&data, command), &[&new[..], &pin].concat());
    }
    assert!(log.contains("starting"), "the log is read");
    for key in [MASKING_KEY, NEW_KEY, SECRET] {
        let start = key.get(..16).unwrap();
        assert!(!log.contains(start), "a key is in the log");
    }
}
