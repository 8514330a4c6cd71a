//! That payloads of entries are to be deleted, and on what ground. One person may say so once a retention rule has run
//! out; before that a court's order is needed, and a second person. The places are named, never what stands there. Who has
//! carried it out is told outside this crate: nodes say it of themselves.

use crate::{
    content::Piece,
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, PersonId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// Places that one deletion names at most.
pub const PLACES_MAX: usize = 256;
/// No retention rule runs out sooner after the poll (DOMAIN §8: contacts of reporters, positions of vehicles).
pub const RULE_DAYS: i32 = 30;

/// Why something may be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Ground {
    /// A retention rule whose time is over.
    #[n(0)]
    Rule,
    /// A court's order, at any time.
    #[n(1)]
    Court,
}

impl Ground {
    pub const ALL: [Self; 2] = [Self::Rule, Self::Court];

    /// A word for data and screens.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Court => "court",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Order {
    /// Ascending, each once.
    #[n(0)]
    pub places: Vec<EventRef>,
    #[n(1)]
    pub ground: Ground,
    /// Which rule, or the court and the number of its order.
    #[n(2)]
    pub instrument: String,
    #[n(3)]
    pub reason: String,
    /// The last day of poll that the time of a rule was counted from: whether it had run out can be told from the entry
    /// alone, on every node alike.
    #[n(4)]
    pub poll_date: Option<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Order {
        area: AreaId,
        places: Vec<EventRef>,
        ground: Ground,
        instrument: String,
        reason: String,
    },
    Approve {
        order: EventRef,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(1900)]
    Ordered(#[n(0)] Order),
    /// Names the person who ordered it.
    #[n(1901)]
    Approved {
        #[n(0)]
        order: EventRef,
        #[n(1)]
        ordered_by: PersonId,
    },
}

impl Event {
    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Ordered(order) => {
                see(Piece::Name(&order.instrument));
                see(Piece::Required(&order.reason));
            }
            Self::Approved { ordered_by, .. } => see(Piece::person(ordered_by)),
        }
    }
}

/// All that is known of one deletion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Deletion {
    /// None as long as only its approval has arrived.
    #[n(0)]
    pub ordered: Option<(Order, Mark)>,
    /// By whom it was approved first.
    #[n(1)]
    pub approved: Option<(EventRef, Mark)>,
}

impl Deletion {
    /// The order, once it is to be carried out.
    #[must_use]
    pub fn in_force(&self) -> Option<(&Order, &Mark)> {
        let (order, mark) = self.ordered.as_ref()?;
        (order.ground == Ground::Rule || self.approved.is_some()).then_some((order, mark))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Deletions {
    #[n(0)]
    all: BTreeMap<EventRef, Deletion>,
    /// Which orders name a place.
    #[n(1)]
    naming: BTreeMap<EventRef, BTreeSet<EventRef>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    /// A second person has not approved it.
    Ordered,
    InForce,
}

impl Deletions {
    #[must_use]
    pub fn phase(&self, order: EventRef) -> Phase {
        match self.all.get(&order) {
            Some(found) if found.in_force().is_some() => Phase::InForce,
            Some(Deletion { ordered: Some(_), .. }) => Phase::Ordered,
            Some(_) | None => Phase::Unknown,
        }
    }

    /// Every deletion whose order is here.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Order, &Mark, &Deletion)> {
        self.all.iter().filter_map(|(at, found)| {
            let (order, mark) = found.ordered.as_ref()?;
            Some((*at, order, mark, found))
        })
    }

    #[must_use]
    pub fn get(&self, order: EventRef) -> Option<(&Order, &Mark, &Deletion)> {
        let found = self.all.get(&order)?;
        let (order, mark) = found.ordered.as_ref()?;
        Some((order, mark, found))
    }

    /// Orders in force that name a place.
    pub fn naming(&self, place: EventRef) -> impl Iterator<Item = (&Order, &Mark)> {
        let orders = self.naming.get(&place).into_iter().flatten();
        orders.filter_map(|at| self.all.get(at)?.in_force())
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        match event {
            Event::Ordered(order) => {
                let found = self.all.entry(stamped.at).or_default();
                found.ordered = Some((order.clone(), stamped.mark()));
                for place in &order.places {
                    self.naming.entry(*place).or_default().insert(stamped.at);
                }
            }
            Event::Approved { order, .. } => {
                let found = self.all.entry(*order).or_default();
                let new = (stamped.at, stamped.mark());
                let first = |one: &(EventRef, Mark)| (one.1.clock_ms, one.0);
                if found.approved.as_ref().is_none_or(|kept| first(&new) < first(kept)) {
                    found.approved = Some(new);
                }
            }
        }
    }
}

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Order { area, places, ground, instrument, reason } => {
            state.elections.nature()?;
            let mut places = places.clone();
            places.sort_unstable();
            places.dedup();
            let dates = state.elections.register().heads().map(|(_, head)| head.value.date);
            let order = Order {
                places,
                ground: *ground,
                instrument: instrument.clone(),
                reason: reason.clone(),
                poll_date: dates.max().filter(|_| *ground == Ground::Rule),
            };
            check_time(&order, context.at)?;
            Ok(one(Event::Ordered(order), area, None))
        }
        Command::Approve { order } => {
            let found = state.deletions.get(*order);
            let (_, mark, found) =
                found.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, order))?;
            if found.in_force().is_some() {
                return Ok(Vec::new());
            }
            if context.actor.person == mark.person {
                return Err(Refusal::of(RefusalCode::SamePersonTwice, &mark.person));
            }
            let event = Event::Approved { order: *order, ordered_by: mark.person.clone() };
            Ok(one(event, &mark.area, Some(*order)))
        }
    }
}

fn one(event: Event, area: &AreaId, after: Option<EventRef>) -> Vec<Decided> {
    let event = event::Event::Deletion(event);
    vec![Decided { event, area: area.clone(), supersedes: after.into_iter().collect() }]
}

/// One person's word is enough only when the time of the shortest rule is over.
pub(crate) fn check_time(order: &Order, at: UnixMs) -> Result<(), Refusal> {
    let over = |date: Date| Date::of_pkt(at) > date.plus_days(RULE_DAYS);
    if order.ground == Ground::Court || order.poll_date.is_some_and(over) {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::DeletionEarly, RULE_DAYS))
    }
}

/// A deletion names places, each once, in their order.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let Event::Ordered(order) = event else { return Ok(()) };
    let few = (1..=PLACES_MAX).contains(&order.places.len());
    let ascending = order.places.is_sorted_by(|a, b| a < b);
    if few && ascending {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::DeletionMalformed, order.places.len()))
    }
}

#[cfg(test)]
mod tests;
