//! HTML forms: what was typed is kept, mistakes are noted beside their fields, and bad input loses nothing.
use std::collections::BTreeMap;

use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody};
use serde::Serialize;

/// The most a form may send; ours are far smaller.
const MAX_BODY: usize = 64 * 1024;
/// The most one field may hold, unless the reader of the field says less.
const MAX_FIELD: usize = 2_000;

/// A posted form. Read every field first, then ask `is_ok`; an unhappy form goes back into its page as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Form {
    /// What was typed, by field.
    pub values: BTreeMap<String, String>,
    /// What is wrong, by field, in words for the person who typed it.
    pub errors: BTreeMap<String, String>,
    /// What is wrong with the whole, above the form.
    pub error: Option<String>,
}

impl Form {
    /// An empty form, for a page's first showing.
    pub fn new() -> Form {
        Form::default()
    }

    /// Reads `a=b&c=d`. Of a repeated field the last one counts; bytes that are no text become a mistake of that field.
    pub fn parse(body: &[u8]) -> Form {
        let mut form = Form::new();
        for (name, value) in url::form_urlencoded::parse(body).take(100) {
            let broken = value.contains('\u{fffd}') || value.contains('\0');
            let clean = |c: &char| (!c.is_control() || *c == '\n') && *c != '\u{fffd}';
            let kept: String = value.chars().filter(clean).take(MAX_FIELD + 1).collect();
            let name = name.into_owned();
            if broken {
                form.errors.insert(name.clone(), "Some letters could not be read. Please type this again.".to_owned());
            } else if kept.chars().count() > MAX_FIELD {
                form.errors.insert(name.clone(), "This is too long. Please shorten it.".to_owned());
            }
            form.values.insert(name, kept);
        }
        form
    }

    /// A form that is filled in already.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Form {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// What was typed, without space around it; empty when nothing was.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map(|v| v.trim()).unwrap_or_default()
    }

    /// A box that was ticked.
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.value(name), "on" | "true" | "yes" | "1")
    }

    /// A text of 1 to `max` letters; `missing` is said when nothing was typed.
    pub fn text(&mut self, name: &str, max: usize, missing: &str) -> String {
        let value = self.value(name).to_owned();
        if value.is_empty() {
            self.mistake(name, missing);
        } else if value.chars().count() > max {
            self.mistake(name, format!("This is too long. {max} letters are the most."));
        }
        value
    }

    /// A mail address, in small letters. Only its shape is looked at; a mail to it is the proof.
    pub fn email(&mut self, name: &str, missing: &str) -> String {
        let value = self.text(name, 254, missing).to_lowercase();
        if !value.is_empty() && !looks_like_mail(&value) {
            self.mistake(name, "This does not look like a mail address. It needs a name, an @ and a domain.");
        }
        value
    }

    /// The six numbers of a sign-in mail; spaces and dashes between them are fine.
    pub fn code(&mut self, name: &str) -> String {
        let digits: String = self.value(name).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let words = match digits.chars().count() {
            _ if digits.is_empty() => Some("Type the six numbers from the mail.".to_owned()),
            _ if !digits.bytes().all(|b| b.is_ascii_digit()) => Some("The code has numbers only.".to_owned()),
            5 => Some("One number is missing. The code has six.".to_owned()),
            n if n < 6 => Some(format!("{} numbers are missing. The code has six.", 6 - n)),
            6 => None,
            _ => Some("That is too long. The code has six numbers.".to_owned()),
        };
        if let Some(words) = words {
            self.mistake(name, words);
        }
        digits
    }

    /// One of a set.
    pub fn choice(&mut self, name: &str, allowed: &[&str], words: &str) -> String {
        let value = self.value(name).to_owned();
        if !allowed.contains(&&*value) {
            self.mistake(name, words);
        }
        value
    }

    /// Notes a mistake beside a field; the first one of a field stays.
    pub fn mistake(&mut self, name: &str, words: impl Into<String>) {
        self.errors.entry(name.to_owned()).or_insert_with(|| words.into());
    }

    /// Notes a mistake of the whole form.
    pub fn refuse(&mut self, words: impl Into<String>) {
        self.error.get_or_insert_with(|| words.into());
    }

    /// Nothing is wrong so far.
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty() && self.error.is_none()
    }

    /// Forgets a value that must not be shown again, such as a code.
    pub fn forget(&mut self, name: &str) {
        self.values.remove(name);
    }
}

/// Whether this can be a mail address: something before the @, something after it with a dot or a bare host, no spaces,
/// no second @. A mail to it is the proof.
pub fn looks_like_mail(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else {
        return false;
    };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[],;:\"\\@".contains(c);
    let label = |part: &str| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-');
    !local.is_empty() && local.len() <= 64 && local.chars().all(plain) && domain.chars().all(plain) && domain.split('.').all(label)
}

impl<'a> FromRequest<'a> for Form {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Form> {
        let kind = request.content_type().unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(poem::Error::from_string("This address takes a form.", StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = body.take()?.into_bytes_limit(MAX_BODY).await;
        let too_large = |_| poem::Error::from_string("This form is too large.", StatusCode::PAYLOAD_TOO_LARGE);
        Ok(Form::parse(&bytes.map_err(too_large)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_input_loses_nothing() {
        let mut form = Form::parse(b"company=Larkrise+Roofing&email=dana.example.com&subdomain=");
        assert_eq!(form.text("company", 80, "Type the company's name."), "Larkrise Roofing");
        form.email("email", "Type your mail address.");
        form.text("subdomain", 40, "Choose an address.");
        assert!(!form.is_ok());
        assert_eq!(form.value("email"), "dana.example.com");
        assert_eq!(form.errors["subdomain"], "Choose an address.");
        assert!(form.errors["email"].contains('@'));
        assert!(!form.errors.contains_key("company"));
    }

    #[test]
    fn hostile_bytes_become_mistakes() {
        let form = Form::parse(b"company=%ff%fe&note=a%00b&huge=".iter().chain(&[b'a'; 5000]).copied().collect::<Vec<_>>().as_slice());
        assert_eq!(form.errors.len(), 3);
        assert_eq!(form.value("note"), "ab");
        assert!(form.value("huge").len() <= MAX_FIELD + 1);
    }

    #[test]
    fn codes_are_forgiving_about_spaces() {
        for (typed, error) in [
            ("407 182", None),
            ("407-182", None),
            (" 4 0 7 1 8 2 ", None),
            ("40718", Some("One number is missing. The code has six.")),
            ("", Some("Type the six numbers from the mail.")),
            ("40718x", Some("The code has numbers only.")),
            ("4071823", Some("That is too long. The code has six numbers.")),
        ] {
            let mut form = Form::new().with("code", typed);
            form.code("code");
            assert_eq!(form.errors.get("code").map(String::as_str), error, "{typed:?}");
        }
    }

    #[test]
    fn mail_addresses() {
        for good in ["dana@larkrise.example", "a@localhost", "d.o-w+x@mail.larkrise.example"] {
            assert!(looks_like_mail(good), "{good}");
        }
        for bad in ["dana", "@x.example", "a@", "a@b@c", "a b@c.example", "a@.example", "a@b..example", "<a@b.example>"] {
            assert!(!looks_like_mail(bad), "{bad}");
        }
    }
}
