//! An order: a text to whoever holds one of some roles in an area, to be read by a moment. Reading it and acting on it
//! are acts of the reader, each signed like any other; how far it came on its way is counted from them and from what
//! devices say of themselves, outside this crate.

use crate::{
    content::{Piece, each_once},
    event, permission as row,
    refusal::{Refusal, RefusalCode},
    stamp::{Actor, Context, Decided, EventRef, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};
use std::collections::BTreeMap;

/// Roles that one order names at most.
pub const ROLES_MAX: usize = 16;

/// What goes first when a path is narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Priority {
    /// Somebody's life depends on it.
    #[n(0)]
    Life,
    #[n(1)]
    Urgent,
    #[n(2)]
    Routine,
}

impl Priority {
    pub const ALL: [Self; 3] = [Self::Life, Self::Urgent, Self::Routine];

    /// A word for data and screens.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Life => "life",
            Self::Urgent => "urgent",
            Self::Routine => "routine",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Order {
    /// Whoever holds one of these roles, in the entry's area, below it or above it.
    #[n(0)]
    pub to: Vec<Role>,
    #[n(1)]
    pub priority: Priority,
    #[n(2)]
    pub text: String,
    #[n(3)]
    pub read_by: UnixMs,
    /// Who carries it by hand where no line does: a post or a call sign, never a name. May be empty.
    #[n(4)]
    pub runner: String,
    /// The warning that it meets, and who answers for it.
    #[n(5)]
    pub charge: Option<Charge>,
}

/// What is done against what a warning says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Measure {
    #[n(0)]
    Harden,
    #[n(1)]
    Reroute,
    #[n(2)]
    Delay,
    #[n(3)]
    Reinforce,
}

impl Measure {
    pub const ALL: [Self; 4] = [Self::Harden, Self::Reroute, Self::Delay, Self::Reinforce];

    /// A word for data and screens.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Harden => "harden",
            Self::Reroute => "reroute",
            Self::Delay => "delay",
            Self::Reinforce => "reinforce",
        }
    }
}

/// An order that meets a warning: one role owns it, and says that it is done by a moment.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Charge {
    /// The entry that released the warning.
    #[n(0)]
    pub warning: EventRef,
    #[n(1)]
    pub measure: Measure,
    /// One of those to whom the order goes.
    #[n(2)]
    pub owner: Role,
    #[n(3)]
    pub confirm_by: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Give {
        area: AreaId,
        order: Order,
    },
    /// `area` is where the reader holds the role: the order's area or one below it.
    Read {
        area: AreaId,
        order: EventRef,
    },
    Act {
        area: AreaId,
        order: EventRef,
        note: String,
    },
    Withdraw {
        order: EventRef,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2000)]
    Given(#[n(0)] Order),
    #[n(2001)]
    Read {
        #[n(0)]
        order: EventRef,
    },
    #[n(2002)]
    Acted {
        #[n(0)]
        order: EventRef,
        #[n(1)]
        note: String,
    },
    #[n(2003)]
    Withdrawn {
        #[n(0)]
        order: EventRef,
        #[n(1)]
        reason: String,
    },
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Give { .. } | Self::Withdraw { .. } => row::ORDER_GIVE,
            Self::Read { .. } | Self::Act { .. } => row::ORDER_ANSWER,
        }
    }
}

impl Event {
    /// Of the order that is withdrawn.
    pub(crate) fn area<'a>(&self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Withdrawn { order, .. } => {
                state.orders.get(*order).map(|(_, mark, _)| &mark.area)
            }
            Self::Given(_) | Self::Read { .. } | Self::Acted { .. } => None,
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Given(_) | Self::Withdrawn { .. } => row::ORDER_GIVE,
            Self::Read { .. } | Self::Acted { .. } => row::ORDER_ANSWER,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Given(order) => {
                for role in &order.to {
                    see(Piece::role(role));
                }
                see(Piece::Required(&order.text));
                see(Piece::Optional(&order.runner));
                if let Some(charge) = &order.charge {
                    see(Piece::role(&charge.owner));
                }
            }
            Self::Read { .. } => {}
            Self::Acted { note, .. } => see(Piece::Optional(note)),
            Self::Withdrawn { reason, .. } => see(Piece::Required(reason)),
        }
    }
}

/// What one person said of an order, in one role.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    #[n(0)]
    pub at: EventRef,
    #[n(1)]
    pub mark: Mark,
    #[n(2)]
    pub note: String,
}

