//! Which markup may stand in a tenant's text, and in what becomes of it. Two looks with one table: at what they wrote, where each
//! line is known, and at what came out, where our components have added theirs.

use std::cell::RefCell;
use std::collections::BTreeSet;

use html5ever::tokenizer::{BufferQueue, StartTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::Kind;

/// Elements that a page may be written with.
const PAGE: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "nav",
    "ol",
    "p",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "time",
    "ul",
];
/// What our components of pages add.
const PAGE_PARTS: &[&str] = &["button", "form", "input", "label", "svg", "path", "circle", "rect", "line", "g", "text"];
/// Elements that a mail may be written with: paragraphs and buttons carry styles and are components.
const MAIL: &[&str] = &["a", "b", "br", "em", "i", "s", "span", "strong"];
/// What our components of mails add.
const MAIL_PARTS: &[&str] = &["p", "table", "tbody", "td", "tr"];
const VOID: &[&str] = &["br", "hr", "img", "input"];
const DRAWING: &[&str] = &["path", "circle", "rect", "line"];

/// Attributes of any element of a page.
const PAGE_ATTRIBUTES: &[&str] = &["class", "id", "title", "lang", "dir", "role", "hidden", "data-live"];
/// Attributes by element.
const OF_ELEMENT: &[(&str, &[&str])] = &[
    ("a", &["href", "download"]),
    ("img", &["src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding"]),
    ("time", &["datetime"]),
    ("del", &["datetime"]),
    ("ins", &["datetime"]),
    ("details", &["open"]),
];
/// What our components of pages add.
const OF_PARTS: &[&str] = &[
    "action",
    "autocomplete",
    "checked",
    "cx",
    "cy",
    "d",
    "data-compare",
    "data-large",
    "data-sending",
    "focusable",
    "fill",
    "font-size",
    "for",
    "height",
    "max",
    "method",
    "min",
    "name",
    "preserveaspectratio",
    "r",
    "rx",
    "ry",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-width",
    "tabindex",
    "text-anchor",
    "transform",
    "type",
    "value",
    "viewbox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];
/// What our components of mails add.
const OF_MAIL_PARTS: &[&str] =
    &["align", "bgcolor", "border", "cellpadding", "cellspacing", "class", "height", "lang", "role", "style", "valign", "width"];

/// Classes that a page may be written with: ours, for what stands where.
pub const CLASSES: &[&str] = &[
    "pl-wrap",
    "pl-main",
    "pl-two",
    "pl-two-even",
    "pl-home",
    "pl-stack",
    "pl-narrow",
    "pl-wider",
    "pl-page-head",
    "pl-h-row",
    "pl-band",
    "pl-band-ring",
    "pl-where",
    "pl-lead",
    "pl-meta",
    "pl-note",
    "pl-card",
    "pl-docs",
    "pl-doc",
    "pl-facts",
    "pl-updates",
    "pl-visits",
    "pl-visit-past",
    "pl-projects",
    "pl-project",
    "pl-pairs",
    "pl-pages",
    "pl-choices",
    "pl-choose",
    "pl-photos-top",
    "pl-arriving",
    "pl-aside",
    "pl-acts",
    "pl-back",
    "pl-btn",
    "pl-btn-brand",
    "pl-btn-quiet",
    "pl-btn-big",
    "pl-form",
    "pl-lead-row",
    "pl-avatar",
    "pl-banner",
    "pl-banner-positive",
    "pl-banner-warning",
    "pl-banner-danger",
    "hidden",
    "sr-only",
    "underline",
    "whitespace-nowrap",
    "font-semibold",
    "text-muted",
    "text-text",
    "block",
    "w-full",
    "mt-4",
    "mt-5",
    "ml-2",
    "pb-16",
];

/// Which of the two is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// What the tenant wrote, the template language blanked out.
    Written,
    /// What came out.
    Rendered,
}

