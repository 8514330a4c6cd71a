//! Text messages through a modem that speaks AT commands (3GPP TS 27.005 and 27.007) on a serial port.
//!
//! One command at a time, each with its own patience; what the modem says unasked in between is kept. Messages lie on the
//! card until they were read here: frames are taken and deleted, words of people stay where they are.

use super::{Carrier, CarrierError, Wire};
use pehra_link::{
    pdu::{NotSubmitted, deliver, submit},
    sms::{FRAME_BYTES_MAX, from_text, to_text},
};
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// A command that asks nothing of the network.
const PROMPT: Duration = Duration::from_secs(5);
/// Sending a message: the network answers for the centre.
const NETWORK: Duration = Duration::from_secs(60);
/// The card is looked through so often although the modem told no news.
const LOOK_AGAIN: Duration = Duration::from_secs(60);
/// And so often where it tells none.
const LOOK_OFTEN: Duration = Duration::from_secs(5);
/// What was still on the line for whoever was here before has come after so long.
const LEFT_OVER: Duration = Duration::from_millis(300);
/// Longest line that is kept.
const LINE_BYTES_MAX: usize = 4_096;
const END: u8 = 0x1a;
const ESCAPE: u8 = 0x1b;

/// What a modem said instead of "OK".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Plain,
    /// Of the message service (TS 27.005 §3.2.5).
    Message(u16),
    /// Of the equipment (TS 27.007 §9.2).
    Equipment(u16),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sort, code, word) = match *self {
            Self::Plain => return f.write_str("ERROR"),
            Self::Message(code) => ("CMS", code, message_word(code)),
            Self::Equipment(code) => ("CME", code, equipment_word(code)),
        };
        write!(f, "{sort} ERROR {code}{word}")
    }
}

fn message_word(code: u16) -> &'static str {
    match code {
        38 => " (network out of order)",
        41 | 42 | 47 => " (the network has no room now)",
        50 | 69 => " (the card may not send)",
        301 | 500 => " (no reason given)",
        302 => " (not allowed)",
        304 => " (a malformed unit)",
        310 => " (no card)",
        311 | 316 => " (the card asks for its PIN)",
        322 => " (the memory is full)",
        330 => " (no message centre is set)",
        331 => " (no network service)",
        332 => " (the network did not answer)",
        _ => "",
    }
}

fn equipment_word(code: u16) -> &'static str {
    match code {
        10 => " (no card)",
        11 => " (the card asks for its PIN)",
        12 => " (the card asks for its PUK)",
        13 | 15 => " (the card fails)",
        30 => " (no network service)",
        31 => " (the network did not answer)",
        _ => "",
    }
}

/// Why a modem does not serve.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModemError {
    #[error("the modem did not answer {0}")]
    Silent(String),
    #[error("the modem refused {asked}: {fault}")]
    Refused { asked: String, fault: Fault },
    #[error("the card is locked: {0}")]
    Locked(String),
    #[error("the modem finds no network")]
    NoNetwork,
    #[error("the card is full of messages that are not for this program: {0} of {0}")]
    CardFull(u32),
    #[error(transparent)]
    Message(#[from] NotSubmitted),
}

/// One modem, and the number to which everything goes.
pub struct Modem {
    wire: Box<dyn Wire + Send>,
    number: String,
    /// Bytes that came and are no whole line yet.
    coming: Vec<u8>,
    /// The modem said that something came, or nobody has looked yet.
    news: bool,
    /// It tells when something comes.
    tells: bool,
    looked: Instant,
}

impl Modem {
    /// Opens the port and readies the modem.
    ///
    /// # Errors
    /// [`CarrierError::Open`], or [`CarrierError::Modem`] with what it said.
    pub fn open(port: &Path, baud: u32, number: &str) -> Result<Self, CarrierError> {
        // A wrong number would fail with each message, in silence.
        submit(number, "").map_err(ModemError::from)?;
        let mut modem = Self {
            wire: Box::new(super::serial::open(port, baud)?),
            number: number.to_owned(),
            coming: Vec::new(),
            news: true,
            tells: false,
            looked: Instant::now(),
        };
        modem.ready()?;
        Ok(modem)
    }

