//! Sudare itself, as it is installed: its program, its policies, its tokens.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::Outcome;
use crate::load::Target;
use crate::postgres::run;
use crate::process::{Process, free_port};

/// The program; cargo builds it for the benchmark.
const PROGRAM: &str = env!("CARGO_BIN_EXE_sudare");

/// Secrets of a server that lives for minutes and holds nothing but invented persons.
pub(crate) const SECRETS: [(&str, &str); 2] = [
    (
        "SUDARE_JWT_SECRET",
        "a secret of the benchmark, which guards nothing",
    ),
    (
        "SUDARE_MASKING_KEY",
        "another one for the masks, which guards nothing",
    ),
];

/// A role that sees every row, what is no person's in full, and what is in part.
const PARTIAL_ROLE: &str = "
g, partial, staff
p, partial, *, row, true, allow
p, partial, *, full, true, allow
p, partial, pii, full, true, deny
p, partial, pii.name, partial, true, allow
p, partial, pii.contact, partial, true, allow
p, partial, pii.id, partial, true, allow
p, partial, pii.birth, partial, true, allow
p, partial, pii.address.street, partial, true, allow
p, partial, pii.address.postal, partial, true, allow
p, partial, pii.address.city, partial, true, allow
p, partial, pii.address.region, partial, true, allow
";

/// A role to which positional masks show names, telephone numbers, e-mail addresses and national ids, and all else is FULL.
const POSITIONAL_ROLE: &str = "
g, positional, staff
p, positional, *, row, true, allow
p, positional, *, full, true, allow
p, positional, pii.name, full, true, deny
p, positional, pii.contact, full, true, deny
p, positional, pii.id, full, true, deny
p, positional, pii.name, partial, true, allow
p, positional, pii.contact, partial, true, allow
p, positional, pii.id, partial, true, allow
";

/// Masks of what the role sees in part and no role of the demo does.
const PARTIAL_MASKS: &str = "
[class.\"pii.address.city\"]
partial = { masker = \"keep_first_last\", first = 1, last = 0 }

[class.\"pii.address.region\"]
partial = { masker = \"keep_first_last\", first = 1, last = 0 }

[field.\"Address.kind\"]
partial = { masker = \"null\" }
";

/// As little policy as there can be: the gateway has no switch that turns it off, and no benchmark is a reason for one.
const ONE_ROLE: &str = "
p, all, *, row, true, allow
p, all, *, full, true, allow
";

/// Which policies a gateway has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Policies {
    /// Those of the demo, with the roles `partial` and `positional` beside its roles.
    Demo,
    /// A role `all` that sees everything, and nothing else.
    One,
}

/// A running gateway and its files.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) process: Process,
    url: String,
    _folder: TempDir,
}

impl Gateway {
    /// Starts it over a database and waits until it is ready.
    pub(crate) async fn start(database: &str, policies: Policies) -> Outcome<Self> {
        let folder = tempfile::Builder::new().prefix("sudare-bench-").tempdir()?;
        write(policies, &folder.path().join("policies"))?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let process = Process::start(Path::new(PROGRAM), |command| {
            settings(command, folder.path(), database);
            command.args(["serve", "--listen", &address]);
            command.stderr(Stdio::inherit());
        })?;
        let url = format!("http://{address}/graphql");
        let mut gateway = Self {
            process,
            url,
            _folder: folder,
        };
        let ready = format!("http://{address}/readyz");
        let probe = async || Ok(reqwest::get(&ready).await?.error_for_status().map(drop)?);
        gateway.process.until(probe).await?;
        Ok(gateway)
    }

    /// Where to ask as a role.
    pub(crate) fn target(&self, role: &str) -> Outcome<Target> {
        Ok(Target::new(self.url.clone(), token(role)?))
    }
}

/// A token of a role, for whatever gateway of this benchmark.
pub(crate) fn token(role: &str) -> Outcome<String> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(PROGRAM);
    settings(&mut command, folder.path(), "sqlite:none.db");
    command.args(["token", "--role", role, "--subject", "7", "--ttl", "12h"]);
    Ok(run(&mut command)?.trim().to_owned())
}

/// Fills a database through `sudare seed`.
pub(crate) fn seed(database: &str, customers: u64) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(PROGRAM);
    settings(&mut command, folder.path(), database);
    run(command.args(["seed", "--customers", &customers.to_string()])).map(drop)
}

/// Nothing of the environment that the benchmark runs in has a say, nor has a configuration file. A line a request is not logged:
/// the servers that it is compared with log nothing. A statement may take a minute, because the benchmark finds the middle of five million
/// rows by an offset, which takes PostgreSQL seven seconds; what is measured stays far below the usual limit.
fn settings(command: &mut Command, folder: &Path, database: &str) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SUDARE_") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).envs(SECRETS);
    command.env("SUDARE_LOG_LEVEL", "warn");
    command.env("SUDARE_LIMITS_STATEMENT_TIMEOUT_MS", "60000");
    command.env("SUDARE_LIMITS_REQUEST_TIMEOUT_MS", "60000");
    command.env("SUDARE_DATABASE_URL", database);
    command.env("SUDARE_POLICIES", folder.join("policies"));
    command.env("SUDARE_DATA", folder.join("data"));
}

fn write(policies: Policies, folder: &Path) -> Outcome<()> {
    let demo = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("policies");
    std::fs::create_dir(folder)?;
    let rules = std::fs::read_to_string(demo.join("policy.csv"))?;
    let masks = std::fs::read_to_string(demo.join("masking.toml"))?;
    let (rules, masks) = match policies {
        Policies::Demo => (
            rules + PARTIAL_ROLE + POSITIONAL_ROLE,
            masks + PARTIAL_MASKS,
        ),
        Policies::One => {
            let classes = rules
                .lines()
                .filter(|line| line.starts_with("g2,"))
                .map(|line| format!("{line}\n"));
            (
                classes.collect::<String>() + ONE_ROLE,
                "k = 10\n".to_owned(),
            )
        }
    };
    std::fs::copy(demo.join("model.conf"), folder.join("model.conf"))?;
    std::fs::write(folder.join("policy.csv"), rules)?;
    std::fs::write(folder.join("masking.toml"), masks)?;
    Ok(())
}
