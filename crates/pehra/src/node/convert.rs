//! Between the ledger, which does not know what an election is, and ops, which does not know what a signature is.

use pehra_domain::{AreaId, PersonId, UnixMs, id::IdError, role::Role};
use pehra_ledger::{
    DeviceId, Entry, EntryRef, Hlc, Place,
    header::{Cause, Relation},
};
use pehra_ops::{
    event::{DecodeError, Decoded, Event},
    stamp::{Actor, EventRef, Stamped},
};

/// The person written into an entry when the node itself acts.
pub const NODE_PERSON: &str = "node";
/// The role written into an entry when the node itself acts.
pub const NODE_ROLE: &str = "NODE";

/// Why an entry of the ledger says nothing that this version can fold.
#[derive(Debug, thiserror::Error)]
pub enum Unfolded {
    /// Kept, and folded after an upgrade.
    #[error("its kind {0} comes from a newer version: it takes effect after an upgrade")]
    NewerKind(u32),
    #[error("its content was withheld or deleted")]
    PayloadAbsent,
    #[error("its content cannot be read")]
    Unreadable(#[source] DecodeError),
    #[error("its header names no valid person, role or area")]
    Name(#[source] IdError),
}

/// Where ops sees the same place.
#[must_use]
pub fn event_ref(place: Place) -> EventRef {
    EventRef { device: place.device.0, epoch: place.epoch, seq: place.seq }
}

/// Where the ledger sees the same place.
#[must_use]
pub fn place(at: EventRef) -> Place {
    Place { device: DeviceId(at.device), epoch: at.epoch, seq: at.seq }
}

/// A causal reference that says "this stands in its stead".
#[must_use]
pub fn supersedes(entry: EntryRef) -> Cause {
    Cause { relation: Relation::SUPERSEDES, entry }
}

/// Wall time of a hybrid clock.
#[must_use]
pub fn wall(clock: Hlc) -> UnixMs {
    UnixMs(i64::try_from(clock.ms).unwrap_or(i64::MAX))
}

/// Reads a verified entry as an event with all that surrounds it.
///
/// # Errors
/// [`Unfolded`]: the entry is kept and shown, and has no effect here.
pub fn stamped(entry: &Entry) -> Result<Stamped, Unfolded> {
    let header = entry.header();
    let payload = entry.payload().ok_or(Unfolded::PayloadAbsent)?;
    let event: Event = match Event::decode(header.kind, payload.body()) {
        Ok(Decoded::Known(event)) => event,
        Ok(Decoded::Unknown) => return Err(Unfolded::NewerKind(header.kind)),
        Err(source) => return Err(Unfolded::Unreadable(source)),
    };
    let supersedes = header
        .causes
        .iter()
        .filter(|cause| cause.relation == Relation::SUPERSEDES)
        .map(|cause| event_ref(cause.entry.place))
        .collect();
    Ok(Stamped {
        at: event_ref(header.place),
        clock_ms: wall(header.clock),
        actor: actor(&header.person, &header.role, &header.area)?,
        area: AreaId::try_new(header.area.as_str()).map_err(Unfolded::Name)?,
        cosigners: Vec::new(),
        attested_by_node: header.cosigners.is_empty(),
        keys: pehra_ops::Keys::default(),
        supersedes,
        event,
    })
}

fn actor(person: &str, role: &str, area: &str) -> Result<Actor, Unfolded> {
    let or = |text: &str, fallback: &str| {
        if text.is_empty() { fallback.to_owned() } else { text.to_owned() }
    };
    Ok(Actor {
        person: PersonId::try_new(or(person, NODE_PERSON)).map_err(Unfolded::Name)?,
        role: Role::try_new(or(role, NODE_ROLE)).map_err(Unfolded::Name)?,
        area: AreaId::try_new(area).map_err(Unfolded::Name)?,
    })
}
