//! The program as somebody types it, with its own folder and nothing in its environment.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn televisit(folder: &Path, arguments: &[&str], typed: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_televisit"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("TELEVISIT_DATA", folder.join("data"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(typed.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn works(folder: &Path, arguments: &[&str], typed: &str) -> String {
    let output = televisit(folder, arguments, typed);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

fn fails(folder: &Path, arguments: &[&str], typed: &str) -> String {
    let output = televisit(folder, arguments, typed);
    assert!(!output.status.success(), "{arguments:?}: {}", said(&output));
    said(&output)
}

const ADD: &[&str] = &["user", "add", "root", "--role", "admin", "--password-stdin"];

#[test]
fn accounts_are_made_listed_disabled_and_given_passwords() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    assert!(works(at, &["user", "list"], "").contains("There is no account yet"));
    assert!(works(at, ADD, "long enough\n").contains("Made the account root (ADMIN)"));
    assert!(works(at, &["user", "list"], "").contains("root"));
    assert!(works(at, &["user", "disable", "ROOT"], "").contains("Disabled"));
    assert!(works(at, &["user", "list"], "").contains("disabled"));
    assert!(works(at, &["user", "enable", "root"], "").contains("Enabled"));
    let set = ["user", "set-password", "root", "--password-stdin"];
    assert!(works(at, &set, "another long one\n").contains("new password"));

    assert!(fails(at, ADD, "long enough\n").contains("Another account has this username"));
    assert!(fails(at, &set, "short\n").contains("At least 8 characters"));
    assert!(fails(at, &set, "").contains("no password came on standard input"));
    assert!(fails(at, &["user", "disable", "nobody"], "").contains("user list"));
    let boss = ["user", "add", "x", "--role", "BOSS"];
    assert!(fails(at, &boss, "").contains("RECEPTIONIST"));
}

#[test]
fn a_backup_is_restored_into_an_empty_place_and_never_over_anything() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    works(at, ADD, "long enough\n");
    assert!(works(at, &["backup", "copy.db"], "").contains("Wrote the database"));
    assert!(fails(at, &["backup", "copy.db"], "").contains("exists already"));
    assert!(fails(at, &["restore", "copy.db"], "").contains("holds 1 accounts"));

    let elsewhere = tempfile::tempdir().unwrap();
    let other = elsewhere.path();
    std::fs::copy(at.join("copy.db"), other.join("copy.db")).unwrap();
    let before = std::fs::read(other.join("copy.db")).unwrap();
    assert!(works(other, &["restore", "copy.db"], "").contains("Restored 1 accounts"));
    assert!(works(other, &["user", "list"], "").contains("root"));
    assert!(works(other, &["audit", "verify"], "").contains("whole"));
    assert_eq!(std::fs::read(other.join("copy.db")).unwrap(), before);

    let third = tempfile::tempdir().unwrap();
    let third = third.path();
    std::fs::write(third.join("bad.db"), "this is no database at all").unwrap();
    assert!(fails(third, &["restore", "bad.db"], "").contains("no usable backup"));
    assert!(fails(third, &["restore", "none.db"], "").contains("there is no file"));
    let mut cut = before.clone();
    cut.truncate(before.len() / 2);
    std::fs::write(third.join("cut.db"), cut).unwrap();
    assert!(fails(third, &["restore", "cut.db"], "").contains("no usable backup"));
    assert!(works(third, &["user", "list"], "").contains("There is no account yet"));
}

#[test]
fn postgresql_is_told_its_own_tools_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "restore",
        "copy.dump",
        "--database-url",
        "postgres://u:hunter2@127.0.0.1:1/n",
    ];
    let text = fails(folder.path(), &arguments, "");
    assert!(
        text.contains("pg_restore --no-owner --dbname='postgres://u@127.0.0.1:1/n'"),
        "{text}"
    );
    assert!(!text.contains("hunter2"));
}

#[test]
fn settings_are_printed_with_their_source_and_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(
        at.join(".env"),
        "TELEVISIT_CLINIC_NAME=Riverside\nTELEVISIT_SECRET_KEY=0123456789abcdef0123456789abcdef\n",
    )
    .unwrap();
    let arguments = [
        "config",
        "--currency",
        "UGX",
        "--database-url",
        "postgres://u:hunter2@h/n",
    ];
    let text = works(at, &arguments, "");
    let line = |name: &str| {
        text.lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_else(|| panic!("{name} is missing: {text}"))
            .split_whitespace()
            .skip(1)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(line("TELEVISIT_CLINIC_NAME"), "Riverside (.env)");
    assert_eq!(line("TELEVISIT_CURRENCY"), "UGX (command line)");
    assert_eq!(line("TELEVISIT_BIND"), "127.0.0.1:8000 (default)");
    assert!(line("TELEVISIT_DATA").ends_with("(environment)"));
    assert_eq!(line("TELEVISIT_SECRET_KEY"), "<set> (.env)");
    assert_eq!(line("DATABASE_URL"), "postgres://u@h/n (command line)");
    assert!(
        !text.contains("hunter2") && !text.contains("0123456789abcdef"),
        "{text}"
    );
    assert!(!at.join("data").exists(), "asking changes nothing");
}

#[test]
fn the_description_is_printed_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let output = televisit(folder.path(), &["openapi"], "");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document["paths"]["/api/v1/patients/"]["post"].is_object());
    assert!(works(folder.path(), &["migrate"], "").contains("up to date"));
}
