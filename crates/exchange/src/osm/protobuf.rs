//! As much of the protocol-buffer wire format as OpenStreetMap's files use: varints and bytes with a length.

/// The bytes end early or contradict themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// A field's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'b> {
    Number(u64),
    Bytes(&'b [u8]),
    /// Of a fixed width: none that is used here.
    Fixed,
}

/// The fields of one message, in the order in which they stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'b> {
    rest: &'b [u8],
}

impl<'b> Fields<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn next(&mut self) -> Result<Option<(u32, Value<'b>)>, Broken> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let key = varint(&mut self.rest)?;
        let field = u32::try_from(key >> 3).map_err(|_large| Broken)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut self.rest)?),
            1 => self.skip(8)?,
            2 => {
                let length = usize::try_from(varint(&mut self.rest)?).map_err(|_large| Broken)?;
                let (bytes, rest) = self.rest.split_at_checked(length).ok_or(Broken)?;
                self.rest = rest;
                Value::Bytes(bytes)
            }
            5 => self.skip(4)?,
            _ => return Err(Broken),
        };
        Ok(Some((field, value)))
    }

    fn skip(&mut self, width: usize) -> Result<Value<'b>, Broken> {
        self.rest = self.rest.get(width..).ok_or(Broken)?;
        Ok(Value::Fixed)
    }
}

pub(super) fn varint(rest: &mut &[u8]) -> Result<u64, Broken> {
    let mut value = 0_u64;
    for (at, &byte) in rest.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            *rest = rest.get(at + 1..).ok_or(Broken)?;
            return Ok(value);
        }
    }
    Err(Broken)
}

/// Whole numbers packed one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Packed<'b> {
    rest: &'b [u8],
}

impl<'b> Packed<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn next(&mut self) -> Result<Option<u64>, Broken> {
        if self.rest.is_empty() { Ok(None) } else { varint(&mut self.rest).map(Some) }
    }

    pub(super) fn next_signed(&mut self) -> Result<Option<i64>, Broken> {
        Ok(self.next()?.map(signed))
    }
}

/// Zigzag: 0, -1, 1, -2, …
pub(super) fn signed(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_bytes_and_what_is_not_used_are_told_apart() {
        let bytes =
            [0x08, 0x96, 0x01, 0x12, 2, 7, 8, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8];
        let mut fields = Fields::new(&bytes);
        assert_eq!(fields.next(), Ok(Some((1, Value::Number(150)))));
        assert_eq!(fields.next(), Ok(Some((2, Value::Bytes(&[7, 8])))));
        assert_eq!(fields.next(), Ok(Some((3, Value::Fixed))));
        assert_eq!(fields.next(), Ok(Some((4, Value::Fixed))));
        assert_eq!(fields.next(), Ok(None));
        assert_eq!([0, 1, 2, 3, u64::MAX].map(signed), [0, -1, 1, -2, i64::MIN]);
    }

    #[test]
    fn what_ends_early_is_broken() {
        for bytes in [&[0x08][..], &[0x08, 0x80], &[0x12, 5, 1], &[0x1d, 1], &[0x0b], &[0xff; 12]] {
            assert_eq!(Fields::new(bytes).next(), Err(Broken), "{bytes:?}");
        }
    }
}
