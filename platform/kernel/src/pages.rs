//! The server-rendered face: one strict template environment for pages and mails. A page is a struct that names its
//! template and brings samples; a `Frame` carries what stands around every page (brand, navigation, who, when).
mod filters;
mod frame;
mod mail;
mod overrides;
mod response;

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, Value, context, escape_formatter};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::assets::Assets;

pub use frame::{BrandView, Face, Frame, NavItem};
pub use mail::{Mail, MailFrame, MailText};
pub use overrides::{Active, Actives, CLASSES, Flaw, Kind, MAX_TEXT, Override, OverrideText, Required, Slot, What};
pub use response::{preview, text_size};

/// Steps a single rendering may take; our largest page needs a hundredth of it.
const FUEL: u64 = 2_000_000;
/// How deep includes and macros may nest.
const DEPTH: usize = 60;

/// A page: the context of one template. Fields are plain texts, numbers and times, so it knows no feature's types.
pub trait Page: Serialize {
    /// The template's name, such as `signin/link.html`.
    const TEMPLATE: &'static str;
    /// Where the page stands: on the bare domain in our own brand, or on a tenant's host in the tenant's.
    const FACE: Face = Face::Portal;
    /// Believable values for every state the page can be in; one test renders them all.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// Every template, icon and filter. Cheap to clone.
#[derive(Clone)]
pub struct Pages(Arc<Inner>);

struct Inner {
    env: Environment<'static>,
    sandbox: overrides::Sandbox,
    kept: overrides::Kept,
}

impl Pages {
    /// Loads and parses every embedded template (`.html`, `.txt`, `.json`, `.svg`); a broken one is an error at start.
    pub fn new<E: RustEmbed>(assets: &Assets) -> anyhow::Result<Pages> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_fuel(Some(FUEL));
        env.set_recursion_limit(DEPTH);
        env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        env.set_auto_escape_callback(|name| match name.rsplit('.').next() {
            Some("txt") => AutoEscape::None,
            Some("json") => AutoEscape::Json,
            _ => AutoEscape::Html,
        });
        env.set_formatter(write_value);
        let (mut components, mut icons) = (Vec::new(), Vec::new());
        for name in E::iter() {
            let file = E::get(&name).ok_or_else(|| anyhow!("template {name} vanished"))?;
            let text = String::from_utf8(file.data.into_owned()).with_context(|| format!("template {name} is not UTF-8"))?;
            if let Some(icon) = name.strip_prefix("icons/").and_then(|n| n.strip_suffix(".svg")) {
                env.add_global(format!("icon:{icon}"), Value::from_safe_string(text.clone()));
                icons.push((icon.to_owned(), text));
                continue;
            }
            if name.contains("/_") {
                components.push((name.to_string(), text.clone()));
            }
            env.add_template_owned(name.to_string(), text).with_context(|| format!("template {name}"))?;
        }
        filters::install(&mut env, assets.clone());
        let sandbox = overrides::Sandbox::new(&components, &icons, assets)?;
        Ok(Pages(Arc::new(Inner { env, sandbox, kept: overrides::Kept::default() })))
    }

    fn sandbox(&self) -> &overrides::Sandbox {
        &self.0.sandbox
    }

    fn kept(&self) -> &overrides::Kept {
        &self.0.kept
    }

    /// Renders a page inside its frame.
    pub fn render<P: Page>(&self, page: &P, frame: &Frame) -> anyhow::Result<String> {
        self.fill(P::TEMPLATE, Value::from(Serde(page)), Value::from(Serde(frame)))
    }

    /// Renders one template with `page` and `frame` as its only names.
    fn fill(&self, template: &str, page: Value, frame: Value) -> anyhow::Result<String> {
        self.fill_with(template, context! { page, frame })
    }

    fn fill_with(&self, template: &str, context: Value) -> anyhow::Result<String> {
        let template = self.0.env.get_template(template).map_err(explain)?;
        template.render(context).map_err(explain)
    }
}

/// Writes a value. In HTML the five letters that matter are escaped; unlike the usual way, slashes stay, so that the
/// addresses in pages and mails can be read and copied from their source.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    let html = matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe();
    match value.as_str().filter(|_| html) {
        Some(text) => write_escaped(out, text),
        None => escape_formatter(out, state, value),
    }
}

fn write_escaped(out: &mut Output, text: &str) -> Result<(), minijinja::Error> {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let escaped = match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#x27;",
        };
        out.write_str(&rest[..at])?;
        out.write_str(escaped)?;
        rest = &rest[at + 1..];
    }
    Ok(out.write_str(rest)?)
}

/// A template error with the place it happened, for the log; it never reaches a reader.
fn explain(error: minijinja::Error) -> anyhow::Error {
    let place = format!("{}:{}", error.name().unwrap_or("?"), error.line().unwrap_or(0));
    let words = match error.kind() {
        ErrorKind::OutOfFuel => "the template ran too long".to_owned(),
        _ => format!("{error:#}"),
    };
    anyhow!("rendering {place}: {words}")
}

/// What a template is given, whatever it is.
pub type Context = Value;

/// A page or a mail as a template is given it.
pub fn context_of(page: &impl Serialize) -> Context {
    Value::from(Serde(page))
}

/// How a sample is rendered; the frame fits the sample's face.
type RenderSample = Box<dyn Fn(&Pages) -> anyhow::Result<String> + Send + Sync>;

/// One sample of one page or mail, ready to be rendered: what the test and the preview tool walk over.
pub struct Sample {
    /// Template name and number, such as `portal/signin/link.html#1`.
    pub name: String,
    /// Renders it strictly. A mail renders its subject, its text and its HTML, one after the other.
    pub render: RenderSample,
}

/// The samples of one page type, each in the frame given for its face.
pub fn samples<P: Page + Send + Sync + 'static>(frame: fn(Face) -> Frame) -> Vec<Sample> {
    let number = |(i, page): (usize, P)| Sample {
        name: match P::FACE {
            Face::Apex => format!("apex/{}#{}", P::TEMPLATE, i + 1),
            Face::Portal => format!("portal/{}#{}", P::TEMPLATE, i + 1),
        },
        render: Box::new(move |pages| pages.render(&page, &frame(P::FACE))),
    };
    P::samples().into_iter().enumerate().map(number).collect()
}

/// The samples of one mail type.
pub fn mail_samples<M: Mail + Send + Sync + 'static>(frame: fn(Face) -> MailFrame) -> Vec<Sample> {
    let number = |(i, mail): (usize, M)| Sample {
        name: format!("mail/{}#{}", M::NAME, i + 1),
        render: Box::new(move |pages| {
            let done = pages.mail(&mail, &frame(M::FACE))?;
            Ok(format!("<!-- Subject: {} -->\n<!--\n{}\n-->\n{}", done.subject, done.text, done.html))
        }),
    };
    M::samples().into_iter().enumerate().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_never_becomes_markup() {
        let mut env = Environment::new();
        env.set_formatter(write_value);
        env.add_template("a.html", "<a title=\"{{ x }}\">{{ x }}</a>{{ safe|safe }}{{ number }}").expect("parses");
        let context = context! { x => "https://a/?b&c\"'<script>é", safe => "<b>", number => 3 };
        let done = env.get_template("a.html").expect("is there").render(context).expect("renders");
        let typed = "https://a/?b&amp;c&quot;&#x27;&lt;script&gt;é";
        assert_eq!(done, format!("<a title=\"{typed}\">{typed}</a><b>3"));
    }
}
