//! Who could go to an incident: free units by the time they take, by road where the node has a map, with what each one's
//! leaving would uncover.

pub mod round;

use super::{THREADS, WorkError, roads::Country};
use crate::{facts, node::Node, world::World};
use pehra_domain::{AreaId, Point, UnitId, UnixMs, progress::Watch, risk::RiskClass};
use pehra_ops::{
    State,
    check_in::Subject,
    dispatch::{Goal, Phase, Record},
};
use pehra_plan::{
    allocate::Terrain,
    reserve::base::{self, Basis, Demand, Estimates, Targets, TravelTimes},
    road::{NO_WAY, anchor::Anchor, speed::Season},
};
use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError, TryLockError},
};

/// A place that a unit told is where it starts from for so long; afterwards its base is.
const PLACE_MS_MAX: i64 = 30 * 60_000;

/// A unit that could go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub unit: UnitId,
    pub phase: Phase,
    pub crew: u16,
    pub base: String,
    pub vehicle: String,
    /// Where it starts from, and since when it is there; its base where nothing newer is known.
    pub from: Point,
    pub told_at: Option<UnixMs>,
    /// From being told to leaving, and the way.
    pub ready_s: u32,
    pub travel_s: u32,
    pub basis: Basis,
    /// Stations that no free unit would reach in time while it is away.
    pub uncovered: u32,
}

/// Who could go to an incident, the soonest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub point: Point,
    pub offers: Vec<Offer>,
    /// Units that wait at their bases with crews that may be sent.
    pub free: u32,
    pub on_duty: u32,
    pub floor: u32,
    /// Somebody set the floor; otherwise it is the proposed share.
    pub floor_is_set: bool,
}

impl Suggestion {
    /// Whether sending a unit leaves fewer than the floor behind: one that waits counts, one that comes back does not.
    #[must_use]
    pub fn needs_signature(&self, offer: &Offer) -> bool {
        let leaving = u32::from(offer.phase == Phase::Ready);
        self.free.saturating_sub(leaving) < self.floor
    }
}

/// Maps and marks by which a prepared country is known.
pub(crate) type RoadsKey = ([u8; 32], Option<[u8; 32]>);

/// The road map once it is ready for questions.
#[derive(Default)]
pub struct RoadsKept(Mutex<Option<(RoadsKey, Arc<Country>)>>);

impl RoadsKept {
    /// The country of the map and the marks that are current. Whoever asks while it is being prepared goes without: an
    /// incident does not wait for a map.
    fn country(&self, node: &Node, world: &World) -> Option<Arc<Country>> {
        let key = Self::key(node, world)?;
        let mut kept = match self.0.try_lock() {
            Ok(kept) => kept,
            Err(TryLockError::Poisoned(kept)) => PoisonError::into_inner(kept),
            Err(TryLockError::WouldBlock) => return None,
        };
        let mut go_on = |_| ControlFlow::Continue(());
        let opened = Self::ready(node, &mut kept, key, &mut go_on);
        opened.inspect_err(|error| tracing::warn!(%error)).ok()?
    }

    /// The same for whoever has time: waits while it is being prepared. Also tells by what it is known.
    ///
    /// # Errors
    /// [`WorkError`]: stopped, or the map cannot be read.
    pub(super) fn wait(
        &self,
        node: &Node,
        world: &World,
        watch: &mut Watch<'_>,
    ) -> Result<Option<(RoadsKey, Arc<Country>)>, WorkError> {
        let Some(key) = Self::key(node, world) else { return Ok(None) };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Self::ready(node, &mut kept, key, watch)?.map(|country| (key, country)))
    }

    /// By what the roads of now are known; none without a map.
    pub(crate) fn key(node: &Node, world: &World) -> Option<RoadsKey> {
        let map = world.roads.as_ref()?.manifest;
        let marks = node.ops(|state| {
            let kind = pehra_ops::dataset::DatasetKind::RoadMarks;
            state.dataset(kind, &AreaId::nation(), "current").map(|(held, _)| held.manifest.0)
        });
        Some((map, marks))
    }

    fn ready(
        node: &Node,
        kept: &mut Option<(RoadsKey, Arc<Country>)>,
        key: RoadsKey,
        watch: &mut Watch<'_>,
    ) -> Result<Option<Arc<Country>>, WorkError> {
        if let Some((_, country)) = kept.as_ref().filter(|(known, _)| *known == key) {
            return Ok(Some(Arc::clone(country)));
        }
        let opened = Country::open(node, Season::Dry, &[], watch)?.map(Arc::new);
        *kept = opened.clone().map(|country| (key, country));
        Ok(opened)
    }
}

/// Times by road where both ends touch one, otherwise estimated and marked so.
struct Times<'a> {
    estimates: Estimates<'a>,
    /// Milliseconds, row by row; `NO_WAY` where there is none or an end is far from every road.
    by_road: Vec<u32>,
    places: usize,
}

impl TravelTimes for Times<'_> {
    fn bases(&self) -> usize {
        self.estimates.bases()
    }

    fn seconds(&self, base: u32, place: usize) -> Option<(u32, Basis)> {
        match self.by_road.get(base as usize * self.places + place) {
            Some(&ms) if ms < NO_WAY => Some((ms.div_ceil(1_000), Basis::Road)),
            Some(_) | None => self.estimates.seconds(base, place),
        }
    }
}

