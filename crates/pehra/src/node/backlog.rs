//! What waits for a path, class by class, and what goes first once it carries again.

use super::Node;
use pehra_ledger::Entry;
use pehra_link::queue::{Depth, Priority};
use pehra_ops::{
    event::{Decoded, Event, kind_name},
    order,
};
use pehra_store::{Receipt, Stored};
use std::ops::ControlFlow;

/// Entries of one log that are looked at to tell how urgent it is.
const LOOKED_AT: usize = 256;

/// How urgent an entry is. Life first, what answers or moves people next, lists last.
#[must_use]
pub fn priority_of(entry: &Entry) -> Priority {
    let kind = entry.header().kind;
    let word = kind_name(kind).map_or("", |name| name.split('.').next().unwrap_or_default());
    match word {
        "order" => order_priority(entry),
        "incident" => Priority::Life,
        "check_in" | "custody" | "intelligence" | "suspension" | "dispatch" | "report" => {
            Priority::Urgent
        }
        "dataset" => Priority::Bulk,
        _ if kind == pehra_link::receipt::RECEIPT => Priority::Urgent,
        _ => Priority::Routine,
    }
}

fn order_priority(entry: &Entry) -> Priority {
    let payload = entry.payload().map(|payload| Event::decode(entry.header().kind, payload.body()));
    match payload {
        Some(Ok(Decoded::Known(Event::Order(order::Event::Given(order))))) => {
            match order.priority {
                order::Priority::Life => Priority::Life,
                order::Priority::Urgent => Priority::Urgent,
                order::Priority::Routine => Priority::Routine,
            }
        }
        _ => Priority::Urgent,
    }
}

/// The most urgent of some entries, as a number: 0 goes first.
#[must_use]
pub(super) fn urgency(entries: &[Entry]) -> u8 {
    let most = entries.iter().take(LOOKED_AT).map(priority_of).min();
    most.and_then(|most| Priority::ALL.iter().position(|one| *one == most))
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(u8::MAX)
}

/// What was recorded here since a path last carried everything. Counted step by step, so that a long cut costs no more
/// than a short one.
#[derive(Clone, Debug)]
pub struct Backlog {
    counted: i64,
    depths: [Depth; 4],
}

impl Backlog {
    /// Nothing waits after this many entries.
    #[must_use]
    pub fn empty_at(counted: i64) -> Self {
        let empty = |priority| Depth { priority, parcels: 0, bytes: 0, oldest_ms: None };
        Self { counted, depths: Priority::ALL.map(empty) }
    }

    /// Counts what came since the last call.
    pub fn grow(&mut self, node: &Node) -> [Depth; 4] {
        let counted = Receipt(self.counted);
        let mut visit = |stored: Stored| {
            let entry = &stored.entry;
            let priority = priority_of(entry);
            if let Some(depth) = self.depths.iter_mut().find(|one| one.priority == priority) {
                let payload = entry.payload().map_or(0, |it| it.bytes().len());
                let bytes = entry.header_bytes().len() + payload;
                depth.parcels += 1;
                depth.bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
                let at_ms = entry.header().clock.ms;
                depth.oldest_ms = Some(depth.oldest_ms.map_or(at_ms, |oldest| oldest.min(at_ms)));
            }
            self.counted = stored.receipt.0;
            ControlFlow::Continue(())
        };
        if let Err(error) = node.entries(counted, &mut visit) {
            tracing::error!(%error, "what waits for a path could not be counted");
        }
        self.depths
    }
}
