//! What the room remembers of convoys: the open locker, the rows of the seats that are planned, and which seats there are.

use super::sum::{ConvoyNarrow, HeldRow};
use crate::{
    node::Node,
    work::{
        WorkError,
        convoys::{self as work, Locker, SeatBrief, SeatFile, Shelf},
    },
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

const NARROWS: &str = "narrows.json";

#[derive(Default)]
struct Kept {
    locker: Option<Arc<Locker>>,
    /// By the list of stations that they were counted in.
    seats: Option<(String, Arc<Vec<SeatBrief>>)>,
    rows: Option<BTreeMap<String, HeldRow>>,
}

#[derive(Default)]
pub struct ConvoysKept(Mutex<Kept>);

fn name(seat: &str) -> String {
    format!("{seat}.row.json")
}

impl ConvoysKept {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// # Errors
    /// As [`Locker::open`].
    pub(super) fn locker(&self, node: &Node) -> Result<Arc<Locker>, WorkError> {
        let mut kept = self.kept();
        if let Some(locker) = &kept.locker {
            return Ok(Arc::clone(locker));
        }
        let locker = Arc::new(Locker::open(node)?);
        kept.locker = Some(Arc::clone(&locker));
        Ok(locker)
    }

    /// All seats with a station that votes; counted once for each list of stations.
    ///
    /// # Errors
    /// [`WorkError`]: the poll's record cannot be read.
    pub(super) fn seats(&self, node: &Node) -> Result<Arc<Vec<SeatBrief>>, WorkError> {
        let sign = work::sign(node);
        if let Some((held, seats)) = &self.kept().seats
            && *held == sign
        {
            return Ok(Arc::clone(seats));
        }
        let seats = Arc::new(work::seats(node)?);
        self.kept().seats = Some((sign, Arc::clone(&seats)));
        Ok(seats)
    }

    /// The rows of all seats that are planned, by name.
    ///
    /// # Errors
    /// [`WorkError`] when the node's folder cannot be read.
    pub(super) fn rows(&self, node: &Node) -> Result<Vec<HeldRow>, WorkError> {
        let held = |kept: &Kept| kept.rows.as_ref().map(|rows| rows.values().cloned().collect());
        if let Some(rows) = held(&self.kept()) {
            return Ok(rows);
        }
        let locker = self.locker(node)?;
        let mut rows = BTreeMap::new();
        for seat in self.seats(node)?.iter() {
            let bytes = locker.read(&name(seat.seat.as_str()))?;
            let row = bytes.and_then(|bytes| serde_json::from_slice::<HeldRow>(&bytes).ok());
            rows.extend(row.map(|row| (row.row.seat.clone(), row)));
        }
        // What was planned while the folder was being read is newer.
        let mut kept = self.kept();
        if let Some(newer) = kept.rows.take() {
            rows.extend(newer);
        }
        let all = rows.values().cloned().collect();
        kept.rows = Some(rows);
        Ok(all)
    }

    /// Keeps the row of a seat that was just planned, or found as it was.
    ///
    /// # Errors
    /// [`WorkError`] when the node's folder cannot be read or written.
    pub(super) fn put(
        &self,
        node: &Node,
        file: &SeatFile,
        (sign, by): (&str, &str),
    ) -> Result<(), WorkError> {
        self.rows(node)?;
        let row = HeldRow::of(file, (sign, by), node.now().0);
        let bytes = serde_json::to_vec(&row).map_err(|e| WorkError::Input(e.to_string()))?;
        self.locker(node)?.write(&name(&file.seat), &bytes)?;
        let mut kept = self.kept();
        kept.rows.get_or_insert_default().insert(file.seat.clone(), row);
        Ok(())
    }

    /// # Errors
    /// [`WorkError`] when the node's folder cannot be read.
    pub(super) fn narrows(&self, node: &Node) -> Result<Vec<ConvoyNarrow>, WorkError> {
        let bytes = self.locker(node)?.read(NARROWS)?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    /// The narrow places of this run and those that follow; as they were when none are given.
    ///
    /// # Errors
    /// [`WorkError`] when the node's folder cannot be read or written.
    pub(super) fn set_narrows(
        &self,
        node: &Node,
        narrows: Option<Vec<ConvoyNarrow>>,
    ) -> Result<Vec<ConvoyNarrow>, WorkError> {
        let Some(narrows) = narrows else { return self.narrows(node) };
        let bytes = serde_json::to_vec(&narrows).map_err(|e| WorkError::Input(e.to_string()))?;
        self.locker(node)?.write(NARROWS, &bytes)?;
        Ok(narrows)
    }
}
