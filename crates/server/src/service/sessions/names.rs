//! How people are called on pages and in the call.

use televisit_domain::access::Role;
use televisit_domain::record::full_name;

/// First and last name, or the user name while there is neither.
pub fn person_name(first: &str, last: &str, username: &str) -> String {
    let name = full_name(first, "", last);
    if name.is_empty() {
        username.to_owned()
    } else {
        name
    }
}

/// A doctor's name as patients know it: with "Dr" before it, once.
pub fn doctor_display_name(name: &str) -> String {
    let titled = name
        .split_once(' ')
        .is_some_and(|(first, _)| matches!(first.trim_end_matches('.'), "Dr" | "Prof" | "Doctor"));
    if titled {
        name.to_owned()
    } else {
        format!("Dr {name}")
    }
}

/// The name that the others in a call see.
pub(super) fn display_name(role: Role, name: &str) -> String {
    match role {
        Role::Doctor => doctor_display_name(name),
        Role::Admin | Role::Nurse | Role::Receptionist | Role::Patient => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doctor_has_one_title() {
        assert_eq!(doctor_display_name("Amina Wanjiru"), "Dr Amina Wanjiru");
        assert_eq!(
            doctor_display_name("Dr. Amina Wanjiru"),
            "Dr. Amina Wanjiru"
        );
        assert_eq!(doctor_display_name("Drew Otieno"), "Dr Drew Otieno");
    }

    #[test]
    fn somebody_without_a_name_is_called_by_his_account() {
        assert_eq!(person_name(" ", "", "doctor2"), "doctor2");
    }
}
