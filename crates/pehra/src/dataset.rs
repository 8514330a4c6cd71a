//! Large inputs and results as datasets: typed rows in, one content-addressed chunk per district out, and back.
//!
//! A chunk is canonical CBOR that begins with its schema number. A district that may hold only its own area
//! holds only its own chunks; the signed manifest names them all by hash.

pub mod road;

use crate::world::Outline;
use minicbor::{Decode, Encode};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Date, UnitId,
    building::Building,
    figure::Figure,
    force::{HomeCount, Unit},
    incident_record::IncidentRecord,
    norm::NormProfile,
    plan::{BuildingNeed, Certificate, Plan, Posting, Shortfall},
    risk::StationAssessment,
    station::Station,
    survey::{SurveyAnswer, SurveySubject},
};
use std::collections::BTreeMap;

/// Schema number of every chunk written by this version.
pub const SCHEMA: u32 = 1;

/// One district's share of a dataset, ready to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub area: AreaId,
    pub bytes: Vec<u8>,
    pub rows: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum ChunkError {
    #[error(
        "the data of {area} was written by a newer version (schema {schema}): upgrade this node to read it"
    )]
    Newer { area: AreaId, schema: u32 },
    #[error("the data of {area} cannot be read: restore it from another node or a backup")]
    Broken {
        area: AreaId,
        #[source]
        source: minicbor::decode::Error,
    },
}

#[derive(Encode, Decode)]
struct Rows<T> {
    #[n(0)]
    schema: u32,
    #[n(1)]
    rows: Vec<T>,
}

#[derive(Encode, Decode)]
struct StationRows {
    #[n(0)]
    schema: u32,
    #[n(1)]
    stations: Vec<Station>,
    #[n(2)]
    buildings: Vec<Building>,
}

#[derive(Encode, Decode)]
struct PlanRows {
    #[n(0)]
    schema: u32,
    #[n(1)]
    postings: Vec<Posting>,
    #[n(2)]
    shortfalls: Vec<Shortfall>,
    #[n(3)]
    needs: Vec<BuildingNeed>,
}

/// The chunk of the whole nation that travels with an assessment.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct AssessmentHead {
    #[n(0)]
    pub schema: u32,
    #[n(1)]
    pub seed: u64,
    #[n(2)]
    pub draws: u32,
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub stations_manifest: [u8; 32],
}

/// The chunk of the whole nation that travels with a plan.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PlanHead {
    #[n(0)]
    pub schema: u32,
    #[n(1)]
    pub id: String,
    #[n(2)]
    pub label: String,
    #[n(3)]
    pub profile: String,
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub stations_manifest: [u8; 32],
    #[n(5)]
    pub certificate: Certificate,
    /// The poll it is for; none: the day of the general poll.
    #[n(6)]
    pub poll: Option<PollOf>,
}

/// One constituency's poll on a day of its own: postponed, adjourned or repeated.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct PollOf {
    #[n(0)]
    pub constituency: ConstituencyId,
    #[n(1)]
    pub date: Date,
}

/// Canonical bytes of any value whose encoder cannot fail (all of ours: they write into memory).
pub fn bytes_of<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    match minicbor::encode(value, &mut out) {
        Ok(()) => {}
        Err(error) => match error.into_write() {
            Some(never) => match never {},
            None => tracing::error!("a value refused to be encoded"),
        },
    }
    out
}

fn read<'b, T: Decode<'b, ()>>(area: &AreaId, bytes: &'b [u8]) -> Result<T, ChunkError> {
    let schema = schema_of(bytes);
    if let Some(schema) = schema.filter(|&schema| schema > SCHEMA) {
        return Err(ChunkError::Newer { area: area.clone(), schema });
    }
    minicbor::decode(bytes).map_err(|source| ChunkError::Broken { area: area.clone(), source })
}

fn schema_of(bytes: &[u8]) -> Option<u32> {
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.array().ok()?;
    decoder.u32().ok()
}