/// All that is known of one order. Of what was said twice the first counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// None as long as only what follows from it has arrived.
    #[n(0)]
    pub given: Option<(Order, Mark)>,
    #[n(1)]
    pub read: BTreeMap<(PersonId, Role), Answer>,
    #[n(2)]
    pub acted: BTreeMap<(PersonId, Role), Answer>,
    #[n(3)]
    pub withdrawn: Option<Answer>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Orders {
    #[n(0)]
    entries: BTreeMap<EventRef, Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Given,
    /// Its time is over and nobody has read it.
    Overdue,
    /// By somebody.
    Read,
    Acted,
    Withdrawn,
}

impl Orders {
    /// Where an order stands at a moment, by its persons' acts alone.
    #[must_use]
    pub fn phase(&self, order: EventRef, at: UnixMs) -> Phase {
        let Some((entry, (given, _))) =
            self.entries.get(&order).and_then(|entry| Some((entry, entry.given.as_ref()?)))
        else {
            return Phase::Unknown;
        };
        if entry.withdrawn.is_some() {
            Phase::Withdrawn
        } else if !entry.acted.is_empty() {
            Phase::Acted
        } else if !entry.read.is_empty() {
            Phase::Read
        } else if given.read_by < at {
            Phase::Overdue
        } else {
            Phase::Given
        }
    }

    /// Every order whose text is here.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Order, &Mark, &Entry)> {
        self.entries.iter().filter_map(|(at, entry)| {
            let (order, mark) = entry.given.as_ref()?;
            Some((*at, order, mark, entry))
        })
    }

    /// One order.
    #[must_use]
    pub fn get(&self, order: EventRef) -> Option<(&Order, &Mark, &Entry)> {
        let entry = self.entries.get(&order)?;
        let (given, mark) = entry.given.as_ref()?;
        Some((given, mark, entry))
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let answer =
            |note: &str| Answer { at: stamped.at, mark: stamped.mark(), note: note.to_owned() };
        let who = || (stamped.actor.person.clone(), stamped.actor.role.clone());
        match event {
            Event::Given(order) => {
                let entry = self.entries.entry(stamped.at).or_default();
                entry.given = Some((order.clone(), stamped.mark()));
            }
            Event::Read { order } => {
                let entry = self.entries.entry(*order).or_default();
                keep_first(entry.read.entry(who()).or_insert_with(|| answer("")), answer(""));
            }
            Event::Acted { order, note } => {
                let entry = self.entries.entry(*order).or_default();
                keep_first(entry.acted.entry(who()).or_insert_with(|| answer(note)), answer(note));
            }
            Event::Withdrawn { order, reason } => {
                let entry = self.entries.entry(*order).or_default();
                keep_first(entry.withdrawn.get_or_insert_with(|| answer(reason)), answer(reason));
            }
        }
    }
}

/// The earlier of two, by clock and then by name, so that every order of delivery keeps the same one.
fn keep_first(kept: &mut Answer, other: Answer) {
    if (other.mark.clock_ms, other.at) < (kept.mark.clock_ms, kept.at) {
        *kept = other;
    }
}

/// Whether somebody in a role, for an area, is one of those to whom an order of another area goes: an order reaches
/// those below its area and those above it who answer for it.
#[must_use]
pub fn is_addressed(order: &Order, area: &AreaId, role: &Role, of: &AreaId) -> bool {
    order.to.contains(role) && area.meets(of)
}

