//! Frames from screen to camera: QR codes, one after the other, in any order.
//!
//! A frame is written in base 45 (RFC 9285), whose letters are those that QR codes pack densest and every reader hands out
//! unchanged, behind a mark that tells it from other codes.

use crate::octets::FrameUnreadable;
use qrcode::{Color, EcLevel, QrCode, Version};

/// Largest frame in one code of version 15 with 15 % correction, which a telephone reads from a screen at arm's length.
pub const FRAME_BYTES: usize = 396;

const MARK: &str = "PEHRA:";
const DIGITS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// The frame as the text of a code.
#[must_use]
pub fn to_text(frame: &[u8]) -> String {
    let mut text = MARK.to_owned();
    for pair in frame.chunks(2) {
        let (mut value, digits) = match pair {
            [high, low] => (u32::from(*high) << 8 | u32::from(*low), 3),
            one => (one.iter().map(|byte| u32::from(*byte)).sum(), 2),
        };
        for _ in 0..digits {
            let digit = usize::try_from(value % 45).ok().and_then(|at| DIGITS.get(at));
            text.extend(digit.map(|digit| char::from(*digit)));
            value /= 45;
        }
    }
    text
}

/// The frame of a code's text; none when the code is somebody else's.
///
/// # Errors
/// [`FrameUnreadable`] when the text begins like a frame and is none.
pub fn from_text(text: &str) -> Result<Option<Vec<u8>>, FrameUnreadable> {
    let Some(letters) = text.strip_prefix(MARK) else { return Ok(None) };
    let mut frame = Vec::with_capacity(letters.len() * 2 / 3);
    for digits in letters.as_bytes().chunks(3) {
        let mut value = 0u32;
        for letter in digits.iter().rev() {
            let digit = DIGITS.iter().position(|digit| digit == letter);
            let digit = digit.and_then(|digit| u32::try_from(digit).ok());
            value = value * 45 + digit.ok_or(FrameUnreadable::Text)?;
        }
        let [_, _, high, low] = value.to_be_bytes();
        match digits.len() {
            3 if value <= 0xffff => frame.extend([high, low]),
            2 if value <= 0xff => frame.push(low),
            _ => return Err(FrameUnreadable::Number),
        }
    }
    Ok(Some(frame))
}

/// A code as modules: dark or light, row by row, without the light margin of four modules that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub side: usize,
    pub dark: Vec<bool>,
}

/// The frame does not fit the largest code with this correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a frame of {0} bytes does not fit one code")]
pub struct TooLarge(pub usize);

/// The code of a frame, with 15 % correction.
///
/// # Errors
/// [`TooLarge`].
pub fn symbol(frame: &[u8]) -> Result<Symbol, TooLarge> {
    let text = to_text(frame);
    let too_large = |_beyond| TooLarge(frame.len());
    // All codes of a sequence have one size, so that a camera need not find its range again.
    let code = if frame.len() <= FRAME_BYTES {
        QrCode::with_version(text, Version::Normal(15), EcLevel::M)
    } else {
        QrCode::with_error_correction_level(text, EcLevel::M)
    };
    let code = code.map_err(too_large)?;
    let side = code.width();
    let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Symbol { side, dark })
}

#[cfg(test)]
mod tests;