/// Rows of one kind, grouped by area in area order; rows keep their order within a chunk.
pub fn write_rows<T: Encode<()>>(rows: Vec<T>, area_of: impl Fn(&T) -> AreaId) -> Vec<Chunk> {
    let mut by_area: BTreeMap<AreaId, Vec<T>> = BTreeMap::new();
    for row in rows {
        by_area.entry(area_of(&row)).or_default().push(row);
    }
    by_area
        .into_iter()
        .map(|(area, rows)| {
            let count = count(rows.len());
            Chunk { area, bytes: bytes_of(&Rows { schema: SCHEMA, rows }), rows: count }
        })
        .collect()
}

/// # Errors
/// [`ChunkError`] when a chunk is broken or written by a newer version.
pub fn read_rows<T: for<'b> Decode<'b, ()>>(chunks: &[Chunk]) -> Result<Vec<T>, ChunkError> {
    let mut all = Vec::new();
    for chunk in chunks {
        all.append(&mut read::<Rows<T>>(&chunk.area, &chunk.bytes)?.rows);
    }
    Ok(all)
}

/// Stations with their buildings, one chunk per district.
pub fn write_stations(stations: Vec<Station>, buildings: Vec<Building>) -> Vec<Chunk> {
    let mut by_area: BTreeMap<AreaId, StationRows> = BTreeMap::new();
    let empty = || StationRows { schema: SCHEMA, stations: Vec::new(), buildings: Vec::new() };
    for station in stations {
        by_area.entry(station.district.clone()).or_insert_with(empty).stations.push(station);
    }
    for building in buildings {
        by_area.entry(building.district.clone()).or_insert_with(empty).buildings.push(building);
    }
    by_area
        .into_iter()
        .map(|(area, mut rows)| {
            rows.stations.sort_by(|a, b| a.id.cmp(&b.id));
            rows.buildings.sort_by(|a, b| a.id.cmp(&b.id));
            Chunk { area, rows: count(rows.stations.len()), bytes: bytes_of(&rows) }
        })
        .collect()
}

/// # Errors
/// [`ChunkError`] when a chunk is broken or written by a newer version.
pub fn read_stations(chunks: &[Chunk]) -> Result<(Vec<Station>, Vec<Building>), ChunkError> {
    let (mut stations, mut buildings) = (Vec::new(), Vec::new());
    for chunk in chunks {
        let mut rows: StationRows = read(&chunk.area, &chunk.bytes)?;
        stations.append(&mut rows.stations);
        buildings.append(&mut rows.buildings);
    }
    Ok((stations, buildings))
}

/// An assessment: a head for the nation and one chunk per district, rows in the order of the station table.
pub fn write_assessment(
    head: &AssessmentHead,
    rows: Vec<(AreaId, StationAssessment)>,
) -> Vec<Chunk> {
    let mut chunks = vec![head_chunk(head)];
    let mut by_area: BTreeMap<AreaId, Vec<StationAssessment>> = BTreeMap::new();
    for (area, row) in rows {
        by_area.entry(area).or_default().push(row);
    }
    chunks.extend(by_area.into_iter().map(|(area, rows)| Chunk {
        area,
        rows: count(rows.len()),
        bytes: bytes_of(&Rows { schema: SCHEMA, rows }),
    }));
    chunks
}

/// # Errors
/// [`ChunkError`] when a chunk is broken, missing its head, or written by a newer version.
pub fn read_assessment(
    chunks: &[Chunk],
) -> Result<(Option<AssessmentHead>, Vec<StationAssessment>), ChunkError> {
    let (heads, districts) = split_head(chunks);
    let head = heads.map(|chunk| read(&chunk.area, &chunk.bytes)).transpose()?;
    Ok((head, read_rows(&districts)?))
}

