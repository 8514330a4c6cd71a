//! One connection to a NATS server: the text protocol, as much of it as a publisher and a reader need
//! (docs.nats.io, "Client Protocol"). Blocking, on the thread of whoever uses it.

use super::BackboneError;
use serde::Deserialize;
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

/// Nobody is waited for longer: a server that has stopped answering is left for the next one.
const PATIENCE: Duration = Duration::from_secs(5);
const CONNECT_PATIENCE: Duration = Duration::from_secs(2);
/// Longest line of the protocol that is read.
const LINE_BYTES_MAX: u64 = 64 * 1024;
/// Longest message that is read.
const MESSAGE_BYTES_MAX: usize = 8 << 20;

/// Where servers are, and as whom to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Servers {
    addresses: Vec<String>,
    user: Option<(String, String)>,
}

impl Servers {
    /// Reads `nats://[user:password@]host:port[,host:port…]`.
    ///
    /// # Errors
    /// [`BackboneError::Address`].
    pub fn parse(text: &str) -> Result<Self, BackboneError> {
        let wrong = || BackboneError::Address(text.to_owned());
        let rest = text.strip_prefix("nats://").ok_or_else(wrong)?;
        let (user, hosts) = match rest.rsplit_once('@') {
            Some((user, hosts)) => {
                let (name, password) = user.split_once(':').ok_or_else(wrong)?;
                (Some((name.to_owned(), password.to_owned())), hosts)
            }
            None => (None, rest),
        };
        let address = |host: &str| {
            let host = host.trim().trim_start_matches("nats://").trim_end_matches('/');
            let has_port = host
                .rsplit_once(':')
                .is_some_and(|(name, port)| !name.is_empty() && port.parse::<u16>().is_ok());
            match (host.is_empty(), has_port) {
                (true, _) => Err(wrong()),
                (false, true) => Ok(host.to_owned()),
                (false, false) => Ok(format!("{host}:4222")),
            }
        };
        let addresses = hosts.split(',').map(address).collect::<Result<_, _>>()?;
        Ok(Self { addresses, user })
    }

    /// Connects to the first server that answers, beginning with the `nth`.
    ///
    /// # Errors
    /// [`BackboneError::Nobody`] when none answers.
    pub(super) fn connect(&self, nth: usize) -> Result<Connection, BackboneError> {
        let count = self.addresses.len().max(1);
        let mut last = None;
        for address in self.addresses.iter().cycle().skip(nth % count).take(count) {
            match Connection::open(address, self.user.as_ref()) {
                Ok(connection) => return Ok(connection),
                Err(error) => last = Some(error),
            }
        }
        Err(BackboneError::Nobody(last.map(Box::new)))
    }
}

/// A message as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) subject: String,
    /// Status code of the header, 0 for none.
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Message {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Deserialize)]
struct Info {
    max_payload: usize,
    #[serde(default)]
    jetstream: bool,
    #[serde(default)]
    tls_required: bool,
}

pub(super) struct Connection {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
    pub(super) max_payload: usize,
    inbox: String,
}

impl Connection {
    fn open(address: &str, user: Option<&(String, String)>) -> Result<Self, BackboneError> {
        let mut found = address.to_socket_addrs()?;
        let found = found.next().ok_or_else(|| BackboneError::Address(address.to_owned()))?;
        let stream = TcpStream::connect_timeout(&found, CONNECT_PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut connection = Self {
            reader: BufReader::with_capacity(1 << 18, stream.try_clone()?),
            writer: stream,
            max_payload: 0,
            inbox: String::new(),
        };
        connection.greet(user)?;
        Ok(connection)
    }

    fn greet(&mut self, user: Option<&(String, String)>) -> Result<(), BackboneError> {
        let line = self.line()?;
        let info = line.strip_prefix("INFO ").ok_or(BackboneError::NotNats)?;
        let info: Info = serde_json::from_str(info).map_err(|_json| BackboneError::NotNats)?;
        if info.tls_required {
            return Err(BackboneError::Tls);
        }
        if !info.jetstream {
            return Err(BackboneError::NoJetStream);
        }
        self.max_payload = info.max_payload;
        let mut connect = json!({
            "verbose": false, "pedantic": false, "headers": true, "no_responders": true,
            "lang": "rust", "version": env!("CARGO_PKG_VERSION"), "name": "pehra", "protocol": 1,
        });
        if let (Some((user, password)), Some(fields)) = (user, connect.as_object_mut()) {
            fields.insert("user".to_owned(), json!(user));
            fields.insert("pass".to_owned(), json!(password));
        }
        let mut chance = [0; 12];
        getrandom::fill(&mut chance).map_err(|_chance| BackboneError::NoChance)?;
        self.inbox = format!("_INBOX.{}", crate::auth::hex(&chance));
        let inbox = &self.inbox;
        let hello = format!("CONNECT {connect}\r\nSUB {inbox}.* 1\r\nPING\r\n");
        self.writer.write_all(hello.as_bytes())?;
        loop {
            match self.line()?.as_str() {
                "PONG" => return Ok(()),
                line if line.starts_with("-ERR") => {
                    return Err(BackboneError::Refused(line.to_owned()));
                }
                _ => {}
            }
        }
    }

    fn line(&mut self) -> Result<String, BackboneError> {
        let mut line = Vec::new();
        (&mut self.reader).take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Err(BackboneError::Closed);
        }
        let text = String::from_utf8(line).map_err(|_bytes| BackboneError::NotNats)?;
        Ok(text.trim_end().to_owned())
    }

