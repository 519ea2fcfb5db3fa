//! Mail out, by SMTP. One pooled client for the deployment; a tenant's mails carry its name, and our address, so that
//! SPF and DKIM of our domain hold. Nothing typed by a user can end a header: control characters never reach one.

use crate::config::MailConfig;
use anyhow::Context;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::PoolConfig,
};
use std::time::Duration;
use thiserror::Error;
use uuid::Uuid;

/// A mail as a slice wants it sent. Pictures are linked by `https:` addresses, nothing is attached.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// The same for every try of one mail, such as the job's id: it becomes the Message-ID, so that a second copy is known as one.
    pub id: Uuid,
    /// The company's name; the address is the deployment's.
    pub from_name: String,
    /// The receiver's address.
    pub to: String,
    /// The receiver's name; may be empty.
    pub to_name: String,
    /// Where an answer goes, if not to the sender.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain part, with all that the HTML part says.
    pub text: String,
    /// More headers, name and value.
    pub headers: Vec<(String, String)>,
}

/// A mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The Message-ID, in angle brackets.
    pub message_id: String,
    /// What the server said, such as its queue id.
    pub response: String,
}

/// Why a mail did not go.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum MailError {
    /// It will never go: a bad address, or the server refused it for good. Tell somebody.
    #[error("the mail was refused: {0}")]
    Refused(String),
    /// Later may work: the server is away, busy, or grey-lists us.
    #[error("the mail server does not take mail now: {0}")]
    Later(String),
}

/// Sends mails. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    from_name: String,
    domain: String,
}

impl Mailer {
    /// Reads the configuration; connects when the first mail is sent.
    pub fn new(config: &MailConfig) -> anyhow::Result<Self> {
        let from: Address = config.from.parse().with_context(|| format!("mail.from {:?} is not a mail address", config.from))?;
        let url = config.smtp_url.expose();
        // The URL may hold a password, so it is never part of an error.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| {
                anyhow::anyhow!("mail.smtp_url is not of the form smtps://user:password@host:465 or smtp://host:587?tls=required")
            })?
            .timeout(Some(Duration::from_secs(config.timeout_seconds)))
            .pool_config(PoolConfig::new().max_size(config.max_connections).idle_timeout(Duration::from_secs(30)))
            .build();
        let domain = if config.message_domain.is_empty() { from.domain().to_owned() } else { config.message_domain.clone() };
        Ok(Self { transport, from, from_name: config.from_name.clone(), domain })
    }

    /// Sends one mail and says what became of it.
    pub async fn send(&self, mail: &Outgoing) -> Result<Accepted, MailError> {
        let message = self.message(mail)?;
        let result = self.transport.send(message).await;
        let outcome = match &result {
            Ok(_) => "accepted",
            Err(e) if e.is_permanent() => "refused",
            Err(_) => "later",
        };
        metrics::counter!("mails_total", "outcome" => outcome).increment(1);
        match result {
            Ok(response) => {
                Ok(Accepted { message_id: self.message_id(mail.id), response: response.message().collect::<Vec<_>>().join(" ") })
            }
            Err(error) => Err(classify(&error)),
        }
    }

    /// The Message-ID of a mail, known before it is sent.
    pub fn message_id(&self, id: Uuid) -> String {
        format!("<{}@{}>", id.simple(), self.domain)
    }

    fn message(&self, mail: &Outgoing) -> Result<Message, MailError> {
        let name = one_line(if mail.from_name.is_empty() { &self.from_name } else { &mail.from_name });
        let to_name = Some(one_line(&mail.to_name)).filter(|n| !n.is_empty());
        let mut builder = Message::builder()
            .from(Mailbox::new(Some(name).filter(|n| !n.is_empty()), self.from.clone()))
            .to(Mailbox::new(to_name, address(&mail.to)?))
            .subject(one_line(&mail.subject))
            .message_id(Some(self.message_id(mail.id)))
            // So that vacation notices are not answered to us (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated")?);
        if let Some(reply_to) = &mail.reply_to {
            builder = builder.reply_to(Mailbox::new(None, address(reply_to)?));
        }
        for (name, value) in &mail.headers {
            builder = builder.raw_header(header(name, value)?);
        }
        let parts = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
        builder.multipart(parts).map_err(|e| MailError::Refused(e.to_string()))
    }
}

fn classify(error: &lettre::transport::smtp::Error) -> MailError {
    let words = match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    let words = one_line(&words);
    // A refused password or a TLS failure is a matter of our configuration: the mail may go once that is put right.
    let ours = matches!(error.status().map(u16::from), Some(530 | 534 | 535 | 538 | 454));
    if error.is_permanent() && !ours { MailError::Refused(words) } else { MailError::Later(words) }
}

fn address(text: &str) -> Result<Address, MailError> {
    text.parse().map_err(|_| MailError::Refused("the address is not a mail address".to_owned()))
}

