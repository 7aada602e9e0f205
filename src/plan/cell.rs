//! A cell of the answer: the columns that it needs and how it is shown.

use sudare_entities::catalog::{Entity, Kind};
use sudare_policies::condition::RowPath;
use sudare_policies::decision::Tier;

use super::planner::Level;
use super::sql::Sql;
use super::{CellShape, GrantShape, Show, SubjectShape};

impl Sql<'_> {
    /// How the field is shown in rows of the level.
    pub(super) fn cell(
        &self,
        level: &mut Level,
        entity: &Entity,
        position: usize,
    ) -> Option<CellShape> {
        let field = entity.fields.get(position)?;
        let decision = self.view.decision(level.scope.entity, position);
        let grants: Vec<GrantShape> = decision
            .grants
            .iter()
            .filter_map(|grant| {
                // A tier without a masker is refused when policies are loaded; were one to slip through, it shows nothing.
                let show = match grant.tier {
                    Tier::Full => Show::Full,
                    tier => Show::Masked(
                        self.view
                            .masker(level.scope.entity, position, tier)?
                            .clone(),
                    ),
                };
                Some(GrantShape {
                    guard: level.guard(self, &grant.when),
                    show,
                })
            })
            .collect();
        let column = (!grants.is_empty()).then(|| level.column(self.seen(&level.scope, position)));
        Some(CellShape {
            coordinate: format!("{}.{}", entity.name, field.name),
            kind: Kind::clone(&field.kind),
            is_key: position == entity.key || field.references.is_some(),
            column,
            subject: self.subject(level, &grants),
            grants,
        })
    }

    /// The columns of the person behind the row, if one of the masks needs them.
    fn subject(&self, level: &mut Level, grants: &[GrantShape]) -> Option<SubjectShape> {
        let needs = |grant: &GrantShape| matches!(&grant.show, Show::Masked(masker) if masker.needs_subject());
        if !grants.iter().any(needs) {
            return None;
        }
        let paths = self.view.subject(level.scope.entity)?;
        let mut column = |path: &RowPath| Some(level.column(self.path(path, &level.scope)?));
        Some(SubjectShape {
            key: column(&paths.key)?,
            country: paths.country.as_ref().and_then(&mut column),
            gender: paths.gender.as_ref().and_then(&mut column),
            birth: paths.birth.as_ref().and_then(&mut column),
        })
    }
}
