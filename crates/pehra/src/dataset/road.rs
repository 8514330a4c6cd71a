//! A road network in chunks: columns of whole numbers, most of them small differences, cut into parts of a few megabytes.
//! The order of contraction travels with it, since it depends on the map alone and takes the longest to compute.

use super::{Chunk, ChunkError, bytes_of, count, read};
use minicbor::{Decode, Encode};
use pehra_domain::{
    AreaId, Point,
    road::{Direction, ForbiddenTurn, RoadClass, RoadNetwork, Stretch, Surface},
};

/// Bytes of columns in one chunk.
const PART_BYTES: usize = 8 << 20;

#[derive(Encode, Decode)]
struct Part {
    #[n(0)]
    schema: u32,
    #[n(1)]
    #[cbor(with = "minicbor::bytes")]
    bytes: Vec<u8>,
}

/// A network with its order of contraction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roads {
    pub network: RoadNetwork,
    /// Vertices of the road graph from the first contracted to the last.
    pub order: Vec<u32>,
}

/// Why a road is marked: a closed list, so that no name of a person stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, clap::ValueEnum)]
#[cbor(index_only)]
pub enum Why {
    #[n(0)]
    Mined,
    #[n(1)]
    Attacked,
    #[n(2)]
    Blocked,
    #[n(3)]
    Flooded,
    #[n(4)]
    Landslide,
    #[n(5)]
    Snow,
    #[n(6)]
    Works,
    #[n(7)]
    Other,
}

impl Why {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Mined => "mined",
            Self::Attacked => "attacked",
            Self::Blocked => "blocked",
            Self::Flooded => "flooded",
            Self::Landslide => "landslide",
            Self::Snow => "snow",
            Self::Works => "works",
            Self::Other => "other",
        }
    }
}

/// What a mark does to the time of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum MarkEffect {
    #[n(0)]
    Closed,
    /// Thousandths of the usual time.
    #[n(1)]
    Factor(#[n(0)] u32),
}

/// One way, or its stretch nearest to a place, as it stands today.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RoadMark {
    /// The map's own number.
    #[n(0)]
    pub way: i64,
    #[n(1)]
    pub near: Option<Point>,
    #[n(2)]
    pub effect: MarkEffect,
    #[n(3)]
    pub why: Why,
}

/// All parts belong to the nation: roads do not end at a district's border.
#[must_use]
pub fn write_roads(roads: &Roads) -> Vec<Chunk> {
    let mut out = Columns::default();
    let network = &roads.network;
    for count in [
        network.junctions.len(),
        network.stretches.len(),
        network.shape.len(),
        network.forbidden.len(),
        roads.order.len(),
    ] {
        out.number(count as u64);
    }
    out.points(&network.junctions);
    for s in &network.stretches {
        out.stretch(s);
    }
    out.points(&network.shape);
    for turn in &network.forbidden {
        for number in [turn.from, turn.via, turn.to] {
            out.number(u64::from(number));
        }
    }
    let mut last = 0;
    for &vertex in &roads.order {
        out.step(i64::from(vertex) - last);
        last = i64::from(vertex);
    }
    let rows = network.stretches.len();
    let parts = out.bytes.chunks(PART_BYTES).enumerate();
    parts
        .map(|(at, bytes)| Chunk {
            area: AreaId::nation(),
            bytes: bytes_of(&Part { schema: super::SCHEMA, bytes: bytes.to_vec() }),
            rows: if at == 0 { count(rows) } else { 0 },
        })
        .collect()
}

/// # Errors
/// [`ChunkError`] when a part is broken, missing or written by a newer version.
pub fn read_roads(chunks: &[Chunk]) -> Result<Roads, ChunkError> {
    let mut bytes = Vec::with_capacity(chunks.iter().map(|chunk| chunk.bytes.len()).sum());
    for chunk in chunks {
        bytes.append(&mut read::<Part>(&chunk.area, &chunk.bytes)?.bytes);
    }
    let mut rest = Rest { bytes: &bytes };
    roads(&mut rest).filter(|_| rest.bytes.is_empty()).ok_or_else(|| ChunkError::Broken {
        area: AreaId::nation(),
        source: minicbor::decode::Error::message("the columns of the road map do not fit together"),
    })
}

