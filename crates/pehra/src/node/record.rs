//! The record as an auditor reads it: entries from the newest back, and all that stands beside one of them.

use super::{Node, NodeError, Withheld};
use pehra_ledger::{Cosignature, DeviceId, Entry, Place, certificate::Subject, statement};
use pehra_ops::{
    Event,
    event::{Decoded, kind_name},
    incident::{self, Matter},
};
use pehra_store::{Receipt, Stored};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

/// Entries that one look goes through at most, however few of them are wanted.
const LOOK_MAX: i64 = 20_000;
/// Entries that are read at once.
const STEP: i64 = 500;

/// A signature beside the author's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// `actor`, `second-person`, or the part of a newer version.
    pub part: String,
    pub key: String,
    /// Whose key it is, by the roster; empty when nobody vouches for it.
    pub name: String,
    /// The signature holds.
    pub holds: bool,
    /// It is a person's key behind which the root stands now.
    pub stands: bool,
}

/// A page of the record.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The newest first.
    pub entries: Vec<Stored>,
    /// Where to read on; none when the record's beginning was reached.
    pub before: Option<i64>,
}

/// Whether an entry is of a complaint about those who guard. Where its content is gone or of a newer version nothing says
/// what an incident or a report was about: it counts as a complaint. So do the keys of those who read complaints.
#[must_use]
pub fn about_guards(entry: &Entry) -> bool {
    let kind = entry.header().kind;
    let has_matter = |name: &str| name.starts_with("incident.") || name.starts_with("report.");
    kind_name(kind).is_some_and(has_matter) && matter(entry) != Some(Matter::Incident)
}

/// What an incident's or a report's entry is about; none when nobody can say.
fn matter(entry: &Entry) -> Option<Matter> {
    let payload = entry.payload()?;
    let Ok(Decoded::Known(event)) = Event::decode(entry.header().kind, payload.body()) else {
        return None;
    };
    if let Event::Report(event) = &event {
        return event.matter();
    }
    let Event::Incident(event) = event else { return None };
    match (event.on(), &event) {
        (Some(on), _) => Some(on.matter),
        (None, incident::Event::Reported(report)) => Some(report.code.matter()),
        (None, _) => None,
    }
}

impl Node {
    /// An entry with what this node knows about it.
    ///
    /// # Errors
    /// [`NodeError::NoEntry`] when nothing is held there.
    pub fn entry(&self, place: Place) -> Result<Stored, NodeError> {
        let stored = self.reader().entry(place)?;
        stored.ok_or_else(|| NodeError::NoEntry(place.to_string()))
    }

    /// Entries that are `wanted`, from the newest back, `count` of them at most; `before` goes on from an earlier page.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn leaf(
        &self,
        before: Option<i64>,
        count: usize,
        wanted: &dyn Fn(&Stored) -> bool,
    ) -> Result<Leaf, NodeError> {
        let newest = self.reader().last_receipt()?.0;
        let mut end = before.map_or(newest, |before| before.saturating_sub(1).min(newest));
        let floor = end.saturating_sub(LOOK_MAX).max(0);
        let mut entries = Vec::new();
        while end > floor && entries.len() < count {
            let from = end.saturating_sub(STEP).max(floor);
            let mut step = self.step(from, end, wanted)?;
            step.reverse();
            entries.extend(step);
            end = from;
        }
        if entries.len() > count {
            entries.truncate(count);
            end = entries.last().map_or(end, |last| last.receipt.0 - 1);
        }
        Ok(Leaf { entries, before: (end > 0).then_some(end + 1) })
    }

    /// Those that are `wanted` of the entries received after one and up to another. The reader is free between two steps,
    /// so that nobody else waits until a long look has ended.
    fn step(
        &self,
        after: i64,
        last: i64,
        wanted: &dyn Fn(&Stored) -> bool,
    ) -> Result<Vec<Stored>, NodeError> {
        let mut found = Vec::new();
        self.reader().entries_received(Receipt(after), &mut |stored| {
            if stored.receipt.0 > last {
                return ControlFlow::Break(());
            }
            if wanted(&stored) {
                found.push(stored);
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Entries that name this one as known or as replaced, the oldest first, as far as one look goes: an order's
    /// answers, an approval, a correction.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn answers(&self, of: &Stored) -> Result<Vec<Stored>, NodeError> {
        let reference = of.entry.reference();
        let names =
            |one: &Stored| one.entry.header().causes.iter().any(|cause| cause.entry == reference);
        let newest = self.reader().last_receipt()?.0;
        let end = of.receipt.0.saturating_add(LOOK_MAX).min(newest);
        let (mut from, mut found) = (of.receipt.0, Vec::new());
        while from < end {
            let to = from.saturating_add(STEP).min(end);
            found.extend(self.step(from, to, &names)?);
            from = to;
        }
        Ok(found)
    }

    /// Every signature over an entry besides the author's, a second person's over the first one's entry among them.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn beside(&self, of: &Stored) -> Result<Vec<Beside>, NodeError> {
        let entry = &of.entry;
        let mut all: Vec<(Cosignature, bool)> = entry
            .cosignatures()
            .iter()
            .map(|one| (one.clone(), one.holds(&entry.hash())))
            .collect();
        if let Some(value) = entry.header().extra(statement::EXTRA_SECOND) {
            for cause in &entry.header().causes {
                let first = self.reader().entry(cause.entry.place)?;
                let second = first
                    .and_then(|first| statement::second_person_over(value, &first.entry.hash()));
                all.extend(second.map(|second| (second, true)));
            }
        }
        Ok(self.roster(|roster| {
            let beside = |(one, holds): (Cosignature, bool)| {
                let certificates = || roster.certificates(one.key.id());
                let name = certificates().next().map(|it| it.body.name.clone());
                let stands = certificates()
                    .any(|it| it.body.subject == Subject::PERSON && roster.stands(it));
                let key = one.key.id().to_string();
                Beside { part: one.part, key, name: name.unwrap_or_default(), holds, stands }
            };
            all.into_iter().map(beside).collect()
        }))
    }

    /// Why an entry has no effect here; none when it has.
    #[must_use]
    pub fn withheld_at(&self, place: Place) -> Option<Withheld> {
        self.withheld().into_iter().find(|one| one.place == place)
    }

    /// What people call a device: the name in its certificates; none without one.
    #[must_use]
    pub fn device_name(&self, device: DeviceId) -> Option<String> {
        self.device_names([device]).remove(&device)
    }

    /// What people call several devices, those with a name.
    #[must_use]
    pub fn device_names(
        &self,
        devices: impl IntoIterator<Item = DeviceId>,
    ) -> BTreeMap<DeviceId, String> {
        let devices: BTreeSet<DeviceId> = devices.into_iter().collect();
        self.roster(|roster| {
            let name = |id: &DeviceId| roster.certificates(*id).next().map(|it| &it.body.name);
            devices.iter().filter_map(|id| Some((*id, name(id)?.clone()))).collect()
        })
    }
}
