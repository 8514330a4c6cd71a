//! Rules about one item's way through hands: every interval has one who answers, and every hand-over two.

use super::{Found, Look, Subject, short};
use crate::{
    custody::{
        Event, Hold, Item, Passage, Road, Rule,
        record::{Act, GRACE_MS},
    },
    stamp::{EventRef, Mark},
};
use pehra_domain::{ItemId, PersonId, UnixMs};
use std::collections::BTreeMap;

/// Off the corridor by more than this.
pub(super) const OFF_M_MAX: u32 = 2_000;
/// A stop of more than so many minutes.
pub(super) const HALT_MINUTES_MAX: u16 = 10;
/// Two clocks that meet may differ by so much.
pub(super) const CLOCKS_APART_S_MAX: u32 = 300;

type Link<'a> = (EventRef, &'a Act, Hold);

pub(super) fn look<'a>(
    look: &Look<'a>,
    id: &'a ItemId,
    item: &'a Item,
    found: &mut Vec<Found<'a>>,
) {
    roads(look, id, item, found);
    if item.acts.is_empty() && item.twins.is_empty() {
        return;
    }
    let chain: Vec<Link<'a>> = look.custody.holds(item).collect();
    let by_name: BTreeMap<EventRef, &Link<'a>> = chain.iter().map(|it| (it.0, it)).collect();
    let subject = Subject::Item(id, item.station.as_ref());
    let mut children: BTreeMap<EventRef, Vec<&Link<'a>>> = BTreeMap::new();
    for link in &chain {
        for parent in &link.1.after {
            if let Some(before) = by_name.get(parent) {
                children.entry(*parent).or_default().push(link);
                follows(look, subject, before, link, found);
            }
        }
    }
    for link in &chain {
        let next = children.get(&link.0).map(Vec::as_slice).unwrap_or_default();
        journey(look, subject, link, next, found);
        if next.len() > 1 {
            let mut evidence: Vec<EventRef> = next.iter().map(|it| it.0).collect();
            evidence.sort_unstable();
            let since = next.iter().map(|it| it.1.at()).max().unwrap_or(look.now);
            let detail = persons(next.iter().map(|it| &it.1.mark));
            found.push(Found {
                rule: Rule::X22,
                subject,
                about: short(link.0),
                since,
                detail,
                evidence,
            });
        }
    }
    twins(look, subject, item, found);
}

/// Who acts must be whom the act before left it with.
fn follows<'a>(
    look: &Look<'a>,
    subject: Subject<'a>,
    before: &Link<'a>,
    link: &Link<'a>,
    found: &mut Vec<Found<'a>>,
) {
    let (at, act, _) = link;
    let mut tell = |rule, detail| {
        let evidence = vec![before.0, *at];
        found.push(Found { rule, subject, about: short(*at), since: act.at(), detail, evidence });
    };
    if act.at() < before.1.at() {
        tell(Rule::X11, format!("{} < {}", act.at().0, before.1.at().0));
    }
    if let Event::Received(receipt) = &act.event {
        if receipt.clocks_apart_s > CLOCKS_APART_S_MAX {
            tell(Rule::X11, format!("{} s", receipt.clocks_apart_s));
        }
        if let Some((_, giver)) = look.custody.offer(receipt.offer) {
            let one_key = giver.attested_by_node
                && act.mark.attested_by_node
                && receipt.offer.device == at.device;
            if giver.person == act.mark.person || one_key {
                tell(Rule::X10, persons([giver, &act.mark].into_iter()));
            }
        }
    }
    // A receipt answers its offer, a release has two signatures of its own, and what is joined or split stays with its
    // keeper.
    let acts_as_keeper = matches!(
        act.event,
        Event::Offered(_) | Event::Departed(_) | Event::Arrived(_) | Event::Destroyed(_)
    );
    if !acts_as_keeper {
        return;
    }
    match &before.2 {
        Hold::Held { person, .. } if *person != act.mark.person => {
            tell(Rule::X01, gap(person, before.1.at(), &act.mark, act.at()));
        }
        Hold::Moving(_) if before.1.mark.person != act.mark.person => {
            tell(Rule::X01, gap(&before.1.mark.person, before.1.at(), &act.mark, act.at()));
        }
        Hold::Offered(_) if before.1.mark.person != act.mark.person => {
            tell(Rule::X09, gap(&before.1.mark.person, before.1.at(), &act.mark, act.at()));
        }
        Hold::Held { .. } | Hold::Moving(_) | Hold::Offered(_) | Hold::Inside(_) | Hold::Ended => {}
    }
    if let (Event::Departed(out), Event::Arrived(there)) = (&before.1.event, &act.event)
        && vehicle_changed(out, there)
    {
        tell(Rule::X08, format!("{} → {}", out.vehicle, there.vehicle));
    }
}

