//! Exact minimum-cost flow for supplies that serve demands at a cost per person, where every demand may also be
//! left short at a convex price.
//!
//! ```text
//! minimise   Σ cost(i,j)·x(i,j) + Σ price(j,k)·y(j,k)
//! subject to Σ_i x(i,j) + Σ_k y(j,k) = demand(j),   Σ_j x(i,j) ≤ supply(i),   0 ≤ y(j,k) ≤ count(j,k)
//! ```
//!
//! Several sources may stand behind one *door*: a way to a door is a way to each of them at one cost. Doors say in
//! one arc what would take one for every part of a unit that may stand at a place.
//!
//! All figures are whole numbers. The dual has one price λ ≥ 0 per source; a sink's best answer to given prices
//! is closed form, so the dual value of any λ is a bound that anybody can recompute: see [`verify`].

mod approximate;
mod finish;
mod newton;
mod rounds;
mod standing;
mod verify;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

pub use rounds::{Answer, Bounding, Bounds, Options, Solved, loads, resume, solve, solve_whole};
pub use standing::Standing;
pub use verify::{Defect, Verified, verify, verify_near, verify_whole};

use pehra_domain::progress::Cancelled;

/// A way from a source, or from all sources behind a door, to the sink whose row it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arc {
    /// A source, or from [`Problem::sources`] on a door in the order in which they were added.
    pub source: u32,
    /// Cost of one person, at most [`COST_MAX`] either way.
    pub cost: i32,
}

/// So many people may be missing at this price each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub count: u32,
    pub price: i64,
}

/// So many people from a source to a sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    pub sink: u32,
    pub source: u32,
    pub count: u32,
}

/// Largest size of one arc's cost: the difference of two fits 32 bits.
pub const COST_MAX: i32 = (1 << 30) - 1;
/// Largest size of a price of one missing person.
pub const PRICE_MAX: i64 = 1 << 40;
/// Most sources and most sinks of one problem.
pub const NODES_MAX: usize = 1 << 24;
/// Most people in all demands together, and in all supplies together: with [`PRICE_MAX`] every sum fits 63 bits.
pub const PEOPLE_MAX: u64 = 1 << 22;

/// Why a problem cannot be stated or solved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlowError {
    #[error("sink {sink}: arc to source {source_index}, of {sources} sources")]
    UnknownSource { sink: usize, source_index: u32, sources: usize },
    #[error("there is no sink {0}, or it stands out of order")]
    UnknownSink(usize),
    #[error("a door has nobody behind it, or somebody who is not there")]
    Door,
    #[error("sink {sink}: two arcs to source {source_index}; give the cheaper one only")]
    DoubleArc { sink: usize, source_index: u32 },
    #[error("sink {sink}: a cost of {cost} is beyond ±{COST_MAX}")]
    Cost { sink: usize, cost: i32 },
    #[error("sink {sink}: a price of {price} is beyond ±{PRICE_MAX}")]
    Price { sink: usize, price: i64 },
    #[error("more than {PEOPLE_MAX} people or {NODES_MAX} places")]
    TooLarge,
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The engine's own answer did not pass the verifier: a fault of this program, never of the input.
    #[error("the answer did not pass its own verifier ({0}); please report this input")]
    Defect(#[from] Defect),
}

/// A transportation problem: sources with a supply, sinks with a row of arcs and pieces of shortfall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    supply: Vec<u32>,
    door_start: Vec<usize>,
    behind: Vec<u32>,
    row_start: Vec<usize>,
    arcs: Vec<Arc>,
    piece_start: Vec<usize>,
    pieces: Vec<Piece>,
    people: u64,
}

impl Problem {
    /// A problem without sinks.
    ///
    /// # Errors
    /// [`FlowError::TooLarge`] when there are too many sources or people.
    pub fn try_new(supply: Vec<u32>) -> Result<Self, FlowError> {
        let people: u64 = supply.iter().map(|&count| u64::from(count)).sum();
        if supply.len() > NODES_MAX || people > PEOPLE_MAX {
            return Err(FlowError::TooLarge);
        }
        let start = || vec![0];
        Ok(Self {
            supply,
            door_start: start(),
            row_start: start(),
            piece_start: start(),
            ..Self::default()
        })
    }

    /// Adds a door before several sources; returns what an arc calls it.
    ///
    /// # Errors
    /// [`FlowError::Door`] when nobody, or nobody known, stands behind it; [`FlowError::TooLarge`].
    pub fn push_door(&mut self, behind: &[u32]) -> Result<u32, FlowError> {
        if behind.is_empty() || behind.iter().any(|&source| source as usize >= self.sources()) {
            return Err(FlowError::Door);
        }
        let number = u32::try_from(self.nodes()).map_err(|_many| FlowError::TooLarge)?;
        let mut behind = behind.to_vec();
        behind.sort_unstable();
        behind.dedup();
        self.behind.extend(behind);
        self.door_start.push(self.behind.len());
        Ok(number)
    }

