//! Another way for what is on its way past an incident.

use super::RoadsKept;
use crate::{
    node::Node,
    work::roads::{Asker, Country, length_m},
    world::World,
};
use pehra_domain::{Point, StationId};
use pehra_plan::convoy::alternate::offset_m;

/// Nothing drives nearer past an incident than this.
pub const KEEP_AWAY_M: f64 = 1_000.0;
/// A station farther than this from a way does not name it.
const NAMES_M_MAX: f64 = 3_000.0;
/// Points of a way that are looked at for where it lies farthest from another.
const LOOKED_AT: usize = 64;

/// The roads of now, with those around an incident closed.
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
        let mut asker = country.router(None);
        let quickest: Vec<Option<Driven>> =
            convoys.iter().map(|places| driven(country, &mut asker, places)).collect();
        let near = |way: &Driven| {
            let parts = way.line.windows(2).map(|part| offset_m(part[0], part[1], *incident));
            parts.fold(f64::INFINITY, f64::min)
        };
        let meets = quickest.iter().flatten().any(|way| near(way) <= KEEP_AWAY_M);
        let away = meets.then(|| country.around(*incident, KEEP_AWAY_M));
        let mut beside = away.as_ref().map(|away| country.router(Some(away)));
        let ways = quickest.iter().zip(convoys).map(|(way, places)| {
            let way = way.as_ref()?;
            let passes = near(way);
            let round = beside.as_mut().filter(|_| passes <= KEEP_AWAY_M);
            let round = round.and_then(|asker| driven(country, asker, places));
            Some(Passing {
                passes_m: whole(passes),
                drive_s: way.drive_s,
                round: round.map(|other| Detour {
                    drive_s: other.drive_s,
                    length_m: whole(length_m(&other.line)),
                    via: farthest(&other.line, &way.line)
                        .and_then(|point| nearest_station(world, point)),
                }),
            })
        });
        ways.collect()
    }
}

/// The quickest way through places in their order.
fn driven(country: &Country, asker: &mut Asker<'_>, places: &[Point]) -> Option<Driven> {
    let mut all = Driven { drive_s: 0, line: Vec::new() };
    for pair in places.windows(2) {
        let (from, to) = (country.anchor(pair[0])?, country.anchor(pair[1])?);
        let (ms, way) = country.way_by(asker, &from, &to)?;
        all.drive_s = all.drive_s.saturating_add(ms.div_ceil(1_000));
        all.line.extend(country.line(&way, (pair[0], &from), (pair[1], &to)));
    }
    (all.line.len() > 1).then_some(all)
}

/// The point of a way that lies farthest from another one.
fn farthest(way: &[Point], other: &[Point]) -> Option<Point> {
    let apart = |point: Point| {
        let parts = other.windows(2).map(|part| offset_m(part[0], part[1], point));
        parts.fold(f64::INFINITY, f64::min)
    };
    let step = way.len().div_ceil(LOOKED_AT).max(1);
    let looked_at = way.iter().copied().step_by(step).map(|point| (apart(point), point));
    looked_at.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, point)| point)
}

fn nearest_station(world: &World, point: Point) -> Option<StationId> {
    let table = world.stations.as_ref()?;
    let away = table.stations.iter().map(|station| (station.point.distance_m(point), &station.id));
    let nearest = away.min_by(|a, b| a.0.total_cmp(&b.0))?;
    (nearest.0 <= NAMES_M_MAX).then(|| nearest.1.clone())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "metres on earth, held within the type's bounds"
)]
fn whole(metres: f64) -> u32 {
    metres.round().clamp(0.0, f64::from(u32::MAX)) as u32
}
