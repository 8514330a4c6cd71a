//! K01 to K06: when stations opened, what they said in time, which fell silent, and who was posted there.

use super::{Caveat, Grounds, Indicator, Measure, Part, Reason};
use crate::check_in::{
    Claim, Code, Day, Word,
    late::DARK_AFTER_RED_MINUTES,
    schedule::{Row as Due, Schedule},
};
use pehra_domain::{BuildingId, Date, UnixMs, risk::RiskClass};
use std::collections::BTreeMap;

const MINUTE_MS: i64 = 60_000;
/// Minutes after midnight at which polling begins and ends.
const BEGINS: i64 = 8 * 60;
const ENDS: i64 = 17 * 60;
/// The last minute that still counts as an opening in time.
const OPEN_BY: i64 = 8 * 60 + 15;

pub(super) fn tell(grounds: &Grounds<'_>, all: &mut Vec<Indicator>) {
    let days = grounds.days();
    if grounds.sites.is_empty() {
        all.extend((1..=4).map(|kpi| Indicator::not_recorded(kpi, Reason::NoStations)));
    } else if grounds.area_days().all(|day| day.subjects().next().is_none()) {
        all.extend((1..=4).map(|kpi| Indicator::not_recorded(kpi, Reason::NoCheckIns)));
    } else {
        all.push(open_in_time(grounds, &days));
        all.push(minutes_lost(grounds, &days));
        all.push(check_in_rate(grounds, &days));
        all.push(dark(grounds, &days));
    }
    all.push(posted(grounds, &days));
    all.push(women(grounds, &days));
}

type Days<'a> = [(super::Site<'a>, Option<&'a Day>)];

/// When a station said that it was open: the earliest such word that stands.
#[must_use]
pub fn opened_at(day: &Day, as_of: UnixMs) -> Option<UnixMs> {
    let open =
        |claim: &&Claim| claim.code == Code::A7 && claim.word == Word::Well && claim.at <= as_of;
    day.standing().filter(open).map(|claim| claim.at).min()
}

fn newest(days: &Days<'_>, codes: &[Code], as_of: UnixMs) -> Option<UnixMs> {
    let said = days.iter().filter_map(|(_, day)| *day).flat_map(Day::standing);
    let wanted =
        said.filter(|claim| claim.at <= as_of && (codes.is_empty() || codes.contains(&claim.code)));
    wanted.map(|claim| claim.at).max()
}

fn by_class(indicator: &mut Indicator, counts: &[(u64, u64); 3]) -> (u64, u64) {
    let all = counts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    indicator.share(Part::All, all.0, all.1);
    for (class, (of, all)) in RiskClass::ALL.into_iter().zip(counts) {
        indicator.share(Part::Class(class), *of, *all);
    }
    all
}

fn count(counts: &mut [(u64, u64); 3], class: RiskClass, is: bool) {
    if let Some((of, all)) = counts.get_mut(class as usize) {
        *of += u64::from(is);
        *all += 1;
    }
}

fn open_in_time(grounds: &Grounds<'_>, days: &Days<'_>) -> Indicator {
    let mut one = Indicator::new(1);
    let (mut counts, mut unsaid) = ([(0, 0); 3], 0);
    let by = grounds.minute(OPEN_BY);
    for (site, day) in days {
        let opened = day.and_then(|day| opened_at(day, grounds.as_of));
        unsaid += u64::from(opened.is_none());
        count(&mut counts, site.class, opened.is_some_and(|at| at <= by));
    }
    let (of, all) = by_class(&mut one, &counts);
    one.row(Part::Unsaid, Measure::Count(unsaid));
    one.met = Some(of * 100 >= all * 98);
    one.newest = newest(days, &[Code::A7], grounds.as_of);
    one
}

fn minutes_lost(grounds: &Grounds<'_>, days: &Days<'_>) -> Indicator {
    let mut one = Indicator::new(2);
    let (begins, ends) = (grounds.minute(BEGINS), grounds.minute(ENDS));
    let opened = days.iter().map(|(_, day)| day.and_then(|day| opened_at(day, grounds.as_of)));
    let (mut lost, mut unsaid) = (0, 0);
    for opened in opened {
        match opened {
            Some(at) => lost += super::figure::seconds(begins, at.min(ends)) / 60,
            None => unsaid += 1,
        }
    }
    one.row(Part::All, Measure::Minutes(lost));
    one.row(Part::Unsaid, Measure::Count(unsaid));
    one.caveats.push(Caveat::OpeningOnly);
    one.newest = newest(days, &[Code::A7], grounds.as_of);
    one
}

/// When a check-in was said last, of those up to a moment.
fn said(day: Option<&Day>, code: Code, as_of: UnixMs) -> Option<UnixMs> {
    let of = day.into_iter().flat_map(Day::standing);
    of.filter(|claim| claim.code == code && claim.at <= as_of).map(|claim| claim.at).max()
}

fn later(from: UnixMs, minutes: u32) -> UnixMs {
    UnixMs(from.0 + i64::from(minutes) * MINUTE_MS)
}

impl Grounds<'_> {
    /// The check-ins of a station whose window has closed: when each was due, and whether it was heard in time. One whose
    /// window is still open is neither heard in time nor missed.
    pub fn asked(&self, day: Option<&Day>) -> impl Iterator<Item = (UnixMs, bool)> {
        self.schedule.rows().iter().filter_map(move |row| {
            let due = row.due_at(self.poll, |code| said(day, code, self.as_of))?;
            let until = later(due, row.amber_minutes);
            let mut heard = day.into_iter().flat_map(Day::standing);
            (until <= self.as_of)
                .then(|| (due, heard.any(|it| it.code == row.code && it.at <= until)))
        })
    }
}

