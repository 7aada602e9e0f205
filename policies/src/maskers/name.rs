//! Names of persons: tells the two ways of writing them apart. Each masker of names falls back on the other one's rule.

use super::name_words::{Script, Words, read, read_plain};
use super::simple::is_simple_cjk;
use super::text::{hide, tidy};
use super::{Masked, name_cjk, name_latin};

/// Masks a name by the rule of the script that it is written in; what is no name, or is written in both, is hidden whole.
pub(super) fn mask(text: &str, order: name_latin::Order, out: &mut String) -> Masked {
    if write_plain(text, order, out).is_some() {
        return Masked::Text;
    }
    let Some(name) = tidy(text) else {
        return hide(out);
    };
    let mut words = Words::default();
    let done = match read(&name, &mut words) {
        Some(Script::Cjk) => name_cjk::write(&name, out),
        Some(Script::Spaced) => name_latin::write(words.all(), order, out),
        None => None,
    };
    done.map_or_else(|| hide(out), |()| Masked::Text)
}

/// Masks a name as nearly all are stored, of simple letters alone; none for any other, which must be looked at more closely.
fn write_plain(text: &str, order: name_latin::Order, out: &mut String) -> Option<()> {
    if text.starts_with(is_simple_cjk) {
        return name_cjk::write_plain(text, out);
    }
    let mut words = Words::default();
    read_plain(text, &mut words)?;
    name_latin::write(words.all(), order, out)
}
