//! The report of a major incident in the one order in which everybody reads it: Major incident declared, Exact location,
//! Type, Hazards, Access, Number of casualties, Emergency services present and required. Below a major incident the same form
//! is an ETHANE: its first letter says that none is declared.
//!
//! After JESIP (Joint Emergency Services Interoperability Principles), M/ETHANE: <https://www.jesip.org.uk/joint-doctrine/m-ethane/>.
//! A report stands for ever; the next one stands beside it. Casualties are not a second count: what a report says of them joins
//! the incident's tolls, and a report that says nothing of them reads out the toll that stood when it was given.

pub mod spoken;
mod word;

use super::{Code, Key, Toll, UNITS_MAX};
use crate::{
    conflict::Describe,
    content::{self, Piece},
    dispatch::{self, Dispatch},
    refusal::{Refusal, RefusalCode},
    stamp::{EventRef, Mark},
    word::words,
};
use minicbor::{Decode, Encode};
use pehra_domain::{Point, UnitId, UnixMs};

/// Most that one line of services may say.
pub const NUMBER_MAX: u16 = 999;

words! {
    /// M: whether a major incident is declared.
    Declaration {
        /// The form is an ETHANE.
        None = 0 "none",
        Standby = 1 "standby",
        Major = 2 "major",
        StoodDown = 3 "stood-down",
    }
}

impl Describe for Declaration {
    fn word(&self) -> &'static str {
        match self {
            Self::None => "not-declared",
            Self::Standby => "standby",
            Self::Major => "declared",
            Self::StoodDown => "stood-down",
        }
    }
}

words! {
    /// H: what may hurt whoever comes to help.
    Hazard {
        Fire = 0 "fire",
        Collapse = 1 "collapse",
        /// A device that has not gone off.
        Device = 2 "device",
        /// One more that is meant for whoever comes.
        SecondDevice = 3 "second-device",
        Gunfire = 4 "gunfire",
        Crowd = 5 "crowd",
        Gas = 6 "gas",
        Electricity = 7 "electricity",
        Fuel = 8 "fuel",
        Chemical = 9 "chemical",
        Flood = 10 "flood",
        Slide = 11 "slide",
        Traffic = 12 "traffic",
    }
}

words! {
    /// E: who helps.
    Service {
        Police = 0 "police",
        /// Rescue 1122, or what stands in its place.
        Rescue = 1 "rescue",
        FireBrigade = 2 "fire-brigade",
        Ambulance = 3 "ambulance",
        BombDisposal = 4 "bomb-disposal",
        CounterTerrorism = 5 "counter-terrorism",
        CivilArmedForces = 6 "civil-armed-forces",
        Army = 7 "army",
        CivilDefence = 8 "civil-defence",
        Hospital = 9 "hospital",
        /// Electricity, gas or water.
        Utility = 10 "utility",
        WomenPolice = 11 "women-police",
    }
}

/// So many teams or vehicles of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Strength {
    #[n(0)]
    pub service: Service,
    #[n(1)]
    pub number: u16,
}

/// How one comes there and leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Access {
    #[n(0)]
    pub inward: String,
    #[n(1)]
    pub outward: String,
    /// Where whoever comes meets.
    #[n(2)]
    pub meeting: String,
}

/// One report, by its letters.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Methane {
    #[n(0)]
    pub declared: Declaration,
    /// E: the place in words, and the point where one is known.
    #[n(1)]
    pub place: String,
    #[n(2)]
    pub point: Option<Point>,
    /// T: as whoever reports sees it.
    #[n(3)]
    pub code: Code,
    #[n(4)]
    pub kind: String,
    #[n(5)]
    pub hazards: Vec<Hazard>,
    /// Hazards that may be there.
    #[n(6)]
    pub suspected: Vec<Hazard>,
    #[n(7)]
    pub hazard_words: String,
    #[n(8)]
    pub access: Access,
    /// N: a revision of the toll; none where the one that stands is read out.
    #[n(9)]
    pub toll: Option<Toll>,
    #[n(10)]
    pub present: Vec<Strength>,
    /// Units of the room's own that are there.
    #[n(11)]
    pub units: Vec<UnitId>,
    #[n(12)]
    pub required: Vec<Strength>,
    #[n(13)]
    pub required_words: String,
}

