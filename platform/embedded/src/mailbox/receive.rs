//! The SMTP side: connections, lines and mails as they come over the wire.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Shared;
use super::session::{MAX_BYTES, Next, Session};
use crate::serve::Stopping;

const MAX_LINE: usize = 4096;
const PATIENCE: Duration = Duration::from_secs(300);

/// Serves until it is told to stop.
pub async fn serve(listener: TcpListener, mut stopping: Stopping, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.wait() => break,
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = accepted else { continue };
        let shared = shared.clone();
        connections.spawn(async move {
            if let Err(error) = converse(stream, shared).await {
                tracing::debug!(%error, "a sender went away");
            }
        });
    }
    connections.shutdown().await;
}

async fn converse(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    if shared.trouble(|trouble| trouble.paused) {
        return writer.write_all(b"421 the local mailbox is paused\r\n").await;
    }
    writer.write_all(b"220 local mailbox: nothing leaves this machine\r\n").await?;
    let mut session = Session::default();
    loop {
        let mut line = Vec::new();
        let kept = timeout(PATIENCE, read_line(&mut reader, &mut line, MAX_LINE)).await??;
        if line.is_empty() {
            return Ok(());
        }
        let next = match std::str::from_utf8(&line) {
            Ok(text) if kept => session.command(text.trim_end_matches(['\r', '\n']), &shared),
            _ => Next::Reply("500 the line is too long or not UTF-8\r\n".into()),
        };
        match next {
            Next::Reply(reply) => writer.write_all(reply.as_bytes()).await?,
            Next::Close(reply) => return writer.write_all(reply.as_bytes()).await,
            Next::Data(reply) => {
                writer.write_all(reply.as_bytes()).await?;
                let source = timeout(PATIENCE, read_mail(&mut reader)).await??;
                let reply = keep(session.finish(), source, shared.clone()).await;
                writer.write_all(reply).await?;
            }
        }
    }
}

async fn keep(to: Vec<String>, source: Option<Vec<u8>>, shared: Arc<Shared>) -> &'static [u8] {
    let Some(source) = source else {
        return b"552 the mail is too long\r\n";
    };
    match tokio::task::spawn_blocking(move || shared.store.add(&to, &source)).await {
        Ok(Ok(())) => b"250 kept\r\n",
        _ => b"451 the mail could not be written, try again later\r\n",
    }
}

/// Reads up to and with the next line end. A longer line is read to its end, but false says that not all is kept.
async fn read_line(reader: &mut (impl AsyncBufRead + Unpin), line: &mut Vec<u8>, most: usize) -> io::Result<bool> {
    let mut kept = true;
    loop {
        let there = reader.fill_buf().await?;
        if there.is_empty() {
            // A line without an end is no line.
            line.clear();
            return Ok(kept);
        }
        let (taken, ended) = match there.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (there.len(), false),
        };
        line.extend_from_slice(&there[..taken]);
        reader.consume(taken);
        if line.len() > most {
            // The last two bytes say how the line ends, so they stay.
            kept = false;
            line.drain(most - 2..line.len() - 2);
        }
        if ended {
            return Ok(kept);
        }
    }
}

/// Reads a mail up to the line that holds only a dot, taking the doubled dots back; nothing if it is too long.
async fn read_mail(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut mail = Vec::new();
    let mut kept = true;
    let mut begins_line = true;
    loop {
        let mut line = Vec::new();
        kept &= read_line(reader, &mut line, MAX_BYTES + 1).await?;
        if line.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if begins_line && line == b".\r\n" {
            return Ok(kept.then_some(mail));
        }
        let line = if begins_line && line[0] == b'.' { &line[1..] } else { &line[..] };
        // Only CR LF ends a line: a bare LF before a dot must not end the mail early.
        begins_line = line.ends_with(b"\r\n");
        if mail.len() + line.len() > MAX_BYTES {
            kept = false;
        }
        if kept {
            mail.extend_from_slice(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn dots_are_taken_back_and_only_the_right_end_ends() {
        let mut wire: &[u8] = b"a\r\n..b\r\n...\r\nc\n.\r\n\r\n.\r\nQUIT\r\n";
        let mail = read_mail(&mut wire).await.unwrap().unwrap();
        assert_eq!(mail, b"a\r\n.b\r\n..\r\nc\n.\r\n\r\n");
        assert_eq!(wire, b"QUIT\r\n");
        assert!(read_mail(&mut &b"cut off"[..]).await.is_err());
        assert!(read_mail(&mut &b"cut off\r\n"[..]).await.is_err());
    }

    #[tokio::test]
    async fn a_mail_that_is_too_long_is_read_and_dropped() {
        let mut wire = vec![b'x'; MAX_BYTES + 10];
        wire.extend_from_slice(b"\r\n.\r\n");
        assert!(read_mail(&mut &wire[..]).await.unwrap().is_none());
    }
}
