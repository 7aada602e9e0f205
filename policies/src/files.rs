//! The three files of a set of policies, read whole and checked for damage before anything is made of them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use sha2::{Digest, Sha256};

use crate::error::{Fault, Findings};
use crate::place::Place;

/// No policy is this large; something else was put in its place.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Our casbin model.
pub(crate) const MODEL: &str = include_str!("../model.conf");

/// The files of a set of policies: where they come from and what is in them.
#[derive(Clone, Debug)]
pub struct PolicyFiles {
    pub(crate) model: PolicyFile,
    pub(crate) rules: PolicyFile,
    pub(crate) masking: PolicyFile,
}

#[derive(Clone, Debug)]
pub(crate) struct PolicyFile {
    path: PathBuf,
    content: Result<Vec<u8>, Fault>,
}

impl PolicyFiles {
    /// Reads the files of a directory. What cannot be read is reported when the set is made.
    #[must_use]
    pub fn read(dir: &Path) -> Self {
        let file = |name: &str| {
            let path = dir.join(name);
            let content = read(&path);
            PolicyFile { path, content }
        };
        Self {
            model: file("model.conf"),
            rules: file("policy.csv"),
            masking: file("masking.toml"),
        }
    }

    /// Rules and masking from memory, with our model, as if they lay in `policies/`: for tests and tools.
    #[must_use]
    pub fn from_memory(rules: impl Into<Vec<u8>>, masking: impl Into<Vec<u8>>) -> Self {
        let file = |name: &str, content: Vec<u8>| PolicyFile {
            path: Path::new("policies").join(name),
            content: Ok(content),
        };
        Self {
            model: file("model.conf", MODEL.into()),
            rules: file("policy.csv", rules.into()),
            masking: file("masking.toml", masking.into()),
        }
    }

    /// The hash of the three files, in short and in hexadecimal.
    pub(crate) fn revision(&self) -> String {
        let digest = self.digest();
        let short = digest.iter().take(8);
        short.map(|byte| format!("{byte:02x}")).collect()
    }

    /// The hash of the three files.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for file in [&self.model, &self.rules, &self.masking] {
            let content = file.content.as_deref().unwrap_or_default();
            hash.update((content.len() as u64).to_be_bytes());
            hash.update(content);
        }
        hash.finalize().into()
    }
}

impl PolicyFile {
    /// A place for what is wrong with this file.
    pub(crate) fn findings(&self) -> Findings {
        let content = self.content.as_deref().unwrap_or_default();
        Findings::new(
            self.path.display().to_string(),
            String::from_utf8_lossy(content).into_owned(),
        )
    }

    /// The text of the file, if it is a sound text.
    pub(crate) fn text(&self, findings: &mut Findings) -> Option<&str> {
        let content = match &self.content {
            Ok(content) => content,
            Err(fault) => {
                findings.add(0, fault.clone());
                return None;
            }
        };
        if content.starts_with(&[0xEF, 0xBB, 0xBF]) {
            findings.add(
                Place::new(1, 0..3),
                Fault::new(
                    "the file starts with a byte order mark",
                    "save it as UTF-8 without one",
                ),
            );
            return None;
        }
        let text = match str::from_utf8(content) {
            Ok(text) => text,
            Err(error) => {
                let before = content.get(..error.valid_up_to()).unwrap_or_default();
                let start = before.iter().rposition(|byte| *byte == b'\n');
                let start = start.map_or(0, |end| end + 1);
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                let column = before.len() - start;
                findings.add(
                    Place::new(line, column..column + 1),
                    Fault::new("the file is not UTF-8", "save it as UTF-8"),
                );
                return None;
            }
        };
        let mut sound = true;
        for (line, content) in (1..).zip(text.lines()) {
            let mut characters = content.char_indices();
            if let Some((at, odd)) = characters.find(|(_, c)| c.is_control() && *c != '\t') {
                let message = format!(
                    "the line holds the control character U+{:04X}",
                    u32::from(odd)
                );
                findings.add(
                    Place::new(line, at..at + odd.len_utf8()),
                    Fault::new(message, "remove it; the file may be damaged"),
                );
                sound = false;
            }
        }
        sound.then_some(text)
    }
}

/// Whether the model is ours, but for comments and spacing.
pub(crate) fn check_model(text: &str, findings: &mut Findings) {
    let cure = "restore model.conf; rules go into policy.csv";
    let mut ours = significant(MODEL);
    for (line, theirs) in significant(text) {
        if ours.next().map(|(_, own)| own) != Some(theirs) {
            findings.add(
                line,
                Fault::new("this is not the casbin model of Sudare", cure),
            );
            return;
        }
    }
    if ours.next().is_some() {
        findings.add(
            0,
            Fault::new("this is not the whole casbin model of Sudare", cure),
        );
    }
}

fn significant(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines().map(str::trim))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !metadata.is_file() {
        return Err(Fault::new("this is not a file", "put the policy file here"));
    }
    if metadata.len() > MAX_BYTES {
        return Err(Fault::new(
            format!("the file is larger than {MAX_BYTES} bytes"),
            "check that it is the policy file",
        ));
    }
    fs::read(path).map_err(|error| unreadable(&error))
}

fn unreadable(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::NotFound => Fault::new(
            "the file does not exist",
            "put it there, or name the directory that has it",
        ),
        kind => Fault::new(
            format!("the file cannot be read: {kind}"),
            "check that it may be read",
        ),
    }
}
