//! The state of one SMTP session (RFC 5321): what a command does and what is answered. Reads and writes nothing.

use super::Shared;

/// The largest mail, in bytes.
pub const MAX_BYTES: usize = 30 << 20;
const MAX_RECIPIENTS: usize = 100;

/// What to do after a command.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Answer and go on.
    Reply(String),
    /// Answer and read a mail.
    Data(String),
    /// Answer and hang up.
    Close(String),
}

/// How far the session has come.
#[derive(Debug, Default)]
pub struct Session {
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl Session {
    /// Handles one command line, without its line end.
    pub fn command(&mut self, line: &str, shared: &Shared) -> Next {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let reply = |text: &str| Next::Reply(format!("{text}\r\n"));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                self.begin();
                let extensions = format!("250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {MAX_BYTES}\r\n");
                Next::Reply(format!("250-local mailbox\r\n{extensions}"))
            }
            "HELO" => {
                self.begin();
                reply("250 local mailbox")
            }
            "MAIL" => self.mail(rest, shared),
            "RCPT" => self.recipient(rest, shared),
            "DATA" if self.to.is_empty() => reply("503 name a recipient first"),
            "DATA" => Next::Data("354 end with a line that holds only a dot\r\n".into()),
            "RSET" => {
                self.reset();
                reply("250 forgotten")
            }
            "NOOP" => reply("250 nothing done"),
            "VRFY" => reply("252 send it and see"),
            "QUIT" => Next::Close("221 bye\r\n".into()),
            _ => reply("500 unknown command"),
        }
    }

    fn begin(&mut self) {
        self.greeted = true;
        self.reset();
    }

    fn mail(&mut self, rest: &str, shared: &Shared) -> Next {
        let reply = |text: &str| Next::Reply(format!("{text}\r\n"));
        if shared.trouble(|trouble| trouble.paused) {
            return Next::Close("421 the local mailbox is paused\r\n".into());
        }
        if !self.greeted || self.from.is_some() {
            return reply("503 not now");
        }
        let Some((address, parameters)) = path(rest, "FROM:") else {
            return reply("501 write MAIL FROM:<address>");
        };
        let size = parameters.split(' ').find_map(|p| p.to_ascii_uppercase().strip_prefix("SIZE=")?.parse::<usize>().ok());
        if size.is_some_and(|size| size > MAX_BYTES) {
            return reply("552 the mail is too long");
        }
        self.from = Some(address.to_owned());
        reply("250 ok")
    }

    fn recipient(&mut self, rest: &str, shared: &Shared) -> Next {
        let reply = |text: &str| Next::Reply(format!("{text}\r\n"));
        if self.from.is_none() {
            return reply("503 name a sender first");
        }
        let address = match path(rest, "TO:") {
            Some((address, _)) if address.contains('@') && !address.contains(char::is_control) => address,
            _ => return reply("501 write RCPT TO:<address>"),
        };
        if self.to.len() >= MAX_RECIPIENTS {
            return reply("452 too many recipients");
        }
        match shared.trouble(|trouble| trouble.rejected.get(&address.to_ascii_lowercase()).copied()) {
            Some(code) if code >= 500 => reply(&format!("{code} no mail is taken for that address")),
            Some(code) => reply(&format!("{code} no mail is taken for that address now, try again later")),
            None => {
                self.to.push(address.to_owned());
                reply("250 ok")
            }
        }
    }

    /// The recipients of the mail that was read; the session is ready for the next.
    pub fn finish(&mut self) -> Vec<String> {
        let to = std::mem::take(&mut self.to);
        self.reset();
        to
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }
}

/// The address between angle brackets behind a word, and the parameters behind it.
fn path<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let (head, rest) = text.trim_start().split_at_checked(word.len())?;
    let rest = head.eq_ignore_ascii_case(word).then(|| rest.trim_start())?;
    let (address, parameters) = rest.strip_prefix('<')?.split_once('>')?;
    Some((address, parameters.trim()))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn paths_are_read_as_clients_write_them() {
        assert_eq!(path("FROM:<a@b.c> SIZE=10 BODY=8BITMIME", "FROM:"), Some(("a@b.c", "SIZE=10 BODY=8BITMIME")));
        assert_eq!(path("from: <>", "FROM:"), Some(("", "")));
        assert_eq!(path("TO:a@b.c", "TO:"), None);
        assert_eq!(path("T", "TO:"), None);
    }
}
