//! Convoys for every seat: written to a folder seat by seat, so that a run that was stopped goes on where it was.
//!
//! The folder holds what nobody may know before the day; it is not part of the ledger. `sealed-seed.hex` decides which
//! of the near-best plans is taken: keep it apart until the orders are given.

mod drive;
mod meet;
mod one;
mod sheet;
mod site;

use super::{
    THREADS, WorkError,
    assess::NO_STATIONS,
    file::{disk, write},
    roads::Country,
};
use crate::node::Node;
use pehra_domain::{
    StationId,
    progress::{Watch, tell},
};
use pehra_plan::{
    convoy::{
        conflict::{Narrow, double_booked},
        trips::Trips,
    },
    road::{edit::RoadEdit, speed::Season},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
};

use drive::Drive;
pub use meet::{Met, parse_narrow};
pub use one::{Desk, NamedCall, Planned, SeatFile};
pub use sheet::{calls_csv, clock, seat_xlsx, seats_csv};
pub use site::{OfficeBasis, Site};

/// Of all seats; every other file of this ending is one seat's.
const MEETINGS: &str = "meetings.json";
const TRIPS: &str = "trips.json";

#[derive(Clone, Debug)]
pub struct Options {
    pub folder: PathBuf,
    /// Only these seats; all when empty.
    pub seats: Vec<String>,
    pub threads: usize,
    /// Nights that are simulated for each seat.
    pub runs: u32,
    /// Search effort in thousandths of the proposed one.
    pub effort_permille: u32,
    /// Also say what more vehicles and an earlier start would bring.
    pub improve: bool,
    /// Bridges, passes and gates where two convoys may not meet.
    pub narrows: Vec<Narrow>,
    /// A workbook beside each seat's file.
    pub workbooks: bool,
    /// For roads, where a map was taken in.
    pub season: Season,
    /// Closed and slow ways beside those that are signed.
    pub edits: Vec<RoadEdit>,
}

impl Options {
    #[must_use]
    pub fn into(folder: PathBuf) -> Self {
        Self {
            folder,
            seats: Vec::new(),
            threads: THREADS,
            runs: 1_000,
            effort_permille: 1_000,
            improve: false,
            narrows: Vec::new(),
            workbooks: false,
            season: Season::Dry,
            edits: Vec::new(),
        }
    }
}

/// What a run did.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Summary {
    pub seats: usize,
    /// Taken from an earlier run over the same inputs.
    pub kept: usize,
    pub stations: u64,
    pub convoys_eve: u64,
    pub convoys_night: u64,
    pub unserved: u64,
    pub without_bound: usize,
    /// Median distance of the plans from their bounds, in thousandths, eve and night together.
    pub gap_permille_median: u64,
    pub double_booked: usize,
    /// Pairs of convoys at one narrow place within five minutes.
    pub meetings: usize,
    /// Stations received by 02:00 and by 10:00, in thousandths, over all nights.
    pub by_provisional_permille: u64,
    pub by_outer_permille: u64,
    /// Pairs of seats for which one trip to both offices is the better.
    pub pairs: usize,
    pub one_trip_pairs: usize,
}

