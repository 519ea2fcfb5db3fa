//! The mailbox: mail by a real client, refusals, what the browser and tests see, restarts, and sessions by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use std::path::Path;

use embedded::mailbox::{Mailbox, MailboxOptions};
use lettre::message::MultiPart;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn start(dir: &Path) -> Mailbox {
    let options = MailboxOptions { dir: dir.to_owned(), smtp_port: None, http_port: None };
    Mailbox::start(options).await.unwrap()
}

async fn send(mailbox: &Mailbox, to: &str, html: &str) -> Result<(), lettre::transport::smtp::Error> {
    let message = Message::builder()
        .from("Larkrise Roofing <hello@larkrise.example>".parse().unwrap())
        .to(to.parse().unwrap())
        .subject("Your sign-in link")
        .multipart(MultiPart::alternative_plain_html(
            "Open https://larkrise.example/sign-in/abc?x=1&y=2\n.\n..two dots".to_owned(),
            html.to_owned(),
        ))
        .unwrap();
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&mailbox.smtp_url()).unwrap().build();
    transport.send(message).await.map(drop)
}

/// Sends lines as they are, closes, and gives everything that was answered.
async fn by_hand(mailbox: &Mailbox, lines: &str) -> String {
    let address = mailbox.smtp_url().replace("smtp://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(lines.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    answers
}

async fn fetch(mailbox: &Mailbox, path: &str) -> reqwest::Response {
    common::client().get(format!("{}{path}", mailbox.http_url())).send().await.unwrap()
}

#[tokio::test]
async fn mails_are_kept_shown_and_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let mailbox = start(dir.path()).await;
    send(&mailbox, "ada@example.com", "<p>Hello <script>alert(1)</script></p>").await.unwrap();
    send(&mailbox, "gil@example.com", "<p>Hello</p>").await.unwrap();
    let mail = mailbox.mails_to("ADA@example.com").remove(0);
    assert_eq!(mail.subject, "Your sign-in link");
    assert!(mail.text.ends_with(".\r\n..two dots") || mail.text.ends_with(".\n..two dots"), "{:?}", mail.text);
    assert_eq!(mail.links[0], "https://larkrise.example/sign-in/abc?x=1&y=2");
    mailbox.stop().await;

    let mailbox = start(dir.path()).await;
    let list: serde_json::Value = fetch(&mailbox, "/api/mails?to=ada@example.com").await.json().await.unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0], serde_json::to_value(&mail).unwrap());
    let home = fetch(&mailbox, "/").await;
    assert!(home.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let home = home.text().await.unwrap();
    assert!(home.contains("Local mailbox: nothing leaves this machine") && home.contains("gil@example.com"));
    let page = fetch(&mailbox, &format!("/mails/{}", mail.id)).await.text().await.unwrap();
    assert!(page.contains("sandbox=") && !page.contains("<script>alert"));
    let html = fetch(&mailbox, &format!("/mails/{}/html", mail.id)).await;
    assert!(html.headers()["content-security-policy"].to_str().unwrap().starts_with("sandbox"));
    let source = fetch(&mailbox, &format!("/mails/{}/source", mail.id)).await.text().await.unwrap();
    assert!(source.starts_with("Delivered-To: ada@example.com"));
    assert_eq!(fetch(&mailbox, "/mails/..%2f..%2flock/source").await.status(), 404);

    let client = common::client();
    let all = format!("{}/api/mails", mailbox.http_url());
    let foreign = client.get(&all).header("host", "evil.example").send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    let foreign = client.delete(&all).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    assert_eq!(client.delete(&all).send().await.unwrap().status(), 204);
    assert!(mailbox.mails().is_empty());
    mailbox.stop().await;
    let mailbox = start(dir.path()).await;
    assert!(mailbox.mails().is_empty());
    mailbox.stop().await;
}

#[tokio::test]
async fn refusals_reach_the_sender() {
    let dir = tempfile::tempdir().unwrap();
    let mailbox = start(dir.path()).await;
    mailbox.reject("gone@example.com", 550).unwrap();
    mailbox.reject("full@example.com", 452).unwrap();
    assert!(mailbox.reject("x@example.com", 250).is_err());
    assert!(send(&mailbox, "gone@example.com", "x").await.unwrap_err().is_permanent());
    assert!(send(&mailbox, "full@example.com", "x").await.unwrap_err().is_transient());
    mailbox.accept("full@example.com");
    send(&mailbox, "full@example.com", "x").await.unwrap();
    mailbox.pause();
    assert!(send(&mailbox, "ada@example.com", "x").await.is_err());
    mailbox.resume();
    send(&mailbox, "ada@example.com", "x").await.unwrap();
    assert_eq!(mailbox.mails().len(), 2);
    mailbox.stop().await;
}

#[tokio::test]
async fn sessions_by_hand() {
    let dir = tempfile::tempdir().unwrap();
    let mailbox = start(dir.path()).await;
    let lines = "EHLO me\r\nMAIL FROM:<a@example.com> BODY=8BITMIME\r\nRCPT TO:<b@example.com>\r\nRCPT TO:<c@example.com>\r\n\
                 DATA\r\nDelivered-To: forged@example.com\r\nSubject: one\r\n\r\n..\r\n.\r\n\
                 RSET\r\nNOOP\r\nDATA\r\nMAIL FROM:<> SIZE=99999999999\r\nRCPT TO:<x@example.com>\r\nWHAT\r\nQUIT\r\n";
    let answers = by_hand(&mailbox, lines).await;
    let codes: Vec<&str> = answers.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| &line[..3]).collect();
    let expected = ["220", "250", "250", "250", "250", "354", "250", "250", "250", "503", "552", "503", "500", "221"];
    assert_eq!(codes, expected, "{answers}");
    assert_eq!(mailbox.mails_to("c@example.com")[0].to, ["b@example.com", "c@example.com"]);
    assert!(mailbox.mails_to("forged@example.com").is_empty());
    // A sender that goes away before the end of its mail has sent none.
    by_hand(&mailbox, "EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<d@example.com>\r\nDATA\r\nSubject: cut off\r\n").await;
    assert!(mailbox.mails_to("d@example.com").is_empty());
    mailbox.stop().await;
}
