//! Rules about the count and about forms on their way: totals only.

use super::{Found, Look, Subject, short};
use crate::{
    custody::{
        Event, Rule,
        form::{Copy, Counted, FormRead, plain},
        record::Act,
    },
    stamp::EventRef,
};
use pehra_domain::{ConstituencyId, StationId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// Two contests of one station may differ by this share, in hundredths.
pub(super) const CONTESTS_APART_PERCENT_MAX: u64 = 5;
/// Women are at least this share of a contest, in hundredths.
pub(super) const WOMEN_PERCENT_MIN: u64 = 10;

/// The acts about one station's forms in one contest.
struct Forms<'a> {
    counts: Vec<(EventRef, &'a Act, &'a Counted)>,
    /// Counts that no later count follows.
    standing: Vec<&'a Counted>,
    reads: Vec<(EventRef, &'a Act, &'a FormRead)>,
    others: Vec<(EventRef, &'a Act)>,
}

pub(super) fn look<'a>(look: &Look<'a>, found: &mut Vec<Found<'a>>) {
    let mut by_station: BTreeMap<&'a StationId, Vec<(&'a ConstituencyId, Forms<'a>)>> =
        BTreeMap::new();
    for ((station, contest), acts) in &look.area.forms {
        let forms = read(look, acts);
        station_forms(station, contest, &forms, found);
        by_station.entry(station).or_default().push((contest, forms));
    }
    for (station, contests) in &by_station {
        two_contests(station, contests, found);
    }
    women(look, &by_station, found);
}

fn read<'a>(look: &Look<'a>, acts: &'a BTreeSet<EventRef>) -> Forms<'a> {
    let mut forms =
        Forms { counts: Vec::new(), standing: Vec::new(), reads: Vec::new(), others: Vec::new() };
    for (at, act) in look.custody.all_of(acts) {
        match &act.event {
            Event::Counted(counted) => forms.counts.push((at, act, counted)),
            Event::FormRead(read) => forms.reads.push((at, act, read)),
            _ => forms.others.push((at, act)),
        }
    }
    let standing = look.custody.standing_counts(acts).into_iter();
    forms.standing = standing.map(|(.., counted)| counted).collect();
    forms
}

fn station_forms<'a>(
    station: &'a StationId,
    contest: &'a ConstituencyId,
    forms: &Forms<'a>,
    found: &mut Vec<Found<'a>>,
) {
    let subject = Subject::Form(station, contest);
    let mut tell = |rule, at: EventRef, since: UnixMs, detail: String, evidence: Vec<EventRef>| {
        found.push(Found { rule, subject, about: short(at), since, detail, evidence });
    };
    for (at, act, counted) in &forms.counts {
        let since = act.at();
        for (rule, left, right) in counted.totals.imbalance() {
            tell(rule, *at, since, format!("{left} ≠ {right}"), vec![*at]);
        }
        if counted.agents == 0 && counted.unsigned_reason.trim().is_empty() {
            tell(Rule::X20, *at, since, String::new(), vec![*at]);
        }
        let on_the_wall = forms.others.iter().any(|(_, act)| {
            matches!(&act.event, Event::CopySeen(seen) if seen.copy == Copy::Wall && seen.there)
        });
        let posted = counted.posted || on_the_wall;
        if !posted || counted.copies == 0 {
            let detail = format!("{} / {}", if posted { "✓" } else { "✗" }, counted.copies);
            tell(Rule::X21, *at, since, detail, vec![*at]);
        }
    }
    let counts: Vec<EventRef> = forms.counts.iter().map(|(at, ..)| *at).collect();
    for (at, act, read) in &forms.reads {
        let differing = forms.standing.iter().map(|counted| differences(counted, read));
        // Of counts that contradict each other it is enough that one says the same: their contradiction is shown.
        let Some(fewest) = differing.min_by_key(Vec::len).filter(|all| !all.is_empty()) else {
            continue;
        };
        let mut evidence = counts.clone();
        evidence.push(*at);
        let detail = format!("{}: {}", read.desk.name(), fewest.join(", "));
        tell(Rule::X17, *at, act.at(), detail, evidence);
    }
    for (at, act) in &forms.others {
        if let Event::Compared(compared) = &act.event
            && !compared.same
        {
            let detail = format!("{}: {} ≠", compared.desk.name(), compared.form.name());
            tell(Rule::X17, *at, act.at(), detail, vec![*at]);
        }
    }
}

