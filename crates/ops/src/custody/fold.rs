//! How an act enters the state.

use super::{
    Event, NewItem,
    record::{Act, Area, Custody, Item},
};
use crate::stamp::{EventRef, Stamped};
use pehra_domain::ItemId;

impl Custody {
    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let (at, area) = (stamped.at, stamped.area.clone());
        self.changed(&area);
        let mut act =
            Act { mark: stamped.mark(), after: stamped.supersedes.clone(), event: event.clone() };
        if let Event::Registered { items, .. } = &mut act.event {
            let items = std::mem::take(items);
            let place = self.place(&area);
            let twins: Vec<ItemId> =
                items.into_iter().filter_map(|item| register(place, at, item)).collect();
            self.keep(at, act);
            return self.settle(&area, &twins);
        }
        let held = self.held_by(event);
        let place = self.place(&area);
        for id in &held {
            insert(acts_and_notes(place, id).0, at);
        }
        match event {
            Event::Recorded(note) => {
                for id in &note.items {
                    insert(acts_and_notes(place, id).1, at);
                }
            }
            Event::SealsIssued { .. } => {
                place.issued.insert(at);
            }
            Event::Counted(_) | Event::FormRead(_) | Event::Compared(_) | Event::CopySeen(_) => {
                if let Some(key) = event.form_key() {
                    place.forms.entry(key).or_default().insert(at);
                }
            }
            Event::Taken { exception, .. } | Event::Resolved { exception, .. } => {
                place.answers.entry(exception.clone()).or_default().insert(at);
            }
            Event::ReleaseProposed(_) => {
                place.releases.insert(at);
            }
            Event::ReleaseApproved { release, .. } => self.released(*release),
            Event::Witnessed { entry, .. } => self.witness(*entry, at),
            Event::Registered { .. }
            | Event::Offered(_)
            | Event::Received(_)
            | Event::Declined { .. }
            | Event::Recalled { .. }
            | Event::Departed(_)
            | Event::Arrived(_)
            | Event::Split(_)
            | Event::Joined(_)
            | Event::Destroyed(_) => {}
        }
        self.keep(at, act);
        self.settle(&area, &held);
    }

    /// The items of which an act says who has them.
    pub(super) fn held_by(&self, event: &Event) -> Vec<ItemId> {
        match event {
            Event::Offered(offer) => offer.items.clone(),
            Event::Received(receipt) => {
                let all = self.offer(receipt.offer).map(|(offer, _)| offer.items.as_slice());
                let there = |item: &&ItemId| !receipt.missing.contains(item);
                all.unwrap_or_default().iter().filter(there).cloned().collect()
            }
            Event::Declined { offer, .. } | Event::Recalled { offer, .. } => {
                self.offer(*offer).map(|(offer, _)| offer.items.clone()).unwrap_or_default()
            }
            Event::Departed(passage) | Event::Arrived(passage) => passage.items.clone(),
            Event::Split(parting) | Event::Joined(parting) => parting.parts.clone(),
            Event::ReleaseApproved { release, .. } => {
                match self.act(*release).map(|act| &act.event) {
                    Some(Event::ReleaseProposed(release)) => release.items.clone(),
                    Some(_) | None => Vec::new(),
                }
            }
            Event::Destroyed(ending) => ending.items.clone(),
            Event::Registered { .. }
            | Event::SealsIssued { .. }
            | Event::Recorded(_)
            | Event::Witnessed { .. }
            | Event::ReleaseProposed(_)
            | Event::Counted(_)
            | Event::FormRead(_)
            | Event::Compared(_)
            | Event::CopySeen(_)
            | Event::Taken { .. }
            | Event::Resolved { .. } => Vec::new(),
        }
    }
}

/// Enters an item; answers its name if one of this name was there.
fn register(area: &mut Area, at: EventRef, new: NewItem) -> Option<ItemId> {
    use std::collections::btree_map::Entry;
    let waiting = area.unregistered.remove(&new.item);
    match area.items.entry(new.item.clone()) {
        Entry::Vacant(place) => {
            let name = waiting.is_some().then(|| new.item.clone());
            let (acts, notes) = waiting.unwrap_or_default();
            place.insert(Item { acts, notes, ..item(at, new) });
            name
        }
        Entry::Occupied(mut place) => {
            let name = new.item.clone();
            let there = place.get_mut();
            if at < there.origin {
                // The one with the least name stands first, whatever came first.
                let mut first = item(at, new);
                std::mem::swap(there, &mut first);
                there.acts = std::mem::take(&mut first.acts);
                there.notes = std::mem::take(&mut first.notes);
                there.twins = std::mem::take(&mut first.twins);
                let elder = (first.origin, first.into_new(name.clone()));
                there.twins.push(elder);
            } else {
                there.twins.push((at, new));
            }
            there.twins.sort_by_key(|(at, _)| *at);
            Some(name)
        }
    }
}

fn item(origin: EventRef, new: NewItem) -> Item {
    let NewItem { item: _, kind, station, contest, within, serials, seals } = new;
    let (twins, acts, notes) = (Vec::new(), Vec::new(), Vec::new());
    Item { kind, station, contest, within, serials, seals, origin, twins, acts, notes }
}

impl Item {
    fn into_new(self, item: ItemId) -> NewItem {
        let Self { kind, station, contest, within, serials, seals, .. } = self;
        NewItem { item, kind, station, contest, within, serials, seals }
    }
}

/// Where acts on an item are kept, whether or not it is registered.
fn acts_and_notes<'a>(
    area: &'a mut Area,
    id: &ItemId,
) -> (&'a mut Vec<EventRef>, &'a mut Vec<EventRef>) {
    match area.items.get_mut(id) {
        Some(item) => (&mut item.acts, &mut item.notes),
        None => {
            let (acts, notes) = area.unregistered.entry(id.clone()).or_default();
            (acts, notes)
        }
    }
}

fn insert(refs: &mut Vec<EventRef>, at: EventRef) {
    if let Err(place) = refs.binary_search(&at) {
        refs.insert(place, at);
    }
}
