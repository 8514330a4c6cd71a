//! A serial line between two nodes, or to a modem that passes bytes on.

use super::{Carrier, CarrierError, frames};
use pehra_link::serial::{CONTENT_BYTES_MAX, Deframer, Received, frame};
use serial2::SerialPort;
use std::{path::Path, time::Duration};

/// One port, at eight bits without parity.
pub struct Line {
    port: SerialPort,
    deframer: Deframer,
}

pub(super) fn open(port: &Path, baud: u32) -> Result<SerialPort, CarrierError> {
    SerialPort::open(port, baud)
        .map_err(|source| CarrierError::Open(format!("the port {}", port.display()), source))
}

impl Line {
    /// # Errors
    /// [`CarrierError::Open`].
    pub fn open(port: &Path, baud: u32) -> Result<Self, CarrierError> {
        open(port, baud).map(Self::over)
    }

    /// A port that is open already.
    #[must_use]
    pub fn over(port: SerialPort) -> Self {
        Self { port, deframer: Deframer::default() }
    }
}

impl Carrier for Line {
    fn frame_bytes(&self) -> usize {
        CONTENT_BYTES_MAX
    }

    fn send(&mut self, content: &[u8]) -> Result<(), CarrierError> {
        let bytes = frame(content).map_err(|error| CarrierError::Frame(error.to_string()))?;
        self.port.write_all(&bytes)?;
        Ok(self.port.flush()?)
    }

    fn hear(&mut self, wait: Duration) -> Result<Vec<Vec<u8>>, CarrierError> {
        let deframer = &mut self.deframer;
        frames(&mut self.port, wait, |bytes| {
            let frames = deframer.feed(bytes).into_iter();
            frames
                .filter_map(|received| match received {
                    Received::Content(content) => Some(content),
                    Received::Noise { .. } => None,
                })
                .collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::send_object;
    use pehra_link::fountain::{Binding, Limits, Progress, Receiver, Sender};

    const SOON: Duration = Duration::from_secs(10);

    #[test]
    fn frames_cross_a_line_in_both_directions_through_noise() {
        let (here, there) = SerialPort::pair().unwrap();
        let raw = here.try_clone().unwrap();
        let (mut here, mut there) = (Line::over(here), Line::over(there));
        raw.write_all(b"\xffmodem says hello\r\n").unwrap();
        here.send(b"station 17 opened").unwrap();
        assert_eq!(there.hear(SOON).unwrap(), [b"station 17 opened"]);
        there.send(&[0, 255, 0, 0x11, 0x13, b'\r', b'\n', 0x7f]).unwrap();
        let bytes = here.hear(SOON).unwrap();
        assert_eq!(bytes, [[0, 255, 0, 0x11, 0x13, b'\r', b'\n', 0x7f]], "no byte is special");
    }

    #[test]
    fn an_object_larger_than_the_lines_buffer_arrives_whole() {
        let (here, there) = SerialPort::pair().unwrap();
        let object: Vec<u8> = (0..60_000u32).map(|n| n.to_le_bytes()[0] ^ 0x5a).collect();
        let sender = Sender::try_new(&object, 1_000, Binding::Open).unwrap();
        let frames = sender.symbols() + 4;
        let sending = std::thread::spawn(move || {
            let mut here = Line::over(here);
            send_object(&mut here, &sender, 0..frames).unwrap();
            here
        });
        let mut there = Line::over(there);
        let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
        let got = loop {
            let heard = there.hear(SOON).unwrap();
            assert!(!heard.is_empty(), "the line fell silent");
            let done = heard.iter().find_map(|frame| match receiver.receive(frame) {
                Ok(Progress::Done { object, .. }) => Some(object),
                _ => None,
            });
            if let Some(object) = done {
                break object;
            }
        };
        assert!(got == object);
        while !sending.is_finished() {
            there.hear(Duration::from_millis(50)).unwrap();
        }
        sending.join().unwrap();
    }

    #[test]
    fn a_port_that_is_not_there_is_named() {
        let missing = Line::open(Path::new("/dev/no-such-port"), 9_600).err().unwrap();
        assert_eq!(missing.to_string(), "the port /dev/no-such-port cannot be reached");
    }
}
