//! What is wrong with a tenant's text: where, and in words for the person who wrote it.

use std::error::Error as _;

use minijinja::ErrorKind;
use serde::Serialize;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// `html`, `subject`, `heading` or `text`.
    pub part: &'static str,
    /// From 1; none where it is about the whole.
    pub line: Option<usize>,
    /// From 1.
    pub column: Option<usize>,
    /// For the person who wrote it.
    pub words: String,
}

impl Flaw {
    /// About a part as a whole.
    pub(super) fn whole(part: &'static str, words: String) -> Flaw {
        Flaw { part, line: None, column: None, words }
    }

    /// Something that nobody can say more about.
    pub(super) fn unknown() -> Flaw {
        Flaw::whole("html", "This cannot be read.".to_owned())
    }

    /// At this byte of the text.
    pub(super) fn at(part: &'static str, text: &str, at: usize, words: String) -> Flaw {
        let before = text.get(..at).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        Flaw { part, line: Some(before.matches('\n').count() + 1), column: Some(before[start..].chars().count() + 1), words }
    }

    /// From an error of the template language. One inside of a component has no place in the text, see [`Flaw::called_in`].
    pub(super) fn of(part: &'static str, error: &minijinja::Error) -> Flaw {
        let source = error.template_source().unwrap_or_default();
        let range = error.range().filter(|range| range.end <= source.len());
        let snippet = range.clone().and_then(|range| source.get(range)).unwrap_or_default();
        let words = words(error, snippet.trim());
        match (error.name().filter(|name| *name != part), range) {
            (Some(component), _) if component.contains('/') => {
                Flaw::whole(part, format!("In the component “{component}”: {words} Does it get what it needs?"))
            }
            (_, Some(range)) if !source.is_empty() => Flaw::at(part, source, range.start, words),
            _ => Flaw { part, line: error.line(), column: None, words },
        }
    }

    /// With the line of the text that calls the component that failed, where only one does.
    pub(super) fn called_in(self, text: &str, error: &minijinja::Error) -> Flaw {
        match self.line {
            None => Flaw { line: call(text, error), ..self },
            Some(_) => self,
        }
    }
}

fn call(text: &str, error: &minijinja::Error) -> Option<usize> {
    let until = error.template_source()?.lines().take(error.line()?);
    let failed = until.filter_map(|line| line.split_once("{% macro ")?.1.split_once('(')).last()?.0;
    let calls = |line: &str| {
        let name = format!("{failed}(");
        line.match_indices(&name).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let mut lines = text.lines().enumerate().filter(|(_, line)| calls(line));
    let (at, _) = lines.next()?;
    lines.next().is_none().then_some(at + 1)
}

fn words(error: &minijinja::Error, snippet: &str) -> String {
    let detail = error.detail().unwrap_or_default();
    // What went wrong inside of a file is what people want to know.
    if let (ErrorKind::BadInclude, Some(inner)) = (error.kind(), error.source().and_then(|cause| cause.downcast_ref::<minijinja::Error>()))
    {
        return words(inner, "");
    }
    match error.kind() {
        ErrorKind::OutOfFuel => "This takes too many steps. Is there a loop inside of a loop?".to_owned(),
        ErrorKind::UndefinedError if !snippet.is_empty() => format!("There is no “{snippet}” here."),
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest | ErrorKind::UnknownMethod => {
            let what = match error.kind() {
                ErrorKind::UnknownFilter => "filter",
                ErrorKind::UnknownTest => "test",
                _ => "function",
            };
            format!("There is no such {what} here: “{snippet}”.")
        }
        ErrorKind::TemplateNotFound => {
            format!("There is no such file of components here: {}.", if snippet.is_empty() { detail } else { snippet })
        }
        ErrorKind::InvalidOperation if detail.contains("recursion") => "This calls itself over and over.".to_owned(),
        kind if detail.is_empty() => format!("This cannot be done: {kind}."),
        ErrorKind::SyntaxError => format!("This cannot be read: {detail}."),
        _ => format!("This cannot be done: {detail}."),
    }
}
