//! Who stands where while people are exchanged, and what an exchange would change.

use super::super::{
    model::{Model, Source, index},
    rule::{
        Seats, Teams,
        team::{Head, PostsDue, small},
    },
};
use crate::flow::{Flow, Problem, Solution, Solved, loads};
use pehra_domain::force::StaffKind;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// People of a source at a sink.
#[derive(Clone, Copy)]
struct Stand {
    source: u32,
    sink: u32,
    count: u32,
    pinned: bool,
}

/// So many of one unit's kind leave a site, as many of another unit's come: from another site, where the first take their
/// places, or from those idle, where the first stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Trade {
    pub(super) site: u32,
    pub(super) leaves: u32,
    pub(super) comes: u32,
    pub(super) kind: StaffKind,
    pub(super) count: u32,
    pub(super) from: Option<u32>,
}

/// People of a unit go from one place to empty posts at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) unit: u32,
    pub(super) kind: StaffKind,
    pub(super) count: u32,
    pub(super) from: u32,
    pub(super) to: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deal {
    Trade(Trade),
    Shift(Shift),
}

pub(super) struct Ground<'m> {
    problem: &'m Problem,
    model: &'m Model,
    pub(super) teams: Teams,
    seats: Option<Seats>,
    due: Vec<PostsDue>,
    /// By site.
    at: Vec<Vec<Stand>>,
    /// By unit.
    stands: Vec<BTreeSet<u32>>,
    driven: Vec<u64>,
    /// By source.
    idle: Vec<u32>,
    /// By sink; and the first of a site's.
    unmet: Vec<u32>,
    first_sink: Vec<usize>,
    /// What a person who breaks a rule may cost at most.
    price: i64,
}

impl<'m> Ground<'m> {
    pub(super) fn new(
        model: &'m Model,
        relaxed: &'m Solved,
        teams: Teams,
        seats: Option<Seats>,
    ) -> Self {
        let load = loads(&relaxed.problem, &relaxed.solution.flows);
        let of_site = |site: usize| model.sinks.partition_point(|sink| (sink.site as usize) < site);
        let mut ground = Self {
            problem: &relaxed.problem,
            model,
            teams,
            seats,
            due: PostsDue::by_site(model),
            at: vec![Vec::new(); model.sites.len()],
            stands: vec![BTreeSet::new(); model.units.len()],
            driven: vec![0; model.units.len()],
            idle: model.sources.iter().zip(load).map(|(source, load)| source.free - load).collect(),
            unmet: (0..model.sinks.len()).map(|sink| relaxed.problem.demand(sink)).collect(),
            first_sink: (0..=model.sites.len()).map(of_site).collect(),
            price: i64::from(model.weights.missing[0]),
        };
        for pin in &model.pins {
            ground.put(pin.sink, pin.source, pin.count, true);
        }
        for flow in &relaxed.solution.flows {
            // Sinks behind those of the model are reserves: they stay.
            if (flow.sink as usize) < model.sinks.len() {
                ground.put(flow.sink, flow.source, flow.count, false);
            }
        }
        ground
    }

    fn put(&mut self, sink: u32, source: u32, count: u32, pinned: bool) {
        let site = self.model.sinks[sink as usize].site;
        let unit = self.model.sources[source as usize].unit;
        let here = &mut self.at[site as usize];
        let same =
            |stand: &&mut Stand| (stand.source, stand.sink, stand.pinned) == (source, sink, pinned);
        match here.iter_mut().find(same) {
            Some(stand) => stand.count += count,
            None => here.push(Stand { source, sink, count, pinned }),
        }
        self.stands[unit as usize].insert(site);
        if !pinned {
            self.unmet[sink as usize] -= count;
        }
        self.driven[unit as usize] += self.rides(source, site, count);
    }

    /// Of so many people those who must be driven.
    fn rides(&self, source: u32, site: u32, count: u32) -> u64 {
        let source = &self.model.sources[source as usize];
        let far = self.seats.is_some_and(|seats| {
            self.model.distance_m(source, &self.model.sites[site as usize]) > seats.walk_m
        });
        if far { u64::from(count) } else { 0 }
    }

    fn source(&self, number: u32) -> &Source {
        &self.model.sources[number as usize]
    }

    pub(super) fn due(&self, site: u32) -> PostsDue {
        self.due[site as usize]
    }

    pub(super) fn stands(&self, unit: u32) -> &BTreeSet<u32> {
        &self.stands[unit as usize]
    }

