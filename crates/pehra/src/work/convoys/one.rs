//! One seat: both directions, the night that follows, and its file.

use super::{OfficeBasis, Options, Shelf, Site, drive::Drive};
use crate::work::{WorkError, roads::Country};
use pehra_domain::{AreaId, Point, risk::RiskClass};
use pehra_plan::convoy::{
    ConvoyInput, ConvoyPlan, Direction, Effort, Means,
    conflict::Booking,
    draw::draw,
    night::{NightInput, NightOutcome, counters_needed, simulate},
    plan,
    rule::escort::ESCORTS_MOST,
    strip::{StripLeg, night_of, strip},
    travel::Travel,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Version of the file.
const SCHEMA: u32 = 2;
/// One station at a counter: serials read and scanned, Form 45 opened, receipt written.
const RECEIPT_S: u32 = 420;
/// Nine of ten stations should not stand longer before the desk.
const DESK_WAIT_S_MAX: u32 = 1_800;
const COUNTERS_MAX: u32 = 64;
/// Nights that size the desk.
const DESK_RUNS: u32 = 100;

/// The whole file of one seat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeatFile {
    pub schema: u32,
    pub seat: String,
    pub district: AreaId,
    pub office: Point,
    pub office_basis: OfficeBasis,
    /// Everything that the plan depends on.
    pub input_hash: String,
    /// District store → returning office, one way; none: no store in the list.
    pub supply_leg_s: Option<u32>,
    /// Travel is estimated, not from roads.
    pub estimated: bool,
    pub eve: Planned,
    pub night: Planned,
    pub desk: Desk,
    pub outcome: NightOutcome,
    pub improvements: Vec<Improvement>,
}

/// A plan with names, strips and bag numbers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Planned {
    pub plan: ConvoyPlan,
    /// By convoy.
    pub calls: Vec<Vec<NamedCall>>,
    pub strips: Vec<Vec<StripLeg>>,
}

/// A call as a driver reads it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NamedCall {
    pub building: String,
    pub class: RiskClass,
    pub stations: Vec<String>,
    /// Bags of this call in the seat's numbering, which follows the convoys; seals are put beside them at loading.
    pub bag_from: u32,
    pub bag_until: u32,
}

/// The reception desk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Desk {
    /// Fewest counters with which nine of ten stations wait at most half an hour; none: not even the most are enough.
    pub counters_needed: Option<u32>,
    pub counters: u32,
    pub receipt_s: u32,
}

/// What a change of means would bring, and what it takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Improvement {
    pub change: String,
    pub teams_more: u32,
    pub hours_earlier: u32,
    /// Its price: escorts that must be had in addition, and how long vehicles and escorts are out, all convoys together.
    pub escorts_more: u32,
    pub vehicles_out_s: u64,
    pub escorts_out_s: u64,
    pub by_provisional_permille: u32,
    pub by_outer_permille: u32,
    pub receipt_p50_s: u32,
    pub receipt_p95_s: u32,
}

/// Seconds that vehicles and escorts of a plan are out, all convoys together.
#[must_use]
pub fn out_s(plan: &ConvoyPlan) -> (u64, u64) {
    plan.convoys.iter().fold((0, 0), |(vehicles, escorts), convoy| {
        let out = u64::from(convoy.home_s.saturating_sub(convoy.depart_s));
        (vehicles + out, escorts + out * u64::from(convoy.escorts))
    })
}

/// From the folder when the inputs are the same, otherwise planned and written. The second value says which.
pub(super) fn plan_or_keep(
    site: &Site,
    country: Option<&Country>,
    (shelf, sealed): (&dyn Shelf, &[u8; 32]),
    options: &Options,
) -> Result<(SeatFile, bool), WorkError> {
    let drive = Drive::of(site, country);
    let [eve, night] = [Direction::Eve, Direction::Night].map(|way| input(site, way, sealed));
    let effort = Effort::scaled(site.halts.len(), options.effort_permille);
    let hash = input_hash(&eve, &night, (site, &drive), effort, options);
    let known = read_seat(shelf, site.seat.as_str())?;
    if let Some(file) = known.filter(|it| it.input_hash == hash) {
        return Ok((file, true));
    }
    let file = plan_seat((site, &drive), &eve, &night, effort, options, hash);
    let bytes = serde_json::to_vec(&file).map_err(|error| WorkError::Input(error.to_string()))?;
    shelf.write(&name(site.seat.as_str()), &bytes)?;
    Ok((file, false))
}

fn name(seat: &str) -> String {
    format!("{seat}.json")
}

/// What lies there of a seat; none when there is nothing, or nothing that can be read: it is planned again.
///
/// # Errors
/// [`WorkError::Input`] when the disk cannot be read.
pub fn read_seat(shelf: &dyn Shelf, seat: &str) -> Result<Option<SeatFile>, WorkError> {
    let bytes = shelf.read(&name(seat))?;
    let file = bytes.and_then(|bytes| serde_json::from_slice::<SeatFile>(&bytes).ok());
    Ok(file.filter(|file| file.schema == SCHEMA))
}

fn input(site: &Site, direction: Direction, sealed: &[u8; 32]) -> ConvoyInput {
    ConvoyInput {
        seat: site.seat.clone(),
        direction,
        office: site.office,
        halts: site.halts.clone(),
        means: Means::proposed(direction, site.station_count()),
        seed: *sealed,
    }
}

