//! What an assessment is made from, and what it says about where each value came from.

use pehra_domain::{
    AreaId, BuildingId, Date, StationId, UnixMs, building::Building, force::Unit,
    gazetteer::Gazetteer, incident_record::IncidentRecord, override_record::OverrideRecord,
    plan::BuildingNeed, station::Station, survey::SurveyAnswer,
};

/// What a fused piece of intelligence is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThreatSubject {
    Station(StationId),
    Building(BuildingId),
    Area(AreaId),
}

/// The posterior probability of an attack, from graded intelligence (DOMAIN §3(e)), in thousandths. A station takes the
/// highest that covers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreatPosterior {
    pub subject: ThreatSubject,
    pub permille: u16,
}

/// Everything that an assessment reads. Records dated after `as_of` are not looked at.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    pub stations: &'a [Station],
    pub buildings: &'a [Building],
    /// Past acts, duplicates included: they are dropped here.
    pub incidents: &'a [IncidentRecord],
    /// Units with a reserve are quick-reaction teams (V2).
    pub units: &'a [Unit],
    pub surveys: &'a [SurveyAnswer],
    pub overrides: &'a [OverrideRecord],
    /// Empty: there is no intelligence yet, and T3 is missing everywhere.
    pub posteriors: &'a [ThreatPosterior],
    /// What the adopted plan posts; none: there is no plan, and no residual score.
    pub coverage: Option<&'a [BuildingNeed]>,
    pub gazetteer: &'a Gazetteer,
    pub poll: Date,
    /// Day on which the schedule was announced (T4 counts from here).
    pub schedule: Date,
    /// General and later polls before this one (T1).
    pub earlier_polls: &'a [Date],
    pub as_of: UnixMs,
}

/// Where the value of a factor comes from, in numbers; `explain` turns it into a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    /// Nothing known; the value is drawn from an area's distribution or the prior.
    Missing,
    EarlierPolls {
        incidents: u32,
        fatal: u32,
        nearest_m: Option<f64>,
        polls: u32,
    },
    Attacks {
        within: u32,
        nearest_m: Option<f64>,
        newest_days: Option<i32>,
        spread: bool,
    },
    Intelligence {
        permille: u16,
    },
    ElectionTargets {
        attacks: u32,
    },
    Survey {
        answers: u32,
        on: Date,
    },
    /// Asked for the district, not for the building.
    DistrictSurvey {
        answers: u32,
        on: Date,
    },
    QuickReaction {
        minutes: u32,
        distance_m: f64,
    },
    NoQuickReaction,
    ForceGap {
        need: u32,
        posted: u32,
    },
    NoPlan,
    NoWomen,
    Route {
        km: f64,
        intensity: f64,
        from: RouteStart,
    },
    Voters {
        registered: u32,
    },
    Load {
        booths: u32,
        stations: u32,
    },
    Women {
        registered: u32,
    },
    Material {
        office: bool,
    },
    NoMaterial,
    Alternative {
        km: f64,
    },
    NoAlternative,
}

/// Where material is taken to set out from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteStart {
    ReturningOffice,
    Town,
    DistrictCentre,
}

/// A factor's value from data, with the confidence in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Derived {
    /// Points 0.0 to 4.0 and confidence 0 to 100 %; none when the data do not allow a value.
    pub value: Option<(f64, u8)>,
    pub evidence: Evidence,
}

impl Derived {
    pub(crate) const MISSING: Self = Self { value: None, evidence: Evidence::Missing };

    pub(crate) fn known(points: f64, confidence_pct: u8, evidence: Evidence) -> Self {
        Self { value: Some((points.clamp(0.0, 4.0), confidence_pct.min(100))), evidence }
    }
}
