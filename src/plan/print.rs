//! A plan as text, for snapshots and for people: statements and shapes, but no values.

use std::fmt::{self, Display, Formatter};

use super::{
    CellShape, ConnectionShape, ConnectionValue, EdgeValue, GroupShape, GroupValue, ObjectShape,
    ObjectValue, Plan, RootValue, Select, Show, Write,
};

impl Display for Plan {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for root in &self.roots {
            let name = root.key.first().trim_matches([':', '"']);
            match &root.value {
                RootValue::Ready(_) => writeln!(f, "{name}: ready")?,
                RootValue::Introspection => writeln!(f, "{name}: introspection")?,
                RootValue::One { select, shape } => {
                    writeln!(f, "{name}: one {}", select.entity)?;
                    object(f, shape, select, 1)?;
                }
                RootValue::Groups { select, shape } => {
                    writeln!(
                        f,
                        "{name}: at most {} groups of {}",
                        select.limit, select.entity
                    )?;
                    statements(f, select, 1)?;
                    group(f, shape, 1)?;
                }
                RootValue::Lookup {
                    select,
                    shape,
                    lookup,
                } => {
                    let (most, entity) = (select.limit, &select.entity);
                    let by = &lookup.coordinate;
                    writeln!(f, "{name}: at most {most} {entity} by {by}")?;
                    object(f, shape, select, 1)?;
                }
                RootValue::Write(write) => {
                    writeln!(f, "{name}: write {}", write.answer.entity)?;
                    written(f, write)?;
                }
                RootValue::Many { select, shape } => {
                    writeln!(f, "{name}: page of {} {}", select.limit, select.entity)?;
                    connection(f, shape, select, 1)?;
                }
            }
        }
        for (coordinate, tier) in &self.disclosure {
            writeln!(f, "disclosure {coordinate} = {tier}")?;
        }
        Ok(())
    }
}

fn written(f: &mut Formatter<'_>, write: &Write) -> fmt::Result {
    if let Some(found) = &write.found {
        writeln!(f, "  find: {}", found.select.rows.text)?;
        for check in &found.checks {
            let code = check.error.extensions.code;
            writeln!(f, "    column {} else {code:?}", check.guard)?;
        }
        for echo in &found.echoes {
            writeln!(f, "    echo of {}", echo.cell.coordinate)?;
        }
    }
    for (select, checks) in &write.ahead.asked {
        writeln!(f, "  ahead: {}", select.rows.text)?;
        for check in checks {
            let code = check.error.extensions.code;
            writeln!(f, "    column {} else {code:?}", check.guard)?;
        }
    }
    for error in &write.ahead.refused {
        writeln!(f, "  refused: {:?}", error.extensions.code)?;
    }
    for change in &write.changes {
        writeln!(f, "  change: {}", change.text)?;
    }
    if let Some(after) = &write.after {
        writeln!(f, "  after: {}", after.select.rows.text)?;
    }
    let when = if write.told_before { "before" } else { "after" };
    writeln!(f, "  tell, {when} it:")?;
    object(f, &write.shape, &write.answer, 2)
}

fn statements(f: &mut Formatter<'_>, select: &Select, depth: usize) -> fmt::Result {
    let pad = "  ".repeat(depth);
    if select.fetches_rows {
        writeln!(f, "{pad}rows: {}", select.rows.text)?;
    }
    for (name, statement) in [
        ("count", &select.count),
        ("before", &select.before),
        ("after", &select.after),
    ] {
        if let Some(statement) = statement {
            writeln!(f, "{pad}{name}: {}", statement.text)?;
        }
    }
    Ok(())
}

fn object(
    f: &mut Formatter<'_>,
    shape: &ObjectShape,
    select: &Select,
    depth: usize,
) -> fmt::Result {
    statements(f, select, depth)?;
    object_fields(f, shape, select, depth)
}