    /// Adds a sink. Its demand is the sum of its pieces; these are put in order of price. Arcs may come in any
    /// order; a row without arcs is a sink that nobody can serve.
    ///
    /// # Errors
    /// [`FlowError`] says which figure is out of bounds; the problem is then unchanged.
    pub fn push_sink(&mut self, arcs: &[Arc], pieces: &[Piece]) -> Result<(), FlowError> {
        let sink = self.sinks();
        let demand: u64 = pieces.iter().map(|piece| u64::from(piece.count)).sum();
        if sink >= NODES_MAX || self.people + demand > PEOPLE_MAX {
            return Err(FlowError::TooLarge);
        }
        if let Some(piece) = pieces.iter().find(|piece| piece.price.abs() > PRICE_MAX) {
            return Err(FlowError::Price { sink, price: piece.price });
        }
        let mut row = arcs.to_vec();
        row.sort_unstable();
        self.check_row(sink, &row)?;
        let mut pieces: Vec<Piece> =
            pieces.iter().copied().filter(|piece| piece.count > 0).collect();
        pieces.sort_by_key(|piece| piece.price);
        self.people += demand;
        self.arcs.extend(row);
        self.row_start.push(self.arcs.len());
        self.pieces.extend(pieces);
        self.piece_start.push(self.pieces.len());
        Ok(())
    }

    /// All sinks at once, rows and pieces in ranges between starts; pieces stand in order of price, arcs in any,
    /// and of two arcs to one source the cheaper stays.
    pub(crate) fn try_from_rows(
        supply: Vec<u32>,
        (row_start, arcs): (Vec<usize>, Vec<Arc>),
        (piece_start, pieces): (Vec<usize>, Vec<Piece>),
        threads: usize,
    ) -> Result<Self, FlowError> {
        let empty = Self::try_new(supply)?;
        let people: u64 = pieces.iter().map(|piece| u64::from(piece.count)).sum();
        if row_start.len() > NODES_MAX || people > PEOPLE_MAX {
            return Err(FlowError::TooLarge);
        }
        let mut problem = Self { row_start, arcs, piece_start, pieces, people, ..empty };
        problem.sort_rows(threads);
        let mut double = false;
        for sink in 0..problem.sinks() {
            if let Some(piece) = problem.pieces(sink).iter().find(|p| p.price.abs() > PRICE_MAX) {
                return Err(FlowError::Price { sink, price: piece.price });
            }
            match problem.check_row(sink, problem.row(sink)) {
                Err(FlowError::DoubleArc { .. }) => double = true,
                other => other?,
            }
        }
        if double {
            problem.keep_cheaper();
        }
        Ok(problem)
    }

    fn sort_rows(&mut self, threads: usize) {
        let sinks = self.sinks();
        let share = sinks.div_ceil(threads.max(1)).max(1);
        let row_start = &self.row_start;
        let mut rest = self.arcs.as_mut_slice();
        std::thread::scope(|scope| {
            for begin in (0..sinks).step_by(share) {
                let starts = &row_start[begin..=(begin + share).min(sinks)];
                let first = row_start[begin];
                let end = starts.last().map_or(first, |&end| end);
                let (mine, later) = std::mem::take(&mut rest).split_at_mut(end - first);
                rest = later;
                scope.spawn(move || {
                    for pair in starts.windows(2) {
                        mine[pair[0] - first..pair[1] - first].sort_unstable();
                    }
                });
            }
        });
    }

    /// Of arcs to one source keeps the cheapest; rows are in order of source, then cost.
    fn keep_cheaper(&mut self) {
        let (mut arcs, mut row_start) = (Vec::with_capacity(self.arcs.len()), vec![0]);
        for sink in 0..self.sinks() {
            let begin = arcs.len();
            for &arc in self.row(sink) {
                if arcs[begin..].last().is_none_or(|last: &Arc| last.source != arc.source) {
                    arcs.push(arc);
                }
            }
            row_start.push(arcs.len());
        }
        (self.arcs, self.row_start) = (arcs, row_start);
    }

    fn check_row(&self, sink: usize, row: &[Arc]) -> Result<(), FlowError> {
        for arc in row {
            if arc.source as usize >= self.nodes() {
                let sources = self.nodes();
                return Err(FlowError::UnknownSource { sink, source_index: arc.source, sources });
            }
            if !(-COST_MAX..=COST_MAX).contains(&arc.cost) {
                return Err(FlowError::Cost { sink, cost: arc.cost });
            }
        }
        match row.windows(2).find(|pair| matches!(pair, [a, b] if a.source == b.source)) {
            Some([arc, ..]) => Err(FlowError::DoubleArc { sink, source_index: arc.source }),
            _ => Ok(()),
        }
    }

