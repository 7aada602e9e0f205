//! Customers: persons whose parts fit each other.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use sudare_entities::customer::{self, Gender, LifecycleStage, MaritalStatus};

use super::calendar::{BEGIN, END, days_before_end, midnight, moment};
use super::house::House;
use super::identifiers::{card, domain, local_part, national_id, phone};
use super::stream::Stream;
use super::words::{Occupation, Place, Words};

/// A customer has stopped buying after this many days without an order.
pub(super) const LOST_AFTER_DAYS: i64 = 400;
/// Odd names and notes come back after this many customers.
const ODD_EVERY: i64 = 120;

/// A customer, and what the history of one is made from.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) row: customer::Model,
    pub(super) place: Place,
    /// The part of an e-mail address before the `@`, also the beginning of login names.
    pub(super) mailbox: String,
    pub(super) marketing: Option<Permission>,
    pub(super) analytics: Option<Permission>,
}

/// A time in which something was allowed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permission {
    pub(super) given: DateTime<Utc>,
    pub(super) withdrawn: Option<DateTime<Utc>>,
}

impl Permission {
    /// The last instant at which it was still allowed.
    pub(super) fn until(self) -> DateTime<Utc> {
        self.withdrawn.unwrap_or(END)
    }
}

/// Who the person is.
struct Identity {
    full_name: String,
    mailbox: String,
    male: bool,
    gender: Option<Gender>,
    birth: NaiveDate,
    age: i64,
}

/// When the customer came and how far it went.
struct Course {
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    stage: LifecycleStage,
}

/// The customer with this key.
pub(super) fn person(seed: u64, words: &Words, house: &House, key: i64) -> Person {
    let stream = &mut Stream::of(seed, "customer", key);
    let identity = identity(stream, words, key);
    let course = course(stream, identity.birth);
    let place = stream.weighted(words.places);
    let marketing = permission(stream, course.created_at, 62);
    let analytics = permission(stream, course.created_at, 55);
    let mut person = Person {
        row: bare(key, &course, place),
        place,
        mailbox: identity.mailbox.clone(),
        marketing,
        analytics,
    };
    let row = &mut person.row;
    row.consent_marketing = marketing.is_some_and(|it| it.withdrawn.is_none());
    row.consent_analytics = analytics.is_some_and(|it| it.withdrawn.is_none());
    row.language = words.language(stream, place.country).to_owned();
    let largest = stream.chance(8);
    row.department_id = house.department(if largest {
        words.key_accounts
    } else {
        place.department
    });
    let looked_after = row.lifecycle_stage != LifecycleStage::Potential || stream.chance(70);
    row.owner_id = house
        .employee(stream, row.department_id)
        .filter(|_| looked_after);
    reach(stream, words, row, (&identity, place));
    means(stream, words, row, (&identity, place));
    row.preferences = preferences(stream, words, row);
    row.notes = notes(stream, words, row);
    person.row.full_name = identity.full_name;
    person
}

fn identity(stream: &mut Stream, words: &Words, key: i64) -> Identity {
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
    let name = words.name(stream, male);
    let (youngest, oldest) = stream.weighted(&[
        ((18, 25), 14),
        ((25, 40), 34),
        ((40, 60), 33),
        ((60, 88), 19),
    ]);
    let age = stream.between(youngest, oldest - 1);
    let days = age * 365 + age / 4 + stream.between(30, 364);
    let odd = words.odd_names.iter().zip([7, 29, 53, 71]);
    let odd = odd.into_iter().find(|(_, at)| key % ODD_EVERY == *at);
    Identity {
        full_name: odd.map_or(name.full, |(name, _)| (*name).to_owned()),
        mailbox: local_part(&name.parts),
        male,
        gender: Some(gender).filter(|_| stream.chance(95)),
        birth: END.date_naive() - TimeDelta::days(days),
        age,
    }
}

/// Only grown-ups are recorded, and nobody is lost who came lately.
fn course(stream: &mut Stream, birth: NaiveDate) -> Course {
    let grown_up = birth.checked_add_months(Months::new(18 * 12));
    let from = grown_up.map_or(BEGIN, midnight).max(BEGIN);
    let created_at = moment(stream, from, days_before_end(1));
    let stage = if created_at < days_before_end(LOST_AFTER_DAYS + 30) {
        stream.one_of(
            LifecycleStage::Active,
            &[
                (LifecycleStage::Potential, 15),
                (LifecycleStage::Active, 58),
                (LifecycleStage::Lost, 27),
            ],
        )
    } else {
        let bought = stream.chance(60);
        if bought {
            LifecycleStage::Active
        } else {
            LifecycleStage::Potential
        }
    };
    let updated_at = if stream.chance(80) {
        moment(stream, created_at, END)
    } else {
        created_at
    };
    Course {
        created_at,
        updated_at,
        stage,
    }
}