/// Plans, tells of every seat as soon as it is on the disk, and sums up.
///
/// # Errors
/// [`WorkError`]: no stations, a folder that cannot be written, or stopped (what is written stays and is used again).
pub fn run(
    node: &Node,
    options: &Options,
    watch: &mut Watch<'_>,
    done: &mut dyn FnMut(&SeatFile),
) -> Result<Summary, WorkError> {
    let world = node.world();
    let table = world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
    fs::create_dir_all(&options.folder).map_err(|error| disk(&options.folder, &error))?;
    let sealed = sealed_seed(&options.folder)?;
    let mut sites = site::sites(node, &world, table)?;
    if !options.seats.is_empty() {
        sites.retain(|site| options.seats.iter().any(|seat| seat == site.seat.as_str()));
    }
    let country = Country::open(node, options.season, &options.edits, watch)?;
    let country = country.as_ref();
    // The largest first, so that no thread is left alone with one at the end.
    sites.sort_by_key(|site| (std::cmp::Reverse(site.halts.len()), site.seat.clone()));
    let total = sites.len() as u64;
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let mut files: BTreeMap<String, SeatFile> = BTreeMap::new();
    let mut summary = Summary::default();
    std::thread::scope(|scope| {
        let (tell_of, hear) = mpsc::channel();
        for _ in 0..options.threads.clamp(1, 64) {
            let (tell_of, next, stop, sites, sealed) =
                (tell_of.clone(), &next, &stop, &sites, &sealed);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let Some(site) = sites.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                    if tell_of.send(one::plan_or_keep(site, country, sealed, options)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(tell_of);
        let mut outcome = tell(watch, "plan convoys", 0, total).map_err(WorkError::from);
        for (result, number) in hear.iter().zip(1_u64..) {
            if outcome.is_err() {
                continue;
            }
            outcome = result.and_then(|(file, kept)| {
                summary.kept += usize::from(kept);
                done(&file);
                files.insert(file.seat.clone(), file);
                tell(watch, "plan convoys", number, total).map_err(WorkError::from)
            });
            if outcome.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
        }
        outcome
    })?;
    let pairs = decide_trips(&sites, &files, country);
    sum_up(&mut summary, &sites, &files, &pairs);
    let watermark = node.watermark();
    let mark = watermark.as_deref();
    write(&options.folder.join("seats.csv"), &seats_csv(&files, mark)?)?;
    write(&options.folder.join("calls.csv"), &calls_csv(&files, mark)?)?;
    if options.workbooks {
        for file in files.values() {
            let path = options.folder.join(format!("{}.xlsx", file.seat));
            write(&path, &seat_xlsx(file, mark)?)?;
        }
    }
    let met = meet::met(&sites, &files, &options.narrows);
    summary.meetings = met.len();
    let met = serde_json::to_vec_pretty(&met).map_err(|e| WorkError::Input(e.to_string()))?;
    write(&options.folder.join(MEETINGS), &met)?;
    let trips = serde_json::to_vec_pretty(&pairs).map_err(|e| WorkError::Input(e.to_string()))?;
    write(&options.folder.join(TRIPS), &trips)?;
    Ok(summary)
}

/// What a run left in its folder, by seat.
///
/// # Errors
/// [`WorkError::Input`] names the file that is no seat's.
pub fn seats_in(folder: &Path) -> Result<BTreeMap<String, SeatFile>, WorkError> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| disk(folder, &error))? {
        let path = entry.map_err(|error| disk(folder, &error))?.path();
        let listed = [MEETINGS, TRIPS].map(|name| folder.join(name));
        if path.extension().is_none_or(|end| end != "json") || listed.contains(&path) {
            continue;
        }
        let bytes = fs::read(&path).map_err(|error| disk(&path, &error))?;
        let file: SeatFile = serde_json::from_slice(&bytes).map_err(|error| {
            WorkError::Input(format!("{} is no seat's convoys: {error}", path.display()))
        })?;
        found.insert(file.seat.clone(), file);
    }
    Ok(found)
}

/// The folder's seed, drawn at the first run.
fn sealed_seed(folder: &Path) -> Result<[u8; 32], WorkError> {
    let path = folder.join("sealed-seed.hex");
    let mut seed = [0_u8; 32];
    if let Ok(text) = fs::read_to_string(&path) {
        let text = text.trim();
        let bad =
            || WorkError::Input(format!("{} does not hold 64 hexadecimal digits", path.display()));
        if text.len() != 64 || !text.is_ascii() {
            return Err(bad());
        }
        for (byte, pair) in seed.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair =
                std::str::from_utf8(pair).ok().and_then(|it| u8::from_str_radix(it, 16).ok());
            *byte = pair.ok_or_else(bad)?;
        }
        return Ok(seed);
    }
    getrandom::fill(&mut seed)
        .map_err(|error| WorkError::Input(format!("the machine gives no randomness: {error}")))?;
    write(&path, crate::auth::hex(&seed).as_bytes())?;
    Ok(seed)
}

