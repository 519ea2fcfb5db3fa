//! What must be in a page or a mail, whatever a tenant writes around it: the link of a mail, the parts that live updates renew.

use minijinja::{Environment, Value, context};

use super::{Flaw, markup::Found};

/// What must be there.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Exactly one heading of the first order.
    Heading,
    /// A part with this id and `data-live`.
    Region(&'static str),
    /// Each address at this path of the page, as a link or as where a form posts to; in a mail also in its plain text.
    /// `*` stands for every one of a list.
    Address(&'static str),
    /// The six numbers at this path, in one piece or in two; in a mail also in its plain text.
    Code(&'static str),
}

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Required {
    /// What.
    pub what: What,
    /// Only where this expression about the page holds; empty: always.
    pub when: &'static str,
    /// What it is and how to put it there.
    pub words: &'static str,
}

impl Required {
    pub(super) fn check(&self, env: &Environment<'_>, page: &Value, found: &Found, text: Option<&str>) -> Result<(), Flaw> {
        if !self.when.is_empty() {
            let holds = env.compile_expression(self.when).and_then(|expression| expression.eval(context! { page }));
            if !holds.map_err(|error| Flaw::of("html", &error))?.is_true() {
                return Ok(());
            }
        }
        let missing = |part| Err(Flaw::whole(part, format!("This must be there: {}", self.words)));
        match self.what {
            What::Heading if found.headings != 1 => missing("html"),
            What::Region(id) if !found.regions.contains(id) => missing("html"),
            What::Address(path) => values(page, path).iter().try_for_each(|address| match text {
                _ if !found.addresses.contains(address) => missing("html"),
                Some(text) if !text.contains(address.as_str()) => missing("text"),
                _ => Ok(()),
            }),
            What::Code(path) => values(page, path).iter().try_for_each(|code| {
                let there = |text: &str| {
                    text.contains(code.as_str())
                        || code.get(..3).zip(code.get(3..)).is_some_and(|(a, b)| text.contains(&format!("{a} {b}")))
                };
                match text {
                    _ if !there(&found.text) => missing("html"),
                    Some(text) if !there(text) => missing("text"),
                    _ => Ok(()),
                }
            }),
            _ => Ok(()),
        }
    }
}

/// The texts at a path such as `groups.*.rows.*.url`; what is none or not there is left out.
fn values(page: &Value, path: &str) -> Vec<String> {
    let step = |values: Vec<Value>, name: &str| match name {
        "*" => values.iter().filter_map(|value| value.try_iter().ok()).flatten().collect(),
        name => values.iter().filter_map(|value| value.get_attr(name).ok()).collect::<Vec<_>>(),
    };
    let found = path.split('.').fold(vec![page.clone()], step);
    found.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}
