//! How long couriers ride: on the node's road map where it knows the places.

use crate::work::roads::{Country, OFF_ROAD_M_KNOWN};
use pehra_domain::Point;
use pehra_plan::{
    communication::{
        courier::{Ride, Rides},
        scheme::Ground,
    },
    road::{NO_WAY, anchor::Anchor},
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
    let anchors: Vec<Option<Anchor>> = places.iter().map(|&place| country.anchor(place)).collect();
    let touching: Vec<Anchor> = anchors.iter().flatten().copied().collect();
    let table = country.table(&touching, &touching);
    // Where a place stands in the table, and the ride from it to its road.
    let mut next = 0;
    let ends: Vec<Option<(usize, u32)>> = anchors
        .iter()
        .map(|anchor| {
            let off_ms = ride.estimated_ms(f64::from(anchor.as_ref()?.off_road_m));
            next += 1;
            Some((next - 1, off_ms))
        })
        .collect();
    let ms = |from: usize, to: usize| match (ends[from], ends[to]) {
        _ if from == to => 0,
        (Some((start, before)), Some((end, after))) => {
            let driven = table[start * touching.len() + end];
            if driven < NO_WAY { (driven + before + after).min(NO_WAY - 1) } else { NO_WAY }
        }
        _ => ride.estimated_ms(places[from].distance_m(places[to])),
    };
    let all = 0..places.len();
    let times = all.clone().flat_map(|from| all.clone().map(move |to| (from, to)));
    let far = |anchor: &Option<Anchor>| {
        anchor.as_ref().is_none_or(|anchor| anchor.off_road_m > OFF_ROAD_M_KNOWN)
    };
    let estimated = anchors.iter().map(far).collect();
    Rides::try_new(row, times.map(|(from, to)| ms(from, to)).collect(), estimated)
}
