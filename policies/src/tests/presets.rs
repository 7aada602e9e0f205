//! The presets: each loads, and stands in wherever masking.toml says nothing.

use super::fixture::{CLASSES, key, now, principal, shape};
use crate::PolicyFiles;
use crate::decision::Tier;
use crate::maskers::{Masked, Subject};
use crate::value::ValueRef;
use crate::{PolicyErrors, PolicySet};

/// Classes of the fixture that every preset knows, at both tiers.
const RULES: &str = "p, a, Customer, row, true, allow\n\
                     p, a, pii.name, partial, true, allow\np, a, pii.name, desensitized, true, allow\n\
                     p, a, pii.contact, partial, true, allow\np, a, pii.contact, desensitized, true, allow\n\
                     p, a, pii.birth, partial, true, allow\np, a, pii.birth, desensitized, true, allow\n\
                     p, a, financial, partial, true, allow\np, a, financial, desensitized, true, allow\n\
                     p, a, key, desensitized, true, allow\n";

fn set(masking: &str) -> Result<std::sync::Arc<PolicySet>, PolicyErrors> {
    let files = PolicyFiles::from_memory(format!("{RULES}{CLASSES}"), masking);
    PolicySet::from_files(&files, &shape(), &key()).map(std::sync::Arc::new)
}

/// What the role sees of a name below FULL.
fn name(masking: &str, tier: Tier, name: &str) -> String {
    let set = set(masking).unwrap_or_else(|errors| panic!("{masking}: {errors}"));
    let view = set
        .view(principal("1", &["a"], serde_json::Value::Null), now())
        .unwrap();
    let masker = view.masker(2, 1, tier).unwrap();
    let mut shown = String::new();
    match masker.mask(ValueRef::Text(name), &Subject::default(), &mut shown) {
        Masked::Null => "null".to_owned(),
        _ => shown,
    }
}

#[test]
fn every_preset_has_a_mask_for_what_every_house_has() {
    for preset in ["cn-display", "eu-support", "partner", "demo"] {
        let masking = format!("preset = \"{preset}\"");
        for tier in [Tier::Partial, Tier::Desensitized] {
            let shown = name(&masking, tier, "欧阳娜娜");
            assert_ne!(shown, "欧阳娜娜", "{preset}");
        }
    }
    assert_eq!(
        name("preset = \"cn-display\"", Tier::Partial, "欧阳娜娜"),
        "欧阳**"
    );
    assert_eq!(
        name("preset = \"eu-support\"", Tier::Partial, "John Smith"),
        "John S."
    );
}

#[test]
fn what_masking_toml_says_itself_goes_before_the_preset() {
    // a short prefix of its own, before a longer one of the preset
    let own = "preset = \"cn-display\"\n[class.\"pii\"]\npartial = { masker = \"null\" }";
    assert_eq!(name(own, Tier::Partial, "欧阳娜娜"), "null");
    assert_ne!(name(own, Tier::Desensitized, "欧阳娜娜"), "null");
}

#[test]
fn sums_are_rounded_as_the_longest_prefix_says_and_else_as_the_preset_does() {
    const INCOME: usize = 3;
    let step = |masking: &str| {
        let set = set(masking).unwrap_or_else(|errors| panic!("{masking}: {errors}"));
        set.rounding(2, INCOME).map(|step| step.to_string())
    };
    let says = |step: &str| Some(step.to_owned());
    let preset = "preset = \"partner\"\n";
    assert_eq!(step(preset), says("1000"));
    assert_eq!(step("preset = \"demo\""), None);
    let class = format!("{preset}[class.\"financial\"]\naggregate = {{ round = \"0.50\" }}\n");
    assert_eq!(step(&class), says("0.5"));
    let longer = "[class.\"financial.income\"]\naggregate = { round = 2e3 }\n";
    assert_eq!(step(&format!("{class}{longer}")), says("2000"));
    let field = "[field.\"Customer.income\".aggregate]\nround = 5000\n";
    assert_eq!(step(&format!("{class}{longer}{field}")), says("5000"));
}

#[test]
fn a_preset_that_does_not_exist_is_named_with_the_nearest() {
    let error = |masking: &str| set(masking).unwrap_err().to_string();
    let told = error("preset = \"eu-suport\"");
    assert!(
        told.contains("unknown preset `eu-suport`; did you mean `eu-support`?"),
        "{told}"
    );
    let told = error("preset = \"gdpr\"");
    assert!(
        told.contains("the presets are cn-display, eu-support, partner, demo"),
        "{told}"
    );
}
