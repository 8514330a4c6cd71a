//! What was promised beside what was drawn.

use super::{Nation, wide};
use crate::facts::{Basis, Facts, Measure, NATION};
use pehra_domain::{
    AreaId,
    area::slug,
    contest::Assembly,
    force::{Tier, Unit},
    risk::RiskClass,
    station::{Station, StationKind},
};

/// One published figure and the nation's own count of the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marginal {
    pub area: String,
    pub measure: Measure,
    pub basis: Basis,
    pub promised: u64,
    pub drawn: u64,
    pub source: String,
}

/// How a figure is counted out of a nation, inside an area.
type Count = fn(&Nation, &Area<'_>) -> u64;

/// The promises. Base rates, shares and assumptions are not among them: they steer the drawing.
const COUNTS: &[(Measure, Count)] = &[
    (Measure::Stations, |nation, area| stations(nation, area, |_| 1)),
    (Measure::StationsMen, |nation, area| of_kind(nation, area, StationKind::Men)),
    (Measure::StationsWomen, |nation, area| of_kind(nation, area, StationKind::Women)),
    (Measure::StationsCombined, |nation, area| of_kind(nation, area, StationKind::Combined)),
    (Measure::Booths, |nation, area| stations(nation, area, |it| it.booths.total())),
    (Measure::BoothsMen, |nation, area| stations(nation, area, |it| it.booths.men)),
    (Measure::BoothsWomen, |nation, area| stations(nation, area, |it| it.booths.women)),
    (Measure::Voters, |nation, area| stations(nation, area, |it| it.voters.total())),
    (Measure::VotersMen, |nation, area| stations(nation, area, |it| it.voters.men)),
    (Measure::VotersWomen, |nation, area| stations(nation, area, |it| it.voters.women)),
    (Measure::ClassNormal, |nation, area| of_class(nation, area, RiskClass::Normal)),
    (Measure::ClassSensitive, |nation, area| of_class(nation, area, RiskClass::Sensitive)),
    (Measure::ClassMost, |nation, area| of_class(nation, area, RiskClass::Most)),
    (Measure::SeatsNa, |nation, area| seats(nation, area, Assembly::National)),
    (Measure::SeatsPa, |nation, area| seats(nation, area, Assembly::Provincial)),
    (Measure::Buildings, |nation, area| {
        wide(nation.buildings.iter().filter(|it| area.holds(&it.district)).count())
    }),
    (Measure::Police, |nation, area| {
        people(nation, area, |unit| if is_police(unit) { unit.men + unit.women } else { 0 })
    }),
    (Measure::ArmyCafQrf, |nation, area| {
        people(nation, area, |unit| if is_police(unit) { 0 } else { unit.reserve })
    }),
    (Measure::ArmyCafStatic, |nation, area| {
        let fixed = |unit: &Unit| (unit.men + unit.women).saturating_sub(unit.reserve);
        people(nation, area, |unit| if is_police(unit) { 0 } else { fixed(unit) })
    }),
    (Measure::Postponed, |nation, area| {
        let named = nation.polls.iter().filter(|poll| poll.key.constituency.as_str() == area.name);
        wide(named.count())
    }),
];

/// Every figure of the facts that the generator promises to keep, in the order of the table.
#[must_use]
pub fn marginals(facts: &Facts, nation: &Nation) -> Vec<Marginal> {
    facts
        .figures
        .iter()
        .filter_map(|figure| {
            let (_, count) = COUNTS.iter().find(|(measure, _)| *measure == figure.measure)?;
            Some(Marginal {
                area: figure.area.clone(),
                measure: figure.measure,
                basis: figure.basis,
                promised: figure.value,
                drawn: count(nation, &Area::of(&figure.area)),
                source: figure.source.clone(),
            })
        })
        .collect()
}

/// A figure's area: the nation, a province, provinces joined by `+`, or a district.
struct Area<'f> {
    name: &'f str,
    slugs: Vec<String>,
}

impl<'f> Area<'f> {
    fn of(name: &'f str) -> Self {
        Self { name, slugs: name.split('+').map(slug).collect() }
    }

    fn holds(&self, place: &AreaId) -> bool {
        self.name == NATION
            || self.slugs.iter().any(|slug| {
                place.as_str().split('/').nth(1).is_some_and(|province| province == slug)
                    || place.name() == slug
            })
    }
}

fn stations(nation: &Nation, area: &Area<'_>, count: fn(&Station) -> u32) -> u64 {
    let here = nation.stations.iter().filter(|station| area.holds(&station.district));
    here.map(|station| u64::from(count(station))).sum()
}

fn of_kind(nation: &Nation, area: &Area<'_>, kind: StationKind) -> u64 {
    let here = nation.stations.iter().filter(|station| station.kind == kind);
    wide(here.filter(|station| area.holds(&station.district)).count())
}

fn of_class(nation: &Nation, area: &Area<'_>, class: RiskClass) -> u64 {
    let here = nation.stations.iter().filter(|station| station.official_class() == Some(class));
    wide(here.filter(|station| area.holds(&station.district)).count())
}

fn seats(nation: &Nation, area: &Area<'_>, assembly: Assembly) -> u64 {
    let here = nation.constituencies.iter().filter(|seat| seat.assembly == assembly);
    let first = here.filter_map(|seat| seat.districts.first());
    wide(first.filter(|district| area.holds(district)).count())
}

fn is_police(unit: &Unit) -> bool {
    unit.tier == Tier::Police
}

fn people(nation: &Nation, area: &Area<'_>, count: impl Fn(&Unit) -> u32) -> u64 {
    let here = nation.units.iter().filter(|unit| area.holds(&unit.district));
    here.map(|unit| u64::from(count(unit))).sum()
}
