//! What becomes of people's texts before they are set.

/// A word longer than this may be broken between any two of [`PIECE`] letters, so that it stays on the paper.
const LONG_WORD: usize = 20;
const PIECE: usize = 10;
/// Where a line may end; nothing is drawn.
const BREAK: char = '\u{200b}';

/// The text without what nobody sees: control characters, marks of direction that could turn a line around, joiners that no font
/// of ours knows; odd spaces become plain ones.
pub(crate) fn clean(text: &str) -> String {
    text.chars().filter(|&c| !is_invisible(c)).map(plain).collect()
}

/// The text with places to break its long words.
pub(crate) fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        if word.chars().count() <= LONG_WORD {
            out.push_str(word);
            continue;
        }
        let mut piece = 0;
        for c in word.chars() {
            // Never before a mark that belongs to the letter before it.
            if piece >= PIECE && c.is_alphanumeric() {
                out.push(BREAK);
                piece = 0;
            }
            out.push(c);
            piece = if matches!(c, '/' | '-' | '_' | '.' | '@' | ',' | ';') { PIECE } else { piece + 1 };
        }
    }
    out
}

fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(
            c,
            '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
}

fn plain(c: char) -> char {
    match c {
        // The narrow one that keeps together becomes the wide one that does.
        '\u{202f}' => '\u{a0}',
        '\u{2011}' => '-',
        '\u{2028}' | '\u{2029}' => '\n',
        c if c != '\n' && c != '\u{a0}' && c.is_whitespace() => ' ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_taken_out() {
        assert_eq!(clean("a\u{202e}b\u{feff}c\u{7}d\te\r\nf\u{2009}g\u{202f}h"), "abcd e\nf g\u{a0}h");
    }

    #[test]
    fn only_long_words_can_be_broken() {
        assert_eq!(breakable("twenty letters or less"), "twenty letters or less");
        assert_eq!(breakable("abcdefghijklmnopqrstuvwxyz"), "abcdefghij\u{200b}klmnopqrst\u{200b}uvwxyz");
        assert_eq!(breakable("https://larkrise.example/check"), "https://\u{200b}larkrise.\u{200b}example/\u{200b}check");
    }
}
