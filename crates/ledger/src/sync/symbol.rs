//! Rateless set reconciliation (Yang, Gilad and Alizadeh, SIGCOMM 2024, "Practical Rateless Set Reconciliation"): an
//! endless row of symbols, each the sum of some elements. However many differences there are, about 1.35 to 1.7 symbols
//! a difference tell them all, and neither side need know the number before.
//!
//! Symbol 0 sums every element, symbol i each with chance 1 / (1 + i/2). Ours are drawn with whole numbers alone: the
//! chance that an element of symbol i is in none of i+1 … j is (i+1)(i+2) / ((j+1)(j+2)).

use super::element::{CHECK_BYTES, ELEMENT_BYTES, Element, Key};
use std::collections::BTreeSet;

pub const SYMBOL_BYTES: usize = ELEMENT_BYTES + CHECK_BYTES;
/// Symbols of one comparison at most; beyond it a list is cheaper for every set that a node can hold.
pub const SYMBOLS_MAX: usize = 1 << 17;

/// A sum of elements and of their checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Symbol {
    pub sum: Element,
    pub check: u64,
}

impl Symbol {
    fn fold(&mut self, element: &Element, check: u64) {
        self.sum.fold(element);
        self.check ^= check;
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Something on its way along the row: which sums it is part of, drawn from its check.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walker {
    seed: u64,
    state: u64,
    /// The next sum that it is part of.
    at: u64,
}

impl Walker {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, state: seed, at: 0 }
    }

    /// The check that it was drawn from.
    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn at(&self) -> Option<usize> {
        usize::try_from(self.at).ok()
    }

    pub(super) fn step(&mut self) {
        // Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let chance = u128::from((mixed ^ (mixed >> 31)) >> 32) + 1;
        let here = (u128::from(self.at) + 1) * (u128::from(self.at) + 2);
        // The first j with (j+1)(j+2) × chance > here × 2^32.
        let beyond = (here << 32) / chance;
        let beyond = u64::try_from(beyond).unwrap_or(u64::MAX);
        let mut next = beyond.isqrt().saturating_sub(1).max(self.at + 1);
        while next < u64::MAX - 2
            && (u128::from(next) + 1) * (u128::from(next) + 2) <= u128::from(beyond)
        {
            next += 1;
        }
        self.at = next;
    }

    /// Visits those of `sums` that it is part of; the first of them is number `from`.
    pub(super) fn walk<S>(&mut self, from: usize, sums: &mut [S], mut fold: impl FnMut(&mut S)) {
        while let Some(sum) =
            self.at().and_then(|at| at.checked_sub(from)).and_then(|at| sums.get_mut(at))
        {
            fold(sum);
            self.step();
        }
    }
}

/// Writes a set's symbols, one stretch after the other.
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    walkers: Vec<(Walker, Element)>,
    symbols: Vec<Symbol>,
}

impl Encoder {
    #[must_use]
    pub fn new(key: &Key, elements: &[Element]) -> Self {
        let walkers =
            elements.iter().map(|element| (Walker::new(key.check(element)), *element)).collect();
        Self { walkers, symbols: Vec::new() }
    }

    /// The first `count` symbols, at most [`SYMBOLS_MAX`].
    pub fn first(&mut self, count: usize) -> &[Symbol] {
        let (have, count) = (self.symbols.len(), count.min(SYMBOLS_MAX));
        if count > have {
            self.symbols.resize(count, Symbol::default());
            let (_, fresh) = self.symbols.split_at_mut(have);
            for (walker, element) in &mut self.walkers {
                let check = walker.seed();
                walker.walk(have, fresh, |symbol: &mut Symbol| symbol.fold(element, check));
            }
        }
        self.symbols.get(..count).unwrap_or_default()
    }
}

/// Why the symbols of a peer tell nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SymbolFault {
    #[error("the symbols contradict each other: they are those of no set")]
    Contradictory,
    #[error("more than {SYMBOLS_MAX} symbols")]
    Endless,
}

/// What differs between two sets.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Difference {
    pub mine: Vec<Element>,
    pub theirs: Vec<Element>,
}

/// Reads a peer's symbols against one's own set.
#[derive(Clone, Debug)]
pub struct Decoder {
    key: Key,
    own: BTreeSet<Element>,
    encoder: Encoder,
    /// What is left of each symbol.
    rest: Vec<Symbol>,
    found: BTreeSet<Element>,
    walkers: Vec<(Walker, Element)>,
}

impl Decoder {
    #[must_use]
    pub fn new(key: Key, elements: &[Element]) -> Self {
        Self {
            key,
            own: elements.iter().copied().collect(),
            encoder: Encoder::new(&key, elements),
            rest: Vec::new(),
            found: BTreeSet::new(),
            walkers: Vec::new(),
        }
    }

    /// How many symbols were read.
    #[must_use]
    pub fn read(&self) -> usize {
        self.rest.len()
    }

