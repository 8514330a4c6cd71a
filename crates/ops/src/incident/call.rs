//! Whose answer is awaited, and which target is next: computed from the time, nobody types it.
//!
//! Two addressees always. The polling side: the presiding officer, after five minutes (severity 4 and 5) or ten the
//! returning officer, after ten more the district's. The security chain: sector, district, province, nation, each for
//! the time that the severity gives it; a level that does not answer is passed over. A complaint about those who guard
//! goes to the district's returning officer and the commission's monitor, and to no control room.

use super::{Level, Matter, Phase, Record, Severity, Taxonomy};
use pehra_domain::UnixMs;

const MINUTE_MS: i64 = 60_000;

/// One side's present addressee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub level: Level,
    /// Since when this level is asked.
    pub since: UnixMs,
    /// When the one above is asked; none at the top.
    pub until: Option<UnixMs>,
    /// Levels that did not answer in time, lowest first.
    pub passed: Vec<Level>,
    /// When this side answered, and at which level.
    pub answered: Option<(Level, UnixMs)>,
}

/// What has to be reached next, and by when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub what: Goal,
    pub by: UnixMs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    Acknowledge,
    Dispatch,
    Arrive,
}

impl Goal {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Dispatch => "dispatch",
            Self::Arrive => "arrive",
        }
    }
}

/// Whether somebody stands above a level.
#[must_use]
pub fn may_be_bypassed(level: Level) -> bool {
    !matches!(level, Level::DistrictReturning | Level::Monitor | Level::Nation)
}

/// Both sides' calls at a moment; none while no report is here.
#[must_use]
pub fn calls(record: &Record, taxonomy: &Taxonomy, now: UnixMs) -> Vec<Call> {
    let (Some((report, _)), Some((_, severity))) = (record.report(), record.class()) else {
        return Vec::new();
    };
    let matter = report.code.matter();
    let ack = taxonomy.targets(severity).map_or(10, |targets| targets.acknowledge);
    let polling = if severity >= Severity::Four { 5 } else { 10 };
    let sides: &[&[(Level, u32)]] = match matter {
        Matter::Complaint => &[&[(Level::DistrictReturning, ack)], &[(Level::Monitor, ack)]],
        Matter::Incident => &[
            &[
                (Level::PresidingOfficer, polling),
                (Level::ReturningOfficer, 10),
                (Level::DistrictReturning, 10),
            ],
            &[
                (Level::Sector, ack),
                (Level::District, ack),
                (Level::Province, ack),
                (Level::Nation, ack),
            ],
        ],
    };
    sides.iter().filter_map(|side| call(record, side, report.at, now)).collect()
}

fn call(record: &Record, side: &[(Level, u32)], from: UnixMs, now: UnixMs) -> Option<Call> {
    let answers = side.iter().filter_map(|(level, _)| Some((*level, record.answered(*level)?)));
    let answered = answers.min_by_key(|(_, at)| *at);
    let until = answered.map_or(now, |(_, at)| at.min(now));
    let top = side.len().checked_sub(1)?;
    let mut since = from;
    let mut passed = Vec::new();
    for (place, (level, minutes)) in side.iter().enumerate() {
        let end = UnixMs(since.0 + i64::from(*minutes) * MINUTE_MS);
        if place == top || until < end {
            let until = (place < top && answered.is_none()).then_some(end);
            return Some(Call { level: *level, since, until, passed, answered });
        }
        passed.push(*level);
        since = end;
    }
    None
}

/// When help has to be there; none where nobody has to go.
#[must_use]
pub fn arrive_by(record: &Record, taxonomy: &Taxonomy) -> Option<UnixMs> {
    let (report, _) = record.report()?;
    let (_, severity) = record.class()?;
    let minutes = taxonomy.targets(severity)?.arrive_in(report.place.terrain)?;
    Some(UnixMs(from(record, report.at).0 + i64::from(minutes) * MINUTE_MS))
}

/// Targets run from the report, or from where it began again.
fn from(record: &Record, reported: UnixMs) -> UnixMs {
    record.last(1308).unwrap_or(reported)
}

/// The next target of an open incident; none once help is there, nobody has to go, or it is over.
#[must_use]
pub fn target(record: &Record, taxonomy: &Taxonomy) -> Option<Target> {
    let (report, _) = record.report()?;
    let (_, severity) = record.class()?;
    let targets = taxonomy.targets(severity)?;
    let from = from(record, report.at);
    let by = |minutes: u32| UnixMs(from.0 + i64::from(minutes) * MINUTE_MS);
    let arrive = targets.arrive_in(report.place.terrain);
    match record.phase() {
        Phase::Reported | Phase::Reopened => {
            Some(Target { what: Goal::Acknowledge, by: by(targets.acknowledge) })
        }
        Phase::Acknowledged => {
            arrive.map(|_| Target { what: Goal::Dispatch, by: by(targets.dispatch) })
        }
        Phase::Assigned | Phase::EnRoute => {
            arrive.map(|minutes| Target { what: Goal::Arrive, by: by(minutes) })
        }
        Phase::Disputed => Some(Target { what: Goal::Dispatch, by: by(targets.dispatch) }),
        Phase::Unknown | Phase::OnScene | Phase::Contained | Phase::Closed => None,
    }
}
