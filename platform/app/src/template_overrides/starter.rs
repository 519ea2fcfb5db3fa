//! Our own text of a template as the editor shows it: taken from the template itself, so it is always the one in use.

use super::{TemplateText, published::Published};
use crate::pages::Templates;
use kernel::pages::Kind;

/// Our text, in the form that a company writes it in.
pub fn ours(published: &Published) -> TemplateText {
    match published.slot.kind {
        Kind::Page => TemplateText { html: page(&source(published.slot.template)), ..TemplateText::default() },
        Kind::Mail => {
            let name = published.slot.template;
            mail(&source(&format!("mail/{name}.html")), &source(&format!("mail/{name}.txt")))
        }
    }
}

/// The text of a template file; empty if there is none.
pub fn source(name: &str) -> String {
    Templates::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok()).unwrap_or_default()
}

/// Everything but the frame: imports, macros and what stands in the block `main`.
fn page(source: &str) -> String {
    let mut out = String::new();
    for line in source.lines() {
        let frame = ["{% extends ", "{% block title ", "{% block head ", "{% block main ", "{% endblock "];
        if !frame.iter().any(|tag| line.starts_with(tag)) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

fn mail(html: &str, plain: &str) -> TemplateText {
    let imports: Vec<&str> = html.lines().filter(|line| line.starts_with("{% from ")).collect();
    let (head, text) = plain.split_once('\n').unwrap_or((plain, ""));
    let (head_import, subject) = head.split_once("Subject: ").unwrap_or(("", head));
    let import = [head_import];
    let text = text.replace("{% include \"mail/_foot.txt\" %}", "");
    TemplateText {
        html: with(&imports, "\n", block(html, "content")),
        heading: with(&imports, "", block(html, "heading")),
        subject: with(&import, "", subject),
        text: with(&import, "\n", text.trim()),
    }
}

fn block<'a>(source: &'a str, name: &str) -> &'a str {
    let open = format!("{{% block {name} %}}");
    let inside = source.split_once(open.as_str()).and_then(|(_, rest)| rest.split_once("{% endblock %}"));
    inside.map_or("", |(inside, _)| inside).trim()
}

/// A part with those of the imports that it uses.
fn with(imports: &[&str], between: &str, part: &str) -> String {
    let used = imports.iter().filter(|import| {
        let names = import.split_once(" import ").map_or("", |(_, names)| names).trim_end_matches("%}").split(',');
        names.map(str::trim).any(|name| !name.is_empty() && part.contains(&format!("{name}(")))
    });
    used.map(|import| format!("{}{between}", import.trim())).collect::<String>() + part
}
