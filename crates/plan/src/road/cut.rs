//! Where to cut a piece in two: inertial flow (Schild and Sommer, "On Balanced Separators in Road Networks", 2015).
//! The vertices are sorted along a direction; the fewest edges that part the first quarter from the last are found by a
//! maximum flow of unit capacities, in Dinic's phases; the best of four directions is taken.

use super::{narrow, piece::Piece};
use crate::threads::joined;

const DIRECTIONS: [[i64; 2]; 4] = [[1, 0], [0, 1], [1, 1], [1, -1]];

/// Share of the vertices left free between the two held ends, in hundredths, for pieces up to a size. The flow's cost grows
/// with the square of the share; a large piece gets narrow bands, and several of them.
const FREE_PERCENT: [(usize, usize); 5] =
    [(4_000, 50), (20_000, 36), (100_000, 24), (500_000, 16), (usize::MAX, 10)];

/// Where the middles of the bands lie, in hundredths of the sorted vertices.
const MIDDLES_PERCENT: [usize; 3] = [50, 40, 60];

/// Pieces below this size have one band in each direction.
const ONE_BAND: usize = 100_000;

/// A separator: without these vertices the piece falls apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) separator: Vec<u32>,
    /// Vertices on the smaller of the two sides, the separator on neither.
    smaller: usize,
}

impl Cut {
    /// Fewer vertices for more balance is better: separator ÷ smaller side, compared without division.
    fn beats(&self, other: &Self) -> bool {
        let mine = self.separator.len() as u128 * other.smaller.max(1) as u128;
        let theirs = other.separator.len() as u128 * self.smaller.max(1) as u128;
        (mine, self.separator.len()) < (theirs, other.separator.len())
    }
}

/// The best cut of a connected piece; on two threads when `threads` allows, with the same answer.
pub(super) fn best(piece: &Piece, threads: usize) -> Cut {
    let all = |directions: &[[i64; 2]]| -> Vec<Cut> {
        directions.iter().flat_map(|direction| along(piece, *direction)).collect()
    };
    let found: Vec<Cut> = if threads > 1 {
        std::thread::scope(|scope| {
            let directions = promising(piece);
            let (early, late) = directions.split_at(directions.len() / 2);
            let late = late.to_vec();
            let other = scope.spawn(move || all(&late));
            let mut cuts = all(early);
            cuts.extend(joined(other));
            cuts
        })
    } else {
        all(&promising(piece))
    };
    let mut best: Option<Cut> = None;
    for cut in found {
        if best.as_ref().is_none_or(|known| cut.beats(known)) {
            best = Some(cut);
        }
    }
    best.unwrap_or(Cut { separator: Vec::new(), smaller: 0 })
}

/// Below this size only the two directions are tried in which a piece reaches farthest: a long piece is cut across.
const TWO_DIRECTIONS: usize = 4_000;

fn promising(piece: &Piece) -> Vec<[i64; 2]> {
    if piece.len() >= TWO_DIRECTIONS {
        return DIRECTIONS.to_vec();
    }
    let spread = |[by_lat, by_lon]: [i64; 2]| {
        let along = piece
            .place
            .iter()
            .map(|[lat, lon]| i64::from(*lat) * by_lat + i64::from(*lon) * by_lon);
        let (least, most) =
            along.fold((i64::MAX, i64::MIN), |(least, most), at| (least.min(at), most.max(at)));
        let reach = i128::from(most.saturating_sub(least));
        reach * reach / i128::from(by_lat * by_lat + by_lon * by_lon)
    };
    let mut directions = DIRECTIONS.to_vec();
    directions.sort_by_key(|direction| std::cmp::Reverse(spread(*direction)));
    directions.truncate(2);
    directions
}