/// A plan: a head for the nation with the certificate, and one chunk per district of what happens there.
pub fn write_plan(
    head: &PlanHead,
    plan: &Plan,
    district_of: impl Fn(&BuildingId) -> AreaId,
) -> Vec<Chunk> {
    let mut by_area: BTreeMap<AreaId, PlanRows> = BTreeMap::new();
    let empty = || PlanRows {
        schema: SCHEMA,
        postings: Vec::new(),
        shortfalls: Vec::new(),
        needs: Vec::new(),
    };
    for posting in &plan.postings {
        by_area
            .entry(district_of(&posting.building))
            .or_insert_with(empty)
            .postings
            .push(posting.clone());
    }
    for shortfall in &plan.shortfalls {
        let rows = by_area.entry(district_of(&shortfall.building)).or_insert_with(empty);
        rows.shortfalls.push(shortfall.clone());
    }
    for need in &plan.needs {
        by_area.entry(district_of(&need.building)).or_insert_with(empty).needs.push(need.clone());
    }
    let mut chunks = vec![head_chunk(head)];
    chunks.extend(by_area.into_iter().map(|(area, rows)| Chunk {
        area,
        rows: count(rows.needs.len()),
        bytes: bytes_of(&rows),
    }));
    chunks
}

/// # Errors
/// [`ChunkError`] when a chunk is broken or written by a newer version. A plan without its head is none.
pub fn read_plan(chunks: &[Chunk]) -> Result<Option<(PlanHead, Plan)>, ChunkError> {
    let (head, districts) = split_head(chunks);
    let Some(head) = head else { return Ok(None) };
    let head: PlanHead = read(&head.area, &head.bytes)?;
    let mut plan = Plan {
        certificate: head.certificate.clone(),
        postings: Vec::new(),
        shortfalls: Vec::new(),
        needs: Vec::new(),
    };
    for chunk in &districts {
        let mut rows: PlanRows = read(&chunk.area, &chunk.bytes)?;
        plan.postings.append(&mut rows.postings);
        plan.shortfalls.append(&mut rows.shortfalls);
        plan.needs.append(&mut rows.needs);
    }
    Ok(Some((head, plan)))
}

pub fn write_units(units: Vec<Unit>) -> Vec<Chunk> {
    write_rows(units, |unit| unit.district.clone())
}

/// Counts of homes, each with the district of its unit, which is the caller's to know.
pub fn write_homes(homes: Vec<HomeCount>, district_of: impl Fn(&UnitId) -> AreaId) -> Vec<Chunk> {
    write_rows(homes, |row| district_of(&row.unit))
}

pub fn write_places(places: Vec<Building>) -> Vec<Chunk> {
    write_rows(places, |place| place.district.clone())
}

/// Past violence, one chunk per district as the file names it.
pub fn write_incidents(incidents: Vec<IncidentRecord>) -> Vec<Chunk> {
    write_rows(incidents, |record| AreaId::nation().below(&record.province).below(&record.district))
}

pub fn write_figures(figures: Vec<Figure>) -> Vec<Chunk> {
    write_rows(figures, |_| AreaId::nation())
}

pub fn write_norms(profiles: Vec<NormProfile>) -> Vec<Chunk> {
    write_rows(profiles, |_| AreaId::nation())
}

pub fn write_outlines(outlines: Vec<Outline>) -> Vec<Chunk> {
    write_rows(outlines, |outline| outline.area.clone())
}

/// Answers, each with its district; the building's district is the caller's to know.
pub fn write_surveys(
    answers: Vec<SurveyAnswer>,
    district_of: impl Fn(&BuildingId) -> AreaId,
) -> Vec<Chunk> {
    write_rows(answers, |answer| match &answer.subject {
        SurveySubject::Building(building) => district_of(building),
        SurveySubject::District(area) => area.clone(),
    })
}

fn head_chunk<T: Encode<()>>(head: &T) -> Chunk {
    Chunk { area: AreaId::nation(), bytes: bytes_of(head), rows: 0 }
}

fn split_head(chunks: &[Chunk]) -> (Option<&Chunk>, Vec<Chunk>) {
    let nation = AreaId::nation();
    let head = chunks.iter().find(|chunk| chunk.area == nation);
    (head, chunks.iter().filter(|chunk| chunk.area != nation).cloned().collect())
}

fn count(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
