//! `sudare mask try`.

use anyhow::{Context as _, bail};
use chrono::{DateTime, NaiveDate, Utc};
use clap::Args;
use rand::TryRng;
use rand::rngs::SysRng;
use rust_decimal::Decimal;
use sudare_policies::maskers::{
    self, Declaration, Masked, MaskingKey, Residue, Subject, Target, residue,
};
use sudare_policies::value::{ValueKind, ValueRef, uuid};
use uuid::Uuid;

use super::super::{legible, print};

/// Beyond this the number of digits says more than the digits.
const EXACT: f64 = 1e7;

/// What a value most probably is, exact numbers before those that round; an enum needs its variants.
const LIKELIEST: [ValueKind; 9] = [
    ValueKind::Boolean,
    ValueKind::Int,
    ValueKind::Decimal,
    ValueKind::Float,
    ValueKind::Date,
    ValueKind::DateTime,
    ValueKind::Uuid,
    ValueKind::Text,
    ValueKind::Json,
];

#[derive(Args, Clone, Debug)]
pub(in crate::commands) struct Arguments {
    /// The masker; `sudare mask list` lists them
    #[arg(value_name = "MASKER")]
    name: String,
    /// The value to mask
    #[arg(long, allow_hyphen_values = true)]
    value: String,
    /// A parameter of the masker, as in masking.toml: `first=3`; give it again for another
    #[arg(long = "set", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// What the field holds, for example `Text` or `Decimal` [default: what the masker takes and the value can be]
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The names of an enum, with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    variants: Vec<String>,
    /// The key of the person behind the row, for masks that give one person one identity
    #[arg(long, value_name = "ID")]
    subject: Option<i64>,
    /// Where the person lives, for example `US`
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// The person's gender, for example `FEMALE`
    #[arg(long, value_name = "NAME")]
    gender: Option<String>,
    /// The person's day of birth
    #[arg(long, value_name = "DAY")]
    birth: Option<NaiveDate>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let declaration = maskers::declaration(&arguments.name)?;
    let kind = kind(arguments, declaration)?;
    let parameters = parameters(&arguments.parameters)?;
    let target = target(arguments, kind)?;
    let masker = maskers::build(&arguments.name, &parameters, &target)?;
    let decoded = Decoded::read(kind, &arguments.value)
        .with_context(|| format!("`{}` is no {kind:?}", arguments.value))?;
    let value = decoded.value(&arguments.value);
    let subject = Subject {
        key: arguments.subject.map(ValueRef::Int),
        country: arguments.country.as_deref(),
        gender: arguments.gender.as_deref(),
        birth: arguments.birth,
        memo: None,
    };
    let mut out = String::new();
    let masked = masker.mask(value, &subject, &mut out);
    let left = residue(masker.as_ref(), declaration, value);
    let mut text = format!(
        "value   {}\nshown   {}\nleft    {}",
        arguments.value,
        shown(masked, &out),
        in_words(left)
    );
    if declaration.keyed {
        text +=
            "\nkey     made for this try: a server shows something else, and the same each time";
    }
    print(&legible(&text))
}

/// The kind that was asked for, or the first that the masker takes and the value can be.
fn kind(arguments: &Arguments, declaration: &Declaration) -> anyhow::Result<ValueKind> {
    if let Some(asked) = &arguments.kind {
        let found = ValueKind::ALL
            .into_iter()
            .find(|kind| format!("{kind:?}").eq_ignore_ascii_case(asked));
        return found.with_context(|| {
            let all = ValueKind::ALL.map(|kind| format!("{kind:?}")).join(", ");
            format!("there is no kind `{asked}`; the kinds are {all}")
        });
    }
    if !arguments.variants.is_empty() {
        return Ok(ValueKind::Enum);
    }
    LIKELIEST
        .into_iter()
        .filter(|kind| declaration.kinds.contains(kind))
        .find(|kind| Decoded::read(*kind, &arguments.value).is_some())
        .with_context(|| {
            let kinds: Vec<_> = declaration
                .kinds
                .iter()
                .map(|kind| format!("{kind:?}"))
                .collect();
            format!(
                "`{}` is none of what `{}` takes: {}",
                arguments.value,
                declaration.name,
                kinds.join(", ")
            )
        })
}

