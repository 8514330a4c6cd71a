//! Roads: a map taken in and ordered, and a country ready to be asked how long one drives.

mod among;
mod anchored;
mod line;

pub use among::Among;
pub use anchored::{Anchored, Asked};
pub use line::Touching;

use super::{THREADS, WorkError, import::Summary};
use crate::{
    dataset::road::{self, MarkEffect, RoadMark, Roads},
    facts,
    node::{DatasetDraft, Node},
};
use pehra_domain::{
    AreaId, Point,
    finding::Finding,
    progress::{Watch, tell},
    road::RoadNetwork,
};
use pehra_exchange::{ImportOptions, code::Code, finding::Findings, links, osm};
use pehra_ops::{Actor, dataset::DatasetKind};
use pehra_plan::{
    allocate::Terrain,
    convoy::alternate::{line_offset_m, offset_m},
    reserve::base::Block,
    road::{
        NO_WAY,
        anchor::{Anchor, Locator, with_own_stretch},
        edit::{self, Effect, RoadEdit},
        estimate::{self, Calibration, Travel},
        graph::{Drive, RoadGraph},
        hierarchy::Hierarchy,
        link::{Link, with_links},
        metric::Metric,
        order::Order,
        route::{Router, Way},
        speed::{Season, Speeds},
        table::Targets,
    },
};
use std::{collections::BTreeMap, fs::File, io::BufReader, path::Path};

/// Journeys compared to see how far estimates are off.
const CALIBRATION_PAIRS: usize = 2_000;
/// A place farther than this from every road is reached by none.
pub const OFF_ROAD_M_MAX: f64 = 20_000.0;
/// A place farther than this from its road makes a way there an estimate.
pub const OFF_ROAD_M_KNOWN: u32 = 1_000;
/// A district's terrain counts up to this far from its centre.
const TERRAIN_M_MAX: f64 = 150_000.0;

/// A map that was read and not signed yet.
pub struct Checked {
    pub file_name: String,
    sha256: [u8; 32],
    pub roads: Roads,
    pub summary: Summary,
    pub findings: Vec<Finding>,
    pub calibration: Vec<Calibration>,
    pub islands: usize,
}

/// Reads a map and the links that go with it, and orders it.
///
/// # Errors
/// [`WorkError`]: stopped, or the file cannot be opened. What is wrong inside it is a finding.
pub fn check(
    node: &Node,
    path: &Path,
    links_path: Option<&Path>,
    watch: &mut Watch<'_>,
) -> Result<Checked, WorkError> {
    let cannot = |error: std::io::Error| {
        WorkError::Input(format!("{} cannot be read: {error}", path.display()))
    };
    let sha256 = hash(File::open(path).map_err(cannot)?).map_err(cannot)?;
    let file = File::open(path).map_err(cannot)?;
    let total = file.metadata().map_err(cannot)?.len();
    let mut input = BufReader::with_capacity(1 << 20, file);
    let read = osm::import(&mut input, total, watch)?;
    let mut all = Summary {
        rows: read.tally.rows,
        accepted: read.tally.accepted,
        repaired: read.tally.repaired,
        quarantined: read.tally.quarantined,
        findings: read.counts,
        values: read.network.stretches.len() as u64,
        ..Summary::default()
    };
    let mut findings = read.findings;
    let links = match links_path {
        Some(path) => read_links(path, &mut all, &mut findings, watch)?,
        None => Vec::new(),
    };
    let network = with_links(read.network, &links);
    let (roads, islands) = ordered(network, &mut all, &mut findings, watch)?;
    let calibration = if roads.network.stretches.is_empty() {
        Vec::new()
    } else {
        let country = Country::try_new(node, roads.clone(), Season::Dry, &[], watch)?;
        country.calibrate(node)
    };
    let file_name =
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Checked { file_name, sha256, roads, summary: all, findings, calibration, islands })
}

fn hash(mut file: File) -> std::io::Result<[u8; 32]> {
    use sha2::Digest;
    let mut digest = sha2::Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = std::io::Read::read(&mut file, &mut buffer)?;
        if count == 0 {
            return Ok(digest.finalize().into());
        }
        digest.update(buffer.get(..count).unwrap_or_default());
    }
}