    /// The people at a site by unit and kind.
    pub(super) fn heads(&self, site: u32) -> Vec<Head> {
        let mut heads: Vec<Head> = Vec::new();
        for stand in &self.at[site as usize] {
            let &Source { unit, kind, .. } = self.source(stand.source);
            add(&mut heads, unit, kind, i64::from(stand.count));
        }
        heads
    }

    /// The same after a change of so many more or fewer.
    pub(super) fn heads_with(&self, site: u32, changes: &[(u32, StaffKind, i64)]) -> Vec<Head> {
        let mut heads = self.heads(site);
        for &(unit, kind, more) in changes {
            add(&mut heads, unit, kind, more);
        }
        heads.retain(|head| head.count > 0);
        heads
    }

    /// Sites where somebody breaks a rule.
    pub(super) fn places(&self) -> Vec<u32> {
        let mut places = BTreeSet::new();
        for site in 0..index(self.at.len()) {
            let heads = self.heads(site);
            if !small(self.due(site), self.teams, &heads).is_empty()
                || heads.iter().any(|head| self.drives_too_many(head.unit, site))
            {
                places.insert(site);
            }
        }
        places.into_iter().collect()
    }

    fn seats_of(&self, unit: u32) -> u64 {
        self.seats.map_or(u64::MAX, |seats| {
            u64::from(self.model.seats[unit as usize]) * u64::from(seats.trips)
        })
    }

    /// Whether a unit drives more people than it has seats, and some of them to this site.
    pub(super) fn drives_too_many(&self, unit: u32, site: u32) -> bool {
        self.driven[unit as usize] > self.seats_of(unit)
            && self.at[site as usize].iter().any(|stand| {
                self.source(stand.source).unit == unit && self.rides(stand.source, site, 1) > 0
            })
    }

    /// Units with somebody idle of a kind.
    pub(super) fn idle_units(&self, kind: StaffKind) -> BTreeSet<u32> {
        let range = self.model.of_kind(kind);
        let idle = range.filter(|&source| self.idle[source] > 0);
        idle.map(|source| self.model.sources[source].unit).collect()
    }

    /// People of a unit and kind at a site who can be moved to another, or be idle.
    pub(super) fn movable(&self, unit: u32, kind: StaffKind, site: u32, to: Option<u32>) -> u32 {
        self.at[site as usize]
            .iter()
            .filter(|stand| self.fits(stand, unit, kind, to))
            .map(|stand| stand.count)
            .sum()
    }

    fn fits(&self, stand: &Stand, unit: u32, kind: StaffKind, to: Option<u32>) -> bool {
        let source = self.source(stand.source);
        !stand.pinned
            && (source.unit, source.kind) == (unit, kind)
            && to.is_none_or(|to| !self.model.homes.closed(source.closed, to))
    }

    fn idle_for(&self, unit: u32, kind: StaffKind, site: u32) -> u32 {
        self.model
            .sources_of(unit, kind)
            .filter(|&source| !self.model.homes.closed(self.model.sources[source].closed, site))
            .map(|source| self.idle[source])
            .sum()
    }

    /// What a deal costs, less the price of every person fewer who breaks a rule; none when it cannot be made, or would
    /// not make them fewer, or is dearer than that.
    pub(super) fn weigh(&self, deal: &Deal) -> Option<i64> {
        match deal {
            Deal::Trade(trade) => self.weigh_trade(trade),
            Deal::Shift(shift) => self.weigh_shift(shift),
        }
    }

    pub(super) fn apply(&mut self, deal: &Deal) {
        match deal {
            Deal::Trade(trade) => self.trade(trade),
            Deal::Shift(shift) => self.shift(shift),
        }
    }

    fn weigh_shift(&self, shift: &Shift) -> Option<i64> {
        let &Shift { unit, kind, count, from, to } = shift;
        let source = self.model.sources.get(self.model.sources_of(unit, kind).start)?;
        let sink = self.empty_post(kind, to, count)?;
        let leaving = self.leaving(unit, kind, from, to, count)?;
        let way =
            |site: u32| i64::from(self.model.way_cost(source, &self.model.sites[site as usize]));
        let people = i64::from(count);
        let cost = people * (way(to) - way(from) + self.penalty(kind, sink))
            - people * self.penalty(kind, leaving)
            + self.emptying(leaving, count)
            - self.filling(sink, count);
        let mut fewer = self.fewer_small(from, &[(unit, kind, -people)])
            + self.fewer_small(to, &[(unit, kind, people)]);
        if self.seats.is_some() {
            let first = index(self.model.sources_of(unit, kind).start);
            let ride = |site: u32| i64::try_from(self.rides(first, site, count)).unwrap_or(0);
            fewer += self.fewer_standing(unit, ride(to) - ride(from));
        }
        let gain = cost - self.price * fewer;
        let barred = self.model.unit_bar(to, source).is_some();
        (fewer > 0 && gain < 0 && !barred).then_some(gain)
    }

