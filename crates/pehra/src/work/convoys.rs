//! Convoys for every seat: kept seat by seat, so that a run that was stopped goes on where it was.
//!
//! What is kept is what nobody may know before the day; it is not part of the ledger. `sealed-seed.hex` decides which
//! of the near-best plans is taken: keep a folder's apart until the orders are given.

mod drive;
mod haul;
mod meet;
mod one;
mod press;
mod press_sheet;
mod sheet;
mod shelf;
mod site;
mod supply;

use super::{THREADS, WorkError, assess::NO_STATIONS, file::disk, roads::Country};
use crate::node::Node;
use pehra_domain::{
    AreaId, StationId,
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
    path::Path,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
};

use drive::Drive;
pub use meet::{Met, parse_narrow};
pub use one::{Desk, Improvement, NamedCall, Planned, SeatFile, bookings, out_s, read_seat};
pub use press::{PressError, Presses};
pub use press_sheet::{flights_csv, press_loads_csv, press_strips_csv, presses_csv};
pub use sheet::{calls_csv, clock, seat_calls_csv, seat_xlsx, seats_csv};
pub use shelf::{Folder, Locker, Shelf};
pub use site::{OfficeBasis, SeatBrief, Site, seats, sign};
pub use supply::{
    Consigned, Goal, PressFile, PressWish, SupplyFile, SupplySummary, craft_word, day_clock,
    journey, press_finding, supply_in,
};

/// Of all seats; every other file of this ending is one seat's.
const MEETINGS: &str = "meetings.json";
const TRIPS: &str = "trips.json";

#[derive(Clone, Debug)]
pub struct Options {
    /// Only these seats; all when empty.
    pub seats: Vec<String>,
    /// Only seats most of whose buildings lie here.
    pub area: AreaId,
    pub threads: usize,
    /// Nights that are simulated for each seat.
    pub runs: u32,
    /// Search effort in thousandths of the proposed one.
    pub effort_permille: u32,
    /// Also say what more vehicles and an earlier start would bring.
    pub improve: bool,
    /// Bridges, passes and gates where two convoys may not meet.
    pub narrows: Vec<Narrow>,
    /// Lorries and escorts of each press.
    pub press: PressWish,
    /// Tables of all seats and calls.
    pub tables: bool,
    /// A workbook beside each seat's file.
    pub workbooks: bool,
    /// For roads, where a map was taken in.
    pub season: Season,
    /// Closed and slow ways beside those that are signed.
    pub edits: Vec<RoadEdit>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seats: Vec::new(),
            area: AreaId::nation(),
            threads: THREADS,
            runs: 1_000,
            effort_permille: 1_000,
            improve: false,
            narrows: Vec::new(),
            press: PressWish::default(),
            tables: true,
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
    /// Press → district, of all districts.
    pub supply: SupplySummary,
}

/// Plans, tells of every seat as soon as it is kept, and sums up.
///
/// # Errors
/// [`WorkError`]: no stations, no such seat, a shelf that cannot be written, or stopped (what is written stays and is used
/// again).
pub fn run(
    node: &Node,
    shelf: &dyn Shelf,
    options: &Options,
    watch: &mut Watch<'_>,
    done: &mut dyn FnMut(&SeatFile) -> Result<(), WorkError>,
) -> Result<Summary, WorkError> {
    let world = node.world();
    let table = world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
    let sealed = sealed_seed(shelf)?;
    let all = site::sites(node, &world, table)?;
    let mut sites: Vec<&Site> = all.iter().filter(|site| options.wants(site)).collect();
    if sites.is_empty() {
        return Err(WorkError::Input("no station that votes belongs to such a seat".to_owned()));
    }
    let country = Country::open(node, options.season, &options.edits, watch)?;
    let country = country.as_ref();
    let supply = supply::plan_or_keep(node, &all, country, (shelf, &sealed), options)?;
    // The largest first, so that no thread is left alone with one at the end.
    sites.sort_by_key(|site| (std::cmp::Reverse(site.halts.len()), site.seat.clone()));
    let total = sites.len() as u64;
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let mut files: BTreeMap<String, SeatFile> = BTreeMap::new();
    let mut summary = Summary { supply: supply.sum(), ..Summary::default() };
    std::thread::scope(|scope| {
        let (tell_of, hear) = mpsc::channel();
        for _ in 0..options.threads.clamp(1, 64) {
            let (tell_of, next, stop, sites, sealed) =
                (tell_of.clone(), &next, &stop, &sites, &sealed);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let Some(site) = sites.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
                    let planned = one::plan_or_keep(site, country, (shelf, sealed), options);
                    if tell_of.send(planned).is_err() {
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
                done(&file)?;
                files.insert(file.seat.clone(), file);
                tell(watch, "plan convoys", number, total).map_err(WorkError::from)
            });
            if outcome.is_err() {
                stop.store(true, Ordering::Relaxed);
            }
        }
        outcome
    })?;
    sum_up(&mut summary, &sites, &files);
    if options.tables {
        write_tables(node, shelf, (&files, &supply), options.workbooks)?;
    }
    let known = with_neighbours(&all, files, shelf, !options.narrows.is_empty())?;
    let pairs = decide_trips(&all, &known, country);
    summary.pairs = pairs.len();
    let one_trip = |pair: &&Pair| pair.trips.is_some_and(|trips| trips.one_trip);
    summary.one_trip_pairs = pairs.iter().filter(one_trip).count();
    let planned =
        |pair: &Pair| known.contains_key(&pair.national) && known.contains_key(&pair.provincial);
    let mut kept: Vec<Pair> = trips_in(shelf)?.into_iter().filter(|it| !planned(it)).collect();
    kept.extend(pairs);
    kept.sort_by(|a, b| (&a.national, &a.provincial).cmp(&(&b.national, &b.provincial)));
    write_json(shelf, TRIPS, &kept)?;
    if !options.narrows.is_empty() || meetings_in(shelf)?.is_empty() {
        let met = meet::met(&all, &known, &options.narrows, country);
        summary.meetings = met.len();
        write_json(shelf, MEETINGS, &met)?;
    }
    Ok(summary)
}

