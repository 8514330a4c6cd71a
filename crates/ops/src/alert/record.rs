//! What is on record about alerts, folded in any order.

use super::{Draft, Event};
use crate::{
    conflict::{self, Conflict, ConflictKind, Describe, Noun, Side},
    register::{Reading, Register},
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum Standing {
    #[n(0)]
    Released,
    #[n(1)]
    Discarded,
    #[n(2)]
    Cancelled,
}

impl Describe for Standing {
    fn word(&self) -> &'static str {
        match self {
            Self::Released => "released",
            Self::Discarded => "discarded",
            Self::Cancelled => "cancelled",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Drafted,
    Discarded,
    Released,
    /// Another one took its place.
    Updated,
    Expired,
    Cancelled,
    /// Nodes released, discarded or cancelled apart.
    Disputed,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Drafted => "drafted",
            Self::Discarded => "discarded",
            Self::Released => "released",
            Self::Updated => "updated",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Disputed => "disputed",
        }
    }
}

/// What a cancellation says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Cancel {
    #[n(0)]
    pub english: String,
    #[n(1)]
    pub urdu: String,
    #[n(2)]
    pub mark: Mark,
}

/// All that is known of one alert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// None as long as only what answers it has arrived.
    #[n(0)]
    drafted: Option<(Draft, Mark)>,
    #[n(1)]
    standing: Register<Standing>,
    #[n(2)]
    releases: BTreeMap<EventRef, Mark>,
    #[n(3)]
    discards: BTreeMap<EventRef, (String, Mark)>,
    #[n(4)]
    cancels: BTreeMap<EventRef, Cancel>,
}

impl Record {
    /// The first release: from then on it is out, whatever was decided elsewhere.
    #[must_use]
    pub fn released(&self) -> Option<(EventRef, &Mark)> {
        let first = self.releases.iter().min_by_key(|(at, mark)| (mark.clock_ms, **at));
        first.map(|(at, mark)| (*at, mark))
    }

    #[must_use]
    pub fn discarded(&self) -> Option<(&str, &Mark)> {
        let first = self.discards.iter().min_by_key(|(at, (_, mark))| (mark.clock_ms, **at));
        first.map(|(_, (reason, mark))| (reason.as_str(), mark))
    }

    /// The first cancellation.
    #[must_use]
    pub fn cancelled(&self) -> Option<(EventRef, &Cancel)> {
        let first = self.cancels.iter().min_by_key(|(at, one)| (one.mark.clock_ms, **at));
        first.map(|(at, cancel)| (*at, cancel))
    }

    /// Whether it went out by somebody's word that was not thrown away before.
    pub(super) fn went_out(&self) -> bool {
        !self.releases.is_empty()
    }

    pub(super) fn heads(&self) -> Vec<EventRef> {
        self.standing.refs()
    }
}

/// The state of this noun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Alerts {
    #[n(0)]
    records: BTreeMap<EventRef, Record>,
    /// By alert, the drafts that would take its place.
    #[n(1)]
    followers: BTreeMap<EventRef, BTreeSet<EventRef>>,
    #[n(2)]
    changes: u64,
}

impl Alerts {
    #[must_use]
    pub fn get(&self, draft: EventRef) -> Option<(&Record, &Draft, &Mark)> {
        let record = self.records.get(&draft)?;
        record.drafted.as_ref().map(|(draft, mark)| (record, draft, mark))
    }

    /// Every alert that is on record, in the order of the entries' names.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Record, &Draft, &Mark)> {
        self.records.iter().filter_map(|(at, record)| {
            let (draft, mark) = record.drafted.as_ref()?;
            Some((*at, record, draft, mark))
        })
    }

    #[must_use]
    pub fn area_of(&self, draft: EventRef) -> Option<&AreaId> {
        self.get(draft).map(|(_, _, mark)| &mark.area)
    }

    /// The updates of an alert that went out.
    pub fn updates(&self, alert: EventRef) -> impl Iterator<Item = (EventRef, &Record)> {
        let drafts = self.followers.get(&alert).into_iter().flatten();
        drafts.filter_map(|at| {
            let record = self.records.get(at)?;
            record.went_out().then_some((*at, record))
        })
    }

    #[must_use]
    pub fn phase(&self, draft: EventRef, at: UnixMs) -> Phase {
        let Some((record, written, _)) = self.get(draft) else { return Phase::Unknown };
        match record.standing.reading() {
            Reading::Empty => Phase::Drafted,
            Reading::Disputed => Phase::Disputed,
            Reading::Agreed(Standing::Discarded) => Phase::Discarded,
            Reading::Agreed(Standing::Cancelled) => Phase::Cancelled,
            Reading::Agreed(Standing::Released) if self.updates(draft).next().is_some() => {
                Phase::Updated
            }
            Reading::Agreed(Standing::Released) if written.expires <= at => Phase::Expired,
            Reading::Agreed(Standing::Released) => Phase::Released,
        }
    }

    /// How many acts changed something so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        self.changes += 1;
        let about = event.draft().unwrap_or(stamped.at);
        let record = self.records.entry(about).or_default();
        match event {
            Event::Drafted(draft) => {
                record.drafted = Some((draft.as_ref().clone(), stamped.mark()));
                if let Some(follows) = draft.follows {
                    self.followers.entry(follows).or_default().insert(stamped.at);
                }
            }
            Event::Released { .. } => {
                record.releases.insert(stamped.at, stamped.mark());
                record.standing.put(stamped, Standing::Released, "");
            }
            Event::Discarded { reason, .. } => {
                record.discards.insert(stamped.at, (reason.clone(), stamped.mark()));
                record.standing.put(stamped, Standing::Discarded, reason);
            }
            Event::Cancelled { english, urdu, .. } => {
                let (english, urdu) = (english.clone(), urdu.clone());
                let cancel = Cancel { english, urdu, mark: stamped.mark() };
                record.standing.put(stamped, Standing::Cancelled, &cancel.english);
                record.cancels.insert(stamped.at, cancel);
            }
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (at, record) in &self.records {
            found.extend(conflict::of_register(Noun::Alert, at, &record.standing));
        }
        for alert in self.followers.keys() {
            let rivals = self.updates(*alert).filter_map(|(_, record)| {
                let stands = record.standing.agreed() == Some(&Standing::Released);
                let (at, mark) = record.released().filter(|_| stands)?;
                let (word, detail, note) = ("updated", String::new(), String::new());
                Some(Side { at, mark: mark.clone(), word, detail, note })
            });
            let mut sides: Vec<Side> = rivals.collect();
            sides.sort_by_key(|side| side.at);
            if sides.len() > 1 {
                let (noun, kind) = (Noun::Alert, ConflictKind::DecidedApart);
                found.push(Conflict { noun, kind, subject: format!("{alert} update"), sides });
            }
        }
        found
    }
}