/// `first=3` as TOML; what is not a TOML value is a text.
fn parameters(given: &[String]) -> anyhow::Result<toml::Table> {
    let mut table = toml::Table::new();
    for parameter in given {
        let Some((name, value)) = parameter.split_once('=') else {
            bail!("`{parameter}` is no parameter; write NAME=VALUE, for example first=3");
        };
        let value = format!("value = {value}")
            .parse::<toml::Table>()
            .ok()
            .and_then(|mut table| table.remove("value"))
            .unwrap_or_else(|| toml::Value::String(value.to_owned()));
        table.insert(name.trim().to_owned(), value);
    }
    Ok(table)
}

fn target(arguments: &Arguments, kind: ValueKind) -> anyhow::Result<Target<'_>> {
    let mut secret = [0; 32];
    SysRng
        .try_fill_bytes(&mut secret)
        .context("the operating system gives no randomness")?;
    let key = MaskingKey::new(&secret)?;
    Ok(Target {
        kind,
        variants: &arguments.variants,
        nullable: true,
        key: key.domain("try", "try"),
        subject: arguments.subject.map(|_| key.domain("try", "subject try")),
        own_person: false,
        unique: false,
        narrow: false,
    })
}

/// What is not text in its own right.
enum Decoded {
    Boolean(bool),
    Int(i64),
    Float(f64),
    Decimal(Decimal),
    Text,
    Enum,
    Date(NaiveDate),
    DateTime(DateTime<Utc>),
    Uuid(Uuid),
    Json,
}

impl Decoded {
    fn read(kind: ValueKind, text: &str) -> Option<Self> {
        match kind {
            ValueKind::Boolean => text.parse().ok().map(Self::Boolean),
            ValueKind::Int => text.parse().ok().map(Self::Int),
            ValueKind::Float => text
                .parse()
                .ok()
                .filter(|value: &f64| value.is_finite())
                .map(Self::Float),
            ValueKind::Decimal => text.parse().ok().map(Self::Decimal),
            ValueKind::Text => Some(Self::Text),
            ValueKind::Enum => Some(Self::Enum),
            ValueKind::Date => text.parse().ok().map(Self::Date),
            ValueKind::DateTime => text.parse().ok().map(Self::DateTime),
            ValueKind::Uuid => uuid(text).map(Self::Uuid),
            ValueKind::Json => serde_json::from_str::<serde_json::Value>(text)
                .ok()
                .map(|_| Self::Json),
        }
    }

    fn value<'a>(&self, text: &'a str) -> ValueRef<'a> {
        match self {
            Self::Boolean(value) => ValueRef::Boolean(*value),
            Self::Int(value) => ValueRef::Int(*value),
            Self::Float(value) => ValueRef::Float(*value),
            Self::Decimal(value) => ValueRef::Decimal(*value),
            Self::Text => ValueRef::Text(text),
            Self::Enum => ValueRef::Enum(text),
            Self::Date(value) => ValueRef::Date(*value),
            Self::DateTime(value) => ValueRef::DateTime(*value),
            Self::Uuid(value) => ValueRef::Uuid(*value),
            Self::Json => ValueRef::Json(text),
        }
    }
}

fn shown(masked: Masked, text: &str) -> String {
    match masked {
        Masked::Null => "null".to_owned(),
        Masked::Boolean(value) => value.to_string(),
        Masked::Int(value) => value.to_string(),
        Masked::Float(value) => value.to_string(),
        Masked::Decimal(value) => value.to_string(),
        Masked::Text => text.to_owned(),
        Masked::Date(value) => value.to_string(),
        Masked::DateTime(value) => value.to_rfc3339(),
        Masked::Uuid(value) => value.to_string(),
    }
}

fn in_words(left: Residue) -> String {
    match left {
        Residue::All => "every value: the mask does not depend on it".to_owned(),
        Residue::WithoutKey => "every value, for whoever lacks the key; equal values of one audience and class look equal".to_owned(),
        Residue::Many => "more than can be counted here".to_owned(),
        Residue::About(count) if count < EXACT => format!("about {count:.0} values look like this"),
        Residue::About(count) => format!("about 10^{:.0} values look like this", count.log10()),
    }
}