fn read_links(
    path: &Path,
    all: &mut Summary,
    findings: &mut Vec<Finding>,
    watch: &mut Watch<'_>,
) -> Result<Vec<Link>, WorkError> {
    let mut file = File::open(path)
        .map_err(|error| WorkError::Input(format!("{} cannot be read: {error}", path.display())))?;
    let read = links::import(&mut file, &ImportOptions::default(), watch)?;
    all.rows += read.tally.rows;
    all.accepted += read.tally.accepted;
    all.quarantined += read.tally.quarantined;
    for (code, count) in read.counts {
        *all.findings.entry(code).or_default() += count;
    }
    findings.extend(read.findings);
    let link =
        |l: links::Link| Link { class: l.class, from: l.from, to: l.to, duration_s: l.duration_s };
    Ok(read.values.into_iter().map(link).collect())
}

/// Orders a network, and tells of roads that hang together with nothing.
fn ordered(
    network: RoadNetwork,
    all: &mut Summary,
    findings: &mut Vec<Finding>,
    watch: &mut Watch<'_>,
) -> Result<(Roads, usize), WorkError> {
    tell(watch, "order the roads", 0, 1)?;
    let graph =
        RoadGraph::try_new(&network).map_err(|error| WorkError::Input(error.to_string()))?;
    let (_, sizes) = graph.islands();
    let largest = sizes.iter().copied().max().unwrap_or_default();
    let others = sizes.len().saturating_sub(1);
    if others > 0 {
        let lost = sizes.iter().sum::<u32>() - largest;
        let mut told = Findings::default();
        told.push(Code::RoadIslands, 0, "", &others.to_string(), &lost.to_string());
        let (list, counts) = told.into_parts();
        findings.extend(list);
        all.findings.extend(counts);
    }
    let order = Order::compute(&graph.arcs, &graph.points(&network), THREADS);
    tell(watch, "order the roads", 1, 1)?;
    Ok((Roads { network, order: order.vertices().to_vec() }, others))
}

/// Makes a checked map part of the record. A map without a road is refused; one that is already current signs nothing.
///
/// # Errors
/// [`WorkError`]: nothing usable, refused, or the disk refused.
pub fn sign(node: &Node, actor: &Actor, checked: &Checked) -> Result<bool, WorkError> {
    if checked.roads.network.stretches.is_empty() {
        let text = "nothing of this map can be used; the findings say why";
        return Err(WorkError::Input(text.to_owned()));
    }
    if node.roads()?.is_some_and(|held| held == checked.roads) {
        return Ok(false);
    }
    let network = &checked.roads.network;
    let counts = BTreeMap::from([
        ("junctions".to_owned(), network.junctions.len() as u64),
        ("stretches".to_owned(), network.stretches.len() as u64),
        ("kilometres".to_owned(), network.length_km()),
        ("forbidden turns".to_owned(), network.forbidden.len() as u64),
    ]);
    let chunks = road::write_roads(&checked.roads);
    let draft = DatasetDraft {
        source_name: checked.file_name.clone(),
        source_sha256: checked.sha256,
        counts,
        ..DatasetDraft::computed(DatasetKind::Roads, "current", Vec::new(), chunks, &[])
    };
    node.commit_dataset(actor, draft)?;
    Ok(true)
}

/// Times of a country's roads of which some are cut.
pub struct Cut(Metric);

/// The roads without those near a place.
pub struct Away {
    metric: Metric,
    place: Point,
    radius_m: f64,
}

impl Away {
    /// Whether a line keeps away from the place.
    fn keeps(&self, line: &[Point]) -> bool {
        line_offset_m(line, self.place) > self.radius_m
    }
}

/// What asks for ways, one after another.
pub struct Asker<'a> {
    away: Option<&'a Away>,
    router: Router<'a>,
}

/// A road map ready for questions, for one season, with what is different today.
pub struct Country {
    pub network: RoadNetwork,
    pub graph: RoadGraph,
    hierarchy: Hierarchy,
    metric: Metric,
    locator: Locator,
    /// Arcs that edits changed.
    pub edited: usize,
}

