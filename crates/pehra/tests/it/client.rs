//! A browser as small as the stories need: one request per connection, cookies and CSRF token kept.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The code of a refusal; empty for any other answer.
    pub(crate) fn code(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) address: SocketAddr,
    pub(crate) cookie: Option<String>,
    pub(crate) csrf: Option<String>,
}

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, cookie: None, csrf: None }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.json("POST", path, body)
    }

    pub(crate) fn json(&self, method: &str, path: &str, body: &Value) -> Answer {
        let kind = [("content-type", "application/json")];
        self.send(method, path, &kind, body.to_string().as_bytes())
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut stream = self.open(method, path, headers, body);
        read_answer(&mut stream)
    }

    /// Sends the request and leaves the answer to be read.
    pub(crate) fn open(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        let given = |name: &str| headers.iter().any(|(known, _)| *known == name);
        if !given("host") {
            head.push_str(&format!("host: {}\r\n", self.address));
        }
        if !body.is_empty() || method != "GET" {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("cookie: pehra_session={cookie}\r\n"));
        }
        if let (Some(csrf), false) = (&self.csrf, method == "GET") {
            head.push_str(&format!("x-pehra-csrf: {csrf}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses early may close before it has read everything.
        let _refused_early = stream.write_all(body);
        BufReader::new(stream)
    }

    /// Keeps cookie and CSRF token of an answer that signed somebody in.
    pub(crate) fn keep(mut self, answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let cookie = &answer.headers["set-cookie"];
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let value = cookie.split(';').next().unwrap().split_once('=').unwrap().1;
        self.cookie = Some(value.to_owned());
        self.csrf = Some(answer.json()["csrf"].as_str().unwrap().to_owned());
        self
    }

    pub(crate) fn sign_in(&self, person: &str, password: &str) -> Self {
        let wish = serde_json::json!({ "person": person, "password": password });
        let anonymous = Self::new(self.address);
        let answer = anonymous.post("/api/session", &wish);
        anonymous.keep(&answer)
    }

    /// Asks for a job until it has ended.
    pub(crate) fn wait_for(&self, job: &Value) -> Value {
        let id = job["id"].as_str().unwrap_or_else(|| panic!("no job: {job}"));
        loop {
            let now = self.get(&format!("/api/jobs/{id}")).json();
            if now["state"] != "running" {
                return now;
            }
            std::thread::yield_now();
        }
    }
}

pub(crate) fn read_head(stream: &mut BufReader<TcpStream>) -> (u16, BTreeMap<String, String>) {
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status = status.unwrap_or_else(|| panic!("no status in {line:?}"));
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    (status, headers)
}

fn read_answer(stream: &mut BufReader<TcpStream>) -> Answer {
    let (status, headers) = read_head(stream);
    let mut body = Vec::new();
    if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
        while let Some(piece) = read_chunk(stream) {
            body.extend(piece);
        }
    } else {
        stream.read_to_end(&mut body).unwrap();
    }
    if headers.get("content-encoding").is_some_and(|coding| coding == "gzip") {
        let mut plain = Vec::new();
        GzDecoder::new(body.as_slice()).read_to_end(&mut plain).unwrap();
        body = plain;
    }
    Answer { status, headers, body }
}

/// One chunk of a chunked body; none at its end.
pub(crate) fn read_chunk(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut line = String::new();
    if stream.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let length = usize::from_str_radix(line.trim_end(), 16).ok()?;
    let mut piece = vec![0; length + 2];
    stream.read_exact(&mut piece).ok()?;
    piece.truncate(length);
    (length > 0).then_some(piece)
}

/// One server-sent event: its name, number and data.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) event: String,
    pub(crate) id: u64,
    pub(crate) data: Value,
}

/// A live stream that is being read.
pub(crate) struct Listening {
    stream: BufReader<TcpStream>,
    text: String,
}

impl Listening {
    pub(crate) fn open(browser: &Browser, seen: Option<u64>) -> Self {
        let seen = seen.map(|seen| seen.to_string());
        let headers: Vec<(&str, &str)> =
            seen.iter().map(|seen| ("last-event-id", seen.as_str())).collect();
        let mut stream = browser.open("GET", "/api/live", &headers, b"");
        let (status, headers) = read_head(&mut stream);
        assert_eq!(status, 200);
        assert_eq!(headers["content-type"], "text/event-stream");
        Self { stream, text: String::new() }
    }

    /// The next event; none when the stream has ended.
    pub(crate) fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let told = parse(block);
                self.text = rest.to_owned();
                if told.is_some() {
                    return told;
                }
                continue;
            }
            let piece = read_chunk(&mut self.stream)?;
            self.text.push_str(&String::from_utf8(piece).unwrap());
        }
    }
}

/// Comments (the heartbeat) are no events.
fn parse(block: &str) -> Option<Told> {
    let field =
        |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Some(Told {
        event: field("event")?.to_owned(),
        id: field("id")?.parse().unwrap(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}

impl Browser {
    /// Sends a body as it is and gives up in the middle of it; the answer, if one came.
    pub(crate) fn send_raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        head.push_str(&format!("cookie: pehra_session={}\r\n", self.cookie.as_ref()?));
        head.push_str(&format!("x-pehra-csrf: {}\r\n", self.csrf.as_ref()?));
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        stream.shutdown(std::net::Shutdown::Both).unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        let read = reader.read_line(&mut line).unwrap_or(0);
        (read > 0).then(|| read_answer(&mut reader))
    }
}
