//! What an expression may be made of. Fuel pays for what is printed and visited, but not for a list that holds another one twice, which holds
//! another one twice: comparing or joining such lists would never end. So lists are written out, of texts, numbers and plain data, and
//! nothing adds or repeats them.

/// Words that no name is.
const WORDS: &[&str] = &["page", "frame", "true", "false", "none", "True", "False", "None", "and", "or", "not", "in", "is", "if", "else"];
const LISTS: &str = "Lists are written in brackets, of texts, numbers and what stands in page and frame.";

/// Looks at what stands in a tag. `statement`: the word it begins with; empty for what is printed.
pub(super) fn check(statement: &str, inside: &str) -> Result<(), String> {
    let inside = without_texts(inside.trim_start_matches(['-', '+']).trim_end_matches(['-', '+']));
    if let Some(sign) = inside.chars().find(|c| matches!(c, '+' | '*' | '{')) {
        return Err(match sign {
            '+' => "“+” cannot be used here: numbers are added with |plus(…), texts with ~.".to_owned(),
            sign => format!("“{sign}” cannot be used here."),
        });
    }
    brackets(&inside)?;
    let listed = match statement {
        "" | "if" | "elif" => inside.as_str(),
        "set" => inside.split_once('=').map_or("", |(_, value)| value),
        "for" => inside.split_once(" in ").map_or("", |(_, value)| value),
        _ => "",
    };
    if outside_of_brackets(listed).any(|c| c == ',') { Err(LISTS.to_owned()) } else { Ok(()) }
}

/// The same with every letter of a text in quotes as a quote.
fn without_texts(inside: &str) -> String {
    let mut quote = None;
    let mut escaped = false;
    let blank = |c: char| match quote {
        Some(open) => {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == open {
                quote = None;
            }
            '"'
        }
        None if matches!(c, '"' | '\'') => {
            quote = Some(c);
            '"'
        }
        None => c,
    };
    inside.chars().map(blank).collect()
}

fn outside_of_brackets(text: &str) -> impl Iterator<Item = char> {
    let mut depth = 0_usize;
    text.chars().filter(move |c| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// Finds lists and tuples and looks at what they hold; calls, subscripts and groups are left alone.
fn brackets(inside: &str) -> Result<(), String> {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in inside.char_indices() {
        match c {
            '(' | '[' => open.push((at, c)),
            ')' | ']' => {
                let Some((from, bracket)) = open.pop() else { continue };
                let (before, held) = (&inside[..from], &inside[from + 1..at]);
                let list = bracket == '[' || outside_of_brackets(held).any(|c| c == ',');
                if list && !follows_a_name(before) && !plain(held) {
                    return Err(LISTS.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// A bracket after a name, another bracket or a text calls or looks up something.
fn follows_a_name(before: &str) -> bool {
    let before = before.trim_end();
    let word = &before[before
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8))..];
    match word {
        "" => before.ends_with([')', ']', '"']),
        word => !WORDS.contains(&word) || matches!(word, "page" | "frame"),
    }
}

/// Only texts, numbers, and what stands in `page` and `frame`.
fn plain(held: &str) -> bool {
    let mut rest = held;
    let mut before = ' ';
    while let Some(at) = rest.find(|c: char| c.is_alphabetic() || c == '_') {
        before = rest[..at].trim_end().chars().last().unwrap_or(before);
        let word = &rest[at..];
        let word = &word[..word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len())];
        if !matches!(before, '.' | '|') && !WORDS.contains(&word) {
            return false;
        }
        before = ' ';
        rest = &rest[at + word.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_own_templates_say_can_be_said() {
        let fine = [
            ("for", "for part in [(\"projects\", \"Your, projects\", page.projects), (\"finished\", \"Finished\", page.finished)]"),
            ("", "band(\"\", \"Hello \" ~ page.name ~ (page.a|length|plus(page.b|length)) ~ \"+\", \"*\")"),
            ("if", "if page.day|date(frame) in [\"today\", \"tomorrow\"] and (a or b)"),
            ("", "grid(group.views|map(attribute=\"cell\"), frame, (0 if page.pairs else 4) if loop.first else 0, days=not group.day)"),
            ("", "page.code[:3]"),
            ("for", "for name, value in page.pairs"),
            ("from", "from \"x\" import a, b"),
            ("macro", "macro a(b, c=\"\")"),
            ("set", "set x = page.a or f(b, c)"),
        ];
        for (statement, inside) in fine {
            assert_eq!(check(statement, inside), Ok(()), "{inside}");
        }
    }

    #[test]
    fn lists_cannot_hold_each_other() {
        let refused = [
            ("set", "set x = [x, x]"),
            ("set", "set x = x, x"),
            ("set", "set x = (x, x)"),
            ("set", "set x = [[1, x]]"),
            ("set", "set x = x + x"),
            ("set", "set x = x * 2"),
            ("", "x, x"),
            ("", "again([x, x])"),
            ("", "again((x, x))"),
            ("if", "if (x, x) == (y, y)"),
            ("if", "if x in (x, x)"),
            ("for", "for a in x, x"),
            ("", "{\"a\": x}"),
            ("", "f(**x)"),
            ("macro", "macro a(b=[b, b])"),
        ];
        for (statement, inside) in refused {
            assert!(check(statement, inside).is_err(), "{inside}");
        }
    }
}