impl Country {
    /// The node's own map with the marks that are signed, and then the edits; none when none was taken in.
    ///
    /// # Errors
    /// [`WorkError`] when it cannot be read or prepared.
    pub fn open(
        node: &Node,
        season: Season,
        edits: &[RoadEdit],
        watch: &mut Watch<'_>,
    ) -> Result<Option<Self>, WorkError> {
        let Some(roads) = node.roads()? else { return Ok(None) };
        let mut all: Vec<RoadEdit> = node.road_marks()?.iter().map(RoadEdit::from).collect();
        all.extend(edits.iter().cloned());
        Self::try_new(node, roads, season, &all, watch).map(Some)
    }

    fn try_new(
        node: &Node,
        roads: Roads,
        season: Season,
        edits: &[RoadEdit],
        watch: &mut Watch<'_>,
    ) -> Result<Self, WorkError> {
        tell(watch, "prepare the roads", 0, 1)?;
        let wrong = |error: &dyn std::fmt::Display| WorkError::Input(error.to_string());
        let speeds = facts::road_speeds().map_err(|error| wrong(&error))?;
        let Roads { network, order } = roads;
        let graph = RoadGraph::try_new(&network).map_err(|error| wrong(&error))?;
        let order = Order::try_from_vertices(order)
            .ok_or_else(|| wrong(&"the order of the road map is damaged: take the map in again"))?;
        let hierarchy = Hierarchy::try_new(&graph.arcs, order).map_err(|error| wrong(&error))?;
        let weights = weights(node, &speeds, &network, &graph, season);
        let (number, sizes) = graph.islands();
        let largest = sizes.iter().copied().max().unwrap_or_default();
        let mut metric = Metric::new(&graph.arcs, &hierarchy, weights, THREADS);
        let changes = edit::changes(edits, &network, &graph, metric.weights());
        metric.change(&graph.arcs, &hierarchy, &changes);
        // A place is put on a road that is open and leads on, not on a closed one nor on a car park that the map draws apart.
        let open = |stretch: usize| {
            [true, false].into_iter().any(|forth| {
                let arcs = graph.arcs_of(Drive::new(stretch_number(stretch), forth));
                arcs.iter().any(|&arc| metric.weight(arc as usize) < NO_WAY)
            })
        };
        let leads_on = |stretch: usize| {
            let island = number[network.stretches[stretch].from as usize] as usize;
            sizes[island].saturating_mul(100) >= largest && open(stretch)
        };
        let locator = Locator::new(&network, &leads_on);
        tell(watch, "prepare the roads", 1, 1)?;
        Ok(Self { network, graph, hierarchy, metric, locator, edited: changes.len() })
    }

    fn calibrate(&self, node: &Node) -> Vec<Calibration> {
        let terrain = terrain(node);
        let ready = (&self.hierarchy, &self.metric);
        let size = (CALIBRATION_PAIRS, 1);
        estimate::calibrate(&self.network, &self.graph, ready, &terrain, size)
    }

    /// Where a place touches the road; none when it is too far from any.
    #[must_use]
    pub fn anchor(&self, place: Point) -> Option<Anchor> {
        self.locator.nearest(&self.network, place, OFF_ROAD_M_MAX)
    }

    /// A shortest way between two anchors, and its time; none when there is none.
    #[must_use]
    pub fn way(&self, from: &Anchor, to: &Anchor) -> Option<(u32, Way)> {
        self.way_by(&mut self.router(None), from, to)
    }

    /// What many ways are asked with, past a place that they keep away from or none: it holds some bytes for each junction
    /// of the country.
    #[must_use]
    pub fn router<'a>(&'a self, away: Option<&'a Away>) -> Asker<'a> {
        let metric = away.map_or(&self.metric, |away| &away.metric);
        Asker { away, router: Router::new(&self.graph.arcs, &self.hierarchy, metric) }
    }

    /// The same by a router that is asked again.
    pub fn way_by(&self, asker: &mut Asker<'_>, from: &Anchor, to: &Anchor) -> Option<(u32, Way)> {
        let Asker { away, router } = asker;
        // Of the first and the last stretch a part is driven: it may keep away where the whole does not.
        let keeps = |anchor: &Anchor, permille: u32| {
            away.is_none_or(|away| away.keeps(&line::part(&self.network, anchor, permille)))
        };
        let weights = self.metric.weights();
        let departures = from.departures_where(&self.graph, weights, &|forth| {
            keeps(from, if forth { 1_000 } else { 0 })
        });
        let arrivals = to.arrivals_where(&self.graph, weights, &|forth| {
            keeps(to, if forth { 0 } else { 1_000 })
        });
        let way = router.way(&departures, &arrivals);
        let along = from.along_ms(to, &self.graph, weights);
        let along = if keeps(from, to.share_permille) { along } else { NO_WAY };
        match way {
            Some(way) if way.time_ms <= along => Some((way.time_ms, way)),
            _ if along < NO_WAY => {
                Some((along, Way { time_ms: along, from: 0, to: 0, arcs: Vec::new() }))
            }
            _ => None,
        }
    }

