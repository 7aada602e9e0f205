//! The same on each database.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue, IntoActiveModel as _, Iterable as _,
    PrimaryKeyToColumn as _, QueryOrder as _,
};
use sudare_entities::{
    account, address, campaign, campaign_touch, consent, department, employee, interaction,
    opportunity, order, order_item, ticket, visit,
};
use sudare_testing::{Kind, Server};

use super::*;
use crate::database::{DatabaseUrl, open};

/// An empty database of each kind; the first one is a file in the folder.
async fn fallow(folder: &TempDir) -> Vec<DatabaseConnection> {
    let file = format!("sqlite:{}/seed.db", folder.path().display());
    let urls = [
        file,
        Server::shared(Kind::Postgres).create(),
        Server::shared(Kind::MariaDb).create(),
    ];
    let mut databases = Vec::new();
    for url in urls {
        let url = DatabaseUrl::parse(&url).expect("a URL");
        databases.push(open(&url).await.expect("a database"));
    }
    databases
}

async fn rows<E: EntityTrait>(db: &DatabaseConnection) -> Vec<E::Model> {
    let mut query = E::find();
    for key in E::PrimaryKey::iter() {
        query = query.order_by_asc(key.into_column());
    }
    query.all(db).await.expect("rows")
}

/// The tables whose rows are not the same in two databases, as SeaORM reads them.
async fn differences(one: &DatabaseConnection, other: &DatabaseConnection) -> Vec<&'static str> {
    let mut found = Vec::new();
    macro_rules! compare {
        ($($table:ident),*) => {
            $(if rows::<$table::Entity>(one).await != rows::<$table::Entity>(other).await {
                found.push(stringify!($table));
            })*
        };
    }
    compare!(
        department,
        employee,
        product,
        campaign,
        customer,
        address,
        account,
        consent,
        order,
        order_item,
        opportunity,
        interaction,
        ticket,
        campaign_touch,
        visit
    );
    found
}

#[tokio::test]
async fn each_database_gets_the_same_rows_and_goes_on_after_them() {
    let folder = TempDir::new().expect("a folder");
    let model = Field::sown(options(150, SeedLocale::Mix)).await;
    for db in fallow(&folder).await {
        let report = seed(&db, &options(150, SeedLocale::Mix), pending()).await;
        report.expect("a harvest");
        let again = seed(&db, &options(1, SeedLocale::Mix), pending()).await;
        assert!(matches!(again, Err(SeedError::NotEmpty)));
        assert_eq!(differences(&db, &model.db).await, [""; 0]);
        // The database gives the next key by itself.
        let one = customer::Entity::find().one(&db).await.expect("an answer");
        let mut another = one.expect("a customer").into_active_model();
        another.id = ActiveValue::NotSet;
        assert_eq!(another.insert(&db).await.expect("a row").id, 151);
    }
}

#[tokio::test]
async fn a_seed_that_is_stopped_leaves_nothing_on_any_database() {
    let folder = TempDir::new().expect("a folder");
    let empty = Field::fallow().await;
    for db in fallow(&folder).await {
        let mut asked = 0;
        let stop = &mut Stop::when(poll_fn(|_| {
            asked += 1;
            if asked < 40 {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        }));
        let outcome = sow(&db, &options(50, SeedLocale::En), batches(10), stop).await;
        assert!(matches!(outcome, Err(SeedError::Stopped)));
        assert_eq!(differences(&db, &empty.db).await, [""; 0]);
    }
}

#[tokio::test]
async fn of_two_seeds_at_once_one_finds_the_others_customers() {
    let folder = TempDir::new().expect("a folder");
    for db in fallow(&folder).await {
        let options = options(60, SeedLocale::En);
        let one = seed(&db, &options, pending());
        let other = seed(&db, &options, pending());
        let outcomes = tokio::join!(one, other);
        let refused = [outcomes.0, outcomes.1].map(|outcome| match outcome {
            Ok(_) => false,
            Err(SeedError::NotEmpty) => true,
            Err(error) => panic!("{error:?}"),
        });
        assert!(refused[0] != refused[1]);
    }
}