/// What was found in markup that may stand.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Ids of parts that are kept up to date.
    pub regions: BTreeSet<String>,
    /// Where links lead and forms post to.
    pub addresses: BTreeSet<String>,
    /// How many headings of the first order.
    pub headings: usize,
    /// The words, without markup.
    pub text: String,
}

/// Markup that may not stand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// From 1.
    pub line: usize,
    /// `<script`, to find its column.
    pub mark: String,
    /// For the person who wrote it.
    pub words: String,
}

/// Looks through markup. In what came out, every element must be closed too.
pub(super) fn look(markup: &str, kind: Kind, side: Side) -> Result<Found, Refused> {
    let tokenizer = Tokenizer::new(Looker { kind, side, state: RefCell::default() }, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(markup.into());
    // Nothing is ever handed back: a script is refused, not run.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let State { found, open, refused, .. } = tokenizer.sink.state.into_inner();
    match (refused, open.last()) {
        (Some(refused), _) => Err(refused),
        (None, Some((name, line))) if side == Side::Rendered => {
            Err(Refused { line: *line, mark: format!("<{name}"), words: format!("“<{name}>” is opened and never closed.") })
        }
        _ => Ok(found),
    }
}

#[derive(Default)]
struct State {
    found: Found,
    open: Vec<(String, usize)>,
    refused: Option<Refused>,
}

struct Looker {
    kind: Kind,
    side: Side,
    state: RefCell<State>,
}

impl TokenSink for Looker {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        if state.refused.is_some() {
            return TokenSinkResult::Continue;
        }
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        let refuse = |mark: &str, words: &str| Some(Refused { line, mark: mark.to_owned(), words: words.to_owned() });
        match token {
            Token::TagToken(tag) => {
                if let Err(words) = self.tag(&tag, line, &mut state) {
                    let slash = if tag.kind == StartTag { "" } else { "/" };
                    state.refused = Some(Refused { line, mark: format!("<{slash}{}", tag.name), words });
                }
            }
            Token::CharacterTokens(text) => state.found.text.push_str(&text),
            Token::CommentToken(_) => {
                state.refused = refuse("<!", "Write comments as {# … #}: what stands between <!-- and --> is sent to the reader.")
            }
            Token::DoctypeToken(_) => state.refused = refuse("<!", "The document around this text is ours."),
            Token::NullCharacterToken => state.refused = refuse("", "There is a character here that no page can show."),
            // A letter such as & that stands for itself is read as everybody expects; the rest has no one meaning.
            Token::ParseError(what) if what.contains("EOF") || (self.side == Side::Rendered && !what.contains("character reference")) => {
                state.refused =
                    refuse("", "This is no markup that a browser reads for sure: a quote or a “>” is missing, or something stands twice.");
            }
            Token::ParseError(_) | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

impl Looker {
    fn tag(&self, tag: &Tag, line: usize, state: &mut State) -> Result<(), String> {
        let name = &*tag.name;
        let (own, parts) = match self.kind {
            Kind::Page => (PAGE, PAGE_PARTS),
            Kind::Mail => (MAIL, MAIL_PARTS),
        };
        if !own.contains(&name) && (self.side == Side::Written || !parts.contains(&name)) {
            return Err(no_element(name, self.kind));
        }
        if tag.kind != StartTag {
            return self.close(name, state);
        }
        for attribute in &tag.attrs {
            let (attribute, value) = (&*attribute.name.local, &*attribute.value);
            self.attribute(name, attribute, value)?;
            match attribute {
                "href" | "action" => drop(state.found.addresses.insert(value.to_owned())),
                "id" if tag.attrs.iter().any(|a| &*a.name.local == "data-live") => drop(state.found.regions.insert(value.to_owned())),
                _ => {}
            }
        }
        state.found.headings += usize::from(name == "h1");
        let alone = VOID.contains(&name) || (tag.self_closing && DRAWING.contains(&name));
        if !alone {
            state.open.push((name.to_owned(), line));
        }
        Ok(())
    }

    /// Both branches of an `if` may open what is closed once, so only what came out is held to it.
    fn close(&self, name: &str, state: &mut State) -> Result<(), String> {
        if self.side == Side::Written {
            return Ok(());
        }
        match state.open.pop() {
            Some((open, _)) if open == name => Ok(()),
            Some((open, _)) => Err(format!("“</{name}>” stands where “</{open}>” is expected.")),
            None => Err(format!("“</{name}>” closes something that is not open.")),
        }
    }

    fn attribute(&self, element: &str, name: &str, value: &str) -> Result<(), String> {
        if name.starts_with("on") {
            return Err(format!("“{name}” cannot stand here: pages run our scripts only."));
        }
        let own = OF_ELEMENT.iter().any(|(of, names)| *of == element && names.contains(&name));
        let known = match (self.kind, self.side) {
            (Kind::Page, Side::Written) => own || PAGE_ATTRIBUTES.contains(&name) || name.starts_with("aria-"),
            (Kind::Page, Side::Rendered) => own || PAGE_ATTRIBUTES.contains(&name) || name.starts_with("aria-") || OF_PARTS.contains(&name),
            (Kind::Mail, Side::Written) => own && element == "a",
            (Kind::Mail, Side::Rendered) => own || OF_MAIL_PARTS.contains(&name) || name.starts_with("aria-"),
        };
        match (known, name) {
            (false, "style") => Err("“style” cannot stand here: the look comes from your branding.".to_owned()),
            (false, _) => Err(format!("“{name}” cannot stand on “<{element}>” here.")),
            (true, "href") => self.address(value, false),
            (true, "src" | "action") => self.address(value, true),
            (true, "srcset") => value.split(',').try_for_each(|one| self.address(one.trim_start(), true)),
            (true, "class") if self.side == Side::Written => value.split_whitespace().try_for_each(class),
            (true, "id") if value == "main" => Err("The id “main” is taken by the page itself.".to_owned()),
            _ => Ok(()),
        }
    }

    /// `own`: of this host only.
    fn address(&self, value: &str, own: bool) -> Result<(), String> {
        // Printed by the template; what came out is looked at again.
        if self.side == Side::Written && value.starts_with("xxxxx") {
            return Ok(());
        }
        if value.contains(|c: char| c.is_control() || c == '\\') {
            return Err("This address has letters in it that no address has.".to_owned());
        }
        if own {
            return match value.starts_with('/') && !value.starts_with("//") {
                true => Ok(()),
                false => Err("Pictures and forms come from this portal only: an address here begins with “/”.".to_owned()),
            };
        }
        let scheme = value
            .trim_start()
            .split(['/', '?', '#'])
            .next()
            .and_then(|head| head.split_once(':'))
            .map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            None if value.starts_with("//") => Err("Write the whole address, with “https:”.".to_owned()),
            None | Some("https" | "http" | "mailto" | "tel") => Ok(()),
            Some(scheme) => Err(format!("A link cannot begin with “{scheme}:”.")),
        }
    }
}

fn class(name: &str) -> Result<(), String> {
    match CLASSES.contains(&name) {
        true => Ok(()),
        false if name.contains("xxxxx") => Err("A class cannot be printed: write it out, inside of {% if %} where it depends.".to_owned()),
        false => Err(format!("There is no class “{name}” for texts of your own. The look comes from your branding.")),
    }
}

fn no_element(name: &str, kind: Kind) -> String {
    match (name, kind) {
        ("script", _) => "“<script>” cannot stand here: pages run our scripts only.".to_owned(),
        ("style" | "link", _) => format!("“<{name}>” cannot stand here: the look comes from your branding."),
        ("form" | "input" | "button" | "select" | "textarea" | "label", _) => {
            format!("“<{name}>” cannot stand here: forms are components of ours.")
        }
        ("p" | "h1" | "h2" | "h3" | "div" | "table" | "ul" | "ol" | "li", Kind::Mail) => {
            format!(
                "“<{name}>” cannot stand in a mail: write {{{{ para(frame, \"…\") }}}} and the other components, which look right in every mail program."
            )
        }
        _ => format!("“<{name}>” cannot stand here."),
    }
}
