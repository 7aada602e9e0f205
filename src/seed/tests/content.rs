//! Persons whose parts fit each other, and histories in order.

use std::collections::BTreeMap;

use chrono::Months;
use rust_decimal::Decimal;
use sudare_entities::consent::ConsentPurpose;
use sudare_entities::customer::{Gender, LifecycleStage};
use sudare_entities::{
    account, address, campaign, campaign_touch, consent, employee, interaction, opportunity, order,
    order_item, ticket, visit,
};

use super::*;
use crate::seed::calendar::{BEGIN, END, days_before_end};
use crate::seed::identifiers::{is_luhn, is_resident};

async fn all<E: EntityTrait>(field: &Field) -> Vec<E::Model> {
    E::find().all(&field.db).await.expect("rows")
}

/// The customers, by their keys.
async fn customers(field: &Field) -> BTreeMap<i64, customer::Model> {
    let rows = all::<customer::Entity>(field).await;
    rows.into_iter().map(|row| (row.id, row)).collect()
}

async fn both() -> [Field; 2] {
    [
        Field::sown(options(240, SeedLocale::En)).await,
        Field::sown(options(240, SeedLocale::ZhCn)).await,
    ]
}

#[tokio::test]
async fn all_numbers_are_well_formed_and_belong_to_nobody() {
    for field in both().await {
        for row in customers(&field).await.values() {
            if let Some(card) = &row.bank_card {
                assert!(is_luhn(card), "{card}");
            }
            let phone = row.phone.as_deref().unwrap_or_default();
            let id = row.national_id.as_deref().unwrap_or_default();
            let (phones, ids) = match row.country.as_str() {
                "US" => ("-555-01", "9"),
                "GB" => ("+44 7700 900", "QQ "),
                "CN" => ("+86 154", "99"),
                other => panic!("{other}"),
            };
            assert!(phone.is_empty() || phone.contains(phones), "{phone}");
            assert!(id.is_empty() || id.starts_with(ids), "{id}");
            assert!(
                id.is_empty() || row.country != "CN" || is_resident(id),
                "{id}"
            );
        }
        for row in all::<visit::Entity>(&field).await {
            let network = row.ip.rsplit_once('.').expect("an address").0;
            assert!(["192.0.2", "198.51.100", "203.0.113"].contains(&network));
        }
    }
}

#[tokio::test]
async fn mailboxes_are_ascii_and_nobodys() {
    for field in both().await {
        let customers = customers(&field).await;
        let mails = customers.values().filter_map(|row| row.email.clone());
        let staff = all::<employee::Entity>(&field).await;
        for mail in mails.chain(staff.into_iter().map(|row| row.email)) {
            let (local, domain) = mail.split_once('@').expect("a mailbox");
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.';
            assert!(local.len() >= 3 && local.chars().all(fits), "{mail}");
            assert!(["example.com", "example.net", "example.org"].contains(&domain));
        }
    }
}

#[tokio::test]
async fn numbers_of_residents_agree_with_their_owners() {
    let field = Field::sown(options(240, SeedLocale::ZhCn)).await;
    for row in customers(&field).await.values() {
        let Some(id) = &row.national_id else { continue };
        if let Some(birth) = row.birth_date {
            assert_eq!(id.get(6..14), Some(&*birth.format("%Y%m%d").to_string()));
        }
        let order: u32 = id
            .get(14..17)
            .and_then(|it| it.parse().ok())
            .expect("a number");
        let odd = order % 2 == 1;
        match row.gender {
            Some(Gender::Male) => assert!(odd),
            Some(Gender::Female) => assert!(!odd),
            Some(Gender::Diverse) | None => {}
        }
    }
}

#[tokio::test]
async fn names_are_written_as_the_locale_writes_them() {
    let [english, chinese] = both().await;
    let is_odd = |id: i64| [7, 29, 53, 71].contains(&(id % 120));
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for row in customers(&chinese)
        .await
        .values()
        .filter(|row| !is_odd(row.id))
    {
        let length = row.full_name.chars().count();
        assert!((2..=4).contains(&length) && row.full_name.chars().all(han));
        assert!(row.language.starts_with("zh") && row.country == "CN");
    }
    for row in customers(&english)
        .await
        .values()
        .filter(|row| !is_odd(row.id))
    {
        assert!(row.full_name.contains(' ') && !row.full_name.contains(han));
        assert!(["US", "GB"].contains(&row.country.as_str()));
    }
}

#[tokio::test]
async fn some_persons_are_hard_to_show() {
    for field in both().await {
        let customers = customers(&field).await;
        let lengths: Vec<usize> = customers
            .values()
            .map(|row| row.full_name.chars().count())
            .collect();
        assert!(lengths.contains(&1));
        assert!(lengths.iter().any(|length| *length > 30));
        let any = |c: char| customers.values().any(|row| row.full_name.contains(c));
        assert!(any('🎈') && any('\u{308}'));
        let note = |text: &str| {
            customers
                .values()
                .any(|row| row.notes.as_deref() == Some(text))
        };
        assert!(note("") && note(" "));
        let telling = |row: &&customer::Model| {
            let (note, phone) = (row.notes.as_deref(), row.phone.as_deref());
            note.zip(phone)
                .is_some_and(|(note, phone)| note.contains(phone))
        };
        assert!(customers.values().filter(telling).count() > 5);
    }
}

