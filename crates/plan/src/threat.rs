//! Threat from past events: what happened near a place, how near, how long ago, and how well the source knew.
//!
//! Place precision is honoured as UCDP codes it (ACLED's 1 to 3 arrive mapped to the same numbers):
//! 1 the exact place and 2 within about 25 km act like points, 2 with less weight; 3 the district and 4 the
//! province are spread evenly over their area; 5 a line or vague area, 6 the country and 7 abroad say nothing
//! about one place and are left out. Dates known no better than the month's neighbourhood (precision 4 and 5)
//! are left out as well, because their age is not known. All constants are proposals [P], kept in the model.

pub mod duplicate;

use crate::assess::grid::Grid;
use crate::assess::model::ModelError;
use pehra_domain::{
    AreaId, Date, Point, area::slug, gazetteer::Gazetteer, incident_record::IncidentRecord,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Worst date precision whose age still means something: 3, known to the month.
pub const DATE_PRECISION_MAX: u8 = 3;

/// How an event fades with distance and age.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kernel {
    /// Events further away than this do not count (10 km, DOMAIN T2).
    pub radius_m: f64,
    /// Events older than this do not count (12 months, DOMAIN T2).
    pub window_days: i32,
    pub half_life_days: f64,
    pub half_distance_m: f64,
    /// Weight of an event known to about 25 km, against 1 for an exact one.
    pub coarse_weight: f64,
    /// Intensity that is worth two of four points.
    pub half_points_at: f64,
    /// T1: an earlier election incident counts fully within this distance of the building …
    pub building_radius_m: f64,
    /// … and half out to this one.
    pub near_radius_m: f64,
    /// T1: election time around an earlier poll, days before …
    pub election_days_before: i32,
    /// … and after it.
    pub election_days_after: i32,
}

impl Kernel {
    pub(crate) fn validate(&self) -> Result<(), ModelError> {
        let ranges = [
            ("kernel.radius_m", self.radius_m, 100.0, 200_000.0, "from 100 to 200000"),
            ("kernel.window_days", f64::from(self.window_days), 1.0, 3_660.0, "from 1 to 3660"),
            ("kernel.half_life_days", self.half_life_days, 1.0, 3_660.0, "from 1 to 3660"),
            ("kernel.half_distance_m", self.half_distance_m, 100.0, 200_000.0, "100 to 200000"),
            ("kernel.coarse_weight", self.coarse_weight, 0.0, 1.0, "from 0 to 1"),
            ("kernel.half_points_at", self.half_points_at, 0.01, 1_000.0, "from 0.01 to 1000"),
            ("kernel.building_radius_m", self.building_radius_m, 1.0, 5_000.0, "from 1 to 5000"),
            ("kernel.near_radius_m", self.near_radius_m, 1.0, 50_000.0, "from 1 to 50000"),
            (
                "kernel.election_days_before",
                f64::from(self.election_days_before),
                0.0,
                90.0,
                "0 to 90",
            ),
            (
                "kernel.election_days_after",
                f64::from(self.election_days_after),
                0.0,
                30.0,
                "0 to 30",
            ),
        ];
        for (field, value, low, high, must) in ranges {
            if !(low..=high).contains(&value) {
                return Err(ModelError::Range { field, value: value.to_string(), must });
            }
        }
        Ok(())
    }

    /// Points for an intensity: `4 · (1 − 2^(−intensity / half_points_at))` [P], so that a first attack weighs
    /// more than a tenth.
    #[must_use]
    pub fn points(&self, intensity: f64) -> f64 {
        saturating(intensity, self.half_points_at)
    }
}

/// `4 · (1 − 2^(−x / half))`: 0 at 0, 2 at `half`, 4 far out.
#[must_use]
pub(crate) fn saturating(x: f64, half: f64) -> f64 {
    4.0 * (1.0 - libm::exp2(-x.max(0.0) / half))
}

/// First and last day that a set of records speaks about.
#[must_use]
pub fn coverage(incidents: &[IncidentRecord]) -> Option<(Date, Date)> {
    let first = incidents.iter().map(|i| i.date).min()?;
    let last = incidents.iter().map(|i| i.date_end.max(i.date)).max()?;
    Some((first, last))
}

/// Share (0 to 1) of the days `from..until` on which the records speak.
#[must_use]
pub fn covered_share(span: Option<(Date, Date)>, from: Date, until: Date) -> f64 {
    let Some((first, last)) = span else { return 0.0 };
    let days = until.0.saturating_sub(from.0);
    if days <= 0 {
        return 0.0;
    }
    let known = until.min(last.plus_days(1)).0.saturating_sub(from.max(first).0).max(0);
    f64::from(known) / f64::from(days)
}

