//! The demo as a newcomer meets it: what it prints works as printed, and tells the story of the policies.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::Receiver;

use serde_json::{Value as Json, json};

use crate::database::{self, Raw};
use crate::harness::ROLES;
use crate::process::{MASKING_KEY, Running, lines, next, post, run, sudare};

/// A running demo, and what it printed.
pub(crate) struct Demo {
    pub(crate) people: Vec<Introduced>,
    address: SocketAddr,
    _child: Running,
    _out: Receiver<String>,
}

/// What the demo printed for a role.
pub(crate) struct Introduced {
    pub(crate) role: String,
    link: String,
    curl: String,
}

/// The arguments of a printed curl line.
struct Request {
    url: String,
    headers: Vec<String>,
    body: String,
}

impl Demo {
    /// Starts a demo and reads what it prints. The masking key is ours, so that its masks are the same in every run.
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, MASKING_KEY)
    }

    /// The same with a key of the caller's.
    pub(crate) fn start_with(data: &Path, masking_key: &str) -> Self {
        let mut command = sudare(data, &["serve", "--demo", "--listen", "127.0.0.1:0"]);
        command
            .env("SUDARE_MASKING_KEY", masking_key)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = Running(command.spawn().unwrap());
        // Nobody reads the log: writing to it fails, and must not matter.
        drop(child.0.stderr.take());
        let out = lines(child.0.stdout.take().unwrap());
        let mut address = None;
        let mut people = Vec::new();
        while people.len() < ROLES.len() {
            let line = next(&out);
            if let Some(url) = line.trim().strip_prefix("GraphQL   http://") {
                address = Some(url.trim_end_matches("/graphql").parse().unwrap());
            }
            if let Some((role, _)) = line
                .strip_prefix("# ")
                .and_then(|line| line.split_once(": "))
            {
                people.push(Introduced {
                    role: role.to_owned(),
                    link: next(&out),
                    curl: next(&out),
                });
            }
        }
        Self {
            people,
            address: address.expect("the demo should print its address"),
            _child: child,
            _out: out,
        }
    }

    /// What a printed curl line gives back.
    fn answer(&self, person: &Introduced) -> Json {
        let request = person.request();
        assert_eq!(request.url, format!("http://{}/graphql", self.address));
        self.send(&request)
    }

    /// What a role gets for another query, by its printed token.
    pub(crate) fn ask(&self, role: &str, query: &str) -> Json {
        let mut request = self.person(role).request();
        request.body = json!({ "query": query }).to_string();
        self.send(&request)
    }

    fn person(&self, role: &str) -> &Introduced {
        self.people
            .iter()
            .find(|person| person.role == role)
            .unwrap()
    }

    fn send(&self, request: &Request) -> Json {
        let [json, authorization] = request.headers.as_slice() else {
            panic!("the line has other headers: {:?}", request.headers);
        };
        assert_eq!(json, "content-type: application/json");
        let headers = format!("{authorization}\r\n");
        let (status, text) = post(self.address, &headers, &request.body);
        assert_eq!(status, 200, "{text}");
        let answer: Json = serde_json::from_str(&text).unwrap();
        assert_eq!(answer.get("errors"), None, "{text}");
        answer
    }
}

impl Introduced {
    fn token(&self) -> &str {
        self.link.split_once("#token=").unwrap().1
    }

    /// The query of its curl line.
    pub(crate) fn query(&self) -> String {
        let body: Json = serde_json::from_str(&self.request().body).unwrap();
        body["query"].as_str().unwrap().to_owned()
    }

