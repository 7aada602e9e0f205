//! Customers: persons whose parts fit each other.

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use serde_json::json;
use sudare_entities::customer::{self, Gender, LifecycleStage, MaritalStatus};
use sudare_policies::persons::{self, Country, Traits};

use crate::blind::BlindIndex;

use super::calendar::{END, moment};
use super::course::{Course, Permission};
use super::house::House;
use super::mention::aside;
use super::stream::Stream;
use super::words::{Market, Occupation, Words};

/// Odd names and notes come back after this many customers.
const ODD_EVERY: i64 = 120;

/// A customer, and what the history of one is made from.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) row: customer::Model,
    pub(super) country: Country,
    pub(super) words: &'static Words,
    pub(super) course: Course,
    /// Who the person is, known to us or not.
    pub(super) own: persons::Person,
    /// Whether the person buys for many.
    pub(super) large: bool,
    pub(super) marketing: Vec<Permission>,
    pub(super) analytics: Vec<Permission>,
}

/// What is drawn before anything is known to the house.
struct Identity {
    own: persons::Person,
    gender: Option<Gender>,
    age: i64,
}

/// The customer with this key.
pub(super) fn person(seed: u64, market: &Market, house: &House, key: i64) -> Person {
    let stream = &mut Stream::of(seed, "customer", key);
    let (country, words) = market.person(stream);
    let identity = identity(stream, country);
    let course = Course::of(stream, country, identity.own.traits().birth);
    let mut person = Person {
        row: bare(key, &course, country),
        country,
        words,
        course,
        own: identity.own,
        large: stream.chance(8),
        marketing: course.permissions(stream, 62),
        analytics: course.permissions(stream, 55),
    };
    person.row.full_name = full_name(words, &identity.own, key);
    stream
        .weighted(words.languages)
        .clone_into(&mut person.row.language);
    consent(stream, &mut person);
    belong(stream, market, house, &mut person);
    reach(stream, &mut person.row, &identity.own);
    means(stream, words, &mut person.row, &identity);
    person.row.preferences = preferences(stream, market, &person.row);
    person.row.notes = notes(stream, &person);
    person
}

fn identity(stream: &mut Stream, country: Country) -> Identity {
    let gender = stream.one_of(
        Gender::Female,
        &[
            (Gender::Female, 49),
            (Gender::Male, 49),
            (Gender::Diverse, 2),
        ],
    );
    let male = match gender {
        Gender::Female => false,
        Gender::Male => true,
        Gender::Diverse => stream.chance(50),
    };
    let (youngest, oldest) = stream.weighted(&[
        ((18, 25), 14),
        ((25, 40), 34),
        ((40, 60), 33),
        ((60, 88), 19),
    ]);
    let age = stream.between(youngest, oldest - 1);
    let days = age * 365 + age / 4 + stream.between(30, 364);
    let traits = traits(country, male, END.date_naive() - TimeDelta::days(days));
    Identity {
        own: persons::Person::draw(traits, stream.rng()),
        gender: Some(gender).filter(|_| stream.chance(95)),
        age,
    }
}

pub(super) fn traits(country: Country, male: bool, birth: NaiveDate) -> Traits {
    let gender = if male {
        persons::Gender::Male
    } else {
        persons::Gender::Female
    };
    Traits {
        country,
        gender,
        birth,
    }
}

fn full_name(words: &Words, own: &persons::Person, key: i64) -> String {
    let mut odd = words.odd_names.iter().zip([7, 29, 53, 71]);
    let odd = odd.find(|(_, at)| key % ODD_EVERY == *at);
    odd.map_or_else(|| own.full_name(), |(name, _)| (*name).to_owned())
}

/// A customer of whom nothing personal is known.
fn bare(id: i64, course: &Course, country: Country) -> customer::Model {
    customer::Model {
        id,
        full_name: String::new(),
        email: None,
        email_blind: None,
        phone: None,
        phone_blind: None,
        national_id: None,
        national_id_blind: None,
        bank_card: None,
        birth_date: None,
        gender: None,
        marital_status: None,
        occupation: None,
        annual_income: None,
        country: country.code().to_owned(),
        language: String::new(),
        address_line: None,
        city: None,
        region: None,
        postal_code: None,
        lifecycle_stage: course.stage,
        preferences: json!({}),
        notes: None,
        consent_marketing: false,
        consent_analytics: false,
        owner_id: None,
        department_id: 0,
        version: 1,
        created_at: course.came,
        updated_at: course.came,
    }
}

/// Gives a customer the indexes by which it is looked up.
pub(super) fn index(row: &mut customer::Model, indexes: &[BlindIndex]) {
    for index in indexes
        .iter()
        .filter(|index| index.place.table == "customer")
    {
        let (value, blind) = match index.place.column.as_str() {
            "email" => (&row.email, &mut row.email_blind),
            "phone" => (&row.phone, &mut row.phone_blind),
            "national_id" => (&row.national_id, &mut row.national_id_blind),
            _ => continue,
        };
        *blind = value.as_deref().map(|value| index.of(value));
    }
}

