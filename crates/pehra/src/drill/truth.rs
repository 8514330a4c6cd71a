//! What truly happened with each incident, kept apart from the record: for the director and the hot wash, never for the
//! room.

use pehra_drill::day::{Happening, Second, Trouble, What};
use std::collections::BTreeMap;

/// One incident as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    pub trouble: Trouble,
    pub severity: u8,
    pub district: Option<u32>,
    pub occurred: Second,
    /// When the district's desk heard of it first.
    pub reported: Option<Second>,
    pub sent: Option<Second>,
    pub arrived: Option<Second>,
    pub ended: Option<Second>,
    pub unanswered: bool,
}

/// All incidents of the day, by number.
#[derive(Clone, Debug, Default)]
pub struct Truths {
    all: BTreeMap<u32, Truth>,
}

impl Truths {
    pub fn note(&mut self, happening: &Happening) {
        let at = happening.at;
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens says nothing to this"
        )]
        match &happening.what {
            What::IncidentOccurred { incident, trouble, severity, .. } => {
                self.all.entry(*incident).or_insert(Truth {
                    trouble: *trouble,
                    severity: *severity,
                    district: happening.district,
                    occurred: at,
                    reported: None,
                    sent: None,
                    arrived: None,
                    ended: None,
                    unanswered: false,
                });
            }
            What::IncidentReported { incident, .. } => {
                self.of(*incident, |truth| truth.reported = truth.reported.or(Some(at)));
            }
            What::TeamSent { incident, .. } => {
                self.of(*incident, |truth| truth.sent = truth.sent.or(Some(at)));
            }
            What::TeamArrived { incident, .. } => {
                self.of(*incident, |truth| truth.arrived = truth.arrived.or(Some(at)));
            }
            What::IncidentEnded { incident } => {
                self.of(*incident, |truth| truth.ended = truth.ended.or(Some(at)));
            }
            What::Unanswered { incident } => self.of(*incident, |truth| truth.unanswered = true),
            _ => {}
        }
    }

    fn of(&mut self, incident: u32, change: impl FnOnce(&mut Truth)) {
        if let Some(truth) = self.all.get_mut(&incident) {
            change(truth);
        }
    }

    #[must_use]
    pub fn get(&self, incident: u32) -> Option<&Truth> {
        self.all.get(&incident)
    }

    pub fn all(&self) -> impl Iterator<Item = (u32, &Truth)> {
        self.all.iter().map(|(incident, truth)| (*incident, truth))
    }
}
