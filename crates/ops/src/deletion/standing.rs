//! Standing orders: signed once by two persons, carried out by nodes when the day has come.

use super::{Command, Event, Ground, Order, PLACES_MAX, check_time, keep_first, last_day};
use crate::{
    event,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef, Mark},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::AreaId;

/// Kinds of entries that a standing order reaches: how reporters can be reached. A node that names others deletes nothing.
pub const DUE_KINDS: [u32; 1] = [2021];

/// That contacts go by themselves when the rule's time is over.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Standing {
    /// Which rule.
    #[n(0)]
    pub instrument: String,
    #[n(1)]
    pub reason: String,
}

/// All that is known of one standing order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Stands {
    /// None as long as only what was done about it has arrived.
    #[n(0)]
    pub proposed: Option<(Standing, Mark)>,
    /// By whom it was approved first.
    #[n(1)]
    pub approved: Option<(EventRef, Mark)>,
    #[n(2)]
    pub ended: Option<(EventRef, Mark, String)>,
}

impl Stands {
    pub(super) fn approve(&mut self, at: EventRef, mark: Mark) {
        keep_first(&mut self.approved, (at, mark), |(at, mark)| (mark.clock_ms, *at));
    }

    pub(super) fn end(&mut self, at: EventRef, mark: Mark, reason: &str) {
        let new = (at, mark, reason.to_owned());
        keep_first(&mut self.ended, new, |(at, mark, _)| (mark.clock_ms, *at));
    }

    /// Nodes act by it.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.stood() && self.ended.is_none()
    }

    fn stood(&self) -> bool {
        self.proposed.is_some() && self.approved.is_some()
    }
}

impl super::Deletions {
    /// Every standing order whose proposal is here.
    pub fn standing_all(&self) -> impl Iterator<Item = (EventRef, &Standing, &Mark, &Stands)> {
        self.standing.iter().filter_map(|(at, found)| {
            let (standing, mark) = found.proposed.as_ref()?;
            Some((*at, standing, mark, found))
        })
    }

    #[must_use]
    pub fn standing(&self, at: EventRef) -> Option<(&Standing, &Mark)> {
        let (standing, mark) = self.standing.get(&at)?.proposed.as_ref()?;
        Some((standing, mark))
    }
}

pub(super) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let unknown = |at: &EventRef| Refusal::of(RefusalCode::NotKnown, at);
    match command {
        Command::Stand { area, instrument, reason } => {
            state.elections.nature()?;
            let standing = Standing { instrument: instrument.clone(), reason: reason.clone() };
            Ok(one(Event::Stood(standing), area, Vec::new()))
        }
        Command::ApproveStanding { standing } => {
            let (_, mark) = state.deletions.standing(*standing).ok_or_else(|| unknown(standing))?;
            let found = state.deletions.standing.get(standing);
            if found.is_some_and(|found| found.approved.is_some()) {
                return Ok(Vec::new());
            }
            if context.actor.person == mark.person {
                return Err(Refusal::of(RefusalCode::SamePersonTwice, &mark.person));
            }
            let proposed_by = mark.person.clone();
            let event = Event::StandingApproved { standing: *standing, proposed_by };
            Ok(one(event, &mark.area, vec![*standing]))
        }
        Command::EndStanding { standing, reason } => {
            let (_, mark) = state.deletions.standing(*standing).ok_or_else(|| unknown(standing))?;
            let found = state.deletions.standing.get(standing);
            if found.is_some_and(|found| found.ended.is_some()) {
                return Ok(Vec::new());
            }
            let event = Event::StandingEnded { standing: *standing, reason: reason.clone() };
            Ok(one(event, &mark.area, vec![*standing]))
        }
        Command::Due { area, standing, places } => due(state, context, (area, *standing), places),
        Command::Order { .. } | Command::Approve { .. } => Ok(Vec::new()),
    }
}

/// Carries a standing order out. Its entry follows proposal and approval, so that whoever reads it finds both before it.
fn due(
    state: &State,
    context: &Context,
    (area, standing): (&AreaId, EventRef),
    places: &[EventRef],
) -> Result<Vec<Decided>, Refusal> {
    let not = || Refusal::of(RefusalCode::StandingNotInForce, standing);
    let found = state.deletions.standing.get(&standing).filter(|found| found.is_in_force());
    let found = found.ok_or_else(not)?;
    let ((said, mark), (approval, _)) =
        found.proposed.as_ref().zip(found.approved.as_ref()).ok_or_else(not)?;
    if !mark.area.contains(area) {
        return Err(not());
    }
    let mut places = places.to_vec();
    places.sort_unstable();
    places.dedup();
    places.truncate(PLACES_MAX);
    let order = Order {
        places,
        ground: Ground::Standing,
        instrument: said.instrument.clone(),
        reason: said.reason.clone(),
        poll_date: last_day(state),
        standing: Some(standing),
    };
    check_time(&order, context.at)?;
    Ok(one(Event::Ordered(order), area, vec![standing, *approval]))
}

fn one(event: Event, area: &AreaId, after: Vec<EventRef>) -> Vec<Decided> {
    let event = event::Event::Deletion(event);
    vec![Decided { event, area: area.clone(), supersedes: after }]
}

/// A deletion by a standing order rests on one that two persons signed, and reaches no further. Whether it was ended meanwhile
/// is not asked: who did not know of that acted in good faith, and nothing goes that the rule would keep.
pub(crate) fn check_area(
    state: &State,
    event: &event::Event,
    area: &AreaId,
) -> Result<(), Refusal> {
    let event::Event::Deletion(Event::Ordered(Order { standing: Some(at), .. })) = event else {
        return Ok(());
    };
    let found = state.deletions.standing.get(at).filter(|found| found.stood());
    let of = found.and_then(|found| found.proposed.as_ref());
    if of.is_some_and(|(_, mark)| mark.area.contains(area)) {
        return Ok(());
    }
    Err(Refusal::of(RefusalCode::StandingNotInForce, at))
}
