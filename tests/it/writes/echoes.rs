//! A mask that is written back: refused, and never stored.

use serde_json::{Value as Json, json};

use super::{CHANGE, ask, change, customer, stored};

#[tokio::test]
async fn a_mask_in_another_spelling_is_a_mask_all_the_same() {
    let id = customer(json!({ "phone": "+1 212 555 0123", "bankCard": "4111111111111111" })).await;
    let query = format!("{{ customer(id: \"{id}\") {{ phone bankCard }} }}");
    let shown = ask("faker", 9, &query, Json::Null).await;
    let shown = &shown.data()["customer"];
    let [phone, card] = ["phone", "bankCard"].map(|field| shown[field].as_str().unwrap());
    assert_ne!(phone, "+12125550123");
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let (phone, card) = (digits(phone), digits(card));
    let (country, rest) = phone.split_at(1);
    let (area, rest) = rest.split_at(3);
    let (issuer, account) = card.split_at(4);
    for (field, echo) in [
        ("phone", format!("+{phone}")),
        ("phone", format!("+{country} ({area}) {rest}")),
        ("phone", format!(" +{country}-{area}-{rest} ")),
        ("bankCard", card.clone()),
        ("bankCard", format!("{issuer}-{account}")),
    ] {
        let input = json!({ field: echo });
        let answer = ask("faker", 9, CHANGE, change(&id, &input)).await;
        assert_eq!(answer.codes(), ["MASKED_VALUE_ECHO"], "{field}: {echo}");
    }
    let kept = stored(&id, "phone bankCard version").await;
    let known = json!({ "phone": "+12125550123", "bankCard": "4111111111111111", "version": "1" });
    assert_eq!(kept, known);
}

#[tokio::test]
async fn a_masked_value_written_back_is_refused_and_never_stored() {
    let id = customer(json!({ "ownerId": 8 })).await;
    let seen = ask(
        "agent",
        7,
        "query($id: ID!) { customer(id: $id) { fullName email phone annualIncome birthDate } }",
        json!({ "id": id }),
    )
    .await;
    let seen = seen.data()["customer"].clone();
    let before = stored(&id, "fullName email phone annualIncome birthDate version").await;
    for (field, name) in [
        ("fullName", "FULL_NAME"),
        ("email", "EMAIL"),
        ("phone", "PHONE"),
        ("annualIncome", "ANNUAL_INCOME"),
        ("birthDate", "BIRTH_DATE"),
    ] {
        let shown = &seen[field];
        assert_ne!(shown, &before[field], "{field} is masked");
        let mut written = vec![shown.clone()];
        if let (Some(text), true) = (
            shown.as_str(),
            field != "annualIncome" && field != "birthDate",
        ) {
            written.push(json!(format!("  {} ", text.to_uppercase())));
        }
        for value in written {
            let answer = ask("agent", 7, CHANGE, change(&id, &json!({ field: value }))).await;
            assert_eq!(answer.codes(), ["MASKED_VALUE_ECHO"], "{}", answer.text);
            let error = &answer.body["errors"][0];
            assert_eq!(
                error["extensions"]["coordinate"],
                format!("Customer.{field}")
            );
            assert!(
                error["message"]
                    .as_str()
                    .unwrap()
                    .contains(&format!("confirm: [{name}]"))
            );
        }
    }
    let all = ask("agent", 7, CHANGE, change(&id, &seen)).await;
    assert_eq!(all.codes(), ["MASKED_VALUE_ECHO"; 5]);
    assert_eq!(
        stored(&id, "fullName email phone annualIncome birthDate version").await,
        before
    );
}

#[tokio::test]
async fn what_is_meant_is_written_although_it_looks_like_the_mask() {
    let id = customer(json!({ "ownerId": 8 })).await;
    let mut variables = change(&id, &json!({ "birthDate": "1985-02-01" }));
    let refused = ask("agent", 7, CHANGE, variables.clone()).await;
    assert_eq!(refused.codes(), ["MASKED_VALUE_ECHO"]);
    variables["confirm"] = json!(["BIRTH_DATE"]);
    assert_eq!(ask("agent", 7, CHANGE, variables).await.status, 200);
    assert_eq!(stored(&id, "birthDate").await["birthDate"], "1985-02-01");
    // That it is the value by now is not told: it stays an echo.
    let again = ask(
        "agent",
        7,
        CHANGE,
        change(&id, &json!({ "birthDate": "1985-02-01" })),
    )
    .await;
    assert_eq!(again.codes(), ["MASKED_VALUE_ECHO"]);
    // A telephone number that is none stays none, whatever is confirmed.
    let mut variables = change(&id, &json!({ "phone": "+49 30 ****56" }));
    variables["confirm"] = json!(["PHONE"]);
    assert_eq!(
        ask("agent", 7, CHANGE, variables).await.codes(),
        ["BAD_USER_INPUT"]
    );
}

#[tokio::test]
async fn what_is_shown_in_full_may_be_written_back() {
    let id = customer(json!({ "ownerId": 7 })).await;
    let input = json!({ "phone": "+4930123456", "email": "ada@example.org" });
    let answer = ask("agent", 7, CHANGE, change(&id, &input)).await;
    assert_eq!(answer.data()["updateCustomer"]["phone"], "+4930123456");
}
