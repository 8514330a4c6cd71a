//! Which way of telling a difference is the cheaper one.

use crate::sync::ground::Ground;
use crate::sync::holding::{Set, Summary};
use crate::sync::parity::Parity;
use crate::sync::sketch::{CELL_BYTES, CELLS_MAX};
use crate::sync::symbol::{SYMBOL_BYTES, SYMBOLS_MAX};

/// How a difference is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By cells over heights, so many at first: where both know the same devices.
    Sketch(u32),
    /// By symbols, so many at first.
    Symbols(u32),
    /// By a frontier or a list of all elements.
    List,
}

/// The way that was chosen, and when to leave it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) way: Way,
    pub(super) has_frontier: bool,
    /// Things in the peer's set.
    pub(super) count: u64,
    /// Entries that the peer holds.
    pub(super) entries: u64,
    /// What the list costs.
    list_bytes: usize,
}

impl Plan {
    pub(super) fn new(
        ground: &Ground,
        set: Set,
        theirs: &Summary,
        parity: &Parity,
        basis: [u8; 16],
        entries: u64,
        no_sketch: bool,
    ) -> Self {
        let differences = ground.holding.parity(set, &ground.key).differences(parity);
        let differences = usize::try_from(differences).unwrap_or(usize::MAX);
        let has_frontier = set == Set::Heights && basis == ground.holding.basis_digest(&ground.key);
        let count = usize::try_from(theirs.count).unwrap_or(usize::MAX);
        let list_bytes = if has_frontier {
            // Eight bytes a group, about half a byte a device.
            ground.holding.groups.len() * 8 + ground.holding.basis.len() * 9 / 16
        } else {
            count.saturating_mul(crate::sync::element::ELEMENT_BYTES)
        };
        let cells = differences.saturating_mul(5) / 8 + 12;
        let symbols = differences.saturating_mul(5) / 4 + 12;
        let way = if has_frontier
            && !no_sketch
            && cells * CELL_BYTES <= list_bytes.max(512)
            && cells <= CELLS_MAX / 2
        {
            Way::Sketch(u32::try_from(cells).unwrap_or(u32::MAX))
        } else if symbols * SYMBOL_BYTES <= list_bytes.max(512) && symbols <= SYMBOLS_MAX / 2 {
            Way::Symbols(u32::try_from(symbols).unwrap_or(u32::MAX))
        } else {
            Way::List
        };
        Self { way, has_frontier, count: theirs.count, entries, list_bytes }
    }

    /// How many sums of `bytes` each to read after so many; none when the list has become the cheaper way.
    pub(super) fn more(&self, read: usize, bytes: usize, max: usize) -> Option<u32> {
        let more = read / 12 + 4;
        let until = read + more;
        // The list is known to be finite: what was read already is lost, so a little beyond its price still pays.
        let worth = until * bytes <= self.list_bytes + self.list_bytes / 2 + 1_152;
        (worth && until <= max).then(|| u32::try_from(more).unwrap_or(u32::MAX))
    }
}
