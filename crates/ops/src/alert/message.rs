//! What goes out: a message for each release and for each cancellation.

use super::{Alerts, Cancel, Draft, Kind, Record};
use crate::stamp::{EventRef, Mark};
use pehra_domain::UnixMs;

/// Longest chain of updates that is followed.
const CHAIN_MAX: usize = 256;

/// Earlier messages and when each was sent, the oldest first.
pub type References = Vec<(EventRef, UnixMs)>;

/// One message. Its name is that of the draft, or that of the cancellation's entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    pub id: EventRef,
    pub kind: Kind,
    pub sent: UnixMs,
    pub draft: &'a Draft,
    /// Who let it out, for which area.
    pub mark: &'a Mark,
    /// The entry that let it out.
    pub entry: EventRef,
    pub references: References,
    pub cancel: Option<&'a Cancel>,
}

impl Alerts {
    /// The message under a name: of a draft that was released, or of a cancellation.
    #[must_use]
    pub fn message(&self, id: EventRef) -> Option<Message<'_>> {
        if let Some((record, draft, _)) = self.get(id) {
            return self.released(id, record, draft);
        }
        self.all().find_map(|(at, record, draft, _)| {
            self.cancelled(at, record, draft).filter(|message| message.id == id)
        })
    }

    /// Every message that went out, the newest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message<'_>> {
        let mut found: Vec<Message<'_>> = self
            .all()
            .flat_map(|(at, record, draft, _)| {
                let out = self.released(at, record, draft);
                out.into_iter().chain(self.cancelled(at, record, draft))
            })
            .collect();
        found.sort_by_key(|message| std::cmp::Reverse((message.sent, message.id)));
        found
    }

    fn released<'a>(
        &'a self,
        at: EventRef,
        record: &'a Record,
        draft: &'a Draft,
    ) -> Option<Message<'a>> {
        let (entry, mark) = record.released()?;
        let references = self.chain(draft.follows);
        let kind = if references.is_empty() { Kind::Alert } else { Kind::Update };
        Some(Message {
            id: at,
            kind,
            sent: mark.clock_ms,
            draft,
            mark,
            entry,
            references,
            cancel: None,
        })
    }

    fn cancelled<'a>(
        &'a self,
        at: EventRef,
        record: &'a Record,
        draft: &'a Draft,
    ) -> Option<Message<'a>> {
        let (entry, cancel) = record.cancelled()?;
        let mark = &cancel.mark;
        Some(Message {
            id: entry,
            kind: Kind::Cancel,
            sent: mark.clock_ms,
            draft,
            mark,
            entry,
            references: self.chain(Some(at)),
            cancel: Some(cancel),
        })
    }

    /// What went out before, back to the first.
    fn chain(&self, last: Option<EventRef>) -> References {
        let mut found = Vec::new();
        let mut next = last;
        while let Some(at) = next.take().filter(|_| found.len() < CHAIN_MAX) {
            let Some((record, draft, _)) = self.get(at) else { break };
            found.extend(record.released().map(|(_, mark)| (at, mark.clock_ms)));
            next = draft.follows;
        }
        found.reverse();
        found
    }
}