impl Options {
    fn wants(&self, site: &Site) -> bool {
        let named =
            self.seats.is_empty() || self.seats.iter().any(|seat| seat == site.seat.as_str());
        named && self.area.contains(&site.district)
    }
}

fn write_json(
    shelf: &dyn Shelf,
    name: &str,
    what: &impl serde::Serialize,
) -> Result<(), WorkError> {
    let bytes = serde_json::to_vec_pretty(what).map_err(|e| WorkError::Input(e.to_string()))?;
    shelf.write(name, &bytes)
}

fn read_json<T: serde::de::DeserializeOwned>(
    shelf: &dyn Shelf,
    name: &str,
) -> Result<Vec<T>, WorkError> {
    let bytes = shelf.read(name)?;
    // A list of an older form is made again with the next run.
    Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

/// The decisions for pairs of seats, as the last runs left them.
///
/// # Errors
/// [`WorkError::Input`] when the disk cannot be read.
pub fn trips_in(shelf: &dyn Shelf) -> Result<Vec<Pair>, WorkError> {
    read_json(shelf, TRIPS)
}

/// The meetings at narrow places, as the last run that was told of any left them.
///
/// # Errors
/// [`WorkError::Input`] when the disk cannot be read.
pub fn meetings_in(shelf: &dyn Shelf) -> Result<Vec<Met>, WorkError> {
    read_json(shelf, MEETINGS)
}

/// What was planned now, and of earlier runs the seats that share stations with it, or all where convoys may meet.
fn with_neighbours(
    sites: &[Site],
    files: BTreeMap<String, SeatFile>,
    shelf: &dyn Shelf,
    everybody: bool,
) -> Result<BTreeMap<String, SeatFile>, WorkError> {
    let stations_of = |site: &Site| files.contains_key(site.seat.as_str());
    let own: BTreeSet<&StationId> =
        sites.iter().filter(|site| stations_of(site)).flat_map(Site::stations).collect();
    let beside = sites.iter().filter(|site| {
        !files.contains_key(site.seat.as_str())
            && (everybody || site.stations().any(|station| own.contains(station)))
    });
    let mut read = Vec::new();
    for site in beside {
        read.extend(read_seat(shelf, site.seat.as_str())?);
    }
    let mut known = files;
    known.extend(read.into_iter().map(|file| (file.seat.clone(), file)));
    Ok(known)
}

fn write_tables(
    node: &Node,
    shelf: &dyn Shelf,
    (files, supply): (&BTreeMap<String, SeatFile>, &SupplyFile),
    workbooks: bool,
) -> Result<(), WorkError> {
    let watermark = node.watermark();
    let mark = watermark.as_deref();
    shelf.write("seats.csv", &seats_csv(files, mark)?)?;
    shelf.write("calls.csv", &calls_csv(files, mark)?)?;
    if workbooks {
        for file in files.values() {
            shelf.write(&format!("{}.xlsx", file.seat), &seat_xlsx(file, mark)?)?;
        }
    }
    shelf.write("presses.csv", &presses_csv(supply, mark)?)?;
    shelf.write("press-strips.csv", &press_strips_csv(supply, mark)?)?;
    shelf.write("press-flights.csv", &flights_csv(supply, mark)?)?;
    shelf.write("press-loads.csv", &press_loads_csv(supply, mark)?)
}

/// What a run left in its folder, by seat.
///
/// # Errors
/// [`WorkError::Input`] names the file that is no seat's.
pub fn seats_in(folder: &Path) -> Result<BTreeMap<String, SeatFile>, WorkError> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| disk(folder, &error))? {
        let path = entry.map_err(|error| disk(folder, &error))?.path();
        let listed = [MEETINGS, TRIPS, supply::SUPPLY].map(|name| folder.join(name));
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

/// The shelf's seed, drawn at the first run.
fn sealed_seed(shelf: &dyn Shelf) -> Result<[u8; 32], WorkError> {
    const NAME: &str = "sealed-seed.hex";
    let mut seed = [0_u8; 32];
    if let Some(bytes) = shelf.read(NAME)? {
        let bad = || WorkError::Input(format!("{NAME} does not hold 64 hexadecimal digits"));
        let text = std::str::from_utf8(&bytes).map_err(|_binary| bad())?.trim();
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
    shelf.write(NAME, crate::auth::hex(&seed).as_bytes())?;
    Ok(seed)
}

/// One pair of seats and its decision.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
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
    pairs
}

fn sum_up(summary: &mut Summary, sites: &[&Site], files: &BTreeMap<String, SeatFile>) {
    summary.seats = files.len();
    summary.stations = sites.iter().map(|site| site.station_count() as u64).sum();
    let mut gaps = Vec::new();
    let (mut weight, mut early, mut outer) = (0_u64, 0_u64, 0_u64);
    for file in files.values() {
        summary.convoys_eve += file.eve.plan.convoys.len() as u64;
        summary.convoys_night += file.night.plan.convoys.len() as u64;
        for plan in [&file.eve.plan, &file.night.plan] {
            summary.unserved += plan.unserved.len() as u64;
            summary.double_booked += double_booked(&bookings(plan)).len();
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
}
