//! The shape of a figure: what was counted, of how many, how old, or why nothing can be said.

use super::Kpi;
use crate::{
    check_in::Rung,
    custody::{Rule, Step},
    incident::{Severity, Terrain},
};
use pehra_domain::{AreaId, UnixMs, risk::RiskClass};

/// What a row of a figure is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    All,
    Class(RiskClass),
    /// Nothing was said that would decide it.
    Unsaid,
    /// As the plan posted, not as they came.
    Planned,
    PlannedClass(RiskClass),
    Severity(Severity),
    /// So many of this severity had no answer at all.
    Unanswered(Severity),
    Terrain(Severity, Terrain),
    District(AreaId),
    /// Known to the ledger of material, and no step done yet.
    Registered,
    Step(Step),
    Open(Rule),
    Closed(Rule),
    /// By the two-person hand-overs.
    HandOver,
    /// By the receipts that returning officers reported (A17).
    Receipt,
    Rung(Rung),
    Minutes,
    LegalBasis,
    Countersigned,
    ToGrade,
    ToBrief,
    Hit,
    Miss,
    FalseAlarm,
    Verified,
    ToAnswer,
    Attacks,
    Killed,
    Injured,
    Views,
    WithoutReason,
    Capture,
    Lift,
    Forks,
    Withheld,
}

/// What was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Share {
        of: u64,
        all: u64,
    },
    Count(u64),
    Minutes(u64),
    /// Seconds: median and 90th percentile of so many.
    Spread {
        count: u64,
        p50_s: u64,
        p90_s: u64,
    },
    /// At least and at most.
    Range {
        low: u64,
        high: u64,
    },
    /// Thousandths: a value and the ends of its interval.
    Estimate([i64; 3]),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub part: Part,
    pub measure: Measure,
    /// Seconds that should not be exceeded.
    pub target_s: Option<u64>,
}

/// Why a figure cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    NoStations,
    NoCheckIns,
    /// Who stood at each post on the day is not recorded.
    NoPresence,
    NoIncidents,
    NoUnits,
    /// Cover within the target time is computed by the planner and is no entry.
    NoCover,
    NoMaterial,
    NoForms,
    NoCameras,
    NoSuspension,
    /// The exercise's hours pass at another pace than the clock of the entries.
    OtherClock,
    NobodySigned,
    NoIntelligence,
    NoWarnings,
    NoReports,
    NoComplaints,
    /// Certificates of training are not on this record.
    NoTraining,
    /// No assessment was made before the day.
    NoAssessment,
    /// No incident of severity 3 or more at a station.
    NoHits,
}

impl Reason {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoStations => "no-stations",
            Self::NoCheckIns => "no-check-ins",
            Self::NoPresence => "no-presence",
            Self::NoIncidents => "no-incidents",
            Self::NoUnits => "no-units",
            Self::NoCover => "no-cover",
            Self::NoMaterial => "no-material",
            Self::NoForms => "no-forms",
            Self::NoCameras => "no-cameras",
            Self::NoSuspension => "no-suspension",
            Self::OtherClock => "other-clock",
            Self::NobodySigned => "nobody-signed",
            Self::NoIntelligence => "no-intelligence",
            Self::NoWarnings => "no-warnings",
            Self::NoReports => "no-reports",
            Self::NoComplaints => "no-complaints",
            Self::NoTraining => "no-training",
            Self::NoAssessment => "no-assessment",
            Self::NoHits => "no-hits",
        }
    }
}

/// What a reader must know beside a figure that is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caveat {
    /// Only the late opening is counted: how long a poll stood still afterwards is not recorded.
    OpeningOnly,
    /// Whether staff, guards or voters were hit is not recorded.
    VictimsTogether,
    /// The kind of threat is not compared, only the time and the place.
    TimeAndPlaceOnly,
    /// Fewer than thirty stations were hit.
    TooFew,
    /// As things stood at the moment of this account.
    AtTheEnd,
    /// Entries of a bad signature are refused at the door and not counted.
    RefusedAtTheDoor,
    /// As the stations counted when they said that they were ready: who came or left later is not counted.
    SaidWhenReady,
    /// Whoever holds law and drill counts, whether or not they were posted: who stood where is not recorded.
    CertifiedAnywhere,
}

/// One of the thirty-two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indicator {
    pub kpi: Kpi,
    pub rows: Vec<Row>,
    /// Why it is not given, or not given whole.
    pub reason: Option<Reason>,
    pub caveats: Vec<Caveat>,
    /// The newest word that it rests on.
    pub newest: Option<UnixMs>,
    /// Whether its target was met; none where there is no target or nothing to hold against it.
    pub met: Option<bool>,
}

impl Indicator {
    pub(super) fn new(kpi: u8) -> Self {
        let (rows, caveats) = (Vec::new(), Vec::new());
        Self { kpi: Kpi(kpi), rows, reason: None, caveats, newest: None, met: None }
    }

    pub(super) fn not_recorded(kpi: u8, reason: Reason) -> Self {
        Self { reason: Some(reason), ..Self::new(kpi) }
    }

    pub(super) fn row(&mut self, part: Part, measure: Measure) {
        self.rows.push(Row { part, measure, target_s: None });
    }

    pub(super) fn share(&mut self, part: Part, of: u64, all: u64) {
        self.row(part, Measure::Share { of, all });
    }

    pub(super) fn seen(&mut self, at: Option<UnixMs>) {
        self.newest = self.newest.max(at);
    }

    /// Median and 90th percentile of seconds; nothing of none. Answers whether the target was kept.
    pub(super) fn spread(
        &mut self,
        part: Part,
        mut seconds: Vec<u64>,
        target_s: Option<u64>,
    ) -> Option<bool> {
        seconds.sort_unstable();
        let (p50_s, p90_s) = (percentile(&seconds, 50)?, percentile(&seconds, 90)?);
        let count = seconds.len() as u64;
        let measure = Measure::Spread { count, p50_s, p90_s };
        self.rows.push(Row { part, measure, target_s });
        target_s.map(|target| p90_s <= target)
    }

    #[must_use]
    pub fn find(&self, part: &Part) -> Option<&Measure> {
        self.rows.iter().find(|row| row.part == *part).map(|row| &row.measure)
    }
}

/// The value that so many of a hundred do not exceed, by the nearest rank; none of nothing. The values are in order.
#[must_use]
pub fn percentile(sorted: &[u64], of_100: usize) -> Option<u64> {
    let rank = (sorted.len() * of_100).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// Whole seconds from one moment to another, not below nought.
#[must_use]
pub fn seconds(from: UnixMs, until: UnixMs) -> u64 {
    u64::try_from(until.0.saturating_sub(from.0).max(0) / 1_000).unwrap_or(0)
}