    /// The dearest sink at a site with so many empty posts for a kind.
    fn empty_post(&self, kind: StaffKind, site: u32, count: u32) -> Option<usize> {
        let here = self.first_sink[site as usize]..self.first_sink[site as usize + 1];
        let fits = |sink: &usize| {
            self.unmet[*sink] >= count
                && self.model.sinks[*sink]
                    .post
                    .fillers(&self.model.weights)
                    .iter()
                    .any(|(filler, _)| *filler == kind)
        };
        here.filter(fits).max_by_key(|&sink| {
            (self.filling(sink, count) - i64::from(count) * self.penalty(kind, sink), Reverse(sink))
        })
    }

    /// The sink at a site that so many of a unit, who may stand at another, can leave at least cost.
    fn leaving(&self, unit: u32, kind: StaffKind, from: u32, to: u32, count: u32) -> Option<usize> {
        let stands = self.at[from as usize].iter();
        let sinks: BTreeSet<u32> = stands.map(|stand| stand.sink).collect();
        let ready = |sink: &u32| {
            let stands = self.at[from as usize].iter().filter(|stand| stand.sink == *sink);
            let able = stands.filter(|stand| self.fits(stand, unit, kind, Some(to)));
            able.map(|stand| stand.count).sum::<u32>() >= count
        };
        let sinks = sinks.into_iter().filter(ready).map(|sink| sink as usize);
        sinks.min_by_key(|&sink| (self.emptying(sink, count), sink))
    }

    fn penalty(&self, kind: StaffKind, sink: usize) -> i64 {
        let fillers = self.model.sinks[sink].post.fillers(&self.model.weights);
        fillers.iter().find(|(filler, _)| *filler == kind).map_or(0, |&(_, cost)| i64::from(cost))
    }

    /// What so many more, or so many fewer, empty posts at a sink cost.
    fn emptying(&self, sink: usize, count: u32) -> i64 {
        let unmet = self.unmet[sink];
        let price = |number| self.problem.price_of_missing(sink, number).unwrap_or(0);
        (unmet + 1..=unmet + count).map(price).sum()
    }

    fn filling(&self, sink: usize, count: u32) -> i64 {
        let unmet = self.unmet[sink];
        let price = |number| self.problem.price_of_missing(sink, number).unwrap_or(0);
        (unmet + 1 - count..=unmet).map(price).sum()
    }

    fn shift(&mut self, shift: &Shift) {
        let &Shift { unit, kind, count, from, to } = shift;
        let Some(sink) = self.empty_post(kind, to, count) else { return };
        let Some(leaving) = self.leaving(unit, kind, from, to, count) else { return };
        let only = Some(index(leaving));
        for (source, _, count) in self.take(unit, kind, from, (Some(to), only), count) {
            self.put(index(sink), source, count, false);
        }
    }

    fn weigh_trade(&self, trade: &Trade) -> Option<i64> {
        let cost = self.cost(trade)?;
        let fewer = self.fewer(trade);
        let gain = cost - self.price * fewer;
        (fewer > 0 && gain < 0).then_some(gain)
    }

    /// What a person who breaks a rule, or a place without a leader, may cost at most.
    pub(super) fn price(&self) -> i64 {
        self.price
    }

    /// What an exchange adds to the ways; nothing if somebody may not go.
    pub(super) fn cost(&self, trade: &Trade) -> Option<i64> {
        let &Trade { site, leaves, comes, kind, count, from } = trade;
        let goes = self.model.sources.get(self.model.sources_of(leaves, kind).start)?;
        let came = self.model.sources_of(comes, kind);
        let came = self.model.sources.get(came.clone().next()?)?;
        let way = |source: &Source, site: u32| {
            i64::from(self.model.way_cost(source, &self.model.sites[site as usize]))
        };
        let ready = match from {
            Some(from) => self.movable(comes, kind, from, Some(site)),
            None => self.idle_for(comes, kind, site),
        };
        if ready < count || self.movable(leaves, kind, site, from) < count {
            return None;
        }
        let barred = |site: u32, source: &Source| self.model.unit_bar(site, source).is_some();
        if barred(site, came) || from.is_some_and(|from| barred(from, goes)) {
            return None;
        }
        let moved = |from: u32| way(goes, from) - way(came, from);
        let each = way(came, site) - way(goes, site) + from.map_or(0, moved);
        Some(i64::from(count) * each)
    }