    #[must_use]
    pub fn sources(&self) -> usize {
        self.supply.len()
    }

    #[must_use]
    pub fn doors(&self) -> usize {
        self.door_start.len().saturating_sub(1)
    }

    /// Whatever an arc may lead to: sources, then doors.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.sources() + self.doors()
    }

    /// The sources behind a door, by its number among the doors, in order.
    #[must_use]
    pub fn behind(&self, door: usize) -> &[u32] {
        &self.behind[self.door_start[door]..self.door_start[door + 1]]
    }

    /// A price for whatever an arc may lead to: a door has that of the cheapest source behind it.
    #[must_use]
    pub fn node_prices(&self, prices: &[i64]) -> Vec<i64> {
        let mut all = prices.to_vec();
        all.resize(self.sources(), 0);
        let least = |door| self.behind(door).iter().map(|&source| all[source as usize]).min();
        let doors: Vec<i64> = (0..self.doors()).map(|door| least(door).unwrap_or(0)).collect();
        all.extend(doors);
        all
    }

    /// Whether an arc leads to a source, itself or through a door.
    #[must_use]
    pub fn leads(&self, arc: Arc, source: u32) -> bool {
        (arc.source as usize)
            .checked_sub(self.sources())
            .map_or(arc.source == source, |door| self.behind(door).binary_search(&source).is_ok())
    }

    /// The cheapest arc of a sink that leads to a source.
    #[must_use]
    pub fn way(&self, sink: usize, source: u32) -> Option<Arc> {
        let row = self.row(sink);
        if self.doors() == 0 {
            return row.binary_search_by_key(&source, |arc| arc.source).ok().map(|at| row[at]);
        }
        row.iter().copied().filter(|&arc| self.leads(arc, source)).min_by_key(|arc| arc.cost)
    }

    #[must_use]
    pub fn sinks(&self) -> usize {
        self.row_start.len().saturating_sub(1)
    }

    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.arcs.len()
    }

    #[must_use]
    pub fn supply(&self) -> &[u32] {
        &self.supply
    }

    /// The arcs of a sink, by source.
    #[must_use]
    pub fn row(&self, sink: usize) -> &[Arc] {
        &self.arcs[self.row_start[sink]..self.row_start[sink + 1]]
    }

    /// The shortfall pieces of a sink, cheapest first.
    #[must_use]
    pub fn pieces(&self, sink: usize) -> &[Piece] {
        &self.pieces[self.piece_start[sink]..self.piece_start[sink + 1]]
    }

    /// People that a sink is due.
    #[must_use]
    pub fn demand(&self, sink: usize) -> u32 {
        self.pieces(sink).iter().map(|piece| piece.count).sum()
    }

    /// Changes the supply of one source, for re-solving with other strengths.
    ///
    /// # Errors
    /// [`FlowError`] when there is no such source or too many people.
    pub fn set_supply(&mut self, source: usize, count: u32) -> Result<(), FlowError> {
        let sources = self.sources();
        let Some(place) = self.supply.get_mut(source) else {
            let source_index = u32::try_from(source).unwrap_or(u32::MAX);
            return Err(FlowError::UnknownSource { sink: usize::MAX, source_index, sources });
        };
        let before = std::mem::replace(place, count);
        let people: u64 = self.supply.iter().map(|&count| u64::from(count)).sum();
        if people > PEOPLE_MAX {
            self.supply[source] = before;
            return Err(FlowError::TooLarge);
        }
        Ok(())
    }

    /// The same problem with other pieces at some sinks, `changes` in order of sink, for re-solving with other
    /// demands or classes.
    ///
    /// # Errors
    /// [`FlowError`] when a figure is out of bounds.
    pub fn with_pieces(mut self, changes: &[(usize, Vec<Piece>)]) -> Result<Self, FlowError> {
        self.set_pieces(changes)?;
        Ok(self)
    }

    /// Changes the pieces of some sinks, `changes` in order of sink.
    ///
    /// # Errors
    /// [`FlowError`] when there is no such sink or a figure is out of bounds; then nothing is changed.
    pub fn set_pieces(&mut self, changes: &[(usize, Vec<Piece>)]) -> Result<(), FlowError> {
        let mut pieces = Vec::with_capacity(self.pieces.len());
        let mut piece_start = Vec::with_capacity(self.piece_start.len());
        piece_start.push(0);
        let mut rest = changes.iter().peekable();
        for sink in 0..self.sinks() {
            if let Some((_, new)) = rest.next_if(|(changed, _)| *changed == sink) {
                let begin = pieces.len();
                pieces.extend(new.iter().copied().filter(|piece| piece.count > 0));
                pieces[begin..].sort_by_key(|piece: &Piece| piece.price);
                if let Some(piece) = new.iter().find(|piece| piece.price.abs() > PRICE_MAX) {
                    return Err(FlowError::Price { sink, price: piece.price });
                }
            } else {
                pieces.extend_from_slice(self.pieces(sink));
            }
            piece_start.push(pieces.len());
        }
        if let Some(&(sink, _)) = rest.next() {
            return Err(FlowError::UnknownSink(sink));
        }
        let people = pieces.iter().map(|piece| u64::from(piece.count)).sum();
        if people > PEOPLE_MAX {
            return Err(FlowError::TooLarge);
        }
        (self.pieces, self.piece_start, self.people) = (pieces, piece_start, people);
        Ok(())
    }

    /// The same problem with one more source at `place`, to which no arc leads yet.
    ///
    /// # Errors
    /// [`FlowError::TooLarge`] when there are too many people or sources.
    pub fn with_source(&self, place: usize, count: u32) -> Result<Self, FlowError> {
        let mut supply = self.supply.clone();
        supply.insert(place.min(supply.len()), count);
        let checked = Self::try_new(supply)?;
        let later = |arc: &Arc| Arc {
            source: arc.source + u32::from(arc.source as usize >= place),
            cost: arc.cost,
        };
        let arcs = self.arcs.iter().map(later).collect();
        let shift = |&source: &u32| source + u32::from(source as usize >= place);
        let behind = self.behind.iter().map(shift).collect();
        Ok(Self { supply: checked.supply, arcs, behind, ..self.clone() })
    }

    /// The price of the `number`-th missing person (from 1) at a sink, pieces being filled cheapest first.
    pub(crate) fn price_of_missing(&self, sink: usize, number: u32) -> Option<i64> {
        let mut left = number.checked_sub(1)?;
        for piece in self.pieces(sink) {
            if left < piece.count {
                return Some(piece.price);
            }
            left -= piece.count;
        }
        None
    }

    /// Adds arcs: `more` holds `(sink, arc)` in order of sink, none of them listed yet.
    fn add_arcs(&mut self, more: &[(u32, Arc)]) {
        let mut arcs = Vec::with_capacity(self.arcs.len() + more.len());
        let mut row_start = Vec::with_capacity(self.row_start.len());
        row_start.push(0);
        let mut rest = more;
        for sink in 0..self.sinks() {
            let begin = arcs.len();
            arcs.extend_from_slice(self.row(sink));
            let here = rest.iter().take_while(|(to, _)| *to as usize == sink).count();
            let (now, later) = rest.split_at(here);
            arcs.extend(now.iter().map(|&(_, arc)| arc));
            rest = later;
            if !now.is_empty() {
                arcs[begin..].sort_unstable();
            }
            row_start.push(arcs.len());
        }
        (self.arcs, self.row_start) = (arcs, row_start);
    }
}

