//! Text messages through a gateway that speaks HTTP as Kannel does: `cgi-bin/sendsms` out, a request to our own door in.
//! Gateway and node share a machine or a cable: the words between them are not encrypted, frames carry their own proof.

use super::{Carrier, CarrierError};
use pehra_link::sms::{FRAME_BYTES_MAX, from_text, to_text};
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer or request of a gateway that is read.
const BYTES_MAX: u64 = 16_384;

/// Where the gateway is, and who we are to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Gateway {
    pub address: SocketAddr,
    pub user: String,
    pub password: String,
    /// To whom everything goes.
    pub number: String,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gateway({} at {})", self.user, self.address)
    }
}

/// One gateway and the door through which it hands messages in.
pub struct Sms {
    gateway: Gateway,
    door: TcpListener,
}

impl Sms {
    /// Opens the door at which the gateway calls with `?text=…`.
    ///
    /// # Errors
    /// [`CarrierError::Open`].
    pub fn open(gateway: Gateway, door: SocketAddr) -> Result<Self, CarrierError> {
        let listen = |source| CarrierError::Open(format!("the door {door}"), source);
        let door = TcpListener::bind(door).map_err(listen)?;
        door.set_nonblocking(true)?;
        Ok(Self { gateway, door })
    }

    /// The door's address.
    ///
    /// # Errors
    /// [`CarrierError::Line`].
    pub fn door(&self) -> Result<SocketAddr, CarrierError> {
        Ok(self.door.local_addr()?)
    }
}

impl Carrier for Sms {
    fn frame_bytes(&self) -> usize {
        FRAME_BYTES_MAX
    }

    fn send(&mut self, frame: &[u8]) -> Result<(), CarrierError> {
        let text = to_text(frame).map_err(|error| CarrierError::Frame(error.to_string()))?;
        let Gateway { address, user, password, number } = &self.gateway;
        let open = |source| CarrierError::Open(format!("the gateway at {address}"), source);
        let mut stream = TcpStream::connect_timeout(address, PATIENCE).map_err(open)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let [user, password, number, text] =
            [user, password, number, &text].map(|word| escaped(word));
        write!(
            stream,
            "GET /cgi-bin/sendsms?username={user}&password={password}&to={number}&text={text} \
             HTTP/1.0\r\nHost: {address}\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.take(BYTES_MAX).read_to_string(&mut answer)?;
        // 202: taken, sent or queued.
        let status = answer.split(' ').nth(1).unwrap_or_default();
        if status == "202" || status == "200" {
            return Ok(());
        }
        let said = answer.lines().next_back().unwrap_or_default().to_owned();
        Err(CarrierError::Frame(format!("the gateway refused it: {status} {said}")))
    }

    fn hear(&mut self, wait: Duration) -> Result<Vec<Vec<u8>>, CarrierError> {
        let until = Instant::now() + wait;
        loop {
            match self.door.accept() {
                Ok((stream, _)) => {
                    if let Some(frame) = message(stream) {
                        return Ok(vec![frame]);
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Vec::new());
            }
            std::thread::park_timeout(left.min(Duration::from_millis(20)));
        }
    }
}

/// The frame of one call of the gateway; a caller that says nothing costs a moment.
fn message(mut stream: TcpStream) -> Option<Vec<u8>> {
    stream.set_nonblocking(false).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
    let mut request = Vec::new();
    let mut bytes = [0; 1_024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < 16_384 {
        let count = stream.read(&mut bytes).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(bytes.get(..count)?);
    }
    let answer = "HTTP/1.0 200 OK\r\nContent-Length: 0\r\nContent-Type: text/plain\r\n\r\n";
    let _it_may_be_gone = stream.write_all(answer.as_bytes());
    let request = String::from_utf8(request).ok()?;
    let query = request.split(' ').nth(1)?.split_once('?')?.1;
    let text = query.split('&').find_map(|word| word.strip_prefix("text="))?;
    from_text(&unescaped(text)?).ok()?
}

fn escaped(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let escape =
        |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    word.bytes().map(escape).collect()
}

fn unescaped(word: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_the_way_through_an_address() {
        for word in ["P.Ab9.-", "a b&c=d%", "پہرہ", ""] {
            assert_eq!(unescaped(&escaped(word)).as_deref(), Some(word));
        }
        assert_eq!(unescaped("a+b").as_deref(), Some("a b"));
        assert_eq!(unescaped("%4"), None);
        assert_eq!(unescaped("%ff"), None, "no text");
    }
}