fn permission(stream: &mut Stream, from: DateTime<Utc>, percent: i64) -> Option<Permission> {
    let given = moment(stream, from, END.min(from + TimeDelta::days(60)));
    let withdrawn = moment(stream, given, END);
    let withdrawn = Some(withdrawn).filter(|_| stream.chance(15));
    Some(Permission { given, withdrawn }).filter(|_| stream.chance(percent))
}

/// A customer of whom nothing personal is known.
fn bare(id: i64, course: &Course, place: Place) -> customer::Model {
    customer::Model {
        id,
        full_name: String::new(),
        email: None,
        phone: None,
        national_id: None,
        bank_card: None,
        birth_date: None,
        gender: None,
        marital_status: None,
        occupation: None,
        annual_income: None,
        country: place.country.code().to_owned(),
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
        version: if course.updated_at > course.created_at {
            2
        } else {
            1
        },
        created_at: course.created_at,
        updated_at: course.updated_at,
    }
}

/// How the person can be reached; nothing can be delivered to a buyer without an address.
fn reach(
    stream: &mut Stream,
    words: &Words,
    row: &mut customer::Model,
    (identity, place): (&Identity, Place),
) {
    let known = row.lifecycle_stage != LifecycleStage::Potential;
    let (year, domain) = (stream.digits(2), domain(stream));
    let email = format!("{}{year}@{domain}", identity.mailbox);
    row.email = Some(email).filter(|_| stream.chance(96));
    let phone = phone(stream, place.country, place.area);
    row.phone = Some(phone).filter(|_| stream.chance(97));
    let street = words.address_line(stream, place.country);
    let postal_code = place.postal_code(stream);
    if known || stream.chance(60) {
        row.address_line = Some(street);
        row.city = Some(place.city.to_owned());
        row.region = Some(place.region.to_owned());
        row.postal_code = Some(postal_code);
    }
}

/// What the person is and has.
fn means(
    stream: &mut Stream,
    words: &Words,
    row: &mut customer::Model,
    (identity, place): (&Identity, Place),
) {
    let known = row.lifecycle_stage != LifecycleStage::Potential;
    let fits = |work: &&(Occupation, u32)| (work.0.ages.0..=work.0.ages.1).contains(&identity.age);
    let works: Vec<_> = words.occupations.iter().filter(fits).copied().collect();
    let work = stream.weighted(&works);
    let (least, most) = work.income;
    let income = Decimal::new(stream.between(least * 10, most * 10) * 10_000, 2);
    let id = national_id(stream, place.country, identity.birth, identity.male);
    let card = card(stream, place.country);
    row.birth_date = Some(identity.birth).filter(|_| known || stream.chance(70));
    row.gender = identity.gender;
    row.marital_status = Some(marital_status(stream, identity.age)).filter(|_| stream.chance(92));
    row.occupation = Some(work.title.to_owned()).filter(|_| stream.chance(94));
    row.annual_income = Some(income).filter(|_| row.occupation.is_some() && stream.chance(90));
    row.national_id = Some(id).filter(|_| stream.chance(if known { 92 } else { 35 }));
    row.bank_card = Some(card).filter(|_| known && stream.chance(85));
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

fn preferences(stream: &mut Stream, words: &Words, row: &customer::Model) -> serde_json::Value {
    let (first, second) = (stream.pick(words.shelves), stream.pick(words.shelves));
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
fn notes(stream: &mut Stream, words: &Words, row: &customer::Model) -> Option<String> {
    match row.id % ODD_EVERY {
        97 => return Some(String::new()),
        113 => return Some(" ".to_owned()),
        _ => {}
    }
    let plain = stream.pick(words.notes).to_owned();
    let calling = stream.pick(words.phone_notes);
    let (noted, calls) = (stream.chance(45), stream.chance(20));
    match &row.phone {
        Some(phone) if noted && calls => Some(calling.replace("{phone}", phone)),
        _ => Some(plain).filter(|_| noted),
    }
}
