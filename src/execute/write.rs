//! Running mutations: one transaction, in which each change is looked at before, made, looked at again, and told.

use std::future::Future;

use super::{ExecuteError, RunError};
use crate::answer::RequestError;
use crate::mask::{Data, Fetched, ParentKey};
use crate::plan::{After, Echo, Found, Plan, RootValue, Select, Statement, Write};

/// A connection in a transaction. SQLite's stays in its thread.
pub(super) trait Session {
    /// The rows of a level and of all below it: of all parents, or of the one level without any.
    fn fetch(
        &mut self,
        select: &Select,
        parents: Option<&[ParentKey]>,
    ) -> impl Future<Output = Result<Fetched, ExecuteError>>;

    /// Runs a statement that changes something; the key that it gives, if it makes a row.
    fn change(
        &mut self,
        statement: &Statement,
    ) -> impl Future<Output = Result<Option<ParentKey>, ExecuteError>>;
}

/// Runs the roots of a plan one after the other, as the specification of GraphQL has it (section 6.2.2). The first that is
/// refused ends it; whoever holds the transaction takes back what was done before.
pub(super) async fn run(session: &mut impl Session, plan: &Plan) -> Result<Vec<Data>, RunError> {
    let mut data = Vec::with_capacity(plan.roots.len());
    for root in &plan.roots {
        data.push(match &root.value {
            RootValue::Write(write) => Data::Rows(one(session, write).await?),
            other => Data::ready(other),
        });
    }
    Ok(data)
}

async fn one(session: &mut impl Session, write: &Write) -> Result<Fetched, RunError> {
    let mut keys = match &write.found {
        Some(found) => vec![find(session, found).await?],
        None => Vec::with_capacity(write.changes.len()),
    };
    let told = if write.told_before {
        Some(session.fetch(&write.answer, Some(&keys)).await?)
    } else {
        None
    };
    for change in &write.changes {
        let made = session.change(change).await;
        let made = made.map_err(|error| match error {
            ExecuteError::Conflict => refused(vec![write.conflict.clone()]),
            other => RunError::Execute(other),
        })?;
        keys.extend(made.filter(|_| write.makes_rows));
    }
    if let Some(after) = &write.after {
        holds_after(session, after, &keys).await?;
    }
    match told {
        Some(told) => Ok(told),
        None if keys.is_empty() => Ok(Fetched::default()),
        None => Ok(session.fetch(&write.answer, Some(&keys)).await?),
    }
}

/// The key of the row that is written, which stays locked, if all that must hold of it does.
async fn find(session: &mut impl Session, found: &Found) -> Result<ParentKey, RunError> {
    let row = session.fetch(&found.select, None).await?;
    let Some(key) = row.first_key(found.key) else {
        return Err(refused(vec![found.missing.clone()]));
    };
    let failed = found.checks.iter().filter(|check| !row.holds(check.guard));
    let mut errors: Vec<RequestError> = failed.map(|check| check.error.clone()).collect();
    let echoes = found.echoes.iter();
    errors.extend(echoes.filter_map(|echo| wrong(&row, echo)));
    if errors.is_empty() {
        Ok(key)
    } else {
        Err(refused(errors))
    }
}

fn wrong(row: &Fetched, echo: &Echo) -> Option<RequestError> {
    let said = echo.error.as_ref();
    let echoed = said.filter(|_| row.is_echo(&echo.cell, &echo.value));
    echoed.or(echo.invalid.as_ref()).cloned()
}

async fn holds_after(
    session: &mut impl Session,
    after: &After,
    keys: &[ParentKey],
) -> Result<(), RunError> {
    let rows = session.fetch(&after.select, Some(keys)).await?;
    let failed = after
        .checks
        .iter()
        .filter(|check| !rows.all_hold(check.guard));
    let errors: Vec<RequestError> = failed.map(|check| check.error.clone()).collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(refused(errors))
    }
}

fn refused(errors: Vec<RequestError>) -> RunError {
    RunError::Refused(errors)
}
