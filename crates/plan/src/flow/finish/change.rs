//! Changes to a problem while its answer stands: whoever is concerned chooses anew at the prices there are, so that no
//! reduced length falls below nought, and what then is too much or too little somewhere is placed as ever.

use super::{Finish, Holder, Served, start::Worth};
use crate::flow::{Arc, FlowError, Piece};

impl Finish {
    /// Changes the strength of a source.
    ///
    /// # Errors
    /// [`FlowError`]; then nothing is changed.
    pub(in crate::flow) fn set_supply(
        &mut self,
        source: usize,
        count: u32,
    ) -> Result<(), FlowError> {
        let before = self.problem.supply().get(source).copied().unwrap_or(0);
        self.problem.set_supply(source, count)?;
        self.excess[source] += i64::from(before) - i64::from(count);
        self.balance();
        Ok(())
    }

    /// Changes what some sinks are due, in order of sink.
    ///
    /// # Errors
    /// [`FlowError`]; then nothing is changed.
    pub(in crate::flow) fn set_pieces(
        &mut self,
        changes: &[(usize, Vec<Piece>)],
    ) -> Result<(), FlowError> {
        self.problem.set_pieces(changes)?;
        self.lift_doors();
        for &(sink, _) in changes {
            self.choose(sink);
        }
        self.balance();
        Ok(())
    }

    /// Adds arcs, in order of sink, none of them listed yet.
    pub(in crate::flow) fn add_arcs(&mut self, more: &[(u32, Arc)]) {
        self.problem.add_arcs(more);
        self.lift_doors();
        for here in more.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(number, _)) = here.first() else { continue };
            let sink = number as usize;
            for holder in 0..self.holders[sink].len() {
                let Holder { source, cost, .. } = self.holders[sink][holder];
                if self.edges[source as usize].built {
                    self.note(source as usize, Served { sink: number, cost });
                }
            }
            if self.was_short[sink] {
                for &(_, Arc { source, cost }) in here {
                    self.short[source as usize].push(Served { sink: number, cost });
                }
            }
            self.choose(sink);
        }
        self.balance();
    }

    /// Raises doors that stay below all the sources behind them to the cheapest of these. Nobody stands for such a door, so
    /// no length falls below nought; and whoever chooses it anew must find somebody there at its price.
    fn lift_doors(&mut self) {
        for door in 0..self.problem.doors() {
            let behind = self.problem.behind(door).iter();
            let least = behind.map(|&source| self.price[source as usize]).min();
            let node = self.problem.sources() + door;
            let price = least.map_or(self.price[node], |least| least.max(self.price[node]));
            (self.price[node], self.search.spot[node].price) = (price, price);
        }
    }

    /// A sink keeps those who are cheapest, as far as its pieces are worth it, and takes or leaves the difference there.
    fn choose(&mut self, sink: usize) {
        let worth = self.worth(sink);
        let Worth { least, high, .. } = worth;
        let mut served = 0;
        for Holder { source, cost, count } in self.holders[sink].clone() {
            let cheapest = Some(self.reduced(Arc { source, cost })) == least;
            let stay = if cheapest { count.min(high - served) } else { 0 };
            served += stay;
            self.withdraw(sink, source, count - stay);
        }
        served += self.call(sink, &worth, served);
        self.set_unmet(sink, self.problem.demand(sink) - served);
    }

    /// Takes people of a node away from a sink; those of a door, from whoever stands for it.
    fn withdraw(&mut self, sink: usize, node: u32, count: u32) {
        self.take(sink, node, count);
        let Some(door) = (node as usize).checked_sub(self.problem.sources()) else {
            self.excess[node as usize] -= i64::from(count);
            return;
        };
        let mut left = count;
        for (place, &source) in self.problem.behind(door).iter().enumerate() {
            let through = &mut self.doors.through[self.doors.start[door] + place];
            let back = left.min(*through);
            *through -= back;
            left -= back;
            self.excess[source as usize] -= i64::from(back);
        }
    }
}
