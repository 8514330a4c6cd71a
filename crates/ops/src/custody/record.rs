//! What is on record about polling material. The state keeps the acts themselves, each once, and of every item which acts
//! touched it; everything else is read from them. So it is a function of the set of acts, whatever order they come in.

use super::{Event, Kind, NewItem, Offer, Outcome, Serials, form::Counted};
use crate::{
    conflict::{Conflict, ConflictKind, Noun, Side},
    stamp::{EventRef, Mark},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, ConstituencyId, ItemId, PersonId, StationId, UnixMs, role::Role};
use std::collections::{BTreeMap, BTreeSet};

/// After its time, what was sent has so long to be received.
pub(super) const GRACE_MS: i64 = 6 * 3_600_000;
/// A tree of items is followed so far.
const DEPTH_MAX: usize = 8;

/// One act, as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Act {
    #[n(0)]
    pub mark: Mark,
    /// The acts that it follows.
    #[n(1)]
    pub after: Vec<EventRef>,
    /// Of a registration without its items: they stand for themselves.
    #[n(2)]
    pub event: Event,
}

impl Act {
    /// When it happened, as its author says, or else when it was signed.
    #[must_use]
    pub fn at(&self) -> UnixMs {
        self.event.at().unwrap_or(self.mark.clock_ms)
    }
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Item {
    #[n(0)]
    pub kind: Kind,
    #[n(1)]
    pub station: Option<StationId>,
    #[n(2)]
    pub contest: Option<ConstituencyId>,
    /// What it lay in when it was registered.
    #[n(3)]
    pub within: Option<ItemId>,
    #[n(4)]
    pub serials: Option<Serials>,
    /// Seals that were on it then.
    #[n(5)]
    pub seals: Vec<String>,
    #[n(6)]
    pub(super) origin: EventRef,
    /// Registered more than once under one name: each of the others.
    #[n(7)]
    pub(super) twins: Vec<(EventRef, NewItem)>,
    /// Acts that say who has it, in the order of their names.
    #[n(8)]
    pub(super) acts: Vec<EventRef>,
    /// Records of its custodian, in the order of their names.
    #[n(9)]
    pub(super) notes: Vec<EventRef>,
}

impl Item {
    /// The entry that registered it.
    #[must_use]
    pub fn origin(&self) -> EventRef {
        self.origin
    }
}

/// Who has an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    Held { person: PersonId, role: Role },
    Offered(EventRef),
    Moving(EventRef),
    Inside(ItemId),
    Ended,
}

impl Hold {
    fn word(&self) -> &'static str {
        match self {
            Self::Held { .. } => "held",
            Self::Offered(_) => "offered",
            Self::Moving(_) => "moving",
            Self::Inside(_) => "inside",
            Self::Ended => "ended",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Held { person, role } => format!("{person} ({})", role.as_str()),
            Self::Inside(whole) => whole.to_string(),
            Self::Offered(_) | Self::Moving(_) | Self::Ended => String::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Unknown,
    Held,
    Inside,
    Offered,
    /// Offered, and its time and six hours are over.
    Unreceived,
    Moving,
    /// On its way, and later than 95 of 100 trips.
    Late,
    Ended,
    Disputed,
}

impl Phase {
    pub const ALL: [Self; 9] = [
        Self::Unknown,
        Self::Held,
        Self::Inside,
        Self::Offered,
        Self::Unreceived,
        Self::Moving,
        Self::Late,
        Self::Ended,
        Self::Disputed,
    ];

    /// Of an item that is on record: what its heads agree on, whatever the time.
    pub(super) fn of(hold: Option<&Hold>) -> Self {
        match hold {
            None => Self::Disputed,
            Some(Hold::Held { .. }) => Self::Held,
            Some(Hold::Inside(_)) => Self::Inside,
            Some(Hold::Offered(_)) => Self::Offered,
            Some(Hold::Moving(_)) => Self::Moving,
            Some(Hold::Ended) => Self::Ended,
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Held => "held",
            Self::Inside => "inside",
            Self::Offered => "offered",
            Self::Unreceived => "unreceived",
            Self::Moving => "moving",
            Self::Late => "late",
            Self::Ended => "ended",
            Self::Disputed => "disputed",
        }
    }
}

/// All items of one area, and what was said about its forms and exceptions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Area {
    #[n(0)]
    pub(super) items: BTreeMap<ItemId, Item>,
    #[n(1)]
    pub(super) issued: BTreeSet<EventRef>,
    /// Acts about the forms of a station in a contest.
    #[n(2)]
    pub(super) forms: BTreeMap<(StationId, ConstituencyId), BTreeSet<EventRef>>,
    /// What was done about an exception.
    #[n(3)]
    pub(super) answers: BTreeMap<String, BTreeSet<EventRef>>,
    /// Proposed, and not yet approved by a second person.
    #[n(4)]
    pub(super) releases: BTreeSet<EventRef>,
    #[n(5)]
    pub(super) changes: u64,
    /// Acts on names that nobody has registered here: who has it, and custodians' records.
    #[n(6)]
    pub(super) unregistered: BTreeMap<ItemId, (Vec<EventRef>, Vec<EventRef>)>,
}

