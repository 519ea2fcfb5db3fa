//! Mail addresses and names of people as they are kept: one form for everybody who signs in.

use kernel::{Problem, Result, forms::looks_like_mail};

/// A mail address as it is kept: trimmed, in small letters, plausible. Only a mail to it proves it. `field`: where it was typed.
pub fn clean(field: &str, text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    if email.is_empty() {
        return Err(Problem::invalid(field, "email_missing", "Type a mail address."));
    }
    if email.len() > 254 || !looks_like_mail(&email) {
        let words = "This does not look like a mail address. It needs a name, an @ and a domain.";
        return Err(Problem::invalid(field, "email_format", words));
    }
    Ok(email)
}

/// A person's name as it is kept: one line, single spaces, 1 to 120 characters.
pub fn clean_name(text: &str) -> Result<String> {
    let name = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Problem::invalid("name", "name_missing", "Type a name.")),
        1..=120 => Ok(name),
        _ => Err(Problem::invalid("name", "name_too_long", "At most 120 characters fit here.")),
    }
}

/// How somebody is called in a mail.
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_has_one_address() {
        assert_eq!(clean("email", " Dana@Larkrise.Example\n").unwrap(), "dana@larkrise.example");
        for (bad, code) in [("", "email_missing"), ("  ", "email_missing"), ("dana", "email_format"), ("a b@c.example", "email_format")] {
            assert_eq!(clean("email", bad).unwrap_err().code(), code, "{bad:?}");
        }
        assert!(clean("email", &format!("{}@larkrise.example", "a".repeat(65))).is_err());
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(clean_name(" Dana \r\n\0 Whitlock ").unwrap(), "Dana Whitlock");
        assert_eq!(clean_name("\u{7}").unwrap_err().code(), "name_missing");
        assert_eq!(clean_name(&"é".repeat(121)).unwrap_err().code(), "name_too_long");
        assert_eq!(first_name("Dana Whitlock"), "Dana");
    }
}
