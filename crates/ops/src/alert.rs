//! Alerts to partners: one person writes in both languages, another releases, and what went out is updated or cancelled
//! by another message, never changed.
//!
//! There is no field for a person or for where something is known from. A message says what it was written about only
//! inside the house. Whether it is an exercise follows from the election and is chosen by nobody. The outline is part of
//! the draft, so that what the second person releases is what goes out on every node.

mod decide;
mod message;
mod record;
mod rights;
mod word;

pub(crate) use decide::decide;
pub use message::{Message, References};
pub use record::{Alerts, Cancel, Phase, Record};
pub use word::{Category, Certainty, Kind, Response, Scope, Severity, Status, Urgency};

use crate::{
    content::Piece,
    incident,
    refusal::{Refusal, RefusalCode},
    stamp::EventRef,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, PersonId, Point, UnixMs};

/// Longest time that an alert may hold; what lasts longer is updated.
pub const HOURS_MAX: i64 = 72;
/// Longest headline, in bytes: about 160 letters of Urdu.
pub const HEADLINE_BYTES_MAX: usize = 320;
pub const POLYGONS_MAX: usize = 64;
/// Corners of all polygons together.
pub const CORNERS_MAX: usize = 1_024;
pub const CIRCLES_MAX: usize = 16;
/// Widest circle.
pub const RADIUS_M_MAX: u32 = 500_000;
pub const ADDRESSES_MAX: usize = 32;

/// What one language says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Words {
    /// The kind of thing that happens.
    #[n(0)]
    pub event: String,
    /// Where, in words.
    #[n(1)]
    pub place: String,
    /// The office that speaks; no person.
    #[n(2)]
    pub office: String,
    #[n(3)]
    pub headline: String,
    #[n(4)]
    pub description: String,
    /// What to do; may be empty.
    #[n(5)]
    pub instruction: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Circle {
    #[n(0)]
    pub centre: Point,
    #[n(1)]
    pub radius_m: u32,
}

/// What made somebody write it. It stays inside the house.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Basis {
    #[n(0)]
    Incident(#[n(0)] incident::Key),
    /// The entry that released a warning.
    #[n(1)]
    Warning(#[n(0)] EventRef),
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Draft {
    #[n(0)]
    pub category: Category,
    #[n(1)]
    pub response: Response,
    #[n(2)]
    pub urgency: Urgency,
    #[n(3)]
    pub severity: Severity,
    #[n(4)]
    pub certainty: Certainty,
    #[n(5)]
    pub scope: Scope,
    /// For whom, where it is restricted; otherwise empty.
    #[n(6)]
    pub restriction: String,
    /// Offices, where it is private; otherwise none.
    #[n(7)]
    pub addresses: Vec<String>,
    #[n(8)]
    pub english: Words,
    #[n(9)]
    pub urdu: Words,
    /// When it is expected to begin; none where it has.
    #[n(10)]
    pub onset: Option<UnixMs>,
    #[n(11)]
    pub expires: UnixMs,
    /// Corners in order; the last is joined to the first.
    #[n(12)]
    pub polygons: Vec<Vec<Point>>,
    #[n(13)]
    pub circles: Vec<Circle>,
    #[n(14)]
    pub basis: Option<Basis>,
    /// The alert that this one takes the place of.
    #[n(15)]
    pub follows: Option<EventRef>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Draft {
        area: AreaId,
        draft: Box<Draft>,
    },
    /// The second person's word. `public` is what the draft says: other offices answer for what everybody reads.
    Release {
        draft: EventRef,
        public: bool,
    },
    Discard {
        draft: EventRef,
        reason: String,
    },
    /// Takes back what went out. One person may: a false alarm does not wait for a second.
    Cancel {
        draft: EventRef,
        public: bool,
        english: String,
        urdu: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2600)]
    Drafted(#[n(0)] Box<Draft>),
    #[n(2601)]
    Released {
        #[n(0)]
        draft: EventRef,
        #[n(1)]
        drafted_by: PersonId,
        #[n(2)]
        public: bool,
    },
    #[n(2602)]
    Discarded {
        #[n(0)]
        draft: EventRef,
        #[n(1)]
        reason: String,
    },
    #[n(2603)]
    Cancelled {
        #[n(0)]
        draft: EventRef,
        #[n(1)]
        public: bool,
        #[n(2)]
        english: String,
        #[n(3)]
        urdu: String,
    },
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Drafted(_) => 2600,
            Self::Released { .. } => 2601,
            Self::Discarded { .. } => 2602,
            Self::Cancelled { .. } => 2603,
        }
    }

    /// The draft that it answers.
    #[must_use]
    pub fn draft(&self) -> Option<EventRef> {
        match self {
            Self::Drafted(_) => None,
            Self::Released { draft, .. }
            | Self::Discarded { draft, .. }
            | Self::Cancelled { draft, .. } => Some(*draft),
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Drafted(draft) => draft.pieces(see),
            Self::Released { drafted_by, .. } => see(Piece::person(drafted_by)),
            Self::Discarded { reason, .. } => see(Piece::Required(reason)),
            Self::Cancelled { english, urdu, .. } => {
                see(Piece::Required(english));
                see(Piece::Required(urdu));
            }
        }
    }
}

