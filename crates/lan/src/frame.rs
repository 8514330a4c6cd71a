//! Messages on a stream: four bytes of length, one of kind, then the message. Patience ends.

use pehra_ledger::sync::message::MESSAGE_BYTES_MAX;
use std::{
    io::{self, Read, Write},
    time::{Duration, Instant},
};

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Greeting,
    Ask,
    Reply,
    /// A sentence why the conversation ends.
    Farewell,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Greeting, Self::Ask, Self::Reply, Self::Farewell];

    fn code(self) -> u8 {
        match self {
            Self::Greeting => 0,
            Self::Ask => 1,
            Self::Reply => 2,
            Self::Farewell => 3,
        }
    }
}

/// Why a frame did not come.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("the connection broke: {0}")]
    Broken(#[from] io::Error),
    #[error("the peer was silent or too slow")]
    Slow,
    #[error("a frame of {0} bytes is longer than any message")]
    TooLong(usize),
    #[error("a frame of a kind that this version does not know")]
    Kind(u8),
}

/// How long a peer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Until a message begins.
    pub begin: Duration,
    /// From its first byte to its last.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { begin: Duration::from_secs(30), whole: Duration::from_secs(30) }
    }
}

/// Writes one frame.
///
/// # Errors
/// [`FrameError`].
pub fn write(stream: &mut dyn Write, kind: Kind, body: &[u8]) -> Result<(), FrameError> {
    let length = u32::try_from(body.len() + 1).map_err(|_huge| FrameError::TooLong(body.len()))?;
    let mut frame = Vec::with_capacity(body.len() + 5);
    frame.extend(length.to_be_bytes());
    frame.push(kind.code());
    frame.extend_from_slice(body);
    stream.write_all(&frame).map_err(patience)?;
    stream.flush().map_err(patience)
}

/// Reads one frame. The stream's own reads must return now and then, so that the clock can be looked at.
///
/// # Errors
/// [`FrameError`].
pub fn read(stream: &mut dyn Read, limits: Patience) -> Result<(Kind, Vec<u8>), FrameError> {
    let mut head = [0; 5];
    fill(stream, &mut head, Instant::now() + limits.begin)?;
    let [a, b, c, d, kind] = head;
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    if length == 0 || length > MESSAGE_BYTES_MAX {
        return Err(FrameError::TooLong(length));
    }
    let kind = Kind::ALL.into_iter().find(|it| it.code() == kind).ok_or(FrameError::Kind(kind))?;
    let mut body = Vec::new();
    let until = Instant::now() + limits.whole;
    // Memory is given as bytes come, not as they are promised.
    while body.len() + 1 < length {
        let have = body.len();
        let more = (length - 1 - have).min(64 << 10);
        body.resize(have + more, 0);
        fill(stream, body.get_mut(have..).unwrap_or_default(), until)?;
    }
    Ok((kind, body))
}

fn fill(stream: &mut dyn Read, mut to: &mut [u8], until: Instant) -> Result<(), FrameError> {
    while !to.is_empty() {
        if Instant::now() >= until {
            return Err(FrameError::Slow);
        }
        match stream.read(to) {
            Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Ok(count) => to = to.get_mut(count..).unwrap_or_default(),
            Err(cause) if is_waiting(&cause) => {}
            Err(cause) => return Err(cause.into()),
        }
    }
    Ok(())
}

fn is_waiting(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

/// A write that times out has met a peer that does not read.
fn patience(cause: io::Error) -> FrameError {
    if is_waiting(&cause) { FrameError::Slow } else { cause.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte and then makes the reader look at its clock.
    struct Drip(u8);

    impl Read for Drip {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            self.0 = self.0.wrapping_add(1);
            if self.0.is_multiple_of(2) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            to[0] = 1;
            Ok(1)
        }
    }

    #[test]
    fn a_frame_comes_back_and_a_cut_one_is_named() {
        let mut bytes = Vec::new();
        write(&mut bytes, Kind::Ask, b"what do you hold").unwrap();
        let (kind, body) = read(&mut &bytes[..], Patience::default()).unwrap();
        assert_eq!((kind, body), (Kind::Ask, b"what do you hold".to_vec()));
        let cut = read(&mut &bytes[..9], Patience::default());
        assert!(matches!(cut, Err(FrameError::Broken(_))));
    }

    #[test]
    fn a_peer_that_drips_or_promises_too_much_is_left() {
        let none = Patience { begin: Duration::from_millis(2), whole: Duration::ZERO };
        assert!(matches!(read(&mut Drip(0), none), Err(FrameError::TooLong(_) | FrameError::Slow)));
        let mut promise = u32::MAX.to_be_bytes().to_vec();
        promise.push(1);
        assert!(matches!(
            read(&mut &promise[..], Patience::default()),
            Err(FrameError::TooLong(_))
        ));
        let slow = [&9_u32.to_be_bytes()[..], &[1]].concat();
        let mut slow = slow.chain(Drip(1));
        assert!(matches!(read(&mut slow, none), Err(FrameError::Slow)));
    }
}
