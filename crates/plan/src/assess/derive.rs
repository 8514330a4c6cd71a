//! The 19 factors of one station, from data. Each formula is a proposal [P] unless DOMAIN §3(a) gives it;
//! `docs/handbook/risk-model.md` lists them. A factor that the data do not allow is missing, never zero.

mod consequence;
mod threat;
mod vulnerability;

use super::input::{Derived, Evidence};
use super::prepare::Prepared;
use pehra_domain::{
    risk::{FACTOR_COUNT, Factor},
    station::{PlaceBasis, Station},
};

impl Prepared<'_> {
    /// All factors of a station, in the order of [`Factor::ALL`].
    #[must_use]
    pub fn derive(&self, station: &Station) -> [Derived; FACTOR_COUNT] {
        Factor::ALL.map(|factor| self.derive_one(station, factor))
    }

    fn derive_one(&self, station: &Station, factor: Factor) -> Derived {
        match factor {
            Factor::T1 => threat::earlier_polls(self, station),
            Factor::T2 => threat::attacks(self, station),
            Factor::T3 => threat::intelligence(self, station),
            Factor::T4 => threat::election_targets(self, station),
            Factor::T5 | Factor::T6 | Factor::V1 | Factor::V3 | Factor::V7 | Factor::V8 => {
                surveyed(self, station, factor)
            }
            Factor::V2 => vulnerability::quick_reaction(self, station),
            Factor::V4 => vulnerability::force_gap(self, station),
            Factor::V5 => vulnerability::women_staff(self, station),
            Factor::V6 => vulnerability::route(self, station),
            Factor::C1 => consequence::voters(self, station),
            Factor::C2 => consequence::load(self, station),
            Factor::C3 => consequence::women(self, station),
            Factor::C4 => consequence::material(self, station),
            Factor::C5 => consequence::alternative(self, station),
        }
    }
}

/// The survey of the building, else of its district; older than two years it is half believed.
fn surveyed(prepared: &Prepared<'_>, station: &Station, factor: Factor) -> Derived {
    let of_building = prepared.survey_of_building(&station.building, factor);
    let of_area = || prepared.survey_of_area(&station.district, factor);
    let fresh = |on: pehra_domain::Date| prepared.today.0.saturating_sub(on.0) <= 730;
    if let Some(found) = of_building {
        let evidence = Evidence::Survey { answers: found.answers, on: found.on };
        return Derived::known(found.points, if fresh(found.on) { 90 } else { 50 }, evidence);
    }
    of_area().map_or(Derived::MISSING, |found| {
        let evidence = Evidence::DistrictSurvey { answers: found.answers, on: found.on };
        Derived::known(found.points, if fresh(found.on) { 60 } else { 40 }, evidence)
    })
}

/// Confidence in a value that hangs on the station's position.
fn placed(station: &Station, confidence_pct: u8) -> u8 {
    match station.place_basis {
        PlaceBasis::Given => confidence_pct,
        PlaceBasis::Repaired => confidence_pct.saturating_sub(10),
        PlaceBasis::Estimated => confidence_pct / 3,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=100 before the cast"
)]
fn percent(share: f64) -> u8 {
    (share * 100.0).round().clamp(0.0, 100.0) as u8
}
