//! What a company wants of its documents: when they are made and who sees them, how they look, and the texts that it writes itself.

use super::GeneratedKind;
use crate::visibility::Visibility;
use kernel::{Problem, Result};
use poem_openapi::{Enum, Object};
use serde::{Deserialize, Serialize};

/// What documents are printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PaperSize {
    /// 210 by 297 mm.
    A4,
    /// 8½ by 11 inches.
    #[default]
    Letter,
}

/// The language of the fixed words, and how days and numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, Serialize, Deserialize)]
pub enum DocumentLocale {
    /// English, United States.
    #[default]
    #[oai(rename = "en-US")]
    #[serde(rename = "en-US")]
    EnUs,
    /// English, United Kingdom.
    #[oai(rename = "en-GB")]
    #[serde(rename = "en-GB")]
    EnGb,
    /// English, Canada.
    #[oai(rename = "en-CA")]
    #[serde(rename = "en-CA")]
    EnCa,
    /// English, Australia.
    #[oai(rename = "en-AU")]
    #[serde(rename = "en-AU")]
    EnAu,
    /// German, Germany.
    #[oai(rename = "de-DE")]
    #[serde(rename = "de-DE")]
    DeDe,
    /// Spanish, United States.
    #[oai(rename = "es-US")]
    #[serde(rename = "es-US")]
    EsUs,
    /// French, Canada.
    #[oai(rename = "fr-CA")]
    #[serde(rename = "fr-CA")]
    FrCa,
}

impl DocumentLocale {
    /// As `en-US`.
    pub fn name(self) -> &'static str {
        match self {
            Self::EnUs => "en-US",
            Self::EnGb => "en-GB",
            Self::EnCa => "en-CA",
            Self::EnAu => "en-AU",
            Self::DeDe => "de-DE",
            Self::EsUs => "es-US",
            Self::FrCa => "fr-CA",
        }
    }
}

/// After which milestones a progress report is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ReportAt {
    /// After each one.
    EveryMilestone,
    /// When the last one of a phase is done.
    #[default]
    EndOfPhase,
}

/// Whether a kind makes itself, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct DocumentRule {
    /// Which kind.
    pub kind: GeneratedKind,
    /// It is made when its time has come. By hand it can be made in any case.
    pub enabled: bool,
    /// Who sees it when it is first made; the household is then told of it.
    pub visibility: Visibility,
}

/// What a company wants of its documents. Saved whole. Lists are texts with a line for each entry.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentSettings {
    /// One for each kind of ours.
    pub rules: Vec<DocumentRule>,
    /// After which milestones a progress report is made.
    pub report_at: ReportAt,
    /// What documents are printed on.
    pub paper: PaperSize,
    /// The language of the fixed words.
    pub locale: DocumentLocale,
    /// ISO 4217, as `USD`.
    pub currency: String,
    /// Street and place below the company's name, a line each; may be empty.
    pub address: String,
    /// Where mail goes; may be empty.
    pub email: String,
    /// Without `https://`; may be empty.
    pub website: String,
    /// Below every page: register number, licence; may be empty.
    pub footer: String,
    /// Who signs; empty: the company.
    pub signer_name: String,
    /// What they are; may be empty.
    pub signer_title: String,
    /// How a welcome packet begins.
    pub greeting: String,
    /// What customers should prepare, a line each; may be empty.
    pub prepare: String,
    /// What happens next, a line each; may be empty.
    pub next_steps: String,
    /// What a completion certificate states; empty: one of our sentences.
    pub statement: String,
    /// A warranty's heading.
    pub warranty_title: String,
    /// The promise in a sentence or two; may be empty.
    pub warranty_lead: String,
    /// How many years it holds from the day the work was done; none: it does not end.
    pub warranty_years: Option<u32>,
    /// What is covered, a line each.
    pub covered: String,
    /// What is not, a line each; may be empty.
    pub not_covered: String,
    /// How to make a claim, a line each.
    pub claim: String,
}

