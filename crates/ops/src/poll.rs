//! A poll: one contest, at one station or all of a constituency, on one day. Postponed, adjourned and repeated
//! polls go on as polls of their own. The tool records what the authority ordered; it decides nothing.

mod decide;

pub(crate) use decide::{check, decide};

use crate::{
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    register::{Head, Reading, Register},
    stamp::{EventRef, Hash32, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{
    AreaId, ConstituencyId, Date, StationId,
    poll::{PollKey, PollState},
};
use std::collections::BTreeMap;

/// Who ordered it, and by what paper.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Order {
    #[n(0)]
    pub authority: String,
    /// Number of the order, as printed on it.
    #[n(1)]
    pub instrument: String,
    #[n(2)]
    pub dated: Date,
    /// SHA-256 of a copy of the order, if one is kept.
    #[n(3)]
    pub copy: Option<Hash32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Schedule {
        area: AreaId,
        poll: PollKey,
        order: Order,
    },
    /// Put off before it began; `to` where the new day is known.
    Postpone {
        area: AreaId,
        poll: PollKey,
        to: Option<Date>,
        order: Order,
    },
    /// Stopped after it began; `to` where the new day is known.
    Adjourn {
        area: AreaId,
        poll: PollKey,
        to: Option<Date>,
        order: Order,
    },
    /// To be held again on another day. Only the commission orders it.
    Repeat {
        area: AreaId,
        poll: PollKey,
        on: Date,
        order: Order,
    },
    /// The poll took place.
    Hold {
        area: AreaId,
        poll: PollKey,
        order: Order,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(900)]
    Scheduled {
        #[n(0)]
        poll: PollKey,
        #[n(1)]
        order: Order,
    },
    #[n(901)]
    Postponed {
        #[n(0)]
        poll: PollKey,
        #[n(1)]
        to: Option<Date>,
        #[n(2)]
        order: Order,
    },
    #[n(902)]
    Adjourned {
        #[n(0)]
        poll: PollKey,
        #[n(1)]
        to: Option<Date>,
        #[n(2)]
        order: Order,
    },
    #[n(903)]
    Repeated {
        #[n(0)]
        poll: PollKey,
        #[n(1)]
        on: Date,
        #[n(2)]
        order: Order,
    },
    #[n(904)]
    Held {
        #[n(0)]
        poll: PollKey,
        #[n(1)]
        order: Order,
    },
}

impl Event {
    pub(crate) fn poll(&self) -> &PollKey {
        match self {
            Self::Scheduled { poll, .. }
            | Self::Postponed { poll, .. }
            | Self::Adjourned { poll, .. }
            | Self::Repeated { poll, .. }
            | Self::Held { poll, .. } => poll,
        }
    }

    fn order(&self) -> &Order {
        match self {
            Self::Scheduled { order, .. }
            | Self::Postponed { order, .. }
            | Self::Adjourned { order, .. }
            | Self::Repeated { order, .. }
            | Self::Held { order, .. } => order,
        }
    }

    /// What becomes of the poll, and the day on which it goes on.
    pub(crate) fn outcome(&self) -> (PollState, Option<Date>) {
        match self {
            Self::Scheduled { .. } => (PollState::Scheduled, None),
            Self::Postponed { to, .. } => (PollState::Postponed, *to),
            Self::Adjourned { to, .. } => (PollState::Adjourned, *to),
            Self::Repeated { on, .. } => (PollState::Repeated, Some(*on)),
            Self::Held { .. } => (PollState::Held, None),
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::constituency(&self.poll().constituency));
        if let Some(station) = &self.poll().station {
            see(Piece::station(station));
        }
        see(Piece::Required(&self.order().authority));
        see(Piece::Required(&self.order().instrument));
    }
}

/// What is on record about one poll.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    #[n(0)]
    pub state: PollState,
    /// The day on which it goes on, after a postponement, an adjournment or an order to repeat it.
    #[n(1)]
    pub goes_on: Option<Date>,
    /// The day whose poll this one continues.
    #[n(2)]
    pub continues: Option<Date>,
    #[n(3)]
    pub order: Order,
}

impl Describe for Record {
    fn word(&self) -> &'static str {
        match self.state {
            PollState::Scheduled => "scheduled",
            PollState::Postponed => "postponed",
            PollState::Adjourned => "adjourned",
            PollState::Repeated => "repeated",
            PollState::Held => "held",
        }
    }
    fn detail(&self) -> String {
        match self.goes_on {
            Some(date) => format!("{} {} → {date}", self.order.authority, self.order.instrument),
            None => format!("{} {}", self.order.authority, self.order.instrument),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Polls {
    #[n(0)]
    polls: BTreeMap<PollKey, Register<Record>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Scheduled,
    Postponed,
    Adjourned,
    Repeated,
    Held,
    Disputed,
}

impl Polls {
    #[must_use]
    pub fn phase(&self, poll: &PollKey) -> Phase {
        match self.polls.get(poll).map(Register::reading) {
            None | Some(Reading::Empty) => Phase::Unknown,
            Some(Reading::Disputed) => Phase::Disputed,
            Some(Reading::Agreed(record)) => match record.state {
                PollState::Scheduled => Phase::Scheduled,
                PollState::Postponed => Phase::Postponed,
                PollState::Adjourned => Phase::Adjourned,
                PollState::Repeated => Phase::Repeated,
                PollState::Held => Phase::Held,
            },
        }
    }

    pub fn all(&self) -> impl Iterator<Item = (&PollKey, &Register<Record>)> {
        self.polls.iter()
    }

    #[must_use]
    pub fn get(&self, poll: &PollKey) -> Option<(&Record, &Mark)> {
        let register = self.polls.get(poll)?;
        Some((register.agreed()?, register.heads().map(|(_, head)| &head.mark).next()?))
    }

    /// Days on which this station votes: from polls on record for it or for its constituency that are still to
    /// be held or were held. A disputed poll counts.
    pub fn dates_for<'a>(
        &'a self,
        station: &'a StationId,
        constituency: Option<&'a ConstituencyId>,
    ) -> impl Iterator<Item = Date> + 'a {
        self.polls.iter().filter_map(move |(key, register)| {
            let concerns = match &key.station {
                Some(named) => named == station,
                None => Some(&key.constituency) == constituency,
            };
            let stands = register.heads().any(|(_, head)| {
                matches!(head.value.state, PollState::Scheduled | PollState::Held)
            });
            (concerns && stands).then_some(key.date)
        })
    }

    pub(crate) fn refs(&self, poll: &PollKey) -> Vec<EventRef> {
        self.polls.get(poll).map(Register::refs).unwrap_or_default()
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let (state, goes_on) = event.outcome();
        let poll = event.poll();
        let continues = None;
        let record = Record { state, goes_on, continues, order: event.order().clone() };
        self.write(stamped, poll.clone(), record);
        if let Some(date) = goes_on {
            let next = PollKey { date, ..poll.clone() };
            let record = Record {
                state: PollState::Scheduled,
                goes_on: None,
                continues: Some(poll.date),
                order: event.order().clone(),
            };
            self.write(stamped, next, record);
        }
    }

    fn write(&mut self, stamped: &Stamped, poll: PollKey, value: Record) {
        let head = Head { mark: stamped.mark(), value, note: String::new() };
        self.polls.entry(poll).or_default().write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        self.polls
            .iter()
            .filter_map(|(key, register)| {
                let subject = match &key.station {
                    Some(station) => format!("{} {station} {}", key.constituency, key.date),
                    None => format!("{} {}", key.constituency, key.date),
                };
                conflict::of_register(Noun::Poll, subject, register)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