#[derive(Default)]
struct Columns {
    bytes: Vec<u8>,
}

impl Columns {
    fn number(&mut self, mut value: u64) {
        loop {
            let [low, ..] = value.to_le_bytes();
            value >>= 7;
            if value == 0 {
                self.bytes.push(low & 0x7f);
                return;
            }
            self.bytes.push(low | 0x80);
        }
    }

    fn step(&mut self, value: i64) {
        self.number(((value << 1) ^ (value >> 63)).cast_unsigned());
    }

    fn points(&mut self, points: &[Point]) {
        let (mut lat, mut lon) = (0, 0);
        for point in points {
            self.step(i64::from(point.lat_e7) - lat);
            self.step(i64::from(point.lon_e7) - lon);
            (lat, lon) = (i64::from(point.lat_e7), i64::from(point.lon_e7));
        }
    }

    fn stretch(&mut self, s: &Stretch) {
        self.number(u64::from(s.from));
        self.step(i64::from(s.to) - i64::from(s.from));
        self.number(s.decimetres());
        self.step(s.way);
        let bits =
            [s.ford, s.bridge, s.private].iter().fold(0, |bits, set| bits << 1 | u64::from(*set));
        let direction = match s.direction {
            Direction::Both => 0,
            Direction::Forth => 1,
            Direction::Back => 2,
        };
        let kind = s.class.index() as u64 * 16 + s.surface.index() as u64 * 4 + direction;
        self.number(kind * 8 + bits);
        self.number(u64::from(s.limit_kmh));
        self.number(u64::from(s.gates));
        self.number(u64::from(s.duration_s));
        self.number(u64::from(s.shape));
    }
}

struct Rest<'b> {
    bytes: &'b [u8],
}

impl Rest<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for (at, &byte) in self.bytes.iter().enumerate().take(10) {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                self.bytes = self.bytes.get(at + 1..)?;
                return Some(value);
            }
        }
        None
    }

    fn small<T: TryFrom<u64>>(&mut self) -> Option<T> {
        T::try_from(self.number()?).ok()
    }

    fn step(&mut self) -> Option<i64> {
        let value = self.number()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// A count of things of which each takes a byte or more.
    fn length(&mut self) -> Option<usize> {
        self.small::<usize>().filter(|&count| count <= self.bytes.len())
    }

    fn points(&mut self, count: usize) -> Option<Vec<Point>> {
        let (mut lat, mut lon) = (0_i64, 0_i64);
        (0..count)
            .map(|_| {
                lat = lat.checked_add(self.step()?)?;
                lon = lon.checked_add(self.step()?)?;
                Some(Point { lat_e7: i32::try_from(lat).ok()?, lon_e7: i32::try_from(lon).ok()? })
            })
            .collect()
    }

    fn stretch(&mut self) -> Option<Stretch> {
        let from: u32 = self.small()?;
        let to = u32::try_from(i64::from(from).checked_add(self.step()?)?).ok()?;
        let decimetres = self.number()?;
        let way = self.step()?;
        let kind: usize = self.small()?;
        let direction = match kind >> 3 & 3 {
            0 => Direction::Both,
            1 => Direction::Forth,
            2 => Direction::Back,
            _ => return None,
        };
        Some(Stretch {
            from,
            to,
            length_m: u32::try_from(decimetres / 10).ok()?,
            length_dm: u8::try_from(decimetres % 10).ok()?,
            way,
            class: *RoadClass::ALL.get(kind >> 7)?,
            surface: *Surface::ALL.get(kind >> 5 & 3)?,
            direction,
            limit_kmh: self.small()?,
            gates: self.small()?,
            ford: kind & 4 > 0,
            bridge: kind & 2 > 0,
            private: kind & 1 > 0,
            duration_s: self.small()?,
            shape: self.small()?,
        })
    }
}

