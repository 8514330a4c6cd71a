//! What whoever plans sees of a seat's convoys without knowing a route or a time of any.

use crate::{
    view::{area_name, area_name_ur},
    work::convoys::{Planned, SeatBrief, SeatFile, bookings, out_s},
};
use pehra_domain::{AreaId, Point, gazetteer::Gazetteer};
use pehra_plan::convoy::conflict::{Narrow, double_booked};
use serde::{Deserialize, Serialize};

/// Farthest from its middle that a narrow place reaches.
const RADIUS_M_MAX: u32 = 50_000;

/// One direction of a seat.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConvoySum {
    pub convoys: u32,
    /// Vehicles with their crews that are on the road at once.
    pub teams: u32,
    /// Risk-weighted travel seconds, each convoy at its worth; no set of tours costs less than the bound. None: no bound.
    pub objective: i64,
    pub bound: Option<i64>,
    /// How far the plan is above its bound at the most, in thousandths of the bound.
    pub gap_permille: Option<u32>,
    /// Buildings that no convoy reaches.
    pub unserved: u32,
    pub findings: u32,
    /// Teams that are promised to two convoys at once.
    pub double_booked: u32,
    /// All convoys together.
    pub vehicles_out_s: u64,
}

/// A seat whose convoys are planned.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConvoyRow {
    pub seat: String,
    pub area: String,
    pub area_name: String,
    pub area_name_ur: Option<String>,
    pub stations: u32,
    pub made_ms: i64,
    pub by: String,
    pub eve: ConvoySum,
    pub night: ConvoySum,
    /// Any leg is an estimate and no road.
    pub estimated: bool,
    /// Counters of the reception desk; false: not even so many are enough.
    pub counters: u32,
    pub counters_enough: bool,
    /// Receipt at the desk, seconds from midnight of the polling day: of half of the stations, of 95 in a hundred, and of the
    /// last one in 95 of a hundred nights.
    pub receipt_p50_s: u32,
    pub receipt_p95_s: u32,
    pub last_p95_s: u32,
    /// Stations received by 02:00 and by 10:00, in thousandths.
    pub by_provisional_permille: u32,
    pub by_outer_permille: u32,
    /// Stations, classes or roads are not those that it was planned on.
    pub outdated: bool,
}

/// A seat, planned or not.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoySeat {
    pub seat: String,
    pub area: String,
    pub area_name: String,
    pub area_name_ur: Option<String>,
    pub stations: u32,
}

/// A bridge, pass or gate where two convoys may not meet.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ConvoyNarrow {
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    /// 1 to 50,000.
    pub radius_m: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyList {
    pub rows: Vec<ConvoyRow>,
    /// All seats within reach, planned or not; empty when only what is new was asked for.
    pub seats: Vec<ConvoySeat>,
    /// Where whoever asks may plan, and where they may know routes and times: these areas and everything below.
    pub plans: Vec<String>,
    pub knows: Vec<String>,
    /// A road map was taken in: convoys drive on it where it knows the places.
    pub has_roads: bool,
    pub narrows: Vec<ConvoyNarrow>,
    pub now_ms: i64,
}

/// A row as it is kept: with what the lists were.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HeldRow {
    pub(super) row: ConvoyRow,
    pub(super) district: AreaId,
    sign: String,
}

impl HeldRow {
    pub(super) fn of(file: &SeatFile, (sign, by): (&str, &str), made_ms: i64) -> Self {
        let outcome = &file.outcome;
        let row = ConvoyRow {
            seat: file.seat.clone(),
            area: file.district.to_string(),
            area_name: String::new(),
            area_name_ur: None,
            stations: outcome.stations,
            made_ms,
            by: by.to_owned(),
            eve: ConvoySum::of(&file.eve),
            night: ConvoySum::of(&file.night),
            estimated: file.estimated,
            counters: file.desk.counters,
            counters_enough: file.desk.counters_needed.is_some(),
            receipt_p50_s: outcome.receipt.p50_s,
            receipt_p95_s: outcome.receipt.p95_s,
            last_p95_s: outcome.last.p95_s,
            by_provisional_permille: outcome.by_provisional_permille,
            by_outer_permille: outcome.by_outer_permille,
            outdated: false,
        };
        Self { row, district: file.district.clone(), sign: sign.to_owned() }
    }

    pub(super) fn shown(&self, gazetteer: &Gazetteer, sign: &str) -> ConvoyRow {
        ConvoyRow {
            area_name: area_name(gazetteer, &self.district),
            area_name_ur: area_name_ur(gazetteer, &self.district),
            outdated: self.sign != sign,
            ..self.row.clone()
        }
    }
}

impl ConvoySum {
    fn of(planned: &Planned) -> Self {
        let plan = &planned.plan;
        let gap = plan.bound.filter(|bound| *bound > 0).map(|bound| {
            let above = (plan.objective - bound).max(0) * 1_000 / bound;
            u32::try_from(above).unwrap_or(u32::MAX)
        });
        Self {
            convoys: count(plan.convoys.len()),
            teams: plan.convoys.iter().map(|convoy| convoy.team).max().unwrap_or(0),
            objective: plan.objective,
            bound: plan.bound,
            gap_permille: gap,
            unserved: count(plan.unserved.len()),
            findings: count(plan.findings.len()),
            double_booked: count(double_booked(&bookings(plan)).len()),
            vehicles_out_s: out_s(plan).0,
        }
    }
}

impl ConvoySeat {
    pub(super) fn of(gazetteer: &Gazetteer, seat: &SeatBrief) -> Self {
        Self {
            seat: seat.seat.as_str().to_owned(),
            area: seat.district.to_string(),
            area_name: area_name(gazetteer, &seat.district),
            area_name_ur: area_name_ur(gazetteer, &seat.district),
            stations: seat.stations,
        }
    }
}

impl ConvoyNarrow {
    pub(super) fn read(&self) -> Option<Narrow> {
        let point = Point::try_from_degrees(self.lat, self.lon)?;
        let fits = (1..=RADIUS_M_MAX).contains(&self.radius_m) && !self.name.trim().is_empty();
        let name = self.name.trim().to_owned();
        fits.then_some(Narrow { name, point, radius_m: self.radius_m })
    }
}

pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