    /// Whether nobody more stands in a small team or without a seat after an exchange.
    pub(super) fn keeps(&self, trade: &Trade) -> bool {
        self.fewer_in_small(trade) >= 0
            && self.fewer_seatless(trade).iter().all(|&fewer| fewer >= 0)
    }

    /// How many people fewer would break a rule.
    fn fewer(&self, trade: &Trade) -> i64 {
        self.fewer_in_small(trade) + self.fewer_seatless(trade).iter().sum::<i64>()
    }

    fn fewer_in_small(&self, trade: &Trade) -> i64 {
        let &Trade { site, leaves, comes, kind, count, from } = trade;
        let count = i64::from(count);
        let here = self.fewer_small(site, &[(leaves, kind, -count), (comes, kind, count)]);
        let back = [(comes, kind, -count), (leaves, kind, count)];
        here + from.map_or(0, |from| self.fewer_small(from, &back))
    }

    /// Of those who leave, and of those who come.
    fn fewer_seatless(&self, trade: &Trade) -> [i64; 2] {
        let &Trade { site, leaves, comes, kind, count, from } = trade;
        if self.seats.is_none() {
            return [0; 2];
        }
        let ride = |unit: u32, site: u32| {
            let first = self.model.sources_of(unit, kind).start;
            i64::from(self.rides(index(first), site, 1) > 0) * i64::from(count)
        };
        let there = |unit: u32| from.map_or(0, |from| ride(unit, from));
        [
            self.fewer_standing(leaves, there(leaves) - ride(leaves, site)),
            self.fewer_standing(comes, ride(comes, site) - there(comes)),
        ]
    }

    fn fewer_standing(&self, unit: u32, more: i64) -> i64 {
        let seats = i64::try_from(self.seats_of(unit)).unwrap_or(i64::MAX);
        let driven = i64::try_from(self.driven[unit as usize]).unwrap_or(i64::MAX);
        (driven - seats).max(0) - (driven + more - seats).max(0)
    }

    fn fewer_small(&self, site: u32, changes: &[(u32, StaffKind, i64)]) -> i64 {
        let people = |heads: &[Head]| -> i64 {
            let small = small(self.due(site), self.teams, heads);
            small.iter().map(|&(_, count)| i64::from(count)).sum()
        };
        people(&self.heads(site)) - people(&self.heads_with(site, changes))
    }

    fn trade(&mut self, trade: &Trade) {
        let &Trade { site, leaves, comes, kind, count, from } = trade;
        let gone = self.take(leaves, kind, site, (from, None), count);
        let Some(from) = from else {
            for (source, sink, count) in gone {
                self.idle[source as usize] += count;
                let mut left = count;
                for new in self.model.sources_of(comes, kind) {
                    let closed = self.model.sources[new].closed;
                    let here = left.min(self.idle[new]);
                    if here == 0 || self.model.homes.closed(closed, site) {
                        continue;
                    }
                    self.idle[new] -= here;
                    self.put(sink, index(new), here, false);
                    left -= here;
                }
            }
            return;
        };
        let mut came = self.take(comes, kind, from, (Some(site), None), count).into_iter();
        let mut next = came.next();
        for (source, sink, mut count) in gone {
            while let Some((other, there, ready)) = next.as_mut().filter(|_| count > 0) {
                let here = count.min(*ready);
                let (other, there) = (*other, *there);
                *ready -= here;
                if *ready == 0 {
                    next = came.next();
                }
                count -= here;
                self.put(sink, other, here, false);
                self.put(there, source, here, false);
            }
        }
    }

    /// Takes so many people away from a site, those who may stand at another and, if told, stand at one sink: source, sink
    /// and count.
    fn take(
        &mut self,
        unit: u32,
        kind: StaffKind,
        site: u32,
        (to, sink): (Option<u32>, Option<u32>),
        count: u32,
    ) -> Vec<(u32, u32, u32)> {
        let mut left = count;
        let mut taken = Vec::new();
        let mut here = std::mem::take(&mut self.at[site as usize]);
        for stand in &mut here {
            let count = left.min(stand.count);
            let here = sink.is_none_or(|sink| sink == stand.sink);
            if count > 0 && here && self.fits(stand, unit, kind, to) {
                stand.count -= count;
                left -= count;
                taken.push((stand.source, stand.sink, count));
                self.unmet[stand.sink as usize] += count;
                self.driven[unit as usize] -= self.rides(stand.source, site, count);
            }
        }
        here.retain(|stand| stand.count > 0);
        if !here.iter().any(|stand| self.source(stand.source).unit == unit) {
            self.stands[unit as usize].remove(&site);
        }
        self.at[site as usize] = here;
        taken
    }

