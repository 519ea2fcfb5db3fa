//! The environment that tenants' texts run in: our components, plain data, a few filters, and limits smaller than our own.

use std::borrow::Cow;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior};

use super::{Flaw, Slot};
use crate::assets::Assets;
use crate::pages::{filters, write_escaped};

/// Steps of one part. Bytes that are made count too, so this bounds memory: a step pays for 64 of them.
const FUEL: u64 = 100_000;
/// How deep components and macros may nest, as minijinja counts: 10 for a file, 4 for a macro. Ours need 44.
const DEPTH: usize = 60;
/// What the template language brings and no text needs: what makes markup out of words, what tells of the program, what builds up
/// much out of little.
const NO_FILTERS: &[&str] =
    &["safe", "escape", "e", "replace", "format", "indent", "pprint", "tojson", "urlencode", "attr", "batch", "slice", "zip", "chain"];
const NO_FUNCTIONS: &[&str] = &["debug", "range", "dict", "namespace"];

/// The environment without any tenant's text.
pub(in crate::pages) struct Sandbox(Environment<'static>);

impl Sandbox {
    /// With the files of components (`…/_name.html`) and the icons of our own environment.
    pub(in crate::pages) fn new(files: &[(String, String)], icons: &[(String, String)], assets: &Assets) -> anyhow::Result<Sandbox> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_fuel(Some(FUEL));
        env.set_recursion_limit(DEPTH);
        env.set_debug(true);
        env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        env.set_auto_escape_callback(|name| if is_plain(name) { AutoEscape::None } else { AutoEscape::Html });
        env.set_formatter(write);
        for (name, text) in files {
            env.add_template_owned(name.clone(), text.clone())?;
        }
        for (name, drawing) in icons {
            env.add_global(format!("icon:{name}"), Value::from_safe_string(drawing.clone()));
        }
        filters::install(&mut env, assets.clone());
        NO_FILTERS.iter().for_each(|name| env.remove_filter(name));
        NO_FUNCTIONS.iter().for_each(|name| env.remove_global(name));
        Ok(Sandbox(env))
    }

    /// A fresh one for the texts of a slot: they may import what the slot lists, and components what they need.
    pub(super) fn open(&self, slot: &'static Slot) -> Environment<'static> {
        let mut env = self.0.clone();
        env.set_path_join_callback(move |name, parent| match parent.contains('/') || slot.partials.contains(&name) {
            true => Cow::Borrowed(name),
            false => Cow::Owned(format!("\u{0}{name}")),
        });
        env
    }
}

/// Adds a part under its name, which has no `/`, unlike ours.
pub(super) fn parse(env: &mut Environment<'static>, part: &'static str, text: &str) -> Result<(), Flaw> {
    env.add_template_owned(part, text.to_owned()).map_err(|error| match error.template_source() {
        Some(_) => Flaw::of(part, &error),
        None => Flaw { line: error.line(), ..Flaw::of(part, &error) },
    })
}

fn is_plain(name: &str) -> bool {
    matches!(name, "subject" | "heading" | "text") || name.rsplit('.').next() == Some("txt")
}

/// Writes a value. Whether it is escaped goes by the file that prints it and by nothing that a text says.
fn write(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    match value.as_str().filter(|_| !is_plain(state.name()) && !value.is_safe()) {
        Some(text) => write_escaped(out, text),
        None => minijinja::escape_formatter(out, state, value),
    }
}