fn header(name: &str, value: &str) -> Result<HeaderValue, MailError> {
    let bad = || MailError::Refused(format!("{:?} is not the name of a header", one_line(name)));
    let token = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let name = if token { HeaderName::new_from_ascii(name.to_owned()).map_err(|_| bad())? } else { return Err(bad()) };
    Ok(HeaderValue::new(name, one_line(value)))
}

/// A text that fits in a header: line ends and other control characters become spaces.
fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::TcpListener,
    };

    fn mailer(url: &str) -> Mailer {
        let mut config = crate::config::Config::default().mail;
        config.smtp_url = crate::config::Secret::new(url);
        config.from = "portal@plumbline.example".into();
        config.timeout_seconds = 5;
        Mailer::new(&config).expect("a mailer")
    }

    fn mail() -> Outgoing {
        Outgoing {
            id: Uuid::from_u128(7),
            from_name: "Larkrise Roofing".into(),
            to: "dana@customers.example".into(),
            subject: "Your sign-in link".into(),
            html: "<p>Hello</p>".into(),
            text: "Hello".into(),
            ..Outgoing::default()
        }
    }

    fn sent(mail: &Outgoing) -> String {
        let message = mailer("smtp://127.0.0.1:1").message(mail).expect("a message");
        String::from_utf8(message.formatted()).expect("ascii")
    }

    #[tokio::test]
    async fn a_mail_has_both_parts_and_a_known_id() {
        let text = sent(&mail());
        assert!(text.contains("From: \"Larkrise Roofing\" <portal@plumbline.example>\r\n"), "{text}");
        assert!(text.contains("Message-ID: <00000000000000000000000000000007@plumbline.example>\r\n"));
        assert!(text.contains("Auto-Submitted: auto-generated\r\n"));
        assert!(text.contains("text/plain") && text.contains("text/html"));
        assert_eq!(text.matches("Message-ID:").count(), 1);
    }

    #[tokio::test]
    async fn no_header_can_be_injected() {
        let evil = "x\r\nBcc: all@customers.example\r\n\r\nbody\u{2028}y\0";
        let mut m = mail();
        (m.subject, m.from_name, m.to_name) = (evil.into(), evil.into(), evil.into());
        m.headers = vec![("X-Note".into(), evil.into())];
        let text = sent(&m);
        assert!(!text.to_lowercase().contains("\r\nbcc:"), "{text}");
        for (name, value) in [("X-Note\r\nBcc", "a"), ("", "a"), ("X Note", "a"), ("X:Y", "a")] {
            m.headers = vec![(name.into(), value.into())];
            assert!(matches!(mailer("smtp://127.0.0.1:1").message(&m), Err(MailError::Refused(_))));
        }
        for to in ["dana", "a@b\r\nRCPT TO:<c@d>", "a@b, c@d", "\"a\r\n\"@b", ""] {
            m = mail();
            m.to = to.into();
            assert!(matches!(mailer("smtp://127.0.0.1:1").message(&m), Err(MailError::Refused(_))), "{to:?}");
        }
    }

    /// A server that speaks just enough SMTP and answers RCPT as told.
    async fn server(rcpt: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut stream = BufReader::new(stream);
                let (mut line, mut in_data) = (String::new(), false);
                stream.write_all(b"220 test\r\n").await.expect("written");
                while {
                    line.clear();
                    stream.read_line(&mut line).await.unwrap_or(0) > 0
                } {
                    let answer = match line.trim_end() {
                        "." if in_data => {
                            in_data = false;
                            "250 2.0.0 queued as 42"
                        }
                        _ if in_data => continue,
                        "DATA" => {
                            in_data = true;
                            "354 go on"
                        }
                        l if l.starts_with("RCPT") => rcpt,
                        _ => "250 ok",
                    };
                    stream.write_all(format!("{answer}\r\n").as_bytes()).await.expect("written");
                }
            }
        });
        url
    }

    #[tokio::test]
    async fn an_answer_is_for_ever_or_for_now() {
        let accepted = mailer(&server("250 ok").await).send(&mail()).await.expect("accepted");
        assert!(accepted.response.contains("queued as 42"), "{accepted:?}");
        let refused = mailer(&server("550 5.1.1 no such user").await).send(&mail()).await;
        assert!(matches!(&refused, Err(MailError::Refused(words)) if words.contains("no such user")), "{refused:?}");
        let later = mailer(&server("451 4.7.1 greylisted").await).send(&mail()).await;
        assert!(matches!(&later, Err(MailError::Later(_))), "{later:?}");
        let unreachable = mailer("smtp://127.0.0.1:1").send(&mail()).await;
        assert!(matches!(&unreachable, Err(MailError::Later(_))), "{unreachable:?}");
        let refused_password = mailer(&server("535 5.7.8 bad credentials").await).send(&mail()).await;
        assert!(matches!(&refused_password, Err(MailError::Later(_))), "{refused_password:?}");
    }
}
