//! A look at a tenant's text before it is parsed: which tags of the template language it uses, and its markup alone.

use super::expression;

/// What may stand behind `{%`. Not there: `extends` and `block` (where a text stands is ours to say), `autoescape` and `raw` (what people
/// type stays text), `filter`, `with` and `do` (nothing of ours needs them).
const STATEMENTS: &[&str] = &[
    "if", "elif", "else", "endif", "for", "endfor", "break", "continue", "set", "endset", "macro", "endmacro", "call", "endcall", "from",
    "import", "include",
];

/// Something that may not stand there: where, and why in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misplaced {
    /// In bytes from the start.
    pub at: usize,
    /// For the person who wrote it.
    pub words: String,
}

/// The markup of a text with everything of the template language blanked out: what is printed becomes a row of `x`, the rest spaces.
/// Letters stay where they were, so a line and a column are the same in both.
pub(super) fn markup(text: &str) -> Result<String, Misplaced> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some((open, kind)) = next_tag(text, at) {
        out.push_str(&text[at..open]);
        let end = end_of(text, open + 2, kind).ok_or_else(|| {
            let words = format!("“{}” is opened here and never closed.", &text[open..open + 2]);
            Misplaced { at: open, words }
        })?;
        let inside = &text[open + 2..end - 2];
        let checked = match kind {
            b'%' => statement(inside).and_then(|word| expression::check(word, inside)),
            b'{' => expression::check("", inside),
            _ => Ok(()),
        };
        checked.map_err(|words| Misplaced { at: open, words })?;
        let mark = if kind == b'{' { 'x' } else { ' ' };
        out.extend(text[open..end].chars().map(|c| if c == '\n' { c } else { mark }));
        at = end;
    }
    out.push_str(&text[at..]);
    Ok(out)
}

/// The next `{{`, `{%` or `{#`.
fn next_tag(text: &str, from: usize) -> Option<(usize, u8)> {
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub(1))
        .find(|&i| bytes[i] == b'{' && matches!(bytes[i + 1], b'{' | b'%' | b'#'))
        .map(|i| (i, bytes[i + 1]))
}

/// Behind the mark that closes a tag; texts in quotes do not count, but in comments.
fn end_of(text: &str, from: usize, kind: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let close = if kind == b'{' { b'}' } else { kind };
    let (mut i, mut quote) = (from, None);
    while i + 1 < bytes.len() {
        match (quote, bytes[i]) {
            (Some(_), b'\\') => i += 1,
            (Some(open), c) if c == open => quote = None,
            (None, c @ (b'"' | b'\'')) if kind != b'#' => quote = Some(c),
            (None, c) if c == close && bytes[i + 1] == b'}' => return Some(i + 2),
            _ => {}
        }
        i += 1;
    }
    None
}

/// The word that a statement begins with.
fn statement(inside: &str) -> Result<&str, String> {
    let inside = inside.trim_start_matches(['-', '+']).trim_start();
    let word = &inside[..inside.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inside.len())];
    match STATEMENTS.contains(&word) {
        true => Ok(word),
        false => Err(format!("“{{% {word} %}}” cannot be used here.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_the_markup_at_its_place() {
        let text = "<p{% if a %} class=\"b\"{% endif %}>\n{{ \"}}<b>\" }}{# <i>'\n#}</p>";
        let left = markup(text).expect("nothing is misplaced");
        assert_eq!(left, "<p           class=\"b\"           >\nxxxxxxxxxxxxx       \n  </p>");
        assert_eq!(markup("a { b } 50 %}").expect("plain"), "a { b } 50 %}");
    }

    #[test]
    fn statements_of_the_frame_are_refused() {
        for word in ["extends \"x\"", "block main", "autoescape false", "raw", "filter upper", "do f()", "with a = 1", "unknown"] {
            let flaw = markup(&format!("ok\n{{%- {word} %}}")).expect_err(word);
            assert_eq!(flaw.at, 3, "{word}");
        }
        assert_eq!(markup("{{ x").expect_err("never closed").at, 0);
        assert_eq!(markup("{{ \"x }}").expect_err("the quote is never closed").at, 0);
    }
}
