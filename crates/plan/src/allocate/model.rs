//! The flow problem behind a plan: who is a source, which posts are sinks, and what a way costs.

use super::{
    AllocateError, AllocateInput, Lock, Weights,
    door::Doors,
    geo::Place,
    input::sorted,
    lock::{self, Pinned},
    road::RoadWays,
    rule::{home::Homes, travel, window},
    way::Near,
};
use crate::{
    flow::{Arc, FlowError, Pairs, Piece, Problem},
    norm::{self, Due, PlaceNorm, StationDue},
    threads::in_runs,
};
use pehra_domain::{
    AreaId, BuildingId, Point, UnitId,
    building::{Building, BuildingKind},
    force::{StaffKind, Tier, Unit},
    plan::Origin,
    risk::RiskClass,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync,
};

/// What sort of post a sink stands for; decides who may fill it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Post {
    /// A women's minimum.
    Women,
    /// Police of either sex, inside or at the ring of a building that is not selected.
    Open,
    /// Police of either sex or civil armed forces: the ring of a selected building.
    Ring,
    StaticCivil,
    StaticArmy,
}

impl Post {
    /// Under which kind of staff the post is counted.
    pub(super) fn counted_as(self) -> StaffKind {
        match self {
            Self::Women => StaffKind::PoliceWoman,
            Self::Open | Self::Ring => StaffKind::PoliceMan,
            Self::StaticCivil => StaffKind::CivilArmedForces,
            Self::StaticArmy => StaffKind::Army,
        }
    }

    /// Who may fill it, and what that costs beyond travel.
    pub(super) fn fillers(self, weights: &Weights) -> Vec<(StaffKind, u32)> {
        let woman = (StaffKind::PoliceWoman, weights.woman_at_open_post);
        match self {
            Self::Women => vec![(StaffKind::PoliceWoman, 0)],
            Self::Open => vec![(StaffKind::PoliceMan, 0), woman],
            Self::Ring => vec![
                (StaffKind::PoliceMan, 0),
                woman,
                (StaffKind::CivilArmedForces, weights.substitute),
            ],
            Self::StaticCivil => {
                vec![(StaffKind::CivilArmedForces, 0), (StaffKind::Army, weights.substitute)]
            }
            Self::StaticArmy => vec![(StaffKind::Army, 0)],
        }
    }
}

/// Some people of one kind at one unit: all of them, or those to whom the same places are closed. Sources of one unit
/// and kind stand beside each other.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) unit: u32,
    pub(super) kind: StaffKind,
    /// The set of sites at home.
    pub(super) closed: u32,
    /// Longest way in seconds.
    pub(super) way_s_max: u32,
    /// Who can be posted: strength less reserve, nobody if out of window or excluded.
    pub(super) strength: u32,
    /// Strength less people pinned.
    pub(super) free: u32,
    pub(super) place: Place,
    pub(super) district: u32,
}

/// The reserve of a unit that is parted by home: so many of these sources stay.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) sources: Range<usize>,
    pub(super) count: u32,
}

/// A building with what it is due.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) id: BuildingId,
    pub(super) district: u32,
    pub(super) point: Point,
    pub(super) place: Place,
    pub(super) detour_permille: u32,
    pub(super) speed_m_per_h: u32,
    /// Where the road map knows it.
    pub(super) spot: Option<u32>,
    /// Whether people vote there.
    pub(super) stations: bool,
    /// Sites of one sort are closed to the same people.
    pub(super) sort: u32,
    pub(super) due: Due,
    pub(super) selected: Option<Tier>,
}

/// The posts of one sort at one building.
#[derive(Clone, Debug)]
pub(super) struct Sink {
    pub(super) site: u32,
    pub(super) post: Post,
    pub(super) need: u32,
    pub(super) pinned: u32,
    pub(super) pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) weights: Weights,
    pub(super) units: Vec<UnitId>,
    pub(super) districts: Vec<AreaId>,
    pub(super) origins: Vec<Vec<Origin>>,
    pub(super) sources: Vec<Source>,
    pub(super) by_kind: [Range<usize>; 4],
    pub(super) sites: Vec<Site>,
    pub(super) sinks: Vec<Sink>,
    /// In the problem they stand behind the sinks.
    pub(super) kept: Vec<Kept>,
    pub(super) homes: Homes,
    pub(super) doors: Doors,
    pub(super) roads: Option<sync::Arc<RoadWays>>,
    /// Seats by unit.
    pub(super) seats: Vec<u32>,
    pub(super) pins: Vec<Pinned>,
    /// Site and unit.
    pub(super) excluded: BTreeSet<(u32, u32)>,
    /// Units excluded everywhere that would otherwise have had people.
    pub(super) excluded_units: BTreeSet<u32>,
    /// Places left out because they are not guarded during the poll.
    pub(super) other_days: u32,
    pub(super) out_of_window: u32,
    /// People of units whose homes nobody listed, and people of listed units who may not be drawn.
    pub(super) home_unknown: u32,
    pub(super) not_listed: u32,
}

