//! A browser over one kept connection that costs little beside the server: it writes a request and reads the answer.

use anyhow::{Context, Result, ensure};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One kept connection.
pub struct Browser {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Browser {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 << 10) })
    }

    /// A request without a body, its host and its cookie; the answer's body.
    pub async fn get(&mut self, host: &str, cookie: &str, path: &str) -> Result<String> {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\nuser-agent: Firefox Linux\r\n\r\n")).await
    }

    /// A request with a JSON body.
    pub async fn json(&mut self, method: &str, host: &str, cookie: &str, path: &str, body: &str) -> Result<String> {
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\norigin: https://{host}\r\ncookie: {cookie}\r\nuser-agent: Firefox Linux\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
    }

    async fn send(&mut self, request: &str) -> Result<String> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let (head, length) = loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
            if let Some(end) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
                let length: usize = length.context("an answer without a length")?.trim().parse()?;
                break (end + 4, length);
            }
        };
        while self.buffer.len() < head + length {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        }
        let body = String::from_utf8_lossy(&self.buffer[head..head + length]).into_owned();
        let status = String::from_utf8_lossy(&self.buffer[..12]).into_owned();
        ensure!(status.ends_with(" 200"), "{request}: {status}: {body}");
        Ok(body)
    }
}