impl Draft {
    fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::Optional(&self.restriction));
        for address in &self.addresses {
            see(Piece::Name(address));
        }
        for words in [&self.english, &self.urdu] {
            see(Piece::Name(&words.event));
            see(Piece::Name(&words.place));
            see(Piece::Name(&words.office));
            see(Piece::Required(&words.headline));
            see(Piece::Required(&words.description));
            see(Piece::Optional(&words.instruction));
        }
        if let Some(Basis::Incident(key)) = &self.basis {
            see(Piece::Area(&key.area));
            see(Piece::incident(&key.incident));
        }
    }

    #[must_use]
    pub fn is_public(&self) -> bool {
        self.scope == Scope::Public
    }

    /// Whom it is for is said exactly where the scope asks for it.
    fn is_addressed(&self) -> bool {
        let restricted = !self.restriction.trim().is_empty();
        let addressed = (1..=ADDRESSES_MAX).contains(&self.addresses.len());
        match self.scope {
            Scope::Public => !restricted && self.addresses.is_empty(),
            Scope::Restricted => restricted && self.addresses.is_empty(),
            Scope::Private => !restricted && addressed,
        }
    }

    fn is_outlined(&self) -> bool {
        let corners: usize = self.polygons.iter().map(Vec::len).sum();
        self.polygons.len() <= POLYGONS_MAX
            && self.polygons.iter().all(|polygon| polygon.len() >= 3)
            && corners <= CORNERS_MAX
            && self.circles.len() <= CIRCLES_MAX
            && self.circles.iter().all(|it| (1..=RADIUS_M_MAX).contains(&it.radius_m))
            && self.polygons.iter().flatten().chain(self.circles.iter().map(|it| &it.centre)).all(
                |point| {
                    point.lat_e7.unsigned_abs() <= 900_000_000
                        && point.lon_e7.unsigned_abs() <= 1_800_000_000
                },
            )
    }
}

/// Whether a text can stand in a message: signs that no XML may hold are refused, and a new line only where lines are.
fn is_writable(text: &str, lines: bool) -> bool {
    text.chars().all(|sign| match sign {
        '\n' => lines,
        '\u{fffe}' | '\u{ffff}' => false,
        sign => !sign.is_control(),
    })
}

/// What holds of a draft and of a cancellation, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let right = match event {
        Event::Drafted(draft) => {
            let fits = |words: &Words| {
                words.headline.len() <= HEADLINE_BYTES_MAX
                    && [&words.event, &words.place, &words.office, &words.headline]
                        .iter()
                        .all(|text| is_writable(text, false))
                    && [&words.description, &words.instruction]
                        .iter()
                        .all(|text| is_writable(text, true))
            };
            fits(&draft.english)
                && fits(&draft.urdu)
                && is_writable(&draft.restriction, false)
                && draft.addresses.iter().all(|it| is_writable(it, false) && !it.contains('"'))
                && draft.is_addressed()
                && draft.is_outlined()
                && draft.onset.is_none_or(|onset| onset < draft.expires)
        }
        Event::Cancelled { english, urdu, .. } => {
            is_writable(english, true) && is_writable(urdu, true)
        }
        Event::Released { .. } | Event::Discarded { .. } => true,
    };
    if right { Ok(()) } else { Err(Refusal::of(RefusalCode::AlertMalformed, event.kind())) }
}

#[cfg(test)]
mod tests;
