//! A page's WebSocket over real TCP: the program served as it is served, and a client that speaks as browsers do.

use crate::{Client, TestApp};
use futures::{SinkExt, StreamExt};
use kernel::session::PersonKind;
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest, protocol::frame::coding::CloseCode},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// The program at an address, until dropped.
pub struct Served {
    /// Where.
    pub address: SocketAddr,
    _stop: DropGuard,
}

/// What ends a wait that should not be one.
const PATIENCE: Duration = Duration::from_secs(20);

impl TestApp {
    /// Serves the program at a free port.
    pub async fn serve(&self) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let (address, stop) = (listener.local_addr().expect("an address"), CancellationToken::new());
        tokio::spawn(platform::app::serve(self.app.clone(), listener, stop.clone()));
        Served { address, _stop: stop.drop_guard() }
    }
}

impl Served {
    /// A socket of this browser; `path` is `/live` or `/api/v1/live`, with its query.
    pub async fn socket(&self, browser: &Client, path: &str) -> Socket {
        match self.knock(browser, path, Some(&format!("https://{}", browser.host))).await {
            Ok(socket) => socket,
            Err(status) => panic!("{path}: {status}"),
        }
    }

    /// The same with any origin; the status if the upgrade is refused.
    pub async fn knock(&self, browser: &Client, path: &str, origin: Option<&str>) -> Result<Socket, u16> {
        let mut request = format!("ws://{}{path}", browser.host).into_client_request().expect("a request");
        let kinds = [PersonKind::Staff, PersonKind::Customer].map(PersonKind::cookie_name);
        let cookies = kinds.iter().filter_map(|name| Some(format!("{name}={}", browser.cookie(name)?))).collect::<Vec<_>>().join("; ");
        request.headers_mut().insert("cookie", cookies.parse().expect("a header"));
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().expect("a header"));
        }
        let stream = TcpStream::connect(self.address).await.expect("a connection");
        match client_async(request, stream).await {
            Ok((stream, _)) => Ok(Socket(stream)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{path}: {error}"),
        }
    }
}

/// An open socket.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// The next frame.
    pub async fn next(&mut self) -> Value {
        match self.message().await {
            Message::Text(text) => serde_json::from_str(&text).expect("JSON"),
            other => panic!("a frame was expected, not {other:?}"),
        }
    }

    /// The frames until everything is told: until `hello` or `gap`, and that one.
    pub async fn greeting(&mut self) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await;
            let done = frame["type"] != "event";
            frames.push(frame);
            if done {
                return frames;
            }
        }
    }

    /// The code that the program closes it with.
    pub async fn closed(&mut self) -> u16 {
        loop {
            match self.message().await {
                Message::Close(Some(frame)) => return CloseCode::into(frame.code),
                Message::Close(None) => return 1005,
                _ => {}
            }
        }
    }

    /// Nothing comes for a moment.
    pub async fn quiet(&mut self) {
        let said = tokio::time::timeout(Duration::from_millis(600), self.0.next()).await;
        assert!(said.is_err(), "nothing was expected: {said:?}");
    }

    /// Says something, which a page never does.
    pub async fn say(&mut self, words: String) {
        self.0.send(Message::text(words)).await.ok();
    }

    async fn message(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await;
        match next.expect("something in time") {
            Some(Ok(message)) => message,
            Some(Err(_)) | None => Message::Close(None),
        }
    }
}
