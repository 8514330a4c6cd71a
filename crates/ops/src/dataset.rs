//! Large inputs and results: chunks under one manifest, known here by the manifest's hash alone.

use crate::{
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    election::Nature,
    event,
    refusal::{Refusal, RefusalCode},
    register::{Head, Reading, Register},
    stamp::{Context, Decided, Hash32, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::AreaId;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum DatasetKind {
    #[n(0)]
    Stations,
    #[n(1)]
    Buildings,
    #[n(2)]
    Forces,
    #[n(3)]
    Events,
    #[n(4)]
    Norms,
    #[n(5)]
    Figures,
    #[n(6)]
    Boundaries,
    #[n(7)]
    Surveys,
    #[n(8)]
    Assessment,
    #[n(9)]
    Plan,
    #[n(10)]
    Parameters,
    #[n(11)]
    Roads,
    /// What is closed, mined or slow on the roads today.
    #[n(12)]
    RoadMarks,
    /// How many of each unit are at home where: counts, nobody's name.
    #[n(13)]
    Homes,
}

impl DatasetKind {
    pub const ALL: [Self; 14] = [
        Self::Stations,
        Self::Buildings,
        Self::Forces,
        Self::Events,
        Self::Norms,
        Self::Figures,
        Self::Boundaries,
        Self::Surveys,
        Self::Assessment,
        Self::Plan,
        Self::Parameters,
        Self::Roads,
        Self::RoadMarks,
        Self::Homes,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stations => "stations",
            Self::Buildings => "buildings",
            Self::Forces => "forces",
            Self::Events => "events",
            Self::Norms => "norms",
            Self::Figures => "figures",
            Self::Boundaries => "boundaries",
            Self::Surveys => "surveys",
            Self::Assessment => "assessment",
            Self::Plan => "plan",
            Self::Parameters => "parameters",
            Self::Roads => "roads",
            Self::RoadMarks => "road-marks",
            Self::Homes => "homes",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One line of versions: of a kind, under a name, for an area.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct DatasetKey {
    #[n(0)]
    pub kind: DatasetKind,
    #[n(1)]
    pub area: AreaId,
    #[n(2)]
    pub name: String,
}

impl std::fmt::Display for DatasetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.kind.name(), self.area, self.name)
    }
}

/// One version.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Dataset {
    /// Version of the rows' schema.
    #[n(0)]
    pub schema: u32,
    /// SHA-256 of the manifest that names all chunks.
    #[n(1)]
    pub manifest: Hash32,
    /// Name of the file it was read from, without its folders.
    #[n(2)]
    pub source_name: String,
    #[n(3)]
    pub source_sha256: Hash32,
    /// Counts by name: `rows`, `accepted`, `stations`, `voters`.
    #[n(4)]
    pub counts: BTreeMap<String, u64>,
    #[n(5)]
    pub nature: Nature,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Makes a version current. `based_on` is the manifest that the person compared with, none if there was none
    /// to compare with or they did not look.
    Commit { key: DatasetKey, dataset: Dataset, based_on: Option<Hash32> },
    /// Takes the current version out of use, without a new one.
    Withdraw { key: DatasetKey, reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(300)]
    Committed {
        #[n(0)]
        key: DatasetKey,
        #[n(1)]
        dataset: Dataset,
    },
    #[n(301)]
    Withdrawn {
        #[n(0)]
        key: DatasetKey,
        #[n(1)]
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Current,
    Withdrawn,
    Disputed,
}

impl Event {
    pub(crate) fn key(&self) -> &DatasetKey {
        match self {
            Self::Committed { key, .. } | Self::Withdrawn { key, .. } => key,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::Area(&self.key().area));
        see(Piece::Name(&self.key().name));
        match self {
            Self::Committed { dataset, .. } => {
                see(Piece::Name(&dataset.source_name));
                for name in dataset.counts.keys() {
                    see(Piece::Name(name));
                }
            }
            Self::Withdrawn { reason, .. } => see(Piece::Required(reason)),
        }
    }
}

/// What a line of versions says now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Standing {
    #[n(0)]
    Current(#[n(0)] Dataset),
    #[n(1)]
    Withdrawn,
}

impl Describe for Standing {
    fn word(&self) -> &'static str {
        match self {
            Self::Current(_) => "committed",
            Self::Withdrawn => "withdrawn",
        }
    }
    fn detail(&self) -> String {
        match self {
            Self::Current(dataset) => format!("{} · {}", dataset.manifest, dataset.source_name),
            Self::Withdrawn => String::new(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Datasets {
    #[n(0)]
    lines: BTreeMap<DatasetKey, Register<Standing>>,
}

impl Datasets {
    #[must_use]
    pub fn phase(&self, key: &DatasetKey) -> Phase {
        match self.lines.get(key).map(Register::reading) {
            None | Some(Reading::Empty) => Phase::Unknown,
            Some(Reading::Agreed(Standing::Current(_))) => Phase::Current,
            Some(Reading::Agreed(Standing::Withdrawn)) => Phase::Withdrawn,
            Some(Reading::Disputed) => Phase::Disputed,
        }
    }

    /// The version in use; none while unknown, withdrawn or disputed.
    #[must_use]
    pub fn current(&self, key: &DatasetKey) -> Option<&Dataset> {
        match self.lines.get(key)?.agreed()? {
            Standing::Current(dataset) => Some(dataset),
            Standing::Withdrawn => None,
        }
    }

    /// The version in use, and who committed it when: the age and source of every figure drawn from it.
    #[must_use]
    pub fn current_with_mark(&self, key: &DatasetKey) -> Option<(&Dataset, &Mark)> {
        let dataset = self.current(key)?;
        let mark = self.lines.get(key)?.heads().map(|(_, head)| &head.mark).next()?;
        Some((dataset, mark))
    }

    /// All versions in use of one kind, in the order of their keys.
    pub fn of_kind(&self, kind: DatasetKind) -> impl Iterator<Item = (&DatasetKey, &Dataset)> {
        self.lines
            .keys()
            .filter(move |key| key.kind == kind)
            .filter_map(|key| Some((key, self.current(key)?)))
    }

    /// Every line of versions, whatever its standing.
    pub fn lines(&self) -> impl Iterator<Item = (&DatasetKey, &Register<Standing>)> {
        self.lines.iter()
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let (value, note) = match event {
            Event::Committed { dataset, .. } => (Standing::Current(dataset.clone()), String::new()),
            Event::Withdrawn { reason, .. } => (Standing::Withdrawn, reason.clone()),
        };
        let head = Head { mark: stamped.mark(), value, note };
        let register = self.lines.entry(event.key().clone()).or_default();
        register.write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        self.lines
            .iter()
            .filter_map(|(key, register)| conflict::of_register(Noun::Dataset, key, register))
            .collect()
    }
}

pub(crate) fn decide(
    state: &State,
    _context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Commit { key, dataset, based_on } => commit(state, key, dataset, *based_on),
        Command::Withdraw { key, reason } => {
            let register = state.datasets.lines.get(key);
            let refs = register.map(Register::refs).unwrap_or_default();
            match state.datasets.phase(key) {
                Phase::Unknown => Err(Refusal::of(RefusalCode::DatasetUnknown, key)),
                Phase::Withdrawn => Ok(Vec::new()),
                Phase::Current | Phase::Disputed => {
                    let event = Event::Withdrawn { key: key.clone(), reason: reason.clone() };
                    Ok(Decided::over(&event::Event::Dataset(event), &key.area, &refs))
                }
            }
        }
    }
}

fn commit(
    state: &State,
    key: &DatasetKey,
    dataset: &Dataset,
    based_on: Option<Hash32>,
) -> Result<Vec<Decided>, Refusal> {
    if state.elections.nature()? != dataset.nature {
        return Err(Refusal::of(RefusalCode::NatureMixed, dataset.nature.name()));
    }
    let current = state.datasets.current(key).map(|current| current.manifest);
    if current == Some(dataset.manifest) {
        return Ok(Vec::new());
    }
    if based_on.is_some() && current.is_some() && based_on != current {
        return Err(Refusal::of(RefusalCode::BasedOnOlder, key));
    }
    let refs = state.datasets.lines.get(key).map(Register::refs).unwrap_or_default();
    let event = Event::Committed { key: key.clone(), dataset: dataset.clone() };
    Ok(Decided::over(&event::Event::Dataset(event), &key.area, &refs))
}

#[cfg(test)]
mod tests;
