//! `schema.graphql` is the schema that the server has.

use crate::process::{run, sudare};

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let (output, text, errors) = run(sudare(folder.path(), &["schema"]));
    assert!(output.status.success(), "{errors}");
    let committed = include_str!("../../schema.graphql");
    assert!(
        text == committed,
        "schema.graphql has drifted: write it anew with `sudare schema > schema.graphql`"
    );
}
