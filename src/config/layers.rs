//! The sources of the configuration, each a layer over the one before.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;
use figment::providers::Serialized;
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::Serialize;

use super::{Config, ConfigError, ConfigErrors, LogFormat, LogLevel};

/// The file that is read when no other is named.
const DEFAULT_FILE: &str = "sudare.toml";

/// The variable that names the file; it is not part of the configuration itself.
const FILE_VARIABLE: &str = "SUDARE_CONFIG";

/// What `--help` calls the flags that every command takes, so that a command's own come first.
pub const SETTINGS: &str = "Settings of every command";

/// Where the configuration comes from.
#[derive(Debug)]
pub struct Sources<'a> {
    /// The file; none is `sudare.toml` if there is one.
    pub file: Option<&'a Path>,
    /// The environment, all of it.
    pub environment: Vec<(OsString, OsString)>,
    /// The flags.
    pub flags: &'a Overrides,
}

/// The keys that flags may override. Secrets have no flag: other processes can read the command line.
#[derive(Args, Clone, Debug, Default, Serialize)]
pub struct Overrides {
    /// The database.
    #[command(flatten)]
    pub database: DatabaseOverrides,
    /// Folder of the policy files [default: policies]
    #[arg(long, global = true, value_name = "FOLDER", help_heading = SETTINGS)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policies: Option<PathBuf>,
    /// Folder of the server's own files [default: data]
    #[arg(long, global = true, value_name = "FOLDER", help_heading = SETTINGS)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// The log.
    #[command(flatten)]
    pub log: LogOverrides,
    /// Address and port; set by `serve`.
    #[arg(skip)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
}

/// Flags of the database.
#[derive(Args, Clone, Debug, Default, Serialize)]
pub struct DatabaseOverrides {
    /// Database as a URL [default: SQLite in the data folder]. One with a password is better kept in `SUDARE_DATABASE_URL`
    /// or a file: other users of the machine can read the command line
    #[arg(
        long = "database-url",
        global = true,
        value_name = "URL",
        id = "database_url",
        help_heading = SETTINGS
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Flags of the log.
#[derive(Args, Clone, Debug, Default, Serialize)]
pub struct LogOverrides {
    /// Form of the log [default: pretty]
    #[arg(
        long = "log-format",
        global = true,
        value_name = "FORMAT",
        id = "log_format",
        help_heading = SETTINGS
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<LogFormat>,
    /// Least important event that is logged [default: info]
    #[arg(
        long = "log-level",
        global = true,
        value_name = "LEVEL",
        id = "log_level",
        help_heading = SETTINGS
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<LogLevel>,
}

/// Lays the sources over each other.
pub(super) fn merge(sources: &Sources<'_>) -> Result<Config, ConfigErrors> {
    let keys = Keys::all();
    let mut errors = Vec::new();
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    match file_layer(sources.file, &keys, &mut errors) {
        Ok(Some(layer)) => figment = figment.merge(layer),
        Ok(None) => {}
        Err(error) => errors.push(error),
    }
    figment = figment
        .merge(environment_layer(&sources.environment, &keys, &mut errors))
        .merge(Serialized::defaults(sources.flags));
    if !errors.is_empty() {
        return Err(ConfigErrors(errors));
    }
    figment.extract().map_err(|error| {
        ConfigErrors(
            error
                .into_iter()
                .map(|one| ConfigError::BadType(one.to_string()))
                .collect(),
        )
    })
}

/// The variable that overrides a key: `jwt.secret` is `SUDARE_JWT_SECRET`.
pub(super) fn variable(key: &str) -> String {
    format!("SUDARE_{}", key.replace('.', "_").to_uppercase())
}

/// Every key that there is, with its default as JSON; read from the structs, so that no list can go stale.
struct Keys(Vec<(String, serde_json::Value)>);

impl Keys {
    fn all() -> Self {
        let mut keys = Vec::new();
        if let Ok(defaults) = serde_json::to_value(Config::default()) {
            flatten("", &defaults, &mut keys);
        }
        Self(keys)
    }

    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|(known, _)| known == key)
    }

    fn is_table(&self, key: &str) -> bool {
        let prefix = format!("{key}.");
        self.0.iter().any(|(known, _)| known.starts_with(&prefix))
    }
}

fn flatten(path: &str, value: &serde_json::Value, keys: &mut Vec<(String, serde_json::Value)>) {
    let serde_json::Value::Object(fields) = value else {
        keys.push((path.to_owned(), value.clone()));
        return;
    };
    for (name, field) in fields {
        flatten(&join(path, name), field, keys);
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The known name that `name` most probably means.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate.to_owned())
}

