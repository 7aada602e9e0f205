//! Free text gives away what other fields hide, each time of the customer whom it is about.

use std::collections::BTreeSet;

use sudare_entities::customer;

use super::harvest::{HARVESTS, Harvest};

/// What is written about a customer: notes, summaries of talks, tickets.
fn texts(harvest: &Harvest) -> [Vec<(&customer::Model, &str)>; 3] {
    let who = |id: i64| &harvest.customers[&id];
    let notes = harvest.customers.values();
    let notes = notes.filter_map(|row| Some((row, row.notes.as_deref()?.trim())));
    let talks = harvest.interactions.iter();
    let talks = talks.filter_map(|row| Some((who(row.customer_id), row.summary.as_deref()?)));
    let tickets = harvest.tickets.iter();
    let tickets = tickets.map(|row| (who(row.customer_id), row.body.as_str()));
    [
        notes.filter(|(_, text)| !text.is_empty()).collect(),
        talks.collect(),
        tickets.collect(),
    ]
}

/// The digits of a text, those of Chinese keyboards too.
fn digits(text: &str) -> String {
    let digit = |c: char| match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
        _ => Some(c),
    };
    text.chars()
        .filter_map(digit)
        .filter(char::is_ascii_digit)
        .collect()
}

fn names_phone(row: &customer::Model, text: &str) -> bool {
    let Some((_, number)) = row.phone.as_deref().and_then(|phone| phone.split_once(' ')) else {
        return false;
    };
    digits(text).contains(&digits(number))
}

fn names_mail(row: &customer::Model, text: &str) -> bool {
    let text = text.to_lowercase();
    row.email.as_deref().is_some_and(|mail| text.contains(mail))
}

fn names_number(number: Option<&str>, text: &str) -> bool {
    number.is_some_and(|number| digits(text).contains(&digits(number)))
}

#[test]
fn a_good_share_of_texts_names_the_customers_own_contacts() {
    for harvest in &*HARVESTS {
        for (texts, least) in texts(harvest).iter().zip([30, 20, 40]) {
            let phones = texts
                .iter()
                .filter(|(row, text)| names_phone(row, text))
                .count();
            let mails = texts
                .iter()
                .filter(|(row, text)| names_mail(row, text))
                .count();
            let share = (phones + mails) * 100 / texts.len();
            assert!(
                (least..80).contains(&share),
                "{:?}: {share} %",
                harvest.locale
            );
            assert!(phones > mails && mails * 8 > phones);
        }
    }
}

#[test]
fn some_texts_name_cards_and_ids() {
    for harvest in &*HARVESTS {
        let texts = texts(harvest).concat();
        let cards = texts
            .iter()
            .filter(|(row, text)| names_number(row.bank_card.as_deref(), text));
        assert!(cards.count() > texts.len() / 100);
        let ids = texts
            .iter()
            .filter(|(row, text)| names_number(row.national_id.as_deref(), text));
        assert!(ids.count() > texts.len() / 100);
    }
}

#[test]
fn whatever_looks_like_a_contact_is_the_customers_own() {
    for harvest in &*HARVESTS {
        for (row, text) in texts(harvest).concat() {
            assert!(!text.contains('@') || names_mail(row, text), "{text}");
            assert!(!text.contains(['{', '}']), "{text}");
            let numbers = [row.bank_card.as_deref(), row.national_id.as_deref()];
            let own = names_phone(row, text)
                || names_mail(row, text)
                || numbers.iter().any(|number| names_number(*number, text));
            assert!(digits(text).len() < 7 || own, "{text}");
        }
    }
}

#[test]
fn telephone_numbers_are_written_in_many_forms() {
    for harvest in &*HARVESTS {
        // A form is what is left of a text where each digit is the same one, and words are gone.
        let form = |text: &str| -> String {
            let digit = |c: char| match c {
                '0'..='9' => Some('0'),
                '０'..='９' => Some('０'),
                '+' | '-' | '(' | ')' | ' ' => Some(c),
                _ => None,
            };
            let form: String = text.chars().filter_map(digit).collect();
            form.trim().to_owned()
        };
        let texts = texts(harvest).concat();
        let named = texts.iter().filter(|(row, text)| names_phone(row, text));
        let forms: BTreeSet<String> = named.map(|(_, text)| form(text)).collect();
        let has = |part: &str| forms.iter().any(|form| form.contains(part));
        assert!(
            has("+") && has("-") && has("(+") && has("00") && has("000000"),
            "{forms:?}"
        );
        assert!(forms.len() >= 7);
    }
}