/// The area in which somebody who holds a role for `own` speaks of an order of `area`: the narrower of the two.
#[must_use]
pub fn speaking_area<'a>(area: &'a AreaId, own: &'a AreaId) -> Option<&'a AreaId> {
    if area.contains(own) {
        Some(own)
    } else if own.contains(area) {
        Some(area)
    } else {
        None
    }
}

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let orders = &state.orders;
    match command {
        Command::Give { area, order } => {
            state.elections.nature()?;
            if order.read_by <= context.at {
                return Err(Refusal::of(RefusalCode::ExpiryInPast, order.priority.code()));
            }
            let met = order.charge.as_ref().map(|charge| charge.warning);
            if let Some(charge) = &order.charge {
                charge_in_time(state, charge, context.day)?;
            }
            Ok(one(Event::Given(order.clone()), area, met))
        }
        Command::Read { area, order } => {
            let (entry, said) = open(orders, *order)?;
            must_be_addressed(state, *order, &context.actor, area)?;
            let who = said(context);
            if entry.read.contains_key(&who) || entry.acted.contains_key(&who) {
                return Ok(Vec::new());
            }
            Ok(one(Event::Read { order: *order }, area, Some(*order)))
        }
        Command::Act { area, order, note } => {
            let (entry, said) = open(orders, *order)?;
            must_be_addressed(state, *order, &context.actor, area)?;
            if entry.acted.contains_key(&said(context)) {
                return Ok(Vec::new());
            }
            Ok(one(Event::Acted { order: *order, note: note.clone() }, area, Some(*order)))
        }
        Command::Withdraw { order, reason } => {
            let (_, mark, _) =
                orders.get(*order).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, order))?;
            open(orders, *order)?;
            let event = Event::Withdrawn { order: *order, reason: reason.clone() };
            Ok(one(event, &mark.area, Some(*order)))
        }
    }
}

type Who = fn(&Context) -> (PersonId, Role);

/// An order that may be answered.
fn open(orders: &Orders, order: EventRef) -> Result<(&Entry, Who), Refusal> {
    let (_, _, entry) =
        orders.get(order).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, order))?;
    if entry.withdrawn.is_some() {
        return Err(Refusal::of(RefusalCode::OrderWithdrawn, order));
    }
    Ok((entry, |context| (context.actor.person.clone(), context.actor.role.clone())))
}

fn one(event: Event, area: &AreaId, after: Option<EventRef>) -> Vec<Decided> {
    let event = event::Event::Order(event);
    vec![Decided { event, area: area.clone(), supersedes: after.into_iter().collect() }]
}

/// Whoever reads or acts must be one of those to whom it goes, and speak where both the order and their role hold.
pub(crate) fn must_be_addressed(
    state: &State,
    order: EventRef,
    actor: &Actor,
    area: &AreaId,
) -> Result<(), Refusal> {
    let (given, mark, _) =
        state.orders.get(order).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, order))?;
    if is_addressed(given, &mark.area, &actor.role, area) {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::OrderNotAddressed, order))
    }
}

/// What an event says of an order must come from one of its addressees.
pub(crate) fn check_addressee(
    state: &State,
    event: &event::Event,
    actor: &Actor,
    area: &AreaId,
) -> Result<(), Refusal> {
    let event::Event::Order(event) = event else { return Ok(()) };
    match event {
        Event::Read { order } | Event::Acted { order, .. } => {
            must_be_addressed(state, *order, actor, area)
        }
        Event::Given(_) | Event::Withdrawn { .. } => Ok(()),
    }
}

/// An order goes to somebody, and to nobody twice.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let Event::Given(order) = event else { return Ok(()) };
    check_roles(&order.to)?;
    match &order.charge {
        Some(charge) if !order.to.contains(&charge.owner) => {
            Err(Refusal::of(RefusalCode::OwnerNotAddressed, charge.owner.as_str()))
        }
        Some(_) | None => Ok(()),
    }
}

/// Between one and sixteen roles, each once.
pub(crate) fn check_roles(to: &[Role]) -> Result<(), Refusal> {
    if to.is_empty() || to.len() > ROLES_MAX || !each_once(to) {
        return Err(Refusal::of(RefusalCode::OrderToNobody, to.len()));
    }
    Ok(())
}

/// The warning that an order meets must have been released.
pub(crate) fn check_charge(state: &State, event: &Event) -> Result<(), Refusal> {
    let Event::Given(Order { charge: Some(charge), .. }) = event else { return Ok(()) };
    match state.intelligence.of_release(charge.warning) {
        Some(_) => Ok(()),
        None => Err(Refusal::of(RefusalCode::NotKnown, charge.warning)),
    }
}

/// What meets a warning is confirmed before its window opens; once it is open, before it ends: by the day's time, as the
/// warning tells it.
fn charge_in_time(state: &State, charge: &Charge, at: UnixMs) -> Result<(), Refusal> {
    let known = state.intelligence.of_release(charge.warning);
    let told = known.and_then(|(_, record)| record.written());
    let (told, _) = told.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, charge.warning))?;
    let limit = if at < told.window.from { told.window.from } else { told.window.until };
    if charge.confirm_by <= at || charge.confirm_by > limit {
        return Err(Refusal::of(RefusalCode::MeasureTooLate, charge.measure.code()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
