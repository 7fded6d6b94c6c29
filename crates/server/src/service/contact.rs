//! Rules about ways to reach people.

use super::FieldErrors;
use super::wording::text;

/// An e-mail address or nothing. Only the form is judged: whether it exists is known when a message arrives.
pub fn email(wrong: &mut FieldErrors, field: &str, given: &str) -> String {
    let given = text(wrong, field, given, 254);
    let fits = given.is_empty()
        || given.split_once('@').is_some_and(|(person, host)| {
            !person.is_empty()
                && !host.contains('@')
                && host.contains('.')
                && host.split('.').all(|label| !label.is_empty())
                && !given.contains(|c: char| c.is_whitespace() || c.is_control())
        });
    if !fits {
        wrong.add(field, "Write an e-mail address like name@example.org.");
    }
    given
}

/// A phone number as people write it, or nothing.
pub fn phone(wrong: &mut FieldErrors, field: &str, given: &str) -> String {
    let given = text(wrong, field, given, 30);
    let digits = given.chars().filter(char::is_ascii_digit).count();
    let fits = given.is_empty()
        || (digits >= 3
            && given.chars().all(|c| {
                c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '/' | '.')
            }));
    if !fits {
        wrong.add(
            field,
            "Write a phone number with digits, like 0712345678 or +254 712 345 678.",
        );
    }
    given
}