fn roads(rest: &mut Rest<'_>) -> Option<Roads> {
    let counts: Vec<usize> = (0..5).map(|_| rest.length()).collect::<Option<_>>()?;
    let [junctions, stretches, shape, forbidden, order] = counts.as_slice() else { return None };
    let junctions = rest.points(*junctions)?;
    let stretches: Vec<Stretch> = (0..*stretches).map(|_| rest.stretch()).collect::<Option<_>>()?;
    let shape = rest.points(*shape)?;
    let inside = |s: &Stretch| {
        (s.from.max(s.to) as usize) < junctions.len() && s.shape as usize <= shape.len()
    };
    if !stretches.iter().all(inside) {
        return None;
    }
    let mut turn =
        || Some(ForbiddenTurn { from: rest.small()?, via: rest.small()?, to: rest.small()? });
    let forbidden = (0..*forbidden).map(|_| turn()).collect::<Option<_>>()?;
    let mut last = 0_i64;
    let mut vertex = || {
        last = last.checked_add(rest.step()?)?;
        u32::try_from(last).ok()
    };
    let order = (0..*order).map(|_| vertex()).collect::<Option<_>>()?;
    Some(Roads { network: RoadNetwork { junctions, stretches, shape, forbidden }, order })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(at: u32) -> Stretch {
        Stretch {
            from: at % 7,
            to: (at * 3) % 7,
            length_m: at * 1_000,
            length_dm: u8::try_from(at % 10).unwrap(),
            way: i64::from(at) - 4,
            class: RoadClass::ALL[at as usize % 13],
            surface: Surface::ALL[at as usize % 4],
            direction: [Direction::Both, Direction::Forth, Direction::Back][at as usize % 3],
            limit_kmh: u8::try_from(at).unwrap(),
            gates: u8::try_from(at % 3).unwrap(),
            ford: at.is_multiple_of(2),
            bridge: at.is_multiple_of(5),
            private: at.is_multiple_of(3),
            duration_s: at * 60,
            shape: at % 3,
        }
    }

    fn some() -> Roads {
        let point = |at: i32| Point { lat_e7: 300_000_000 - at * 777, lon_e7: -at * 1_000_003 };
        Roads {
            network: RoadNetwork {
                junctions: (0..7).map(point).collect(),
                stretches: (0..60).map(stretch).collect(),
                shape: (0..3).map(point).collect(),
                forbidden: vec![ForbiddenTurn { from: 1, via: 2, to: 3 }],
            },
            order: vec![3, 1, 6, 0, 2, 5, 4],
        }
    }

    #[test]
    fn roads_come_back_as_they_were_kept() {
        let chunks = write_roads(&some());
        assert_eq!(read_roads(&chunks).unwrap(), some());
        assert_eq!(chunks[0].rows, 60);
        let empty = Roads::default();
        assert_eq!(read_roads(&write_roads(&empty)).unwrap(), empty);
    }

    #[test]
    fn columns_that_do_not_fit_are_refused() {
        let whole = {
            let mut chunks = write_roads(&some());
            read::<Part>(&AreaId::nation(), &chunks.remove(0).bytes).unwrap().bytes
        };
        let again = |bytes: &[u8]| {
            let bytes = bytes_of(&Part { schema: super::super::SCHEMA, bytes: bytes.to_vec() });
            read_roads(&[Chunk { area: AreaId::nation(), bytes, rows: 0 }])
        };
        for length in 0..whole.len() {
            assert!(again(&whole[..length]).is_err(), "{length}");
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(again(&longer).is_err());
        let mut huge = whole;
        huge.splice(0..1, [0xff, 0xff, 0xff, 0xff, 0x0f]);
        assert!(again(&huge).is_err());
    }
}