/// Totals and codes of the paper that are not the station's.
fn differences(counted: &Counted, read: &FormRead) -> Vec<String> {
    let totals = counted.totals.differences(&read.totals).into_iter().map(str::to_owned);
    let codes = read.codes.iter().filter(|(form, code)| {
        let own = counted.sheets.iter().find(|sheet| sheet.form == *form);
        own.is_some_and(|sheet| plain(&sheet.code) != plain(code))
    });
    totals.chain(codes.map(|(form, _)| format!("{} code", form.name()))).collect()
}

/// The two contests of one station were voted in by the same people.
fn two_contests<'a>(
    station: &'a StationId,
    contests: &[(&'a ConstituencyId, Forms<'a>)],
    found: &mut Vec<Found<'a>>,
) {
    let national = |it: &&(&ConstituencyId, Forms<'a>)| it.0.as_str().starts_with("NA");
    let papers = |(_, forms): &(&ConstituencyId, Forms<'a>)| {
        let last = forms.standing.iter().max_by_key(|counted| counted.at)?;
        Some(u64::from(last.totals.in_box))
    };
    let national_assembly = contests.iter().find(national).and_then(papers);
    let provincial = contests.iter().find(|it| !national(it)).and_then(papers);
    let Some((one, other)) = national_assembly.zip(provincial) else { return };
    if one.abs_diff(other) * 100 > CONTESTS_APART_PERCENT_MAX * one.max(other) {
        let counts = contests.iter().flat_map(|(_, forms)| &forms.counts);
        let evidence: Vec<EventRef> = counts.clone().map(|(at, ..)| *at).collect();
        let since = counts.map(|(_, act, _)| act.at()).max().unwrap_or(UnixMs(0));
        let (subject, detail) = (Subject::Station(station), format!("{one} / {other}"));
        let about = format!("{one}-{other}");
        found.push(Found { rule: Rule::X16, subject, about, since, detail, evidence });
    }
}

/// Of a contest of which every station known here has counted, women are at least a tenth.
fn women<'a>(
    look: &Look<'a>,
    by_station: &BTreeMap<&'a StationId, Vec<(&'a ConstituencyId, Forms<'a>)>>,
    found: &mut Vec<Found<'a>>,
) {
    #[derive(Default)]
    struct Sum<'a> {
        stations: BTreeSet<&'a StationId>,
        women: u64,
        all: u64,
        since: Option<UnixMs>,
        evidence: Vec<EventRef>,
    }
    let mut sums: BTreeMap<&'a ConstituencyId, Sum<'a>> = BTreeMap::new();
    for (station, contests) in by_station {
        for (contest, forms) in contests {
            let Some((women, counted)) =
                forms.standing.iter().find_map(|counted| Some((counted.totals.women?, *counted)))
            else {
                continue;
            };
            let sum = sums.entry(contest).or_default();
            sum.stations.insert(station);
            sum.women += u64::from(women);
            sum.all += u64::from(counted.totals.roll_marks);
            sum.since = sum.since.max(Some(counted.at));
            sum.evidence.extend(forms.counts.iter().map(|(at, ..)| *at));
        }
    }
    if sums.is_empty() {
        return;
    }
    let mut known: BTreeMap<&ConstituencyId, BTreeSet<&StationId>> = BTreeMap::new();
    for (_, item) in look.area.items() {
        if let Some((contest, station)) = item.contest.as_ref().zip(item.station.as_ref()) {
            known.entry(contest).or_default().insert(station);
        }
    }
    for (contest, sum) in sums {
        let whole = known.get(contest).is_none_or(|all| all.is_subset(&sum.stations));
        if whole && sum.women * 100 < WOMEN_PERCENT_MIN * sum.all {
            found.push(Found {
                rule: Rule::X19,
                subject: Subject::Contest(contest),
                about: String::new(),
                since: sum.since.unwrap_or(look.now),
                detail: format!("{} / {}", sum.women, sum.all),
                evidence: sum.evidence,
            });
        }
    }
}
