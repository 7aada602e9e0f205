//! What has told two databases apart that looked the same, or might have told what it did not.

use serde_json::json;

use crate::harness::{claims, demo};

/// The library keeps fragments in a table whose order is another one each time: errors came in that order.
#[tokio::test]
async fn errors_of_a_document_come_in_its_order() {
    let fragments = (0..8).map(|number| format!("...F{number} "));
    let spreads: String = fragments.collect();
    let fragments = (0..8).map(|number| format!("\nfragment F{number} on Nobody{number} {{ x }}"));
    let fragments: String = fragments.collect();
    let document = format!("{{ {spreads} nothing }}{fragments}");
    let ask = || demo().request(Some(claims("sales")), json!({ "query": document }));
    let first = ask().await;
    assert!(first.codes().len() > 8, "{}", first.text);
    for _ in 0..8 {
        assert_eq!(ask().await.text, first.text);
    }
}
