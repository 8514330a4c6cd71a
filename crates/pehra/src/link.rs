//! The carriers: sockets, serial ports and what hangs on them. What travels is decided in `pehra-link`, which touches
//! none of them; a new carrier is one file here.

pub mod https;
pub mod listen;
pub mod modem;
pub mod radio;
pub mod serial;
pub mod sms;
pub mod switch;

use pehra_link::fountain::{NotSendable, Sender};
use std::{io, time::Duration};

/// Why a carrier did not carry.
#[derive(Debug, thiserror::Error)]
pub enum CarrierError {
    #[error("{0} cannot be reached")]
    Open(String, #[source] io::Error),
    #[error("the line broke")]
    Line(#[from] io::Error),
    #[error("the other end closed the line")]
    Closed,
    #[error("the frame does not fit this carrier: {0}")]
    Frame(String),
    #[error(transparent)]
    Modem(#[from] modem::ModemError),
    #[error(transparent)]
    Object(#[from] NotSendable),
}

/// Something that carries whole frames, loses some of them, and answers nothing.
pub trait Carrier {
    /// Most bytes of one frame.
    fn frame_bytes(&self) -> usize;

    /// Hands one frame over for sending.
    ///
    /// # Errors
    /// [`CarrierError`].
    fn send(&mut self, frame: &[u8]) -> Result<(), CarrierError>;

    /// Frames that came in, waiting at most so long for the first.
    ///
    /// # Errors
    /// [`CarrierError`].
    fn hear(&mut self, wait: Duration) -> Result<Vec<Vec<u8>>, CarrierError>;

    /// Whether the network behind it serves now; none where it cannot be asked.
    ///
    /// # Errors
    /// [`CarrierError`].
    fn serves(&mut self) -> Result<Option<bool>, CarrierError> {
        Ok(None)
    }
}

/// Sends so many frames of an object, from a number on: a listener needs slightly more than [`Sender::symbols`].
///
/// # Errors
/// [`CarrierError`].
pub fn send_object(
    carrier: &mut dyn Carrier,
    sender: &Sender,
    frames: std::ops::Range<u32>,
) -> Result<(), CarrierError> {
    frames.into_iter().try_for_each(|number| carrier.send(&sender.frame(number)))
}

/// A value of a query, `name=value&…`, as it stands there.
fn query_value<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A line of bytes with an end that may be silent.
trait Wire: io::Write {
    /// Bytes that came in, waiting at most so long; none when nothing came.
    fn hear(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, CarrierError>;
}

/// What a read that may end by its time limit brought.
fn heard(read: io::Result<usize>) -> Result<usize, CarrierError> {
    match read {
        Ok(0) => Err(CarrierError::Closed),
        Ok(count) => Ok(count),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
            ) =>
        {
            Ok(0)
        }
        Err(error) => Err(error.into()),
    }
}

impl Wire for std::net::TcpStream {
    fn hear(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, CarrierError> {
        // Zero would mean "for ever".
        self.set_read_timeout(Some(wait.max(Duration::from_millis(1))))?;
        heard(io::Read::read(self, into))
    }
}

impl Wire for serial2::SerialPort {
    fn hear(&mut self, into: &mut [u8], wait: Duration) -> Result<usize, CarrierError> {
        self.set_read_timeout(wait.max(Duration::from_millis(1)))?;
        heard(serial2::SerialPort::read(self, into))
    }
}

/// Reads from a line until a frame is whole or the time is over.
fn frames<F>(
    wire: &mut (impl Wire + ?Sized),
    wait: Duration,
    mut take: impl FnMut(&[u8]) -> Vec<F>,
) -> Result<Vec<F>, CarrierError> {
    let until = std::time::Instant::now() + wait;
    let mut bytes = [0; 4_096];
    loop {
        let left = until.saturating_duration_since(std::time::Instant::now());
        let count = wire.hear(&mut bytes, left)?;
        let frames = take(bytes.get(..count).unwrap_or_default());
        if !frames.is_empty() || std::time::Instant::now() >= until {
            return Ok(frames);
        }
    }
}