#[tokio::test]
async fn orders_cost_what_their_items_cost() {
    for field in both().await {
        let mut totals: BTreeMap<i64, Decimal> = BTreeMap::new();
        for item in all::<order_item::Entity>(&field).await {
            *totals.entry(item.order_id).or_default() +=
                item.unit_price * Decimal::from(item.quantity);
        }
        for order in all::<order::Entity>(&field).await {
            assert_eq!(Some(&order.total_amount), totals.get(&order.id));
            assert!(order.total_amount > Decimal::ZERO);
        }
    }
}

#[tokio::test]
async fn nothing_happens_to_customers_before_they_come_or_after_the_end() {
    for field in both().await {
        let customers = customers(&field).await;
        for row in customers.values() {
            assert!(BEGIN <= row.created_at && row.created_at <= row.updated_at);
            assert!(row.updated_at <= END);
            if let Some(birth) = row.birth_date {
                let grown_up = birth.checked_add_months(Months::new(216)).expect("a day");
                assert!(grown_up <= row.created_at.date_naive());
            }
        }
        let mut events = Vec::new();
        for row in all::<order::Entity>(&field).await {
            events.push((row.customer_id, row.placed_at));
        }
        for row in all::<interaction::Entity>(&field).await {
            events.push((row.customer_id, row.occurred_at));
        }
        for row in all::<visit::Entity>(&field).await {
            events.push((row.customer_id, row.occurred_at));
        }
        for row in all::<opportunity::Entity>(&field).await {
            assert!(row.expected_close > row.created_at.date_naive());
            events.push((row.customer_id, row.created_at));
        }
        for row in all::<address::Entity>(&field).await {
            events.push((row.customer_id, row.created_at));
        }
        for row in all::<account::Entity>(&field).await {
            let login = row.last_login_at.unwrap_or(row.created_at);
            assert!(row.created_at <= login && login <= END);
            events.push((row.customer_id, row.created_at));
        }
        for row in all::<ticket::Entity>(&field).await {
            let closed = row.closed_at.unwrap_or(row.opened_at);
            assert!(row.opened_at <= closed && closed <= END);
            events.push((row.customer_id, row.opened_at));
        }
        for (customer, at) in events {
            assert!(customers[&customer].created_at <= at && at <= END);
        }
    }
}

#[tokio::test]
async fn consents_agree_with_the_flags_and_with_what_was_done() {
    let inside =
        |row: &consent::Model, at| row.given_at <= at && at <= row.withdrawn_at.unwrap_or(END);
    for field in both().await {
        let customers = customers(&field).await;
        let consents: BTreeMap<(i64, bool), consent::Model> = all::<consent::Entity>(&field)
            .await
            .into_iter()
            .map(|row| {
                (
                    (row.customer_id, row.purpose == ConsentPurpose::Marketing),
                    row,
                )
            })
            .collect();
        for row in customers.values() {
            let open = |marketing| {
                consents
                    .get(&(row.id, marketing))
                    .is_some_and(|consent| consent.withdrawn_at.is_none())
            };
            assert_eq!(row.consent_marketing, open(true));
            assert_eq!(row.consent_analytics, open(false));
        }
        let campaigns: BTreeMap<i64, campaign::Model> = all::<campaign::Entity>(&field)
            .await
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        for touch in all::<campaign_touch::Entity>(&field).await {
            assert!(inside(
                &consents[&(touch.customer_id, true)],
                touch.touched_at
            ));
            let (campaign, day) = (
                &campaigns[&touch.campaign_id],
                touch.touched_at.date_naive(),
            );
            assert!(campaign.starts_on <= day && day <= campaign.ends_on);
        }
        for visit in all::<visit::Entity>(&field).await {
            assert!(inside(
                &consents[&(visit.customer_id, false)],
                visit.occurred_at
            ));
        }
    }
}

#[tokio::test]
async fn the_stage_of_a_customer_shows_in_the_orders() {
    for field in both().await {
        let mut latest = BTreeMap::new();
        for order in all::<order::Entity>(&field).await {
            let at = latest.entry(order.customer_id).or_insert(order.placed_at);
            *at = (*at).max(order.placed_at);
        }
        for row in customers(&field).await.values() {
            let latest = latest.get(&row.id).copied();
            let year = days_before_end(365);
            match row.lifecycle_stage {
                LifecycleStage::Potential => assert_eq!(latest, None),
                LifecycleStage::Active => assert!(latest.is_some_and(|at| at > year)),
                LifecycleStage::Lost => assert!(latest.is_some_and(|at| at < year)),
            }
        }
    }
}

#[tokio::test]
async fn owners_work_in_the_department_of_their_customers() {
    let field = Field::sown(options(240, SeedLocale::En)).await;
    let staff: BTreeMap<i64, i64> = all::<employee::Entity>(&field)
        .await
        .into_iter()
        .map(|row| (row.id, row.department_id))
        .collect();
    let customers = customers(&field).await;
    assert!(customers.values().any(|row| row.owner_id.is_none()));
    for row in customers.values() {
        if let Some(owner) = row.owner_id {
            assert_eq!(staff[&owner], row.department_id);
        }
    }
}

#[tokio::test]
async fn password_hashes_have_the_shape_of_real_ones_and_say_that_they_are_not() {
    let field = Field::sown(options(60, SeedLocale::En)).await;
    for row in all::<account::Entity>(&field).await {
        let parts: Vec<&str> = row.password_hash.split('$').collect();
        assert_eq!(parts[..3], ["", "argon2id", "demo"]);
        assert_eq!((parts[3].len(), parts[4].len()), (22, 43));
    }
}
