//! Rules about texts that people write.

use super::FieldErrors;

/// The text without space around it; what is wrong with it is added to `wrong`. PostgreSQL cannot keep a NUL character.
pub fn text(wrong: &mut FieldErrors, field: &str, text: &str, limit: usize) -> String {
    let text = text.trim();
    if text.chars().count() > limit {
        wrong.add(field, format!("At most {limit} characters."));
    }
    if text.contains('\0') {
        wrong.add(field, "This text holds a NUL character.");
    }
    text.to_owned()
}

/// Like [`text`], and something must be there.
pub fn required(wrong: &mut FieldErrors, field: &str, given: &str, limit: usize) -> String {
    if given.trim().is_empty() {
        wrong.add(field, "This field may not be blank.");
    }
    text(wrong, field, given, limit)
}

/// What a list is searched for.
pub fn search(wrong: &mut FieldErrors, given: Option<String>) -> Option<String> {
    given
        .map(|given| text(wrong, "search", &given, 100))
        .filter(|text| !text.is_empty())
}
