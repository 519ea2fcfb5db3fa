//! The way out: only to approved hosts, at public addresses, with bounds; secrets are put in and never told.

use crate::{
    fixtures::{ALL, Guest, TELL_FAILURE, text},
    product::{compiler, host_with, installed},
};
use async_trait::async_trait;
use plugin_host::{
    Approval, Grants, Outcome,
    author::sample::SampleSecrets,
    data::{Blob, HttpRequest, HttpResponse, SecretHeader},
    delegate::{Failure, FailureCode},
    egress::{Bounds, Egress, Policy, Public, Resolver},
    manifest::Wants,
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use url::Url;

/// Every host is at these addresses, one answer after another.
struct Fixed(Vec<IpAddr>, AtomicUsize);

#[async_trait]
impl Resolver for Fixed {
    async fn resolve(&self, _: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        let turn = self.1.fetch_add(1, Ordering::SeqCst);
        Ok(vec![SocketAddr::new(self.0[turn.min(self.0.len() - 1)], port)])
    }
}

/// For a server of the test: plain, on loopback alone.
struct Loopback;

impl Policy for Loopback {
    fn address(&self, address: IpAddr) -> Option<&'static str> {
        (!address.is_loopback()).then_some("not this test's")
    }
    fn url(&self, _: &Url) -> Option<&'static str> {
        None
    }
}

fn fixed(addresses: &[&str]) -> Arc<Fixed> {
    Arc::new(Fixed(addresses.iter().map(|a| a.parse().unwrap()).collect(), AtomicUsize::new(0)))
}

fn egress(resolver: Arc<Fixed>, policy: Arc<dyn Policy>) -> Egress {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Egress::new(resolver, policy).unwrap()
}

fn local() -> Egress {
    egress(fixed(&["127.0.0.1"]), Arc::new(Loopback))
}

fn grants() -> Grants {
    let wants: Wants = serde_json::from_str(ALL).unwrap();
    Grants::new(&wants, &Approval::all(&wants))
}

fn get(url: &str) -> HttpRequest {
    HttpRequest { method: "GET".into(), url: url.into(), headers: vec![], secret_headers: vec![], body: Blob::default() }
}

const BOUNDS: Bounds = Bounds { time: Duration::from_secs(2), body: 100_000 };

async fn send(egress: &Egress, request: &HttpRequest) -> Result<HttpResponse, Failure> {
    egress.send(&grants(), &SampleSecrets(vec!["token".into()]), BOUNDS, request).await
}

async fn code(egress: &Egress, url: &str) -> FailureCode {
    send(egress, &get(url)).await.unwrap_err().code
}

/// Answers every connection with these bytes; tells what it was sent. How many connections there were is the second value.
async fn server(answer: &'static str) -> (u16, Arc<AtomicUsize>, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (count, (to, from)) = (Arc::new(AtomicUsize::new(0)), tokio::sync::mpsc::unbounded_channel());
    let (port, counted) = (listener.local_addr().unwrap().port(), Arc::clone(&count));
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counted.fetch_add(1, Ordering::SeqCst);
            let to = to.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 64 << 10];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let _ = to.send(String::from_utf8_lossy(&request[..read]).into_owned());
                if answer.is_empty() {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (port, count, from)
}

#[tokio::test]
async fn every_kind_of_inner_address_is_refused_before_a_connection() {
    for address in [
        "127.0.0.1",
        "10.1.2.3",
        "172.20.0.1",
        "192.168.0.10",
        "169.254.169.254",
        "100.64.0.9",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "::1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fd00::1",
        "fe80::1",
        "ff02::1",
        "2002:a00:1::1",
    ] {
        let failure = send(&egress(fixed(&[address]), Arc::new(Public)), &get("https://inside.example.com/")).await.unwrap_err();
        assert_eq!(failure.code, FailureCode::NotGranted, "{address}: {failure}");
        assert!(failure.message.contains("inside.example.com is at an address that is"), "{failure}");
    }
}

