use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use sudare_policies::Principal;

use super::*;
use crate::config::{Jwt, Secret};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

fn jwt() -> Jwt {
    Jwt {
        issuer: Some("sudare".to_owned()),
        audience: Some("dashboard".to_owned()),
        ..Jwt::default()
    }
}

fn verifier(jwt: &Jwt) -> Verifier {
    Verifier::new(jwt, &Secret::new(SECRET))
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
        .try_into()
        .unwrap()
}

/// Header and claims as they are written, signed with HMAC of that algorithm.
fn signed(header: &str, claims: &str, algorithm: Algorithm, secret: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let message = format!("{}.{}", part(header), part(claims));
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn token(claims: &Value) -> String {
    signed(HS256, &claims.to_string(), Algorithm::HS256, SECRET)
}

fn good() -> Value {
    json!({ "sub": "7", "iss": "sudare", "aud": "dashboard", "exp": now() + 60, "roles": ["support"] })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = good();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = good();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn ask(jwt: &Jwt, authorization: &str) -> Result<Arc<Principal>, TokenFault> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, authorization.parse().unwrap());
    verifier(jwt).principal(&headers)
}

type Bad = (&'static str, String, TokenFault);

/// Every way to get it wrong: what it is, the header, the reason in the log.
pub(in crate::server) fn bad_headers() -> Vec<Bad> {
    let tokens = [
        bad_forms(),
        bad_signers(),
        bad_times_and_places(),
        bad_claims(),
        bad_roles(),
    ];
    let bearer = tokens.into_iter().flatten();
    let mut headers: Vec<_> = bearer
        .map(|(what, token, why)| (what, format!("Bearer {token}"), why))
        .collect();
    let two = format!("Bearer {}, Bearer {}", token(&good()), token(&good()));
    headers.extend([
        (
            "another scheme",
            "Basic dTpw".to_owned(),
            TokenFault::Scheme,
        ),
        ("no scheme", token(&good()), TokenFault::Scheme),
        ("nothing", String::new(), TokenFault::Scheme),
        ("two tokens in one", two, TokenFault::Form),
    ]);
    headers
}

fn bad_forms() -> Vec<Bad> {
    use TokenFault::*;
    let mut cut = token(&good());
    cut.truncate(cut.len() - 3);
    vec![
        ("cut signature", cut, Signature),
        (
            "oversized",
            token(&with("x", "x".repeat(8 * 1024).into())),
            Size,
        ),
        ("two parts", "a.b".to_owned(), Form),
        ("four parts", format!("{}.x", token(&good())), Form),
        ("empty", String::new(), Form),
        ("not base64", "!.!.!".to_owned(), Form),
    ]
}

fn bad_signers() -> Vec<Bad> {
    use TokenFault::*;
    let claims = good().to_string();
    let headed = |header: &str| signed(header, &claims, Algorithm::HS256, SECRET);
    let unsigned = |header: &str| {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.", part(header), part(&claims))
    };
    let hs512 = signed(r#"{"alg":"HS512"}"#, &claims, Algorithm::HS512, SECRET);
    let own_key = r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#;
    let key_elsewhere = r#"{"alg":"HS256","jku":"https://evil.example"}"#;
    vec![
        ("algorithm none", unsigned(r#"{"alg":"none"}"#), Header),
        (
            "algorithm in other case",
            headed(r#"{"alg":"hs256"}"#),
            Header,
        ),
        (
            "rsa header, hmac signature",
            headed(r#"{"alg":"RS256"}"#),
            Header,
        ),
        (
            "two algorithms",
            headed(r#"{"alg":"none","alg":"HS256"}"#),
            Header,
        ),
        ("hs512", hs512, Header),
        (
            "crit",
            headed(r#"{"alg":"HS256","crit":["b64"],"b64":false}"#),
            Header,
        ),
        ("its own key", headed(own_key), Header),
        ("a key from elsewhere", headed(key_elsewhere), Header),
        (
            "another secret",
            signed(HS256, &claims, Algorithm::HS256, "another"),
            Signature,
        ),
        (
            "no secret",
            signed(HS256, &claims, Algorithm::HS256, ""),
            Signature,
        ),
        ("no signature", unsigned(HS256), Signature),
    ]
}

fn bad_times_and_places() -> Vec<Bad> {
    use TokenFault::*;
    let cases = [
        (
            "expired by a second more than the leeway",
            with("exp", (now() - 6).into()),
            Expired,
        ),
        ("no exp", without("exp"), Expired),
        ("exp as text", with("exp", "9999999999".into()), Expired),
        ("exp null", with("exp", Value::Null), Expired),
        ("exp negative", with("exp", (-1).into()), Expired),
        ("exp beyond numbers", with("exp", 1e300.into()), Expired),
        ("not yet", with("nbf", (now() + 60).into()), NotYet),
        ("nbf as text", with("nbf", "0".into()), NotYet),
        ("another issuer", with("iss", "sudare2".into()), Issuer),
        ("no issuer", without("iss"), Issuer),
        (
            "several issuers",
            with("iss", json!(["sudare", "evil"])),
            Issuer,
        ),
        (
            "another audience",
            with("aud", "dashboard2".into()),
            Audience,
        ),
        ("no audience", without("aud"), Audience),
        ("odd audience", with("aud", 7.into()), Audience),
    ];
    cases
        .map(|(what, claims, why)| (what, token(&claims), why))
        .into()
}

fn bad_claims() -> Vec<Bad> {
    use TokenFault::*;
    let raw = |claims: &str| signed(HS256, claims, Algorithm::HS256, SECRET);
    let doubled = |entry: &str| raw(&good().to_string().replacen('{', &format!("{{{entry},"), 1));
    vec![
        ("two roles claims", doubled(r#""roles":["admin"]"#), Claims),
        ("two subjects", doubled(r#""sub":"1""#), Claims),
        (
            "two of another claim, nested",
            doubled(r#""x":{"a":1,"a":2}"#),
            Claims,
        ),
        ("claims that are no object", raw("[]"), Claims),
        ("claims that are no JSON", raw("{"), Claims),
        ("no subject", token(&without("sub")), Subject),
        ("empty subject", token(&with("sub", "".into())), Subject),
        ("subject as number", token(&with("sub", 7.into())), Subject),
        (
            "long subject",
            token(&with("sub", "x".repeat(257).into())),
            Subject,
        ),
    ]
}

fn bad_roles() -> Vec<Bad> {
    let cases = [
        ("roles as number", json!(7)),
        ("roles as object", json!({ "admin": true })),
        ("roles null", Value::Null),
        ("a role that is no text", json!(["support", ["admin"]])),
        ("an empty role", json!(["support", ""])),
        ("an empty text of roles", json!("")),
        (
            "65 roles",
            (0..65).map(|n| Value::from(format!("r{n}"))).collect(),
        ),
    ];
    cases
        .map(|(what, roles)| (what, token(&with("roles", roles)), TokenFault::Roles))
        .into()
}

/// A header that is taken.
pub(in crate::server) fn good_header() -> String {
    format!("Bearer {}", token(&good()))
}

/// The verifier that the headers above are for.
pub(in crate::server) fn strict_verifier() -> Verifier {
    verifier(&jwt())
}

#[test]
fn every_bad_token_is_refused_for_its_own_reason() {
    for (what, header, why) in bad_headers() {
        let found = ask(&jwt(), &header).map(|principal| principal.id.clone());
        assert_eq!(found, Err(why), "{what}");
    }
}

#[test]
fn a_good_token_names_a_principal_with_all_its_claims() {
    let claims = with("department_id", 3.into());
    let principal = ask(&jwt(), &format!("bearer  {}", token(&claims))).unwrap();
    assert_eq!(principal.id, "7");
    assert!(principal.roles.iter().eq(["support"]));
    assert_eq!(Value::Object(principal.attributes.clone()), claims);
}

#[test]
fn clocks_may_differ_by_the_leeway_and_no_more() {
    for (name, offset) in [("exp", -3), ("nbf", 3), ("nbf", -60)] {
        assert!(
            ask(
                &jwt(),
                &format!("Bearer {}", token(&with(name, (now() + offset).into())))
            )
            .is_ok()
        );
    }
}

#[test]
fn roles_are_found_by_name_then_by_path() {
    let cases = [
        ("roles", json!({ "roles": "admin" }), vec!["admin"]),
        ("roles", json!({ "roles": ["b", "a", "b"] }), vec!["a", "b"]),
        ("roles", json!({ "roles": [] }), vec![]),
        ("roles", json!({}), vec![]),
        (
            "realm.roles",
            json!({ "realm": { "roles": ["admin"] } }),
            vec!["admin"],
        ),
        ("realm.roles", json!({ "realm": "roles" }), vec![]),
        (
            "https://a.example/roles",
            json!({ "https://a.example/roles": ["admin"] }),
            vec!["admin"],
        ),
    ];
    for (path, extra, roles) in cases {
        let jwt = Jwt {
            roles_claim: path.to_owned(),
            ..Jwt::default()
        };
        let mut claims = json!({ "sub": "7", "exp": now() + 60 });
        claims
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        let principal = ask(&jwt, &format!("Bearer {}", token(&claims))).unwrap();
        assert!(principal.roles.iter().eq(&roles), "{path} in {extra}");
    }
}

#[test]
fn a_key_id_is_harmless() {
    let header = r#"{"alg":"HS256","kid":"../../dev/null"}"#;
    let token = signed(header, &good().to_string(), Algorithm::HS256, SECRET);
    assert!(ask(&jwt(), &format!("Bearer {token}")).is_ok());
}

#[test]
fn no_token_is_anonymous_and_two_are_refused() {
    let verifier = verifier(&jwt());
    let nobody = verifier.principal(&HeaderMap::new()).unwrap();
    assert_eq!(
        nobody.id, "",
        "a condition on the subject must not hold for nobody"
    );
    assert!(nobody.roles.iter().eq(["anonymous"]));
    assert!(nobody.attributes.is_empty());
    let mut headers = HeaderMap::new();
    headers.append(AUTHORIZATION, good_header().parse().unwrap());
    headers.append(AUTHORIZATION, good_header().parse().unwrap());
    assert_eq!(
        verifier.principal(&headers).unwrap_err(),
        TokenFault::Scheme
    );
}

proptest! {
    #[test]
    fn a_changed_token_is_never_taken(position in any::<prop::sample::Index>(), byte in "[A-Za-z0-9_-]") {
        let token = token(&good());
        let position = position.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(position..=position, &byte);
        prop_assume!(changed != token);
        let taken = ask(&jwt(), &format!("Bearer {changed}")).is_ok();
        prop_assert!(!taken);
    }
}

#[test]
fn a_token_that_is_remembered_is_good_for_as_long_as_it_says() {
    let jwt = Jwt {
        leeway_seconds: 5,
        ..jwt()
    };
    let (verifier, now) = (verifier(&jwt), u64::try_from(now()).unwrap());
    let token = token(&with("exp", json!(now + 60)));
    let first = verifier.at(&token, now).unwrap();
    let again = verifier.at(&token, now + 65).unwrap();
    assert_eq!((&first.id, &first.roles), (&again.id, &again.roles));
    assert_eq!(
        verifier.at(&token, now + 66).unwrap_err(),
        TokenFault::Expired
    );
    // What was never good is looked at each time.
    let forged = format!("{token}x");
    for _ in 0..2 {
        assert!(verifier.at(&forged, now).is_err());
    }
}
