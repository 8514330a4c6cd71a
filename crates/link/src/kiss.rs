//! KISS framing between a program and a radio modem (Chepponis and Karn, 1987).

/// Ends and begins a frame.
pub const FEND: u8 = 0xc0;
const FESC: u8 = 0xdb;
const TFEND: u8 = 0xdc;
const TFESC: u8 = 0xdd;

/// Longest frame accepted; what is longer is dropped up to its end.
pub const FRAME_BYTES_MAX: usize = 2_048;

/// One frame for one port of the modem: command 0, data.
#[must_use]
pub fn data_frame(port: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 8);
    out.push(FEND);
    for byte in std::iter::once((port & 0x0f) << 4).chain(bytes.iter().copied()) {
        match byte {
            FEND => out.extend([FESC, TFEND]),
            FESC => out.extend([FESC, TFESC]),
            other => out.push(other),
        }
    }
    out.push(FEND);
    out
}

/// What came out of the modem's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    Data {
        port: u8,
        bytes: Vec<u8>,
    },
    /// Another command than data: settings, answers.
    Other {
        port: u8,
        command: u8,
    },
    /// A frame with a false escape or longer than is accepted.
    Broken,
}

/// Cuts a stream of bytes into frames, whatever pieces it comes in.
#[derive(Clone, Debug, Default)]
pub struct Deframer {
    frame: Vec<u8>,
    escaped: bool,
    broken: bool,
}

impl Deframer {
    /// Takes the next piece of the stream.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Received> {
        bytes.iter().filter_map(|byte| self.take(*byte)).collect()
    }

    fn take(&mut self, byte: u8) -> Option<Received> {
        if byte == FEND {
            return self.finish();
        }
        if self.broken {
            return None;
        }
        let plain = match (self.escaped, byte) {
            (false, FESC) => {
                self.escaped = true;
                return None;
            }
            (false, plain) => Some(plain),
            (true, TFEND) => Some(FEND),
            (true, TFESC) => Some(FESC),
            (true, _) => None,
        };
        self.escaped = false;
        match plain {
            Some(plain) if self.frame.len() < FRAME_BYTES_MAX => self.frame.push(plain),
            Some(_) | None => self.broken = true,
        }
        None
    }

    fn finish(&mut self) -> Option<Received> {
        let frame = std::mem::take(&mut self.frame);
        let broken = std::mem::take(&mut self.broken) | std::mem::take(&mut self.escaped);
        if broken {
            return Some(Received::Broken);
        }
        let (first, rest) = frame.split_first()?;
        let port = first >> 4;
        Some(match first & 0x0f {
            0 => Received::Data { port, bytes: rest.to_vec() },
            command => Received::Other { port, command },
        })
    }
}

#[cfg(test)]
mod tests;