/// The flags say what holds today. Each change of them changed the row, as others did.
fn consent(stream: &mut Stream, person: &mut Person) {
    let row = &mut person.row;
    let holds = |permissions: &[Permission]| {
        let last = permissions.last();
        last.is_some_and(|permission| permission.withdrawn.is_none())
    };
    row.consent_marketing = holds(&person.marketing);
    row.consent_analytics = holds(&person.analytics);
    for permission in person.marketing.iter().chain(&person.analytics) {
        let changes = [Some(permission.given), permission.withdrawn];
        for change in changes.into_iter().flatten() {
            row.version += 1;
            row.updated_at = row.updated_at.max(change);
        }
    }
    for _ in 0..stream.weighted(&[(0, 40), (1, 34), (2, 18), (4, 8)]) {
        row.version += 1;
        let change = moment(stream, row.created_at, END);
        row.updated_at = row.updated_at.max(change);
    }
}

/// Who looks after the person.
fn belong(stream: &mut Stream, market: &Market, house: &House, person: &mut Person) {
    let department = if person.large {
        market.trade.key_accounts
    } else {
        market.trade.department(person.country, person.own.region())
    };
    person.row.department_id = house.department(department);
    let looked_after = person.row.lifecycle_stage != LifecycleStage::Potential || stream.chance(70);
    person.row.owner_id = house
        .employee(stream, person.row.department_id)
        .filter(|_| looked_after);
}

/// How the person can be reached; nothing can be delivered to a buyer without an address.
fn reach(stream: &mut Stream, row: &mut customer::Model, own: &persons::Person) {
    let known = row.lifecycle_stage != LifecycleStage::Potential;
    row.email = Some(own.email()).filter(|_| stream.chance(96));
    row.phone = Some(own.phone()).filter(|_| stream.chance(97));
    if known || stream.chance(60) {
        row.address_line = Some(own.address_line());
        row.city = Some(own.city().to_owned());
        row.region = Some(own.region().to_owned());
        row.postal_code = Some(own.postal_code());
    }
}

/// What the person is and has.
fn means(stream: &mut Stream, words: &Words, row: &mut customer::Model, identity: &Identity) {
    let known = row.lifecycle_stage != LifecycleStage::Potential;
    let fits = |work: &&(Occupation, u32)| (work.0.ages.0..=work.0.ages.1).contains(&identity.age);
    let works: Vec<_> = words.occupations.iter().filter(fits).copied().collect();
    let work = stream.weighted(&works);
    let (least, most) = work.income;
    // Most earn little of what is possible.
    let income = stream.between(least * 10, most * 10);
    let income = income.min(stream.between(least * 10, most * 10));
    let income = Decimal::new(income * 10_000, 2);
    let birth = identity.own.traits().birth;
    row.birth_date = Some(birth).filter(|_| known || stream.chance(70));
    row.gender = identity.gender;
    row.marital_status = Some(marital_status(stream, identity.age)).filter(|_| stream.chance(92));
    row.occupation = Some(work.title.to_owned()).filter(|_| stream.chance(94));
    row.annual_income = Some(income).filter(|_| row.occupation.is_some() && stream.chance(90));
    let id = identity.own.national_id();
    row.national_id = Some(id).filter(|_| stream.chance(if known { 92 } else { 35 }));
    row.bank_card = Some(identity.own.card()).filter(|_| known && stream.chance(85));
}

fn marital_status(stream: &mut Stream, age: i64) -> MaritalStatus {
    let weights = match age {
        ..25 => [94, 6, 0, 0],
        25..40 => [46, 47, 7, 0],
        40..60 => [17, 62, 18, 3],
        _ => [8, 58, 14, 20],
    };
    let all = [
        MaritalStatus::Single,
        MaritalStatus::Married,
        MaritalStatus::Divorced,
        MaritalStatus::Widowed,
    ];
    let weighted: Vec<_> = all.into_iter().zip(weights).collect();
    stream.one_of(MaritalStatus::Single, &weighted)
}

fn preferences(stream: &mut Stream, market: &Market, row: &customer::Model) -> serde_json::Value {
    let shelves = market.trade.shelves;
    let (first, second) = (stream.pick(shelves), stream.pick(shelves));
    let mut topics = vec![first.category];
    if second.category != first.category {
        topics.push(second.category);
    }
    let contact = match (&row.email, &row.phone) {
        (Some(_), Some(_)) => stream.pick(&["EMAIL", "PHONE"]),
        (Some(_), None) => "EMAIL",
        (None, Some(_)) => "PHONE",
        (None, None) => "POST",
    };
    json!({ "contact": contact, "newsletter": row.consent_marketing, "topics": topics })
}

/// Some notes are as good as empty, and some say what another field hides.
fn notes(stream: &mut Stream, person: &Person) -> Option<String> {
    match person.row.id % ODD_EVERY {
        97 => return Some(String::new()),
        113 => return Some(" ".to_owned()),
        _ => {}
    }
    let words = person.words;
    let plain = stream.pick(words.notes);
    let aside = aside(stream, &words.noted, person.country, &person.row);
    let (noted, alone) = (stream.chance(55), stream.chance(60));
    let note = match aside.filter(|_| stream.chance(55)) {
        Some(aside) if alone => aside,
        Some(aside) => format!("{plain}{}{aside}", words.gap),
        None => plain.to_owned(),
    };
    Some(note).filter(|_| noted)
}
