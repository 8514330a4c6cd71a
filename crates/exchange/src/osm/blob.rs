//! The outer shell of a file: lengths, headers and packed blocks. Limits are those of the format's own description; what
//! comes out of a block is counted, never believed.

use super::protobuf::{Broken, Fields, Value};
use std::io::Read;

/// Longest header of a blob, in bytes.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Longest blob, packed or unpacked, in bytes.
pub(super) const BLOB_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Why a file cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NotPbf,
    Cut { at: u64 },
    Broken { at: u64, what: &'static str },
    Bomb { at: u64 },
    Unsupported(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Header,
    Data,
    Other,
}

/// Reads blob after blob; at most one packed and one unpacked are in memory.
pub(super) struct Blobs<'r> {
    input: &'r mut dyn Read,
    at: u64,
    packed: Vec<u8>,
    pub(super) block: Vec<u8>,
}

impl<'r> Blobs<'r> {
    pub(super) fn new(input: &'r mut dyn Read) -> Self {
        Self { input, at: 0, packed: Vec::new(), block: Vec::new() }
    }

    /// Bytes read so far.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// The next block, unpacked into `block`; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Kind>, Fault> {
        let begin = self.at;
        let mut length = [0; 4];
        match fill(self.input, &mut length) {
            Ok(0) => return Ok(None),
            Ok(4) => {}
            Ok(_) if begin == 0 => return Err(Fault::NotPbf),
            Ok(_) => return Err(Fault::Cut { at: begin }),
            Err(_unread) => return Err(Fault::Broken { at: begin, what: "the disk refused" }),
        }
        let length = u32::from_be_bytes(length) as usize;
        if length == 0 || length > HEADER_BYTES_MAX {
            return Err(self.fault_of_shell(begin, "a header's length"));
        }
        self.take(4 + begin, length)?;
        let (kind, size) = header(&self.packed)
            .map_err(|_broken| self.fault_of_shell(begin, "a blob's header"))?;
        if begin == 0 && kind != Kind::Header {
            return Err(Fault::NotPbf);
        }
        if size > BLOB_BYTES_MAX {
            return Err(Fault::Bomb { at: begin });
        }
        self.take(begin + 4 + length as u64, size)?;
        self.at = begin + 4 + (length + size) as u64;
        self.unpack(begin)?;
        Ok(Some(kind))
    }

    fn fault_of_shell(&self, at: u64, what: &'static str) -> Fault {
        if at == 0 { Fault::NotPbf } else { Fault::Broken { at, what } }
    }

    fn take(&mut self, at: u64, length: usize) -> Result<(), Fault> {
        self.packed.resize(length, 0);
        match fill(self.input, &mut self.packed) {
            Ok(count) if count == length => Ok(()),
            Ok(count) => Err(Fault::Cut { at: at + count as u64 }),
            Err(_unread) => Err(Fault::Broken { at, what: "the disk refused" }),
        }
    }

    fn unpack(&mut self, at: u64) -> Result<(), Fault> {
        let broken = |what| move |_: Broken| Fault::Broken { at, what };
        let mut fields = Fields::new(&self.packed);
        self.block.clear();
        let mut found = false;
        while let Some((field, value)) = fields.next().map_err(broken("a blob"))? {
            match (field, value) {
                (1, Value::Bytes(raw)) => {
                    self.block.extend_from_slice(raw);
                    found = true;
                }
                (3, Value::Bytes(zlib)) => {
                    let limit = BLOB_BYTES_MAX as u64 + 1;
                    let mut unpacked = flate2::read::ZlibDecoder::new(zlib).take(limit);
                    unpacked
                        .read_to_end(&mut self.block)
                        .map_err(|_damaged| Fault::Broken { at, what: "a packed block" })?;
                    found = true;
                }
                (4..=7, Value::Bytes(_)) => {
                    let name = ["LZMA", "bzip2", "LZ4", "Zstandard"][field as usize - 4];
                    return Err(Fault::Unsupported(format!("blocks packed with {name}")));
                }
                _ => {}
            }
        }
        if self.block.len() > BLOB_BYTES_MAX {
            return Err(Fault::Bomb { at });
        }
        if found { Ok(()) } else { Err(Fault::Broken { at, what: "a blob without content" }) }
    }
}

/// As many bytes as there are, up to the buffer's length.
fn fill(input: &mut dyn Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut have = 0;
    while have < buffer.len() {
        match input.read(&mut buffer[have..]) {
            Ok(0) => break,
            Ok(count) => have += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(have)
}

fn header(bytes: &[u8]) -> Result<(Kind, usize), Broken> {
    let (mut kind, mut size) = (None, None);
    let mut fields = Fields::new(bytes);
    while let Some((field, value)) = fields.next()? {
        match (field, value) {
            (1, Value::Bytes(b"OSMHeader")) => kind = Some(Kind::Header),
            (1, Value::Bytes(b"OSMData")) => kind = Some(Kind::Data),
            (1, Value::Bytes(_)) => kind = Some(Kind::Other),
            (3, Value::Number(length)) => size = usize::try_from(length).ok(),
            _ => {}
        }
    }
    kind.zip(size).ok_or(Broken)
}
