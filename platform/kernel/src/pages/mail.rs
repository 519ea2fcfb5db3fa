//! Mails: the subject, the text and the HTML of one mail from two templates, `mail/<name>.txt` and `mail/<name>.html`.
use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{Active, BrandView, Face, Flaw, Override, Pages};

/// A mail: the context of its two templates. The first line of the text template is `Subject: …`.
pub trait Mail: Serialize {
    /// The templates' name without folder and ending, such as `sign_in`.
    const NAME: &'static str;
    /// In whose brand it is written.
    const FACE: Face = Face::Portal;
    /// Believable values for every shape the mail can take; one test renders them all.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// What stands around every mail.
#[derive(Clone, Debug, Serialize)]
pub struct MailFrame {
    /// Apex or portal.
    pub face: Face,
    /// The sender's brand; its logo address is absolute here.
    pub brand: BrandView,
    /// The brand's first letter, where no logo is.
    pub initial: String,
    /// The tenant's time zone.
    pub time_zone: Tz,
    /// When it is written.
    pub now: DateTime<Utc>,
}

impl MailFrame {
    /// A frame for the mails of one brand.
    pub fn new(face: Face, brand: BrandView, time_zone: Tz, now: DateTime<Utc>) -> MailFrame {
        MailFrame { face, initial: brand.initial(), brand, time_zone, now }
    }
}

/// A rendered mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailText {
    /// One line.
    pub subject: String,
    /// With inline styles and a preheader.
    pub html: String,
    /// The same facts as plain text.
    pub text: String,
}

impl Pages {
    /// Renders a mail in a brand.
    pub fn mail<M: Mail>(&self, mail: &M, frame: &MailFrame) -> anyhow::Result<MailText> {
        let (page, frame) = (Value::from(Serde(mail)), Value::from(Serde(frame)));
        let plain = self.fill(&format!("mail/{}.txt", M::NAME), page.clone(), frame.clone())?;
        let html = self.fill(&format!("mail/{}.html", M::NAME), page, frame)?;
        written(M::NAME, &plain, html)
    }

    /// A mail as a tenant wrote it. Where that does not hold it is ours, and what was wrong is told.
    pub fn mail_or_ours<M: Mail>(&self, mail: &M, frame: &MailFrame, theirs: &Active) -> anyhow::Result<(MailText, Option<Flaw>)> {
        let done = match theirs.ready() {
            Ok(ready) => self.overridden_mail(ready, Value::from(Serde(mail)), frame)?,
            Err(flaw) => Err(flaw),
        };
        match done {
            Ok(mail) => Ok((mail, None)),
            Err(flaw) => Ok((self.mail(mail, frame)?, Some(flaw))),
        }
    }

    /// The whole mail around a tenant's text, or what is wrong with it.
    pub fn overridden_mail(&self, theirs: &Override, page: Value, frame: &MailFrame) -> anyhow::Result<Result<MailText, Flaw>> {
        let frame = Value::from(Serde(frame));
        let filled = match theirs.fill(&page, &frame) {
            Ok(filled) => filled,
            Err(flaw) => return Ok(Err(flaw)),
        };
        let preheader = filled.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let ours = context! {
            subject => &filled.subject, heading => &filled.heading, text => &filled.text, preheader,
            main => Value::from_safe_string(filled.main),
        };
        let context = context! { frame, ours };
        let plain = self.fill_with("overrides/mail.txt", context.clone())?;
        let html = self.fill_with("overrides/mail.html", context)?;
        written(theirs.slot().template, &plain, html).map(Ok)
    }
}

/// A mail from what its templates came to.
fn written(name: &str, plain: &str, html: String) -> anyhow::Result<MailText> {
    let (subject, text) = plain.split_once('\n').context("a mail's text begins with its subject line")?;
    let subject = subject.strip_prefix("Subject: ").context("a mail's text begins with `Subject: `")?;
    let subject: String = subject.chars().filter(|c| !c.is_control()).collect();
    ensure!(!subject.trim().is_empty(), "the subject of {name} is empty");
    Ok(MailText { subject: subject.trim().to_owned(), html, text: text.trim().to_owned() + "\n" })
}
