//! The first schema.
//!
//! Everything is created only if it is missing, so that a run that was killed half-way can be run again where a
//! transaction does not hold the statements together (MariaDB). No foreign key cascades: a delete that would take rows along which its author may not even see is refused instead.

use sea_orm::DbBackend;
use sea_orm_migration::{prelude::*, schema};

use super::dialect;

mod customers;
mod house;
mod marketing;
mod sales;
mod service;
mod sets;

/// See the module.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait of SeaORM elides the lifetime, and async_trait wants the same words"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// All or nothing where a database can do that; it also spares SQLite a sync a statement.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        if backend == DbBackend::Postgres {
            sets::create(manager).await?;
        }
        for plan in plans() {
            manager.create_table(plan.table(backend)).await?;
            if backend != DbBackend::MySql {
                for index in plan.indexes() {
                    manager.create_index(index).await?;
                }
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for plan in plans().iter().rev() {
            manager
                .drop_table(Table::drop().table(plan.name).if_exists().to_owned())
                .await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            sets::drop(manager).await?;
        }
        Ok(())
    }
}

/// All tables, each after those that it refers to.
fn plans() -> Vec<Plan> {
    vec![
        house::department(),
        house::employee(),
        customers::customer(),
        customers::address(),
        customers::account(),
        customers::consent(),
        sales::product(),
        sales::order(),
        sales::order_item(),
        sales::opportunity(),
        service::interaction(),
        service::ticket(),
        marketing::campaign(),
        marketing::campaign_touch(),
        marketing::visit(),
    ]
}

/// A table and its indexes, while they are put together.
struct Plan {
    name: &'static str,
    columns: Vec<ColumnDef>,
    references: Vec<ForeignKeyCreateStatement>,
    indexes: Vec<(&'static [&'static str], bool)>,
}

impl Plan {
    /// A table with a 64-bit key and these columns.
    fn new(name: &'static str, columns: Vec<ColumnDef>) -> Self {
        Self {
            name,
            columns,
            references: Vec::new(),
            indexes: Vec::new(),
        }
    }

    /// A foreign key. It has no index yet: the key usually shares one with the column that its rows are sorted by.
    fn refers(mut self, column: &'static str, target: &'static str) -> Self {
        let name = format!("fk_{}_{column}", self.name);
        let reference = ForeignKey::create()
            .name(name)
            .from(self.name, column)
            .to(target, "id")
            .to_owned();
        self.references.push(reference);
        self
    }

    /// An index.
    fn index(mut self, columns: &'static [&'static str]) -> Self {
        self.indexes.push((columns, false));
        self
    }

    /// An index that holds every value once.
    fn unique(mut self, columns: &'static [&'static str]) -> Self {
        self.indexes.push((columns, true));
        self
    }

    /// The table with its foreign keys. MariaDB and MySQL have no transaction around a table and its indexes: there they are
    /// one statement.
    fn table(&self, backend: DbBackend) -> TableCreateStatement {
        let mut table = Table::create()
            .table(self.name)
            .if_not_exists()
            .col(schema::big_pk_auto("id"))
            .to_owned();
        for column in &self.columns {
            table.col(dialect::declare(column.clone(), backend));
        }
        for reference in &self.references {
            table.foreign_key(&mut reference.clone());
        }
        if backend == DbBackend::MySql {
            for mut index in self.indexes() {
                table.index(&mut index);
            }
        }
        dialect::finish(&mut table, backend);
        table
    }

    fn indexes(&self) -> Vec<IndexCreateStatement> {
        self.indexes
            .iter()
            .map(|&(columns, unique)| index(self.name, columns, unique))
            .collect()
    }
}

fn index(table: &'static str, columns: &[&'static str], unique: bool) -> IndexCreateStatement {
    let prefix = if unique { "uq" } else { "ix" };
    let mut statement = Index::create()
        .name(format!("{prefix}_{table}_{}", columns.join("_")))
        .table(table)
        .if_not_exists()
        .to_owned();
    if unique {
        statement.unique();
    }
    for column in columns {
        statement.col(*column);
    }
    statement
}

/// A column that holds the key of another row.
fn key(name: &'static str) -> ColumnDef {
    schema::big_integer(name)
}

/// A column that holds the key of another row, or none.
fn key_null(name: &'static str) -> ColumnDef {
    schema::big_integer_null(name)
}

/// An amount of money.
fn money(name: &'static str) -> ColumnDef {
    schema::decimal_len(name, 12, 2)
}

/// An instant.
fn instant(name: &'static str) -> ColumnDef {
    schema::timestamp_with_time_zone(name)
}

/// An instant, or none.
fn instant_null(name: &'static str) -> ColumnDef {
    schema::timestamp_with_time_zone_null(name)
}

/// One of a closed set of names, kept as text: the entities hold the set, and a new name needs no migration.
fn closed_set(name: &'static str) -> ColumnDef {
    schema::string_len(name, 32)
}

/// One of a closed set of names, or none.
fn closed_set_null(name: &'static str) -> ColumnDef {
    schema::string_len_null(name, 32)
}