/// Sources nearest to a place that enter its rows at the start, per kind of staff.
const NEAREST: usize = 16;

pub(super) fn index(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

pub(super) fn kind_index(kind: StaffKind) -> usize {
    match kind {
        StaffKind::PoliceMan => 0,
        StaffKind::PoliceWoman => 1,
        StaffKind::CivilArmedForces => 2,
        StaffKind::Army => 3,
    }
}

impl Model {
    pub(super) fn try_new(input: &AllocateInput) -> Result<Self, AllocateError> {
        if !input.weights.sound() {
            return Err(AllocateError::Weights);
        }
        if !input.distance.sound() {
            return Err(AllocateError::Detour);
        }
        norm::check(&input.norms.fallback)?;
        for (_, profile) in &input.norms.by_area {
            norm::check(profile)?;
        }
        let buildings = unique(sorted(&input.buildings, |b| b.id.clone()), |b| &b.id)
            .map_err(AllocateError::DoubleBuilding)?;
        let units = unique(sorted(&input.units, |u| u.id.clone()), |u| &u.id)
            .map_err(AllocateError::DoubleUnit)?;
        let mut districts: Vec<AreaId> = buildings
            .iter()
            .map(|building| building.district.clone())
            .chain(units.iter().map(|unit| unit.district.clone()))
            .collect();
        districts.sort();
        districts.dedup();
        let (mut sites, other_days) = sites(input, &buildings, &districts)?;
        if let Some(roads) = &input.roads {
            let known = sites.iter().all(|site| site.spot.is_some());
            if !known || !roads.units().iter().eq(units.iter().map(|unit| &unit.id)) {
                return Err(AllocateError::Roads);
            }
        }
        let sinks = sinks(&input.weights, &sites);
        let homes = Homes::new(input, &mut sites);
        let mut model = Self {
            weights: input.weights.clone(),
            units: units.iter().map(|unit| unit.id.clone()).collect(),
            origins: origins(&districts),
            districts,
            sources: Vec::new(),
            by_kind: [0..0, 0..0, 0..0, 0..0],
            sites,
            sinks,
            kept: Vec::new(),
            homes,
            doors: Doors::default(),
            roads: input.roads.clone(),
            seats: units.iter().map(|unit| unit.seats).collect(),
            pins: Vec::new(),
            excluded: BTreeSet::new(),
            excluded_units: BTreeSet::new(),
            other_days,
            out_of_window: 0,
            home_unknown: 0,
            not_listed: 0,
        };
        model.add_sources(input, &units);
        lock::apply(input, &mut model)?;
        model.doors = Doors::new(&model);
        Ok(model)
    }

    fn add_sources(&mut self, input: &AllocateInput, units: &[&Unit]) {
        let nowhere: BTreeSet<&UnitId> = input
            .locks
            .iter()
            .filter_map(|lock| match lock {
                Lock::Exclude { unit, building: None } => Some(unit),
                Lock::Exclude { .. } | Lock::Pin { .. } => None,
            })
            .collect();
        for kind in StaffKind::ALL {
            let first = self.sources.len();
            for (number, unit) in units.iter().enumerate() {
                if unit.strength(kind) == 0 {
                    continue;
                }
                let in_window = window::covers(unit.window, input.poll);
                let excluded = nowhere.contains(&unit.id);
                self.out_of_window += if in_window { 0 } else { postable(unit, kind) };
                if excluded && in_window {
                    self.excluded_units.insert(index(number));
                }
                let source = Source {
                    unit: index(number),
                    kind,
                    closed: 0,
                    way_s_max: input.rules.way_s_max(unit, input.poll),
                    strength: 0,
                    free: 0,
                    place: Place::of(unit.point),
                    district: position(&self.districts, &unit.district),
                };
                if in_window && !excluded {
                    self.add_parts(input, unit, &source);
                } else {
                    self.sources.push(source);
                }
            }
            self.by_kind[kind_index(kind)] = first..self.sources.len();
        }
    }

    /// A unit's people of one kind: one source, or one for each class of homes, with what is kept of them.
    fn add_parts(&mut self, input: &AllocateInput, unit: &Unit, like: &Source) {
        let postable = postable(unit, like.kind);
        let Some(classes) = self.homes.classes(&unit.id, like.kind) else {
            let asked = input.rules.home || input.rules.training;
            self.home_unknown += if asked { postable } else { 0 };
            self.sources.push(Source { strength: postable, free: postable, ..like.clone() });
            return;
        };
        let listed: u32 = classes.iter().map(|class| class.count).sum();
        let strength = postable.min(listed);
        self.not_listed += postable - strength;
        let first = self.sources.len();
        match classes {
            [] => self.sources.push(like.clone()),
            [one] => self.sources.push(Source {
                closed: one.closed,
                strength,
                free: strength,
                ..like.clone()
            }),
            several => {
                self.sources.extend(several.iter().map(|class| Source {
                    closed: class.closed,
                    strength: class.count,
                    free: class.count,
                    ..like.clone()
                }));
                let (sources, count) = (first..self.sources.len(), listed - strength);
                if count > 0 {
                    self.kept.push(Kept { sources, count });
                }
            }
        }
    }

    pub(super) fn of_kind(&self, kind: StaffKind) -> Range<usize> {
        self.by_kind[kind_index(kind)].clone()
    }

    /// A unit's sources of one kind.
    pub(super) fn sources_of(&self, unit: u32, kind: StaffKind) -> Range<usize> {
        let range = self.of_kind(kind);
        let here = &self.sources[range.clone()];
        let first = range.start + here.partition_point(|source| source.unit < unit);
        let end = range.start + here.partition_point(|source| source.unit <= unit);
        first..end
    }

    /// The first of the sources of the same unit and kind: under it they are counted together.
    pub(super) fn first_of(&self, source: u32) -> u32 {
        let Source { unit, kind, .. } = self.sources[source as usize];
        index(self.sources_of(unit, kind).start)
    }

    pub(super) fn origin(&self, source: &Source, site: &Site) -> Origin {
        self.origins[source.district as usize][site.district as usize]
    }

    /// What is left to post after pins.
    pub(super) fn free(&self, sources: Range<usize>) -> u32 {
        self.sources[sources].iter().map(|source| source.free).sum()
    }

    /// Above every post: nobody kept is worth more elsewhere.
    fn price_of_kept(&self) -> i64 {
        let dearest = self.sinks.iter().flat_map(|sink| &sink.pieces).map(|piece| piece.price);
        2 * dearest.max().unwrap_or(1)
    }

    /// The rows to start from: the nearest sources of each kind that may fill a post.
    pub(super) fn problem(&self, threads: usize) -> Result<Problem, FlowError> {
        let mut problem = self.problem_without_sinks()?;
        let rows = in_runs(self.sinks.len(), threads, |sinks| -> Vec<Vec<Arc>> {
            self.sinks[sinks].iter().map(|sink| self.nearest(sink)).collect()
        });
        for (sink, row) in self.sinks.iter().zip(rows.iter().flatten()) {
            problem.push_sink(row, &sink.pieces)?;
        }
        self.push_kept(&mut problem)?;
        Ok(problem)
    }

    /// The free people and the doors before them.
    pub(super) fn problem_without_sinks(&self) -> Result<Problem, FlowError> {
        let mut problem =
            Problem::try_new(self.sources.iter().map(|source| source.free).collect())?;
        for behind in &self.doors.behind {
            problem.push_door(behind)?;
        }
        Ok(problem)
    }

    /// Adds the reserves of parted units as sinks.
    pub(super) fn push_kept(&self, problem: &mut Problem) -> Result<(), FlowError> {
        let price = self.price_of_kept();
        for kept in &self.kept {
            let row: Vec<Arc> =
                kept.sources.clone().map(|s| Arc { source: index(s), cost: 0 }).collect();
            problem.push_sink(&row, &[Piece { count: kept.count, price }])?;
        }
        Ok(())
    }

    pub(super) fn nearest(&self, sink: &Sink) -> Vec<Arc> {
        let mut row = Vec::new();
        let site = &self.sites[sink.site as usize];
        let mut near: Vec<(f64, u32, usize)> = Vec::with_capacity(NEAREST + 1);
        for (kind, penalty) in sink.post.fillers(&self.weights) {
            near.clear();
            let mut worst = f64::INFINITY;
            for (group, node) in self.doors.ways(kind, site.sort) {
                let source = &self.sources[group.first];
                let far = self.farness(source, site);
                if far >= worst || self.unit_bar(sink.site, source).is_some() {
                    continue;
                }
                let at = near.partition_point(|&(other, ..)| other <= far);
                near.insert(at, (far, node, group.first));
                if near.len() > NEAREST {
                    near.pop();
                    worst = near.last().map_or(worst, |&(far, ..)| far);
                }
            }
            row.extend(near.iter().map(|&(_, node, first)| self.arc(node, first, site, penalty)));
        }
        row
    }

    /// A way to a node behind which people of the unit of source `first` stand.
    fn arc(&self, node: u32, first: usize, site: &Site, penalty: u32) -> Arc {
        let cost = self.way_cost(&self.sources[first], site) + penalty;
        Arc { source: node, cost: i32::try_from(cost).unwrap_or(i32::MAX) }
    }
}

impl Pairs for Model {
    fn below(&self, sink: usize, bound: i64, prices: &[i64], found: &mut dyn FnMut(Arc)) {
        let Some(sink) = self.sinks.get(sink) else {
            // A reserve's own people all stand in its row.
            return;
        };
        let site = &self.sites[sink.site as usize];
        for (kind, penalty) in sink.post.fillers(&self.weights) {
            let room = bound - i64::from(penalty);
            let mut near = Near::new(self, site);
            for (group, node) in self.doors.ways(kind, site.sort) {
                let price = prices[node as usize];
                let reach = room - price;
                if reach <= 0 {
                    continue;
                }
                let source = &self.sources[group.first];
                if near.may_cost_below(source, reach) && self.unit_bar(sink.site, source).is_none()
                {
                    let arc = self.arc(node, group.first, site, penalty);
                    if i64::from(arc.cost) + price < bound {
                        found(arc);
                    }
                }
            }
        }
    }
}

/// People whom a unit can post: quick-reaction people are kept back, from the men first.
pub(super) fn postable(unit: &Unit, kind: StaffKind) -> u32 {
    match kind {
        StaffKind::PoliceMan => unit.strength(kind).saturating_sub(unit.reserve),
        StaffKind::PoliceWoman => {
            let rest = unit.reserve.saturating_sub(unit.strength(StaffKind::PoliceMan));
            unit.strength(kind).saturating_sub(rest)
        }
        StaffKind::CivilArmedForces | StaffKind::Army => {
            unit.strength(kind).saturating_sub(unit.reserve)
        }
    }
}

fn unique<T, K: PartialEq + Clone>(rows: Vec<&T>, key: impl Fn(&T) -> &K) -> Result<Vec<&T>, K> {
    let double = rows.windows(2).find_map(|pair| match pair {
        [a, b] if key(a) == key(b) => Some(key(a).clone()),
        _ => None,
    });
    double.map_or(Ok(rows), Err)
}

fn position(districts: &[AreaId], district: &AreaId) -> u32 {
    index(districts.binary_search(district).unwrap_or(0))
}

fn origins(districts: &[AreaId]) -> Vec<Vec<Origin>> {
    let origin = |unit: &AreaId, place: &AreaId| {
        if unit == place || (unit.depth() >= 3 && place.depth() >= 3 && unit.meets(place)) {
            Origin::OwnDistrict
        } else if unit.province().is_some() && unit.province() == place.province() {
            Origin::OwnProvince
        } else {
            Origin::Outside
        }
    };
    districts
        .iter()
        .map(|unit| districts.iter().map(|place| origin(unit, place)).collect())
        .collect()
}

fn sites(
    input: &AllocateInput,
    buildings: &[&Building],
    districts: &[AreaId],
) -> Result<(Vec<Site>, u32), AllocateError> {
    let known = |id: &BuildingId| buildings.binary_search_by_key(&id, |b| &b.id).is_ok();
    let mut stations: BTreeMap<&BuildingId, Vec<StationDue>> = BTreeMap::new();
    let duties = unique(sorted(&input.stations, |s| s.station.clone()), |s| &s.station)
        .map_err(AllocateError::DoubleStation)?;
    for duty in duties {
        if !known(&duty.building) {
            let (station, building) = (duty.station.clone(), duty.building.clone());
            return Err(AllocateError::UnknownBuilding { station, building });
        }
        let due = StationDue { class: duty.class, kind: duty.kind, booths: duty.booths };
        stations.entry(&duty.building).or_default().push(due);
    }
    let mut selected: BTreeMap<&BuildingId, Tier> = BTreeMap::new();
    for entry in &input.selected {
        if !known(&entry.building) {
            return Err(AllocateError::UnknownSelected(entry.building.clone()));
        }
        if entry.tier != Tier::Police {
            // Listed for both: the civil armed forces stand there and the army may take their place.
            let tier = selected.entry(&entry.building).or_insert(entry.tier);
            *tier = (*tier).min(entry.tier);
        }
    }
    let classes: BTreeMap<&BuildingId, RiskClass> =
        input.place_classes.iter().map(|(id, class)| (id, *class)).collect();
    let mut sites = Vec::with_capacity(buildings.len());
    let mut other_days = 0;
    for building in buildings {
        let overlaps =
            building.window.is_none_or(|w| w.from < input.poll.until && input.poll.from < w.until);
        if !overlaps {
            other_days += 1;
            continue;
        }
        let profile = input.norms.profile(&building.district);
        let tier = selected.get(&building.id).copied();
        let due = if building.kind == BuildingKind::PollingStations {
            let here = stations.get(&building.id).map_or(&[][..], Vec::as_slice);
            norm::need(profile, here, tier.is_some())
        } else {
            let class = classes
                .get(&building.id)
                .copied()
                .unwrap_or_else(|| PlaceNorm::class_unless_assessed(building.kind));
            norm::place_need(&input.norms.places, building.kind, class)
        };
        sites.push(Site {
            id: building.id.clone(),
            district: position(districts, &building.district),
            point: building.point,
            place: Place::of(building.point),
            detour_permille: input.distance.permille(&building.district),
            stations: building.kind == BuildingKind::PollingStations,
            sort: 0,
            speed_m_per_h: travel::speed_m_per_h(input.distance.terrain(&building.district)),
            spot: input.roads.as_ref().and_then(|roads| roads.spot(&building.id)),
            selected: tier.filter(|_| due.class == Some(RiskClass::Most)),
            due,
        });
    }
    Ok((sites, other_days))
}

fn sinks(weights: &Weights, sites: &[Site]) -> Vec<Sink> {
    let mut sinks = Vec::new();
    for (number, site) in sites.iter().enumerate() {
        let mut posts: BTreeMap<Post, BTreeMap<i64, u32>> = BTreeMap::new();
        let mut add = |post: Post, class: RiskClass, dear: u32, cheap: u32| {
            let prices = posts.entry(post).or_default();
            let price = weights.price(class);
            *prices.entry(price * i64::from(weights.dearer_half)).or_default() += dear;
            *prices.entry(price).or_default() += cheap;
        };
        for &(class, posts, women) in &site.due.inner {
            add(Post::Women, class, women, 0);
            let open = posts - women;
            add(Post::Open, class, open / 2, open - open / 2);
        }
        let class = site.due.class.unwrap_or(RiskClass::Normal);
        let ring = if site.selected.is_some() { Post::Ring } else { Post::Open };
        add(ring, class, site.due.outer / 2, site.due.outer - site.due.outer / 2);
        let fixed = site.due.static_outside;
        let post =
            if site.selected == Some(Tier::Army) { Post::StaticArmy } else { Post::StaticCivil };
        add(post, class, fixed / 2, fixed - fixed / 2);
        for (post, prices) in posts {
            let pieces: Vec<Piece> = prices
                .into_iter()
                .filter(|&(_, count)| count > 0)
                .map(|(price, count)| Piece { count, price })
                .collect();
            let need = pieces.iter().map(|piece| piece.count).sum();
            if need > 0 {
                sinks.push(Sink { site: index(number), post, need, pinned: 0, pieces });
            }
        }
    }
    sinks
}
