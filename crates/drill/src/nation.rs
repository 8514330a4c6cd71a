//! A nation of true size from published figures and a seed.
//!
//! What is published is kept to the last unit (see [`marginal`]); what is not is drawn. Every share is apportioned by
//! largest remainder, first over districts by adult population, then over stations, so that the parts always sum.

mod assemble;
mod class;
pub mod csv;
mod force;
mod history;
mod kind;
pub mod marginal;
pub mod member;
mod people;
mod place;
mod seat;
mod size;
mod survey;
#[cfg(test)]
mod tests;
pub mod training;

use crate::facts::{Facts, Measure};
use minicbor::{Decode, Encode};
use pehra_domain::{
    AreaId, ConstituencyId, Point,
    booth::BySex,
    building::Building,
    contest::Assembly,
    date::Date,
    force::Unit,
    gazetteer::Gazetteer,
    id::IdError,
    incident_record::IncidentRecord,
    poll::{PollKey, PollState},
    progress::{Cancelled, Watch, tell},
    risk::RiskClass,
    station::{Station, StationKind},
    survey::SurveyAnswer,
};

/// What every synthetic id begins with.
pub const MARK: &str = "SYN-";

/// The day of the poll that the figures are about: 8 February 2024.
pub const POLL_DAY: Date = Date(19_761);

/// An imagined nation on the eve of its poll. Stations come in the order of their National Assembly seat and number,
/// buildings in the order of their first station.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Nation {
    #[n(0)]
    pub seed: u64,
    #[n(1)]
    pub stations: Vec<Station>,
    /// Buildings with polling stations, one to six each.
    #[n(2)]
    pub buildings: Vec<Building>,
    /// Other protected places: returning officers' offices and the districts' stores. They hold no station.
    #[n(3)]
    pub places: Vec<Building>,
    #[n(4)]
    pub units: Vec<Unit>,
    /// Invented past violence at published base rates; every source text says that it is invented.
    #[n(5)]
    pub incidents: Vec<IncidentRecord>,
    /// Invented survey answers; many buildings have none, so that completeness varies.
    #[n(6)]
    pub surveys: Vec<SurveyAnswer>,
    #[n(7)]
    pub constituencies: Vec<Constituency>,
    /// Polls put off before the day.
    #[n(8)]
    pub polls: Vec<NamedPoll>,
}

/// A seat with what was drawn into it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Constituency {
    #[n(0)]
    pub id: ConstituencyId,
    #[n(1)]
    pub assembly: Assembly,
    #[n(2)]
    pub districts: Vec<AreaId>,
    #[n(3)]
    pub stations: u32,
    #[n(4)]
    pub voters: BySex,
    #[n(5)]
    pub postponed: bool,
}

/// A poll that is not simply held on the day.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct NamedPoll {
    #[n(0)]
    pub key: PollKey,
    #[n(1)]
    pub state: PollState,
}

/// Why no nation can be made of these facts.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NationError {
    #[error("ge2024.csv has no row for {area:?} with measure {}", measure.code())]
    Missing { area: String, measure: Measure },
    #[error("{table} names the district {name:?}, which districts.csv does not know")]
    UnknownDistrict { table: &'static str, name: String },
    #[error(
        "rooms.csv has no circle for the district {name:?}: an imagined place needs one to stand in"
    )]
    NoRoom { name: String },
    #[error(
        "seats.csv gives the district {name:?} {found} National Assembly ranges, one is needed"
    )]
    NoSeat { name: String, found: usize },
    #[error("no area with a police figure in ge2024.csv holds the province {name:?}")]
    NoBlock { name: String },
    #[error("the figures of {area:?} contradict each other: {what}")]
    Contradiction { area: String, what: &'static str },
    #[error("an id could not be formed")]
    Id(#[from] IdError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A building while the nation is being drawn.
struct DraftBuilding {
    district: usize,
    point: Point,
    /// Index of the town it is near, in the gazetteer; the district's name serves when there is none.
    near: Option<usize>,
    /// Its stations, as positions in the draft's station list.
    first: usize,
    count: usize,
}

/// A station while the nation is being drawn.
struct DraftStation {
    district: usize,
    kind: StationKind,
    voters: BySex,
    booths: BySex,
    class: RiskClass,
}

/// The parts that grow stage by stage. Stations stand in the order of their buildings, buildings of their districts.
struct Draft {
    buildings: Vec<DraftBuilding>,
    stations: Vec<DraftStation>,
}

/// Streams of chance, one per part, so that a change in one part does not stir the others.
#[derive(Clone, Copy)]
enum Part {
    Size = 1,
    Place = 2,
    Kind = 3,
    People = 4,
    Class = 5,
    Force = 6,
    History = 7,
    Survey = 8,
    Member = 9,
    Training = 10,
}

fn stream(seed: u64, part: Part, index: usize) -> pehra_domain::seed::Seed {
    pehra_domain::seed::Seed::fork(seed, ((part as u64) << 32) | wide(index))
}

/// Draws the nation: the same facts and seed give the same bytes on every machine. About 0.5 s for Pakistan in a
/// release build on one core.
///
/// # Errors
/// [`NationError`] when a figure is missing, when figures contradict each other, or when the watcher stops the work.
pub fn generate(
    facts: &Facts,
    gazetteer: &Gazetteer,
    seed: u64,
    watch: &mut Watch<'_>,
) -> Result<Nation, NationError> {
    const STAGES: u64 = 8;
    tell(watch, "sizes", 0, STAGES)?;
    let sizes = size::sizes(facts, gazetteer, seed)?;
    tell(watch, "places", 1, STAGES)?;
    let mut draft = place::places(facts, gazetteer, &sizes, seed)?;
    tell(watch, "voters and booths", 2, STAGES)?;
    kind::assign(&mut draft, &sizes, seed)?;
    people::voters(&mut draft, &sizes, seed)?;
    people::booths(&mut draft, facts, &sizes)?;
    tell(watch, "classes", 3, STAGES)?;
    class::classes(&mut draft, facts, gazetteer, &sizes, seed)?;
    tell(watch, "seats", 4, STAGES)?;
    let seats = seat::cut(&draft, facts, gazetteer)?;
    tell(watch, "forces", 5, STAGES)?;
    let units = force::units(&draft, facts, gazetteer, &sizes, seed)?;
    tell(watch, "history", 6, STAGES)?;
    let incidents = history::incidents(&draft, facts, gazetteer, seed)?;
    tell(watch, "records", 7, STAGES)?;
    let record = assemble::records(&draft, gazetteer, facts, &seats)?;
    let surveys = survey::answers(&record, gazetteer, seed);
    tell(watch, "records", STAGES, STAGES)?;
    Ok(Nation {
        seed,
        stations: record.stations,
        buildings: record.buildings,
        places: record.places,
        units,
        incidents,
        surveys,
        constituencies: record.constituencies,
        polls: record.polls,
    })
}

/// A count as 64 bits.
fn wide(count: usize) -> u64 {
    count as u64
}

/// A share back to the domain's 32 bits; the figures of no election come near the limit.
fn narrow(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A position drawn in 64 bits; never above the list it was drawn from.
fn place_in(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn need(facts: &Facts, area: &str, measure: Measure) -> Result<u64, NationError> {
    facts
        .figure(area, measure)
        .ok_or_else(|| NationError::Missing { area: area.to_owned(), measure })
}
