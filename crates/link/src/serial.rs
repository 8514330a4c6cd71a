//! Frames on a serial line: byte stuffing (COBS, Cheshire and Baker, 1999) and CRC-32C. Zero ends a frame, so that a
//! listener is back in step at the next zero after any noise.

use crate::crc::crc32c;

/// Longest content of a frame.
pub const CONTENT_BYTES_MAX: usize = 4_096;
const CRC_BYTES: usize = 4;
const STUFFED_BYTES_MAX: usize =
    CONTENT_BYTES_MAX + CRC_BYTES + (CONTENT_BYTES_MAX + CRC_BYTES) / 254 + 2;

/// Content too long for one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame carries 1 to {CONTENT_BYTES_MAX} bytes, not {0}: cut it with the fountain")]
pub struct ContentSize(pub usize);

/// A frame with a zero before it and behind it.
///
/// # Errors
/// [`ContentSize`].
pub fn frame(content: &[u8]) -> Result<Vec<u8>, ContentSize> {
    if content.is_empty() || content.len() > CONTENT_BYTES_MAX {
        return Err(ContentSize(content.len()));
    }
    let crc = crc32c(content).to_be_bytes();
    let mut out = vec![0];
    let mut run = Vec::with_capacity(254);
    for byte in content.iter().chain(&crc) {
        if *byte != 0 {
            run.push(*byte);
        }
        if *byte == 0 || run.len() == 254 {
            push_run(&mut out, &mut run);
        }
    }
    push_run(&mut out, &mut run);
    out.push(0);
    Ok(out)
}

/// A run of up to 254 bytes that are not zero, after its length and one.
fn push_run(out: &mut Vec<u8>, run: &mut Vec<u8>) {
    out.push(u8::try_from(run.len()).map_or(u8::MAX, |count| count.saturating_add(1)));
    out.append(run);
}

fn unstuff(stuffed: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(stuffed.len());
    let mut rest = stuffed;
    while let Some((code, after)) = rest.split_first() {
        let (run, next) = after.split_at_checked(usize::from(code.checked_sub(1)?))?;
        out.extend_from_slice(run);
        rest = next;
        if *code != u8::MAX && !rest.is_empty() {
            out.push(0);
        }
    }
    Some(out)
}

/// What came over the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    Content(Vec<u8>),
    /// Something between two zeros that is no frame: noise, or a frame with noise in it.
    Noise {
        bytes: usize,
    },
}

/// Finds frames in a stream, whatever pieces it comes in.
#[derive(Clone, Debug, Default)]
pub struct Deframer {
    stuffed: Vec<u8>,
    beyond: usize,
}

impl Deframer {
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Received> {
        bytes.iter().filter_map(|byte| self.take(*byte)).collect()
    }

    fn take(&mut self, byte: u8) -> Option<Received> {
        if byte != 0 {
            if self.stuffed.len() < STUFFED_BYTES_MAX {
                self.stuffed.push(byte);
            } else {
                self.beyond = self.beyond.saturating_add(1);
            }
            return None;
        }
        let stuffed = std::mem::take(&mut self.stuffed);
        let beyond = std::mem::take(&mut self.beyond);
        if stuffed.is_empty() {
            return None;
        }
        let content = if beyond == 0 { content(&stuffed) } else { None };
        Some(content.map_or(
            Received::Noise { bytes: stuffed.len().saturating_add(beyond) },
            Received::Content,
        ))
    }
}

fn content(stuffed: &[u8]) -> Option<Vec<u8>> {
    let mut content = unstuff(stuffed)?;
    let at = content.len().checked_sub(CRC_BYTES)?;
    let crc = content.split_off(at);
    (!content.is_empty() && crc32c(&content).to_be_bytes() == crc[..]).then_some(content)
}

#[cfg(test)]
mod tests;
