//! Deterministic CBOR (RFC 8949 §4.2.1): shortest integers, definite lengths, no floats, no tags, no maps.
//!
//! The reader refuses everything that the writer would not have written, so that one value has one byte string
//! and a hash names a value, not one of its spellings.

const MAJOR_UINT: u8 = 0;
const MAJOR_BYTES: u8 = 2;
const MAJOR_TEXT: u8 = 3;
const MAJOR_ARRAY: u8 = 4;
const NULL: u8 = 0xf6;
const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;

/// Why bytes are not the canonical form of the value that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    #[error("the bytes end in the middle of a value, at byte {at}")]
    Truncated { at: usize },
    #[error("byte {at} begins another sort of value than the format has there")]
    WrongType { at: usize },
    #[error("the number at byte {at} is not in its shortest form")]
    NotShortest { at: usize },
    #[error("the value at byte {at} is longer or larger than the format allows")]
    TooLarge { at: usize },
    #[error("the text at byte {at} is not UTF-8 or has control characters")]
    NotText { at: usize },
    #[error("the list at byte {at} is not in ascending order or repeats itself")]
    NotSorted { at: usize },
    #[error("bytes follow the value, from byte {at} on")]
    Trailing { at: usize },
}

/// Writes canonical values one after the other.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn head(&mut self, major: u8, value: u64) {
        let major = major << 5;
        if let Ok(byte) = u8::try_from(value) {
            if byte < 24 {
                self.bytes.push(major | byte);
            } else {
                self.bytes.extend([major | 24, byte]);
            }
        } else if let Ok(short) = u16::try_from(value) {
            self.bytes.push(major | 25);
            self.bytes.extend(short.to_be_bytes());
        } else if let Ok(word) = u32::try_from(value) {
            self.bytes.push(major | 26);
            self.bytes.extend(word.to_be_bytes());
        } else {
            self.bytes.push(major | 27);
            self.bytes.extend(value.to_be_bytes());
        }
    }

    pub fn uint(&mut self, value: impl Into<u64>) -> &mut Self {
        self.head(MAJOR_UINT, value.into());
        self
    }

    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.head(MAJOR_BYTES, length(value.len()));
        self.bytes.extend_from_slice(value);
        self
    }

    pub fn text(&mut self, value: &str) -> &mut Self {
        self.head(MAJOR_TEXT, length(value.len()));
        self.bytes.extend_from_slice(value.as_bytes());
        self
    }

    pub fn array(&mut self, items: usize) -> &mut Self {
        self.head(MAJOR_ARRAY, length(items));
        self
    }

    pub fn null(&mut self) -> &mut Self {
        self.bytes.push(NULL);
        self
    }

    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.bytes.push(if value { TRUE } else { FALSE });
        self
    }
}

/// Lengths in memory always fit 64 bits; written so that no cast can cut one.
fn length(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

/// Reads canonical values one after the other, within stated limits.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The byte that is read next.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// # Errors
    /// [`CanonicalError::Trailing`] when bytes are left.
    pub fn end(&self) -> Result<(), CanonicalError> {
        if self.at == self.bytes.len() {
            Ok(())
        } else {
            Err(CanonicalError::Trailing { at: self.at })
        }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], CanonicalError> {
        let end = self.at.checked_add(count).ok_or(CanonicalError::TooLarge { at: self.at })?;
        let taken =
            self.bytes.get(self.at..end).ok_or(CanonicalError::Truncated { at: self.at })?;
        self.at = end;
        Ok(taken)
    }

    fn peek(&self) -> Result<u8, CanonicalError> {
        self.bytes.get(self.at).copied().ok_or(CanonicalError::Truncated { at: self.at })
    }

    fn head(&mut self, major: u8, max: u64) -> Result<u64, CanonicalError> {
        let at = self.at;
        let first = self.peek()?;
        if first >> 5 != major {
            return Err(CanonicalError::WrongType { at });
        }
        self.at += 1;
        let (value, least) = match first & 0x1f {
            small @ 0..=23 => (u64::from(small), 0),
            24 => (self.wide::<1>()?, 24),
            25 => (self.wide::<2>()?, 1 << 8),
            26 => (self.wide::<4>()?, 1 << 16),
            27 => (self.wide::<8>()?, 1 << 32),
            _ => return Err(CanonicalError::WrongType { at }),
        };
        if value < least {
            return Err(CanonicalError::NotShortest { at });
        }
        if value > max {
            return Err(CanonicalError::TooLarge { at });
        }
        Ok(value)
    }

    fn wide<const N: usize>(&mut self) -> Result<u64, CanonicalError> {
        let bytes = self.take(N)?;
        Ok(bytes.iter().fold(0, |value, &byte| (value << 8) | u64::from(byte)))
    }

    /// A whole number of at most `max`.
    ///
    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn uint(&mut self, max: u64) -> Result<u64, CanonicalError> {
        self.head(MAJOR_UINT, max)
    }

    /// One fixed number: a version.
    ///
    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn constant(&mut self, value: impl Into<u64>) -> Result<(), CanonicalError> {
        let at = self.at;
        if self.uint(u64::MAX)? == value.into() {
            Ok(())
        } else {
            Err(CanonicalError::WrongType { at })
        }
    }

    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn u32(&mut self) -> Result<u32, CanonicalError> {
        let at = self.at;
        let value = self.uint(u64::from(u32::MAX))?;
        u32::try_from(value).map_err(|_at_is_enough| CanonicalError::TooLarge { at })
    }

    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn u8(&mut self) -> Result<u8, CanonicalError> {
        let at = self.at;
        let value = self.uint(u64::from(u8::MAX))?;
        u8::try_from(value).map_err(|_at_is_enough| CanonicalError::TooLarge { at })
    }

    fn length(&mut self, major: u8, max: usize) -> Result<usize, CanonicalError> {
        let at = self.at;
        let value = self.head(major, length(max))?;
        usize::try_from(value).map_err(|_at_is_enough| CanonicalError::TooLarge { at })
    }

    /// A byte string of at most `max` bytes.
    ///
    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn bytes(&mut self, max: usize) -> Result<&'a [u8], CanonicalError> {
        let count = self.length(MAJOR_BYTES, max)?;
        self.take(count)
    }

    /// A byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn exact<const N: usize>(&mut self) -> Result<[u8; N], CanonicalError> {
        let at = self.at;
        let bytes = self.bytes(N)?;
        <[u8; N]>::try_from(bytes).map_err(|_at_is_enough| CanonicalError::WrongType { at })
    }

    /// A text of at most `max` bytes without control characters.
    ///
    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn text(&mut self, max: usize) -> Result<&'a str, CanonicalError> {
        let at = self.at;
        let count = self.length(MAJOR_TEXT, max)?;
        let bytes = self.take(count)?;
        let text =
            std::str::from_utf8(bytes).map_err(|_at_is_enough| CanonicalError::NotText { at })?;
        if is_plain(text) { Ok(text) } else { Err(CanonicalError::NotText { at }) }
    }

    /// The length of a list of at most `max` items.
    ///
    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn array(&mut self, max: usize) -> Result<usize, CanonicalError> {
        self.length(MAJOR_ARRAY, max)
    }

    /// A list of exactly `items` items.
    ///
    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn array_of(&mut self, items: usize) -> Result<(), CanonicalError> {
        let at = self.at;
        if self.array(items)? == items { Ok(()) } else { Err(CanonicalError::WrongType { at }) }
    }

    /// # Errors
    /// [`CanonicalError`] says what stands there instead.
    pub fn bool(&mut self) -> Result<bool, CanonicalError> {
        let value = match self.peek()? {
            FALSE => false,
            TRUE => true,
            _ => return Err(CanonicalError::WrongType { at: self.at }),
        };
        self.at += 1;
        Ok(value)
    }

    /// Whether a null stands here; it is read if so.
    ///
    /// # Errors
    /// [`CanonicalError::Truncated`] at the end of the bytes.
    pub fn is_null(&mut self) -> Result<bool, CanonicalError> {
        let null = self.peek()? == NULL;
        if null {
            self.at += 1;
        }
        Ok(null)
    }
}

