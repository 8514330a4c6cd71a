//! What the account afterwards asks of the ledger itself.

use super::{Node, NodeError, convert::wall};
use pehra_domain::UnixMs;
use pehra_ledger::{
    Entry,
    note::{Line, Note, NoteError},
};
use pehra_ops::after_action::Ledger;
use pehra_store::Receipt;
use std::{collections::BTreeMap, ops::ControlFlow};

impl Node {
    /// Looks at every entry in the order in which this node received them.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn walk(&self, visit: &mut dyn FnMut(&Entry)) -> Result<(), NodeError> {
        self.reader().entries_received(Receipt(0), &mut |stored| {
            visit(&stored.entry);
            ControlFlow::Continue(())
        })?;
        Ok(())
    }

    /// Signs a text of this node's as a signed note. Its first line says what it is: no checkpoint begins so.
    ///
    /// # Errors
    /// [`NodeError::Table`] when the text is no note's.
    pub fn sign_note(&self, text: String) -> Result<Note, NodeError> {
        let unreadable = |error: NoteError| NodeError::Table(error.to_string());
        let name = self.origin().name();
        let line = Line::by_log(&name, &self.inner.key, &text).map_err(unreadable)?;
        Note::try_new(text, vec![line]).map_err(unreadable)
    }

    /// Entries, forks and what is without effect; and with `until`, of every device that signed in the twelve hours before
    /// that moment, how long before it the device did so last. That walks the whole record.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn ledger_facts(&self, until: Option<UnixMs>) -> Result<Ledger, NodeError> {
        const BEFORE_MS: i64 = 12 * 3_600_000;
        let withheld = self.withheld().len() as u64;
        let reader = self.reader();
        let (entries, _) = reader.entries_count()?;
        let forks = (reader.forks()?.len() + reader.tree_forks()?.len()) as u64;
        let mut last: BTreeMap<[u8; 16], i64> = BTreeMap::new();
        if let Some(until) = until {
            reader.entries_received(Receipt(0), &mut |stored| {
                let header = stored.entry.header();
                let at = wall(header.clock).0;
                if at <= until.0 && until.0 - at <= BEFORE_MS {
                    let known = last.entry(header.place.device.0).or_insert(at);
                    *known = (*known).max(at);
                }
                ControlFlow::Continue(())
            })?;
        }
        let lags_ms = until
            .map_or_else(Vec::new, |until| last.into_values().map(|at| until.0 - at).collect());
        Ok(Ledger { entries, forks, withheld, lags_ms })
    }
}