fn check_in_rate(grounds: &Grounds<'_>, days: &Days<'_>) -> Indicator {
    let mut one = Indicator::new(3);
    let mut counts = [(0, 0); 3];
    for (site, day) in days {
        for (_, in_time) in grounds.asked(*day) {
            count(&mut counts, site.class, in_time);
        }
    }
    let (of, all) = by_class(&mut one, &counts);
    let [.., most] = counts;
    one.met = (all > 0).then(|| of * 100 >= all * 95 && most.0 * 100 >= most.1 * 99);
    one.newest = newest(days, &[], grounds.as_of);
    one
}

/// When a station was dark for the first time, up to a moment: a check-in forty minutes past red, and not a word since it
/// fell due.
#[must_use]
pub fn dark_at(
    schedule: &Schedule,
    poll: Date,
    day: Option<&Day>,
    as_of: UnixMs,
) -> Option<UnixMs> {
    let silent = |row: &Due| {
        let due = row.due_at(poll, |code| said(day, code, as_of))?;
        let dark = later(due, row.red_minutes + DARK_AFTER_RED_MINUTES);
        let spoke = |claim: &Claim| claim.at <= dark && (claim.code == row.code || claim.at >= due);
        let spoke = day.into_iter().flat_map(Day::standing).any(spoke);
        (dark <= as_of && !spoke).then_some(dark)
    };
    schedule.rows().iter().filter_map(silent).min()
}

fn dark(grounds: &Grounds<'_>, days: &Days<'_>) -> Indicator {
    let mut one = Indicator::new(4);
    let mut counts = [(0, 0); 3];
    for (site, day) in days {
        let dark = dark_at(grounds.schedule, grounds.poll, *day, grounds.as_of);
        count(&mut counts, site.class, dark.is_some());
    }
    let (of, all) = by_class(&mut one, &counts);
    let [.., (most, _)] = counts;
    one.met = Some(most == 0 && of * 1_000 < all * 5);
    one.newest = newest(days, &[], grounds.as_of);
    one
}

/// What a station counted last at its posts: guards, and the women among them who search.
fn counted(day: Option<&Day>, as_of: UnixMs) -> Option<&Claim> {
    let ready = |claim: &&Claim| {
        claim.code == Code::A6 && claim.at <= as_of && claim.counts.first.is_some()
    };
    day.into_iter().flat_map(Day::standing).filter(ready).max_by_key(|claim| claim.at)
}

fn posted(grounds: &Grounds<'_>, days: &Days<'_>) -> Indicator {
    let mut one = Indicator::not_recorded(5, Reason::NoPresence);
    // A building is guarded as its most sensitive station asks.
    let mut classes: BTreeMap<&BuildingId, RiskClass> = BTreeMap::new();
    for (site, _) in days {
        let class = classes.entry(&site.station.building).or_insert(site.class);
        *class = (*class).max(site.class);
    }
    let (mut present, mut unsaid, mut newest) = ([0_u64; 3], 0, None);
    for (site, day) in days {
        let Some(claim) = counted(*day, grounds.as_of) else {
            unsaid += 1;
            continue;
        };
        newest = newest.max(Some(claim.at));
        let class = classes.get(&site.station.building).map_or(site.class, |class| *class);
        if let Some(sum) = present.get_mut(class as usize) {
            *sum += u64::from(claim.counts.first.unwrap_or(0));
        }
    }
    if let Some(planned) = grounds.planned.as_ref().filter(|_| newest.is_some()) {
        let [normal, sensitive, most] = present;
        let due = planned.by_class.map(|(need, _)| need);
        let [due_normal, due_sensitive, due_most] = due;
        let shares = [(normal, due_normal), (sensitive, due_sensitive), (most, due_most)];
        let (of, all) = by_class(&mut one, &shares);
        one.row(Part::Unsaid, Measure::Count(unsaid));
        one.met = (all > 0).then(|| of * 100 >= all * 95 && most >= due_most);
        one.caveats.push(Caveat::SaidWhenReady);
        (one.reason, one.newest) = (None, newest);
    }
    if let Some(planned) = &grounds.planned {
        let all = planned.by_class.iter().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        one.share(Part::Planned, all.1, all.0);
        for (class, (need, posted)) in RiskClass::ALL.into_iter().zip(&planned.by_class) {
            one.share(Part::PlannedClass(class), *posted, *need);
        }
        one.seen(Some(planned.at));
    }
    one
}

fn women(grounds: &Grounds<'_>, days: &Days<'_>) -> Indicator {
    let mut one = Indicator::not_recorded(6, Reason::NoPresence);
    let (mut with, mut all, mut unsaid, mut newest) = (0, 0, 0, None);
    for (_, day) in days.iter().filter(|(site, _)| site.station.booths.women > 0) {
        all += 1;
        let claim = counted(*day, grounds.as_of);
        let Some((claim, searchers)) = claim.and_then(|it| Some((it, it.counts.second?))) else {
            unsaid += 1;
            continue;
        };
        newest = newest.max(Some(claim.at));
        with += u64::from(searchers > 0);
    }
    if newest.is_some() {
        one.share(Part::All, with, all);
        one.row(Part::Unsaid, Measure::Count(unsaid));
        one.met = Some(with == all);
        one.caveats.push(Caveat::SaidWhenReady);
        (one.reason, one.newest) = (None, newest);
    }
    if let Some(planned) = &grounds.planned {
        one.share(Part::Planned, planned.women.1, planned.women.0);
        one.seen(Some(planned.at));
    }
    one
}
