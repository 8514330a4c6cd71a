//! K22 to K25 and K30: what was said to the desks, how soon they dealt with it, and who looked at what is restricted.

use super::{
    Caveat, Grounds, Indicator, Measure, Part, Reason, counted_incidents, figure::seconds,
};
use crate::{
    check_in::Subject,
    incident::{Key, Matter, Phase, Record, Severity},
    intelligence::{
        self,
        warning::{Warning, warnings},
    },
    report,
    stamp::Mark,
};
use pehra_domain::UnixMs;

const WEEK_SECONDS: u64 = 7 * 86_400;
const CLOSED: u32 = 1_307;
/// A warning of a spot counts for what happens this near at least.
const NEAR_M: f64 = 1_000.0;

pub(super) fn tell(grounds: &Grounds<'_>, all: &mut Vec<Indicator>) {
    all.extend([
        briefed(grounds),
        warned(grounds),
        answered(grounds),
        complaints(grounds),
        views(grounds),
    ]);
}

fn within<'a>(grounds: &'a Grounds<'_>) -> impl Fn(&Mark) -> bool + 'a {
    |mark| grounds.area.contains(&mark.area)
}

fn briefed(grounds: &Grounds<'_>) -> Indicator {
    let here = within(grounds);
    let mut written: Vec<(&intelligence::Report, &Mark, &_)> = Vec::new();
    for (_, record) in grounds.state.intelligence.all() {
        if let Some((report, mark)) = record.written().filter(|(_, mark)| here(mark)) {
            written.push((report, mark, record));
        }
    }
    if written.is_empty() {
        return Indicator::not_recorded(22, Reason::NoIntelligence);
    }
    if grounds.exercise {
        return Indicator::not_recorded(22, Reason::OtherClock);
    }
    let mut one = Indicator::new(22);
    let (mut to_grade, mut to_brief) = (Vec::new(), Vec::new());
    for (_, mark, record) in &written {
        let graded = record.grades().map(|(.., by)| by.clock_ms).min();
        to_grade.extend(graded.map(|at| seconds(mark.clock_ms, at)));
        let released = record.released().map(|(.., by)| by.clock_ms);
        to_brief.extend(released.map(|at| seconds(mark.clock_ms, at)));
        one.seen(Some(mark.clock_ms).max(graded).max(released));
    }
    let graded = one.spread(Part::ToGrade, to_grade, Some(30 * 60));
    let briefed = one.spread(Part::ToBrief, to_brief, Some(60 * 60));
    one.met = super::response::both(graded, briefed);
    one
}

/// Whether an incident happened where and when a warning said.
fn meets(warning: &Warning<'_>, key: &Key, record: &Record) -> bool {
    let Some((report, _)) = record.report() else { return false };
    let window = warning.told.window;
    if report.at < window.from || window.until < report.at {
        return false;
    }
    let place = &warning.told.place;
    if let (Some(Subject::Station(one)), Some(Subject::Station(other))) =
        (&place.subject, &report.place.subject)
    {
        return one == other;
    }
    match report.place.point {
        Some(point) if !place.points.is_empty() => {
            let reach = f64::from(place.radius_m).max(NEAR_M);
            place.points.iter().any(|spot| spot.distance_m(point) <= reach)
        }
        Some(_) | None => place.points.is_empty() && warning.mark.area.contains(&key.area),
    }
}

fn warned(grounds: &Grounds<'_>) -> Indicator {
    let here = within(grounds);
    let all: Vec<Warning<'_>> = warnings(grounds.state, grounds.as_of)
        .into_iter()
        .filter(|one| here(one.mark) && one.told.window.from <= grounds.as_of)
        .collect();
    if all.is_empty() {
        return Indicator::not_recorded(23, Reason::NoWarnings);
    }
    let happened: Vec<(&Key, &Record, Severity)> =
        counted_incidents(grounds.state, grounds.area, grounds.as_of)
            .filter_map(|(key, record)| Some((key, record, record.class()?.1)))
            .filter(|(.., severity)| *severity >= Severity::Three)
            .collect();
    let hit = |warning: &Warning<'_>| happened.iter().any(|(key, it, _)| meets(warning, key, it));
    let hits = all.iter().filter(|one| hit(one)).count() as u64;
    let passed = |one: &&Warning<'_>| one.told.window.until <= grounds.as_of && !hit(one);
    let quiet = all.iter().filter(passed).count() as u64;
    let grave = happened.iter().filter(|(.., severity)| *severity >= Severity::Four);
    let missed = grave.filter(|(key, it, _)| !all.iter().any(|one| meets(one, key, it)));
    let mut one = Indicator::new(23);
    one.share(Part::Hit, hits, all.len() as u64);
    one.row(Part::Miss, Measure::Count(missed.count() as u64));
    one.row(Part::FalseAlarm, Measure::Count(quiet));
    one.caveats.push(Caveat::TimeAndPlaceOnly);
    one.newest = all.iter().map(|one| one.told.window.from).max();
    one
}

