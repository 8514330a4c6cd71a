//! Rules about numbers that are printed on things, and about a station's things staying together.

use super::{Found, Look, Subject, short};
use crate::{
    custody::{
        Event, Hold, Issue, Item, Kind, Reading, Rule, Serials, Step,
        record::{Act, agreed},
    },
    stamp::EventRef,
};
use pehra_domain::{ItemId, StationId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn look<'a>(look: &Look<'a>, found: &mut Vec<Found<'a>>) {
    let mut issued = Issued::new();
    for (_, act) in look.custody.all_of(&look.area.issued) {
        let Event::SealsIssued { issues } = &act.event else { continue };
        for issue in issues {
            issued.entry(issue.station.as_ref()).or_default().push(issue);
        }
    }
    let mut seen: BTreeMap<&'a str, BTreeMap<&'a ItemId, (UnixMs, EventRef)>> = BTreeMap::new();
    for (id, item) in look.area.items() {
        seals(look, &issued, id, item, &mut seen, found);
    }
    reused(&seen, found);
    serials(look, found);
    apart(look, found);
}

/// Seal numbers given out, by the station that got them; under none what an office got for any.
type Issued<'a> = BTreeMap<Option<&'a StationId>, Vec<&'a Issue>>;

/// One reading of an item's seals.
struct Read<'a> {
    at: EventRef,
    when: UnixMs,
    seals: &'a [String],
    /// Put on, rather than found.
    put: bool,
}

/// Everything that was read from an item or put on it, by time.
fn readings<'a>(look: &Look<'a>, id: &'a ItemId, item: &'a Item) -> Vec<Read<'a>> {
    let custody = look.custody;
    let mut all: Vec<Read<'a>> = Vec::new();
    let when = custody.act(item.origin).map_or(look.now, Act::at);
    if !item.seals.is_empty() {
        all.push(Read { at: item.origin, when, seals: &item.seals, put: true });
    }
    for (at, act) in custody.all_of(item.acts.iter().chain(&item.notes)) {
        let when = act.at();
        let mut add = |readings: &'a [Reading], put| {
            let own = readings.iter().find(|reading| reading.item == *id);
            all.extend(own.map(|reading| Read { at, when, seals: &reading.seals, put }));
        };
        match &act.event {
            Event::Received(receipt) => {
                add(&receipt.read, false);
                if !receipt.read.iter().any(|reading| reading.item == *id) {
                    all.push(Read { at, when, seals: &[], put: false });
                }
            }
            Event::ReleaseApproved { read, .. } => add(read, false),
            Event::Recorded(note) => {
                add(&note.found, false);
                add(&note.sealed, true);
            }
            _ => {}
        }
    }
    // What is found is found before anything is put on in the same act.
    all.sort_by_key(|read| (read.when, read.at, read.put));
    all
}

fn seals<'a>(
    look: &Look<'a>,
    issued: &Issued<'a>,
    id: &'a ItemId,
    item: &'a Item,
    seen: &mut BTreeMap<&'a str, BTreeMap<&'a ItemId, (UnixMs, EventRef)>>,
    found: &mut Vec<Found<'a>>,
) {
    let subject = Subject::Item(id, item.station.as_ref());
    let mut last: BTreeSet<&str> = BTreeSet::new();
    for Read { at, when, seals, put } in readings(look, id, item) {
        let read: BTreeSet<&str> = seals.iter().map(String::as_str).collect();
        if !put && read != last {
            let words = |set: &BTreeSet<&str>| set.iter().copied().collect::<Vec<_>>().join(" ");
            found.push(Found {
                rule: Rule::X03,
                subject,
                about: short(at),
                since: when,
                detail: format!("{} ≠ {}", dash(&words(&read)), dash(&words(&last))),
                evidence: vec![at],
            });
        }
        for seal in seals {
            seen.entry(seal).or_default().entry(id).or_insert((when, at));
            if !issued.is_empty() && !is_issued(issued, seal, item.station.as_ref()) {
                found.push(Found {
                    rule: Rule::X02,
                    subject,
                    about: seal.clone(),
                    since: when,
                    detail: seal.clone(),
                    evidence: vec![at],
                });
            }
        }
        last = read;
    }
}

fn dash(words: &str) -> &str {
    if words.is_empty() { "–" } else { words }
}

/// Whether a seal was issued to the station or to an office; of a thing of no station, to anybody.
fn is_issued(issued: &Issued<'_>, seal: &str, station: Option<&StationId>) -> bool {
    let holds = |issues: &Vec<&Issue>| issues.iter().any(|issue| issue.seals.contains(seal));
    match station {
        Some(_) => [station, None].iter().filter_map(|whose| issued.get(whose)).any(holds),
        None => issued.values().any(holds),
    }
}

fn reused<'a>(
    seen: &BTreeMap<&'a str, BTreeMap<&'a ItemId, (UnixMs, EventRef)>>,
    found: &mut Vec<Found<'a>>,
) {
    for (seal, items) in seen.iter().filter(|(_, items)| items.len() > 1) {
        let since = items.values().map(|(when, _)| *when).max();
        let mut evidence: Vec<EventRef> = items.values().map(|(_, at)| *at).collect();
        evidence.sort_unstable();
        evidence.dedup();
        let names: Vec<&str> = items.keys().map(|id| id.as_str()).collect();
        found.push(Found {
            rule: Rule::X04,
            subject: Subject::Number,
            about: (*seal).to_owned(),
            since: since.unwrap_or(UnixMs(0)),
            detail: format!("{seal}: {}", names.join(" / ")),
            evidence,
        });
    }
}

