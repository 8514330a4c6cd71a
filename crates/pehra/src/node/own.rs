//! What this node itself signed: the acts of the people in its room.

use super::{Node, NodeError, convert};
use pehra_ledger::Entry;

impl Node {
    /// What this node itself signed from a moment of the wall on, the last `most` of it in their order.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read.
    pub fn own_since(&self, wall_ms: i64, most: usize) -> Result<Vec<Entry>, NodeError> {
        let reader = self.reader();
        let (device, epoch) = (self.inner.key.id(), self.inner.epoch);
        let mut entries = Vec::new();
        let Some(head) = reader.log_head(device, epoch)? else { return Ok(entries) };
        let mut place = head.place;
        while entries.len() < most {
            let Some(stored) = reader.entry(place)? else { break };
            if convert::wall(stored.entry.header().clock).0 < wall_ms {
                break;
            }
            entries.push(stored.entry);
            let Some(before) = place.seq.checked_sub(1) else { break };
            place.seq = before;
        }
        entries.reverse();
        Ok(entries)
    }
}