impl Methane {
    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::Required(&self.place));
        see(Piece::Optional(&self.kind));
        see(Piece::Optional(&self.hazard_words));
        see(Piece::Optional(&self.access.inward));
        see(Piece::Optional(&self.access.outward));
        see(Piece::Optional(&self.access.meeting));
        if let Some(toll) = &self.toll {
            see(Piece::Name(&toll.source));
        }
        for unit in &self.units {
            see(Piece::unit(unit));
        }
        see(Piece::Optional(&self.required_words));
    }

    /// What must hold of a report, whoever sent it.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let refuse = |code| Err(Refusal::of(code, "methane"));
        if self.toll.as_ref().is_some_and(|toll| !toll.is_forward()) {
            return refuse(RefusalCode::TollBackward);
        }
        if self.units.len() > UNITS_MAX {
            return refuse(RefusalCode::UnitsMissing);
        }
        let hazards = self.hazards.iter().chain(&self.suspected);
        let once = content::each_once(hazards) && content::each_once(&self.units);
        let counted = |all: &[Strength]| {
            all.iter().all(|one| (1..=NUMBER_MAX).contains(&one.number))
                && content::each_once(all.iter().map(|one| one.service))
        };
        if once && counted(&self.present) && counted(&self.required) {
            Ok(())
        } else {
            refuse(RefusalCode::MethaneTwice)
        }
    }
}

/// A report as it stands in the record.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub entry: EventRef,
    pub methane: &'a Methane,
    pub at: UnixMs,
    pub mark: &'a Mark,
    /// The toll of this report and the number of its revision, from 1; where it says none, the one that stood when it was given.
    pub toll: Option<(&'a Toll, usize)>,
}

/// What is declared now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No report was given.
    Undeclared,
    /// Reports were given, and none of them declares.
    Below,
    Standby,
    Major,
    StoodDown,
    /// Declared apart.
    Disputed,
}

impl Standing {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Undeclared => "undeclared",
            Self::Below => "below",
            Self::Standby => "standby",
            Self::Major => "major",
            Self::StoodDown => "stood-down",
            Self::Disputed => "disputed",
        }
    }

    /// Whether a report may say this next: what was declared ends by standing it down and not by silence.
    pub(crate) fn allows(self, next: Declaration) -> bool {
        match next {
            Declaration::None => {
                matches!(self, Self::Undeclared | Self::Below | Self::StoodDown)
            }
            Declaration::Standby => !matches!(self, Self::Major | Self::Disputed),
            Declaration::Major => true,
            Declaration::StoodDown => matches!(self, Self::Standby | Self::Major | Self::Disputed),
        }
    }
}

/// The room's units that were sent to an incident, by whether they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub there: Vec<UnitId>,
    pub coming: Vec<UnitId>,
}

/// What dispatch knows of an incident's units, each list by name and no longer than a report may hold.
#[must_use]
pub fn sent(dispatch: &Dispatch, key: &Key) -> Sent {
    use dispatch::Phase as P;
    let mut sent = Sent::default();
    let goal = dispatch::Goal { area: key.area.clone(), incident: key.incident.clone() };
    for (_, unit, record) in dispatch.at(&goal) {
        match record.phase() {
            P::There | P::Contained => sent.there.push(unit.clone()),
            P::Told | P::OnTheWay => sent.coming.push(unit.clone()),
            P::Unknown
            | P::Ready
            | P::Returning
            | P::Resting
            | P::OutOfService
            | P::OffDuty
            | P::Disputed => {}
        }
    }
    for list in [&mut sent.there, &mut sent.coming] {
        list.sort();
        list.dedup();
        list.truncate(UNITS_MAX);
    }
    sent
}

#[cfg(test)]
mod tests;
