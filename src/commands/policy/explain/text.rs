//! An explanation for eyes.

use std::fmt::Write as _;

use sudare_policies::decision::Tier;
use sudare_policies::explain::{RuleTrace, TierOutcome, Trace, Verdict};
use sudare_policies::maskers::declarations;

use super::{Shown, Told};

/// The whole page.
pub(super) fn page(told: &Told<'_>) -> String {
    let mut page = Page::default();
    page.head(told);
    if let Some(rows) = &told.explanation.rows {
        page.line("");
        page.line("Which rows are seen");
        page.rules(told, &rows.rules);
        page.verdict(&rows.verdict);
    }
    page.line("");
    page.line(match &told.explanation.tier {
        Some(_) => "What is shown of it",
        None => "What may be done with it",
    });
    page.rules(told, &told.explanation.rules);
    match &told.explanation.tier {
        Some(tier) => page.tier(tier),
        None => told
            .explanation
            .verdicts
            .iter()
            .for_each(|verdict| page.verdict(verdict)),
    }
    if told.row.is_some() {
        page.line("");
        page.row(told);
    }
    page.0
}

/// Lines, as they come. Writing to a text cannot fail.
#[derive(Default)]
struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn head(&mut self, told: &Told<'_>) {
        let (explanation, principal) = (&told.explanation, told.view.principal());
        let class = explanation.class.as_ref();
        let class = class.map_or_else(String::new, |class| format!(" ({class})"));
        self.line(&format!("{}{class}", explanation.coordinate));
        let roles: Vec<&str> = principal.roles.iter().map(String::as_str).collect();
        let mut who = format!("as {}", roles.join(" + "));
        if !principal.id.is_empty() {
            write!(who, ", subject {}", principal.id).ok();
        }
        for (name, value) in &principal.attributes {
            write!(who, ", {name} = {value}").ok();
        }
        let now = told.now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        write!(who, ", audience {}, at {now}", told.view.audience()).ok();
        self.line(&who);
    }

    fn rules(&mut self, told: &Told<'_>, rules: &[RuleTrace]) {
        if rules.is_empty() {
            self.line("  no rule speaks about this for these roles");
        }
        for rule in rules {
            let applies = match (rule.applies(), rule.effect) {
                (Some(true), "deny") => "denies",
                (Some(true), _) => "allows",
                (Some(false), _) => "does not apply",
                (None, _) => "depends on the row",
            };
            self.line(&format!(
                "  {}:{}: {}, {}, {}, {}: {applies}",
                told.file,
                rule.line,
                role(rule),
                rule.object,
                rule.action.name(),
                rule.effect,
            ));
            // `true` needs no explanation
            if rule.when.text != "true" {
                self.trace(&rule.when, 3);
            }
        }
    }

    fn trace(&mut self, trace: &Trace, depth: usize) {
        let truth = match trace.truth.word() {
            word if word.starts_with("depends") => word.to_owned(),
            word => format!("is {word}"),
        };
        let mut line = format!("{}{} {truth}", "  ".repeat(depth), trace.text);
        if !trace.why.is_empty() {
            write!(line, ": {}", trace.why).ok();
        }
        self.line(&line);
        for part in &trace.parts {
            self.trace(part, depth + 1);
        }
    }

    fn verdict(&mut self, verdict: &Verdict) {
        let name = verdict.action.name();
        let outcome = match verdict.allowed {
            Some(true) => format!("{name}: allowed"),
            Some(false) if verdict.decided_by.is_empty() => {
                format!("{name}: not allowed, no rule grants it")
            }
            Some(false) => format!("{name}: denied"),
            None => format!("{name}: allowed where {}", verdict.holds_where),
        };
        self.line(&format!("  => {outcome}{}", lines(&verdict.decided_by)));
        if let (Some(step), Some(true) | None) = (&verdict.rounded_to, verdict.allowed) {
            self.line(&format!(
                "     sums and means are rounded to multiples of {step}"
            ));
        }
    }

    fn tier(&mut self, outcome: &TierOutcome) {
        let by = lines(&outcome.decided_by);
        match outcome.tier {
            Some(Tier::None) if outcome.decided_by.is_empty() => {
                self.line("  => NONE: no rule grants more");
            }
            Some(tier) => self.line(&format!("  => {}{by}", tier.name())),
            None => {
                let mut steps: Vec<String> = outcome
                    .steps
                    .iter()
                    .map(|step| match step.holds_where.as_str() {
                        "true" => format!("else {}", step.tier.name()),
                        held => format!("{} where {held}", step.tier.name()),
                    })
                    .collect();
                if !steps.last().is_some_and(|last| last.starts_with("else")) {
                    steps.push("else NONE".to_owned());
                }
                self.line(&format!("  => {}{by}", steps.join(", ")));
            }
        }
        for step in &outcome.steps {
            let declared = |name: &str| declarations().iter().find(|known| known.name == name);
            if let Some(masker) = step.masker.as_deref().and_then(declared) {
                let tier = step.tier.name();
                self.line(&format!(
                    "     {tier} is made by `{}`: it {}",
                    masker.name, masker.summary
                ));
                self.line(&format!("     at most it shows {}", masker.max_reveal));
            }
        }
    }

    fn row(&mut self, told: &Told<'_>) {
        let Some(row) = &told.row else { return };
        let name = &told.explanation.coordinate;
        let name = name.split('.').next().unwrap_or_default();
        let tier = told.explanation.tier.as_ref().and_then(|out| out.tier);
        let told = match &row.shown {
            _ if !row.visible => "is hidden from this principal: nothing of it is shown".to_owned(),
            Shown::Nothing => "is seen".to_owned(),
            Shown::Stored => {
                "is seen, and the value is shown as it is stored (`--show-values` prints it)"
                    .to_owned()
            }
            Shown::NoKey => "is seen; how the value is masked depends on the key: set `SUDARE_MASKING_KEY`, or name the \
                data folder of the demo"
                .to_owned(),
            Shown::Cell(value) => match tier {
                Some(Tier::None) => "is seen, and nothing of the value is shown: null".to_owned(),
                _ => format!("is seen, and shown is: {value}"),
            },
        };
        self.line(&format!("{name} {} {told}", row.id));
    }
}

/// The role of a rule, and how the principal has it.
fn role(rule: &RuleTrace) -> String {
    match rule.through.as_slice() {
        [own @ .., _] if !own.is_empty() => {
            format!("{} (inherited by {})", rule.role, own.join(" > "))
        }
        _ => rule.role.clone(),
    }
}

fn lines(lines: &[usize]) -> String {
    match lines {
        [] => String::new(),
        [line] => format!(" (line {line})"),
        lines => {
            let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
            format!(" (lines {})", lines.join(", "))
        }
    }
}
