//! The account of a day, made from this node's own record: one value, written as JSON for machines and as a page for
//! people. The same record and the same moment give the same bytes: no clock is asked.

mod figures;
mod gather;
mod page;
mod words;

pub use gather::account;
pub use page::{Fonts, Language, html};

use pehra_domain::{AreaId, UnixMs};
use serde::Serialize;

/// The form of the JSON twin.
pub const FORMAT: &str = "pehra-after-action/1";

/// For whom it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    /// Nothing that names a person or a unit, no free text of incidents, no intelligence, no complaint about those who
    /// guard, and no force by district.
    Public,
    Internal,
}

impl Edition {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Options {
    pub area: AreaId,
    pub edition: Edition,
    /// The moment of which it speaks; none: the newest that the record speaks of.
    pub as_of: Option<UnixMs>,
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    pub en: String,
    pub ur: String,
}

/// One value of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Value {
    pub part: String,
    pub label: Words,
    /// What sort of number: `share`, `count`, `minutes`, `seconds`, `range` or `estimate`.
    pub sort: &'static str,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    pub count: Option<u64>,
    pub low: Option<i64>,
    pub high: Option<i64>,
    pub p50_s: Option<u64>,
    pub p90_s: Option<u64>,
    pub per_mille: Option<i64>,
    pub target_s: Option<u64>,
}

/// One of the thirty-two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    pub id: String,
    pub name: Words,
    pub formula: Words,
    pub target: Words,
    /// Left out of this edition.
    pub withheld: bool,
    pub values: Vec<Value>,
    pub met: Option<bool>,
    /// Why it is not recorded, or not whole.
    pub reason_code: Option<&'static str>,
    pub reason: Option<Words>,
    pub caveats: Vec<Words>,
    pub newest_ms: Option<i64>,
    /// How old the newest word behind it was at the moment of the account.
    pub age_s: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hour {
    pub from_ms: i64,
    pub check_ins: u64,
    pub opened: u64,
    pub closed: u64,
    pub received: u64,
    /// Reported in this hour, by severity 1 to 5.
    pub incidents: [u64; 5],
    pub toll_revisions: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Toll {
    pub at_ms: i64,
    pub killed: [u32; 2],
    pub hurt: [u32; 2],
    /// Who said it; internal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentStep {
    pub at_ms: i64,
    pub what: String,
    pub detail: String,
    pub note: String,
    pub person: String,
    pub role: String,
    pub entry: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentLine {
    pub at_ms: i64,
    pub code: &'static str,
    pub title: Words,
    pub severity: u8,
    pub attack: bool,
    pub area: String,
    pub area_name: Words,
    pub station: Option<String>,
    pub phase: &'static str,
    pub finding: &'static str,
    pub acknowledged_after_s: Option<u64>,
    pub arrived_after_s: Option<u64>,
    /// As they were told, the earliest first; nothing is overwritten.
    pub tolls: Vec<Toll>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<IncidentInside>,
}

/// What only the internal edition has of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IncidentInside {
    pub incident: String,
    pub words: String,
    pub text: String,
    pub units: Vec<String>,
    pub steps: Vec<IncidentStep>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExceptionLine {
    pub rule: &'static str,
    pub name: &'static str,
    pub severity: u8,
    pub area: String,
    pub station: Option<String>,
    pub contest: Option<String>,
    pub since_ms: i64,
    pub open: bool,
    pub outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<ExceptionInside>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExceptionInside {
    pub id: String,
    pub item: Option<String>,
    pub detail: String,
    pub evidence: Vec<String>,
    pub resolved_by: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Posted {
    pub plan: String,
    pub label: String,
    pub signed_ms: i64,
    pub need: u64,
    pub posted: u64,
    /// Normal, sensitive, most sensitive: needed and posted.
    pub by_class: [[u64; 2]; 3],
    /// Posts that stayed empty, by the reason that the plan gives.
    pub missing: Vec<(String, u64)>,
    /// Internal: by district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub districts: Option<Vec<PostedDistrict>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostedDistrict {
    pub area: String,
    pub name: Words,
    pub need: u64,
    pub posted: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuspensionLine {
    pub id: String,
    pub area: String,
    pub area_name: Words,
    pub services: Vec<&'static str>,
    pub phase: &'static str,
    pub ordered_ms: Option<i64>,
    pub effective_ms: Option<i64>,
    pub restored_ms: Option<i64>,
    pub minutes: Option<u64>,
    pub countersigned: bool,
    pub statements: Vec<SaidLine>,
    /// What this record shows that it cost.
    pub cost: SuspensionCost,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SaidLine {
    pub what: &'static str,
    pub at_ms: Option<i64>,
    pub detail: String,
    pub source: String,
}

/// Counted from the record between the observed effect and the observed restoration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SuspensionCost {
    /// Stations of the area that went dark in that time.
    pub stations_dark: u64,
    /// Check-ins due in that time, and those not heard in time.
    pub check_ins_due: u64,
    pub check_ins_missed: u64,
    /// Those that came by mobile telephone.
    pub cellular: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepollLine {
    pub constituency: String,
    pub station: Option<String>,
    pub held: String,
    pub again: Option<String>,
    pub authority: String,
    pub instrument: String,
    pub dated: String,
    /// Kinds of incident of severity 4 and 5 that the record has for the station or its constituency.
    pub causes: Vec<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReadyLine {
    pub area: String,
    pub area_name: Words,
    pub phase: &'static str,
    pub drill: Option<String>,
    pub paths: Vec<(String, u32, u32)>,
    pub failures: usize,
    pub open: usize,
    pub stops: usize,
    pub stops_lifted: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<Vec<StopLine>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StopLine {
    pub reason: String,
    pub by: String,
    pub role: String,
    pub lifted: Option<String>,
}

/// What follows from a figure that missed its target, or from what else was found wanting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FindingLine {
    pub figure: Option<String>,
    /// The figure's name, or what was found.
    pub name: Words,
    /// In the internal edition alone.
    pub action: Option<String>,
    /// The code of a role.
    pub owner: Option<String>,
    pub due: Option<String>,
    /// `found`, `charged`, `overdue`, `finished`, `closed` or `disputed`; none while nobody has taken it up.
    pub phase: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    pub format: &'static str,
    pub edition: Edition,
    pub election: String,
    pub election_name: String,
    pub poll: String,
    /// What stands on every page of an exercise.
    pub mark: Option<String>,
    pub area: String,
    pub area_name: Words,
    pub as_of_ms: i64,
    pub stations: u64,
    pub entries: u64,
    /// SHA-256 of the station list's manifest.
    pub station_list: Option<String>,
    pub figures: Vec<Figure>,
    pub hours: Vec<Hour>,
    pub incidents: Vec<IncidentLine>,
    pub exceptions: Vec<ExceptionLine>,
    pub posted: Option<Posted>,
    pub suspensions: Vec<SuspensionLine>,
    pub repolls: Vec<RepollLine>,
    pub readiness: Vec<ReadyLine>,
    pub findings: Vec<FindingLine>,
}

impl Account {
    /// The JSON twin, with a line break at its end.
    ///
    /// # Errors
    /// [`serde_json::Error`] never in practice: every field is a plain value.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }
}
