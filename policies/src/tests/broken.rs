//! Damage: every file here must refuse to load, and say where and why.

use std::fmt::Write as _;
use std::fs;

use super::fixture::{CLASSES, MASKING};
use super::{key, shape};
use crate::report::Report;
use crate::{PolicyErrors, PolicyFiles, PolicySet};

const RULES: &str = "p, admin, *, row, true, allow\np, admin, *, full, true, allow\n";

/// What is wrong, as a line of a log each.
pub(super) fn errors(rules: &[u8], masking: &str) -> String {
    faults(rules, masking).to_string()
}

/// What is wrong, as it is shown to a person.
pub(super) fn shown(rules: &[u8], masking: &str) -> String {
    Report::new(false, 120).errors(&faults(rules, masking))
}

fn faults(rules: &[u8], masking: &str) -> PolicyErrors {
    let files = PolicyFiles::from_memory(rules, masking);
    match PolicySet::from_files(&files, &shape(), &key()) {
        Ok(_) => panic!("it loads:\n{}", String::from_utf8_lossy(rules)),
        Err(errors) => errors,
    }
}

/// The rules come first, so that their lines are easy to find in the errors.
pub(super) fn with(rules: &str) -> String {
    format!("{RULES}{rules}\n{CLASSES}")
}

const DAMAGED_RULES: &[(&str, &str)] = &[
    (
        "effect with a typo",
        "p, intern, financial, full, true, denied",
    ),
    (
        "effect in capitals",
        "p, intern, financial, full, true, DENY",
    ),
    (
        "trailing comment",
        "p, intern, financial, full, true, deny # not for interns",
    ),
    (
        "row type in capitals",
        "P, intern, financial, full, true, deny",
    ),
    ("indented comment", "  # p, intern"),
    (
        "two rows on one line",
        "p, intern, financial, full, true, deny p, intern, pii, full, true, deny",
    ),
    ("too few columns", "p, intern, financial, full, deny"),
    (
        "too many columns",
        "p, intern, financial, full, true, deny, deny",
    ),
    ("a row cut short", "p, intern, financial, full, true, de"),
    (
        "an unquoted comma",
        "p, intern, Customer, row, row.owner_id in [1, 2], deny",
    ),
    (
        "a quote after a space",
        "p, intern, Customer, row, \"row.owner_id in [1, 2]\", deny",
    ),
    ("an open quote", "p, intern, financial, full, true,\"deny"),
    ("an empty column", "p, intern, , full, true, deny"),
    ("a NUL", "p, intern, fin\0ancial, full, true, deny"),
    (
        "a lone carriage return",
        "p, intern, financial, full, true, deny\rp, intern, pii, full, true, deny",
    ),
    (
        "action with a typo",
        "p, intern, financial, fulll, true, deny",
    ),
    (
        "action that does not exist",
        "p, intern, financial, frobnicate, true, deny",
    ),
    (
        "object with a typo",
        "p, intern, finacial, full, true, deny",
    ),
    (
        "entity with a typo",
        "p, intern, Custommer, full, true, deny",
    ),
    (
        "field with a typo",
        "p, intern, Customer.emial, full, true, deny",
    ),
    (
        "a column for a field",
        "p, intern, Customer.full_name, full, true, deny",
    ),
    ("half a class name", "p, intern, financ, full, true, deny"),
    ("a pattern", "p, intern, Customer.*, full, true, deny"),
    (
        "class of an entity that lacks it",
        "p, intern, Order:pii, full, true, deny",
    ),
    ("rows of a class", "p, intern, pii, row, true, deny"),
    (
        "deleting a field",
        "p, intern, Customer.email, delete, true, deny",
    ),
    (
        "role that is no name",
        "p, in tern, financial, full, true, deny",
    ),
    (
        "condition with a typo",
        "p, intern, Customer, row, row.owner == user.id, deny",
    ),
    (
        "condition that is no condition",
        "p, intern, Customer, row, tru, deny",
    ),
    (
        "condition on a column that some lack",
        "p, intern, pii, full, row.customer_id == 3, deny",
    ),
    (
        "condition that few fit",
        "p, intern, *, full, row.owner_id == 3, deny",
    ),
    (
        "several mistakes in one row",
        "p, intern, finacial, fulll, tru, denied",
    ),
    (
        "the same row twice",
        "p, intern, financial, full, true, deny\np,intern,financial,full,true,deny",
    ),
    (
        "roles in a circle",
        "g, admin, boss\ng, boss, chief\ng, chief, admin",
    ),
    ("a role that inherits itself", "g, admin, admin"),
    ("a role that inherits a typo", "g, manager, admn"),
    (
        "a chain of ten roles",
        "g, a, b\ng, b, c\ng, c, d\ng, d, e\ng, e, f\ng, f, h\ng, h, i\ng, i, j\ng, j, k\ng, k, admin",
    ),
    ("g with three names", "g, a, b, c"),
    ("class given twice", "g2, Customer.email, public"),
    ("class of an unknown field", "g2, Customer.fax, pii.contact"),
    ("class that is no name", "g2, Order.customerId, PII contact"),
    ("class of a foreign key", "g2, Order.customerId, public"),
];

