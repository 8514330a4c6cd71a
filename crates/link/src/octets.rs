//! Reading and writing small binary frames: shortest variable-length numbers, fixed arrays, never past the end.

/// Why bytes are not the frame that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameUnreadable {
    #[error("the frame ends in the middle of a field")]
    Truncated,
    #[error("a number is too large or not in its shortest form")]
    Number,
    #[error("a text is not UTF-8 or too long")]
    Text,
    #[error("bytes follow the frame's last field")]
    Trailing,
    #[error("the frame is of a sort or version that this program does not know")]
    Unknown,
}

/// Reads a frame from its beginning.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], FrameUnreadable> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(FrameUnreadable::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn exact<const N: usize>(&mut self) -> Result<[u8; N], FrameUnreadable> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(FrameUnreadable::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, FrameUnreadable> {
        self.exact::<1>().map(|[byte]| byte)
    }

    /// Seven bits a byte, lowest first, the highest bit says that more follow. At most 63 bits.
    pub(crate) fn number(&mut self) -> Result<u64, FrameUnreadable> {
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let shortest = byte != 0 || shift == 0;
                return if shortest { Ok(value) } else { Err(FrameUnreadable::Number) };
            }
        }
        Err(FrameUnreadable::Number)
    }

    pub(crate) fn number_u32(&mut self) -> Result<u32, FrameUnreadable> {
        u32::try_from(self.number()?).map_err(|_too_large| FrameUnreadable::Number)
    }

    /// A text of at most `max` bytes after its length.
    pub(crate) fn text(&mut self, max: usize) -> Result<&'a str, FrameUnreadable> {
        let bytes = usize::from(self.byte()?);
        if bytes > max {
            return Err(FrameUnreadable::Text);
        }
        std::str::from_utf8(self.take(bytes)?).map_err(|_not_utf8| FrameUnreadable::Text)
    }

    pub(crate) fn rest(self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn end(&self) -> Result<(), FrameUnreadable> {
        if self.rest.is_empty() { Ok(()) } else { Err(FrameUnreadable::Trailing) }
    }
}

/// Appends a number as [`Cursor::number`] reads it.
pub(crate) fn push_number(bytes: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = (value & 0x7f).to_le_bytes();
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(value in 0u64..(1 << 63)) {
            let mut bytes = Vec::new();
            push_number(&mut bytes, value);
            let mut cursor = Cursor::new(&bytes);
            prop_assert_eq!(cursor.number(), Ok(value));
            prop_assert_eq!(cursor.end(), Ok(()));
        }

        #[test]
        fn every_number_has_one_spelling(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            let mut cursor = Cursor::new(&bytes);
            if let Ok(value) = cursor.number() {
                let mut again = Vec::new();
                push_number(&mut again, value);
                prop_assert_eq!(&again[..], &bytes[..bytes.len() - cursor.rest().len()]);
            }
        }
    }
}