#[tokio::test]
async fn a_name_that_answers_differently_the_second_time_gains_nothing() {
    let (_, connections, _) = server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let resolver = fixed(&["203.0.113.5", "127.0.0.1"]);
    let egress = egress(Arc::clone(&resolver), Arc::new(Public));
    assert_eq!(code(&egress, "https://api.example.com/").await, FailureCode::NotGranted);
    assert_eq!(resolver.1.load(Ordering::SeqCst), 1, "one look-up a request: what was checked is what is connected to");
    assert_eq!(code(&egress, "https://api.example.com/").await, FailureCode::NotGranted);
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn only_approved_names_are_spoken_to() {
    let egress = egress(fixed(&["127.0.0.1"]), Arc::new(Loopback));
    for url in [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://017700000001/",
        "http://localhost/",
        "http://evil.example/",
        "http://api.example.com.evil.example/",
        "http://sub.api.example.com/",
        "http://api.example.com./",
        "http://api.example.com@evil.example/",
        "ftp://other.example/",
        "file:///etc/passwd",
        "gopher://x",
    ] {
        let failure = send(&egress, &get(url)).await.unwrap_err();
        assert!(matches!(failure.code, FailureCode::NotGranted | FailureCode::Invalid), "{url}: {failure}");
    }
    for url in ["https://api.example.com:8443/", "http://api.example.com/", "https://user:word@api.example.com/"] {
        let public = self::egress(fixed(&["127.0.0.1"]), Arc::new(Public));
        let failure = send(&public, &get(url)).await.unwrap_err();
        assert!(matches!(failure.code, FailureCode::NotGranted | FailureCode::Invalid), "{url}: {failure}");
    }
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let (port, connections, _) =
        server("HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/meta-data\r\ncontent-length: 0\r\n\r\n").await;
    let answer = send(&local(), &get(&format!("http://api.example.com:{port}/"))).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn answers_are_bounded_in_time_and_size() {
    let (silent, ..) = server("").await;
    let bounds = Bounds { time: Duration::from_millis(200), ..BOUNDS };
    let request = get(&format!("http://api.example.com:{silent}/"));
    let failure = local().send(&grants(), &SampleSecrets(vec![]), bounds, &request).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::TimedOut);
    let long: &'static str =
        Box::leak(format!("HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n{}", "x".repeat(200_000)).into_boxed_str());
    let (large, ..) = server(long).await;
    assert_eq!(code(&local(), &format!("http://api.example.com:{large}/")).await, FailureCode::OverLimit);
}

#[tokio::test]
async fn a_secret_goes_into_its_header_and_is_not_told_when_it_comes_back() {
    let (port, _, mut sent) =
        server("HTTP/1.1 200 OK\r\nx-echo: Bearer sample-secret\r\ncontent-length: 25\r\n\r\nyou said sample-secret :-)").await;
    let mut request = get(&format!("http://api.example.com:{port}/texts"));
    request.secret_headers.push(SecretHeader { name: "Authorization".into(), prefix: "Bearer ".into(), secret: "token".into() });
    let answer = send(&local(), &request).await.unwrap();
    assert!(sent.recv().await.unwrap().contains("authorization: Bearer sample-secret"));
    let told = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.body.0));
    assert!(told.contains("(secret)") && !told.contains("sample-secret"), "{told}");
    // To another host, although that is approved, too.
    request.url = format!("http://inside.example.com:{port}/");
    assert_eq!(send(&local(), &request).await.unwrap_err().code, FailureCode::NotGranted);
    request.secret_headers[0].secret = "other".into();
    request.url = format!("http://api.example.com:{port}/");
    assert_eq!(send(&local(), &request).await.unwrap_err().code, FailureCode::NotGranted);
}

#[tokio::test]
async fn headers_that_are_the_hosts_are_not_the_plugins() {
    for (name, value) in
        [("Host", "other.example"), ("content-length", "5"), ("Transfer-Encoding", "chunked"), ("x\r\ny", "z"), ("x", "a\r\nb: c")]
    {
        let mut request = get("http://api.example.com:1/");
        request.headers.push((name.into(), value.into()));
        assert_eq!(send(&local(), &request).await.unwrap_err().code, FailureCode::Invalid, "{name}");
    }
}

/// From inside of a guest: an approved name that lies in the house's own network.
#[tokio::test]
async fn a_plugin_that_aims_inside_is_told_no_and_stopped_after_twenty() {
    let url = "https://inside.example.com/latest/meta-data";
    let call = format!(
        "(call $send (i32.const 0) (i32.const 1024) (i32.const {}) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 256))",
        url.len()
    );
    let signature = format!("$send (param {})", "i32 ".repeat(10));
    let once = Guest::hook(&format!("{call} {TELL_FAILURE}")).import("http", "send", &signature).with(&text(url));
    let host = host_with(compiler(), egress(fixed(&["169.254.169.254"]), Arc::new(Public)));
    let plugin = installed(&host, &once.packed()).await;
    match plugin.run(&host).await.report.outcome {
        Outcome::Declined { message } => assert!(message.contains("link-local"), "{message}"),
        other => panic!("{other:?}"),
    }
    let body = format!(
        "(local $n i32) (loop {call} (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $n) (i32.const 25)))) {TELL_FAILURE}"
    );
    let often = Guest::hook(&body).import("http", "send", &signature).with(&text(url));
    let run = installed(&host, &often.packed()).await.run(&host).await;
    assert_eq!(run.report.outcome, Outcome::Declined { message: "One run sends at most 20 requests.".to_owned() });
}
