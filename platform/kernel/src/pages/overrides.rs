//! A tenant's own texts for our pages and mails, in a sandbox. They change words, order and which of our components stand where; the
//! document around them stays ours. What comes out is looked at before it goes anywhere, and where it does not hold, our own
//! template is used.

mod cache;
mod expression;
mod flaw;
mod markup;
mod required;
mod sandbox;
mod source;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use minijinja::{Environment, Value, context};
use serde::{Deserialize, Serialize};

use super::Pages;
use markup::{Found, Side, look};

pub(super) use cache::Kept;
pub use cache::{Active, Actives};
pub use flaw::Flaw;
pub use markup::CLASSES;
pub use required::{Required, What};
pub(super) use sandbox::Sandbox;

/// The longest text of one part, in bytes.
pub const MAX_TEXT: usize = 64 << 10;
/// The most that one part may come to, in bytes.
const MAX_OUTPUT: usize = 512 << 10;
/// The longest subject and heading.
const MAX_LINE: usize = 200;

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The block `main` of a page: the part `html`.
    Page,
    /// The parts `subject`, `heading`, `html` and `text` of a mail.
    Mail,
}

/// A template that tenants may write anew.
#[derive(Debug)]
pub struct Slot {
    /// A page's `TEMPLATE` or a mail's `NAME`.
    pub template: &'static str,
    /// Page or mail.
    pub kind: Kind,
    /// The files of components that may be imported.
    pub partials: &'static [&'static str],
    /// What must be in the result.
    pub required: &'static [Required],
}

/// What a tenant wrote. A page has `html` only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideText {
    /// The block `main` of a page, or what stands between heading and signature of a mail.
    pub html: String,
    /// A mail's subject.
    #[serde(default)]
    pub subject: String,
    /// A mail's heading.
    #[serde(default)]
    pub heading: String,
    /// A mail as plain text, without the signature.
    #[serde(default)]
    pub text: String,
}

impl OverrideText {
    /// The parts by name.
    pub fn parts(&self, kind: Kind) -> Vec<(&'static str, &str)> {
        match kind {
            Kind::Page => vec![("html", &self.html)],
            Kind::Mail => vec![("subject", &self.subject), ("heading", &self.heading), ("html", &self.html), ("text", &self.text)],
        }
    }
}

/// What a text came to.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Filled {
    /// Markup that was looked at.
    pub main: String,
    pub subject: String,
    pub heading: String,
    pub text: String,
}

/// A tenant's text, parsed and ready.
#[derive(Clone)]
pub struct Override {
    slot: &'static Slot,
    env: Arc<Environment<'static>>,
}

impl Pages {
    /// Parses a text. What is wrong with it is told with its place, all of it that can be told at once.
    pub fn prepare(&self, slot: &'static Slot, text: &OverrideText) -> Result<Override, Vec<Flaw>> {
        let mut env = self.sandbox().open(slot);
        let mut flaws = Vec::new();
        for (part, text) in text.parts(slot.kind) {
            flaws.extend(written(slot.kind, part, text).and_then(|()| sandbox::parse(&mut env, part, text)).err());
        }
        match flaws.is_empty() {
            true => Ok(Override { slot, env: Arc::new(env) }),
            false => Err(flaws),
        }
    }
}

impl Override {
    /// For which template.
    pub fn slot(&self) -> &'static Slot {
        self.slot
    }

    /// Renders it for a page or a mail, or says why it does not hold.
    pub(super) fn fill(&self, page: &Value, frame: &Value) -> Result<Filled, Flaw> {
        let part = |name: &'static str| {
            let template = self.env.get_template(name).map_err(|error| Flaw::of(name, &error))?;
            let done = template.render(context! { page, frame });
            let done = done.map_err(|error| Flaw::of(name, &error).called_in(template.source(), &error))?;
            match done.len() > MAX_OUTPUT {
                true => Err(Flaw::whole(name, format!("This comes to more than {} KB.", MAX_OUTPUT >> 10))),
                false => Ok(done),
            }
        };
        let main = part("html")?;
        let found = look(&main, self.slot.kind, Side::Rendered).map_err(|refused| Flaw::whole("html", refused.words))?;
        if self.slot.kind == Kind::Page {
            self.check(page, &found, None)?;
            return Ok(Filled { main, ..Filled::default() });
        }
        let (subject, heading, text) = (line("subject", part("subject")?)?, line("heading", part("heading")?)?, part("text")?);
        self.check(page, &found, Some(&text))?;
        Ok(Filled { main, subject, heading, text: text.trim().to_owned() })
    }

    fn check(&self, page: &Value, found: &Found, text: Option<&str>) -> Result<(), Flaw> {
        self.slot.required.iter().try_for_each(|required| required.check(&self.env, page, found, text))
    }
}

/// Looks at a part before it is parsed.
fn written(kind: Kind, part: &'static str, text: &str) -> Result<(), Flaw> {
    if text.len() > MAX_TEXT {
        return Err(Flaw::whole(part, format!("At most {} KB fit here.", MAX_TEXT >> 10)));
    }
    if text.trim().is_empty() {
        return Err(Flaw::whole(part, "There is nothing here yet.".to_owned()));
    }
    let blank = source::markup(text).map_err(|misplaced| Flaw::at(part, text, misplaced.at, misplaced.words))?;
    if part != "html" {
        return Ok(());
    }
    look(&blank, kind, Side::Written).map(drop).map_err(|refused| {
        let column =
            blank.lines().nth(refused.line.saturating_sub(1)).and_then(|line| Some(line[..line.find(&refused.mark)?].chars().count() + 1));
        Flaw { part, line: Some(refused.line), column, words: refused.words }
    })
}

/// One line of plain text.
fn line(part: &'static str, text: String) -> Result<String, Flaw> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    match line.chars().count() {
        0 => Err(Flaw::whole(part, "Nothing is left of this here.".to_owned())),
        n if n > MAX_LINE => Err(Flaw::whole(part, format!("At most {MAX_LINE} characters fit here."))),
        _ => Ok(line),
    }
}