impl Area {
    pub fn items(&self) -> impl Iterator<Item = (&ItemId, &Item)> {
        self.items.iter()
    }

    #[must_use]
    pub fn item(&self, item: &ItemId) -> Option<&Item> {
        self.items.get(item)
    }

    /// The acts about each station's forms in each contest.
    pub fn forms(
        &self,
    ) -> impl Iterator<Item = (&(StationId, ConstituencyId), &BTreeSet<EventRef>)> {
        self.forms.iter()
    }

    /// Another number whenever something changed.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Custody {
    #[n(0)]
    areas: BTreeMap<AreaId, Area>,
    #[n(1)]
    acts: BTreeMap<EventRef, Act>,
    /// Witnesses of an act.
    #[n(2)]
    witnesses: BTreeMap<EventRef, BTreeSet<EventRef>>,
    /// Items that several acts say different things about.
    #[n(3)]
    disputed: BTreeSet<(AreaId, ItemId)>,
}

/// An act that nothing follows yet, and who has the item by it.
type Head<'a> = (EventRef, &'a Act, Hold);

/// What the heads of an item agree on.
pub(super) fn agreed<'a>(heads: &'a [Head<'_>]) -> Option<&'a Hold> {
    let ((.., first), others) = heads.split_first()?;
    others.iter().all(|(.., other)| other == first).then_some(first)
}

/// An offer that is on record.
pub type Offered<'a> = (&'a Offer, &'a Mark);

impl Custody {
    #[must_use]
    pub fn area(&self, area: &AreaId) -> Option<&Area> {
        self.areas.get(area)
    }

    pub fn areas(&self) -> impl Iterator<Item = (&AreaId, &Area)> {
        self.areas.iter()
    }

    #[must_use]
    pub fn act(&self, at: EventRef) -> Option<&Act> {
        self.acts.get(&at)
    }

    #[must_use]
    pub fn offer(&self, at: EventRef) -> Option<Offered<'_>> {
        let act = self.acts.get(&at)?;
        if let Event::Offered(offer) = &act.event { Some((offer, &act.mark)) } else { None }
    }

    #[must_use]
    pub fn item(&self, area: &AreaId, item: &ItemId) -> Option<&Item> {
        self.areas.get(area)?.items.get(item)
    }

    /// The acts that say who has an item, and what each says.
    pub(super) fn holds<'a>(
        &'a self,
        item: &'a Item,
    ) -> impl Iterator<Item = (EventRef, &'a Act, Hold)> {
        let origins = std::iter::once(item.origin).chain(item.twins.iter().map(|(at, _)| *at));
        origins.chain(item.acts.iter().copied()).filter_map(move |at| {
            let act = self.acts.get(&at)?;
            Some((at, act, self.hold_of(item, at, act)?))
        })
    }

    fn hold_of(&self, item: &Item, at: EventRef, act: &Act) -> Option<Hold> {
        let held =
            |mark: &Mark| Hold::Held { person: mark.person.clone(), role: mark.role.clone() };
        Some(match &act.event {
            Event::Registered { .. } => {
                let twin = item.twins.iter().find(|(other, _)| *other == at);
                let within = twin.map_or(item.within.as_ref(), |(_, twin)| twin.within.as_ref());
                within.map_or_else(|| held(&act.mark), |whole| Hold::Inside(whole.clone()))
            }
            Event::Offered(_) => Hold::Offered(at),
            Event::Received(_)
            | Event::Arrived(_)
            | Event::Split(_)
            | Event::ReleaseApproved { .. } => held(&act.mark),
            Event::Declined { offer, .. } | Event::Recalled { offer, .. } => {
                held(&self.acts.get(offer)?.mark)
            }
            Event::Departed(_) => Hold::Moving(at),
            Event::Joined(parting) => Hold::Inside(parting.whole.clone()),
            Event::Destroyed(_) => Hold::Ended,
            Event::SealsIssued { .. }
            | Event::Recorded(_)
            | Event::Witnessed { .. }
            | Event::ReleaseProposed(_)
            | Event::Counted(_)
            | Event::FormRead(_)
            | Event::Compared(_)
            | Event::CopySeen(_)
            | Event::Taken { .. }
            | Event::Resolved { .. } => return None,
        })
    }

    /// The acts about who has an item that no later one follows.
    #[must_use]
    pub fn heads<'a>(&'a self, item: &'a Item) -> Vec<Head<'a>> {
        let all: Vec<_> = self.holds(item).collect();
        let followed: BTreeSet<EventRef> =
            all.iter().flat_map(|(_, act, _)| act.after.iter().copied()).collect();
        all.into_iter().filter(|(at, ..)| !followed.contains(at)).collect()
    }

    /// Who has an item: what the heads agree on.
    #[must_use]
    pub fn hold(&self, area: &AreaId, id: &ItemId) -> Option<Hold> {
        agreed(&self.heads(self.item(area, id)?)).cloned()
    }

    /// The item's outermost container: who has that has the item.
    #[must_use]
    pub fn outermost(&self, area: &AreaId, id: &ItemId) -> ItemId {
        let mut at = id.clone();
        for _ in 0..DEPTH_MAX {
            match self.hold(area, &at) {
                Some(Hold::Inside(whole)) if self.item(area, &whole).is_some() => at = whole,
                Some(_) | None => break,
            }
        }
        at
    }

    #[must_use]
    pub fn phase(&self, area: &AreaId, id: &ItemId, now: UnixMs) -> Phase {
        let Some(item) = self.item(area, id) else { return Phase::Unknown };
        match agreed(&self.heads(item)) {
            Some(Hold::Offered(at)) => {
                let by = self.offer(*at).map(|(offer, _)| offer.due.unwrap_or(offer.at).0);
                let late = by.is_some_and(|by| now.0 > by.saturating_add(GRACE_MS));
                if late { Phase::Unreceived } else { Phase::Offered }
            }
            Some(Hold::Moving(at)) if self.due(*at).is_some_and(|due| now > due) => Phase::Late,
            hold => Phase::of(hold),
        }
    }

    /// When a journey is late.
    #[must_use]
    pub fn due(&self, departed: EventRef) -> Option<UnixMs> {
        match &self.acts.get(&departed)?.event {
            Event::Departed(passage) => passage.due,
            Event::Offered(offer) => offer.due,
            Event::Registered { .. }
            | Event::SealsIssued { .. }
            | Event::Received(_)
            | Event::Declined { .. }
            | Event::Recalled { .. }
            | Event::Arrived(_)
            | Event::Recorded(_)
            | Event::Split(_)
            | Event::Joined(_)
            | Event::Witnessed { .. }
            | Event::ReleaseProposed(_)
            | Event::ReleaseApproved { .. }
            | Event::Destroyed(_)
            | Event::Counted(_)
            | Event::FormRead(_)
            | Event::Compared(_)
            | Event::CopySeen(_)
            | Event::Taken { .. }
            | Event::Resolved { .. } => None,
        }
    }

    /// All acts on an item, custodians' records too, by the time they tell.
    #[must_use]
    pub fn history(&self, area: &AreaId, id: &ItemId) -> Vec<(EventRef, &Act)> {
        let Some(item) = self.item(area, id) else { return Vec::new() };
        let held = self.holds(item).map(|(at, act, _)| (at, act));
        let mut all: Vec<_> = held.chain(self.all_of(&item.notes)).collect();
        all.sort_by_key(|(at, act)| (act.at(), *at));
        all.dedup_by_key(|(at, _)| *at);
        all
    }

    /// The items that an act says something of.
    #[must_use]
    pub fn touched(&self, at: EventRef) -> Vec<ItemId> {
        let Some(act) = self.acts.get(&at) else { return Vec::new() };
        if let Event::Recorded(note) = &act.event {
            return note.items.clone();
        }
        if let Event::Received(receipt) = &act.event {
            // Also what was named and not there.
            return self.offer(receipt.offer).map(|(it, _)| it.items.clone()).unwrap_or_default();
        }
        self.held_by(&act.event)
    }

    /// Every act there is.
    #[cfg(test)]
    pub(crate) fn all_acts(&self) -> impl Iterator<Item = (EventRef, &Act)> {
        self.acts.iter().map(|(at, act)| (*at, act))
    }

    /// What witnesses said of an act.
    pub fn witnesses(&self, of: EventRef) -> impl Iterator<Item = (EventRef, &Act)> {
        self.all_of(self.witnesses.get(&of).into_iter().flatten())
    }

    /// Who took an exception, and how it was resolved.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these two answer an exception")]
    pub fn answer(&self, area: &AreaId, exception: &str) -> Answer<'_> {
        let acts = self.areas.get(area).and_then(|it| it.answers.get(exception));
        let mut all: Vec<_> = self.all_of(acts.into_iter().flatten()).collect();
        all.sort_by_key(|(at, act)| (act.at(), *at));
        let mut answer = Answer { taken: None, resolved: None };
        for (_, act) in all {
            match &act.event {
                Event::Resolved { outcome, note, .. } => {
                    answer.resolved = Some((&act.mark, *outcome, note.as_str()));
                }
                Event::Taken { .. } => answer.taken = Some(&act.mark),
                _ => {}
            }
        }
        answer
    }

    /// Every release that somebody proposed, with the approvals of it, in the order of entries.
    #[must_use]
    pub fn all_releases(&self) -> Vec<Released<'_>> {
        let mut approved: BTreeMap<EventRef, Vec<(EventRef, &Act)>> = BTreeMap::new();
        for (at, act) in &self.acts {
            if let Event::ReleaseApproved { release, .. } = &act.event {
                approved.entry(*release).or_default().push((*at, act));
            }
        }
        let proposals = self
            .acts
            .iter()
            .filter(|(_, act)| matches!(act.event, Event::ReleaseProposed(_)))
            .map(|(at, act)| (*at, act, approved.get(at).cloned().unwrap_or_default()));
        proposals.collect()
    }

    /// Releases that wait for a second person.
    pub fn releases(&self, area: &AreaId) -> impl Iterator<Item = (EventRef, &Act)> {
        self.all_of(self.areas.get(area).into_iter().flat_map(|it| &it.releases))
    }

    pub(super) fn all_of<'a>(
        &'a self,
        refs: impl IntoIterator<Item = &'a EventRef>,
    ) -> impl Iterator<Item = (EventRef, &'a Act)> {
        refs.into_iter().filter_map(|at| Some((*at, self.acts.get(at)?)))
    }

    /// Counts among some acts that no other one follows.
    pub(super) fn standing_counts<'a>(
        &'a self,
        acts: &'a BTreeSet<EventRef>,
    ) -> Vec<(EventRef, &'a Act, &'a Counted)> {
        let counts = self.all_of(acts).filter_map(|(at, act)| {
            if let Event::Counted(counted) = &act.event { Some((at, act, counted)) } else { None }
        });
        let mut counts: Vec<_> = counts.collect();
        let followed: BTreeSet<EventRef> =
            counts.iter().flat_map(|(_, act, _)| act.after.iter().copied()).collect();
        counts.retain(|(at, ..)| !followed.contains(at));
        counts
    }

    pub(super) fn changed(&mut self, area: &AreaId) {
        self.place(area).changes += 1;
    }

    pub(super) fn place(&mut self, area: &AreaId) -> &mut Area {
        self.areas.entry(area.clone()).or_default()
    }

    pub(super) fn keep(&mut self, at: EventRef, act: Act) {
        self.acts.insert(at, act);
    }

    pub(super) fn witness(&mut self, of: EventRef, at: EventRef) {
        self.witnesses.entry(of).or_default().insert(at);
    }

    /// A proposal that a second person has approved waits no longer. An approval is never folded first: it follows the
    /// proposal, or has no effect where that is not here.
    pub(super) fn released(&mut self, proposal: EventRef) {
        let Some(act) = self.acts.get(&proposal) else { return };
        if let Some(place) = self.areas.get_mut(&act.mark.area) {
            place.releases.remove(&proposal);
        }
    }

    /// Looks again whether the acts on some items agree.
    pub(super) fn settle(&mut self, area: &AreaId, items: &[ItemId]) {
        for id in items {
            if self.item(area, id).is_some() && self.hold(area, id).is_none() {
                self.disputed.insert((area.clone(), id.clone()));
            } else if !self.disputed.is_empty() {
                self.disputed.remove(&(area.clone(), id.clone()));
            }
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let conflict = |(area, id): &(AreaId, ItemId)| {
            let item = self.item(area, id)?;
            let sides = self.heads(item).into_iter().map(|(at, act, hold)| Side {
                at,
                mark: act.mark.clone(),
                word: hold.word(),
                detail: hold.detail(),
                note: String::new(),
            });
            let mut sides: Vec<Side> = sides.collect();
            sides.sort_by_key(|side| side.at);
            let kind = ConflictKind::DecidedApart;
            Some(Conflict { noun: Noun::Custody, kind, subject: id.to_string(), sides })
        };
        self.disputed.iter().filter_map(conflict).collect()
    }
}

/// A release that was proposed: its entry, the act, and the approvals of it.
pub type Released<'a> = (EventRef, &'a Act, Vec<(EventRef, &'a Act)>);

/// What was done about an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    pub taken: Option<&'a Mark>,
    pub resolved: Option<(&'a Mark, Outcome, &'a str)>,
}