/// The cuts of one direction, one for each band.
fn along(piece: &Piece, [by_lat, by_lon]: [i64; 2]) -> Vec<Cut> {
    let count = piece.len();
    let mut sorted: Vec<(i64, u32)> = piece
        .place
        .iter()
        .zip(0_u32..)
        .map(|([lat, lon], vertex)| (i64::from(*lat) * by_lat + i64::from(*lon) * by_lon, vertex))
        .collect();
    let free = FREE_PERCENT.iter().find(|(most, _)| count <= *most).map_or(50, |(_, free)| *free);
    let bands = if count < ONE_BAND { 1 } else { MIDDLES_PERCENT.len() };
    let mut local = vec![u32::MAX; count];
    let cut = |middle: &usize| {
        let first = (count * (2 * middle - free) / 200).max(1);
        let last = (count * (2 * middle + free) / 200).clamp(first, count - 1);
        sorted.select_nth_unstable(first - 1);
        sorted[first..].select_nth_unstable(last.saturating_sub(first));
        Band::new(piece, &sorted, (first, last), &mut local).cut(piece)
    };
    MIDDLES_PERCENT[..bands].iter().map(cut).collect()
}

/// The free vertices of a piece with the rims of both held ends, as a piece of its own.
struct Band {
    piece: Piece,
    side: Vec<Side>,
    /// The whole piece's number of each vertex.
    vertex: Vec<u32>,
    /// Held vertices that are in no rim, at the source and at the sink.
    beyond: [usize; 2],
}

impl Band {
    fn new(
        piece: &Piece,
        sorted: &[(i64, u32)],
        (first, last): (usize, usize),
        local: &mut [u32],
    ) -> Self {
        let mut whole = vec![Side::Source; piece.len()];
        for (kind, part) in [(Side::Free, &sorted[first..last]), (Side::Sink, &sorted[last..])] {
            for &(_, vertex) in part {
                whole[vertex as usize] = kind;
            }
        }
        let is_in = |vertex: &u32| {
            let kind = whole[*vertex as usize];
            kind == Side::Free
                || piece.neighbours(*vertex).iter().any(|&head| whole[head as usize] != kind)
        };
        let vertex: Vec<u32> = (0..narrow(piece.len())).filter(is_in).collect();
        let side: Vec<Side> = vertex.iter().map(|&v| whole[v as usize]).collect();
        let rim = |kind: Side| side.iter().filter(|side| **side == kind).count();
        let beyond = [first - rim(Side::Source), piece.len() - last - rim(Side::Sink)];
        let piece = piece.part(&vertex, local);
        Self { piece, side, vertex, beyond }
    }

    /// The least cut nearest to the sources and the one nearest to the sinks are both least; the better separator of them.
    fn cut(self, whole: &Piece) -> Cut {
        let mut flow = Flow::new(&self.piece, &self.side);
        while flow.phase() {}
        let near = self.separator(whole, &flow.reached(true));
        let mut to_sinks = flow.reached(false);
        for inside in &mut to_sinks {
            *inside = !*inside;
        }
        let far = self.separator(whole, &to_sinks);
        if far.beats(&near) { far } else { near }
    }

    /// The ends of the cut edges on the side where they are fewer. `inside` holds the vertices on the sources' side.
    fn separator(&self, whole: &Piece, inside: &[bool]) -> Cut {
        let rim_of = |wanted: bool| -> Vec<u32> {
            let cut = |v: &u32| {
                inside[*v as usize] == wanted
                    && self.piece.neighbours(*v).iter().any(|&h| inside[h as usize] != wanted)
            };
            let local = (0..narrow(self.piece.len())).filter(cut);
            local.map(|v| self.vertex[v as usize]).collect()
        };
        let (inner, outer) = (rim_of(true), rim_of(false));
        let within = inside.iter().filter(|inside| **inside).count() + self.beyond[0];
        let without = whole.len() - within;
        if inner.len() <= outer.len() {
            let smaller = (within - inner.len()).min(without);
            Cut { separator: inner, smaller }
        } else {
            let smaller = within.min(without - outer.len());
            Cut { separator: outer, smaller }
        }
    }
}

/// Which end a vertex is held at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Free,
    Source,
    Sink,
}

