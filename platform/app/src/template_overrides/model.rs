//! What a company writes, as it comes in and as it is kept; pure rules about it.

use super::ops::TemplateFlaw;
use kernel::{
    Problem, Result,
    pages::{Flaw, Kind, OverrideText},
};
use poem_openapi::Object;
use serde::{Deserialize, Serialize};

/// A text for a template: a page has `html` only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct TemplateText {
    /// What stands on a page below its navigation; of a mail what stands between its heading and the signature.
    pub html: String,
    /// A mail's subject.
    #[oai(default)]
    pub subject: String,
    /// A mail's heading.
    #[oai(default)]
    pub heading: String,
    /// A mail as plain text, without the signature.
    #[oai(default)]
    pub text: String,
}

impl TemplateText {
    /// For the sandbox.
    pub fn of_kind(&self, kind: Kind) -> OverrideText {
        match kind {
            Kind::Page => OverrideText { html: self.html.clone(), ..OverrideText::default() },
            Kind::Mail => {
                let Self { html, subject, heading, text } = self.clone();
                OverrideText { html, subject, heading, text }
            }
        }
    }
}

/// A text to be saved.
#[derive(Clone, Debug, Object, Serialize)]
pub struct TemplateInput {
    /// The text.
    pub text: TemplateText,
    /// What was changed and why; may be empty.
    #[oai(default)]
    pub note: String,
}

/// The longest note, in characters.
const MAX_NOTE: usize = 300;

/// A note as it is kept.
pub fn clean_note(note: &str) -> Result<String> {
    let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
    match note.chars().count() > MAX_NOTE {
        true => Err(Problem::invalid("note", "too_long", format!("At most {MAX_NOTE} characters fit here."))),
        false => Ok(note),
    }
}

/// The same of a flaw as the API tells it, with what it was seen with.
pub fn sentence_of(flaw: &TemplateFlaw) -> String {
    let part = match flaw.part.as_str() {
        "html" => "html",
        "subject" => "subject",
        "heading" => "heading",
        _ => "text",
    };
    let line = flaw.line.and_then(|line| usize::try_from(line).ok());
    let said = sentence(&Flaw { part, line, column: None, words: flaw.words.clone() });
    match &flaw.seen_with {
        Some(sample) => format!("{said} Seen with {sample}."),
        None => said,
    }
}

/// A flaw in one sentence, with its place: "HTML, line 3: There is no “page.nam” here."
pub fn sentence(flaw: &Flaw) -> String {
    let part = match flaw.part {
        "html" => "HTML",
        "subject" => "Subject",
        "heading" => "Heading",
        _ => "Plain text",
    };
    match flaw.line {
        Some(line) => format!("{part}, line {line}: {}", flaw.words),
        None => format!("{part}: {}", flaw.words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_says_where_it_is() {
        let flaw = Flaw { part: "html", line: Some(3), column: Some(1), words: "No.".to_owned() };
        assert_eq!(sentence(&flaw), "HTML, line 3: No.");
        assert_eq!(sentence(&Flaw { part: "text", line: None, ..flaw }), "Plain text: No.");
    }

    #[test]
    fn a_note_is_one_line() {
        assert_eq!(clean_note(" a\n b ").unwrap(), "a b");
        assert!(clean_note(&"x".repeat(301)).is_err());
    }
}
