//! Running mutations: one transaction, in which each change is looked at before, made, looked at again, and told.

use std::future::Future;

use super::reader::write as answer;
use super::{ExecuteError, RunError};
use crate::answer::RequestError;
use crate::mask::{Data, Fetched, ParentKey};
use crate::plan::{After, Ahead, Echo, Found, Plan, RootValue, Select, Statement, Write};

/// A connection of a server, that can be told where a transaction begins and ends.
pub(super) trait Teller: Session {
    /// Runs a statement that has no rows.
    fn tell(&mut self, statement: &'static str) -> impl Future<Output = Result<(), ExecuteError>>;
}

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

/// Runs a plan in a transaction of its own; with whether that has ended for certain, or else must end with its connection.
pub(super) async fn transact(
    session: &mut impl Teller,
    begin: &'static str,
    plan: &Plan,
) -> (bool, Result<Vec<u8>, RunError>) {
    if let Err(error) = session.tell(begin).await {
        return (false, Err(error.into()));
    }
    let answer = run(session, plan).await;
    let end = match answer {
        Ok(_) => "COMMIT",
        Err(_) => "ROLLBACK",
    };
    let ended = session.tell(end).await;
    let is_over = ended.is_ok();
    let done = answer.and_then(|answer| {
        ended?;
        Ok(answer)
    });
    (is_over, done)
}

/// Runs the roots of a plan one after the other, as the specification of GraphQL has it (section 6.2.2), and writes the answer. The
/// first that is refused ends it, and so does what cannot be told; whoever holds the transaction takes back what was done before.
pub(super) async fn run(session: &mut impl Session, plan: &Plan) -> Result<Vec<u8>, RunError> {
    let mut data = Vec::with_capacity(plan.roots.len());
    for root in &plan.roots {
        data.push(match &root.value {
            RootValue::Write(write) => Data::Rows(one(session, write).await?),
            other => Data::ready(other),
        });
    }
    Ok(answer(plan, &data)?.body)
}

async fn one(session: &mut impl Session, write: &Write) -> Result<Fetched, RunError> {
    holds_ahead(session, &write.ahead).await?;
    let mut changes = write.changes.as_slice();
    let mut keys = Vec::with_capacity(changes.len());
    if let Some(found) = &write.found {
        let key = find(session, found).await?;
        let which = found.keys.iter().position(|known| key.is(*known));
        let change = which.and_then(|which| changes.get(which..=which));
        changes = change.ok_or_else(|| refused(vec![found.missing.clone()]))?;
        keys.push(key);
    }
    let told = if write.told_before {
        Some(session.fetch(&write.answer, Some(&keys)).await?)
    } else {
        None
    };
    for change in changes {
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
    none(errors).map(|()| key)
}

fn wrong(row: &Fetched, echo: &Echo) -> Option<RequestError> {
    let said = echo.error.as_ref();
    let echoed = said.filter(|_| row.is_echo(echo));
    echoed.or(echo.invalid.as_ref()).cloned()
}

/// Whether new rows may be made.
async fn holds_ahead(session: &mut impl Session, ahead: &Ahead) -> Result<(), RunError> {
    let mut errors = ahead.refused.clone();
    for (select, checks) in &ahead.asked {
        let row = session.fetch(select, None).await?;
        for check in checks.iter().filter(|check| !row.holds(check.guard)) {
            if !errors.contains(&check.error) {
                errors.push(check.error.clone());
            }
        }
    }
    none(errors)
}

async fn holds_after(
    session: &mut impl Session,
    after: &After,
    keys: &[ParentKey],
) -> Result<(), RunError> {
    let rows = session.fetch(&after.select, Some(keys)).await?;
    let checks = after.checks.iter();
    let failed = checks.filter(|(check, of)| !rows.all_hold(check.guard, of));
    none(failed.map(|(check, _)| check.error.clone()).collect())
}

/// Refused, unless there is nothing to say.
fn none(errors: Vec<RequestError>) -> Result<(), RunError> {
    match errors.is_empty() {
        true => Ok(()),
        false => Err(refused(errors)),
    }
}

fn refused(errors: Vec<RequestError>) -> RunError {
    RunError::Refused(errors)
}