struct Flow<'p> {
    piece: &'p Piece,
    side: &'p [Side],
    sources: Vec<u32>,
    sinks: Vec<u32>,
    /// 1: the edge carries a unit away from this end; -1: towards it.
    carried: Vec<i8>,
    level: Vec<u32>,
    next: Vec<u32>,
}

impl<'p> Flow<'p> {
    fn new(piece: &'p Piece, side: &'p [Side]) -> Self {
        let held = |kind: Side| -> Vec<u32> {
            (0_u32..).zip(side).filter(|(_, side)| **side == kind).map(|(v, _)| v).collect()
        };
        let (sources, sinks) = (held(Side::Source), held(Side::Sink));
        let (carried, level) = (vec![0; piece.head.len()], vec![u32::MAX; piece.len()]);
        Self { piece, side, sources, sinks, carried, level, next: piece.first.clone() }
    }

    /// One round: levels by breadth, then as many units as fit along rising levels. Whether any did.
    fn phase(&mut self) -> bool {
        if !self.rank() {
            return false;
        }
        self.next.copy_from_slice(&self.piece.first);
        let sources = std::mem::take(&mut self.sources);
        let mut path = Vec::new();
        for &start in &sources {
            while self.push(start, &mut path) {}
        }
        self.sources = sources;
        true
    }

    /// Levels from the sources; whether a sink was met.
    fn rank(&mut self) -> bool {
        self.level.fill(u32::MAX);
        let mut queue = self.sources.clone();
        for &vertex in &queue {
            self.level[vertex as usize] = 0;
        }
        let (mut at, mut met) = (0, u32::MAX);
        while let Some(&vertex) = queue.get(at) {
            at += 1;
            let level = self.level[vertex as usize];
            if level >= met {
                break;
            }
            for arc in self.piece.arcs(vertex) {
                let head = self.piece.head[arc];
                let free = self.level[head as usize] == u32::MAX
                    && self.side[head as usize] != Side::Source
                    && self.carried[arc] < 1;
                if free {
                    self.level[head as usize] = level + 1;
                    if self.side[head as usize] == Side::Sink {
                        met = level + 1;
                    } else {
                        queue.push(head);
                    }
                }
            }
        }
        met != u32::MAX
    }

    /// Sends one unit from a source along rising levels, if it can.
    fn push(&mut self, start: u32, path: &mut Vec<usize>) -> bool {
        path.clear();
        let mut here = start;
        loop {
            if self.side[here as usize] == Side::Sink {
                for &arc in path.iter() {
                    self.carried[arc] += 1;
                    self.carried[self.piece.back[arc] as usize] -= 1;
                }
                return true;
            }
            let end = self.piece.first[here as usize + 1];
            let mut found = None;
            while self.next[here as usize] < end {
                let arc = self.next[here as usize] as usize;
                let head = self.piece.head[arc];
                if self.carried[arc] < 1
                    && self.level[head as usize] == self.level[here as usize] + 1
                {
                    found = Some((arc, head));
                    break;
                }
                self.next[here as usize] += 1;
            }
            if let Some((arc, head)) = found {
                path.push(arc);
                here = head;
            } else {
                let Some(arc) = path.pop() else { return false };
                here = self.piece.head[self.piece.back[arc] as usize];
                self.next[here as usize] += 1;
            }
        }
    }

    /// All that sources still reach, or all that still reaches sinks.
    fn reached(&self, from_sources: bool) -> Vec<bool> {
        let start = if from_sources { &self.sources } else { &self.sinks };
        let mut seen = vec![false; self.piece.len()];
        for &vertex in start {
            seen[vertex as usize] = true;
        }
        let mut queue = start.clone();
        while let Some(vertex) = queue.pop() {
            for arc in self.piece.arcs(vertex) {
                let head = self.piece.head[arc] as usize;
                let open =
                    if from_sources { self.carried[arc] < 1 } else { self.carried[arc] > -1 };
                if open && !seen[head] {
                    seen[head] = true;
                    queue.push(self.piece.head[arc]);
                }
            }
        }
        seen
    }
}
