//! What is written comes back, and texts compare by code point, on each database.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DbBackend, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::databases::migrated;
use crate::customer::{self, Gender, LifecycleStage, MaritalStatus};
use crate::department;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day")
}

/// A customer in the department 1, who has what can be left out left out.
fn plain(id: i64, name: &str) -> customer::Model {
    customer::Model {
        id,
        full_name: name.to_owned(),
        email: None,
        email_blind: None,
        phone: None,
        phone_blind: None,
        national_id: None,
        national_id_blind: None,
        bank_card: None,
        birth_date: None,
        gender: None,
        marital_status: None,
        occupation: None,
        annual_income: None,
        country: "UA".to_owned(),
        language: "uk".to_owned(),
        address_line: None,
        city: None,
        region: None,
        postal_code: None,
        lifecycle_stage: LifecycleStage::Lost,
        preferences: json!({}),
        notes: None,
        consent_marketing: false,
        consent_analytics: false,
        owner_id: None,
        department_id: 1,
        version: 0,
        created_at: instant("1970-01-01T00:00:00Z"),
        updated_at: instant("2021-06-01T12:34:56.000001Z"),
    }
}

/// A customer with a value at the end of each range.
fn extreme(id: i64) -> customer::Model {
    customer::Model {
        email: Some(String::new()),
        phone: Some(" ends with blanks  ".to_owned()),
        birth_date: Some(day(9999, 12, 31)),
        gender: Some(Gender::Diverse),
        marital_status: Some(MaritalStatus::Widowed),
        occupation: Some("O'Brien \\ \"x\" % _ ;--".to_owned()),
        annual_income: Some(Decimal::new(999_999_999_999, 2)),
        city: Some("Київ 北京 Đà Nẵng 👩\u{200d}🚀 e\u{301}".to_owned()),
        preferences: json!({ "z": [1, 2.5, null, true], "a": { "": "\u{1f600}" }, "n": 9_007_199_254_740_993_i64 }),
        notes: Some("ßӁ👍".repeat(30_000)),
        consent_marketing: true,
        version: i64::MAX,
        updated_at: instant("2038-01-19T03:14:07.999999Z"),
        ..plain(id, "x".repeat(255).as_str())
    }
}

async fn add(db: &DatabaseConnection, customers: &[customer::Model]) {
    let house = department::Model {
        id: 1,
        name: "one".to_owned(),
        region: "here".to_owned(),
    };
    let house = department::Entity::insert(house.into_active_model());
    house
        .exec_without_returning(db)
        .await
        .expect("a department");
    for customer in customers {
        let row = customer::Entity::insert(customer.clone().into_active_model());
        row.exec_without_returning(db).await.expect("a customer");
    }
}

#[tokio::test]
async fn what_is_written_comes_back() {
    let mut small = plain(1, "");
    small.version = i64::MIN;
    small.annual_income = Some(Decimal::new(-1, 2));
    small.birth_date = Some(day(1000, 1, 1));
    let beyond_floats = 9_007_199_254_740_993;
    let rows = vec![small, extreme(2), extreme(beyond_floats)];
    for db in migrated().await {
        add(&db, &rows).await;
        let found = customer::Entity::find().order_by_asc(customer::Column::Id);
        assert_eq!(found.all(&db).await.expect("the rows"), rows);
    }
}

#[tokio::test]
async fn instants_come_back_from_the_end_of_time() {
    let end = instant("9999-12-31T23:59:59.999999Z");
    for db in migrated().await {
        add(&db, &[plain(1, "Anna")]).await;
        // The driver sends an instant to MariaDB as a `timestamp`, which ends in 2038 and is null from there on; without a
        // zone it goes as the `datetime` that the column is.
        let value: sea_orm::Value = match db.get_database_backend() {
            DbBackend::MySql => end.naive_utc().into(),
            _ => end.into(),
        };
        let update = customer::Entity::update_many()
            .col_expr(customer::Column::CreatedAt, Expr::value(value));
        update.exec(&db).await.expect("an update");
        let found = customer::Entity::find().one(&db).await.expect("a row");
        assert_eq!(found.map(|row| row.created_at), Some(end));
    }
}

#[tokio::test]
async fn texts_are_equal_and_sorted_by_their_code_points() {
    // The last two are the other way round in UTF-16.
    let names = [
        "", "A", "A ", "Anna", "B", "a", "anna", "É", "é", "ｚ", "😀",
    ];
    let rows: Vec<_> = names
        .iter()
        .rev()
        .zip(1..)
        .map(|(name, id)| plain(id, name))
        .collect();
    for db in migrated().await {
        add(&db, &rows).await;
        let sorted = customer::Entity::find()
            .select_only()
            .column(customer::Column::FullName)
            .order_by_asc(customer::Column::FullName)
            .into_tuple::<String>();
        assert_eq!(sorted.all(&db).await.expect("names"), names);
        for name in names {
            let equal = customer::Entity::find().filter(customer::Column::FullName.eq(name));
            assert_eq!(equal.count(&db).await.expect("a count"), 1, "{name}");
        }
    }
}
