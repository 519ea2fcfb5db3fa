//! The mailbox's two pages as HTML. Every text of a mail is escaped here.

use super::mail::Mail;

const NOTE: &str = "Local mailbox: nothing leaves this machine";

/// The list, the newest mail first.
pub fn list(mails: &[Mail], to: &str, version: &str) -> String {
    let rows: String = mails.iter().map(row).collect();
    let rows = match (rows.is_empty(), to.is_empty()) {
        (false, _) => format!("<ul class=\"mails\">{rows}</ul>"),
        (true, true) => "<p>No mail yet. Whatever the program sends arrives here within seconds.</p>".to_owned(),
        (true, false) => format!("<p>No mail to {}. <a href=\"/\">Show all mails</a></p>", escape(to)),
    };
    let bar = format!(
        "<div class=\"bar\"><form action=\"/\"><div><label for=\"to\">Mails to</label>\
         <input id=\"to\" name=\"to\" type=\"text\" inputmode=\"email\" value=\"{}\"></div><button>Show</button></form>\
         <form method=\"post\" action=\"/clear\"><button>Delete all mails</button></form></div>",
        escape(to)
    );
    let body = format!("<div data-version=\"{}\"><h1>Mails</h1>{bar}{rows}</div>", escape(version));
    frame("Mails", &body, "<script src=\"/refresh.js\" defer></script>")
}

fn row(mail: &Mail) -> String {
    format!(
        "<li><a href=\"/mails/{}\"><strong>{}</strong><span>to {}</span><span>from {} · {}</span></a></li>",
        escape(&mail.id),
        escape(subject(mail)),
        escape(&mail.to.join(", ")),
        escape(&mail.from),
        mail.date.format("%Y-%m-%d %H:%M:%S UTC"),
    )
}

/// One mail: its facts, its links, and its three forms.
pub fn one(mail: &Mail) -> String {
    let id = escape(&mail.id);
    let mut body = format!("<p><a href=\"/\">All mails</a></p><h1>{}</h1><dl class=\"facts\">", escape(subject(mail)));
    let facts = [
        ("From", mail.from.clone()),
        ("To", mail.to.join(", ")),
        ("Came", mail.date.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
        ("Attached", mail.attachments.join(", ")),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        body.push_str(&format!("<dt>{name}</dt><dd>{}</dd>", escape(value)));
    }
    body.push_str("</dl>");
    if mail.html.is_some() {
        body.push_str(&format!(
            "<h2>As sent</h2><iframe title=\"The mail as sent\" src=\"/mails/{id}/html\" \
             sandbox=\"allow-popups allow-popups-to-escape-sandbox\"></iframe>"
        ));
    }
    body.push_str(&format!("<h2>Text</h2><pre>{}</pre>", escape(&mail.text)));
    if !mail.links.is_empty() {
        let link = |link: &String| {
            let link = escape(link);
            format!("<li><a href=\"{link}\" target=\"_blank\" rel=\"noopener noreferrer\">{link}</a></li>")
        };
        let links: String = mail.links.iter().map(link).collect();
        body.push_str(&format!("<h2>Links</h2><ul class=\"links\">{links}</ul>"));
    }
    body.push_str(&format!("<p><a href=\"/mails/{id}/source\">Source</a></p>"));
    frame(subject(mail), &body, "")
}

/// The page for a mail that is not there.
pub fn missing() -> String {
    let body = "<h1>That mail is not here</h1><p>It may have been deleted. <a href=\"/\">All mails</a></p>";
    frame("Not here", body, "")
}

/// A mail's HTML whose links open outside of its frame.
pub fn in_new_windows(html: &str) -> String {
    let base = "<base target=\"_blank\">";
    let head = html.to_ascii_lowercase().find("<head>").map(|at| at + "<head>".len());
    match head {
        Some(at) => format!("{}{base}{}", &html[..at], &html[at..]),
        None => format!("{base}{html}"),
    }
}

fn subject(mail: &Mail) -> &str {
    if mail.subject.is_empty() { "(no subject)" } else { &mail.subject }
}

fn frame(title: &str, body: &str, end: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{} · Local mailbox</title>\
         <link rel=\"stylesheet\" href=\"/style.css\"></head>\
         <body><p class=\"note\">{NOTE}</p><main>{body}</main>{end}</body></html>",
        escape(title)
    )
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}
