//! That payloads of entries are to be deleted, and on what ground. One person may say so once a retention rule has run
//! out; before that a court's order is needed, and a second person. The places are named, never what stands there. Who has
//! carried it out is told outside this crate: nodes say it of themselves.
//!
//! What the rule of thirty days is about need not wait for a person on its day: a standing order, signed once and approved by
//! a second person, lets the node itself order the deletion of reporters' contacts, and of nothing else.

mod standing;

pub(crate) use standing::check_area;
pub use standing::{DUE_KINDS, Standing, Stands};

use crate::{
    content::Piece,
    event, permission as row,
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
    /// A standing order whose day has come; signed by a node, and no further than [`DUE_KINDS`].
    #[n(2)]
    Standing,
}

impl Ground {
    pub const ALL: [Self; 3] = [Self::Rule, Self::Court, Self::Standing];

    /// A word for data and screens.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Court => "court",
            Self::Standing => "standing",
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
    /// The standing order that is carried out.
    #[n(5)]
    pub standing: Option<EventRef>,
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
    /// Proposes that nodes delete by themselves, in an area, what the rule of thirty days is about.
    Stand {
        area: AreaId,
        instrument: String,
        reason: String,
    },
    ApproveStanding {
        standing: EventRef,
    },
    EndStanding {
        standing: EventRef,
        reason: String,
    },
    /// A node's own act: carries a standing order out on some entries.
    Due {
        area: AreaId,
        standing: EventRef,
        places: Vec<EventRef>,
    },
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Order { .. } | Self::Stand { .. } | Self::EndStanding { .. } => {
                row::PAYLOAD_DELETE
            }
            Self::Approve { .. } | Self::ApproveStanding { .. } => row::PAYLOAD_DELETE_APPROVE,
            Self::Due { .. } => row::PAYLOAD_DELETE_DUE,
        }
    }

    /// The area in which it acts; none when it refers to something that is not on record here.
    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Order { area, .. } | Self::Stand { area, .. } | Self::Due { area, .. } => {
                Some(area)
            }
            Self::Approve { order } => state.deletions.get(*order).map(|(_, mark, _)| &mark.area),
            Self::ApproveStanding { standing } | Self::EndStanding { standing, .. } => {
                state.deletions.standing(*standing).map(|(_, mark)| &mark.area)
            }
        }
    }
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
    #[n(1902)]
    Stood(#[n(0)] Standing),
    /// Names the person who proposed it.
    #[n(1903)]
    StandingApproved {
        #[n(0)]
        standing: EventRef,
        #[n(1)]
        proposed_by: PersonId,
    },
    #[n(1904)]
    StandingEnded {
        #[n(0)]
        standing: EventRef,
        #[n(1)]
        reason: String,
    },
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Ordered(_) => 1900,
            Self::Approved { .. } => 1901,
            Self::Stood(_) => 1902,
            Self::StandingApproved { .. } => 1903,
            Self::StandingEnded { .. } => 1904,
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Ordered(order) if order.ground == Ground::Standing => row::PAYLOAD_DELETE_DUE,
            Self::Ordered(_) | Self::Stood(_) | Self::StandingEnded { .. } => row::PAYLOAD_DELETE,
            Self::Approved { .. } | Self::StandingApproved { .. } => row::PAYLOAD_DELETE_APPROVE,
        }
    }

    /// The area of what it refers to; none where the header's counts.
    pub(crate) fn area<'a>(&self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Approved { order, .. } => {
                state.deletions.get(*order).map(|(_, mark, _)| &mark.area)
            }
            Self::StandingApproved { standing, .. } | Self::StandingEnded { standing, .. } => {
                state.deletions.standing(*standing).map(|(_, mark)| &mark.area)
            }
            Self::Ordered(_) | Self::Stood(_) => None,
        }
    }

    /// The first person's act that this one approves as the second.
    pub(crate) fn approves(&self) -> Option<EventRef> {
        match self {
            Self::Approved { order, .. } => Some(*order),
            Self::StandingApproved { standing, .. } => Some(*standing),
            Self::Ordered(_) | Self::Stood(_) | Self::StandingEnded { .. } => None,
        }
    }

    /// How the act that this one approves was signed.
    pub(crate) fn first_mark<'a>(&self, state: &'a State) -> Option<&'a Mark> {
        match self {
            Self::Approved { order, .. } => state.deletions.get(*order).map(|(_, mark, _)| mark),
            Self::StandingApproved { standing, .. } => {
                state.deletions.standing(*standing).map(|(_, mark)| mark)
            }
            Self::Ordered(_) | Self::Stood(_) | Self::StandingEnded { .. } => None,
        }
    }

    pub(crate) fn check_references(
        &self,
        state: &State,
        at: UnixMs,
        two_who_acted: impl Fn(&PersonId, Option<&PersonId>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        match self {
            Self::Ordered(order) => check_time(order, at),
            Self::Approved { order, ordered_by } => {
                let found = state.deletions.get(*order);
                two_who_acted(ordered_by, found.map(|(_, mark, _)| &mark.person))
            }
            Self::StandingApproved { standing, proposed_by } => {
                let found = state.deletions.standing(*standing);
                two_who_acted(proposed_by, found.map(|(_, mark)| &mark.person))
            }
            Self::Stood(_) | Self::StandingEnded { .. } => Ok(()),
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Ordered(order) => {
                see(Piece::Name(&order.instrument));
                see(Piece::Required(&order.reason));
            }
            Self::Approved { ordered_by, .. } => see(Piece::person(ordered_by)),
            Self::Stood(standing) => {
                see(Piece::Name(&standing.instrument));
                see(Piece::Required(&standing.reason));
            }
            Self::StandingApproved { proposed_by, .. } => see(Piece::person(proposed_by)),
            Self::StandingEnded { reason, .. } => see(Piece::Required(reason)),
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
        (order.ground != Ground::Court || self.approved.is_some()).then_some((order, mark))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Deletions {
    #[n(0)]
    all: BTreeMap<EventRef, Deletion>,
    /// Which orders name a place.
    #[n(1)]
    naming: BTreeMap<EventRef, BTreeSet<EventRef>>,
    #[n(2)]
    standing: BTreeMap<EventRef, Stands>,
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
                keep_first(&mut found.approved, new, |(at, mark)| (mark.clock_ms, *at));
            }
            Event::Stood(standing) => {
                let found = self.standing.entry(stamped.at).or_default();
                found.proposed = Some((standing.clone(), stamped.mark()));
            }
            Event::StandingApproved { standing, .. } => {
                self.standing.entry(*standing).or_default().approve(stamped.at, stamped.mark());
            }
            Event::StandingEnded { standing, reason } => {
                self.standing.entry(*standing).or_default().end(stamped.at, stamped.mark(), reason);
            }
        }
    }
}

/// Of what several did, what was done first stands, in whatever order it arrives.
fn keep_first<T, K: Ord>(kept: &mut Option<T>, new: T, first: impl Fn(&T) -> K) {
    if kept.as_ref().is_none_or(|kept| first(&new) < first(kept)) {
        *kept = Some(new);
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
            if *ground == Ground::Standing {
                return Err(Refusal::of(RefusalCode::StandingNotInForce, "ground"));
            }
            let order = Order {
                places,
                ground: *ground,
                instrument: instrument.clone(),
                reason: reason.clone(),
                poll_date: last_day(state).filter(|_| *ground == Ground::Rule),
                standing: None,
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
        Command::Stand { .. }
        | Command::ApproveStanding { .. }
        | Command::EndStanding { .. }
        | Command::Due { .. } => standing::decide(state, context, command),
    }
}

/// The last day of poll that is on record: the time of a rule is counted from it.
#[must_use]
pub fn last_day(state: &State) -> Option<Date> {
    state.elections.register().heads().map(|(_, head)| head.value.date).max()
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
    if (order.ground == Ground::Standing) != order.standing.is_some() {
        return Err(Refusal::of(RefusalCode::StandingNotInForce, "standing"));
    }
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