fn input_hash(
    eve: &ConvoyInput,
    night: &ConvoyInput,
    (site, drive): (&Site, &Drive<'_>),
    effort: Effort,
    options: &Options,
) -> String {
    let (runs, improve) = (options.runs, options.improve);
    let engine = env!("CARGO_PKG_VERSION");
    let store = &site.store;
    let whole = format!(
        "{SCHEMA} {engine} {eve:?} {night:?} {} {store:?} {effort:?} {runs} {improve}",
        drive.fingerprint()
    );
    crate::auth::hex(&Sha256::digest(whole.as_bytes()))
}

fn plan_seat(
    (site, drive): (&Site, &Drive<'_>),
    eve_input: &ConvoyInput,
    night_input: &ConvoyInput,
    effort: Effort,
    options: &Options,
    input_hash: String,
) -> SeatFile {
    let eve = planned(eve_input, drive, effort);
    let night = planned(night_input, drive, effort);
    let seed = draw(&night_input.seed, site.seat.as_str(), "nights", 0, u64::MAX);
    let nights = |plan: &ConvoyPlan, counters: u32, runs: u32| -> NightInput {
        night_of(night_input, plan, drive, (counters, RECEIPT_S), (runs, seed))
    };
    let sizing = nights(&night.plan, 1, options.runs.min(DESK_RUNS));
    let counters_needed = counters_needed(&sizing, DESK_WAIT_S_MAX, COUNTERS_MAX);
    let counters = counters_needed.unwrap_or(COUNTERS_MAX);
    let outcome = simulate(&nights(&night.plan, counters, options.runs));
    let mut improvements = Vec::new();
    if options.improve {
        improvements = improve(night_input, drive, effort, |plan| {
            simulate(&nights(plan, counters, options.runs))
        });
    }
    let supply = site.store.as_ref().and_then(|store| drive.leg(store.1, site.office));
    SeatFile {
        schema: SCHEMA,
        seat: site.seat.as_str().to_owned(),
        district: site.district.clone(),
        office: site.office,
        office_basis: site.office_basis,
        input_hash,
        supply_leg_s: supply.map(|leg| leg.time_s),
        estimated: night.plan.convoys.iter().chain(&eve.plan.convoys).any(|it| it.estimated),
        eve,
        night,
        desk: Desk { counters_needed, counters, receipt_s: RECEIPT_S },
        outcome,
        improvements,
    }
}

/// More teams by a quarter, a half and the double, and convoys out an hour and two earlier.
fn improve(
    night: &ConvoyInput,
    drive: &Drive<'_>,
    effort: Effort,
    nights: impl Fn(&ConvoyPlan) -> NightOutcome,
) -> Vec<Improvement> {
    let effort = Effort { bound_passes: 0, ..effort };
    let base = night.means.vehicles;
    let changes =
        [(base.div_ceil(4), 0), (base.div_ceil(2), 0), (base, 0), (0, 1), (0, 2), (base, 2)];
    let change = |(teams_more, hours_earlier): (u32, u32)| {
        let mut changed = night.clone();
        changed.means.vehicles += teams_more;
        changed.means.escorts += teams_more * ESCORTS_MOST;
        changed.means.open_s -= hours_earlier * 3_600;
        let plan = plan(&changed, drive, effort);
        let (outcome, (vehicles_out_s, escorts_out_s)) = (nights(&plan), out_s(&plan));
        Improvement {
            change: format!("{teams_more} teams more, first convoy {hours_earlier} h earlier"),
            teams_more,
            hours_earlier,
            escorts_more: teams_more * ESCORTS_MOST,
            vehicles_out_s,
            escorts_out_s,
            by_provisional_permille: outcome.by_provisional_permille,
            by_outer_permille: outcome.by_outer_permille,
            receipt_p50_s: outcome.receipt.p50_s,
            receipt_p95_s: outcome.receipt.p95_s,
        }
    };
    changes.into_iter().map(change).collect()
}

fn planned(input: &ConvoyInput, drive: &Drive<'_>, effort: Effort) -> Planned {
    let plan = plan(input, drive, effort);
    let mut bag = 0;
    let mut told = vec![0_usize; input.halts.len()];
    let mut calls = Vec::with_capacity(plan.convoys.len());
    for convoy in &plan.convoys {
        let mut named = Vec::with_capacity(convoy.calls.len());
        for call in &convoy.calls {
            let Some(halt) = input.halts.get(call.halt as usize) else { continue };
            let count = (call.bags / input.means.bags_per_station.max(1)) as usize;
            let first = told[call.halt as usize];
            told[call.halt as usize] += count;
            let here = halt.stations.iter().skip(first).take(count);
            named.push(NamedCall {
                building: halt.building.as_str().to_owned(),
                class: halt.class,
                stations: here.map(|station| station.as_str().to_owned()).collect(),
                bag_from: bag + 1,
                bag_until: bag + call.bags,
            });
            bag += call.bags;
        }
        calls.push(named);
    }
    let strips = plan.convoys.iter().map(|it| strip(input, it, drive)).collect();
    Planned { plan, calls, strips }
}

/// A team is taken from departure to home.
#[must_use]
pub fn bookings(plan: &ConvoyPlan) -> Vec<Booking> {
    let booking = |convoy: &pehra_plan::convoy::Convoy| Booking {
        team: convoy.team,
        convoy: convoy.number,
        from_s: convoy.depart_s,
        until_s: convoy.home_s,
    };
    plan.convoys.iter().map(booking).collect()
}
