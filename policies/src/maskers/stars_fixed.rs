//! `stars_fixed`: anything -> ******, whatever its length.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::text::{MOST_STARS, push_stars};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "stars_fixed",
    summary: "shows a fixed number of stars",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "nothing, not even the length; only that there is a value",
    budget: Budget::Nothing,
    params: &[
        Parameter {
            name: "stars",
            meaning: "how many stars, 1 to 32; 6 when left out",
        },
        Parameter {
            name: "char",
            meaning: "what stands for a star, neither a letter nor a digit; `*` when left out",
        },
    ],
    examples: &["", "stars = 1\nchar = \"•\""],
    build,
};

#[derive(Debug)]
struct StarsFixed(Box<str>);

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let count = params.count("stars", 1..=MOST_STARS as i64, 6)?;
    let mut stars = String::new();
    push_stars(count, &params.mask_char("char")?, &mut stars);
    Ok(Arc::new(StarsFixed(stars.into())))
}

impl Masker for StarsFixed {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        match value {
            ValueRef::Text(_) => {
                out.push_str(&self.0);
                Masked::Text
            }
            _ => Masked::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{error_of, masked};

    #[test]
    fn all_values_look_alike() {
        for text in ["", "a", "******", "correct horse battery staple", "张三"] {
            assert_eq!(masked("stars_fixed", "", text), "******");
            assert_eq!(
                masked("stars_fixed", "stars = 3\nchar = \"•\"", text),
                "•••"
            );
        }
        assert_eq!(masked("stars_fixed", "", &"x".repeat(1_000_000)), "******");
    }

    #[test]
    fn there_is_a_star_at_least() {
        for bad in ["0", "33", "\"6\""] {
            assert_eq!(
                error_of("stars_fixed", &format!("stars = {bad}")),
                "parameter `stars` of masker `stars_fixed` must be a whole number from 1 up to 32"
            );
        }
    }
}