    /// Reads the symbols that follow; answers whether every difference is known.
    ///
    /// # Errors
    /// [`SymbolFault`]: the peer's symbols are not those of a set, or there are too many.
    pub fn push(&mut self, symbols: &[Symbol]) -> Result<bool, SymbolFault> {
        let have = self.rest.len();
        let until = have + symbols.len();
        if until > SYMBOLS_MAX {
            return Err(SymbolFault::Endless);
        }
        let own = self.encoder.first(until).iter().skip(have);
        self.rest.extend(symbols.iter().zip(own).map(|(theirs, ours)| {
            let mut rest = *theirs;
            rest.fold(&ours.sum, ours.check);
            rest
        }));
        if let Some(fresh) = self.rest.get_mut(have..) {
            for (walker, element) in &mut self.walkers {
                let check = walker.seed();
                walker.walk(have, fresh, |symbol: &mut Symbol| symbol.fold(element, check));
            }
        }
        let mut look: Vec<usize> = (have..until).collect();
        while let Some(at) = look.pop() {
            let Some(symbol) = self.rest.get(at).copied() else { continue };
            if symbol.is_empty() || self.key.check(&symbol.sum) != symbol.check {
                continue;
            }
            if !self.found.insert(symbol.sum) {
                return Err(SymbolFault::Contradictory);
            }
            let mut walker = Walker::new(symbol.check);
            while let Some(touched) = walker.at().filter(|at| *at < until) {
                if let Some(rest) = self.rest.get_mut(touched) {
                    rest.fold(&symbol.sum, symbol.check);
                }
                look.push(touched);
                walker.step();
            }
            self.walkers.push((walker, symbol.sum));
        }
        let done = self.rest.first().is_some_and(Symbol::is_empty);
        if done && !self.rest.iter().all(Symbol::is_empty) {
            return Err(SymbolFault::Contradictory);
        }
        Ok(done)
    }

    /// What differs, once [`Self::push`] has said that all is known.
    #[must_use]
    pub fn difference(&self) -> Difference {
        let (mine, theirs) = self.found.iter().partition(|element| self.own.contains(element));
        Difference { mine, theirs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn element(n: u32) -> Element {
        let mut element = Element([9; ELEMENT_BYTES]);
        element.0.iter_mut().zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
        element
    }

    fn reconcile(
        mine: &[Element],
        theirs: &[Element],
        steps: usize,
    ) -> Result<(Difference, usize), SymbolFault> {
        let key = Key([5; 16]);
        let (mut encoder, mut decoder) = (Encoder::new(&key, theirs), Decoder::new(key, mine));
        loop {
            let have = decoder.read();
            let symbols = encoder.first(have + steps)[have..].to_vec();
            if decoder.push(&symbols)? {
                return Ok((decoder.difference(), decoder.read()));
            }
        }
    }

    proptest! {
        #[test]
        fn every_difference_is_found_and_nothing_else(
            mine in prop::collection::btree_set(0_u32..400, 0..120),
            theirs in prop::collection::btree_set(0_u32..400, 0..120),
            steps in 1_usize..40,
        ) {
            let of = |set: &BTreeSet<u32>| set.iter().map(|&n| element(n)).collect::<Vec<_>>();
            let (difference, _) = reconcile(&of(&mine), &of(&theirs), steps).unwrap();
            prop_assert_eq!(difference.mine, mine.difference(&theirs).map(|&n| element(n)).collect::<Vec<_>>());
            prop_assert_eq!(difference.theirs, theirs.difference(&mine).map(|&n| element(n)).collect::<Vec<_>>());
        }

        #[test]
        fn garbage_neither_stops_nor_convinces_the_reader(
            junk in prop::collection::vec((any::<[u8; ELEMENT_BYTES]>(), any::<u64>()), 1..200),
        ) {
            let mine: Vec<Element> = (0..50).map(element).collect();
            let mut decoder = Decoder::new(Key([5; 16]), &mine);
            let junk: Vec<Symbol> =
                junk.into_iter().map(|(sum, check)| Symbol { sum: Element(sum), check }).collect();
            prop_assert_ne!(decoder.push(&junk), Ok(true));
        }
    }

    #[test]
    fn few_symbols_a_difference_are_enough() {
        let all: Vec<Element> = (0..20_000).map(element).collect();
        for differences in [100, 1_000, 4_000] {
            let (found, symbols) = reconcile(&all, &all[differences..], 10).unwrap();
            assert_eq!(found.mine.len(), differences);
            assert!(symbols < differences * 17 / 10, "{symbols} symbols for {differences}");
        }
    }

    #[test]
    fn a_peer_that_feeds_one_element_twice_is_named() {
        let key = Key([5; 16]);
        let (element, check) = (element(1), key.check(&element(1)));
        // The second symbol names the element that the first one has told already, and that is not part of it.
        let mut honest = Encoder::new(&key, &[element]);
        let mut symbols = honest.first(40).to_vec();
        let absent = symbols.iter().position(|s| s.is_empty()).unwrap();
        symbols[absent] = Symbol { sum: element, check };
        let mut decoder = Decoder::new(key, &[]);
        assert_eq!(decoder.push(&symbols), Err(SymbolFault::Contradictory));
    }

    #[test]
    fn endless_symbols_end() {
        let mut decoder = Decoder::new(Key([5; 16]), &[]);
        let junk = vec![Symbol { sum: element(1), check: 1 }; SYMBOLS_MAX + 1];
        assert_eq!(decoder.push(&junk), Err(SymbolFault::Endless));
    }
}
