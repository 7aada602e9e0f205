//! One question and its answer, scanned byte by byte.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use super::planted::World;
use super::scan::Scanner;
use super::sight::Asker;
use crate::harness::signed;
use crate::process::SECRET;

/// One who asks, everywhere, and what they find.
pub(super) struct Walk<'a> {
    pub(super) world: &'a World,
    pub(super) scanner: &'a Scanner,
    pub(super) asker: &'a Asker,
    pub(super) address: SocketAddr,
    pub(super) found: Found,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) leaks: BTreeSet<String>,
    pub(super) answers: usize,
    pub(super) bytes: usize,
    /// How often each code was told.
    pub(super) codes: BTreeMap<String, usize>,
}

impl Found {
    /// Adds what another one found.
    pub(super) fn add(&mut self, other: Self) {
        self.leaks.extend(other.leaks);
        self.answers += other.answers;
        self.bytes += other.bytes;
        for (code, count) in other.codes {
            *self.codes.entry(code).or_default() += count;
        }
    }
}

impl Walk<'_> {
    pub(super) fn ask(&mut self, what: &str, query: &str) -> Json {
        self.ask_with(what, query, &json!({}))
    }

    pub(super) fn ask_with(&mut self, what: &str, query: &str, variables: &Json) -> Json {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n{}content-length: {}\r\n\r\n{body}",
            self.headers(),
            body.len()
        );
        self.send(what, &request)
    }

    pub(super) fn headers(&self) -> String {
        let token = signed(self.asker.claims.clone(), SECRET);
        format!("accept: application/graphql-response+json\r\nauthorization: Bearer {token}\r\n")
    }

    /// Sends a request; scans all bytes that come back, head and body, and what its cursors hold.
    pub(super) fn send(&mut self, what: &str, request: &str) -> Json {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let answer: Json = serde_json::from_str(body).unwrap_or_default();
        let mut sealed = Vec::new();
        open(&answer, &mut sealed);
        for bytes in [&bytes, &sealed] {
            for leak in self.scanner.leaks(bytes, &self.asker.sight) {
                self.found
                    .leaks
                    .insert(format!("{}: {what}: {leak}", self.asker.label));
            }
        }
        self.found.answers += 1;
        self.found.bytes += bytes.len();
        for error in answer["errors"].as_array().into_iter().flatten() {
            let code = error["extensions"]["code"].as_str().unwrap_or("none");
            *self.found.codes.entry(code.to_owned()).or_default() += 1;
        }
        answer
    }
}

/// The bytes behind cursors and node ids.
fn open(answer: &Json, bytes: &mut Vec<u8>) {
    match answer {
        Json::Object(fields) => {
            for (name, value) in fields {
                let sealed = value
                    .as_str()
                    .filter(|_| name.ends_with("ursor") || name == "nodeId");
                if let Some(opened) = sealed.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()) {
                    bytes.extend(opened);
                    bytes.push(0);
                }
                open(value, bytes);
            }
        }
        Json::Array(elements) => elements.iter().for_each(|element| open(element, bytes)),
        _ => {}
    }
}
