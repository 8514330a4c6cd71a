//! Something that happened or is said to have happened, from the report to the end: two addressees, timers, tolls as
//! intervals with their history, duplicates that only a person merges. The tool records; it stops no poll and orders
//! no repeat of one.
//!
//! An incident has a name. A person's report draws one; a derived alarm's is made from what it is about, so that two
//! nodes that raise it raise the same one.

pub mod call;
mod code;
mod decide;
pub mod methane;
mod record;
pub mod suggest;

pub use code::{Code, Kind, Matter, Severity, Targets, Taxonomy, TaxonomyError, Terrain};
pub(crate) use decide::{check, decide};
pub use methane::Methane;
pub use record::{COMPLAINT_PREFIX, Incidents, Phase, Progress, Record, Step};
pub(crate) use record::{Judgement, MergedInto};

use crate::{check_in::Subject, content::Piece};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, IncidentId, Point, UnitId, UnixMs};

/// Most units in one assignment.
pub const UNITS_MAX: usize = 16;

/// Where.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Place {
    #[n(0)]
    pub subject: Option<Subject>,
    #[n(1)]
    pub point: Option<Point>,
    #[n(2)]
    pub terrain: Terrain,
    /// As it was said: `behind the girls' school`.
    #[n(3)]
    pub words: String,
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Source {
    /// An official who is there.
    #[n(0)]
    OnScene,
    #[n(1)]
    Desk,
    /// A voter or a passer-by; never named.
    #[n(2)]
    Public,
    /// Computed by a node from what was not heard.
    #[n(3)]
    Derived,
}

impl Source {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OnScene => "on-scene",
            Self::Desk => "desk",
            Self::Public => "public",
            Self::Derived => "derived",
        }
    }
}

/// The first word of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    #[n(0)]
    pub incident: IncidentId,
    #[n(1)]
    pub code: Code,
    #[n(2)]
    pub severity: Severity,
    /// When it was reported; targets run from here.
    #[n(3)]
    pub at: UnixMs,
    #[n(4)]
    pub place: Place,
    #[n(5)]
    pub source: Source,
    #[n(6)]
    pub text: String,
}

/// What every later act says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct On {
    #[n(0)]
    pub incident: IncidentId,
    #[n(1)]
    pub matter: Matter,
    #[n(2)]
    pub at: UnixMs,
    #[n(3)]
    pub note: String,
}

/// Who is asked to answer. One side is the polling officers', the other the security chain's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Level {
    #[n(0)]
    PresidingOfficer,
    #[n(1)]
    ReturningOfficer,
    #[n(2)]
    DistrictReturning,
    /// The commission's monitor.
    #[n(3)]
    Monitor,
    /// Sector and police station.
    #[n(4)]
    Sector,
    #[n(5)]
    District,
    #[n(6)]
    Province,
    #[n(7)]
    Nation,
}

impl Level {
    pub const ALL: [Self; 8] = [
        Self::PresidingOfficer,
        Self::ReturningOfficer,
        Self::DistrictReturning,
        Self::Monitor,
        Self::Sector,
        Self::District,
        Self::Province,
        Self::Nation,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PresidingOfficer => "presiding-officer",
            Self::ReturningOfficer => "returning-officer",
            Self::DistrictReturning => "district-returning",
            Self::Monitor => "monitor",
            Self::Sector => "sector",
            Self::District => "district",
            Self::Province => "province",
            Self::Nation => "nation",
        }
    }

    /// The level for which a role answers.
    #[must_use]
    pub fn of_role(role: &str) -> Option<Self> {
        Some(match role {
            "PO" => Self::PresidingOfficer,
            "RO" | "ARO" => Self::ReturningOfficer,
            "DRO" => Self::DistrictReturning,
            "ECP-MON" => Self::Monitor,
            "SECTOR" | "SHO" => Self::Sector,
            "CTRL-D" | "POL-SP" => Self::District,
            "CTRL-P" => Self::Province,
            "CTRL-N" => Self::Nation,
            _ => return None,
        })
    }
}

/// What became of the report's truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Finding {
    #[n(0)]
    Unverified,
    #[n(1)]
    Verified,
    #[n(2)]
    False,
}

/// What a finding rests on. Verified needs one of the first two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Basis {
    #[n(0)]
    TwoSources,
    #[n(1)]
    OfficialOnScene,
    #[n(2)]
    Desk,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Outcome {
    #[n(0)]
    Contained,
    #[n(1)]
    NothingFound,
    #[n(2)]
    HandedOver,
    /// For the record only.
    #[n(3)]
    Noted,
}

impl Outcome {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Contained => "contained",
            Self::NothingFound => "nothing-found",
            Self::HandedOver => "handed-over",
            Self::Noted => "noted",
        }
    }
}

/// People killed and hurt, each from at least to at most.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Toll {
    #[n(0)]
    pub killed_min: u32,
    #[n(1)]
    pub killed_max: u32,
    #[n(2)]
    pub hurt_min: u32,
    #[n(3)]
    pub hurt_max: u32,
    /// Hospital, police, control room.
    #[n(4)]
    pub source: String,
}

impl Toll {
    /// Whether at least is not above at most.
    #[must_use]
    pub fn is_forward(&self) -> bool {
        self.killed_min <= self.killed_max && self.hurt_min <= self.hurt_max
    }
}

/// Names an incident: its area and matter are part of the name. What an office does under another area or matter is
/// about another incident, and reaches none of this name, whatever order things arrive in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Key {
    #[n(0)]
    pub area: AreaId,
    #[n(1)]
    pub matter: Matter,
    #[n(2)]
    pub incident: IncidentId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Report { area: AreaId, report: Report },
    Act { area: AreaId, on: On, deed: Deed },
}

