//! Second reading and what comes of both: ways are cut where they meet, and everything is put into an order of places, so
//! that neighbours on the ground are neighbours in the file.

use super::{
    block::{Tags, Visitor},
    rule,
    ways::{Turn, Way, Ways},
};
use crate::{
    code::Code,
    finding::{Findings, Outcome, Tally},
};
use pehra_domain::{
    Point,
    road::{ForbiddenTurn, RoadNetwork, Stretch},
};
use std::collections::{BTreeMap, BTreeSet};

const BLOCKED: u8 = 1;
const GATE: u8 = 2;
const FORD: u8 = 4;

/// A point that the file does not have.
const NOWHERE: Point = Point { lat_e7: i32::MIN, lon_e7: i32::MIN };

/// Places of the points on roads, by the points' numbers.
#[derive(Debug, Default)]
pub(super) struct Places {
    ids: Vec<i64>,
    point: Vec<Point>,
    mark: Vec<u8>,
    /// Where the next number is expected: files are sorted.
    cursor: usize,
}

impl Places {
    fn find(&mut self, id: i64) -> Option<usize> {
        for _ in 0..4 {
            match self.ids.get(self.cursor) {
                Some(&known) if known == id => {
                    self.cursor += 1;
                    return Some(self.cursor - 1);
                }
                Some(&known) if known < id => self.cursor += 1,
                Some(_) | None => break,
            }
        }
        match self.ids.binary_search(&id) {
            Ok(at) => {
                self.cursor = at + 1;
                Some(at)
            }
            Err(at) => {
                self.cursor = at;
                None
            }
        }
    }
}

impl Visitor for Places {
    const NODES: bool = true;
    const WAYS: bool = false;

    fn node(&mut self, id: i64, point: Option<Point>, tags: &Tags<'_>) {
        if self.ids.get(self.cursor).is_some_and(|&next| id < next)
            && (self.cursor == 0 || self.ids[self.cursor - 1] < id)
        {
            return;
        }
        let Some(at) = self.find(id) else { return };
        if let Some(point) = point {
            self.point[at] = point;
        }
        let rule = rule::of_node(tags);
        for (set, bit) in [(rule.blocked, BLOCKED), (rule.gate, GATE), (rule.ford, FORD)] {
            if set {
                self.mark[at] |= bit;
            }
        }
    }
}

/// Ways with their points numbered 0, 1, 2, …
#[derive(Debug, Default)]
pub(super) struct Net {
    ways: Vec<Way>,
    refs: Vec<u32>,
    turns: Vec<Turn>,
    /// How many ways go through or end at a point; an end counts twice.
    uses: Vec<u8>,
    short: u64,
    conditional: u64,
    pub(super) places: Places,
}

impl Net {
    pub(super) fn new(ways: Ways) -> Self {
        let Ways { ways, refs, turns, short, conditional } = ways;
        let mut ids = refs.clone();
        ids.sort_unstable();
        ids.dedup();
        ids.shrink_to_fit();
        let number = |id: &i64| ids.binary_search(id).map_or(u32::MAX, narrow);
        let refs: Vec<u32> = refs.iter().map(number).collect();
        let mut uses = vec![0_u8; ids.len()];
        for &at in &refs {
            uses[at as usize] = uses[at as usize].saturating_add(1);
        }
        for (at, way) in ways.iter().enumerate() {
            let end = ways.get(at + 1).map_or(refs.len(), |next| next.first);
            for point in [refs[way.first], refs[end - 1]] {
                uses[point as usize] = uses[point as usize].saturating_add(1);
            }
        }
        let (point, mark) = (vec![NOWHERE; ids.len()], vec![0; ids.len()]);
        let places = Places { ids, point, mark, cursor: 0 };
        Self { ways, refs, turns, uses, short, conditional, places }
    }

    /// The network, with findings on what could not be used as it stood.
    pub(super) fn finish(self, findings: &mut Findings) -> (RoadNetwork, Tally) {
        let mut tally = Tally::default();
        let mut build = Build::new(&self);
        let mut unread = 0_u64;
        for (at, way) in self.ways.iter().enumerate() {
            let end = self.ways.get(at + 1).map_or(self.refs.len(), |next| next.first);
            let lost = build.way(way, &self.refs[way.first..end]);
            unread += u64::from(way.rule.limit_unread);
            let outcome = if lost > 0 { Outcome::Repaired } else { Outcome::Accepted };
            if lost > 0 {
                let (was, now) = (way.id.to_string(), lost.to_string());
                findings.push(Code::RoadPointMissing, 0, "", &was, &now);
            }
            tally.add(outcome);
        }
        for (count, code) in [
            (self.short, Code::RoadTooShort),
            (unread, Code::RoadLimitUnread),
            (self.conditional, Code::RoadTurnConditional),
        ] {
            if count > 0 {
                findings.push(code, 0, "", &count.to_string(), "");
            }
        }
        let Build { junction, points, mut stretches, shapes, .. } = build;
        let of_turns = turns(&self, &junction, &stretches, findings);
        let network = in_order(&points, &mut stretches, &shapes, of_turns);
        (network, tally)
    }
}

