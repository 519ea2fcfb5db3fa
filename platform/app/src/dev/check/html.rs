//! What a person would find in a page: its heading, its links, its forms. Reads only what our own templates write.

/// A form as the page offers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RawForm {
    pub action: String,
    /// What a browser would send if nothing were touched.
    pub fields: Vec<(String, String)>,
}

/// The first heading, without its markup.
pub(super) fn heading(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("<h1")?;
    let (_, rest) = rest.split_once('>')?;
    let (inside, _) = rest.split_once("</h1>")?;
    let mut text = String::new();
    let mut outside = true;
    for c in inside.chars() {
        match c {
            '<' => outside = false,
            '>' => outside = true,
            c if outside => text.push(c),
            _ => {}
        }
    }
    Some(unescape(text.trim()))
}

/// Where the page leads to.
pub(super) fn links(html: &str) -> Vec<String> {
    let of_interest = tags(html).into_iter().filter(|(name, _)| matches!(*name, "a" | "link"));
    of_interest.filter_map(|(_, tag)| attribute(tag, "href")).collect()
}

/// The forms, in order.
pub(super) fn forms(html: &str) -> Vec<RawForm> {
    let mut forms: Vec<RawForm> = Vec::new();
    let (mut inside, mut select) = (false, String::new());
    for (name, tag) in tags(html) {
        match name {
            "form" => {
                inside = true;
                forms.push(RawForm { action: attribute(tag, "action").unwrap_or_default(), fields: Vec::new() });
            }
            "/form" => inside = false,
            "select" => select = attribute(tag, "name").unwrap_or_default(),
            "option" if inside && has(tag, "selected") => {
                let value = attribute(tag, "value").unwrap_or_default();
                forms.iter_mut().last().into_iter().for_each(|form| form.fields.push((select.clone(), value.clone())));
            }
            "input" if inside && sends(tag) => {
                let (name, value) = (attribute(tag, "name").unwrap_or_default(), attribute(tag, "value").unwrap_or_default());
                forms.iter_mut().last().into_iter().for_each(|form| form.fields.push((name.clone(), value.clone())));
            }
            _ => {}
        }
    }
    forms
}

fn sends(input: &str) -> bool {
    !matches!(attribute(input, "type").as_deref(), Some("checkbox" | "radio")) || has(input, "checked")
}

/// Name and inside of every tag. An angle bracket in a quoted value does not end a tag.
fn tags(html: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let mut quote = None;
        let end = after.char_indices().find(|(_, c)| match (quote, c) {
            (None, '"' | '\'') => {
                quote = Some(*c);
                false
            }
            (Some(open), c) if open == *c => {
                quote = None;
                false
            }
            (None, '>') => true,
            _ => false,
        });
        let Some((end, _)) = end else { break };
        let tag = &after[..end];
        let name = tag.split(|c: char| c.is_whitespace()).next().unwrap_or_default();
        found.push((name, &tag[name.len()..]));
        rest = &after[end + 1..];
    }
    found
}

fn has(tag: &str, name: &str) -> bool {
    attributes(tag).iter().any(|(n, _)| *n == name)
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    attributes(tag).into_iter().find(|(n, _)| *n == name).map(|(_, value)| unescape(value))
}

fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| "\"'".contains(*c));
            let inside = quote.map_or(after, |_| &after[1..]);
            let end = match quote {
                Some(quote) => inside.find(quote),
                None => inside.find(char::is_whitespace),
            };
            let end = end.unwrap_or(inside.len());
            value = &inside[..end];
            rest = &inside[end..];
            rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        }
        found.push((name, value));
        rest = rest.trim_start();
    }
    found
}

fn unescape(text: &str) -> String {
    let mut text = text.to_owned();
    for (written, meant) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x2f;", "/"), ("&amp;", "&")]
    {
        text = text.replace(written, meant);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_what_a_browser_would_send() {
        let html = r#"<h1>Hello <em>you</em> &amp; me</h1><a href="&#x2f;x?a=1&amp;b=2">x</a>
            <form method="post" action="/signup" novalidate><input type="hidden" name="next" value="a > b">
            <input id="company" name="company" value="" required data-x><input type="checkbox" name="trust" value="on">
            <select name="zone"><option value="A">a</option><option value="B" selected>b</option></select>
            <button name="go">Go</button></form>"#;
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = vec![field("next", "a > b"), field("company", ""), field("zone", "B")];
        assert_eq!(forms(html), [RawForm { action: "/signup".into(), fields }]);
        assert_eq!(links(html), ["/x?a=1&b=2"]);
        assert_eq!(heading(html).as_deref(), Some("Hello you & me"));
    }

    #[test]
    fn broken_markup_ends() {
        for html in ["<", "<form", "<form action=\"x", "<input =>", "<a href=>", "<h1>", "a=\"b\"", "<p ==\"\" x>"] {
            let _ = (forms(html), links(html), heading(html));
        }
    }
}