/// Like [`nearest`], without the prefix that makes all variables look alike.
fn nearest_variable(name: &str, known: &[String]) -> Option<String> {
    let bare = |name: &'_ str| name.trim_start_matches("SUDARE_").to_owned();
    let known: Vec<String> = known.iter().map(|name| bare(name)).collect();
    nearest(&bare(name), known.iter().map(String::as_str)).map(|name| format!("SUDARE_{name}"))
}

/// Values of one source, under a name for errors.
struct Layer {
    metadata: Metadata,
    values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

fn file_layer(
    named: Option<&Path>,
    keys: &Keys,
    errors: &mut Vec<ConfigError>,
) -> Result<Option<Layer>, ConfigError> {
    let file = named.unwrap_or(Path::new(DEFAULT_FILE)).to_owned();
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(None);
        }
        Err(error) => return Err(ConfigError::Unreadable { file, error }),
    };
    let table: toml::Table = toml::from_str(&text).map_err(|error| syntax(&file, &text, &error))?;
    unknown_keys(&file, "", &table, keys, errors);
    let values = Value::serialize(&table)
        .ok()
        .and_then(Value::into_dict)
        .unwrap_or_default();
    let metadata =
        Metadata::from("configuration file", file.as_path()).interpolater(|_, path| path.join("."));
    Ok(Some(Layer { metadata, values }))
}

/// The parser's own display quotes the line that it stumbled over, which may be the one with a secret.
fn syntax(file: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    ConfigError::Syntax {
        file: file.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        message: error.message().to_owned(),
    }
}

fn unknown_keys(
    file: &Path,
    path: &str,
    table: &toml::Table,
    keys: &Keys,
    errors: &mut Vec<ConfigError>,
) {
    for (name, value) in table {
        let key = join(path, name);
        match value {
            toml::Value::Table(inner) if keys.is_table(&key) => {
                unknown_keys(file, &key, inner, keys, errors);
            }
            _ if keys.has(&key) || keys.is_table(&key) => {}
            _ => errors.push(ConfigError::UnknownKey {
                file: file.to_owned(),
                nearest: nearest(&key, keys.0.iter().map(|(known, _)| known.as_str())),
                key,
            }),
        }
    }
}

fn environment_layer(
    environment: &[(OsString, OsString)],
    keys: &Keys,
    errors: &mut Vec<ConfigError>,
) -> Layer {
    let names: Vec<String> = keys.0.iter().map(|(key, _)| variable(key)).collect();
    let mut values = Dict::new();
    for (name, value) in environment {
        let name = name.to_string_lossy();
        if !name.starts_with("SUDARE_") || name == FILE_VARIABLE {
            continue;
        }
        let known = names
            .iter()
            .zip(&keys.0)
            .find(|(variable, _)| **variable == name);
        let Some((_, (key, default))) = known else {
            errors.push(ConfigError::UnknownVariable {
                nearest: nearest_variable(&name, &names),
                name: name.into_owned(),
            });
            continue;
        };
        match read_variable(value, default) {
            Ok(value) => insert(&mut values, key, value),
            Err(fault) => errors.push(ConfigError::BadVariable {
                name: name.into_owned(),
                fault: fault.to_owned(),
            }),
        }
    }
    let metadata =
        Metadata::named("the environment").interpolater(|_, path| variable(&path.join(".")));
    Layer { metadata, values }
}

/// A variable as a value of its key's type. figment would guess the type from the text, and so read a secret of digits as
/// a number.
fn read_variable(
    text: &std::ffi::OsStr,
    default: &serde_json::Value,
) -> Result<Value, &'static str> {
    let text = text.to_str().ok_or("is not UTF-8")?;
    if text.is_empty() {
        return Err("is empty: unset it or give it a value");
    }
    if default.is_number() {
        let number: u64 = text.parse().map_err(|_| "must be a whole number")?;
        return Ok(Value::from(number));
    }
    Ok(Value::from(text))
}

fn insert(values: &mut Dict, key: &str, value: Value) {
    let nested = figment::util::nest(key, value);
    if let Some(dict) = nested.into_dict() {
        for (name, value) in dict {
            match (values.get_mut(&name), value) {
                (Some(Value::Dict(_, present)), Value::Dict(_, more)) => present.extend(more),
                (_, value) => {
                    values.insert(name, value);
                }
            }
        }
    }
}
