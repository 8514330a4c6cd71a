//! Where the finish starts from: everybody at their cheapest choice under the given prices, so that no reduced length
//! is below nought.

use super::{Arc, Finish};
use crate::flow::Flow;
use std::cmp::Reverse;

impl Finish<'_> {
    /// Every piece of every sink takes its cheapest choice, ties going to whoever has most room.
    pub(super) fn assign(&mut self) {
        let mut room: Vec<i64> =
            self.problem.supply().iter().map(|&count| i64::from(count)).collect();
        for sink in 0..self.problem.sinks() {
            let row = self.problem.row(sink);
            let least = crate::flow::cheapest(row, &self.price);
            let mut open = 0;
            for piece in self.problem.pieces(sink) {
                if least.is_some_and(|least| least <= piece.price) {
                    open += piece.count;
                } else {
                    self.unmet[sink] += piece.count;
                }
            }
            if self.unmet[sink] > 0 {
                self.note_short(sink);
            }
            let Some(least) = least else { continue };
            while open > 0 {
                let Some((arc, source)) = self.roomiest(row, least, &room) else { break };
                let here = room[source as usize].max(0);
                let count =
                    if here == 0 { open } else { open.min(u32::try_from(here).unwrap_or(open)) };
                self.send(sink, arc, source, count);
                room[source as usize] -= i64::from(count);
                open -= count;
            }
        }
        self.balance(&room);
    }

    /// Of a row's cheapest arcs the one, and of those behind it the source, with most room; first of equals.
    fn roomiest(&self, row: &[Arc], least: i64, room: &[i64]) -> Option<(Arc, u32)> {
        row.iter()
            .filter(|&&arc| self.reduced(arc) == least)
            .filter_map(|&arc| {
                let Some(door) = (arc.source as usize).checked_sub(self.problem.sources()) else {
                    return Some((arc, arc.source));
                };
                let price = self.price[arc.source as usize];
                let behind = self.problem.behind(door).iter().copied();
                let ready = behind.filter(|&source| self.price[source as usize] == price);
                ready
                    .max_by_key(|&source| (room[source as usize].max(0), Reverse(source)))
                    .map(|source| (arc, source))
            })
            .max_by_key(|&(_, source)| (room[source as usize].max(0), Reverse(source)))
    }

    /// Adds people of a source at a sink by an arc that leads to it.
    fn send(&mut self, sink: usize, arc: Arc, source: u32, count: u32) {
        if arc.source != source {
            let place = self.doors.place(source as usize, arc.source);
            self.doors.through[place] += count;
        }
        self.give(sink, arc, count);
    }

    /// What is left of each source: idle where that costs nothing, else to be placed or called back.
    fn balance(&mut self, room: &[i64]) {
        for (source, &room) in room.iter().enumerate() {
            if room > 0 && self.price[source] == 0 {
                self.idle[source] = room;
            } else {
                self.excess[source] = -room;
            }
        }
        self.excess[self.gap] = -self.excess.iter().sum::<i64>();
    }

    /// Every sink keeps those who still stand where it is cheapest, as far as their pieces are worth it, and takes or
    /// leaves the difference there.
    pub(super) fn take_up(&mut self, flows: &[Flow]) {
        let mut room: Vec<i64> =
            self.problem.supply().iter().map(|&count| i64::from(count)).collect();
        let mut rest = flows;
        for sink in 0..self.problem.sinks() {
            let here = rest.iter().take_while(|flow| flow.sink as usize == sink).count();
            let (now, later) = rest.split_at(here);
            rest = later;
            let row = self.problem.row(sink);
            let least = crate::flow::cheapest(row, &self.price);
            // Between these two, the number served costs the same.
            let (mut low, mut high) = (0, 0);
            for piece in self.problem.pieces(sink) {
                low += if least.is_some_and(|least| least < piece.price) { piece.count } else { 0 };
                high +=
                    if least.is_some_and(|least| least <= piece.price) { piece.count } else { 0 };
            }
            let mut served = 0;
            for flow in now {
                let count = flow.count.min(high - served);
                let Some(arc) = self.problem.way(sink, flow.source) else { continue };
                let price = self.price[arc.source as usize];
                if Some(self.reduced(arc)) == least
                    && self.price[flow.source as usize] == price
                    && count > 0
                {
                    self.send(sink, arc, flow.source, count);
                    room[flow.source as usize] -= i64::from(count);
                    served += count;
                }
            }
            if served < low
                && let Some(least) = least
                && let Some((arc, source)) = self.roomiest(row, least, &room)
            {
                room[source as usize] -= i64::from(low - served);
                self.send(sink, arc, source, low - served);
                served = low;
            }
            self.unmet[sink] = self.problem.demand(sink) - served;
            if self.unmet[sink] > 0 {
                self.note_short(sink);
            }
        }
        self.balance(&room);
    }
}
