//! What a run came to as a text that two people can compare line by line.

use crate::plugins::ops::{history::messages, perform::Done};
use plugin_host::{
    Output,
    data::{Block, Content},
    digest,
};

/// Characters of one text.
const MOST: usize = 4000;

pub(super) fn of(done: &Done) -> String {
    let text = match &done.run.output {
        None => done.run.report.outcome.words(),
        Some(Output::Content(content)) => document(content),
        Some(output @ Output::Pdf(pdf)) => format!("A finished PDF of {} KB ({}).", pdf.0.len().div_ceil(1024), &digest(output)[..12]),
        Some(output) => {
            let all = messages(output);
            let each = all.iter().map(|m| format!("{}{}: {}\n{}", kind(m.kind), to(&m.to), m.title, m.text));
            let text = each.collect::<Vec<_>>().join("\n\n");
            if text.is_empty() { "Nothing to send.".to_owned() } else { text }
        }
    };
    text.chars().take(MOST).collect()
}

fn kind(kind: crate::plugins::PluginMessageKind) -> &'static str {
    match kind {
        crate::plugins::PluginMessageKind::Mail => "Mail",
        crate::plugins::PluginMessageKind::Notice => "Notice",
        crate::plugins::PluginMessageKind::Webhook => "Request",
        crate::plugins::PluginMessageKind::Note => "Note",
    }
}

fn to(to: &str) -> String {
    if to.is_empty() { String::new() } else { format!(" to {to}") }
}

fn document(content: &Content) -> String {
    let mut lines = vec![content.title.clone(), content.subtitle.clone()];
    lines.extend(content.intro.iter().cloned());
    lines.extend(content.facts.iter().map(|fact| format!("{}: {}", fact.label, fact.value)));
    lines.extend(content.covered.iter().map(|line| format!("+ {line}")));
    lines.extend(content.not_covered.iter().map(|line| format!("- {line}")));
    for section in &content.sections {
        lines.push(format!("# {}", section.title));
        for block in &section.blocks {
            match block {
                Block::Paragraph(text) => lines.push(text.clone()),
                Block::Bullets(items) => lines.extend(items.iter().map(|item| format!("* {item}"))),
                Block::Table(table) => lines.extend(table.rows.iter().map(|row| row.join(" | "))),
            }
        }
    }
    lines.extend(content.signatures.iter().map(|s| format!("____ {} {}", s.role, s.name)));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}