fn answered(grounds: &Grounds<'_>) -> Indicator {
    let here = within(grounds);
    let of = |matter: Matter| {
        grounds.state.reports.all().filter(move |(_, _, report, _)| report.matter == matter)
    };
    let all: Vec<(&report::Record, &Mark)> = of(Matter::Incident)
        .filter(|(.., mark)| here(mark))
        .map(|(_, record, _, mark)| (record, mark))
        .collect();
    if all.is_empty() {
        return Indicator::not_recorded(24, Reason::NoReports);
    }
    let mut one = Indicator::new(24);
    let verified = all.iter().filter(|(record, _)| record.finding_phase() == "Verified");
    one.share(Part::Verified, verified.count() as u64, all.len() as u64);
    let answered = all.iter().filter(|(record, _)| !record.answers().is_empty());
    if grounds.exercise {
        // Counted, and not timed.
        one.share(Part::ToAnswer, answered.count() as u64, all.len() as u64);
        one.reason = Some(Reason::OtherClock);
    } else {
        let after: Vec<u64> = all
            .iter()
            .filter_map(|(record, mark)| {
                let first = record.answers().first()?.mark.clock_ms;
                Some(seconds(mark.clock_ms, first))
            })
            .collect();
        one.met = one.spread(Part::ToAnswer, after, Some(60 * 60));
        one.newest = all.iter().map(|(_, mark)| mark.clock_ms).max();
    }
    one
}

fn complaints(grounds: &Grounds<'_>) -> Indicator {
    let here = within(grounds);
    let (mut all, mut decided) = (0, 0);
    let mut one = Indicator::new(25);
    let incidents = grounds
        .state
        .incidents
        .all()
        .filter(|(key, _)| key.matter == Matter::Complaint && grounds.area.contains(&key.area));
    for (_, record) in incidents {
        let Some((report, _)) = record.report().filter(|(it, _)| it.at <= grounds.as_of) else {
            continue;
        };
        all += 1;
        let closed = record.last(CLOSED).filter(|at| *at <= grounds.as_of);
        let in_time = closed.is_some_and(|at| seconds(report.at, at) <= WEEK_SECONDS);
        decided += u64::from(record.phase() == Phase::Closed && in_time);
        one.seen(Some(report.at).max(closed));
    }
    for (_, record, report, mark) in grounds.state.reports.all() {
        // One that a person took up is an incident by now and was counted there.
        if report.matter == Matter::Complaint && here(mark) && record.merged_into().is_none() {
            all += 1;
            let answers = record.answers();
            let first = answers.first().map(|it| it.mark.clock_ms);
            let in_time = first.is_some_and(|at| seconds(mark.clock_ms, at) <= WEEK_SECONDS);
            decided += u64::from(in_time);
            one.seen(Some(mark.clock_ms).filter(|_| !grounds.exercise));
        }
    }
    if all == 0 {
        return Indicator::not_recorded(25, Reason::NoComplaints);
    }
    one.share(Part::All, decided, all);
    one.met = Some(decided == all);
    one
}

fn views(grounds: &Grounds<'_>) -> Indicator {
    let here = within(grounds);
    let intelligence = grounds.state.intelligence.all().flat_map(|(_, record)| record.readers());
    let sealed = intelligence.map(|(_, reason, mark)| (reason, mark));
    let contacts =
        grounds.state.reports.all().flat_map(|(_, record, ..)| record.contact_readings());
    let contacts = contacts.map(|(mark, reason)| (reason, mark));
    let mut one = Indicator::new(30);
    let (mut all, mut bare, mut newest): (u64, u64, Option<UnixMs>) = (0, 0, None);
    for (reason, mark) in sealed.chain(contacts).filter(|(_, mark)| here(mark)) {
        all += 1;
        bare += u64::from(reason.trim().is_empty());
        newest = newest.max(Some(mark.clock_ms));
    }
    one.row(Part::Views, Measure::Count(all));
    one.row(Part::WithoutReason, Measure::Count(bare));
    one.met = Some(bare == 0);
    one.newest = newest.filter(|_| !grounds.exercise);
    one
}