/// What the records say about one place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reading {
    /// Decayed sum of all parts.
    pub intensity: f64,
    /// Of it, from events known only to the district or province.
    pub spread: f64,
    /// Events within the radius and window.
    pub within: u32,
    pub nearest_m: Option<f64>,
    pub newest_days: Option<i32>,
}

/// The records of the window before a day, indexed by place.
#[derive(Clone, Debug)]
pub struct ThreatField {
    kernel: Kernel,
    grid: Grid,
    /// Weight after precision and age, and age in days, of each point-like event.
    events: Vec<(f64, i32)>,
    /// Spread intensity by district name, in slug form.
    districts: BTreeMap<String, f64>,
    provinces: BTreeMap<String, f64>,
}

fn usable(incident: &IncidentRecord) -> bool {
    incident.date_precision <= DATE_PRECISION_MAX
}

impl ThreatField {
    /// Reads the records of `window_days` up to and with `as_of`; later ones are not looked at. Duplicates must have
    /// been dropped (see [`duplicate::distinct`]).
    #[must_use]
    pub fn new(
        kernel: Kernel,
        incidents: &[IncidentRecord],
        gazetteer: &Gazetteer,
        as_of: Date,
    ) -> Self {
        let mut field = Self {
            kernel,
            grid: Grid::default(),
            events: Vec::new(),
            districts: BTreeMap::new(),
            provinces: BTreeMap::new(),
        };
        let (district_share, province_share) = area_shares(kernel, gazetteer);
        let mut points = Vec::new();
        for incident in incidents.iter().filter(|i| usable(i) && i.date <= as_of) {
            let age_days = as_of.0.saturating_sub(incident.date.0);
            if age_days >= kernel.window_days {
                continue;
            }
            let aged = libm::exp2(-f64::from(age_days) / kernel.half_life_days);
            match incident.place_precision {
                0..=2 => {
                    let coarse = incident.place_precision == 2;
                    let weight = if coarse { kernel.coarse_weight } else { 1.0 };
                    points.push(incident.point);
                    field.events.push((aged * weight, age_days));
                }
                3 => add_spread(&mut field.districts, &district_share, &incident.district, aged),
                4 => add_spread(&mut field.provinces, &province_share, &incident.province, aged),
                _ => {}
            }
        }
        field.grid = Grid::new(points);
        field
    }

    /// Intensity of point-like events alone, for points along a route.
    #[must_use]
    pub fn intensity_at(&self, point: Point) -> f64 {
        let mut sum = 0.0;
        self.grid.within(point, self.kernel.radius_m, |hit| {
            let near = libm::exp2(-hit.distance_m / self.kernel.half_distance_m);
            sum += self.events[hit.item].0 * near;
        });
        sum
    }

    /// All that is known about a place in a district.
    #[must_use]
    pub fn read(&self, point: Point, district: &AreaId) -> Reading {
        let mut reading = Reading::default();
        self.grid.within(point, self.kernel.radius_m, |hit| {
            let (weight, age_days) = self.events[hit.item];
            reading.intensity += weight * libm::exp2(-hit.distance_m / self.kernel.half_distance_m);
            reading.within += 1;
            if reading.nearest_m.is_none_or(|least| hit.distance_m < least) {
                reading.nearest_m = Some(hit.distance_m);
            }
            reading.newest_days =
                Some(reading.newest_days.map_or(age_days, |least| least.min(age_days)));
        });
        let province = district.province();
        let in_province =
            province.and_then(|p| self.provinces.get(p.name()).copied()).unwrap_or(0.0);
        reading.spread = self.districts.get(district.name()).copied().unwrap_or(0.0) + in_province;
        reading.intensity += reading.spread;
        reading
    }
}

/// Share of an area's events that a place feels: the kernel's own mass over the area, so that spreading neither adds
/// nor loses any. The mass of `2^(−r/h)` within R is `2π (h/ln2)² (1 − (1 + R ln2/h) 2^(−R/h))`.
fn area_shares(
    kernel: Kernel,
    gazetteer: &Gazetteer,
) -> (BTreeMap<String, f64>, BTreeMap<String, f64>) {
    let scale = kernel.half_distance_m / std::f64::consts::LN_2;
    let reach = kernel.radius_m / scale;
    let mass_km2 =
        2.0 * std::f64::consts::PI * scale * scale * (1.0 - (1.0 + reach) * libm::exp(-reach))
            / 1e6;
    let mut districts = BTreeMap::new();
    let mut provinces: BTreeMap<String, f64> = BTreeMap::new();
    for district in &gazetteer.districts {
        let area_km2 = f64::from(district.area_km2.max(1));
        districts.insert(slug(&district.name), (mass_km2 / area_km2).min(1.0));
        *provinces.entry(slug(&district.province)).or_default() += area_km2;
    }
    let provinces =
        provinces.into_iter().map(|(name, km2)| (name, (mass_km2 / km2).min(1.0))).collect();
    (districts, provinces)
}