/// What is done about an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Acknowledge {
        by: Level,
    },
    Judge {
        finding: Finding,
        basis: Basis,
    },
    Assign {
        units: Vec<UnitId>,
    },
    Depart,
    Arrive,
    Contain,
    Close {
        outcome: Outcome,
    },
    Reopen,
    Reclassify {
        code: Code,
        severity: Severity,
    },
    /// A revision stands beside what was said before.
    CountToll {
        toll: Toll,
    },
    Merge {
        into: IncidentId,
    },
    /// Undoes a merge: the originals were never gone.
    Part,
    /// Records that a level did not answer in time and the one above it is asked.
    Bypass {
        level: Level,
    },
    /// Tells everything in the fixed order; stands beside what was told before.
    Tell {
        methane: Box<Methane>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(1300)]
    Reported(#[n(0)] Report),
    #[n(1301)]
    Acknowledged {
        #[n(0)]
        on: On,
        #[n(1)]
        by: Level,
        /// The first to answer: the incident's state moves.
        #[n(2)]
        moves: bool,
    },
    #[n(1302)]
    Judged {
        #[n(0)]
        on: On,
        #[n(1)]
        finding: Finding,
        #[n(2)]
        basis: Basis,
    },
    #[n(1303)]
    Assigned {
        #[n(0)]
        on: On,
        #[n(1)]
        units: Vec<UnitId>,
    },
    #[n(1304)]
    Departed {
        #[n(0)]
        on: On,
    },
    #[n(1305)]
    Arrived {
        #[n(0)]
        on: On,
    },
    #[n(1306)]
    Contained {
        #[n(0)]
        on: On,
    },
    #[n(1307)]
    Closed {
        #[n(0)]
        on: On,
        #[n(1)]
        outcome: Outcome,
    },
    #[n(1308)]
    Reopened {
        #[n(0)]
        on: On,
    },
    #[n(1309)]
    Reclassified {
        #[n(0)]
        on: On,
        #[n(1)]
        code: Code,
        #[n(2)]
        severity: Severity,
    },
    #[n(1310)]
    TollCounted {
        #[n(0)]
        on: On,
        #[n(1)]
        toll: Toll,
    },
    #[n(1311)]
    Merged {
        #[n(0)]
        on: On,
        #[n(1)]
        into: IncidentId,
    },
    #[n(1312)]
    Parted {
        #[n(0)]
        on: On,
    },
    #[n(1313)]
    Bypassed {
        #[n(0)]
        on: On,
        #[n(1)]
        level: Level,
    },
    #[n(1314)]
    MethaneReported {
        #[n(0)]
        on: On,
        #[n(1)]
        methane: Box<Methane>,
    },
}

impl Command {
    /// The incident that it reports or acts on.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Report { area, report } => Key::of_report(area, report),
            Self::Act { area, on, .. } => Key::of_act(area, on),
        }
    }
}

impl Key {
    #[must_use]
    pub fn of_report(area: &AreaId, report: &Report) -> Self {
        let (matter, incident) = (report.code.matter(), report.incident.clone());
        Self { area: area.clone(), matter, incident }
    }

    #[must_use]
    pub fn of_act(area: &AreaId, on: &On) -> Self {
        Self { area: area.clone(), matter: on.matter, incident: on.incident.clone() }
    }

    /// Another incident of the same area and matter.
    #[must_use]
    pub fn beside(&self, incident: &IncidentId) -> Self {
        Self { incident: incident.clone(), ..self.clone() }
    }
}

impl Event {
    /// What a later act is about; none for a report.
    #[must_use]
    pub fn on(&self) -> Option<&On> {
        match self {
            Self::Reported(_) => None,
            Self::Acknowledged { on, .. }
            | Self::Judged { on, .. }
            | Self::Assigned { on, .. }
            | Self::Departed { on }
            | Self::Arrived { on }
            | Self::Contained { on }
            | Self::Closed { on, .. }
            | Self::Reopened { on }
            | Self::Reclassified { on, .. }
            | Self::TollCounted { on, .. }
            | Self::Merged { on, .. }
            | Self::Parted { on }
            | Self::Bypassed { on, .. }
            | Self::MethaneReported { on, .. } => Some(on),
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        if let Some(on) = self.on() {
            see(Piece::incident(&on.incident));
            see(Piece::Optional(&on.note));
        }
        match self {
            Self::Reported(report) => {
                see(Piece::incident(&report.incident));
                match &report.place.subject {
                    Some(Subject::Station(id)) => see(Piece::station(id)),
                    Some(Subject::Sector(name) | Subject::Convoy(name)) => see(Piece::Name(name)),
                    None => {}
                }
                see(Piece::Optional(&report.place.words));
                see(Piece::Required(&report.text));
            }
            Self::Assigned { units, .. } => {
                for unit in units {
                    see(Piece::unit(unit));
                }
            }
            Self::TollCounted { toll, .. } => see(Piece::Name(&toll.source)),
            Self::Merged { into, .. } => see(Piece::incident(into)),
            Self::MethaneReported { methane, .. } => methane.pieces(see),
            Self::Acknowledged { .. }
            | Self::Judged { .. }
            | Self::Departed { .. }
            | Self::Arrived { .. }
            | Self::Contained { .. }
            | Self::Closed { .. }
            | Self::Reopened { .. }
            | Self::Reclassified { .. }
            | Self::Parted { .. }
            | Self::Bypassed { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests;
