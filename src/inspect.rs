//! One row of the database, explained: for `policy explain`, never for a request.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use sudare_entities::Catalog;
use sudare_entities::catalog::Kind;
use sudare_policies::View;
use sudare_policies::condition::{KnownRow, RowPath};
use sudare_policies::decision::Action;
use sudare_policies::explain::{Asked, Explanation, Reveal};
use sudare_policies::shape::Shape;
use sudare_policies::value::Value;
use thiserror::Error;

use crate::database::{DatabaseUrl, PoolSettings};
use crate::execute::{ExecuteError, Reader};
use crate::mask::{self, WriteError};
use crate::plan::prepared::Prepared;
use crate::plan::{Inspection, inspect};

/// How long reading a row may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often the row may be read for cells that were not known to be needed; twice is enough.
const MAX_READS: usize = 8;

/// Why a row cannot be explained.
#[derive(Debug, Error)]
pub(crate) enum InspectError {
    /// The database cannot be read.
    #[error("the database cannot be read")]
    Database(#[from] ExecuteError),
    /// The cell cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Nobody has this key.
    #[error("`{entity}` has no row with the key {id}")]
    NoRow {
        /// The entity.
        entity: String,
        /// The key.
        id: i64,
    },
    /// The answer of our own plan is not what it should be.
    #[error("the row cannot be read: this is a bug of Sudare; please report it")]
    Bug,
}

/// Which cell of which row is to be explained.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell<'a> {
    pub(crate) entity: usize,
    pub(crate) field: Option<usize>,
    pub(crate) id: i64,
    pub(crate) actions: &'a [Action],
    pub(crate) reveal: Reveal,
}

/// A row, explained.
#[derive(Debug)]
pub(crate) struct Inspected {
    pub(crate) explanation: Explanation,
    /// Whether the principal sees the row.
    pub(crate) visible: bool,
    /// The cell as it is served to the principal.
    pub(crate) shown: Json,
}

/// Reads rows of a database file.
#[derive(Debug)]
pub(crate) struct Inspector<'a> {
    catalog: &'a Catalog,
    reader: Reader,
}

impl<'a> Inspector<'a> {
    /// Opens the database for reading.
    pub(crate) fn open(
        catalog: &'a Catalog,
        database: &DatabaseUrl,
        settings: &PoolSettings,
    ) -> Result<Self, InspectError> {
        let reader = Reader::open(database, settings, TIMEOUT)?;
        Ok(Self { catalog, reader })
    }

    /// Explains a cell of a row. Which cells of the row and of its neighbours that takes is known only when it is tried.
    pub(crate) async fn explain(
        &self,
        view: &View,
        shape: &Shape,
        cell: Cell<'_>,
    ) -> Result<Inspected, InspectError> {
        let mut paths: Vec<RowPath> = Vec::new();
        for _ in 0..MAX_READS {
            let (values, answer) = self.read(view, shape, cell, &paths).await?;
            let row = KnownRow::new(paths.iter().cloned().zip(values));
            let explanation = view.explain(Asked {
                entity: cell.entity,
                field: cell.field,
                actions: cell.actions,
                row: Some(&row),
                reveal: cell.reveal,
            });
            let missed = row.missed();
            if missed.is_empty() {
                let seen = answer.pointer("/data/row").cloned().unwrap_or_default();
                return Ok(Inspected {
                    explanation,
                    visible: !seen.is_null(),
                    shown: seen.get("cell").cloned().unwrap_or_default(),
                });
            }
            paths.extend(missed);
        }
        Err(InspectError::Bug)
    }

    async fn read(
        &self,
        view: &View,
        shape: &Shape,
        cell: Cell<'_>,
        paths: &[RowPath],
    ) -> Result<(Vec<Value>, Json), InspectError> {
        let plan = inspect(Inspection {
            catalog: self.catalog,
            dialect: self.reader.dialect(),
            view,
            entity: cell.entity,
            id: cell.id,
            field: cell.field,
            paths,
        });
        let plan = Arc::new(plan.ok_or(InspectError::Bug)?);
        let data = self.reader.fetch(Prepared::fixed(&plan), ()).await?;
        let kinds: Option<Vec<&Kind>> = paths.iter().map(|path| self.kind(shape, path)).collect();
        let values = mask::stored(
            data.first().ok_or(InspectError::Bug)?,
            &kinds.ok_or(InspectError::Bug)?,
        );
        let values = values.ok_or_else(|| InspectError::NoRow {
            entity: shape
                .entity(cell.entity)
                .map_or_else(String::new, |entity| entity.name.clone()),
            id: cell.id,
        })?;
        let answer = mask::answer(&plan, &data)?;
        let answer = serde_json::from_slice(&answer).map_err(|_| InspectError::Bug)?;
        Ok((values, answer))
    }

    fn kind(&self, shape: &Shape, path: &RowPath) -> Option<&'a Kind> {
        let entity = self.catalog.entities.get(path.target(shape)?)?;
        Some(&entity.fields.get(path.field)?.kind)
    }
}
