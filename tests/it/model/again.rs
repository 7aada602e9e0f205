//! The same operation once more, with other values in its variables: what has been prepared for one must serve the other, or not
//! be used.

use super::ask::{Arg, Ask};
use super::dice::Dice;

/// The query again, some values changed; `None` if it has no variable that is given.
pub(super) fn revalued(ask: &Ask, dice: &mut Dice) -> Option<Ask> {
    let mut again = ask.clone();
    let mut given: Vec<&mut Arg> = again
        .variables
        .iter_mut()
        .filter_map(|variable| variable.given.as_mut())
        .collect();
    if given.is_empty() {
        return None;
    }
    for value in &mut given {
        change(value, dice);
    }
    Some(again)
}

/// Most often another value of the same form, now and then another form.
fn change(value: &mut Arg, dice: &mut Dice) {
    match value {
        _ if dice.chance(30) => {}
        Arg::Boolean(truth) => *truth = !*truth,
        Arg::Number(text) => {
            let changed = other(text, dice);
            if serde_json::from_str::<serde_json::Number>(&changed).is_ok() {
                *text = changed;
            }
        }
        Arg::Text(text) => *text = other(text, dice),
        Arg::List(items) => {
            if dice.chance(20) {
                items.pop();
            }
            items.iter_mut().for_each(|item| change(item, dice));
        }
        Arg::Object(fields) => {
            if fields.len() > 1 && dice.chance(10) {
                fields.pop();
            }
            fields.iter_mut().for_each(|(_, value)| change(value, dice));
        }
        Arg::Variable(_) | Arg::Null | Arg::Enum(_) => {}
    }
}

/// Another text that is, most probably, of the same kind: a number, a day and an id differ in a digit.
fn other(text: &str, dice: &mut Dice) -> String {
    let digit = dice.pick(&['1', '2', '3']);
    let mut changed = false;
    let mut letters: Vec<char> = text.chars().collect();
    for letter in letters.iter_mut().rev() {
        if letter.is_ascii_digit() && *letter != digit && !changed {
            *letter = digit;
            changed = true;
        }
    }
    if !changed {
        letters.pop();
    }
    letters.into_iter().collect()
}