/// Whether a text may stand in a canonical value: no control characters.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn integers_are_written_as_the_standard_shows_them() {
        // RFC 8949, appendix A.
        let shown: [(u64, &[u8]); 9] = [
            (0, &[0x00]),
            (23, &[0x17]),
            (24, &[0x18, 0x18]),
            (100, &[0x18, 0x64]),
            (1000, &[0x19, 0x03, 0xe8]),
            (1_000_000, &[0x1a, 0x00, 0x0f, 0x42, 0x40]),
            (1_000_000_000_000, &[0x1b, 0, 0, 0, 0xe8, 0xd4, 0xa5, 0x10, 0]),
            (u64::MAX, &[0x1b, 255, 255, 255, 255, 255, 255, 255, 255]),
            (255, &[0x18, 0xff]),
        ];
        for (value, bytes) in shown {
            let mut writer = Writer::default();
            writer.uint(value);
            assert_eq!(writer.finish(), bytes);
        }
    }

    #[test]
    fn a_longer_spelling_is_refused() {
        for bytes in [
            &[0x18, 23][..],
            &[0x19, 0, 255],
            &[0x1a, 0, 0, 255, 255],
            &[0x1b, 0, 0, 0, 0, 255, 255, 255, 255],
        ] {
            let read = Reader::new(bytes).uint(u64::MAX);
            assert_eq!(read, Err(CanonicalError::NotShortest { at: 0 }), "{bytes:?}");
        }
        // Indefinite lengths, floats, tags, negative numbers and reserved heads.
        for first in [0x5f, 0x7f, 0x9f, 0xf9, 0xfa, 0xfb, 0xc0, 0x20, 0x1c, 0x1f] {
            let bytes = [first, 0, 0, 0, 0, 0, 0, 0, 0];
            assert!(Reader::new(&bytes).uint(u64::MAX).is_err());
            assert!(Reader::new(&bytes).bytes(9).is_err());
            assert!(Reader::new(&bytes).text(9).is_err());
            assert!(Reader::new(&bytes).array(9).is_err());
        }
    }

    #[test]
    fn a_promised_length_allocates_nothing() {
        let bytes = [0x5b, 255, 255, 255, 255, 255, 255, 255, 255];
        assert_eq!(Reader::new(&bytes).bytes(usize::MAX), Err(CanonicalError::TooLarge { at: 9 }));
        let bytes = [0x5a, 0, 255, 255, 255];
        assert_eq!(Reader::new(&bytes).bytes(1 << 30), Err(CanonicalError::Truncated { at: 5 }));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value: u64, bytes: Vec<u8>, text in "\\PC{0,40}", flag: bool) {
            let mut writer = Writer::default();
            writer.array(4).uint(value).bytes(&bytes).text(&text).bool(flag).null();
            let written = writer.finish();
            let mut reader = Reader::new(&written);
            prop_assert_eq!(reader.array(4), Ok(4));
            prop_assert_eq!(reader.uint(u64::MAX), Ok(value));
            prop_assert_eq!(reader.bytes(usize::MAX), Ok(&bytes[..]));
            prop_assert_eq!(reader.text(usize::MAX), Ok(text.as_str()));
            prop_assert_eq!(reader.bool(), Ok(flag));
            prop_assert_eq!(reader.is_null(), Ok(true));
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }
}
