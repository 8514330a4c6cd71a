//! The election that a data folder is about: opened once, of one nature for ever.

use crate::{
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    event,
    refusal::{Refusal, RefusalCode},
    register::{Head, Reading, Register},
    stamp::{Context, Decided, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, StationId, UnixMs};

/// Whether people's lives depend on it. The three never mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Nature {
    #[n(0)]
    Real,
    /// Real places, imagined day.
    #[n(1)]
    Exercise,
    /// Generated places; every id begins with `SYN-`.
    #[n(2)]
    Synthetic,
}

/// A clock on a wall may be so far ahead of the node's.
const AHEAD_MS_MAX: i64 = 5 * 60_000;
/// The id of an exercise's election begins so.
pub const EXERCISE_PREFIX: &str = "EX-";
/// The id of an exercise's election on generated places begins so, and each of its stations' ids.
pub const SYNTHETIC_PREFIX: &str = "SYN-";

impl Nature {
    /// The nature that an election's id fixes at its founding, for ever: the ledger's name of the election is made
    /// from the id and stands in everything that is signed, so that no act, certificate or bundle of one nature can
    /// be read as one of another.
    #[must_use]
    pub fn of_id(election: &str) -> Self {
        let begins = |prefix: &str| {
            election.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        if begins(EXERCISE_PREFIX) {
            Self::Exercise
        } else if begins(SYNTHETIC_PREFIX) {
            Self::Synthetic
        } else {
            Self::Real
        }
    }

    /// Whether nobody's life depends on it: every screen, message and page says so.
    #[must_use]
    pub fn is_exercise(self) -> bool {
        self != Self::Real
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Exercise => "exercise",
            Self::Synthetic => "synthetic",
        }
    }

    /// A real election has no generated stations, and no class or poll is ever attached to a real school in a
    /// synthetic one.
    pub(crate) fn admits(self, station: &StationId) -> bool {
        let generated = station.as_str().starts_with(SYNTHETIC_PREFIX);
        match self {
            Self::Real => !generated,
            Self::Exercise => true,
            Self::Synthetic => generated,
        }
    }

    /// In a real election nothing is said of a time that is still to come; an exercise may run ahead of the day.
    pub(crate) fn not_ahead(
        self,
        context: &Context,
        at: UnixMs,
        about: impl ToString,
    ) -> Result<(), Refusal> {
        if self == Self::Real && at.0.saturating_sub(context.at.0) > AHEAD_MS_MAX {
            return Err(Refusal::of(RefusalCode::TimeAhead, about));
        }
        Ok(())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Election {
    /// The ledger's election id, as text.
    #[n(0)]
    pub id: String,
    #[n(1)]
    pub name: String,
    /// The day of the general poll.
    #[n(2)]
    pub date: Date,
    #[n(3)]
    pub nature: Nature,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Opens the election for this data folder.
    Open { area: AreaId, election: Election },
    /// Chooses one side where nodes opened it differently.
    Settle { area: AreaId, election: Election, reason: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(100)]
    Opened(#[n(0)] Election),
    #[n(101)]
    Settled {
        #[n(0)]
        election: Election,
        #[n(1)]
        reason: String,
    },
}

/// Where the election stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Open,
    Disputed,
}

impl Event {
    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        let election = match self {
            Self::Opened(election) => election,
            Self::Settled { election, reason } => {
                see(Piece::Required(reason));
                election
            }
        };
        see(Piece::Name(&election.id));
        see(Piece::Name(&election.name));
    }
}

/// Refuses an election whose id says another nature than it claims.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let (Event::Opened(election) | Event::Settled { election, .. }) = event;
    if Nature::of_id(&election.id) == election.nature {
        Ok(())
    } else {
        Err(Refusal::of(RefusalCode::NatureMixed, &election.id))
    }
}

impl Describe for Election {
    fn word(&self) -> &'static str {
        self.nature.name()
    }
    fn detail(&self) -> String {
        format!("{} · {} · {}", self.id, self.name, self.date)
    }
}

/// The state of this noun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Elections {
    #[n(0)]
    election: Register<Election>,
}

impl Elections {
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.election.reading() {
            Reading::Empty => Phase::Unknown,
            Reading::Agreed(_) => Phase::Open,
            Reading::Disputed => Phase::Disputed,
        }
    }

    /// The election, once it is open and undisputed.
    #[must_use]
    pub fn current(&self) -> Option<&Election> {
        self.election.agreed()
    }

    #[must_use]
    pub fn register(&self) -> &Register<Election> {
        &self.election
    }

    /// The nature, as soon as an election is open; it may be known while name or date are disputed.
    ///
    /// # Errors
    /// [`RefusalCode::ElectionNotOpen`], or [`RefusalCode::Disputed`] when nodes opened different natures.
    pub fn nature(&self) -> Result<Nature, Refusal> {
        let mut natures = self.election.heads().map(|(_, head)| head.value.nature);
        let first = natures.next().ok_or_else(|| Refusal::of(RefusalCode::ElectionNotOpen, ""))?;
        if natures.all(|nature| nature == first) {
            Ok(first)
        } else {
            Err(Refusal::of(RefusalCode::Disputed, "election"))
        }
    }

    pub(crate) fn admits(&self, station: &StationId) -> Result<(), Refusal> {
        if self.nature()?.admits(station) {
            Ok(())
        } else {
            Err(Refusal::of(RefusalCode::NatureMixed, station))
        }
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let (value, note) = match event {
            Event::Opened(election) => (election.clone(), String::new()),
            Event::Settled { election, reason } => (election.clone(), reason.clone()),
        };
        let head = Head { mark: stamped.mark(), value, note };
        self.election.write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        conflict::of_register(Noun::Election, "election", &self.election).into_iter().collect()
    }
}

pub(crate) fn decide(
    state: &State,
    _context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let register = &state.elections.election;
    match command {
        Command::Open { area, election } => {
            if !register.is_empty() {
                return Err(Refusal::of(RefusalCode::ElectionAlreadyOpen, &election.id));
            }
            let opened = Event::Opened(election.clone());
            check(&opened)?;
            let event = event::Event::Election(opened);
            Ok(Decided::over(&event, area, &[]))
        }
        Command::Settle { area, election, reason } => {
            let is_a_side = register.heads().any(|(_, head)| head.value == *election);
            if !register.is_disputed() || !is_a_side {
                return Err(Refusal::of(RefusalCode::NothingToSettle, &election.id));
            }
            let settled = Event::Settled { election: election.clone(), reason: reason.clone() };
            Ok(Decided::over(&event::Event::Election(settled), area, &register.refs()))
        }
    }
}

#[cfg(test)]
mod tests;
