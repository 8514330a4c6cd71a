//! Sectors: about a dozen stations that one post can hear and one officer can lead.
//!
//! Stations are laid along a curve that fills the plane, cut into runs of a dozen, and then moved and exchanged between
//! neighbouring sectors as long as that brings them nearer to their posts. A post stands at the station that is nearest to
//! all of its sector. Whoever no post can hear gets a small sector of its own neighbours.

use super::{
    field::{Spot, along_curve},
    narrow,
};

/// Stations that a sector is cut for, and the most that one officer leads.
pub const SPAN: usize = 12;
pub const SPAN_MAX: usize = 15;

/// Rounds of moving stations between sectors.
const ROUNDS: usize = 8;
/// Neighbouring posts tried for a station.
const NEAR: usize = 4;

/// A sector by positions in the list of stations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sector {
    /// The station where its post stands.
    pub post: u32,
    /// In rising order; the post is among them.
    pub stations: Vec<u32>,
}

/// Divides a district. `range_m` is how far a post hears. Every station is in exactly one sector, none has more than
/// [`SPAN_MAX`], and every station is within range of its post.
#[must_use]
pub fn divide(spots: &[Spot], range_m: u32) -> Vec<Sector> {
    let mut order: Vec<u32> = (0..narrow(spots.len())).collect();
    order.sort_by_key(|&at| (along_curve(spots[at as usize]), spots[at as usize], at));
    let wanted = spots.len().div_ceil(SPAN).max(1);
    let mut sectors: Vec<Vec<u32>> = (0..wanted)
        .map(|at| order[spots.len() * at / wanted..spots.len() * (at + 1) / wanted].to_vec())
        .filter(|run| !run.is_empty())
        .collect();
    let mut posts: Vec<u32> = sectors.iter().map(|run| middle(spots, run)).collect();
    for _ in 0..ROUNDS {
        if !improve(spots, &mut sectors, &posts) {
            break;
        }
        posts = sectors.iter().map(|run| middle(spots, run)).collect();
    }
    let left = out_of_range(spots, &mut sectors, &posts, range_m);
    let mut all: Vec<Sector> =
        sectors.into_iter().zip(posts).map(|(stations, post)| Sector { post, stations }).collect();
    all.extend(gather(spots, &left, range_m));
    for sector in &mut all {
        sector.stations.sort_unstable();
    }
    all.sort_by(|a, b| a.stations.cmp(&b.stations));
    all
}

/// The station with the least sum of distances to all others; the lowest of equals.
fn middle(spots: &[Spot], run: &[u32]) -> u32 {
    let sum = |&at: &u32| -> u64 {
        let here = spots[at as usize];
        run.iter().map(|&other| u64::from(here.metres(spots[other as usize]))).sum()
    };
    run.iter().copied().min_by_key(|at| (sum(at), *at)).unwrap_or_default()
}

/// One round of moves and exchanges; whether any was made.
fn improve(spots: &[Spot], sectors: &mut [Vec<u32>], posts: &[u32]) -> bool {
    let mut of = vec![0_usize; spots.len()];
    for (sector, run) in sectors.iter().enumerate() {
        for &at in run {
            of[at as usize] = sector;
        }
    }
    let to_post = |at: u32, sector: usize| {
        i64::from(spots[at as usize].metres(spots[posts[sector] as usize]))
    };
    let mut moved = false;
    for at in 0..narrow(spots.len()) {
        let own = of[at as usize];
        if at == posts[own] {
            continue;
        }
        for other in nearest(spots, posts, at) {
            let gain = to_post(at, own) - to_post(at, other);
            if other == own || gain <= 0 {
                break;
            }
            if sectors[other].len() < SPAN_MAX.min(SPAN + 1) && sectors[own].len() > SPAN / 2 {
                shift(&mut sectors[..], &mut of, at, other);
                moved = true;
                break;
            }
            let partner = sectors[other]
                .iter()
                .copied()
                .filter(|&them| them != posts[other])
                .map(|them| (gain + to_post(them, other) - to_post(them, own), them))
                .max_by_key(|&(both, them)| (both, std::cmp::Reverse(them)));
            if let Some((_, them)) = partner.filter(|&(both, _)| both > 0) {
                shift(&mut sectors[..], &mut of, at, other);
                shift(&mut sectors[..], &mut of, them, own);
                moved = true;
                break;
            }
        }
    }
    moved
}

fn shift(sectors: &mut [Vec<u32>], of: &mut [usize], at: u32, to: usize) {
    let from = of[at as usize];
    sectors[from].retain(|&other| other != at);
    sectors[to].push(at);
    of[at as usize] = to;
}

/// The nearest posts, nearest first.
fn nearest(spots: &[Spot], posts: &[u32], at: u32) -> Vec<usize> {
    let here = spots[at as usize];
    let mut best: Vec<(i64, usize)> = Vec::with_capacity(NEAR + 1);
    for (sector, &post) in posts.iter().enumerate() {
        let distance = here.squared(spots[post as usize]);
        if best.len() < NEAR || best.last().is_some_and(|last| (distance, sector) < *last) {
            let place = best.partition_point(|known| *known < (distance, sector));
            best.insert(place, (distance, sector));
            best.truncate(NEAR);
        }
    }
    best.into_iter().map(|(_, sector)| sector).collect()
}

/// Takes out stations that their post does not hear; another post in range with room takes them, otherwise they are left.
fn out_of_range(spots: &[Spot], sectors: &mut [Vec<u32>], posts: &[u32], range_m: u32) -> Vec<u32> {
    let hears =
        |sector: usize, at: u32| spots[posts[sector] as usize].within(spots[at as usize], range_m);
    let mut homeless = Vec::new();
    for (sector, run) in sectors.iter_mut().enumerate() {
        run.retain(|&at| {
            let stays = hears(sector, at);
            if !stays {
                homeless.push(at);
            }
            stays
        });
    }
    homeless.sort_unstable();
    homeless.retain(|&at| {
        let room = |sector: &usize| sectors[*sector].len() < SPAN_MAX && hears(*sector, at);
        let taker = (0..posts.len()).filter(room).min_by_key(|&sector| {
            (spots[posts[sector] as usize].squared(spots[at as usize]), sector)
        });
        if let Some(sector) = taker {
            sectors[sector].push(at);
        }
        taker.is_none()
    });
    homeless
}

/// Small sectors for those that are left: again and again around whoever hears the most of them.
fn gather(spots: &[Spot], left: &[u32], range_m: u32) -> Vec<Sector> {
    let near: Vec<Vec<usize>> = left
        .iter()
        .map(|&at| {
            let here = spots[at as usize];
            let heard = |other: &usize| here.within(spots[left[*other] as usize], range_m);
            let mut near: Vec<usize> = (0..left.len()).filter(heard).collect();
            near.sort_by_key(|&other| (here.squared(spots[left[other] as usize]), other));
            near
        })
        .collect();
    let mut count: Vec<usize> = near.iter().map(Vec::len).collect();
    let mut free = vec![true; left.len()];
    let mut sectors = Vec::new();
    while let Some(post) =
        (0..left.len()).filter(|&at| free[at]).max_by_key(|&at| (count[at], std::cmp::Reverse(at)))
    {
        let taken: Vec<usize> =
            near[post].iter().copied().filter(|&at| free[at]).take(SPAN).collect();
        for &at in &taken {
            free[at] = false;
            for &other in &near[at] {
                count[other] -= 1;
            }
        }
        let stations = taken.into_iter().map(|at| left[at]).collect();
        sectors.push(Sector { post: left[post], stations });
    }
    sectors
}
