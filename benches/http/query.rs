//! The queries, and the requests that are made of them.

use serde_json::json;

/// A query that every server answers with the same data.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    document: &'static str,
    /// Whether each request asks for a customer of its own.
    by_id: bool,
    /// Whether it shows anything of a person.
    pub(crate) is_personal: bool,
    /// Whether the usual way has an answer to it.
    pub(crate) is_usual: bool,
    /// The least that the gateway is to reach of the limit: everything FULL, and every personal field PARTIAL.
    pub(crate) goals: (f64, f64),
}

/// All of them.
pub(crate) const QUERIES: [Query; 5] = [
    Query {
        name: "Q1",
        about: "a customer by id, 6 fields",
        document: "query($id: ID!) { customer(id: $id) { id fullName email phone city createdAt } }",
        by_id: true,
        is_personal: true,
        is_usual: true,
        goals: (0.7, 0.65),
    },
    Query {
        name: "Q2",
        about: "50 customers of one stage, newest first, 8 fields",
        document: "{ customers(filter: { lifecycleStage: { eq: ACTIVE } }, orderBy: [{ createdAt: DESC }], first: 50) \
            { nodes { id fullName email phone city country lifecycleStage createdAt } } }",
        by_id: false,
        is_personal: true,
        is_usual: true,
        goals: (0.8, 0.7),
    },
    Query {
        name: "Q3",
        about: "20 customers, their 5 latest orders, the items and their products",
        document: "{ customers(first: 20) { nodes { id fullName \
            orders(first: 5, orderBy: [{ placedAt: DESC }]) { nodes { id orderNo placedAt totalAmount \
            items(first: 50) { nodes { id quantity unitPrice product { name } } } } } } } }",
        by_id: false,
        is_personal: true,
        is_usual: true,
        goals: (0.8, 0.7),
    },
    Query {
        name: "Q4",
        about: "1,000 customers, 10 fields",
        document: "{ customers(first: 1000) { nodes \
            { id fullName email phone nationalId birthDate annualIncome city lifecycleStage createdAt } } }",
        by_id: false,
        is_personal: true,
        is_usual: true,
        goals: (0.8, 0.7),
    },
    Query {
        name: "Q5",
        about: "orders by status, their number and the sum of their amounts",
        document: "{ ordersAggregate(groupBy: [{ field: STATUS }]) { key { status } count sum { totalAmount } } }",
        by_id: false,
        is_personal: false,
        is_usual: false,
        goals: (0.95, 0.95),
    },
];

impl Query {
    /// The body of a request, for a customer if the query is about one.
    pub(crate) fn body(&self, customer: &str) -> String {
        let variables = if self.by_id {
            json!({ "id": customer })
        } else {
            json!({})
        };
        json!({ "query": self.document, "variables": variables }).to_string()
    }

    /// The program by which wrk makes its requests; each of its threads has random numbers of its own, the same in every run.
    pub(crate) fn script(&self, token: &str, customers: u64) -> String {
        let body = self
            .body("%d")
            .replace('%', if self.by_id { "%" } else { "%%" });
        format!(
            r#"local threads = 0
function setup(thread) threads = threads + 1; thread:set("number", threads) end
function init(args) math.randomseed(number) end
local headers = {{ ["Content-Type"] = "application/json", ["Authorization"] = "Bearer {token}" }}
local body = [==[{body}]==]
function request()
  return wrk.format("POST", nil, headers, string.format(body, math.random({customers})))
end
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("\nRESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"#
        )
    }
}