    /// Takes those without a seat away again, the farthest first, nobody who was pinned. Sites and units.
    pub(super) fn vacate(&mut self) -> BTreeSet<(u32, u32)> {
        let mut vacated = BTreeSet::new();
        for unit in 0..index(self.driven.len()) {
            let seats = self.seats_of(unit);
            if self.driven[unit as usize] <= seats {
                continue;
            }
            let mut far: Vec<(u32, u32, StaffKind)> = Vec::new();
            for &site in &self.stands[unit as usize] {
                for stand in &self.at[site as usize] {
                    let source = self.source(stand.source);
                    if source.unit == unit && self.rides(stand.source, site, 1) > 0 {
                        let at = &self.model.sites[site as usize];
                        far.push((self.model.distance_m(source, at), site, source.kind));
                    }
                }
            }
            far.sort_unstable();
            far.dedup();
            while self.driven[unit as usize] > seats
                && let Some((_, site, kind)) = far.pop()
            {
                let count = self.movable(unit, kind, site, None);
                for (source, _, count) in self.take(unit, kind, site, (None, None), count) {
                    self.idle[source as usize] += count;
                    vacated.insert((site, unit));
                }
            }
        }
        vacated
    }

    /// People in teams that are too small, and people without a seat.
    pub(super) fn broken(&self) -> (u64, u64) {
        let of_site = |site: u32| -> u64 {
            let small = small(self.due(site), self.teams, &self.heads(site));
            small.into_iter().map(|(_, count)| u64::from(count)).sum()
        };
        let standing = (0..index(self.driven.len()))
            .map(|unit| self.driven[unit as usize].saturating_sub(self.seats_of(unit)))
            .sum();
        ((0..index(self.at.len())).map(of_site).sum(), standing)
    }

    /// The answer, with the prices of the one that it came from.
    pub(super) fn solution(self, relaxed: &Solved) -> Solution {
        let sinks = self.model.sinks.len();
        let mut counts: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for stand in self.at.iter().flatten().filter(|stand| !stand.pinned) {
            *counts.entry((stand.sink, stand.source)).or_default() += stand.count;
        }
        let mut flows: Vec<Flow> = counts
            .into_iter()
            .map(|((sink, source), count)| Flow { sink, source, count })
            .collect();
        let mut objective = 0;
        for flow in &flows {
            let sink = &self.model.sinks[flow.sink as usize];
            let source = &self.model.sources[flow.source as usize];
            let way = i64::from(self.model.way_cost(source, &self.model.sites[sink.site as usize]));
            let each = way + self.penalty(source.kind, flow.sink as usize);
            objective += each * i64::from(flow.count);
        }
        for (sink, &unmet) in self.unmet.iter().enumerate() {
            let price = |number| self.problem.price_of_missing(sink, number).unwrap_or(0);
            objective += (1..=unmet).map(price).sum::<i64>();
        }
        let kept = relaxed.solution.flows.iter().filter(|flow| flow.sink as usize >= sinks);
        let mut reserved: Vec<u32> =
            (sinks..relaxed.problem.sinks()).map(|sink| relaxed.problem.demand(sink)).collect();
        for flow in kept {
            flows.push(*flow);
            reserved[flow.sink as usize - sinks] -= flow.count;
        }
        for (unmet, sink) in reserved.into_iter().zip(sinks..) {
            objective += relaxed.problem.price_of_missing(sink, 1).unwrap_or(0) * i64::from(unmet);
        }
        let Solution { prices, dual_bound, .. } = &relaxed.solution;
        Solution { flows, prices: prices.clone(), objective, dual_bound: *dual_bound }
    }
}

fn add(heads: &mut Vec<Head>, unit: u32, kind: StaffKind, more: i64) {
    let count = u32::try_from(more.max(0)).unwrap_or(0);
    match heads.iter_mut().find(|head| (head.unit, head.kind) == (unit, kind)) {
        Some(head) => {
            head.count = u32::try_from(i64::from(head.count) + more).unwrap_or(0);
        }
        None => heads.push(Head { unit, kind, count }),
    }
}