    /// Times between all pairs in milliseconds, row by row.
    #[must_use]
    pub fn table(&self, from: &[Anchor], to: &[Anchor]) -> Vec<u32> {
        self.table_with(None, from, to)
    }

    /// The same with some roads cut.
    #[must_use]
    pub fn table_with(&self, cut: Option<&Cut>, from: &[Anchor], to: &[Anchor]) -> Vec<u32> {
        let metric = cut.map_or(&self.metric, |cut| &cut.0);
        let weights = metric.weights();
        let arrivals: Vec<_> = to.iter().map(|a| a.arrivals(&self.graph, weights)).collect();
        let departures: Vec<_> = from.iter().map(|a| a.departures(&self.graph, weights)).collect();
        let targets = Targets::new(&self.hierarchy, metric, &arrivals);
        let mut times = targets.times_ms(&self.hierarchy, metric, &departures, THREADS);
        with_own_stretch(&mut times, from, to, &self.graph, weights);
        times
    }

    /// The roads with every stretch closed that crosses one of some lines.
    #[must_use]
    pub fn cut(&self, lines: &[Block]) -> Cut {
        self.without(&|from, to| lines.iter().any(|line| line.stops(from, to)))
    }

    /// The roads without every stretch that comes as near as so many metres to a place.
    #[must_use]
    pub fn around(&self, place: Point, radius_m: f64) -> Away {
        // A degree of latitude is longer than a hundred kilometres: most of the country is left out by a subtraction.
        let most_e7 = radius_m / 100_000.0 * 1e7;
        let beside = |point: Point| (f64::from(point.lat_e7) - f64::from(place.lat_e7)) / most_e7;
        let Cut(metric) = self.without(&|from, to| {
            let (a, b) = (beside(from), beside(to));
            let apart = (a > 1.0 && b > 1.0) || (a < -1.0 && b < -1.0);
            !apart && offset_m(from, to, place) <= radius_m
        });
        Away { metric, place, radius_m }
    }

    /// The roads without every stretch of which a part is gone.
    fn without(&self, is_gone: &dyn Fn(Point, Point) -> bool) -> Cut {
        let is_cut = |stretch: &usize| {
            let points: Vec<Point> = self.network.line_of(*stretch).collect();
            points.windows(2).any(|part| is_gone(part[0], part[1]))
        };
        let closed = (0..self.network.stretches.len()).filter(is_cut).flat_map(|stretch| {
            let number = stretch_number(stretch);
            [true, false].map(|forth| self.graph.arcs_of(Drive::new(number, forth)))
        });
        let changes: Vec<(usize, u32)> =
            closed.flatten().map(|&arc| (arc as usize, NO_WAY)).collect();
        let mut metric = self.metric.clone();
        metric.change(&self.graph.arcs, &self.hierarchy, &changes);
        Cut(metric)
    }

    /// Metres a second on the quickest stretch that is open.
    #[must_use]
    pub fn fastest_m_per_s(&self) -> f64 {
        let speed = |stretch: usize| {
            let drives = [true, false].map(|forth| Drive::new(stretch_number(stretch), forth));
            let arcs = drives.into_iter().flat_map(|drive| self.graph.arcs_of(drive));
            let ms = arcs.map(|&arc| self.metric.weight(arc as usize)).min()?;
            let metres = f64::from(self.network.stretches.get(stretch)?.length_m) + 1.0;
            (ms < NO_WAY).then(|| metres * 1_000.0 / f64::from(ms.max(1)))
        };
        (0..self.network.stretches.len()).filter_map(speed).fold(0.0, f64::max)
    }

    /// Times from an anchor to every vertex in milliseconds.
    #[must_use]
    pub fn reach(&self, from: &Anchor) -> Vec<u32> {
        let departures = from.departures(&self.graph, self.metric.weights());
        pehra_plan::road::reach::times_ms(&self.hierarchy, &self.metric, &departures)
    }