    fn ready(&mut self) -> Result<(), CarrierError> {
        // Whoever was here before may have left in the middle of a message.
        self.wire.write_all(&[ESCAPE, b'\r'])?;
        // Or without hearing an answer, which would be taken for that to our first command, and so on with each.
        let until = Instant::now() + LEFT_OVER;
        while self.line(until)?.is_some() {}
        let mut answer = self.ask("AT", PROMPT);
        for _ in 0..2 {
            if answer.is_err() {
                answer = self.ask("AT", PROMPT);
            }
        }
        answer?;
        self.ask("ATE0", PROMPT)?;
        self.ask("AT+CMEE=1", PROMPT)?;
        let pin = self.ask("AT+CPIN?", PROMPT)?;
        let state = pin.iter().find_map(|line| line.strip_prefix("+CPIN: ")).unwrap_or_default();
        if state != "READY" {
            return Err(ModemError::Locked(state.to_owned()).into());
        }
        self.ask("AT+CMGF=0", PROMPT)?;
        self.tells = self.ask("AT+CNMI=2,1,0,0,0", PROMPT).is_ok();
        if self.is_registered()? { Ok(()) } else { Err(ModemError::NoNetwork.into()) }
    }

    /// Whether a network serves the modem, at home or abroad.
    fn is_registered(&mut self) -> Result<bool, CarrierError> {
        for (asked, word) in [("AT+CREG?", "+CREG: "), ("AT+CEREG?", "+CEREG: ")] {
            let said = match self.ask(asked, PROMPT) {
                Ok(said) => said,
                // A modem without that sort of network.
                Err(CarrierError::Modem(ModemError::Refused { .. })) => continue,
                Err(other) => return Err(other),
            };
            let state = said.iter().find_map(|line| line.strip_prefix(word)?.split(',').nth(1));
            if matches!(state.map(str::trim), Some("1" | "5")) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What the modem says to a command before its "OK".
    fn ask(&mut self, command: &str, patience: Duration) -> Result<Vec<String>, CarrierError> {
        self.wire.write_all(format!("{command}\r").as_bytes())?;
        self.wire.flush()?;
        self.answer(command, patience)
    }

    fn answer(&mut self, asked: &str, patience: Duration) -> Result<Vec<String>, CarrierError> {
        let until = Instant::now() + patience;
        let mut said = Vec::new();
        while let Some(line) = self.line(until)? {
            let code = |rest: &str| rest.trim().parse().unwrap_or(500);
            let fault = if line == "OK" {
                return Ok(said);
            } else if line == "ERROR" {
                Fault::Plain
            } else if let Some(rest) = line.strip_prefix("+CMS ERROR:") {
                Fault::Message(code(rest))
            } else if let Some(rest) = line.strip_prefix("+CME ERROR:") {
                Fault::Equipment(code(rest))
            } else {
                // Its own echo is no answer.
                if line != asked {
                    said.push(line);
                }
                continue;
            };
            return Err(ModemError::Refused { asked: asked.to_owned(), fault }.into());
        }
        Err(ModemError::Silent(asked.to_owned()).into())
    }

    /// The next line, or the prompt for a message; none when the time is over. What the modem says unasked is noted.
    fn line(&mut self, until: Instant) -> Result<Option<String>, CarrierError> {
        loop {
            if let Some(line) = self.next_line() {
                if line.starts_with("+CMTI:") {
                    self.news = true;
                } else if !line.is_empty() && line != "RING" && line != "NO CARRIER" {
                    return Ok(Some(line));
                }
                continue;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let mut bytes = [0; 512];
            let count = self.wire.hear(&mut bytes, left)?;
            self.coming.extend(bytes.iter().take(count));
            if self.coming.len() > LINE_BYTES_MAX {
                self.coming.clear();
            }
        }
    }

    fn next_line(&mut self) -> Option<String> {
        let from = self.coming.iter().position(|byte| !b"\r\n".contains(byte))?;
        self.coming.drain(..from);
        if self.coming.starts_with(b"> ") {
            self.coming.drain(..2);
            return Some(">".to_owned());
        }
        let end = self.coming.iter().position(|byte| b"\r\n".contains(byte))?;
        let line: Vec<u8> = self.coming.drain(..=end).collect();
        Some(String::from_utf8_lossy(&line).trim().to_owned())
    }

    fn prompted(&mut self, asked: &str) -> Result<(), CarrierError> {
        self.wire.write_all(format!("{asked}\r").as_bytes())?;
        self.wire.flush()?;
        let until = Instant::now() + PROMPT;
        while let Some(line) = self.line(until)? {
            let code = |rest: &str| rest.trim().parse().unwrap_or(500);
            let fault = if line == ">" {
                return Ok(());
            } else if line == "ERROR" {
                Fault::Plain
            } else if let Some(rest) = line.strip_prefix("+CMS ERROR:") {
                Fault::Message(code(rest))
            } else {
                continue;
            };
            return Err(ModemError::Refused { asked: asked.to_owned(), fault }.into());
        }
        // It must not take the next command for a message.
        self.wire.write_all(&[ESCAPE])?;
        Err(ModemError::Silent(asked.to_owned()).into())
    }

    /// Reads the card: frames are taken and deleted.
    fn look(&mut self) -> Result<Vec<Vec<u8>>, CarrierError> {
        (self.news, self.looked) = (false, Instant::now());
        let said = self.ask("AT+CMGL=4", NETWORK)?;
        let (mut frames, mut kept) = (Vec::new(), 0u32);
        let mut lines = said.iter();
        while let Some(line) = lines.next() {
            let Some(rest) = line.strip_prefix("+CMGL:") else { continue };
            let mut words = rest.split(',').map(str::trim);
            let (index, state) = (words.next().unwrap_or_default(), words.next());
            let unit = lines.next().map_or("", String::as_str);
            // Only what came in, read or not: 2 and 3 were written here to be sent.
            if !matches!(state, Some("0" | "1")) {
                continue;
            }
            match deliver(unit).map(|came| from_text(&came.text)) {
                Ok(Ok(Some(frame))) => frames.push(frame),
                // A spoilt frame is of no use to anybody.
                Ok(Err(_)) => {}
                Ok(Ok(None)) | Err(_) => {
                    kept += 1;
                    continue;
                }
            }
            self.ask(&format!("AT+CMGD={index}"), PROMPT)?;
        }
        if frames.is_empty() && kept > 0 {
            self.room_left()?;
        }
        Ok(frames)
    }

    /// Nothing comes in any more on a card that is full of other things: somebody must hear of it.
    fn room_left(&mut self) -> Result<(), CarrierError> {
        let said = self.ask("AT+CPMS?", PROMPT)?;
        let numbers = said.iter().find_map(|line| {
            let mut words = line.strip_prefix("+CPMS: ")?.split(',').skip(1);
            let mut number = || words.next()?.trim().parse::<u32>().ok();
            Some((number()?, number()?))
        });
        match numbers {
            Some((used, places)) if used >= places => Err(ModemError::CardFull(places).into()),
            Some(_) | None => Ok(()),
        }
    }
}

impl Carrier for Modem {
    fn frame_bytes(&self) -> usize {
        FRAME_BYTES_MAX
    }

    fn send(&mut self, frame: &[u8]) -> Result<(), CarrierError> {
        let text = to_text(frame).map_err(|error| CarrierError::Frame(error.to_string()))?;
        let message = submit(&self.number, &text).map_err(ModemError::from)?;
        let asked = format!("AT+CMGS={}", message.octets);
        self.prompted(&asked)?;
        let mut bytes = message.hex.into_bytes();
        bytes.push(END);
        self.wire.write_all(&bytes)?;
        self.wire.flush()?;
        self.answer(&asked, NETWORK).map(drop)
    }

    fn hear(&mut self, wait: Duration) -> Result<Vec<Vec<u8>>, CarrierError> {
        let until = Instant::now() + wait;
        loop {
            let pause = if self.tells { LOOK_AGAIN } else { LOOK_OFTEN };
            if self.news || self.looked.elapsed() >= pause {
                let frames = self.look()?;
                if !frames.is_empty() {
                    return Ok(frames);
                }
            }
            if Instant::now() >= until {
                return Ok(Vec::new());
            }
            // Any line ends the wait: the card is looked through if it was news.
            let _said_unasked = self.line(until.min(Instant::now() + pause))?;
        }
    }

    fn serves(&mut self) -> Result<Option<bool>, CarrierError> {
        self.is_registered().map(Some)
    }
}