fn object_fields(
    f: &mut Formatter<'_>,
    shape: &ObjectShape,
    select: &Select,
    depth: usize,
) -> fmt::Result {
    let pad = "  ".repeat(depth);
    for (key, value) in &shape.fields {
        write!(f, "{pad}{key} ")?;
        match value {
            ObjectValue::Typename(name) => writeln!(f, "typename {name}")?,
            ObjectValue::Cell(cell) => writeln!(f, "{cell}")?,
            ObjectValue::NodeId { column, .. } => writeln!(f, "node id of c{column}")?,
            ObjectValue::Disclosure(shape) => {
                writeln!(f, "disclosure of {} fields", shape.fields.len())?
            }
            ObjectValue::One { child, shape } => {
                if let Some(child) = select.children.get(*child) {
                    writeln!(f, "one {} by c{}", child.select.entity, child.key)?;
                    object(f, shape, &child.select, depth + 1)?;
                }
            }
            ObjectValue::Groups { child, shape } => {
                if let Some(child) = select.children.get(*child) {
                    let (most, entity) = (child.select.limit, &child.select.entity);
                    writeln!(f, "at most {most} groups of {entity} by c{}", child.key)?;
                    statements(f, &child.select, depth + 1)?;
                    group(f, shape, depth + 1)?;
                }
            }
            ObjectValue::Many { child, shape } => {
                if let Some(child) = select.children.get(*child) {
                    writeln!(
                        f,
                        "page of {} {} by c{}",
                        child.select.limit, child.select.entity, child.key
                    )?;
                    connection(f, shape, &child.select, depth + 1)?;
                }
            }
        }
    }
    Ok(())
}

fn group(f: &mut Formatter<'_>, shape: &GroupShape, depth: usize) -> fmt::Result {
    let pad = "  ".repeat(depth);
    for (key, value) in &shape.fields {
        write!(f, "{pad}{key} ")?;
        match value {
            GroupValue::Typename(name) => writeln!(f, "typename {name}")?,
            GroupValue::Cell(cell) => writeln!(f, "{cell}")?,
            GroupValue::Beginning(cell, zone) => writeln!(f, "{cell} in {zone}")?,
            GroupValue::Never => writeln!(f, "false")?,
            GroupValue::Object(shape) => {
                writeln!(f)?;
                group(f, shape, depth + 1)?;
            }
        }
    }
    Ok(())
}

fn connection(
    f: &mut Formatter<'_>,
    shape: &ConnectionShape,
    select: &Select,
    depth: usize,
) -> fmt::Result {
    statements(f, select, depth)?;
    let pad = "  ".repeat(depth);
    for (key, value) in &shape.fields {
        match value {
            ConnectionValue::Typename(name) => writeln!(f, "{pad}{key} typename {name}")?,
            ConnectionValue::TotalCount => writeln!(f, "{pad}{key} count")?,
            ConnectionValue::PageInfo(fields) => {
                writeln!(f, "{pad}{key} page info of {} fields", fields.len())?
            }
            ConnectionValue::Nodes(shape) => {
                writeln!(f, "{pad}{key} nodes")?;
                object_fields(f, shape, select, depth + 1)?;
            }
            ConnectionValue::Edges(fields) => {
                writeln!(f, "{pad}{key} edges")?;
                for (key, value) in fields {
                    match value {
                        EdgeValue::Typename(name) => writeln!(f, "{pad}  {key} typename {name}")?,
                        EdgeValue::Cursor => writeln!(f, "{pad}  {key} cursor")?,
                        EdgeValue::Node(shape) => {
                            writeln!(f, "{pad}  {key} node")?;
                            object_fields(f, shape, select, depth + 2)?;
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

impl Display for CellShape {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(column) = self.column else {
            return f.write_str("nothing");
        };
        write!(f, "c{column}")?;
        for grant in &self.grants {
            match &grant.show {
                Show::Full => f.write_str(" full")?,
                Show::Masked(masker) => write!(f, " {masker:?}")?,
            }
            if let Some(guard) = grant.guard {
                write!(f, " if c{guard},")?;
            }
        }
        Ok(())
    }
}
