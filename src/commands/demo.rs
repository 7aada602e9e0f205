//! Who appears in the demo, and what is printed for them.

use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use crate::config::{Config, Secret};

use super::token::{Grant, issue};

/// A demo token is good for a long working day.
const TTL: Duration = Duration::from_secs(12 * 60 * 60);

/// The query of the curl lines. Its first rows are two customers of one department whom all of these people meet.
const QUERY: &str = "{ customers(first: 2, filter: { lifecycleStage: { eq: ACTIVE } }) { totalCount nodes { \
    fullName phone email nationalId annualIncome birthDate owner { name } orders(first: 2) { nodes { orderNo } } } } }";

/// Somebody with a role.
struct Person {
    role: &'static str,
    subject: &'static str,
    claims: &'static [(&'static str, i64)],
    who: &'static str,
}

/// One for each demo role. Subjects are keys of rows that a seeded database has: employees with their departments, and
/// for `customer` a customer. The first active customer is looked after by employee 19, the second by employee 13.
const PEOPLE: [Person; 8] = [
    Person {
        role: "admin",
        subject: "1",
        claims: &[],
        who: "every row, everything in full but secrets",
    },
    Person {
        role: "sales",
        subject: "19",
        claims: &[("department_id", 1)],
        who: "customers of the department in part, their own in full but for the card",
    },
    Person {
        role: "support",
        subject: "13",
        claims: &[("department_id", 1)],
        who: "customers of the department in part; name and contact in full of those they look after",
    },
    Person {
        role: "analyst",
        subject: "20",
        claims: &[],
        who: "every row; persons under invented names, their income and birth date rounded",
    },
    Person {
        role: "marketing",
        subject: "25",
        claims: &[],
        who: "customers who agreed to marketing; names in part, no phone, no income",
    },
    Person {
        role: "partner",
        subject: "acme",
        claims: &[],
        who: "outside: active customers who agreed, under invented names of the partner's own",
    },
    Person {
        role: "auditor",
        subject: "30",
        claims: &[],
        who: "every row; sums and birth dates in full, persons in part",
    },
    Person {
        role: "customer",
        subject: "2",
        claims: &[],
        who: "their own record, but for what staff noted",
    },
];

/// What a demo prints once it listens: addresses, then a link and a curl line for each person.
pub(super) fn introduction(
    config: &Config,
    secret: &Secret,
    address: SocketAddr,
) -> anyhow::Result<String> {
    let url = url(address);
    let mut text = format!(
        "Sudare listens.\n\n  GraphiQL  {url}/graphiql\n  GraphQL   {url}/graphql\n\n\
        The same query as each role. A link opens GraphiQL with the role's token, which is what follows `#token=`; \
        it is good for 12 hours.\n"
    );
    let body = serde_json::json!({ "query": QUERY });
    for person in &PEOPLE {
        let token = token(config, secret, person)?;
        write!(
            text,
            "\n# {role}: {who}\n{url}/graphiql#token={token}\n\
            curl -sS {url}/graphql -H 'content-type: application/json' -H 'authorization: Bearer {token}' -d '{body}'\n",
            role = person.role,
            who = person.who,
        )?;
    }
    Ok(text)
}

fn token(config: &Config, secret: &Secret, person: &Person) -> anyhow::Result<String> {
    let claims = person.claims.iter();
    let grant = Grant {
        subject: person.subject,
        roles: vec![person.role.to_owned()],
        claims: claims
            .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
            .collect(),
        ttl: TTL,
    };
    issue(&config.jwt, secret, grant)
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
    fn every_role_gets_a_link_and_a_line_to_paste() {
        let secret = Secret::new("0123456789abcdef0123456789abcdef");
        let address = "0.0.0.0:4321".parse().unwrap();
        let text = introduction(&Config::default(), &secret, address).unwrap();
        assert_eq!(
            text.matches("\nhttp://127.0.0.1:4321/graphiql#token=ey")
                .count(),
            PEOPLE.len()
        );
        assert_eq!(
            text.matches("\ncurl -sS http://127.0.0.1:4321/graphql ")
                .count(),
            PEOPLE.len()
        );
    }
}
