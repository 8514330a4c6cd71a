//! Objects as endless streams of frames (RaptorQ, RFC 6330): any set of frames slightly larger than the object
//! gives it back, whatever was lost, doubled or reordered.
//!
//! The code authenticates nothing. So every frame names the object by the first eight bytes of its hash and is bound
//! to it by a tag: with a district's key, nobody outside can add a frame; without one, the tag finds noise only. What
//! was decoded is compared with the name, and a frame that spoilt it is sought and left out.

use crate::mac::{ChannelKey, same};
use crate::octets::{Cursor, FrameUnreadable};
use pehra_ledger::Hash;
use pehra_ledger::hash::LABEL_BYTES;
use raptorq::{
    EncodingPacket, ObjectTransmissionInformation, PayloadId, SourceBlockDecoder,
    SourceBlockEncoder,
};
use std::collections::BTreeMap;

/// Frame sizes of carriers, in bytes.
pub const QR_V20_M: usize = 666;
pub const QR_V40_L: usize = 2_953;
pub const AX25: usize = 256;
pub const SMS: usize = 140;

/// Largest object: one entry of the largest size fits.
pub const OBJECT_BYTES_MAX: usize = (1 << 20) + 16_384;
/// Most symbols that an object is cut into; larger objects need larger frames.
pub const SYMBOLS_MAX: usize = 10_240;
/// Smallest frame.
pub const FRAME_BYTES_MIN: usize = 40;

const OBJECT_LABEL: &[u8; LABEL_BYTES] = b"pehra/object/1\0";
const SORT_OPEN: u8 = 0xf0;
const SORT_KEYED: u8 = 0xf1;
/// Sort, name, object length, symbol number.
const HEAD_BYTES: usize = 1 + 8 + 3 + 3;
const OPEN_TAG_BYTES: usize = 4;
const KEYED_TAG_BYTES: usize = 8;
/// Symbols have 24-bit numbers.
const SYMBOL_NUMBERS: u32 = 1 << 24;

/// Names an object: the first eight bytes of its labelled hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId(pub [u8; 8]);

impl ObjectId {
    #[must_use]
    pub fn of(object: &[u8]) -> Self {
        Self(Hash::labelled(OBJECT_LABEL, object).short())
    }
}

/// What ties a frame to its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// Four bytes of a digest: finds noise.
    Open,
    /// Eight bytes of a tag: frames of people without the key are dropped.
    Keyed(ChannelKey),
}

impl Binding {
    fn sort(&self) -> u8 {
        match self {
            Self::Open => SORT_OPEN,
            Self::Keyed(_) => SORT_KEYED,
        }
    }

    fn tag_bytes(&self) -> usize {
        match self {
            Self::Open => OPEN_TAG_BYTES,
            Self::Keyed(_) => KEYED_TAG_BYTES,
        }
    }

    fn tag(&self, frame: &[u8]) -> Vec<u8> {
        match self {
            Self::Open => Hash::labelled(b"pehra/frameo/1\0", frame)
                .0
                .iter()
                .take(OPEN_TAG_BYTES)
                .copied()
                .collect(),
            Self::Keyed(key) => {
                let tag = key.tag(&[b"pehra/framek/1\0", frame]);
                tag.iter().take(KEYED_TAG_BYTES).copied().collect()
            }
        }
    }
}

/// Why an object cannot be sent in frames of a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSendable {
    #[error("an object has 1 to {OBJECT_BYTES_MAX} bytes, this one has {0}")]
    Object(usize),
    #[error("a frame has {FRAME_BYTES_MIN} to 65,535 bytes, not {0}")]
    Frame(usize),
    #[error("frames of this size would be {0}, at most {SYMBOLS_MAX}: take larger frames")]
    Symbols(usize),
}

/// Gives out the frames of one object, without end.
pub struct Sender {
    id: ObjectId,
    length: u32,
    symbols: u32,
    binding: Binding,
    encoder: SourceBlockEncoder,
    source: Vec<EncodingPacket>,
}

/// How an object is cut.
struct Cut {
    length: u32,
    symbol_bytes: u16,
    symbols: u32,
}

impl Cut {
    fn of(object_bytes: usize, symbol_bytes: usize) -> Result<Self, NotSendable> {
        if object_bytes == 0 || object_bytes > OBJECT_BYTES_MAX {
            return Err(NotSendable::Object(object_bytes));
        }
        let symbols = object_bytes.div_ceil(symbol_bytes.max(1));
        if symbols > SYMBOLS_MAX {
            return Err(NotSendable::Symbols(symbols));
        }
        let (Ok(length), Ok(symbol_bytes), Ok(symbols)) =
            (u32::try_from(object_bytes), u16::try_from(symbol_bytes), u32::try_from(symbols))
        else {
            return Err(NotSendable::Frame(symbol_bytes));
        };
        if symbol_bytes == 0 {
            return Err(NotSendable::Frame(0));
        }
        Ok(Self { length, symbol_bytes, symbols })
    }