/// Milliseconds between places by road, row by row.
fn by_road(country: &Country, from: &[Point], to: &[Point]) -> Vec<u32> {
    let anchored = |places: &[Point]| -> (Vec<usize>, Vec<Anchor>) {
        let all = places.iter().enumerate();
        all.filter_map(|(row, &place)| Some((row, country.anchor(place)?))).unzip()
    };
    let ((rows, starts), (columns, ends)) = (anchored(from), anchored(to));
    let table = country.table(&starts, &ends);
    let mut times = vec![NO_WAY; from.len() * to.len()];
    for (row, line) in rows.iter().zip(table.chunks(ends.len().max(1))) {
        for (column, &ms) in columns.iter().zip(line) {
            if let Some(cell) = times.get_mut(row * to.len() + column) {
                *cell = ms;
            }
        }
    }
    times
}

/// Where an incident is: its point, or its station's; the middle of its district where nobody said more.
#[must_use]
pub fn place_of(node: &Node, world: &World, state: &State, goal: &Goal) -> Option<Point> {
    let (report, _) = state.incidents.get(&goal.key())?.report()?;
    let station = || {
        let Some(Subject::Station(id)) = &report.place.subject else { return None };
        let table = world.stations.as_ref()?;
        table.named(id.as_str()).map(|station| station.point)
    };
    let middle = || {
        let districts = &node.gazetteer().districts;
        districts.iter().find(|one| one.area == goal.area).map(|one| one.centre)
    };
    report.place.point.or_else(station).or_else(middle)
}

/// Where a unit starts from.
fn start(record: &Record, at: UnixMs) -> Option<(Point, Option<UnixMs>)> {
    let (_, duty) = record.duty()?;
    let told = record.position().filter(|(told, _)| at.0 - told.0 <= PLACE_MS_MAX);
    Some(told.map_or((duty.point, None), |(told, point)| (point, Some(told))))
}

/// The free units of an area by their time to an incident. Everything is one area's: its units, its stations, its floor.
///
/// # Errors
/// [`WorkError`]: the incident is not known here, or nobody said where it is.
pub fn suggest(
    node: &Node,
    kept: &RoadsKept,
    area: &AreaId,
    goal: &Goal,
    at: UnixMs,
) -> Result<Suggestion, WorkError> {
    let world = node.world();
    let (mut offers, suggestion) = node.ops(|state| {
        let point = place_of(node, &world, state, goal)
            .ok_or(WorkError::Missing("the place of the incident"))?;
        let offers = state.dispatch.of(area).filter_map(|(unit, record)| {
            let may = record.phase().may_be_sent() && record.is_rested(at);
            let (_, duty) = record.duty().filter(|_| may)?;
            let (from, told_at) = start(record, at)?;
            Some(Offer {
                unit: unit.clone(),
                phase: record.phase(),
                crew: duty.crew,
                base: duty.base.clone(),
                vehicle: duty.vehicle.clone(),
                from,
                told_at,
                ready_s: u32::from(duty.ready_minutes) * 60,
                travel_s: 0,
                basis: Basis::Estimated,
                uncovered: 0,
            })
        });
        let offers: Vec<Offer> = offers.collect();
        let floor = state.dispatch.floor(area);
        let free = state.dispatch.free(area, at).count();
        let suggestion = Suggestion {
            point,
            offers: Vec::new(),
            free: u32::try_from(free).unwrap_or(u32::MAX),
            on_duty: state.dispatch.on_duty(area),
            floor: floor.teams,
            floor_is_set: floor.set_by.is_some(),
        };
        Ok::<_, WorkError>((offers, suggestion))
    })?;
    let model = facts::distances(node.gazetteer());
    let terrain = model.terrain(area);
    let mut demands = demands(&world, area, terrain);
    let stations = demands.len();
    demands.push(Demand { point: suggestion.point, terrain, class: RiskClass::Normal });
    let starts: Vec<Point> = offers.iter().map(|offer| offer.from).collect();
    let ends: Vec<Point> = demands.iter().map(|demand| demand.point).collect();
    let country = kept.country(node, &world);
    let times = Times {
        estimates: Estimates::new(&starts, &demands, &model, &[]),
        by_road: country.map(|it| by_road(&it, &starts, &ends)).unwrap_or_default(),
        places: ends.len(),
    };
    let served = demands.get(..stations).unwrap_or_default();
    let cover = base::problem(served, &Targets::proposed(), &times, THREADS)
        .map_err(|error| WorkError::Input(error.to_string()))?;
    let all: Vec<u32> = (0..).take(offers.len()).collect();
    let ranked = base::dispatch(&cover, &times, stations, &all, 0);
    let mut by_time = Vec::with_capacity(ranked.len());
    for one in ranked {
        let Some(offer) = offers.get_mut(one.base as usize) else { continue };
        (offer.travel_s, offer.basis, offer.uncovered) = (one.seconds, one.basis, one.uncovered);
        by_time.push(offer.clone());
    }
    by_time
        .sort_by_key(|offer| (offer.ready_s + offer.travel_s, offer.uncovered, offer.unit.clone()));
    Ok(Suggestion { offers: by_time, ..suggestion })
}

/// The stations of an area with the class that stands.
fn demands(world: &World, area: &AreaId, terrain: Terrain) -> Vec<Demand> {
    let Some(table) = &world.stations else { return Vec::new() };
    let assessed = world.assessment.as_ref();
    let assessed = assessed.filter(|it| it.stations_manifest == table.provenance.manifest);
    let ranges = table.districts.iter().filter(|(district, _)| area.contains(district));
    let positions = ranges.flat_map(|(_, range)| range.clone());
    let all = positions.filter_map(|position| {
        let station = table.stations.get(position as usize)?;
        let row = assessed.and_then(|it| it.rows.get(position as usize));
        let class = row.map(|row| row.force_class()).or_else(|| station.official_class());
        let class = class.unwrap_or(RiskClass::Normal);
        Some(Demand { point: station.point, terrain, class })
    });
    all.collect()
}
