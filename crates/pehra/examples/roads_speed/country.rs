//! A country that nobody drew: a jittered grid of lanes with gaps, main roads, highways, bends, one-ways, forbidden turns,
//! fords and barriers, written as a map file of any size from one seed.

use pehra_domain::{Point, seed::Seed};
use pehra_exchange::osm::write::Writer;
use std::{fs::File, io::BufWriter, path::Path};

const HIGHWAY: u64 = 96;
const MAIN: u64 = 12;
/// Bends of a road between two crossings.
const BENDS: u64 = 2;

/// Where the country lies and how far its crossings are from each other.
#[derive(Clone, Copy)]
pub(crate) enum Land {
    /// From 24° N 61° E, a crossing every 0.002°.
    Dense,
    /// All of Pakistan, 23.6 to 37.1° N and 60.8 to 77.2° E, however many crossings there are.
    Pakistan,
}

impl Land {
    /// South and west, and from crossing to crossing: ten-millionths of a degree.
    fn lines(self, side: u64) -> [(i64, i64); 2] {
        let crossings = i64::try_from(side.max(2) - 1).unwrap_or(i64::MAX);
        match self {
            Self::Dense => [(240_000_000, 20_000), (610_000_000, 20_000)],
            Self::Pakistan => {
                [(236_000_000, 135_000_000 / crossings), (608_000_000, 164_000_000 / crossings)]
            }
        }
    }
}

/// Writes about `points` points on roads; answers how many there are.
pub(crate) fn write(path: &Path, points: u64, seed: u64, land: Land) -> std::io::Result<u64> {
    // Each crossing has itself and about 1.45 roads with two bends each.
    let side = (points * 10 / 39).isqrt();
    let [south, west] = land.lines(side);
    let mut out = Writer::try_new(BufWriter::with_capacity(1 << 20, File::create(path)?))?;
    let place = |at: u64, part: u64| {
        let mut chance = Seed::fork(seed, at * 8 + part);
        // A crossing strays by up to seven tenths of a step, a bend by a quarter of that.
        let mut stray = |step: i64| {
            let most = u64::try_from(step * 7 / 10).unwrap_or(1).max(1);
            i64::try_from(chance.below(most)).unwrap_or(0) / (1 + i64::from(part > 0) * 3)
        };
        let (row, column) = (i64::try_from(at / side), i64::try_from(at % side));
        let third = i64::try_from(part.div_ceil(2)).unwrap_or_default();
        let (down, right) = match part {
            0 => (0, 0),
            odd if odd % 2 == 1 => (0, third),
            _ => (third, 0),
        };
        let mut e7 = |(base, step): (i64, i64), line: i64, thirds: i64| {
            let bend = step * 335 / 1_000 * thirds;
            i32::try_from(base + line * step + bend + stray(step)).unwrap_or(0)
        };
        Point {
            lat_e7: e7(south, row.unwrap_or(0), down),
            lon_e7: e7(west, column.unwrap_or(0), right),
        }
    };
    let id = |at: u64, part: u64| i64::try_from(at * 8 + part + 1).unwrap_or(i64::MAX);
    let mut count = 0;
    for at in 0..side * side {
        count += 1;
        let barrier: &[(&str, &str)] = match Seed::fork(seed ^ 2, at).below(2_000) {
            0 => &[("barrier", "bollard")],
            1..=4 => &[("barrier", "gate")],
            _ => &[],
        };
        out.node(id(at, 0), place(at, 0), barrier)?;
        for part in 1..=2 * BENDS {
            if road(at, part % 2 == 1, side, seed).is_some() {
                out.node(id(at, part), place(at, part), &[])?;
                count += 1;
            }
        }
    }
    let mut way = 0;
    for at in 0..side * side {
        for right in [true, false] {
            let Some(kind) = road(at, right, side, seed) else { continue };
            let next = if right { at + 1 } else { at + side };
            let bends = (1..=2 * BENDS).filter(|part| (part % 2 == 1) == right);
            let mut refs = vec![id(at, 0)];
            refs.extend(bends.map(|part| id(at, part)));
            refs.push(id(next, 0));
            way += 1;
            let surface =
                if kind == "track" { ("surface", "earth") } else { ("surface", "asphalt") };
            let ford =
                if kind != "trunk" && way % 900 == 0 { ("ford", "yes") } else { ("lit", "no") };
            let one = if kind == "residential" && way % 25 == 0 {
                ("oneway", "yes")
            } else {
                ("lit", "no")
            };
            out.way(way, &refs, &[("highway", kind), surface, ford, one])?;
        }
    }
    for turn in 0..side * side / 500 {
        let at = Seed::fork(seed ^ 3, turn).below(side * (side - 1));
        out.turn(
            i64::try_from(turn).unwrap_or(0) + 1,
            "no_left_turn",
            [turn_way(turn, way), id(at, 0), turn_way(turn, way) + 1],
        )?;
    }
    out.finish()?;
    Ok(count)
}

fn turn_way(turn: u64, ways: i64) -> i64 {
    1 + (i64::try_from(turn).unwrap_or(0) * 7_919) % (ways - 1).max(1)
}

/// The road to the right of or below a crossing, if there is one.
fn road(at: u64, right: bool, side: u64, seed: u64) -> Option<&'static str> {
    let (row, column) = (at / side, at % side);
    let (line, exists) = if right { (row, column + 1 < side) } else { (column, row + 1 < side) };
    if !exists {
        return None;
    }
    if line.is_multiple_of(HIGHWAY) {
        return Some("trunk");
    }
    if line.is_multiple_of(MAIN) {
        return Some("secondary");
    }
    let missing = 20 + (row / 64 * 7 + column / 64 * 13) % 21;
    let draw = Seed::fork(seed ^ 1, at * 2 + u64::from(right)).below(100);
    (draw >= missing).then_some(if draw > 92 { "track" } else { "residential" })
}
