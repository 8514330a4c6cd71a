//! Another way for what is on its way past an incident.

use super::RoadsKept;
use crate::{
    node::Node,
    work::roads::{Asker, Country},
    world::World,
};
use pehra_domain::{
    Point, StationId,
    point::{length_m, whole_m},
};
use pehra_plan::{convoy::alternate::line_offset_m, road::anchor::Anchor};

/// Nothing drives nearer past an incident than this.
pub const KEEP_AWAY_M: f64 = 1_000.0;
/// A station farther than this from a way does not name it.
const NAMES_M_MAX: f64 = 3_000.0;
/// Points of a way that are looked at for where it lies farthest from another.
const LOOKED_AT: usize = 64;

/// The roads of now, and where the incident is.
pub struct Round {
    country: std::sync::Arc<Country>,
    incident: Point,
}

/// What a convoy meets on the quickest road to its end, and how it gets round that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    /// How near the quickest road comes to the incident, metres.
    pub passes_m: u32,
    pub drive_s: u32,
    /// The quickest way that keeps away; none where there is none, or where the quickest of all keeps away already.
    pub round: Option<Detour>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detour {
    pub drive_s: u32,
    pub length_m: u32,
    /// A station on it where it lies farthest from the way that it replaces.
    pub via: Option<StationId>,
}

impl Passing {
    /// Whether the quickest road leads past the incident.
    #[must_use]
    pub fn meets_it(&self) -> bool {
        f64::from(self.passes_m) <= KEEP_AWAY_M
    }
}

/// A way with its line.
struct Driven {
    drive_s: u32,
    line: Vec<Point>,
}

impl Round {
    /// None without a road map, or while one is being prepared: an incident does not wait for it.
    #[must_use]
    pub fn open(node: &Node, world: &World, kept: &RoadsKept, incident: Point) -> Option<Self> {
        Some(Self { country: kept.country(node, world)?, incident })
    }

    /// What convoys meet, each by the places that it goes through in order. None for such as the roads do not join.
    #[must_use]
    pub fn passings(&self, world: &World, convoys: &[Vec<Point>]) -> Vec<Option<Passing>> {
        let Self { country, incident } = self;
        let touching: Vec<Option<Vec<(Point, Anchor)>>> = convoys
            .iter()
            .map(|places| places.iter().map(|&it| Some((it, country.anchor(it)?))).collect())
            .collect();
        let mut asker = country.router(None);
        let mut quickest = |places: &Option<Vec<(Point, Anchor)>>| {
            let way = driven(country, &mut asker, places.as_ref()?)?;
            let passes_m = whole_m(line_offset_m(&way.line, *incident));
            let passing = Passing { passes_m, drive_s: way.drive_s, round: None };
            Some((way, passing))
        };
        let mut passings: Vec<_> = touching.iter().map(&mut quickest).collect();
        if passings.iter().flatten().any(|(_, passing)| passing.meets_it()) {
            let away = country.around(*incident, KEEP_AWAY_M);
            let mut asker = country.router(Some(&away));
            for (found, places) in passings.iter_mut().zip(&touching) {
                let Some(((way, passing), places)) = found.as_mut().zip(places.as_ref()) else {
                    continue;
                };
                if passing.meets_it() {
                    let other = driven(country, &mut asker, places);
                    passing.round = other.map(|other| Detour::instead(&other, way, world));
                }
            }
        }
        passings.into_iter().map(|found| Some(found?.1)).collect()
    }
}

impl Detour {
    fn instead(other: &Driven, of: &Driven, world: &World) -> Self {
        let via = farthest(&other.line, &of.line).and_then(|point| nearest_station(world, point));
        Self { drive_s: other.drive_s, length_m: whole_m(length_m(&other.line)), via }
    }
}

/// The quickest way through places in their order.
fn driven(country: &Country, asker: &mut Asker<'_>, places: &[(Point, Anchor)]) -> Option<Driven> {
    let mut all = Driven { drive_s: 0, line: Vec::new() };
    for pair in places.windows(2) {
        let [(from, start), (to, end)] = pair else { continue };
        let (ms, way) = country.way_by(asker, start, end)?;
        all.drive_s = all.drive_s.saturating_add(ms.div_ceil(1_000));
        all.line.extend(country.line(&way, (*from, start), (*to, end)));
    }
    (all.line.len() > 1).then_some(all)
}

/// The point of a way that lies farthest from another one.
fn farthest(way: &[Point], other: &[Point]) -> Option<Point> {
    let step = way.len().div_ceil(LOOKED_AT).max(1);
    let looked_at =
        way.iter().copied().step_by(step).map(|point| (line_offset_m(other, point), point));
    looked_at.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, point)| point)
}

fn nearest_station(world: &World, point: Point) -> Option<StationId> {
    let table = world.stations.as_ref()?;
    let away = table.stations.iter().map(|station| (station.point.distance_m(point), &station.id));
    let nearest = away.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (nearest.0 <= NAMES_M_MAX).then(|| nearest.1.clone())
}
