//! What a day came to, counted from what happened: of the day under way, and of a branch beside it.

use pehra_drill::day::{Happening, Second, What};
use serde::Serialize;
use std::collections::BTreeSet;

/// Counts of one day. Every figure counts what truly happened, whether the room heard of it or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillTally)]
pub struct Tally {
    pub happenings: u64,
    pub opened: u64,
    /// Opened more than a quarter of an hour late.
    pub opened_late: u64,
    pub check_ins: u64,
    pub check_ins_lost: u64,
    /// Stations that were dark at least once.
    pub dark_stations: u64,
    pub incidents: u64,
    /// Of severity 4 and 5.
    pub grave: u64,
    pub unanswered: u64,
    pub killed: u64,
    pub injured: u64,
    pub reports: u64,
    pub teams_sent: u64,
    pub bags_received: u64,
    /// Received after 02:00 of the next day.
    pub bags_late: u64,
    pub destroyed: u64,
    pub snatched: u64,
    /// Districts that found a service gone.
    pub districts_cut: u64,
    #[serde(skip)]
    dark: BTreeSet<u32>,
    #[serde(skip)]
    cut: BTreeSet<u32>,
}

/// Later than this is late for an opening, in seconds.
const LATE_S: i32 = 900;
/// Results are due by then (Elections Act 2017, s. 13).
const RESULTS_DUE: Second = Second::on(1, 2, 0);

impl Tally {
    pub fn count(&mut self, happening: &Happening) {
        self.happenings += 1;
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens says nothing to this"
        )]
        match &happening.what {
            What::Opened { late_s, .. } => {
                self.opened += 1;
                self.opened_late += u64::from(*late_s > LATE_S);
            }
            What::CheckInDelivered { .. } => self.check_ins += 1,
            What::CheckInLost { .. } => self.check_ins_lost += 1,
            What::Dark { station, .. } => {
                self.dark_stations += u64::from(self.dark.insert(*station));
            }
            What::IncidentOccurred { severity, killed, injured, .. } => {
                self.incidents += 1;
                self.grave += u64::from(*severity >= 4);
                self.killed += u64::from(*killed);
                self.injured += u64::from(*injured);
            }
            What::Unanswered { .. } => self.unanswered += 1,
            What::IncidentReported { .. } | What::CitizenReport { .. } => self.reports += 1,
            What::TeamSent { .. } => self.teams_sent += 1,
            What::BagsReceived { .. } => {
                self.bags_received += 1;
                self.bags_late += u64::from(happening.at > RESULTS_DUE);
            }
            What::Destroyed { .. } => self.destroyed += 1,
            What::Snatched { .. } => self.snatched += 1,
            What::SuspensionObserved { district, .. } => {
                self.districts_cut += u64::from(self.cut.insert(*district));
            }
            _ => {}
        }
    }
}
