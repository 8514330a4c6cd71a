//! The map's points as one columnar binary, little endian. See `docs/formats/points.md` for the layout.
//!
//! Encoded and packed once per state of the data and per reach of the asker, then handed out from memory.

use crate::{
    auth::hex,
    http::{reply::gzip, view::Assessed},
    world::{PlanTable, StationTable},
};
use axum::body::Bytes;
use pehra_domain::{
    BuildingId,
    risk::RiskClass,
    station::{PlaceBasis, Station, StationKind},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

pub const MAGIC: [u8; 4] = *b"PHP1";

pub const FLAG_ESTIMATED: u8 = 1;
pub const FLAG_PROVISIONAL: u8 = 2;
pub const FLAG_DISAGREES: u8 = 4;
pub const FLAG_OVERRIDDEN: u8 = 8;
pub const FLAG_OFFICIAL: u8 = 16;
/// No assessment covers this station: its score is not 0 but unknown.
pub const FLAG_UNASSESSED: u8 = 32;

/// Encodings remembered: one for each reach that is looking at the map at the same time.
const CACHED_MAX: usize = 8;

/// What the points are made from.
#[derive(Clone)]
pub struct Source {
    pub stations: Arc<StationTable>,
    pub assessment: Option<Arc<crate::world::AssessmentTable>>,
    pub plan: Option<Arc<PlanTable>>,
    /// Stations within the asker's reach.
    pub ranges: Vec<Range<u32>>,
}

/// The bytes, plain and packed, and the tag that names this state.
#[derive(Debug)]
pub struct Encoded {
    pub tag: String,
    pub plain: Bytes,
    pub packed: Bytes,
}

/// Encodings by tag, oldest first.
#[derive(Default)]
pub struct Points {
    cached: Mutex<Vec<Arc<Encoded>>>,
}

impl Points {
    /// The encoding of this state, from memory if it was asked for before. Takes a tenth of a second for a nation
    /// when it was not: call it off the async threads.
    ///
    /// # Errors
    /// None in practice: packing writes to memory.
    pub fn encoded(&self, source: &Source) -> std::io::Result<Arc<Encoded>> {
        let tag = source.tag();
        if let Some(found) = self.find(&tag) {
            return Ok(found);
        }
        let plain = encode(source);
        let packed = Bytes::from(gzip(&plain, 3)?);
        let encoded = Arc::new(Encoded { tag, plain: Bytes::from(plain), packed });
        let mut cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.len() >= CACHED_MAX {
            cached.remove(0);
        }
        cached.push(encoded.clone());
        Ok(encoded)
    }

    /// The encoding of a tag, if it is in memory.
    #[must_use]
    pub fn find(&self, tag: &str) -> Option<Arc<Encoded>> {
        let cached = self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        cached.iter().find(|encoded| encoded.tag == tag).cloned()
    }
}

impl Source {
    /// Names the state: equal data and equal reach give equal tags.
    #[must_use]
    pub fn tag(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.stations.provenance.manifest);
        hash.update(self.assessment.as_ref().map_or([0; 32], |table| table.provenance.manifest));
        hash.update(self.plan.as_ref().map_or([0; 32], |table| table.provenance.manifest));
        for range in &self.ranges {
            hash.update(range.start.to_le_bytes());
            hash.update(range.end.to_le_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        hex(digest.get(..16).unwrap_or_default())
    }

    fn stations(&self) -> impl Iterator<Item = (usize, &Station)> {
        let all = &self.stations.stations;
        self.ranges
            .iter()
            .flat_map(|range| range.start as usize..range.end as usize)
            .filter_map(move |position| Some((position, all.get(position)?)))
    }
}

/// Number of stations in the ranges.
#[must_use]
pub fn count(ranges: &[Range<u32>]) -> u32 {
    ranges.iter().map(|range| range.end - range.start).sum()
}

/// The table's position of the point with this number.
#[must_use]
pub fn position_of(ranges: &[Range<u32>], index: u32) -> Option<usize> {
    let mut left = index;
    for range in ranges {
        let length = range.end - range.start;
        if left < length {
            return Some((range.start + left) as usize);
        }
        left -= length;
    }
    None
}

/// The number of the point that stands for this position of the table.
#[must_use]
pub fn index_of(ranges: &[Range<u32>], position: usize) -> Option<u32> {
    let position = u32::try_from(position).ok()?;
    let mut before = 0;
    for range in ranges {
        if range.contains(&position) {
            return Some(before + position - range.start);
        }
        before += range.end - range.start;
    }
    None
}

#[derive(Default)]
struct Columns {
    lat: Vec<u8>,
    lon: Vec<u8>,
    district: Vec<u8>,
    score: Vec<u8>,
    class: Vec<u8>,
    flags: Vec<u8>,
    kind: Vec<u8>,
    shortfall: Vec<u8>,
}

/// The bytes.
#[must_use]
pub fn encode(source: &Source) -> Vec<u8> {
    let assessed = Assessed::of(&source.stations, source.assessment.as_deref());
    let short = shortfalls(source.plan.as_deref());
    let origin = origin(source);
    let mut columns = Columns::default();
    let mut district = 0_u16;
    let mut last = None;
    for (position, station) in source.stations() {
        if last.is_some_and(|last| last != &station.district) {
            district = district.saturating_add(1);
        }
        last = Some(&station.district);
        let row = assessed.row(position, station);
        let official = station.official_class();
        let (class, score) = match row {
            Some(row) => (row.force_class(), row.inherent_centi),
            None => (official.unwrap_or(RiskClass::Normal), 0),
        };
        let mut flags = 0;
        let mut set = |on: bool, flag: u8| flags |= if on { flag } else { 0 };
        set(station.place_basis == PlaceBasis::Estimated, FLAG_ESTIMATED);
        set(row.is_some_and(|row| row.provisional), FLAG_PROVISIONAL);
        set(row.is_some_and(|row| row.disagrees()), FLAG_DISAGREES);
        set(row.is_some_and(|row| !row.overrides.is_empty()), FLAG_OVERRIDDEN);
        set(official.is_some(), FLAG_OFFICIAL);
        set(row.is_none(), FLAG_UNASSESSED);
        columns.lat.extend((station.point.lat_e7 - origin.0).to_le_bytes());
        columns.lon.extend((station.point.lon_e7 - origin.1).to_le_bytes());
        columns.district.extend(district.to_le_bytes());
        columns.score.extend(score.to_le_bytes());
        columns.class.push(class_byte(class));
        columns.flags.push(flags);
        columns.kind.push(match station.kind {
            StationKind::Men => 0,
            StationKind::Women => 1,
            StationKind::Combined => 2,
        });
        columns.shortfall.push(short.get(&station.building).copied().unwrap_or(0));
    }
    let districts = if last.is_some() { u32::from(district) + 1 } else { 0 };
    columns.assemble(count(&source.ranges), districts, origin)
}

impl Columns {
    fn assemble(self, stations: u32, districts: u32, origin: (i32, i32)) -> Vec<u8> {
        let mut out = Vec::with_capacity(32 + self.lat.len() * 4 + self.class.len() * 4);
        out.extend(MAGIC);
        out.extend(stations.to_le_bytes());
        out.extend(districts.to_le_bytes());
        out.extend(origin.0.to_le_bytes());
        out.extend(origin.1.to_le_bytes());
        for column in [
            self.lat,
            self.lon,
            self.district,
            self.score,
            self.class,
            self.flags,
            self.kind,
            self.shortfall,
        ] {
            out.extend(column);
            while out.len() % 4 != 0 {
                out.push(0);
            }
        }
        out
    }
}

#[must_use]
pub fn class_byte(class: RiskClass) -> u8 {
    match class {
        RiskClass::Normal => 0,
        RiskClass::Sensitive => 1,
        RiskClass::Most => 2,
    }
}

/// The middle of what is shown, so that differences stay small.
fn origin(source: &Source) -> (i32, i32) {
    let (mut lat, mut lon) = ((i32::MAX, i32::MIN), (i32::MAX, i32::MIN));
    for (_, station) in source.stations() {
        lat = (lat.0.min(station.point.lat_e7), lat.1.max(station.point.lat_e7));
        lon = (lon.0.min(station.point.lon_e7), lon.1.max(station.point.lon_e7));
    }
    if lat.0 > lat.1 { (0, 0) } else { (i32::midpoint(lat.0, lat.1), i32::midpoint(lon.0, lon.1)) }
}

/// 1 when posts stay empty at a building, 2 when a minimum is among them.
fn shortfalls(plan: Option<&PlanTable>) -> BTreeMap<&BuildingId, u8> {
    let mut out = BTreeMap::new();
    for short in plan.map(|table| table.plan.shortfalls.as_slice()).unwrap_or_default() {
        let level = match (short.missing, short.minimum_missing) {
            (0, 0) => continue,
            (_, 0) => 1,
            (_, _) => 2,
        };
        let known = out.entry(&short.building).or_insert(0);
        *known = level.max(*known);
    }
    out
}

#[cfg(test)]
mod tests;