    /// The subject on which an answer with this number comes back.
    pub(super) fn reply(&self, number: u64) -> String {
        format!("{}.{number}", self.inbox)
    }

    /// The number of the question that a message answers.
    pub(super) fn number_of(&self, message: &Message) -> Option<u64> {
        message.subject.strip_prefix(&self.inbox)?.strip_prefix('.')?.parse().ok()
    }

    /// Sends one message; several may be sent before any answer is read.
    pub(super) fn send(
        &mut self,
        subject: &str,
        reply: &str,
        id: Option<&str>,
        body: &[u8],
    ) -> Result<(), BackboneError> {
        let mut bytes = match id {
            Some(id) => {
                let header = format!("NATS/1.0\r\nNats-Msg-Id: {id}\r\n\r\n");
                let (head, total) = (header.len(), header.len() + body.len());
                format!("HPUB {subject} {reply} {head} {total}\r\n{header}").into_bytes()
            }
            None => format!("PUB {subject} {reply} {}\r\n", body.len()).into_bytes(),
        };
        bytes.extend_from_slice(body);
        bytes.extend_from_slice(b"\r\n");
        Ok(self.writer.write_all(&bytes)?)
    }

    /// The next message; the server's own questions are answered on the way.
    pub(super) fn message(&mut self) -> Result<Message, BackboneError> {
        loop {
            let line = self.line()?;
            let mut words = line.split_whitespace();
            match words.next().map(str::to_ascii_uppercase).as_deref() {
                Some("PING") => self.writer.write_all(b"PONG\r\n")?,
                Some("MSG") => {
                    let subject = words.next().ok_or(BackboneError::NotNats)?.to_owned();
                    let length = number(words.next_back())?;
                    let body = self.bytes(length)?;
                    return Ok(Message { subject, body, ..Message::default() });
                }
                Some("HMSG") => {
                    let subject = words.next().ok_or(BackboneError::NotNats)?.to_owned();
                    let total = number(words.next_back())?;
                    let head = number(words.next_back())?;
                    let mut body = self.bytes(total)?;
                    let rest = body.split_off(head.min(total));
                    return Ok(with_headers(subject, &body, rest));
                }
                Some("-ERR") => return Err(BackboneError::Refused(line)),
                _ => {}
            }
        }
    }

    fn bytes(&mut self, count: usize) -> Result<Vec<u8>, BackboneError> {
        if count > MESSAGE_BYTES_MAX {
            return Err(BackboneError::NotNats);
        }
        let mut bytes = vec![0; count + 2];
        self.reader.read_exact(&mut bytes)?;
        bytes.truncate(count);
        Ok(bytes)
    }
}

fn number(word: Option<&str>) -> Result<usize, BackboneError> {
    word.and_then(|word| word.parse().ok()).ok_or(BackboneError::NotNats)
}

fn with_headers(subject: String, head: &[u8], body: Vec<u8>) -> Message {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines();
    let status = lines.next().and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    let pair = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    let headers = lines.filter_map(pair).collect();
    Message { subject, status: status.unwrap_or(0), headers, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_odd_ones_refused() {
        let servers = Servers::parse("nats://a:1,b,nats://c:3/").unwrap();
        assert_eq!(servers.addresses, ["a:1", "b:4222", "c:3"]);
        let servers = Servers::parse("nats://user:pass@[::1]:4222").unwrap();
        assert_eq!(servers.user, Some(("user".to_owned(), "pass".to_owned())));
        for odd in ["http://a", "nats://", "nats://a,,b", "nats://user@a", "a:4222"] {
            assert!(Servers::parse(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_status_and_headers_are_read() {
        let head = b"NATS/1.0 204 EOB\r\nNats-Num-Pending: 0\r\nNats-Last-Sequence: 4\r\n\r\n";
        let message = with_headers("x".to_owned(), head, vec![1]);
        assert_eq!((message.status, message.header("nats-last-sequence")), (204, Some("4")));
        let message = with_headers("x".to_owned(), b"NATS/1.0\r\nNats-Sequence: 7\r\n\r\n", vec![]);
        assert_eq!((message.status, message.header("Nats-Sequence")), (0, Some("7")));
    }
}
