//! The rules between modules that Cargo cannot hold: who may name whom inside the server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file below a folder of this crate.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The lines of a module that name something it must not, comments aside.
fn breaches(module: &str, forbidden: &[&str]) -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = files(&source.join(module));
    all.push(source.join(format!("{module}.rs")));
    let mut found = Vec::new();
    for path in all {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for (at, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = forbidden.iter().find(|word| code.contains(**word)) {
                found.push(format!("{}:{}: {word}", path.display(), at + 1));
            }
        }
    }
    found
}

#[test]
fn use_cases_name_no_http_type() {
    assert_eq!(
        breaches("service", &["axum", "crate::api", "tower_http", "utoipa"]),
        Vec::<String>::new()
    );
}

#[test]
fn handlers_hold_no_sql_and_open_no_transaction() {
    assert_eq!(
        breaches(
            "api",
            &["sqlx", "db.begin()", "SELECT ", "INSERT INTO", "UPDATE "]
        ),
        Vec::<String>::new()
    );
}

#[test]
fn video_providers_never_touch_the_database() {
    assert_eq!(
        breaches(
            "video",
            &["televisit_storage", "sqlx", "crate::service", "crate::api"]
        ),
        Vec::<String>::new()
    );
}

#[test]
fn sql_lives_in_storage_only() {
    for module in ["service", "jobs", "cli", "video", "api"] {
        assert_eq!(
            breaches(module, &["sqlx::"]),
            Vec::<String>::new(),
            "{module}"
        );
    }
}

#[test]
fn the_guard_itself_finds_a_breach() {
    assert!(!breaches("api", &["axum"]).is_empty());
}