/// A stretch while the network grows: its inner points are `begin..end` of the shapes.
#[derive(Clone, Copy, Debug)]
struct Piece {
    stretch: Stretch,
    begin: u32,
    end: u32,
}

struct Build<'n> {
    net: &'n Net,
    /// The junction at a point, where there is one.
    junction: Vec<u32>,
    points: Vec<Point>,
    stretches: Vec<Piece>,
    shapes: Vec<Point>,
}

impl<'n> Build<'n> {
    fn new(net: &'n Net) -> Self {
        Self {
            net,
            junction: vec![u32::MAX; net.uses.len()],
            points: Vec::new(),
            stretches: Vec::new(),
            shapes: Vec::new(),
        }
    }

    /// Cuts a way at junctions, at barriers and where points are missing; answers how many are.
    fn way(&mut self, way: &Way, refs: &[u32]) -> u64 {
        let places = &self.net.places;
        let mut lost = 0;
        let mut run: Vec<u32> = Vec::new();
        for (place, &at) in refs.iter().enumerate() {
            if places.point[at as usize] == NOWHERE {
                lost += 1;
                self.stretch(way, &run);
                run.clear();
                continue;
            }
            if run.last() == Some(&at) {
                continue;
            }
            run.push(at);
            let inner = place > 0 && place + 1 < refs.len();
            let meets = self.net.uses[at as usize] > 1 || places.mark[at as usize] & BLOCKED > 0;
            if inner && meets && run.len() > 1 {
                self.stretch(way, &run);
                run.clear();
                run.push(at);
            }
        }
        self.stretch(way, &run);
        lost
    }

    /// One stretch from the first to the last of some points.
    fn stretch(&mut self, way: &Way, run: &[u32]) {
        let [first, inner @ .., last] = run else { return };
        let places = &self.net.places;
        let begin = narrow(self.shapes.len());
        let mut metres = 0.0;
        let mut gates = 0_u8;
        let mut mark = 0;
        for pair in run.windows(2) {
            if let [a, b] = pair {
                metres += places.point[*a as usize].distance_m(places.point[*b as usize]);
            }
        }
        for &at in inner {
            self.shapes.push(places.point[at as usize]);
            mark |= places.mark[at as usize];
            gates = gates.saturating_add(u8::from(places.mark[at as usize] & GATE > 0));
        }
        // A gate where ways meet belongs to the stretch that begins there.
        gates = gates.saturating_add(u8::from(places.mark[*first as usize] & GATE > 0));
        let (from, to) = (self.junction_at(*first), self.junction_at(*last));
        let decimetres = whole(metres * 10.0);
        let rule = &way.rule;
        let stretch = Stretch {
            from,
            to,
            length_m: decimetres / 10,
            length_dm: u8::try_from(decimetres % 10).unwrap_or_default(),
            way: way.id,
            class: rule.class,
            surface: rule.surface,
            direction: rule.direction,
            limit_kmh: rule.limit_kmh,
            gates,
            ford: rule.ford || mark & FORD > 0,
            bridge: rule.bridge,
            private: rule.private,
            duration_s: rule.duration_s,
            shape: 0,
        };
        self.stretches.push(Piece { stretch, begin, end: narrow(self.shapes.len()) });
    }

    /// The junction at a point; at a barrier that blocks, a new dead end every time.
    fn junction_at(&mut self, at: u32) -> u32 {
        let places = &self.net.places;
        let known = self.junction[at as usize];
        let blocked = places.mark[at as usize] & BLOCKED > 0;
        if known != u32::MAX && !blocked {
            return known;
        }
        let new = narrow(self.points.len());
        self.points.push(places.point[at as usize]);
        self.junction[at as usize] = new;
        new
    }
}