#[test]
fn damaged_rules_refuse_to_load() {
    let mut told = String::new();
    for (name, rows) in DAMAGED_RULES {
        let _ = writeln!(
            told,
            "# {name}\n{}\n",
            errors(with(rows).as_bytes(), MASKING)
        );
    }
    insta::assert_snapshot!("damaged_rules", told);
}

#[test]
fn damaged_rules_are_shown_with_the_word_that_is_wrong() {
    let told = DAMAGED_RULES.iter().chain(UNFIT_CONDITIONS);
    let told: Vec<String> = told
        .map(|(name, rows)| format!("# {name}\n{}\n", shown(with(rows).as_bytes(), MASKING)))
        .collect();
    insta::assert_snapshot!("damaged_rules_shown", told.join("\n"));
}

/// Conditions whose fault is somewhere inside them.
const UNFIT_CONDITIONS: &[(&str, &str)] = &[
    (
        "a column at the end of a way",
        "p, a, Order, row, row.total > 1 && row.customer . owner.departmint_id == 3, allow",
    ),
    (
        "a relation on the way",
        "p, a, Order, row, row.customer.ownr.department_id == 3, allow",
    ),
    (
        "behind wide characters",
        "p, a, Customer, row, row.full_name == '日本語' || row.emial == 'é', allow",
    ),
    (
        "behind quotes written twice",
        "p, a, Customer, row,\"row.full_name in [\"\"a\"\", \"\"b\"\"] && row.emial == null\", allow",
    ),
    (
        "types that do not fit",
        "p, a, Customer, row, row.consent && row.income < 'much', allow",
    ),
    (
        "a computation",
        "p, a, Customer, row, row.score < 1.5 + 2.0, allow",
    ),
    (
        "a list that mixes types",
        "p, a, Customer, row,\"row.consent || user.level in [1, 'b']\", allow",
    ),
    (
        "no expression, behind wide characters",
        "p, a, Customer, row, row.full_name == '日本' row.consent, allow",
    ),
    (
        "an end too early",
        "p, a, Customer, row, row.consent &&, allow",
    ),
    (
        "tabs, and a character that turns the text around",
        "p,\ta,\tCustomer,\trow,\trow.full_name == '\u{202e}x' && row.emial == null,\tallow",
    ),
    (
        "a name that turns the text around",
        "p, a, Cust\u{202e}omer, row, true, allow",
    ),
];

#[test]
fn damaged_files_refuse_to_load() {
    let whole = with("");
    let mut told = String::new();
    let mut tell = |name: &str, rules: &[u8]| {
        let told_errors = errors(rules, MASKING);
        let _ = writeln!(told, "# {name}\n{told_errors}\n");
    };
    tell("a byte order mark", format!("\u{feff}{whole}").as_bytes());
    tell(
        "another encoding",
        &[whole.as_bytes(), b"\xff\xfe"].concat(),
    );
    tell("an empty file", b"");
    tell("comments only", b"# nothing yet\n");
    tell("a file cut after the rules", RULES.as_bytes());
    tell(
        "a field without a class",
        whole
            .replace("g2, Customer.email, pii.contact.email\n", "")
            .as_bytes(),
    );
    insta::assert_snapshot!("damaged_files", told);
    let whole = with("").replace("public", "pub\u{e9}lic");
    let unreadable = [whole.as_bytes(), b"p, \xff\xfe\n"].concat();
    insta::assert_snapshot!("damaged_file_shown", shown(&unreadable, MASKING));
}

