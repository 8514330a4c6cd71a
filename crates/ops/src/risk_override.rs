//! A signed departure from the computed class, with a reason and an end. It only ever raises.

use crate::{
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    event,
    refusal::{Refusal, RefusalCode},
    register::{Head, Reading, Register},
    stamp::{Context, Decided, EventRef, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{
    AreaId, PersonId, StationId, UnixMs,
    override_record::{OverrideCode, OverrideRecord},
    risk::RiskClass,
};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RiskOverride {
    #[n(0)]
    pub station: StationId,
    /// None: raised by hand, for a reason that none of the rules covers.
    #[n(1)]
    pub code: Option<OverrideCode>,
    #[n(2)]
    pub at_least: RiskClass,
    #[n(3)]
    pub reason: String,
    #[n(4)]
    pub expires: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Raise {
        area: AreaId,
        raised: RiskOverride,
    },
    /// By another person than raised it.
    Withdraw {
        raised: EventRef,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(600)]
    Raised(#[n(0)] RiskOverride),
    /// Names the one who raised it: less protection is two persons' act.
    #[n(601)]
    Withdrawn {
        #[n(0)]
        raised: EventRef,
        #[n(1)]
        raised_by: PersonId,
        #[n(2)]
        reason: String,
    },
}

impl Event {
    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Raised(raised) => {
                see(Piece::station(&raised.station));
                see(Piece::Required(&raised.reason));
            }
            Self::Withdrawn { raised_by, reason, .. } => {
                see(Piece::person(raised_by));
                see(Piece::Required(reason));
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Standing {
    #[n(0)]
    Raised,
    #[n(1)]
    Withdrawn,
}

impl Describe for Standing {
    fn word(&self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Withdrawn => "withdrawn",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// None as long as only a withdrawal has arrived.
    #[n(0)]
    pub raised: Option<(RiskOverride, Mark)>,
    #[n(1)]
    pub standing: Register<Standing>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct RiskOverrides {
    #[n(0)]
    entries: BTreeMap<EventRef, Entry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    InForce,
    Expired,
    Withdrawn,
    Disputed,
}

impl RiskOverrides {
    /// Where an override stands at a moment: nobody has to act for it to end.
    #[must_use]
    pub fn phase(&self, raised: EventRef, at: UnixMs) -> Phase {
        let Some(entry) = self.entries.get(&raised) else { return Phase::Unknown };
        match (entry.standing.reading(), &entry.raised) {
            (Reading::Empty, _) | (_, None) => Phase::Unknown,
            (Reading::Agreed(Standing::Withdrawn), _) => Phase::Withdrawn,
            (Reading::Disputed, _) => Phase::Disputed,
            (Reading::Agreed(Standing::Raised), Some((raised, _))) if raised.expires <= at => {
                Phase::Expired
            }
            (Reading::Agreed(Standing::Raised), Some(_)) => Phase::InForce,
        }
    }

    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Entry)> {
        self.entries.iter().map(|(at, entry)| (*at, entry))
    }

    /// Everything that holds at a moment. A disputed withdrawal leaves the protection standing.
    pub fn in_force(&self, at: UnixMs) -> impl Iterator<Item = (EventRef, &RiskOverride, &Mark)> {
        self.entries.iter().filter_map(move |(reference, entry)| {
            let (raised, mark) = entry.raised.as_ref()?;
            let holds = matches!(self.phase(*reference, at), Phase::InForce | Phase::Disputed);
            (holds && raised.expires > at).then_some((*reference, raised, mark))
        })
    }

    /// The rule overrides (O1, O2, O3) that hold at a moment, in the shape that the risk model takes.
    #[must_use]
    pub fn records(&self, at: UnixMs) -> Vec<OverrideRecord> {
        self.in_force(at)
            .filter_map(|(_, raised, mark)| {
                Some(OverrideRecord {
                    station: raised.station.clone(),
                    code: raised.code?,
                    reason: raised.reason.clone(),
                    signed_by: mark.person.clone(),
                    expires: raised.expires,
                })
            })
            .collect()
    }

    /// The least class that overrides demand of a station at a moment, by rule or by hand.
    #[must_use]
    pub fn at_least(&self, station: &StationId, at: UnixMs) -> Option<RiskClass> {
        self.in_force(at)
            .filter(|(_, raised, _)| raised.station == *station)
            .map(|(_, raised, _)| raised.at_least)
            .max()
    }

    pub(crate) fn get(&self, raised: EventRef) -> Option<(&Entry, &RiskOverride, &Mark)> {
        let entry = self.entries.get(&raised)?;
        let (raised, mark) = entry.raised.as_ref()?;
        Some((entry, raised, mark))
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let (reference, value, note) = match event {
            Event::Raised(raised) => {
                let entry = self.entries.entry(stamped.at).or_default();
                entry.raised = Some((raised.clone(), stamped.mark()));
                (stamped.at, Standing::Raised, raised.reason.clone())
            }
            Event::Withdrawn { raised, reason, .. } => {
                (*raised, Standing::Withdrawn, reason.clone())
            }
        };
        let head = Head { mark: stamped.mark(), value, note };
        let entry = self.entries.entry(reference).or_default();
        entry.standing.write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        self.entries
            .iter()
            .filter_map(|(at, entry)| {
                let subject = match &entry.raised {
                    Some((raised, _)) => raised.station.to_string(),
                    None => at.to_string(),
                };
                conflict::of_register(Noun::RiskOverride, subject, &entry.standing)
            })
            .collect()
    }
}

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Raise { area, raised } => raise(state, context, area, raised),
        Command::Withdraw { raised, reason } => {
            let overrides = &state.risk_overrides;
            let known =
                overrides.get(*raised).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, raised))?;
            let (entry, _, mark) = known;
            if !matches!(overrides.phase(*raised, context.at), Phase::InForce | Phase::Disputed) {
                return Err(Refusal::of(RefusalCode::OverrideNotInForce, raised));
            }
            if context.actor.person == mark.person {
                return Err(Refusal::of(RefusalCode::SamePersonTwice, &mark.person));
            }
            let event = Event::Withdrawn {
                raised: *raised,
                raised_by: mark.person.clone(),
                reason: reason.clone(),
            };
            let event = event::Event::RiskOverride(event);
            Ok(Decided::over(&event, &mark.area, &entry.standing.refs()))
        }
    }
}

/// An override only raises, and by its rule's measure at the least.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let Event::Raised(raised) = event else { return Ok(()) };
    let demanded = raised.code.map_or(RiskClass::Sensitive, OverrideCode::at_least);
    if raised.at_least < demanded {
        return Err(Refusal::of(RefusalCode::OverrideTooWeak, &raised.station));
    }
    Ok(())
}

fn raise(
    state: &State,
    context: &Context,
    area: &AreaId,
    raised: &RiskOverride,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.admits(&raised.station)?;
    if raised.expires <= context.at {
        return Err(Refusal::of(RefusalCode::ExpiryInPast, &raised.station));
    }
    let again = state.risk_overrides.in_force(context.at).any(|(_, same, _)| same == raised);
    if again {
        return Ok(Vec::new());
    }
    let event = event::Event::RiskOverride(Event::Raised(raised.clone()));
    Ok(Decided::over(&event, area, &[]))
}

#[cfg(test)]
mod tests;
