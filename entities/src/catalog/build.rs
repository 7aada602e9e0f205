//! From descriptions to a catalog, refusing what the gateway cannot serve.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToLowerCamelCase, ToPascalCase};
use pluralizer::pluralize;
use sea_orm::sea_query::{ColumnType, StringLen};

use super::describe::{Column, Description, Link};
use super::{Catalog, CatalogError, Entity, Field, Kept, Kind, Relation};

/// What the name of a blind index's column has behind that of the column which it indexes.
const BLIND: &str = "_blind";
/// What the API itself puts on every entity.
const RESERVED_FIELDS: [&str; 2] = ["nodeId", "disclosure"];
/// What the API itself puts at its root.
const RESERVED_ROOTS: [&str; 2] = ["node", "me"];
/// What GraphQL reads as something else than the name of an enum's value.
const RESERVED_VARIANTS: [&str; 3] = ["true", "false", "null"];

impl Catalog {
    /// The catalog of these entities, sorted by name.
    pub(crate) fn of(mut descriptions: Vec<Description>) -> Result<Self, CatalogError> {
        descriptions.sort_by(|a, b| a.table.cmp(&b.table));
        let mut entities = Vec::with_capacity(descriptions.len());
        for description in &descriptions {
            entities.push(entity(description)?);
        }
        let mut catalog = Self { entities };
        for (index, description) in descriptions.iter().enumerate() {
            for link in &description.links {
                catalog.connect(index, description, link)?;
            }
        }
        for entity in &catalog.entities {
            distinct_members(entity)?;
        }
        distinct_types(&catalog)?;
        distinct_roots(&catalog)?;
        Ok(catalog)
    }

    /// Adds a relation, and what its foreign key refers to.
    fn connect(
        &mut self,
        index: usize,
        description: &Description,
        link: &Link,
    ) -> Result<(), CatalogError> {
        let refusal = || CatalogError::Relation {
            table: description.table.clone(),
            relation: link.name.clone(),
        };
        let ([from], [to], Some(table)) = (&*link.from, &*link.to, &link.table) else {
            return Err(refusal());
        };
        let Some(target) = self.entities.iter().position(|e| e.table == *table) else {
            return Err(CatalogError::Target {
                table: description.table.clone(),
                relation: link.name.clone(),
                target: table.clone(),
            });
        };
        let to = self.entities.get(target).and_then(|e| e.column(to));
        let here = self.entities.get_mut(index);
        let (Some(here), Some(to), false) = (here, to, link.conditional) else {
            return Err(refusal());
        };
        let from = here.column(from).ok_or_else(refusal)?;
        if let Some(field) = here.fields.get_mut(from).filter(|_| link.holds_key) {
            field.references = Some((target, to));
        }
        let name = link.name.to_lower_camel_case();
        here.relations.push(Relation {
            name: named(&description.table, "relation", name)?,
            cardinality: link.cardinality,
            target,
            from,
            to,
        });
        Ok(())
    }
}

fn entity(description: &Description) -> Result<Entity, CatalogError> {
    let table = &description.table;
    let [key_column] = &*description.keys else {
        return Err(CatalogError::Key {
            table: table.clone(),
            columns: description.keys.len(),
        });
    };
    let mut fields = Vec::with_capacity(description.columns.len());
    for column in &description.columns {
        if indexed_by(description, column).is_none() {
            fields.push(field(table, column)?);
        }
    }
    for column in &description.columns {
        if let Some(indexed) = indexed_by(description, column) {
            blind(table, &mut fields, (indexed, column))?;
        }
    }
    let key = fields.iter().position(|field| field.column == *key_column);
    let usable = |field: &mut Field| {
        field.unique = true;
        !field.nullable && matches!(field.kind, Kind::Int | Kind::BigInt)
    };
    let key = key
        .filter(|&key| fields.get_mut(key).is_some_and(usable))
        .ok_or_else(|| CatalogError::KeyKind {
            table: table.clone(),
            column: key_column.clone(),
        })?;
    let single = table.to_lower_camel_case();
    Ok(Entity {
        name: named(table, "type", table.to_pascal_case())?,
        table: table.clone(),
        plural: pluralize(&single, 2, false),
        single,
        description: description.comment.clone(),
        key,
        fields,
        relations: Vec::new(),
    })
}

