//! One mail: read from its source, with the links that a person could follow.

use chrono::{DateTime, Utc};
use mail_parser::{MessageParser, MimeHeaders, PartType};
use serde::Serialize;

/// One mail, as the JSON view gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// Its id; later mails have greater ones.
    pub id: String,
    /// The sender as written in the mail: an address, or a name and an address.
    pub from: String,
    /// The addresses that it was delivered to.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// When it came.
    pub date: DateTime<Utc>,
    /// The plain text; made from the HTML when there is none.
    pub text: String,
    /// The HTML, when there is one.
    pub html: Option<String>,
    /// Every web address in the text and the HTML, in order, each once.
    pub links: Vec<String>,
    /// The file names of what is attached.
    pub attachments: Vec<String>,
}

impl Mail {
    /// Reads a source.
    pub fn read(id: String, date: DateTime<Utc>, to: Vec<String>, source: &[u8]) -> Mail {
        let mut mail = Mail { id, date, to, ..Mail::default() };
        let Some(message) = MessageParser::default().parse(source) else {
            return mail;
        };
        if let Some(sender) = message.from().and_then(|from| from.first()) {
            mail.from = match (sender.name(), sender.address()) {
                (Some(name), Some(address)) => format!("{name} <{address}>"),
                (name, address) => name.or(address).unwrap_or_default().to_owned(),
            };
        }
        mail.subject = message.subject().unwrap_or_default().to_owned();
        mail.text = message.body_text(0).unwrap_or_default().into_owned();
        mail.html = message.html_part(0).and_then(|part| match &part.body {
            PartType::Html(html) => Some(html.to_string()),
            _ => None,
        });
        for found in links_in(&mail.text).chain(mail.html.iter().flat_map(|html| links_in(html))) {
            if !mail.links.contains(&found) {
                mail.links.push(found);
            }
        }
        let named = message.attachments().map(|part| part.attachment_name().unwrap_or("unnamed").to_owned());
        mail.attachments = named.collect();
        mail
    }

    /// Whether it was delivered to an address.
    pub fn is_to(&self, address: &str) -> bool {
        self.to.iter().any(|to| to.eq_ignore_ascii_case(address))
    }
}

/// Web addresses in a text; in HTML their ampersands are written out.
fn links_in(text: &str) -> impl Iterator<Item = String> {
    let begins = text.match_indices("http").map(|(at, _)| &text[at..]);
    let begins = begins.filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"));
    begins.map(|rest| {
        let ends = |c: char| c.is_whitespace() || "<>\"'`".contains(c);
        let link = &rest[..rest.find(ends).unwrap_or(rest.len())];
        link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']).replace("&amp;", "&")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::now;

    #[test]
    fn a_mail_in_two_forms_is_read() {
        let source = b"From: Larkrise Roofing <hello@example.com>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
            See (https://x.test/a?b=1&c=2).\r\n--b\r\nContent-Type: text/html\r\n\r\n\
            <a href=\"https://x.test/a?b=1&amp;c=2\">go</a> <a href='http://y.test/'>y</a>\r\n--b--\r\n";
        let mail = Mail::read("1".into(), now(), vec!["ada@example.com".into()], source);
        assert_eq!(mail.from, "Larkrise Roofing <hello@example.com>");
        assert_eq!(mail.subject, "Grüße");
        assert_eq!(mail.links, ["https://x.test/a?b=1&c=2", "http://y.test/"]);
        assert!(mail.html.is_some() && mail.text.starts_with("See"));
        assert!(mail.is_to("Ada@Example.com") && !mail.is_to("bob@example.com"));
    }

    #[test]
    fn plain_and_broken_mails_are_read_too() {
        let mail = Mail::read("1".into(), now(), Vec::new(), b"Subject: x\r\n\r\nhttp://z.test");
        assert_eq!((mail.html, mail.links), (None, vec!["http://z.test".to_owned()]));
        assert_eq!(Mail::read("1".into(), now(), Vec::new(), b"").subject, "");
    }
}
