//! The account afterwards: what the record says of the day, figure by figure. Everything is computed from the state and
//! a moment; a figure that the record has no source for says so with its reason, and is never nought.
//!
//! Each figure keeps its numerator, its denominator and the moment of the newest word that it rests on.

mod figure;
mod material;
mod network;
mod record;
mod report;
mod response;
mod station;
mod table;

pub use figure::{Caveat, Indicator, Measure, Part, Reason, Row, percentile, seconds};
pub use material::{Material, Rest};
pub use network::in_effect;
pub use record::concerned;
pub use response::{ACKNOWLEDGED, ARRIVED, counted_incidents, is_attack};
pub use station::{dark_at, opened_at};
pub use table::{Both, COUNT, Kpi, Line, Table, TableError};

use crate::{
    State,
    check_in::{AreaDay, Day, Subject, schedule::Schedule},
    custody::Area,
    incident::Taxonomy,
};
use pehra_domain::{AreaId, Date, UnixMs, risk::RiskClass, station::Station};

/// A station that votes on the day, with the class by which its guards were posted.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    pub station: &'a Station,
    pub class: RiskClass,
}

/// What the adopted plan posted, beside what the norm asks for. What was planned is not who came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Required and posted, by class: normal, sensitive, most sensitive.
    pub by_class: [(u64, u64); 3],
    /// Stations with a women's booth, and those of them in whose building the plan posts a policewoman for each such
    /// station.
    pub women: (u64, u64),
    pub at: UnixMs,
}

/// What the ledger itself says; the state does not know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    pub entries: u64,
    pub forks: u64,
    /// Entries that their signer had no right to make: kept, shown, without effect.
    pub withheld: u64,
    /// Of every device that signed at the poll, how long ago it did so last, seen from the end of polling.
    pub lags_ms: Vec<i64>,
}

/// Where the incidents of the day fell, seen from the assessment that stood before it. In thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture {
    pub stations: u64,
    pub top: u64,
    pub hit: u64,
    pub captured: u64,
    /// Value, low and high end of the middle 95 %.
    pub capture: [i64; 3],
    pub lift: [i64; 3],
    pub too_small: bool,
}

/// All that the figures are computed from.
#[derive(Clone, Debug)]
pub struct Grounds<'a> {
    pub state: &'a State,
    /// The account is about this area and what lies in it.
    pub area: &'a AreaId,
    pub poll: Date,
    /// The moment for which it is made: nothing later counts.
    pub as_of: UnixMs,
    /// The day has a clock of its own, and the entries have the machine's: they must not be subtracted.
    pub exercise: bool,
    pub sites: Vec<Site<'a>>,
    pub schedule: &'a Schedule,
    pub taxonomy: &'a Taxonomy,
    pub planned: Option<Planned>,
    pub ledger: Ledger,
    pub capture: Option<Capture>,
}

impl<'a> Grounds<'a> {
    /// What a station said; none when nothing.
    #[must_use]
    pub fn day(&self, site: &Site<'_>) -> Option<&'a Day> {
        let area = self.state.check_ins.area(&site.station.district)?;
        area.day(&Subject::Station(site.station.id.clone()))
    }

    /// Every station with what it said.
    fn days(&self) -> Vec<(Site<'a>, Option<&'a Day>)> {
        self.sites.iter().map(|site| (*site, self.day(site))).collect()
    }

    fn area_days(&self) -> impl Iterator<Item = &'a AreaDay> {
        let within = self.state.check_ins.areas().filter(|(area, _)| self.area.contains(area));
        within.map(|(_, day)| day)
    }

    fn custody(&self) -> impl Iterator<Item = (&'a AreaId, &'a Area)> {
        self.state.custody.areas().filter(|(at, _)| self.area.contains(at))
    }

    /// Whether what holds for an area holds for the account's, in part or whole.
    #[must_use]
    pub fn touches(&self, area: &AreaId) -> bool {
        area.meets(self.area)
    }

    fn minute(&self, of_day: i64) -> UnixMs {
        UnixMs(self.poll.midnight_pkt().0 + of_day * 60_000)
    }
}

/// The thirty-two figures in their order.
#[must_use]
pub fn indicators(grounds: &Grounds<'_>, material: &Material<'_>) -> Vec<Indicator> {
    let mut all = Vec::with_capacity(COUNT);
    station::tell(grounds, &mut all);
    response::tell(grounds, &mut all);
    material::tell(grounds, material, &mut all);
    network::tell(grounds, &mut all);
    report::tell(grounds, &mut all);
    record::tell(grounds, &mut all);
    all.sort_by_key(|one| one.kpi);
    all
}

/// The newest moment of the day that anything on record speaks of, in an area: the natural moment of an account.
#[must_use]
pub fn newest(state: &State, area: &AreaId) -> Option<UnixMs> {
    let check_ins = state
        .check_ins
        .areas()
        .filter(|(at, _)| area.contains(at))
        .flat_map(|(_, day)| day.subjects())
        .flat_map(|(_, day)| day.standing())
        .map(|claim| claim.at);
    let incidents = state
        .incidents
        .all()
        .filter(|(key, _)| area.contains(&key.area))
        .flat_map(|(_, record)| record.steps())
        .map(|(_, step)| step.at);
    let suspended = state.suspensions.all().flat_map(|(_, _, record)| {
        record.standing().filter_map(|(_, stated)| stated.statement.at())
    });
    check_ins.chain(incidents).chain(suspended).chain(material::moments(state, area)).max()
}

#[cfg(test)]
mod tests;