/// The column that this one is the blind index of.
fn indexed_by<'d>(description: &'d Description, column: &Column) -> Option<&'d Column> {
    let name = column.name.strip_suffix(BLIND)?;
    description.columns.iter().find(|other| other.name == name)
}

/// Gives a field its blind index.
fn blind(
    table: &str,
    fields: &mut [Field],
    (indexed, index): (&Column, &Column),
) -> Result<(), CatalogError> {
    let field = fields.iter_mut().find(|field| field.column == indexed.name);
    let is_text = kind(table, index)? == Kind::Text && index.nullable;
    match field.filter(|field| is_text && field.kind == Kind::Text) {
        Some(field) => {
            field.blind = Some(index.name.clone());
            Ok(())
        }
        None => Err(CatalogError::Blind {
            table: table.to_owned(),
            column: indexed.name.clone(),
            index: index.name.clone(),
        }),
    }
}

fn field(table: &str, column: &Column) -> Result<Field, CatalogError> {
    let kind = kind(table, column)?;
    Ok(Field {
        name: named(table, "field", column.name.to_lower_camel_case())?,
        column: column.name.clone(),
        kept: kept(column, &kind),
        size: size(&column.column_type),
        kind,
        nullable: column.nullable,
        unique: column.unique,
        blind: None,
        references: None,
        description: column.comment.clone(),
    })
}

/// What the migrations give a text without a length of its own, so that it fits every database.
const CHARACTERS: u32 = 255;

fn size(column_type: &ColumnType) -> Option<u32> {
    match column_type {
        ColumnType::String(StringLen::N(most)) => Some(*most),
        ColumnType::Char(most) => Some(most.unwrap_or(1)),
        ColumnType::String(StringLen::None) => Some(CHARACTERS),
        ColumnType::Decimal(Some((digits, _))) => Some(*digits),
        _ => None,
    }
}

fn kept(column: &Column, kind: &Kind) -> Option<Kept> {
    match (column.name.as_str(), kind) {
        ("version", Kind::Int | Kind::BigInt) if !column.nullable => Some(Kept::Version),
        ("created_at", Kind::DateTime) => Some(Kept::CreatedAt),
        ("updated_at", Kind::DateTime) => Some(Kept::UpdatedAt),
        _ => None,
    }
}

fn kind(table: &str, column: &Column) -> Result<Kind, CatalogError> {
    let cure = match &column.column_type {
        ColumnType::Boolean => return Ok(Kind::Boolean),
        ColumnType::TinyInteger
        | ColumnType::SmallInteger
        | ColumnType::Integer
        | ColumnType::TinyUnsigned
        | ColumnType::SmallUnsigned => return Ok(Kind::Int),
        ColumnType::BigInteger | ColumnType::Unsigned => return Ok(Kind::BigInt),
        ColumnType::Float | ColumnType::Double => return Ok(Kind::Float),
        ColumnType::Decimal(Some((_, scale))) => return Ok(Kind::Decimal { scale: *scale }),
        ColumnType::Char(_) | ColumnType::String(_) | ColumnType::Text => return Ok(Kind::Text),
        ColumnType::Date => return Ok(Kind::Date),
        ColumnType::TimestampWithTimeZone => return Ok(Kind::DateTime),
        ColumnType::Json | ColumnType::JsonBinary => return Ok(Kind::Json),
        ColumnType::Uuid => return Ok(Kind::Uuid),
        ColumnType::Enum { name, variants } => {
            return closed_set(table, &name.to_string(), variants);
        }
        ColumnType::Decimal(None) | ColumnType::Money(_) => {
            "give it `column_type = \"Decimal(Some((precision, scale)))\"`"
        }
        ColumnType::DateTime | ColumnType::Timestamp => "use `DateTimeUtc`",
        ColumnType::BigUnsigned => "use `i64`",
        _ => "use one of the types of the other entities",
    };
    Err(CatalogError::ColumnType {
        table: table.to_owned(),
        column: column.name.clone(),
        found: format!("{:?}", column.column_type),
        cure,
    })
}

