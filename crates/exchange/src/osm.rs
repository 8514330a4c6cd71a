//! OpenStreetMap's own files (`.osm.pbf`, as Geofabrik publishes them) → a road network and findings.
//!
//! The file is read twice, block by block: ways and turn rules first, then the places of the points that they use; nothing
//! else of it is held, so a country fits. A file that is cut, damaged or a bomb is taken not at all: half a map would send a
//! convoy round a road that exists. Names, addresses and who drew what are never looked at.

mod assemble;
mod blob;
mod block;
mod protobuf;
mod rule;
mod ways;
pub mod write;

use crate::{
    code::Code,
    finding::{Findings, Outcome, Tally},
    rows::ImportError,
};
use blob::{Blobs, Fault, Kind};
use block::Visitor;
use pehra_domain::{
    finding::Finding,
    progress::{Watch, tell},
    road::RoadNetwork,
};
use std::{
    collections::BTreeMap,
    io::{Read, Seek, SeekFrom},
};

/// What was read of a map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roads {
    /// Empty when the file could not be taken.
    pub network: RoadNetwork,
    pub findings: Vec<Finding>,
    pub counts: BTreeMap<String, u64>,
    /// Ways that vehicles use.
    pub tally: Tally,
}

/// A file that can be read twice.
pub trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// Most points on roads that a file may have: above it the memory for one country is not enough.
pub const POINTS_MAX: usize = 400_000_000;

/// Reads a whole map.
///
/// # Errors
/// [`ImportError::Cancelled`] when the watcher stops the work. Whatever is wrong with the file is a finding.
pub fn import(
    input: &mut dyn Source,
    bytes_total: u64,
    watch: &mut Watch<'_>,
) -> Result<Roads, ImportError> {
    let mut findings = Findings::default();
    let read = read(input, bytes_total, &mut findings, watch)?;
    let (network, tally) = read.unwrap_or_else(|fault| {
        refuse(&fault, &mut findings);
        let mut tally = Tally::default();
        tally.add(Outcome::Quarantined);
        (RoadNetwork::default(), tally)
    });
    let (findings, counts) = findings.into_parts();
    Ok(Roads { network, findings, counts, tally })
}

type Taken = Result<(RoadNetwork, Tally), Fault>;

fn read(
    mut input: &mut dyn Source,
    total: u64,
    findings: &mut Findings,
    watch: &mut Watch<'_>,
) -> Result<Taken, ImportError> {
    let mut ways = ways::Ways::default();
    if let Err(fault) = pass(&mut input, "roads of the map", total, &mut ways, watch)? {
        return Ok(Err(fault));
    }
    if ways.refs.len() > POINTS_MAX {
        return Ok(Err(Fault::Unsupported(format!("more than {POINTS_MAX} points on roads"))));
    }
    let mut net = assemble::Net::new(ways);
    if input.seek(SeekFrom::Start(0)).is_err() {
        return Ok(Err(Fault::Broken { at: 0, what: "the disk refused" }));
    }
    if let Err(fault) = pass(&mut input, "places of the roads", total, &mut net.places, watch)? {
        return Ok(Err(fault));
    }
    tell(watch, "network", 0, 1)?;
    let taken = net.finish(findings);
    if taken.0.stretches.is_empty() {
        findings.push(Code::RoadsNone, 0, "", "", "");
    }
    tell(watch, "network", 1, 1)?;
    Ok(Ok(taken))
}

/// One reading of the file from its beginning.
fn pass<V: Visitor>(
    input: &mut dyn Read,
    stage: &'static str,
    total: u64,
    visitor: &mut V,
    watch: &mut Watch<'_>,
) -> Result<Result<(), Fault>, ImportError> {
    let mut blobs = Blobs::new(input);
    loop {
        tell(watch, stage, blobs.at(), total)?;
        let at = blobs.at();
        let read = match blobs.next() {
            Ok(None) if at == 0 => Err(Fault::NotPbf),
            Ok(None) => return Ok(Ok(())),
            Ok(Some(Kind::Header)) => needs(&blobs.block, at),
            Ok(Some(Kind::Data)) => block::visit(&blobs.block, visitor)
                .map_err(|_broken| Fault::Broken { at, what: "a block's content" }),
            Ok(Some(Kind::Other)) => Ok(()),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = read {
            return Ok(Err(fault));
        }
    }
}

/// A file says what a reader must know to read it; anything unknown is a reason not to guess.
fn needs(header: &[u8], at: u64) -> Result<(), Fault> {
    let mut fields = protobuf::Fields::new(header);
    loop {
        match fields.next() {
            Ok(None) => return Ok(()),
            Ok(Some((4, protobuf::Value::Bytes(name)))) => match name {
                b"OsmSchema-V0.6" | b"DenseNodes" => {}
                other => {
                    return Err(Fault::Unsupported(String::from_utf8_lossy(other).into_owned()));
                }
            },
            Ok(Some(_)) => {}
            Err(_broken) => return Err(Fault::Broken { at, what: "the file's header" }),
        }
    }
}

fn refuse(fault: &Fault, findings: &mut Findings) {
    match fault {
        Fault::NotPbf => findings.push(Code::RoadFileUnknown, 0, "", "", ""),
        Fault::Cut { at } => findings.push(Code::RoadFileCut, 0, "", &at.to_string(), ""),
        Fault::Broken { at, what } => {
            findings.push(Code::RoadFileBroken, 0, "", what, &at.to_string());
        }
        Fault::Bomb { at } => {
            let most = blob::BLOB_BYTES_MAX.to_string();
            findings.push(Code::RoadFileBomb, 0, "", &at.to_string(), &most);
        }
        Fault::Unsupported(what) => findings.push(Code::RoadFileUnsupported, 0, "", what, ""),
    }
}

#[cfg(test)]
mod tests;