fn gap(left: &PersonId, from: UnixMs, by: &Mark, until: UnixMs) -> String {
    let minutes = until.0.saturating_sub(from.0) / 60_000;
    format!("{left} … {}: {minutes} min", by.person)
}

fn persons<'a>(marks: impl Iterator<Item = &'a Mark>) -> String {
    marks.map(|mark| mark.person.as_str()).collect::<Vec<_>>().join(" / ")
}

fn vehicle_changed(out: &Passage, there: &Passage) -> bool {
    let word = |passage: &Passage| passage.vehicle.trim().to_lowercase();
    !word(out).is_empty() && !word(there).is_empty() && word(out) != word(there)
}

/// Late, and never received.
fn journey<'a>(
    look: &Look<'a>,
    subject: Subject<'a>,
    link: &Link<'a>,
    next: &[&Link<'a>],
    found: &mut Vec<Found<'a>>,
) {
    let (at, act, _) = link;
    let due = match &act.event {
        Event::Offered(offer) => offer.due,
        Event::Departed(passage) => passage.due,
        _ => return,
    };
    let there = next.iter().map(|it| it.1.at()).min();
    let until = there.unwrap_or(look.now);
    let evidence: Vec<EventRef> = std::iter::once(*at).chain(next.iter().map(|it| it.0)).collect();
    if let Some(due) = due.filter(|due| until > *due) {
        let minutes = until.0.saturating_sub(due.0) / 60_000;
        found.push(Found {
            rule: Rule::X05,
            subject,
            about: short(*at),
            since: due,
            detail: format!("+{minutes} min"),
            evidence: evidence.clone(),
        });
    }
    let limit = UnixMs(due.unwrap_or_else(|| act.at()).0.saturating_add(GRACE_MS));
    if there.is_none() && look.now > limit {
        let about = short(*at);
        let detail = format!("{}", act.mark.person);
        found.push(Found { rule: Rule::X24, subject, about, since: limit, detail, evidence });
    }
}

/// Off the way, and stops.
fn roads<'a>(look: &Look<'a>, id: &'a ItemId, item: &'a Item, found: &mut Vec<Found<'a>>) {
    let subject = Subject::Item(id, item.station.as_ref());
    for (at, act) in look.custody.all_of(item.acts.iter().chain(&item.notes)) {
        let road = match &act.event {
            Event::Arrived(passage) => passage.road,
            Event::Recorded(note) => note.road,
            _ => None,
        };
        let Some(road) = road else { continue };
        let mut tell = |rule, detail| {
            let (about, since, evidence) = (short(at), act.at(), vec![at]);
            found.push(Found { rule, subject, about, since, detail, evidence });
        };
        if is_off(&road) {
            tell(Rule::X06, format!("{} m, {} / {} m", road.off_m, road.driven_m, road.planned_m));
        }
        if road.halt_minutes > HALT_MINUTES_MAX {
            tell(Rule::X07, format!("{} min", road.halt_minutes));
        }
    }
}

/// More than two kilometres from the corridor, or a tenth longer than planned.
fn is_off(road: &Road) -> bool {
    let longer = u64::from(road.driven_m) * 10 > u64::from(road.planned_m) * 11;
    road.off_m > OFF_M_MAX || (road.planned_m > 0 && longer)
}

/// One name for two things.
fn twins<'a>(look: &Look<'a>, subject: Subject<'a>, item: &'a Item, found: &mut Vec<Found<'a>>) {
    if item.twins.is_empty() {
        return;
    }
    let elsewhere = item.twins.iter().find(|(_, twin)| twin.station != item.station);
    let rule = if elsewhere.is_some() { Rule::X23 } else { Rule::X22 };
    let evidence: Vec<EventRef> =
        std::iter::once(item.origin).chain(item.twins.iter().map(|(at, _)| *at)).collect();
    let since = evidence.iter().filter_map(|at| look.custody.act(*at)).map(Act::at).max();
    let places = std::iter::once(&item.station).chain(item.twins.iter().map(|(_, it)| &it.station));
    let places: Vec<&str> = places.flatten().map(pehra_domain::StationId::as_str).collect();
    let since = since.unwrap_or(look.now);
    let detail = places.join(" / ");
    found.push(Found { rule, subject, about: "name".to_owned(), since, detail, evidence });
}
