//! README and docs/masking.md show of commands and maskers what these are: `UPDATE_DOCS=1` writes it anew.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sudare_policies::maskers::{Declaration, declarations};

use crate::harness::policies;
use crate::process::{run, sudare};

const README: &str = "README.md";
const MASKING: &str = "docs/masking.md";

fn path(document: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(document)
}

fn read(document: &str) -> String {
    fs::read_to_string(path(document)).unwrap()
}

/// Holds a document against what it should be, or makes it so.
fn hold(document: &str, fresh: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path(document), fresh).unwrap();
        return;
    }
    let text = read(document);
    let both = text.lines().zip(fresh.lines());
    let differing = both.filter(|(own, fresh)| own != fresh);
    let differing: Vec<String> = differing
        .map(|(own, fresh)| format!("- {own}\n+ {fresh}"))
        .collect();
    assert!(
        text == fresh,
        "UPDATE_DOCS=1 would change {document}:\n{}",
        differing.join("\n")
    );
}

/// What a line of a shell prints, on either stream.
fn printed(data: &Path, line: &str) -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_sudare")).parent().unwrap();
    let mut command = std::process::Command::new("/bin/sh");
    command
        .args(["-c", &format!("{{ {line}; }} 2>&1")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .env("SUDARE_DATA", data);
    run(command).1
}

#[test]
fn commands_print_and_maskers_declare_what_the_documents_show() {
    let data = tempfile::tempdir().unwrap();
    hold(README, &with_output(data.path(), &read(README)));
    let masking = with_output(data.path(), &read(MASKING));
    hold(MASKING, &with_catalogue(&masking));
}

/// The document with what its commands print now.
fn with_output(data: &Path, document: &str) -> String {
    let (mut fresh, mut inside, mut commands) = (String::new(), false, 0);
    for line in document.lines() {
        if inside && let Some(command) = line.strip_prefix("$ ") {
            commands += 1;
            write!(fresh, "{line}\n{}", printed(data, command)).unwrap();
            continue;
        }
        let fence = line.starts_with("```");
        // what stands in a block between its commands is what they printed once
        if fence || !inside {
            writeln!(fresh, "{line}").unwrap();
        }
        inside = if fence { line == "```console" } else { inside };
    }
    assert!(commands > 3, "only {commands} commands are shown");
    fresh
}

/// The document with the table of all maskers.
fn with_catalogue(document: &str) -> String {
    let mark = "<!-- catalogue -->\n";
    let (before, after) = document.split_once(mark).unwrap();
    let (_, rest) = after.split_once("\n\n").unwrap();
    let head = "| masker | takes | | what it does | shows at most |\n|---|---|---|---|---|\n";
    let rows: String = declarations().iter().map(row).collect();
    format!("{before}{mark}{head}{rows}\n{rest}")
}

fn row(one: &Declaration) -> String {
    let kinds: Vec<String> = one.kinds.iter().map(|kind| format!("{kind:?}")).collect();
    let signs = [
        (one.format_preserving, "FP"),
        (one.deterministic, "D"),
        (one.joinable, "J"),
        (one.reversible, "R"),
        (one.keyed, "K"),
    ];
    let signs: Vec<&str> = signs
        .iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, sign)| *sign)
        .collect();
    format!(
        "| `{}` | {} | {} | {} | {} |\n",
        one.name,
        kinds.join(", "),
        signs.join(" "),
        one.summary.replace('|', "\\|"),
        one.max_reveal.replace('|', "\\|"),
    )
}

#[test]
fn every_command_of_a_steward_has_an_example_in_the_readme() {
    let readme = read(README);
    for (group, names) in [
        ("mask", ["list", "try"].as_slice()),
        ("policy", &["check", "lint", "matrix", "explain", "test"]),
    ] {
        let data = tempfile::tempdir().unwrap();
        let (_, help, _) = run(sudare(data.path(), &[group, "--help"]));
        for name in names {
            assert!(help.contains(&format!("  {name} ")), "{name} in {help}");
            let ran = [
                format!("$ sudare {group} {name}"),
                format!("target/release/sudare {group} {name}"),
            ];
            assert!(
                ran.iter()
                    .any(|line| readme.lines().any(|own| own.starts_with(line))),
                "README.md runs no `sudare {group} {name}`"
            );
        }
    }
}

#[test]
fn every_preset_is_in_the_manual() {
    let text = read(MASKING);
    let mut presets = 0;
    for file in fs::read_dir(policies().join("presets")).unwrap() {
        let name = file.unwrap().path();
        let name = name.file_stem().unwrap().to_str().unwrap();
        assert!(
            text.contains(&format!("| `{name}` |")),
            "{MASKING} has no `{name}`"
        );
        presets += 1;
    }
    assert!(presets >= 4, "{presets} presets");
}