    /// What the words of the curl line say, as a shell reads them: quotes are single, and nothing within is escaped.
    fn request(&self) -> Request {
        let mut words = Vec::new();
        for (number, part) in self.curl.split('\'').enumerate() {
            match number % 2 {
                0 => words.extend(part.split_whitespace().map(str::to_owned)),
                _ => words.push(part.to_owned()),
            }
        }
        let mut words = words.into_iter();
        assert_eq!(words.next().as_deref(), Some("curl"));
        assert_eq!(words.next().as_deref(), Some("-sS"));
        let url = words.next().unwrap();
        let mut request = Request {
            url,
            headers: Vec::new(),
            body: String::new(),
        };
        while let Some(flag) = words.next() {
            let value = words.next().unwrap();
            match flag.as_str() {
                "-H" => request.headers.push(value),
                "-d" => request.body = value,
                other => panic!("curl gets `{other}`, which this test does not know"),
            }
        }
        request
    }
}

/// A value as a cell of a table.
pub(crate) fn cell(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[test]
fn each_printed_line_is_answered_as_the_policy_says() {
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path());
    let mut told = String::new();
    let mut answers = BTreeSet::new();
    for person in &demo.people {
        let link = format!("http://{}/graphiql#token={}", demo.address, person.token());
        assert_eq!(person.link, link);
        let answer = demo.answer(person);
        assert_eq!(curl(person).unwrap_or_else(|| answer.clone()), answer);
        let customers = &answer["data"]["customers"];
        told += &format!("{} of {}\n", person.role, customers["totalCount"]);
        for node in customers["nodes"].as_array().unwrap() {
            let orders = &node["orders"]["nodes"];
            let cells = [
                "fullName",
                "phone",
                "email",
                "nationalId",
                "annualIncome",
                "birthDate",
            ]
            .map(|name| cell(&node[name]));
            told += &format!(
                "  {} | {}, {}\n",
                cells.join(" | "),
                cell(&node["owner"]["name"]),
                cell(&orders[0]["orderNo"])
            );
        }
        answers.insert(answer.to_string());
    }
    assert!(
        demo.people
            .iter()
            .map(|person| person.role.as_str())
            .eq(ROLES)
    );
    assert_eq!(
        answers.len(),
        ROLES.len(),
        "two roles got the same answer: {answers:#?}"
    );
    insta::assert_snapshot!(told);
}

/// What the line gives where there is a `curl` to run it with.
fn curl(person: &Introduced) -> Option<Json> {
    Command::new("curl").arg("--version").output().ok()?;
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &person.curl]);
    let (output, text, errors) = run(shell);
    assert!(output.status.success(), "{errors}");
    Some(serde_json::from_str(&text).unwrap())
}

/// What the text beside a role promises.
#[test]
fn each_person_is_who_the_demo_says() {
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path());
    let count = |role, what| {
        demo.ask(role, &format!("{{ {what} {{ totalCount }} }}"))["data"][what]["totalCount"]
            .as_u64()
            .unwrap()
    };
    let seen: Vec<u64> = ROLES.iter().map(|role| count(role, "customers")).collect();
    for (role, seen) in ROLES.iter().zip(seen) {
        match *role {
            "admin" | "analyst" | "auditor" => assert_eq!(seen, 1_000, "{role} sees every row"),
            "customer" => assert_eq!(seen, 1, "{role} sees a record"),
            _ => assert!((50..1_000).contains(&seen), "{role} sees {seen} customers"),
        }
    }
    // Whoever is said to look after customers does, and works where the claim says.
    let raw = Raw::open(&database::at(data.path()));
    for role in ["sales", "support"] {
        let me = &demo.ask(role, "{ me { id } }")["data"]["me"]["id"];
        let claimed = claim(demo.person(role).token(), "department_id");
        let me: i64 = me.as_str().unwrap().parse().unwrap();
        let department: i64 = raw.one(&format!(
            "SELECT department_id FROM employee WHERE id = {me}"
        ));
        let own: i64 = raw.one(&format!(
            "SELECT count(*) FROM customer WHERE owner_id = {me} AND department_id = {department}"
        ));
        assert_eq!(claimed, department, "{role}");
        assert!(
            own >= 5,
            "{role} looks after {own} customers of the department"
        );
    }
}

fn claim(token: &str, name: &str) -> i64 {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .unwrap();
    let claims: Json = serde_json::from_slice(&payload).unwrap();
    claims[name].as_i64().unwrap()
}
