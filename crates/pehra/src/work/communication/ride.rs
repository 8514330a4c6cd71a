//! How long couriers ride: on the node's road map where it knows the places.

use crate::work::roads::{Among, Country, OFF_ROAD_M_KNOWN};
use pehra_domain::Point;
use pehra_plan::{
    communication::{
        courier::{Ride, Rides},
        scheme::Ground,
    },
    road::NO_WAY,
};
use std::collections::BTreeMap;

/// Riding times between all places of a district and its control room: by road where both touch one, with the way off the
/// road at both ends; otherwise estimated.
pub(super) fn times(country: &Country, ground: &Ground, ride: Ride) -> Option<Rides> {
    let mut rows: BTreeMap<Point, u32> = BTreeMap::new();
    let mut places: Vec<Point> = Vec::new();
    let points = ground.sites.iter().map(|site| site.point).chain([ground.control]);
    let row: Vec<u32> = points
        .map(|point| {
            *rows.entry(point).or_insert_with(|| {
                places.push(point);
                u32::try_from(places.len() - 1).unwrap_or(u32::MAX)
            })
        })
        .collect();
    let among = Among::new(country, places.iter().copied());
    // Its row among those that touch a road, and how far off the road it lies.
    let touching = |&place: &Point| {
        let row = among.row(place)?;
        Some((row, among.anchors[row].off_road_m))
    };
    let ends: Vec<Option<(usize, u32)>> = places.iter().map(touching).collect();
    let off_ms = |metres: u32| ride.estimated_ms(f64::from(metres));
    let ms = |from: usize, to: usize| match (ends[from], ends[to]) {
        _ if from == to => 0,
        (Some((start, before_m)), Some((end, after_m))) => match among.ms(start, end) {
            NO_WAY => NO_WAY,
            driven => (driven + off_ms(before_m) + off_ms(after_m)).min(NO_WAY - 1),
        },
        _ => ride.estimated_ms(places[from].distance_m(places[to])),
    };
    let all = 0..places.len();
    let times = all.clone().flat_map(|from| all.clone().map(move |to| (from, to)));
    let far = |end: &Option<(usize, u32)>| end.is_none_or(|(_, off_m)| off_m > OFF_ROAD_M_KNOWN);
    let estimated = ends.iter().map(far).collect();
    Rides::try_new(row, times.map(|(from, to)| ms(from, to)).collect(), estimated)
}