impl Default for DocumentSettings {
    /// What works at once. A warranty is a promise, so nobody but the team sees one before it was read.
    fn default() -> Self {
        let text = str::to_owned;
        let visibility = |kind| if kind == GeneratedKind::Warranty { Visibility::Internal } else { Visibility::Client };
        let rule = |kind| DocumentRule { kind, enabled: true, visibility: visibility(kind) };
        Self {
            rules: GeneratedKind::OURS.into_iter().map(rule).collect(),
            report_at: ReportAt::default(),
            paper: PaperSize::default(),
            locale: DocumentLocale::default(),
            currency: text("USD"),
            address: String::new(),
            email: String::new(),
            website: String::new(),
            footer: String::new(),
            signer_name: String::new(),
            signer_title: String::new(),
            greeting: text(
                "Thank you for choosing us. Here is what will happen, who answers your questions, and where you can follow the work.",
            ),
            prepare: text(
                "Keep the driveway free on working days.\nMove what is fragile away from the place of work.\nKeep children and pets away from it.",
            ),
            next_steps: text(
                "We confirm the first day with you.\nOn your page you see every step, with photos.\nCall us at any time if something is unclear.",
            ),
            statement: String::new(),
            warranty_title: text("Workmanship warranty"),
            warranty_lead: text(
                "We stand for the work that we did at your house. If a fault of ours shows, we put it right at no cost to you.",
            ),
            warranty_years: Some(1),
            covered: text("Faults in our workmanship.\nParts that we supplied and put in wrongly.\nThe labor to put them right."),
            not_covered: text(
                "Damage by storm, fire or water that did not come from our work.\nWork that others did afterwards.\nUsual wear.",
            ),
            claim: text(
                "Call or write to us as soon as you see the fault.\nSend a photo of it if you can.\nWe look at it and tell you what happens next.",
            ),
        }
    }
}

impl DocumentSettings {
    /// The rule of a kind; one that was never said is as usual.
    pub fn rule(&self, kind: GeneratedKind) -> DocumentRule {
        let said = self.rules.iter().find(|rule| rule.kind == kind).cloned();
        said.unwrap_or(DocumentRule { kind, enabled: true, visibility: Visibility::Internal })
    }

    /// As they are kept: one rule a kind, texts trimmed and not too long.
    pub fn clean(self) -> Result<Self> {
        for kind in GeneratedKind::OURS {
            if self.rules.iter().filter(|rule| rule.kind == kind).count() != 1 {
                return Err(Problem::invalid("rules", "rules_incomplete", "Say once for each kind whether it is made by itself."));
            }
        }
        let currency = self.currency.trim().to_ascii_uppercase();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Problem::invalid("currency", "currency_unknown", "A currency has three letters, for example USD."));
        }
        if self.warranty_years.is_some_and(|years| !(1..=99).contains(&years)) {
            return Err(Problem::invalid("warranty_years", "out_of_range", "A warranty holds for 1 to 99 years, or does not end."));
        }
        Ok(Self {
            currency,
            address: few("address", text("address", &self.address, 330)?, 4, 80)?,
            email: line("email", &self.email, 120)?,
            website: line("website", &self.website, 120)?.trim_start_matches("https://").trim_start_matches("http://").to_owned(),
            footer: line("footer", &self.footer, 200)?,
            signer_name: line("signer_name", &self.signer_name, 120)?,
            signer_title: line("signer_title", &self.signer_title, 120)?,
            greeting: text("greeting", &self.greeting, 2000)?,
            prepare: few("prepare", text("prepare", &self.prepare, 4000)?, 40, 1000)?,
            next_steps: few("next_steps", text("next_steps", &self.next_steps, 4000)?, 40, 1000)?,
            statement: text("statement", &self.statement, 600)?,
            warranty_title: there("warranty_title", line("warranty_title", &self.warranty_title, 80)?)?,
            warranty_lead: text("warranty_lead", &self.warranty_lead, 600)?,
            covered: there("covered", few("covered", text("covered", &self.covered, 8000)?, 40, 1000)?)?,
            not_covered: few("not_covered", text("not_covered", &self.not_covered, 8000)?, 40, 1000)?,
            claim: there("claim", few("claim", text("claim", &self.claim, 4000)?, 40, 1000)?)?,
            ..self
        })
    }

    /// Which parts differ, by name.
    pub fn changes(&self, before: &Self) -> Vec<String> {
        let parts = |settings: &Self| serde_json::to_value(settings).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default();
        let before = parts(before);
        parts(self).into_iter().filter(|(name, value)| before.get(name) != Some(value)).map(|(name, _)| name.replace('_', " ")).collect()
    }
}