    /// One block, no sub-blocks: objects are small.
    fn config(&self) -> ObjectTransmissionInformation {
        let padded = u64::from(self.symbols) * u64::from(self.symbol_bytes);
        ObjectTransmissionInformation::new(padded, self.symbol_bytes, 1, 1, 1)
    }
}

impl Sender {
    /// Prepares an object for frames of at most `frame_bytes`.
    ///
    /// # Errors
    /// [`NotSendable`].
    pub fn try_new(
        object: &[u8],
        frame_bytes: usize,
        binding: Binding,
    ) -> Result<Self, NotSendable> {
        if !(FRAME_BYTES_MIN..=usize::from(u16::MAX)).contains(&frame_bytes) {
            return Err(NotSendable::Frame(frame_bytes));
        }
        let cut = Cut::of(object.len(), frame_bytes - HEAD_BYTES - binding.tag_bytes())?;
        let config = cut.config();
        let mut padded = object.to_vec();
        padded.resize(usize::try_from(config.transfer_length()).unwrap_or(object.len()), 0);
        let encoder = SourceBlockEncoder::new(0, &config, &padded);
        let source = encoder.source_packets();
        let (length, symbols) = (cut.length, cut.symbols);
        Ok(Self { id: ObjectId::of(object), length, symbols, binding, encoder, source })
    }

    #[must_use]
    pub fn id(&self) -> ObjectId {
        self.id
    }

    /// Frames that carry the object itself; those after them repair.
    #[must_use]
    pub fn symbols(&self) -> u32 {
        self.symbols
    }

    /// The frame of a number. All frames below 2^24 differ.
    #[must_use]
    pub fn frame(&self, number: u32) -> Vec<u8> {
        let number = number % SYMBOL_NUMBERS;
        let packet = match number.checked_sub(self.symbols) {
            Some(repair) => self.encoder.repair_packets(repair, 1).pop(),
            None => usize::try_from(number).ok().and_then(|at| self.source.get(at).cloned()),
        };
        let mut frame = vec![self.binding.sort()];
        frame.extend(self.id.0);
        frame.extend(self.length.to_be_bytes().iter().skip(1));
        frame.extend(number.to_be_bytes().iter().skip(1));
        if let Some(packet) = packet {
            frame.extend_from_slice(packet.data());
        }
        let tag = self.binding.tag(&frame);
        frame.extend(tag);
        frame
    }
}

/// Why a frame was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameRefused {
    #[error(transparent)]
    Unreadable(#[from] FrameUnreadable),
    #[error("the frame was damaged, or made by somebody without the key")]
    Tag,
    #[error("the frame's object is larger, or cut smaller, than is accepted here")]
    Size,
    #[error("{objects} objects are on their way already, and this one is younger")]
    Full { objects: usize },
}

/// What a frame brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Symbols held, of about so many needed.
    Waiting { id: ObjectId, held: u32, needed: u32 },
    /// The object; once.
    Done { id: ObjectId, object: Vec<u8> },
    /// A frame of an object that was given out before.
    DoneBefore { id: ObjectId },
    /// More frames were spoilt than can be left out: what was held is forgotten, the object begins anew.
    Spoilt { id: ObjectId },
}

/// How much a receiver holds at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub objects_max: usize,
    /// Of one object.
    pub object_bytes_max: usize,
}

impl Limits {
    /// Some tens of megabytes at worst.
    pub const NODE: Self = Self { objects_max: 16, object_bytes_max: OBJECT_BYTES_MAX };
}

/// Names of finished objects that are remembered.
const DONE_MAX: usize = 1_024;
/// Combinations tried after each frame to find what spoils an object.
const SEARCHES_MAX: usize = 32;

/// An assembly is one name, one length and one symbol size: a false length builds its own, and spoils none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shape {
    id: ObjectId,
    length: u32,
    symbol_bytes: u16,
}

struct Assembly {
    cut: Cut,
    symbols: BTreeMap<u32, Vec<u8>>,
    touched: u64,
}

/// Collects frames of many objects within stated memory.
pub struct Receiver {
    binding: Binding,
    limits: Limits,
    assemblies: BTreeMap<Shape, Assembly>,
    done: std::collections::VecDeque<ObjectId>,
    frames: u64,
}

impl Receiver {
    #[must_use]
    pub fn new(binding: Binding, limits: Limits) -> Self {
        Self {
            binding,
            limits,
            assemblies: BTreeMap::new(),
            done: std::collections::VecDeque::new(),
            frames: 0,
        }
    }