/// A district whose area nobody gave counts as 5 000 km², the middle of Pakistan's districts [P].
const SHARE_UNKNOWN: f64 = 0.01;

fn add_spread(
    sums: &mut BTreeMap<String, f64>,
    shares: &BTreeMap<String, f64>,
    name: &str,
    weight: f64,
) {
    if name.is_empty() {
        return;
    }
    let key = slug(name);
    let share = shares.get(&key).copied().unwrap_or(SHARE_UNKNOWN);
    *sums.entry(key).or_default() += weight * share;
}

/// Incidents of earlier elections, for T1: events of place precision 1 or 2 in election time around an earlier poll.
#[derive(Clone, Debug)]
pub struct ElectionField {
    kernel: Kernel,
    grid: Grid,
    events: Vec<ElectionEvent>,
    /// Earlier polls on which the records speak.
    pub polls_covered: u32,
    /// All earlier polls, newest first, covered or not.
    polls: Vec<Date>,
}

#[derive(Clone, Copy, Debug)]
struct ElectionEvent {
    weight: f64,
    poll: Date,
    fatal: bool,
    /// Placed exactly, not to about 25 km.
    exact: bool,
}

/// What earlier polls say about one place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ElectionReading {
    pub sum: f64,
    pub count: u32,
    pub fatal: u32,
    pub nearest_m: Option<f64>,
    pub newest_poll: Option<Date>,
}

impl ElectionField {
    /// `earlier_polls` in any order; polls on or after `as_of` are left out.
    #[must_use]
    pub fn new(
        kernel: Kernel,
        incidents: &[IncidentRecord],
        earlier_polls: &[Date],
        as_of: Date,
    ) -> Self {
        let mut polls: Vec<Date> = earlier_polls.iter().copied().filter(|p| *p < as_of).collect();
        polls.sort_unstable_by(|a, b| b.cmp(a));
        polls.dedup();
        let span = coverage(incidents);
        let mut field = Self {
            kernel,
            grid: Grid::default(),
            events: Vec::new(),
            polls_covered: 0,
            polls: polls.clone(),
        };
        let mut points = Vec::new();
        for (poll, rank) in
            polls.into_iter().zip([1.0, 0.7].into_iter().chain(std::iter::repeat(0.5)))
        {
            let from = poll.plus_days(-kernel.election_days_before);
            let until = poll.plus_days(kernel.election_days_after).min(as_of);
            if covered_share(span, from, until.plus_days(1)) < 0.5 {
                continue;
            }
            field.polls_covered += 1;
            for incident in incidents {
                let known = usable(incident) && incident.place_precision <= 2;
                if known && from <= incident.date && incident.date <= until {
                    let fatal = incident.deaths_best > 0;
                    let coarse = incident.place_precision == 2;
                    let place = if coarse { kernel.coarse_weight } else { 1.0 };
                    let weight = rank * place * if fatal { 2.0 } else { 1.0 };
                    points.push(incident.point);
                    field.events.push(ElectionEvent { weight, poll, fatal, exact: !coarse });
                }
            }
        }
        field.grid = Grid::new(points);
        field
    }

    /// Fatal events on the building itself, exactly placed, at the last `polls` polls.
    #[must_use]
    pub fn fatal_at(&self, point: Point, polls: usize) -> u32 {
        let last = &self.polls[..polls.min(self.polls.len())];
        let mut fatal = 0;
        self.grid.within(point, self.kernel.building_radius_m, |hit| {
            let event = self.events[hit.item];
            fatal += u32::from(event.fatal && event.exact && last.contains(&event.poll));
        });
        fatal
    }

    #[must_use]
    pub fn read(&self, point: Point) -> ElectionReading {
        let mut reading = ElectionReading::default();
        self.grid.within(point, self.kernel.near_radius_m, |hit| {
            let event = self.events[hit.item];
            let near = if hit.distance_m <= self.kernel.building_radius_m { 1.0 } else { 0.5 };
            reading.sum += event.weight * near;
            reading.count += 1;
            reading.fatal += u32::from(event.fatal);
            reading.newest_poll = reading.newest_poll.max(Some(event.poll));
            if reading.nearest_m.is_none_or(|least| hit.distance_m < least) {
                reading.nearest_m = Some(hit.distance_m);
            }
        });
        reading
    }
}

#[cfg(test)]
mod tests;
