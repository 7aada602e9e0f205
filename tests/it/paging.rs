//! Pages: the same list, whichever way it is walked.

use serde_json::{Value as Json, json};

use crate::harness::demo;

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String, $offset: Int, $order: [CustomerOrderBy!]) {
    customers(first: $first, after: $after, last: $last, before: $before, offset: $offset, orderBy: $order) {
        totalCount
        edges { cursor node { id annualIncome } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}";

fn orders() -> Vec<Json> {
    vec![
        json!([]),
        json!([{ "annualIncome": "ASC" }]),
        json!([{ "annualIncome": "DESC" }]),
        json!([{ "lifecycleStage": "ASC" }, { "createdAt": "DESC" }]),
        json!([{ "createdAt": "DESC" }]),
        json!([{ "owner": { "name": "DESC" } }, { "city": "ASC" }]),
    ]
}

async fn page(arguments: Json) -> Json {
    demo().query_with("admin", PAGE, arguments).await.data()["customers"].clone()
}

fn ids(page: &Json) -> Vec<String> {
    page["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"]["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn pages_forward_and_backward_are_the_whole_list_in_its_order() {
    for order in orders() {
        let whole = page(json!({ "first": 1000, "order": order })).await;
        let all = ids(&whole);
        assert_eq!(whole["totalCount"], json!(120));
        assert_eq!(all.len(), 120);
        for size in [1, 7, 40, 120] {
            let mut forward = Vec::new();
            let mut after = Json::Null;
            loop {
                let page = page(json!({ "first": size, "after": after, "order": order })).await;
                assert_eq!(
                    page["pageInfo"]["hasPreviousPage"],
                    json!(!forward.is_empty()),
                    "{order} {size}"
                );
                forward.extend(ids(&page));
                assert_eq!(
                    page["pageInfo"]["hasNextPage"],
                    json!(forward.len() < 120),
                    "{order} {size}"
                );
                after = page["pageInfo"]["endCursor"].clone();
                if forward.len() >= 120 {
                    break;
                }
            }
            assert_eq!(forward, all, "{order} {size}");

            let mut backward: Vec<String> = Vec::new();
            let mut before = Json::Null;
            loop {
                let page = page(json!({ "last": size, "before": before, "order": order })).await;
                assert_eq!(
                    page["pageInfo"]["hasNextPage"],
                    json!(!backward.is_empty()),
                    "{order} {size}"
                );
                backward.splice(0..0, ids(&page));
                assert_eq!(
                    page["pageInfo"]["hasPreviousPage"],
                    json!(backward.len() < 120),
                    "{order} {size}"
                );
                before = page["pageInfo"]["startCursor"].clone();
                if backward.len() >= 120 {
                    break;
                }
            }
            assert_eq!(backward, all, "{order} {size}");
        }
    }
}

#[tokio::test]
async fn nulls_come_last_in_both_directions() {
    for direction in ["ASC", "DESC"] {
        let whole = page(json!({ "first": 1000, "order": [{ "annualIncome": direction }] })).await;
        let incomes: Vec<bool> = whole["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| edge["node"]["annualIncome"].is_null())
            .collect();
        assert!(
            incomes.contains(&true) && incomes.contains(&false),
            "the seed should have both"
        );
        assert!(incomes.is_sorted(), "{direction}");
    }
}

#[tokio::test]
async fn an_offset_skips_and_says_that_something_comes_before() {
    let all = ids(&page(json!({ "first": 1000 })).await);
    let some = page(json!({ "first": 5, "offset": 10 })).await;
    assert_eq!(ids(&some), all[10..15]);
    assert_eq!(some["pageInfo"]["hasPreviousPage"], json!(true));
    let beyond = page(json!({ "first": 5, "offset": 500 })).await;
    assert_eq!(ids(&beyond), Vec::<String>::new());
    assert_eq!(
        beyond["pageInfo"],
        json!({ "hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": null })
    );
}

#[tokio::test]
async fn a_window_between_two_cursors_knows_what_lies_outside() {
    let whole = page(json!({ "first": 20, "order": [{ "createdAt": "DESC" }] })).await;
    let cursor = |index: usize| whole["edges"][index]["cursor"].clone();
    let window =
        page(json!({ "first": 50, "after": cursor(4), "before": cursor(9), "order": [{ "createdAt": "DESC" }] })).await;
    assert_eq!(ids(&window), ids(&whole)[5..9]);
    assert_eq!(window["pageInfo"]["hasNextPage"], json!(true));
    assert_eq!(window["pageInfo"]["hasPreviousPage"], json!(true));
    let tail =
        page(json!({ "last": 2, "after": cursor(4), "before": cursor(9), "order": [{ "createdAt": "DESC" }] })).await;
    assert_eq!(ids(&tail), ids(&whole)[7..9]);
}

#[tokio::test]
async fn a_cursor_fits_only_its_list_order_and_audience_and_shows_nothing() {
    let first = page(json!({ "first": 1, "order": [{ "annualIncome": "DESC" }] })).await;
    let cursor = first["pageInfo"]["endCursor"].as_str().unwrap();
    let income = first["edges"][0]["node"]["annualIncome"].as_str().unwrap();
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(cursor)
        .unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains(income.split('.').next().unwrap()));

    let other_order = json!({ "first": 1, "after": cursor, "order": [{ "createdAt": "DESC" }] });
    let other_order = demo().query_with("admin", PAGE, other_order).await;
    assert_eq!(other_order.codes(), ["BAD_USER_INPUT"]);
    let elsewhere = format!("{{ orders(after: \"{cursor}\") {{ nodes {{ id }} }} }}");
    assert_eq!(
        demo().query("admin", &elsewhere).await.codes(),
        ["BAD_USER_INPUT"]
    );
    let plain = demo()
        .query("admin", "{ customers { pageInfo { endCursor } } }")
        .await;
    let cursor = plain.data()["customers"]["pageInfo"]["endCursor"]
        .as_str()
        .unwrap();
    let stolen = format!("{{ customers(after: \"{cursor}\") {{ nodes {{ nodeId }} }} }}");
    demo().query("admin", &stolen).await.data();
    assert_eq!(
        demo().query("partner", &stolen).await.codes(),
        ["BAD_USER_INPUT"]
    );
}

/// With the place of a row in another list, its reader would know how many rows come before one that it does not see.
#[tokio::test]
async fn a_cursor_fits_the_rows_and_the_filter_that_it_was_made_for() {
    let page = |filter: &str, more: &str| {
        format!("{{ customers(first: 1, filter: {filter}{more}) {{ pageInfo {{ endCursor }} }} }}")
    };
    let made = demo()
        .query(
            "sales",
            &page(
                "{ region: { notIn: [\"x\", \"y\"] }, city: { ne: \"z\" } }",
                "",
            ),
        )
        .await;
    let cursor = made.data()["customers"]["pageInfo"]["endCursor"]
        .as_str()
        .unwrap();
    let after = format!(", after: \"{cursor}\"");
    for same in [
        "{ region: { notIn: [\"x\", \"y\"] }, city: { ne: \"z\" } }",
        "{ city: { ne: \"w\" }, region: { notIn: [\"v\"] } }",
    ] {
        demo().query("sales", &page(same, &after)).await.data();
    }
    for other in [
        "{}",
        "{ region: { notIn: [\"x\"] } }",
        "{ region: { in: [\"x\"] }, city: { ne: \"z\" } }",
        "{ city: { notIn: [\"x\"] }, region: { ne: \"z\" } }",
        "{ not: { region: { notIn: [\"x\"] }, city: { ne: \"z\" } } }",
    ] {
        let answer = demo().query("sales", &page(other, &after)).await;
        assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{other}");
    }
    // Support is of the same audience and sees other rows.
    let wider = demo()
        .query(
            "admin",
            "{ customers(first: 1) { pageInfo { endCursor } } }",
        )
        .await;
    let cursor = wider.data()["customers"]["pageInfo"]["endCursor"]
        .as_str()
        .unwrap();
    let stolen = format!("{{ customers(first: 1, after: \"{cursor}\") {{ nodes {{ nodeId }} }} }}");
    demo().query("admin", &stolen).await.data();
    assert_eq!(
        demo().query("support", &stolen).await.codes(),
        ["BAD_USER_INPUT"]
    );
}

#[tokio::test]
async fn each_parent_has_a_page_of_its_own() {
    let query = "{ customers(first: 50) { nodes { id orders(first: 2, orderBy: [{ placedAt: DESC }]) {
        totalCount nodes { id placedAt } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }";
    let answer = demo().query("admin", query).await;
    let raw = demo().raw();
    let mut more = 0;
    for customer in answer.data()["customers"]["nodes"].as_array().unwrap() {
        let id = customer["id"].as_str().unwrap();
        let stored: Vec<i64> = raw.all(&format!(
            "SELECT id FROM \"order\" WHERE customer_id = {id} ORDER BY placed_at DESC, id DESC"
        ));
        let orders = &customer["orders"];
        assert_eq!(orders["totalCount"], json!(stored.len()));
        assert_eq!(orders["pageInfo"]["hasNextPage"], json!(stored.len() > 2));
        assert_eq!(orders["pageInfo"]["hasPreviousPage"], json!(false));
        let shown: Vec<i64> = orders["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|order| order["id"].as_str().unwrap().parse().unwrap())
            .collect();
        assert_eq!(shown, stored[..stored.len().min(2)]);
        more += usize::from(stored.len() > 2);
    }
    assert!(
        more > 5,
        "the seed should give some customers more than two orders"
    );
}

#[tokio::test]
async fn page_arguments_that_make_no_sense_say_so() {
    for (arguments, code, words) in [
        ("first: 1, last: 1", "BAD_USER_INPUT", "leave one out"),
        ("first: -1", "BAD_USER_INPUT", "negative"),
        ("last: 1, offset: 1", "BAD_USER_INPUT", "`first` only"),
        ("first: 1001", "COST_LIMIT", "`max_page_size` is 1000"),
        (
            "after: \"nonsense\"",
            "BAD_USER_INPUT",
            "not a cursor of this list",
        ),
        ("first: 2147483648", "BAD_USER_INPUT", "32 bits"),
    ] {
        let answer = demo()
            .query(
                "admin",
                &format!("{{ customers({arguments}) {{ nodes {{ id }} }} }}"),
            )
            .await;
        assert_eq!(answer.codes(), [code], "{arguments}: {}", answer.text);
        assert!(answer.text.contains(words), "{arguments}: {}", answer.text);
    }
}
