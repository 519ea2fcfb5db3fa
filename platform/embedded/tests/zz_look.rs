//! Throwaway.
use embedded::mailbox::{Mailbox, MailboxOptions};
#[tokio::test]
async fn look() {
    let dir = tempfile::tempdir().unwrap();
    let m = Mailbox::start(MailboxOptions { dir: dir.path().into(), smtp_port: Some(25925), http_port: Some(25926) }).await.unwrap();
    use lettre::*;
    for (to, s) in [
        ("ada@example.com", "Your sign-in link for Larkrise Roofing"),
        ("gil@example.com", "An invitation with a rather long subject line that wraps on a phone"),
    ] {
        let msg = Message::builder().from("Larkrise Roofing <hello@larkrise.example>".parse().unwrap()).to(to.parse().unwrap()).subject(s)
            .multipart(message::MultiPart::alternative_plain_html("Open http://larkrise.localhost:8080/sign-in/abcdef".to_owned(), "<html><head></head><body><h1>Hello</h1><p><a href=\"http://larkrise.localhost:8080/sign-in/abcdef\">Sign in</a></p></body></html>".to_owned())).unwrap();
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&m.smtp_url()).unwrap().build().send(msg).await.unwrap();
    }
    std::fs::write("/tmp/bp-b-id", &m.mails()[0].id).unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(40)).await;
}