/// One run of numbers, and whose it is.
type Run<'a> = (&'a str, u64, u64, &'a StationId, &'a ItemId, EventRef);

/// Serials of one kind that overlap at two stations.
fn serials<'a>(look: &Look<'a>, found: &mut Vec<Found<'a>>) {
    let mut by_kind: BTreeMap<Kind, Vec<Run<'a>>> = BTreeMap::new();
    for (id, item) in look.area.items() {
        let own = item.serials.as_ref().zip(item.station.as_ref()).map(|it| (it, item.origin));
        let twins = item
            .twins
            .iter()
            .filter_map(|(at, twin)| Some(((twin.serials.as_ref()?, twin.station.as_ref()?), *at)));
        for ((serials, station), at) in own.into_iter().chain(twins) {
            let Serials { prefix, first, last } = serials;
            let run = (prefix.as_str(), *first, *last, station, id, at);
            by_kind.entry(item.kind).or_default().push(run);
        }
    }
    for mut runs in by_kind.into_values() {
        runs.sort_unstable();
        let mut longest: Option<Run<'a>> = None;
        for run in runs {
            if let Some(before) = longest
                && before.0 == run.0
                && run.1 <= before.2
                && before.3 != run.3
            {
                let since = [before.5, run.5];
                let since = since.iter().filter_map(|at| look.custody.act(*at)).map(Act::at).max();
                found.push(Found {
                    rule: Rule::X23,
                    subject: Subject::Item(run.4, Some(run.3)),
                    about: before.4.to_string(),
                    since: since.unwrap_or(look.now),
                    detail: format!("{}{}: {} / {}", run.0, run.1, before.3, run.3),
                    evidence: vec![before.5, run.5],
                });
            }
            if longest.is_none_or(|it| it.0 != run.0 || run.2 > it.2) {
                longest = Some(run);
            }
        }
    }
}

/// A station's things are in one hand and one vehicle from the bag's hand-over to the reception.
fn apart<'a>(look: &Look<'a>, found: &mut Vec<Found<'a>>) {
    let mut stations: BTreeMap<&'a StationId, Vec<&'a Item>> = BTreeMap::new();
    for (_, item) in look.area.items() {
        if let Some(station) = item.station.as_ref().filter(|_| !item.acts.is_empty()) {
            stations.entry(station).or_default().push(item);
        }
    }
    for (station, items) in stations {
        let mut hands: BTreeMap<String, Vec<EventRef>> = BTreeMap::new();
        let (mut out, mut since) = (false, UnixMs(i64::MIN));
        for item in items {
            let steps = look.custody.all_of(&item.acts).filter_map(|(_, act)| match &act.event {
                Event::Received(receipt) => Some(receipt.step),
                _ => None,
            });
            let reached = steps.max();
            out |= reached == Some(Step::C05);
            if reached.is_some_and(|step| step > Step::C05) {
                // It has been received behind the journey.
                hands.entry("received".to_owned()).or_default();
                continue;
            }
            let heads = look.custody.heads(item);
            let Some(hold) = agreed(&heads) else { continue };
            let Some((at, act, _)) = heads.first() else { continue };
            let split = look
                .custody
                .all_of(&item.acts)
                .any(|(_, act)| matches!(act.event, Event::Split(_)));
            if split || matches!(hold, Hold::Inside(_) | Hold::Ended) {
                continue;
            }
            since = since.max(act.at());
            let hand = match (hold, &act.event) {
                (Hold::Moving(_), Event::Departed(passage)) => {
                    format!("{} {}", act.mark.person, passage.vehicle.trim())
                }
                _ => act.mark.person.to_string(),
            };
            hands.entry(hand).or_default().push(*at);
        }
        if out && hands.len() > 1 {
            let detail = hands.keys().cloned().collect::<Vec<_>>().join(" / ");
            let mut evidence: Vec<EventRef> = hands.into_values().flatten().collect();
            evidence.sort_unstable();
            evidence.dedup();
            let about = evidence.first().map(|at| short(*at)).unwrap_or_default();
            let subject = Subject::Station(station);
            found.push(Found { rule: Rule::X08, subject, about, since, detail, evidence });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::station;

    #[test]
    fn a_seal_is_good_where_it_was_issued_and_an_offices_everywhere() {
        let issue = |first: u64, whose: Option<u8>| Issue {
            seals: Serials { prefix: "S-".to_owned(), first, last: first + 9 },
            station: whose.map(station),
        };
        let all = [issue(10, Some(1)), issue(20, Some(2)), issue(30, None), issue(40, Some(1))];
        let mut issued = Issued::new();
        for one in &all {
            issued.entry(one.station.as_ref()).or_default().push(one);
        }
        let (one, two, three) = (station(1), station(2), station(3));
        for (seal, at_one, at_two, at_three, at_none) in [
            ("S-15", true, false, false, true),
            ("S-25", false, true, false, true),
            ("S-35", true, true, true, true),
            ("S-49", true, false, false, true),
            ("S-50", false, false, false, false),
            ("T-15", false, false, false, false),
        ] {
            let places = [Some(&one), Some(&two), Some(&three), None];
            let found = places.map(|place| is_issued(&issued, seal, place));
            assert_eq!(found, [at_one, at_two, at_three, at_none], "{seal}");
        }
    }
}
