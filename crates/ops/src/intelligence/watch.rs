//! What falls into watched areas. It raises a hand until somebody has seen it.

use super::{Shape, Threat, geometry};
use crate::{
    incident::{self, Matter},
    stamp::EventRef,
    state::State,
};
use pehra_domain::{AreaId, Point, UnixMs};

/// What fell in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fallen {
    Report(EventRef),
    Incident(incident::Key),
}

impl Fallen {
    /// The name under which it is noticed.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Report(at) => at.to_string(),
            Self::Incident(key) => key.incident.to_string(),
        }
    }
}

/// One thing in one watched area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand<'a> {
    pub area: &'a AreaId,
    pub watch: &'a str,
    pub fallen: Fallen,
    pub threat: Option<Threat>,
    pub since: UnixMs,
    /// Nobody has seen it yet.
    pub up: bool,
}

/// Everything that lies in watched areas at a moment, those that nobody saw first.
#[must_use]
pub fn hands(state: &State, at: UnixMs) -> Vec<Hand<'_>> {
    let desk = &state.intelligence;
    let mut found = Vec::new();
    for (area, watch, _) in desk.watches(at) {
        let mut add = |fallen: Fallen, threat, since| {
            let up = desk.noticed(area, &watch.name, &fallen.name()).is_none();
            found.push(Hand { area, watch: &watch.name, fallen, threat, since, up });
        };
        for (report, record) in desk.all() {
            let Some((told, mark)) = record.written() else { continue };
            let wanted = watch.threats.is_empty() || watch.threats.contains(&told.threat);
            let place = (told.place.points.as_slice(), told.place.radius_m);
            let lives = at < told.expires && !record.is_withdrawn();
            if wanted && lives && falls_in(&watch.shape, area, place, &mark.area) {
                add(Fallen::Report(report), Some(told.threat), mark.clock_ms);
            }
        }
        for (key, record) in state.incidents.all().filter(|_| watch.incidents) {
            let Some((told, _)) = record.report() else { continue };
            let closed = record.phase() == incident::Phase::Closed;
            if closed || key.matter != Matter::Incident {
                continue;
            }
            if falls_in(&watch.shape, area, (told.place.point.as_slice(), 0), &key.area) {
                add(Fallen::Incident(key.clone()), None, told.at);
            }
        }
    }
    let order = |hand: &Hand<'_>| (!hand.up, std::cmp::Reverse(hand.since));
    found.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.fallen.cmp(&b.fallen)));
    found
}

/// Whether spots, so far around, lie in a shape, wholly or in part.
fn falls_in(
    shape: &Shape,
    area: &AreaId,
    (points, radius_m): (&[Point], u32),
    of: &AreaId,
) -> bool {
    match shape {
        Shape::Area => area.contains(of),
        Shape::Circle { centre, radius_m: own_m } => {
            let reach = f64::from(*own_m) + f64::from(radius_m);
            geometry::distance_to_line_m(*centre, points).is_some_and(|m| m <= reach)
        }
        Shape::Polygon(corners) => {
            let closed: Vec<Point> = corners.iter().chain(corners.first()).copied().collect();
            points.iter().any(|spot| geometry::is_inside(*spot, corners))
                || geometry::distance_between_m(points, &closed)
                    .is_some_and(|m| m <= f64::from(radius_m))
        }
    }
}
