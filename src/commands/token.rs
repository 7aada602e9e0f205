//! `sudare token`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use clap::Args;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Map, Value};

use crate::config::{Config, Jwt, Secret};

use super::{Keys, print};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// A role; may be given several times
    #[arg(long = "role", required = true, value_name = "ROLE")]
    roles: Vec<String>,
    /// Who the token is for
    #[arg(long, value_name = "ID")]
    subject: String,
    /// A further claim, such as `department_id=3`; numbers, true, false and null are taken as such
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claim)]
    claims: Vec<(String, Value)>,
    /// How long the token is good for
    #[arg(long, default_value = "1h", value_name = "TIME")]
    ttl: humantime::Duration,
}

/// What a token says.
#[derive(Debug)]
pub(super) struct Grant<'a> {
    pub(super) subject: &'a str,
    pub(super) roles: Vec<String>,
    pub(super) claims: Map<String, Value>,
    pub(super) ttl: Duration,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let secret = Keys::for_tokens(config)?;
    let mut claims = Map::new();
    for (name, value) in &arguments.claims {
        if claims.insert(name.clone(), value.clone()).is_some() {
            anyhow::bail!("the claim `{name}` is given twice");
        }
    }
    let grant = Grant {
        subject: &arguments.subject,
        roles: arguments.roles.clone(),
        claims,
        ttl: arguments.ttl.into(),
    };
    print(&issue(&config.jwt, &secret, grant)?)
}

/// A token that a server with this configuration takes.
pub(super) fn issue(jwt: &Jwt, secret: &Secret, grant: Grant<'_>) -> anyhow::Result<String> {
    anyhow::ensure!(!grant.subject.is_empty(), "the subject is empty");
    anyhow::ensure!(
        grant.roles.iter().all(|role| !role.is_empty()),
        "a role is empty"
    );
    anyhow::ensure!(
        !grant.ttl.is_zero(),
        "a time of zero makes a token that is never good"
    );
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is before 1970")?;
    let mut own = Map::new();
    own.insert("sub".to_owned(), Value::from(grant.subject));
    own.insert("iat".to_owned(), Value::from(now.as_secs()));
    own.insert(
        "exp".to_owned(),
        Value::from(now.as_secs().saturating_add(grant.ttl.as_secs().max(1))),
    );
    for (name, value) in [("iss", &jwt.issuer), ("aud", &jwt.audience)] {
        if let Some(value) = value {
            own.insert(name.to_owned(), Value::from(value.as_str()));
        }
    }
    let (name, value) = nest(&jwt.roles_claim, Value::from(grant.roles));
    own.insert(name, value);
    let mut claims = grant.claims;
    for (name, value) in own {
        if claims.insert(name.clone(), value).is_some() {
            anyhow::bail!("the claim `{name}` is set by its own flag or by the configuration");
        }
    }
    let key = EncodingKey::from_secret(secret.expose());
    encode(&Header::new(Algorithm::HS256), &claims, &key).context("the token cannot be signed")
}

/// `a.b` and a value as `a` and `{"b": value}`.
fn nest(path: &str, value: Value) -> (String, Value) {
    match path.rsplit_once('.') {
        None => (path.to_owned(), value),
        Some((outer, name)) => nest(
            outer,
            Value::Object([(name.to_owned(), value)].into_iter().collect()),
        ),
    }
}

/// `name=value` of a flag.
pub(super) fn claim(text: &str) -> Result<(String, Value), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), scalar(value))),
        _ => Err("a claim has the form NAME=VALUE, for example department_id=3".to_owned()),
    }
}

/// A JSON scalar if it is one, else text.
fn scalar(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_))) => value,
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::auth::Verifier;
    use axum::http::HeaderMap;
    use axum::http::header::AUTHORIZATION;

    fn grant() -> Grant<'static> {
        Grant {
            subject: "7",
            roles: vec!["support".to_owned(), "manager".to_owned()],
            claims: [("department_id".to_owned(), Value::from(3))]
                .into_iter()
                .collect(),
            ttl: Duration::from_secs(60),
        }
    }

    #[test]
    fn a_server_of_the_same_configuration_takes_the_token() {
        let secret = Secret::new("0123456789abcdef0123456789abcdef");
        let nested = Jwt {
            issuer: Some("sudare".to_owned()),
            audience: Some("dashboard".to_owned()),
            roles_claim: "realm.access.roles".to_owned(),
            ..Jwt::default()
        };
        for jwt in [Jwt::default(), nested] {
            let token = issue(&jwt, &secret, grant()).unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
            let principal = Verifier::new(&jwt, &secret).principal(&headers).unwrap();
            assert_eq!(principal.id, "7");
            assert!(principal.roles.iter().eq(["manager", "support"]));
            assert_eq!(principal.attributes["department_id"], 3);
        }
    }

    #[test]
    fn claims_cannot_take_the_place_of_the_flags() {
        let secret = Secret::new("0123456789abcdef0123456789abcdef");
        for name in ["sub", "exp", "iat", "roles"] {
            let mut grant = grant();
            grant.claims.insert(name.to_owned(), Value::from(1));
            let text = issue(&Jwt::default(), &secret, grant)
                .unwrap_err()
                .to_string();
            assert!(text.contains(&format!("`{name}`")), "{text}");
        }
    }

    #[test]
    fn claim_values_are_scalars_or_text() {
        let cases = [
            ("n=3", Value::from(3)),
            ("n=3.5", Value::from(3.5)),
            ("n=true", Value::from(true)),
            ("n=null", Value::Null),
            ("n=\"3\"", Value::from("3")),
            ("n=abc", Value::from("abc")),
            ("n=007", Value::from("007")),
            ("n=a=b", Value::from("a=b")),
            ("n=[1]", Value::from("[1]")),
            ("n=", Value::from("")),
        ];
        for (text, value) in cases {
            assert_eq!(claim(text), Ok(("n".to_owned(), value)), "{text}");
        }
        assert!(claim("n").is_err() && claim("=3").is_err());
    }
}