/// The entries of a list that is kept as text.
pub fn entries(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn line(field: &str, value: &str, most: usize) -> Result<String> {
    text(field, &value.replace(['\r', '\n'], " "), most)
}

fn text(field: &str, value: &str, most: usize) -> Result<String> {
    let value = value.replace("\r\n", "\n");
    let value: String = value.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let value = value.trim();
    if value.chars().count() > most {
        return Err(Problem::invalid(field, "too_long", format!("At most {most} characters fit here.")));
    }
    Ok(value.to_owned())
}

/// A list that has room on paper.
fn few(field: &str, value: String, most: usize, longest: usize) -> Result<String> {
    let lines = entries(&value);
    if lines.len() > most || lines.iter().any(|line| line.chars().count() > longest) {
        return Err(Problem::invalid(field, "too_long", format!("At most {most} lines of {longest} characters fit here.")));
    }
    Ok(value)
}

fn there(field: &str, value: String) -> Result<String> {
    if value.is_empty() {
        return Err(Problem::invalid(field, "missing", "A warranty cannot do without this."));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_company_starts_with_is_clean() {
        let usual = DocumentSettings::default();
        assert_eq!(usual.clone().clean().unwrap(), usual);
        assert_eq!(usual.rule(GeneratedKind::Warranty).visibility, Visibility::Internal);
        assert_eq!(usual.rule(GeneratedKind::WelcomePacket).visibility, Visibility::Client);
    }

    #[test]
    fn settings_are_cleaned() {
        let code = |change: &dyn Fn(&mut DocumentSettings)| {
            let mut settings = DocumentSettings::default();
            change(&mut settings);
            settings.clean().unwrap_err().code().to_owned()
        };
        assert_eq!(code(&|s| s.currency = "dollars".into()), "currency_unknown");
        assert_eq!(code(&|s| s.warranty_years = Some(0)), "out_of_range");
        assert_eq!(code(&|s| s.covered = " \n".into()), "missing");
        assert_eq!(code(&|s| s.footer = "x".repeat(201)), "too_long");
        assert_eq!(code(&|s| s.address = "1\n2\n3\n4\n5".into()), "too_long");
        assert_eq!(
            code(&|s| {
                s.rules.pop();
            }),
            "rules_incomplete"
        );
        let mut settings = DocumentSettings { currency: " eur".into(), website: "https://a.example ".into(), ..Default::default() };
        settings.covered = "One.\r\n\r\n Two.\0".into();
        let clean = settings.clean().unwrap();
        assert_eq!((clean.currency.as_str(), clean.website.as_str()), ("EUR", "a.example"));
        assert_eq!(entries(&clean.covered), ["One.", "Two."]);
        assert_eq!(clean.changes(&DocumentSettings::default()), ["covered", "currency", "website"]);
    }

    #[test]
    fn what_was_kept_before_a_setting_was_there_can_be_read() {
        let old: DocumentSettings = serde_json::from_str(r#"{"currency":"CAD"}"#).unwrap();
        assert_eq!(old, DocumentSettings { currency: "CAD".into(), ..Default::default() });
    }
}
