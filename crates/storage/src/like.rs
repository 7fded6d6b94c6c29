//! Searching for a part of a text.

/// A `LIKE` pattern that finds texts containing `part` as it is written: `%` and `_` in it stand for themselves. For
/// `LOWER(column) LIKE LOWER($1) ESCAPE '\'`: both sides are lowered by the database, because SQLite knows only ASCII.
pub(crate) fn contains(part: &str) -> String {
    let mut pattern = String::with_capacity(part.len() + 2);
    pattern.push('%');
    for letter in part.trim().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