    /// Time of an arc as it stands today.
    #[must_use]
    pub fn weight_ms(&self, arc: usize) -> u32 {
        self.metric.weight(arc)
    }

    /// Points of a way between two places that touch a road, in order of travel.
    #[must_use]
    pub fn line(&self, way: &Way, from: Touching<'_>, to: Touching<'_>) -> Vec<Point> {
        line::line((&self.network, &self.graph), way, from, to)
    }
}

impl From<&RoadMark> for RoadEdit {
    fn from(mark: &RoadMark) -> Self {
        let effect = match mark.effect {
            MarkEffect::Closed => Effect::Closed,
            MarkEffect::Factor(permille) => Effect::Factor(permille),
        };
        Self { way: mark.way, near: mark.near, forth: None, effect }
    }
}

/// Puts the marks that stand today in the place of those before, as one signed entry; the same ones again sign nothing.
///
/// # Errors
/// [`WorkError`]: a way that the map does not have, refused, or the disk refused.
pub fn mark(node: &Node, actor: &Actor, marks: &[RoadMark]) -> Result<bool, WorkError> {
    let Some(roads) = node.roads()? else {
        return Err(WorkError::Missing("no road map was taken in: pehra plan import roads FILE"));
    };
    for mark in marks {
        if edit::stretches(&RoadEdit::from(mark), &roads.network).is_empty() {
            let text = format!("the map has no way {}: look its number up again", mark.way);
            return Err(WorkError::Input(text));
        }
    }
    if node.road_marks()? == marks {
        return Ok(false);
    }
    let chunks = crate::dataset::write_rows(marks.to_vec(), |_| AreaId::nation());
    let closed = marks.iter().filter(|mark| mark.effect == MarkEffect::Closed).count() as u64;
    let counts = [("closed", closed), ("slow", marks.len() as u64 - closed)];
    let inputs = node.world().roads.iter().map(|it| it.manifest).collect();
    let draft = DatasetDraft::computed(DatasetKind::RoadMarks, "current", inputs, chunks, &counts);
    node.commit_dataset(actor, draft)?;
    Ok(true)
}

fn weights(
    node: &Node,
    speeds: &Speeds,
    network: &RoadNetwork,
    graph: &RoadGraph,
    season: Season,
) -> Vec<u32> {
    let terrain = terrain(node);
    graph.weights(&speeds.weigh(network, season, &terrain))
}

fn stretch_number(stretch: usize) -> u32 {
    u32::try_from(stretch).unwrap_or(u32::MAX)
}

/// Terrain by the nearest district's centre; plain far from all.
pub fn terrain(node: &Node) -> impl Fn(Point) -> Terrain {
    let gazetteer = node.gazetteer();
    let model = facts::distances(gazetteer);
    let named: BTreeMap<_, _> = model.terrain.into_iter().collect();
    let centres: Vec<(Point, Terrain)> = gazetteer
        .districts
        .iter()
        .map(|d| (d.centre, named.get(&d.area).copied().unwrap_or(Terrain::Plain)))
        .collect();
    move |place| {
        // Squares of degrees are enough to choose the nearest; the distance is checked once.
        let squared = |point: &Point| {
            let north = f64::from(point.lat_e7) - f64::from(place.lat_e7);
            let east = (f64::from(point.lon_e7) - f64::from(place.lon_e7)) * 0.86;
            north * north + east * east
        };
        let nearest = centres.iter().min_by(|a, b| squared(&a.0).total_cmp(&squared(&b.0)));
        nearest
            .filter(|(centre, _)| centre.distance_m(place) <= TERRAIN_M_MAX)
            .map_or(Terrain::Plain, |(_, terrain)| *terrain)
    }
}

/// A journey without roads: great circle, detour and speed by the terrain where it begins. Marked as estimated.
///
/// # Errors
/// [`WorkError::Input`] when the table of speeds cannot be read.
pub fn estimated(node: &Node, from: Point, to: Point) -> Result<Travel, WorkError> {
    let speeds = facts::road_speeds().map_err(|error| WorkError::Input(error.to_string()))?;
    let (detour_permille, speed_m_per_h) = speeds.estimate(terrain(node)(from));
    Ok(estimate::travel(from, to, detour_permille, speed_m_per_h))
}