fn closed_set(table: &str, name: &str, variants: &[impl ToString]) -> Result<Kind, CatalogError> {
    let mut names = Vec::with_capacity(variants.len());
    for variant in variants {
        let variant = named(table, "enum value", variant.to_string())?;
        if RESERVED_VARIANTS.contains(&variant.as_str()) {
            return Err(unusable(table, "enum value", variant));
        }
        names.push(variant);
    }
    Ok(Kind::Enum {
        name: named(table, "enum", name.to_pascal_case())?,
        variants: names,
    })
}

/// The name, if GraphQL takes it and does not keep it for itself.
fn named(table: &str, what: &'static str, name: String) -> Result<String, CatalogError> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let goes_on_well = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if starts_well && goes_on_well {
        Ok(name)
    } else {
        Err(unusable(table, what, name))
    }
}

fn unusable(table: &str, what: &'static str, name: String) -> CatalogError {
    CatalogError::Name {
        table: table.to_owned(),
        what,
        name,
    }
}

/// Fields and relations share the names of an entity.
fn distinct_members(entity: &Entity) -> Result<(), CatalogError> {
    let fields = entity.fields.iter().map(|field| &field.name);
    let relations = entity.relations.iter().map(|relation| &relation.name);
    let mut seen = BTreeSet::new();
    for name in fields.chain(relations) {
        if RESERVED_FIELDS.contains(&name.as_str()) {
            return Err(unusable(&entity.table, "field or relation", name.clone()));
        }
        if !seen.insert(name) {
            return Err(CatalogError::Twice {
                table: entity.table.clone(),
                name: name.clone(),
            });
        }
    }
    Ok(())
}

/// Entities and enums share the names of types; an enum may be used by several fields if it is the same everywhere.
fn distinct_types(catalog: &Catalog) -> Result<(), CatalogError> {
    let mut seen: BTreeMap<&str, (&Entity, Option<&[String]>)> = BTreeMap::new();
    for entity in &catalog.entities {
        if let Some((first, _)) = seen.insert(&entity.name, (entity, None)) {
            return Err(clash(&entity.name, &first.table, &entity.table));
        }
    }
    for entity in &catalog.entities {
        for field in &entity.fields {
            let Kind::Enum { name, variants } = &field.kind else {
                continue;
            };
            match seen.insert(name, (entity, Some(variants))) {
                Some((first, known)) if known != Some(variants) => {
                    return Err(clash(name, &first.table, &entity.table));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// One and many of each entity, and its lookup, share the names at the root of the API.
fn distinct_roots(catalog: &Catalog) -> Result<(), CatalogError> {
    let mut seen: BTreeMap<String, &str> = RESERVED_ROOTS
        .map(|name| (name.to_owned(), "the API"))
        .into();
    for entity in &catalog.entities {
        let lookup = entity.lookup();
        for name in [&entity.single, &entity.plural].into_iter().chain(&lookup) {
            if let Some(first) = seen.insert(name.clone(), &entity.table) {
                return Err(clash(name, first, &entity.table));
            }
        }
    }
    Ok(())
}

fn clash(name: &str, first: &str, second: &str) -> CatalogError {
    CatalogError::Clash {
        name: name.to_owned(),
        first: first.to_owned(),
        second: second.to_owned(),
    }
}
