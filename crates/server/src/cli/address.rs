//! Addresses with a password in them, as they may be shown.

/// The address without the password between user and host.
pub fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let (authority, path) = rest
        .find(['/', '?', '#'])
        .map_or((rest, ""), |at| rest.split_at(at));
    // The last `@`: a password may hold one that was not encoded.
    let Some((user, host)) = authority.rsplit_once('@') else {
        return address.to_owned();
    };
    let user = user.split(':').next().unwrap_or_default();
    // A password may also stand among the parameters.
    let path = path
        .split_once('?')
        .filter(|(_, query)| query.contains("password"))
        .map_or(path, |(path, _)| path);
    format!("{scheme}://{user}@{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_left_out_wherever_it_stands() {
        for (full, shown) in [
            ("postgres://u:p@h:5432/n", "postgres://u@h:5432/n"),
            ("postgres://u:p@ss@h/n?a=b", "postgres://u@h/n?a=b"),
            ("postgres://u@h/n?password=p", "postgres://u@h/n"),
            ("postgres://h/n", "postgres://h/n"),
            ("sqlite:///data/t.db", "sqlite:///data/t.db"),
        ] {
            assert_eq!(without_password(full), shown);
        }
    }
}