/// One pair of seats and its decision.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Pair {
    pub national: String,
    pub provincial: String,
    pub shared_stations: usize,
    /// None: there is no way between the offices.
    pub trips: Option<Trips>,
}

/// For every national seat and every provincial one that shares stations with it.
fn decide_trips(
    sites: &[Site],
    files: &BTreeMap<String, SeatFile>,
    country: Option<&Country>,
) -> Vec<Pair> {
    let mut provincial_of: BTreeMap<&StationId, usize> = BTreeMap::new();
    for (number, site) in sites.iter().enumerate().filter(|(_, site)| !site.is_national()) {
        provincial_of.extend(site.stations().map(|station| (station, number)));
    }
    let mut pairs = Vec::new();
    for national in sites.iter().filter(|site| site.is_national()) {
        let mut shared: BTreeMap<usize, BTreeSet<StationId>> = BTreeMap::new();
        for station in national.stations() {
            if let Some(&number) = provincial_of.get(station) {
                shared.entry(number).or_default().insert(station.clone());
            }
        }
        for (number, shared) in shared {
            let provincial = &sites[number];
            let plans = (files.get(national.seat.as_str()), files.get(provincial.seat.as_str()));
            let (Some(first), Some(second)) = plans else { continue };
            let offices = [national.office, provincial.office];
            let between = Drive::among(offices.into_iter(), national.estimate, country);
            let trips = pehra_plan::convoy::trips::decide(
                (&first.night.plan, &national.halts),
                &second.night.plan,
                provincial.station_count(),
                &shared,
                (national.office, provincial.office),
                &between,
            );
            pairs.push(Pair {
                national: first.seat.clone(),
                provincial: second.seat.clone(),
                shared_stations: shared.len(),
                trips,
            });
        }
    }
    pairs.sort_by(|a, b| (&a.national, &a.provincial).cmp(&(&b.national, &b.provincial)));
    pairs
}

fn sum_up(
    summary: &mut Summary,
    sites: &[Site],
    files: &BTreeMap<String, SeatFile>,
    pairs: &[Pair],
) {
    summary.seats = files.len();
    summary.stations = sites.iter().map(|site| site.station_count() as u64).sum();
    let mut gaps = Vec::new();
    let (mut weight, mut early, mut outer) = (0_u64, 0_u64, 0_u64);
    for file in files.values() {
        summary.convoys_eve += file.eve.plan.convoys.len() as u64;
        summary.convoys_night += file.night.plan.convoys.len() as u64;
        for plan in [&file.eve.plan, &file.night.plan] {
            summary.unserved += plan.unserved.len() as u64;
            summary.double_booked += double_booked(&one::bookings(plan)).len();
            match plan.bound.filter(|bound| *bound > 0) {
                Some(bound) => gaps.push((plan.objective - bound).max(0) * 1_000 / bound),
                None => summary.without_bound += 1,
            }
        }
        let stations = u64::from(file.outcome.stations);
        weight += stations;
        early += stations * u64::from(file.outcome.by_provisional_permille);
        outer += stations * u64::from(file.outcome.by_outer_permille);
    }
    gaps.sort_unstable();
    let median = gaps.get(gaps.len() / 2).copied().unwrap_or(0);
    summary.gap_permille_median = u64::try_from(median).unwrap_or(0);
    summary.by_provisional_permille = early / weight.max(1);
    summary.by_outer_permille = outer / weight.max(1);
    summary.pairs = pairs.len();
    let one_trip = |pair: &&Pair| pair.trips.is_some_and(|trips| trips.one_trip);
    summary.one_trip_pairs = pairs.iter().filter(one_trip).count();
}