/// Turn rules as pairs of stretches (still by the order in which they were cut).
fn turns(
    net: &Net,
    junction: &[u32],
    stretches: &[Piece],
    findings: &mut Findings,
) -> Vec<ForbiddenTurn> {
    let named: BTreeSet<i64> =
        net.turns.iter().flat_map(|turn| turn.from.iter().chain(&turn.to)).copied().collect();
    let mut of_way: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
    for (at, piece) in (0_u32..).zip(stretches) {
        if named.contains(&piece.stretch.way) {
            of_way.entry(piece.stretch.way).or_default().push(at);
        }
    }
    let mut vias: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let via_of = |turn: &Turn| {
        let at = net.places.ids.binary_search(&turn.via?).ok()?;
        Some(junction[at]).filter(|&junction| junction != u32::MAX)
    };
    for via in net.turns.iter().filter_map(via_of) {
        vias.insert(via, Vec::new());
    }
    for (at, piece) in (0_u32..).zip(stretches) {
        for end in [piece.stretch.from, piece.stretch.to] {
            if let Some(around) = vias.get_mut(&end) {
                around.push(at);
            }
        }
    }
    let mut forbidden = Vec::new();
    for turn in &net.turns {
        let at_via = |via: u32, ways: &[i64]| -> Vec<u32> {
            let all = ways.iter().filter_map(|way| of_way.get(way)).flatten();
            let touches = |at: &&u32| {
                let s = &stretches[**at as usize].stretch;
                s.from == via || s.to == via
            };
            all.filter(touches).copied().collect()
        };
        let found = via_of(turn).map(|via| (via, at_via(via, &turn.from), at_via(via, &turn.to)));
        let Some((via, from, to)) = found.filter(|(_, from, to)| from.len() == 1 && to.len() == 1)
        else {
            findings.push(Code::RoadTurnUnread, 0, "", &turn.id.to_string(), "");
            continue;
        };
        let (from, to) = (from[0], to[0]);
        if turn.only {
            let around = vias.get(&via).map_or(&[][..], Vec::as_slice);
            let others = around.iter().filter(|&&other| other != to);
            forbidden.extend(others.map(|&to| ForbiddenTurn { from, via, to }));
        } else {
            forbidden.push(ForbiddenTurn { from, via, to });
        }
    }
    forbidden
}

/// Junctions by place along a curve that fills the plane, stretches by their junctions, shapes as the stretches.
fn in_order(
    points: &[Point],
    stretches: &mut [Piece],
    shapes: &[Point],
    mut forbidden: Vec<ForbiddenTurn>,
) -> RoadNetwork {
    let mut order: Vec<u32> = (0..narrow(points.len())).collect();
    order.sort_by_cached_key(|&at| (along_curve(points[at as usize]), at));
    let mut place = vec![0; points.len()];
    for (new, &old) in (0_u32..).zip(&order) {
        place[old as usize] = new;
    }
    for piece in &mut *stretches {
        piece.stretch.from = place[piece.stretch.from as usize];
        piece.stretch.to = place[piece.stretch.to as usize];
    }
    let mut sorted: Vec<u32> = (0..narrow(stretches.len())).collect();
    sorted.sort_by_key(|&at| {
        let s = &stretches[at as usize].stretch;
        (s.from, s.to, s.way, at)
    });
    let mut number = vec![0; stretches.len()];
    let mut network = RoadNetwork {
        junctions: order.iter().map(|&old| points[old as usize]).collect(),
        ..RoadNetwork::default()
    };
    network.stretches.reserve_exact(stretches.len());
    network.shape.reserve_exact(shapes.len());
    for (new, &old) in (0_u32..).zip(&sorted) {
        number[old as usize] = new;
        let piece = stretches[old as usize];
        let shape = narrow(network.shape.len());
        network.shape.extend_from_slice(&shapes[piece.begin as usize..piece.end as usize]);
        network.stretches.push(Stretch { shape, ..piece.stretch });
    }
    for turn in &mut forbidden {
        turn.from = number[turn.from as usize];
        turn.to = number[turn.to as usize];
        turn.via = place[turn.via as usize];
    }
    forbidden.sort_unstable();
    forbidden.dedup();
    network.forbidden = forbidden;
    network
}

/// Bits of latitude and longitude in turn (Morton's curve).
fn along_curve(point: Point) -> u64 {
    let spread = |value: i32| {
        let mut bits = u64::from(value.cast_unsigned() ^ 0x8000_0000);
        for (shift, mask) in [
            (16, 0x0000_ffff_0000_ffff_u64),
            (8, 0x00ff_00ff_00ff_00ff),
            (4, 0x0f0f_0f0f_0f0f_0f0f),
            (2, 0x3333_3333_3333_3333),
            (1, 0x5555_5555_5555_5555),
        ] {
            bits = (bits | bits << shift) & mask;
        }
        bits
    };
    spread(point.lat_e7) << 1 | spread(point.lon_e7)
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "decimetres of a way of at most the earth's girth times its points, capped"
)]
fn whole(value: f64) -> u32 {
    value.round().clamp(0.0, 4e9) as u32
}
