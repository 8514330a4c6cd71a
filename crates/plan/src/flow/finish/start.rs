//! Where the finish starts from: everybody at their cheapest choice under the given prices, so that no reduced length
//! is below nought.

use super::{Arc, Finish};
use crate::flow::Flow;
use std::cmp::Reverse;

/// What a sink's prices come to: its cheapest choice, and between which two numbers of people served the cost is the same.
pub(super) struct Worth {
    pub(super) least: Option<i64>,
    pub(super) low: u32,
    pub(super) high: u32,
}

impl Finish {
    pub(super) fn worth(&self, sink: usize) -> Worth {
        let least = crate::flow::cheapest(self.problem.row(sink), &self.price);
        let (mut low, mut high) = (0, 0);
        for piece in self.problem.pieces(sink) {
            // The prices are the gap's too high, all of them.
            let price = piece.price + self.price[self.gap];
            low += if least.is_some_and(|least| least < price) { piece.count } else { 0 };
            high += if least.is_some_and(|least| least <= price) { piece.count } else { 0 };
        }
        Worth { least, low, high }
    }

    /// Every piece of every sink takes its cheapest choice, ties going to whoever has most room.
    pub(super) fn assign(&mut self) {
        self.vacate();
        for sink in 0..self.problem.sinks() {
            let Worth { least, high, .. } = self.worth(sink);
            self.unmet[sink] = self.problem.demand(sink) - high;
            if self.unmet[sink] > 0 {
                self.note_short(sink);
            }
            let Some(least) = least else { continue };
            let mut open = high;
            while open > 0 {
                let Some((arc, source)) = self.roomiest(sink, least) else { break };
                let room = self.at_hand(source);
                let count =
                    if room == 0 { open } else { open.min(u32::try_from(room).unwrap_or(open)) };
                self.send(sink, arc, source, count);
                open -= count;
            }
        }
        self.balance();
    }

    /// Nobody is anywhere yet.
    fn vacate(&mut self) {
        for (excess, &supply) in self.excess.iter_mut().zip(self.problem.supply()) {
            *excess = -i64::from(supply);
        }
    }

    /// People of a source whom nobody needs, or nought.
    fn at_hand(&self, source: u32) -> i64 {
        (self.idle[source as usize] - self.excess[source as usize]).max(0)
    }

    /// Of a row's cheapest arcs the one, and of those behind it the source, with most room; first of equals.
    pub(super) fn roomiest(&self, sink: usize, least: i64) -> Option<(Arc, u32)> {
        self.problem
            .row(sink)
            .iter()
            .filter(|&&arc| self.reduced(arc) == least)
            .filter_map(|&arc| {
                let Some(door) = (arc.source as usize).checked_sub(self.problem.sources()) else {
                    return Some((arc, arc.source));
                };
                let price = self.price[arc.source as usize];
                let behind = self.problem.behind(door).iter().copied();
                let ready = behind.filter(|&source| self.price[source as usize] == price);
                ready
                    .max_by_key(|&source| (self.at_hand(source), Reverse(source)))
                    .map(|s| (arc, s))
            })
            .max_by_key(|&(_, source)| (self.at_hand(source), Reverse(source)))
    }

    /// Adds people of a source at a sink by an arc that leads to it.
    pub(super) fn send(&mut self, sink: usize, arc: Arc, source: u32, count: u32) {
        if arc.source != source {
            let place = self.doors.place(source as usize, arc.source);
            self.doors.through[place] += count;
        }
        self.excess[source as usize] += i64::from(count);
        self.give(sink, arc, count);
    }

    /// What is left of each source: idle where that costs nothing, else to be placed or called back. The gap owes the
    /// rest.
    pub(super) fn balance(&mut self) {
        let free = self.price[self.gap];
        for source in 0..self.problem.sources() {
            let room = self.idle[source] - self.excess[source];
            let idle = if self.price[source] == free { room.max(0) } else { 0 };
            (self.idle[source], self.excess[source]) = (idle, idle - room);
        }
        self.excess[self.gap] = 0;
        self.excess[self.gap] = -self.excess.iter().sum::<i64>();
    }

    /// Every sink keeps those who still stand where it is cheapest, as far as their pieces are worth it, and takes or
    /// leaves the difference there.
    pub(super) fn take_up(&mut self, flows: &[Flow]) {
        self.vacate();
        let mut rest = flows;
        for sink in 0..self.problem.sinks() {
            let here = rest.iter().take_while(|flow| flow.sink as usize == sink).count();
            let (now, later) = rest.split_at(here);
            rest = later;
            let worth = self.worth(sink);
            let mut served = 0;
            for flow in now {
                let count = flow.count.min(worth.high - served);
                let Some(arc) = self.problem.way(sink, flow.source) else { continue };
                let price = self.price[arc.source as usize];
                if Some(self.reduced(arc)) == worth.least
                    && self.price[flow.source as usize] == price
                    && count > 0
                {
                    self.send(sink, arc, flow.source, count);
                    served += count;
                }
            }
            served += self.call(sink, &worth, served);
            self.unmet[sink] = self.problem.demand(sink) - served;
            if self.unmet[sink] > 0 {
                self.note_short(sink);
            }
        }
        self.balance();
    }

    /// Calls those whom a sink lacks, at its cheapest choice; how many.
    pub(super) fn call(&mut self, sink: usize, worth: &Worth, served: u32) -> u32 {
        if served < worth.low
            && let Some(least) = worth.least
            && let Some((arc, source)) = self.roomiest(sink, least)
        {
            self.send(sink, arc, source, worth.low - served);
            return worth.low - served;
        }
        0
    }
}
