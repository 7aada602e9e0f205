//! Who appears in the demo, and what is printed for them.

use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use crate::config::{Config, Secret};

use super::token::{Grant, issue};

/// A demo token is good for a long working day.
const TTL: Duration = Duration::from_secs(12 * 60 * 60);

/// The query of the curl lines.
const QUERY: &str =
    "{ customers(first: 2) { nodes { fullName phone email annualIncome birthDate } } }";

/// Somebody with a role.
struct Person {
    role: &'static str,
    subject: &'static str,
    claims: &'static [(&'static str, i64)],
    who: &'static str,
}

/// One for each demo role. Subjects are ids of rows that a seeded database has: employees, and for `customer` a customer.
const PEOPLE: [Person; 8] = [
    Person {
        role: "admin",
        subject: "1",
        claims: &[],
        who: "sees everything",
    },
    Person {
        role: "sales",
        subject: "7",
        claims: &[("department_id", 1)],
        who: "own customers in full",
    },
    Person {
        role: "support",
        subject: "12",
        claims: &[("department_id", 1)],
        who: "own department, in part",
    },
    Person {
        role: "analyst",
        subject: "20",
        claims: &[],
        who: "numbers, no persons",
    },
    Person {
        role: "marketing",
        subject: "25",
        claims: &[],
        who: "customers who consented",
    },
    Person {
        role: "partner",
        subject: "acme",
        claims: &[],
        who: "outside: desensitised, ids of its own",
    },
    Person {
        role: "auditor",
        subject: "30",
        claims: &[],
        who: "that things are there, not what they are",
    },
    Person {
        role: "customer",
        subject: "1",
        claims: &[],
        who: "their own record",
    },
];

/// What a demo prints once it listens: addresses, then a token and a curl line for each person.
pub(super) fn introduction(
    config: &Config,
    secret: &Secret,
    address: SocketAddr,
) -> anyhow::Result<String> {
    let url = url(address);
    let mut text = format!(
        "Sudare listens.\n\n  GraphiQL  {url}/graphiql\n  GraphQL   {url}/graphql\n\n\
        The same query as each role; the tokens are good for 12 hours. To open GraphiQL with one: \
        {url}/graphiql#token=<token>\n"
    );
    for person in &PEOPLE {
        let claims = person.claims.iter();
        let token = issue(
            &config.jwt,
            secret,
            Grant {
                subject: person.subject,
                roles: vec![person.role.to_owned()],
                claims: claims
                    .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
                    .collect(),
                ttl: TTL,
            },
        )?;
        let body = serde_json::json!({ "query": QUERY });
        write!(
            text,
            "\n# {role}: {who}\ntoken: {token}\n\
            curl -s {url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer {token}' -d '{body}'\n",
            role = person.role,
            who = person.who,
        )?;
    }
    Ok(text)
}

/// An address that a browser on this machine can open.
fn url(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_gets_a_token_and_a_line_to_paste() {
        let secret = Secret::new("0123456789abcdef0123456789abcdef");
        let address = "0.0.0.0:4321".parse().unwrap();
        let text = introduction(&Config::default(), &secret, address).unwrap();
        assert_eq!(text.matches("\ntoken: ey").count(), PEOPLE.len());
        assert_eq!(
            text.matches("\ncurl -s http://127.0.0.1:4321/graphql ")
                .count(),
            PEOPLE.len()
        );
    }
}
