//! AX.25 frames of unnumbered information (AX.25 version 2.2, §3 and §4.3.3.6), as radio modems carry them.
//!
//! The checksum and the audio are the modem's. Call signs are public by law of radio: an address is never a proof.

/// Longest information field that every modem passes.
pub const INFO_BYTES_MAX: usize = 256;
/// Relays that a frame may name.
pub const DIGIPEATERS_MAX: usize = 8;

const CONTROL_UI: u8 = 0x03;
const PROTOCOL_NONE: u8 = 0xf0;
const ADDRESS_BYTES: usize = 7;

/// A call sign of one to six letters and digits, and a station number of 0 to 15.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    call: String,
    station: u8,
}

/// Why a frame cannot be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ax25Error {
    #[error("{0:?} is not a call sign: one to six letters A–Z and digits, then perhaps -0 to -15")]
    CallSign(String),
    #[error("a frame carries 1 to {INFO_BYTES_MAX} bytes, not {0}: cut it with the fountain")]
    Info(usize),
    #[error("a frame names at most {DIGIPEATERS_MAX} relays")]
    Digipeaters,
    #[error("the frame ends inside its addresses")]
    Truncated,
    #[error("the frame is not one of unnumbered information without a protocol above it")]
    NotUi,
}

impl Address {
    /// Reads `CALL` or `CALL-7`, in either case.
    ///
    /// # Errors
    /// [`Ax25Error::CallSign`].
    pub fn parse(text: &str) -> Result<Self, Ax25Error> {
        let bad = || Ax25Error::CallSign(text.chars().take(16).collect());
        let (call, station) = match text.split_once('-') {
            Some((call, digits)) if is_station(digits) => {
                (call, digits.parse().map_err(|_digits| bad())?)
            }
            Some(_) => return Err(bad()),
            None => (text, 0),
        };
        let call = call.to_ascii_uppercase();
        let fits = (1..=6).contains(&call.len()) && call.bytes().all(is_call_byte);
        if fits && station <= 15 { Ok(Self { call, station }) } else { Err(bad()) }
    }

    /// Six characters shifted left by one, blanks behind; then C or H bit, reserved bits, station number, last bit.
    fn write(&self, out: &mut Vec<u8>, high: bool, last: bool) {
        let blanks = std::iter::repeat(b' ');
        out.extend(self.call.bytes().chain(blanks).take(6).map(|byte| byte << 1));
        out.push(u8::from(high) << 7 | 0x60 | self.station << 1 | u8::from(last));
    }

    /// The address, its high bit, and whether it is the last one.
    fn read(bytes: &[u8]) -> Result<(Self, bool, bool), Ax25Error> {
        let Ok([a, b, c, d, e, f, station]) = <[u8; ADDRESS_BYTES]>::try_from(bytes) else {
            return Err(Ax25Error::Truncated);
        };
        let shown: String = [a, b, c, d, e, f].iter().map(|byte| char::from(byte >> 1)).collect();
        let call = shown.trim_end_matches(' ').to_owned();
        let shifted = [a, b, c, d, e, f].iter().all(|byte| byte & 1 == 0);
        if !shifted || call.is_empty() || !call.bytes().all(is_call_byte) {
            return Err(Ax25Error::CallSign(shown.escape_default().take(32).collect()));
        }
        let number = station >> 1 & 0x0f;
        Ok((Self { call, station: number }, station & 0x80 != 0, station & 1 == 1))
    }
}

fn is_call_byte(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_station(digits: &str) -> bool {
    (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.station {
            0 => f.write_str(&self.call),
            station => write!(f, "{}-{station}", self.call),
        }
    }
}

/// One frame, without flags and checksum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ui {
    pub destination: Address,
    pub source: Address,
    /// Relays, and whether each has passed it on.
    pub digipeaters: Vec<(Address, bool)>,
    pub info: Vec<u8>,
}

impl Ui {
    /// # Errors
    /// [`Ax25Error::Info`] or [`Ax25Error::Digipeaters`].
    pub fn encode(&self) -> Result<Vec<u8>, Ax25Error> {
        if self.info.is_empty() || self.info.len() > INFO_BYTES_MAX {
            return Err(Ax25Error::Info(self.info.len()));
        }
        if self.digipeaters.len() > DIGIPEATERS_MAX {
            return Err(Ax25Error::Digipeaters);
        }
        let mut out = Vec::with_capacity(self.info.len() + 80);
        self.destination.write(&mut out, true, false);
        self.source.write(&mut out, false, self.digipeaters.is_empty());
        let count = self.digipeaters.len();
        for (at, (relay, passed)) in self.digipeaters.iter().enumerate() {
            relay.write(&mut out, *passed, at + 1 == count);
        }
        out.extend([CONTROL_UI, PROTOCOL_NONE]);
        out.extend_from_slice(&self.info);
        Ok(out)
    }

    /// # Errors
    /// [`Ax25Error`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Ax25Error> {
        let mut rest = bytes;
        let mut addresses = Vec::new();
        loop {
            let (address, after) =
                rest.split_at_checked(ADDRESS_BYTES).ok_or(Ax25Error::Truncated)?;
            rest = after;
            let (address, high, last) = Address::read(address)?;
            addresses.push((address, high));
            if last {
                break;
            }
            if addresses.len() >= DIGIPEATERS_MAX + 2 {
                return Err(Ax25Error::Digipeaters);
            }
        }
        let mut addresses = addresses.into_iter();
        let (Some((destination, _)), Some((source, _))) = (addresses.next(), addresses.next())
        else {
            return Err(Ax25Error::Truncated);
        };
        let info = match rest {
            // The fifth bit is "poll" and says nothing here.
            [control, PROTOCOL_NONE, info @ ..] if control & !0x10 == CONTROL_UI => info,
            _ => return Err(Ax25Error::NotUi),
        };
        if info.is_empty() || info.len() > INFO_BYTES_MAX {
            return Err(Ax25Error::Info(info.len()));
        }
        Ok(Self { destination, source, digipeaters: addresses.collect(), info: info.to_vec() })
    }
}

#[cfg(test)]
mod tests;