    /// Takes one frame.
    ///
    /// # Errors
    /// [`FrameRefused`]; nothing has changed then.
    pub fn receive(&mut self, frame: &[u8]) -> Result<Progress, FrameRefused> {
        let (shape, number, symbol) = self.open(frame)?;
        let id = shape.id;
        if self.done.contains(&id) {
            return Ok(Progress::DoneBefore { id });
        }
        self.frames += 1;
        let now = self.frames;
        self.make_room(&shape)?;
        let cut = self.cut(&shape)?;
        let assembly = self.assemblies.entry(shape).or_insert_with(|| Assembly {
            cut,
            symbols: BTreeMap::new(),
            touched: now,
        });
        assembly.touched = now;
        let new = !assembly.symbols.contains_key(&number);
        assembly.symbols.entry(number).or_insert_with(|| symbol.to_vec());
        let needed = assembly.cut.symbols;
        let held = assembly.held();
        if !new || held < needed {
            return Ok(Progress::Waiting { id, held, needed });
        }
        if let Some(object) = assembly.decode(id) {
            self.assemblies.retain(|other, _| other.id != id);
            self.done.push_back(id);
            if self.done.len() > DONE_MAX {
                self.done.pop_front();
            }
            return Ok(Progress::Done { id, object });
        }
        if held >= needed + surplus_max(needed) {
            self.assemblies.remove(&shape);
            return Ok(Progress::Spoilt { id });
        }
        Ok(Progress::Waiting { id, held, needed })
    }

    /// Objects on their way: name, symbols held, symbols needed.
    pub fn waiting(&self) -> impl Iterator<Item = (ObjectId, u32, u32)> {
        self.assemblies.iter().map(|(shape, it)| (shape.id, it.held(), it.cut.symbols))
    }

    /// Bytes of symbols held.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.assemblies.values().flat_map(|it| it.symbols.values()).map(Vec::len).sum()
    }

    fn open<'f>(&self, frame: &'f [u8]) -> Result<(Shape, u32, &'f [u8]), FrameRefused> {
        let body_bytes =
            frame.len().checked_sub(self.binding.tag_bytes()).ok_or(FrameUnreadable::Truncated)?;
        let (tagged, tag) = frame.split_at_checked(body_bytes).ok_or(FrameUnreadable::Truncated)?;
        let mut cursor = Cursor::new(tagged);
        if cursor.byte()? != self.binding.sort() {
            return Err(FrameUnreadable::Unknown.into());
        }
        let id = ObjectId(cursor.exact()?);
        let length = three(cursor.exact()?);
        let number = three(cursor.exact()?);
        let symbol = cursor.rest();
        let symbol_bytes = u16::try_from(symbol.len()).map_err(|_large| FrameRefused::Size)?;
        if !same(&self.binding.tag(tagged), tag) {
            return Err(FrameRefused::Tag);
        }
        Ok((Shape { id, length, symbol_bytes }, number, symbol))
    }

    fn cut(&self, shape: &Shape) -> Result<Cut, FrameRefused> {
        let length = usize::try_from(shape.length).map_err(|_large| FrameRefused::Size)?;
        if length > self.limits.object_bytes_max || shape.symbol_bytes == 0 {
            return Err(FrameRefused::Size);
        }
        Cut::of(length, usize::from(shape.symbol_bytes)).map_err(|_named| FrameRefused::Size)
    }

    /// Room for one more assembly: the one untouched longest goes, if it fell a thousand frames behind.
    fn make_room(&mut self, shape: &Shape) -> Result<(), FrameRefused> {
        if self.assemblies.contains_key(shape) || self.assemblies.len() < self.limits.objects_max {
            return Ok(());
        }
        self.cut(shape)?;
        let oldest = self.assemblies.iter().min_by_key(|(_, it)| it.touched);
        match oldest.map(|(shape, it)| (*shape, it.touched)) {
            Some((oldest, touched)) if touched + 1_000 < self.frames => {
                self.assemblies.remove(&oldest);
                Ok(())
            }
            Some(_) | None => Err(FrameRefused::Full { objects: self.limits.objects_max }),
        }
    }
}

fn three([a, b, c]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, a, b, c])
}

/// Symbols beyond the needed ones that are kept while looking for a spoilt one.
fn surplus_max(needed: u32) -> u32 {
    16 + needed / 8
}

impl Assembly {
    fn held(&self) -> u32 {
        u32::try_from(self.symbols.len()).unwrap_or(u32::MAX)
    }

    /// The object under its name: from all symbols, or from all but a group that is tried in turn.
    fn decode(&self, id: ObjectId) -> Option<Vec<u8>> {
        if let Some(object) = self.decode_without(0..0, id) {
            return Some(object);
        }
        let held = self.symbols.len();
        let surplus = usize::try_from(self.held() - self.cut.symbols).ok()?;
        if surplus == 0 || held.div_ceil(surplus) > SEARCHES_MAX {
            return None;
        }
        (0..held).step_by(surplus).find_map(|from| self.decode_without(from..from + surplus, id))
    }

    fn decode_without(&self, left_out: std::ops::Range<usize>, id: ObjectId) -> Option<Vec<u8>> {
        let config = self.cut.config();
        let mut decoder = SourceBlockDecoder::new(0, &config, config.transfer_length());
        let packets = self.symbols.iter().enumerate().filter(|(at, _)| !left_out.contains(at)).map(
            |(_, (number, data))| EncodingPacket::new(PayloadId::new(0, *number), data.clone()),
        );
        let mut object = decoder.decode(packets)?;
        object.truncate(usize::try_from(self.cut.length).ok()?);
        (ObjectId::of(&object) == id).then_some(object)
    }
}

#[cfg(test)]
mod tests;