/// An answer: who serves whom, and the prices that prove it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Solution {
    /// By sink, then source; counts above zero.
    pub flows: Vec<Flow>,
    /// One price λ ≥ 0 per source: what one more person there would save at the most.
    pub prices: Vec<i64>,
    pub objective: i64,
    pub dual_bound: i64,
}

/// Pairs of source and sink that a problem's rows leave out.
pub trait Pairs: Sync {
    /// Whether there are any at all.
    fn exist(&self) -> bool {
        true
    }

    /// Calls `found` for at least every pair of this sink with `cost + prices[source] < bound`, listed in the row
    /// or not. Doors have prices behind those of the sources, and a pair may lead to one.
    fn below(&self, sink: usize, bound: i64, prices: &[i64], found: &mut dyn FnMut(Arc));
}

/// The rows are the whole problem.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPairs;

impl Pairs for NoPairs {
    fn exist(&self) -> bool {
        false
    }

    fn below(&self, _: usize, _: i64, _: &[i64], _: &mut dyn FnMut(Arc)) {}
}

/// Least `cost + price` in a row; none when the row is empty. Here and below, `prices` are of nodes.
pub(crate) fn cheapest(row: &[Arc], prices: &[i64]) -> Option<i64> {
    row.iter().map(|arc| i64::from(arc.cost) + prices[arc.source as usize]).min()
}

/// The most that a sink would pay for a person: no arc dearer than this can improve anything.
pub(crate) fn bound_of(problem: &Problem, sink: usize, prices: &[i64]) -> Option<i64> {
    let dearest = problem.pieces(sink).last()?.price;
    Some(cheapest(problem.row(sink), prices).map_or(dearest, |least| least.min(dearest)))
}
