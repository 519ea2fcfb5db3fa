//! Where a document comes from: our content and our layout, or another author of the company's (a plugin), who gives the content or the
//! finished pages. This slice knows no plugins; whoever writes documents stands among the program's parts.

use super::{GeneratedKind, render};
use crate::projects::ProjectId;
use async_trait::async_trait;
use kernel::{Caller, Cx, Problem, Result};
use std::sync::Arc;
use typeset::{Content, Custom, Order, Pdf};

/// The largest finished document of another author, in bytes.
const LARGEST: usize = 10 << 20;

/// A document that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// One of ours by its name, or the variant that another author named.
    pub kind: String,
    /// For which project.
    pub project: ProjectId,
    /// Its number.
    pub number: String,
    /// How days and numbers are written, as `en-US`.
    pub locale: &'static str,
    /// It is only looked at: nothing may be sent or remembered.
    pub preview: bool,
}

/// What another author came to.
#[derive(Clone, Debug)]
pub struct Work {
    /// Who, for people.
    pub author: String,
    /// What.
    pub written: Written,
}

/// A document of another author.
#[derive(Clone, Debug)]
pub enum Written {
    /// What it says; project and household are filled in here.
    Content(Box<Custom>),
    /// The finished pages.
    Pdf(Vec<u8>),
    /// Nothing, and why in words for staff.
    Nothing(String),
}

/// Writes documents in our place.
#[async_trait]
pub trait Author: Send + Sync {
    /// The document, if this author makes such. No transaction is open meanwhile.
    async fn write(&self, caller: &Caller, wanted: &Wanted) -> Result<Option<Work>>;
    /// What people call a document that we do not make; none if this author does not make it either.
    async fn title(&self, cx: &Cx, variant: &str) -> Result<Option<String>>;
}

/// The author among the program's parts.
pub(super) fn author(caller: &Caller) -> Option<Arc<dyn Author>> {
    caller.app.parts.get::<Arc<dyn Author>>().cloned()
}

/// A document that was made, before it is stored.
pub struct Made {
    /// The file.
    pub pdf: Pdf,
    /// Signs that no font of ours has, and that were left out.
    pub left_out: Vec<char>,
}

/// A document whose author is known, before its pages are laid out.
pub struct Prepared {
    /// What it says; of finished pages what we would have said.
    pub order: Order,
    /// The finished pages.
    pages: Option<Vec<u8>>,
    /// What staff should know about its author; may be empty.
    pub note: String,
}

/// Asks whoever writes such a document. Where another author fails, ours takes its place, and the note says so; what we do not make
/// has then failed.
pub async fn prepare(caller: &Caller, kind: GeneratedKind, wanted: &Wanted, mut order: Order) -> Result<Prepared> {
    let work = match author(caller) {
        Some(author) => author.write(caller, wanted).await?,
        None => None,
    };
    let ours = kind != GeneratedKind::Plugin;
    match work {
        None if ours => Ok(Prepared { order, pages: None, note: String::new() }),
        None => Err(Problem::conflict("no_author", "No plugin that is turned on makes this document any more.")),
        Some(Work { author, written: Written::Nothing(why) }) if ours => Ok(Prepared {
            order,
            pages: None,
            note: format!("This is the standard document, for the plugin {author} did not make it. {why}"),
        }),
        Some(Work { author, written: Written::Nothing(why) }) => {
            Err(Problem::conflict("plugin_failed", format!("The plugin {author} did not make it. {why}")))
        }
        Some(Work { author, written: Written::Content(custom) }) => {
            order.content = Content::Custom(filled(*custom, &order));
            Ok(Prepared { order, pages: None, note: format!("Made by the plugin {author}.") })
        }
        Some(Work { author, written: Written::Pdf(pages) }) => {
            if pages.len() > LARGEST {
                return Err(Problem::conflict("plugin_failed", "The document is larger than 10 MB."));
            }
            Ok(Prepared { order, pages: Some(pages), note: format!("Made by the plugin {author}.") })
        }
    }
}

impl Prepared {
    /// The pages are another author's: what they say is not known.
    pub fn is_finished(&self) -> bool {
        self.pages.is_some()
    }

    /// Lays the pages out, unless they are there. No transaction is open meanwhile.
    pub async fn make(self, caller: &Caller) -> Result<Made> {
        match self.pages {
            Some(bytes) => Ok(Made { pdf: Pdf { bytes, pages: 0 }, left_out: Vec::new() }),
            None => render::pdf(&caller.app, self.order).await,
        }
    }
}

/// The pages of a content, below the facts of this order.
pub async fn laid_out(caller: &Caller, mut order: Order, custom: Custom) -> Result<Vec<u8>> {
    order.content = Content::Custom(filled(custom, &order));
    Ok(render::pdf(&caller.app, order).await?.pdf.bytes)
}

/// The facts that every paper has, which no author can leave out or change; one of the author's that says the same again is left out.
fn filled(mut custom: Custom, order: &Order) -> Custom {
    let (project, address, customers) = match &order.content {
        Content::WelcomePacket(c) => (&c.project, &c.address, &c.customers),
        Content::ProgressReport(c) => (&c.project, &c.address, &c.customers),
        Content::CompletionCertificate(c) => (&c.project, &c.address, &c.customers),
        Content::Warranty(c) => (&c.project, &c.address, &c.customers),
        Content::Custom(c) => (&c.project, &c.address, &c.customers),
    };
    custom.facts.retain(|fact| ![&order.number, project, address].contains(&&fact.value));
    Custom { project: project.clone(), address: address.clone(), customers: customers.clone(), ..custom }
}