const DAMAGED_MASKING: &[(&str, &str)] = &[
    (
        "keys that fall together",
        "[class.\"key\"]\ndesensitized = { masker = \"null\" }\n",
    ),
    ("no masker for a tier", "[class.\"key\"]\n"),
    (
        "not TOML",
        "[class.\"pii\"]\npartial = { masker = \"null\"\nk = \n",
    ),
    ("unknown keys", "kk = 3\n[classes]\n"),
    (
        "k too small",
        "k = 1\n[class.\"pii\"]\npartial = { masker = \"null\" }\n",
    ),
    (
        "unknown masker",
        "[class.\"pii\"]\npartial = { masker = \"nul\" }\n",
    ),
    (
        "unknown masker that nothing uses",
        "[class.\"pii\"]\npartial = { masker = \"null\" }\ndesensitized = { masker = \"shuffle\" }\n",
    ),
    ("no masker named", "[class.\"pii\"]\npartial = {}\n"),
    (
        "a mask that is no table",
        "[class.\"pii\"]\npartial = \"null\"\n",
    ),
    (
        "unknown tier",
        "[class.\"pii\"]\npartly = { masker = \"null\" }\npartial = { masker = \"null\" }\n",
    ),
    (
        "unknown class",
        "[class.\"pii\"]\npartial = { masker = \"null\" }\n[class.\"pii.contract\"]\npartial = { masker = \"null\" }\n",
    ),
    (
        "unknown field",
        "[class.\"pii\"]\npartial = { masker = \"null\" }\n[field.\"Customer.emial\".partial]\nmasker = \"null\"\n",
    ),
    (
        "mask of a foreign key",
        "[class.\"pii\"]\npartial = { masker = \"null\" }\n[field.\"Order.customerId\".partial]\nmasker = \"null\"\n",
    ),
    (
        "unknown role",
        "[audiences]\nclark = \"partner\"\n[class.\"pii\"]\npartial = { masker = \"null\" }\n",
    ),
    (
        "audience that is no name",
        "[audiences]\nclerk = \"Our Partner\"\n[class.\"pii\"]\npartial = { masker = \"null\" }\n",
    ),
    (
        "a masker for another kind",
        "[class.\"pii\"]\npartial = { masker = \"email\" }\n",
    ),
    (
        "an aggregate that is no table, says nothing, or something else",
        "[class.\"pii\"]\npartial = { masker = \"null\" }\n[class.\"financial\"]\naggregate = 1000\n[class.\"commerce\"]\naggregate = {}\n[field.\"Order.total\".aggregate]\nrond = 1000\nk = 7\n",
    ),
    (
        "steps that are none",
        "[class.\"pii\"]\npartial = { masker = \"null\" }\naggregate = { round = 0 }\n[class.\"financial\"]\naggregate = { round = -1000 }\n[class.\"commerce\"]\naggregate = { round = \"a lot\" }\n[field.\"Order.total\".aggregate]\nround = inf\n[field.\"Customer.income\".aggregate]\nround = \"0.0000001\"\n[class.\"financial.income\"]\naggregate = { round = 1000000000000001 }\n",
    ),
    (
        "roundings of what is never added up",
        "[class.\"pii\"]\npartial = { masker = \"null\" }\naggregate = { round = 10 }\n[field.\"Customer.email\".aggregate]\nround = 10\n[field.\"Customer.score\".aggregate]\nround = 10\n[field.\"Customer.id\".aggregate]\nround = 10\n[field.\"Customer.incom\".aggregate]\nround = 10\n[class.\"financial\"]\naggregate = { round = 10 }\n",
    ),
];

#[test]
fn damaged_masking_refuses_to_load() {
    let rules = with("p, clerk, pii, partial, true, allow");
    let mut told = String::new();
    for (name, masking) in DAMAGED_MASKING {
        let _ = writeln!(told, "# {name}\n{}\n", errors(rules.as_bytes(), masking));
    }
    insta::assert_snapshot!("damaged_masking", told);
    let told: Vec<String> = DAMAGED_MASKING
        .iter()
        .map(|(name, masking)| format!("# {name}\n{}\n", shown(rules.as_bytes(), masking)))
        .collect();
    insta::assert_snapshot!("damaged_masking_shown", told.join("\n"));
}

#[test]
fn a_directory_without_policies_tells_of_every_file() {
    let nowhere = std::path::Path::new("no/such/policies");
    let told = PolicySet::load(nowhere, &shape(), &key())
        .unwrap_err()
        .to_string();
    insta::assert_snapshot!("missing_files", told);
}

#[test]
fn another_model_is_refused() {
    let dir = std::env::temp_dir().join(format!("sudare-model-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("policy.csv"), with("")).unwrap();
    fs::write(dir.join("masking.toml"), MASKING).unwrap();
    let ours = crate::files::MODEL;
    fs::write(dir.join("model.conf"), ours).unwrap();
    assert!(PolicySet::load(&dir, &shape(), &key()).is_ok());
    for other in [
        ours.replace("!some(where (p.eft == deny))", "true"),
        ours.replace(
            "p = role, object, action, when, eft",
            "p = role, object, action, when, effect",
        ),
        ours.split("[matchers]").next().unwrap().to_owned(),
        String::new(),
    ] {
        fs::write(dir.join("model.conf"), &other).unwrap();
        let told = PolicySet::load(&dir, &shape(), &key())
            .unwrap_err()
            .to_string();
        assert!(told.contains("casbin model of Sudare"), "{told}");
    }
    fs::remove_dir_all(&dir).unwrap();
}
