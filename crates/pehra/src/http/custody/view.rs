//! What a browser is told of custody.

#![expect(clippy::wildcard_enum_match_arm, reason = "a view looks at the acts that it shows")]

use super::reads_blind;
use crate::http::{mark::DoneBy, who::Access};
use pehra_domain::{AreaId, ItemId, UnixMs};
use pehra_ops::{
    EventRef, State as Ops,
    custody::{
        self, Custody, Event, Hold, Reading,
        exception::{Exception, exceptions, parties},
        survive::Survival,
        timer::timers,
    },
    event::kind_name,
};
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ResolvedView {
    pub by: DoneBy,
    pub outcome: &'static str,
    pub note: String,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExceptionView {
    /// The same on every node.
    pub id: String,
    /// `X03`.
    pub rule: &'static str,
    pub severity: u8,
    /// The role whose matter it is until somebody takes it.
    pub owner: &'static str,
    pub item: Option<String>,
    pub station: Option<String>,
    pub contest: Option<String>,
    pub since_ms: i64,
    /// Numbers that contradict each other; empty for whoever still has to read them.
    pub detail: String,
    /// The entries that show it.
    pub evidence: Vec<String>,
    pub taken: Option<DoneBy>,
    pub resolved: Option<ResolvedView>,
    /// Whoever asks is one of those whose acts show it, and does not resolve it.
    pub party: bool,
}

/// An exception as whoever asks may see it.
pub(super) fn exception(
    custody: &Custody,
    area: &AreaId,
    one: &Exception<'_>,
    access: &Access,
) -> ExceptionView {
    let blind = one.item.is_some_and(|item| reads_blind(custody, area, item, access));
    ExceptionView {
        id: one.id.clone(),
        rule: one.rule.code(),
        severity: one.rule.severity(),
        owner: one.rule.owner().role(),
        item: one.item.map(ToString::to_string),
        station: one.station.map(ToString::to_string),
        contest: one.contest.map(ToString::to_string),
        since_ms: one.since.0,
        detail: if blind { String::new() } else { one.detail.clone() },
        evidence: one.evidence.iter().map(ToString::to_string).collect(),
        taken: one.taken.map(|mark| DoneBy::at(mark, mark.clock_ms)),
        resolved: one.resolved.map(|(mark, outcome, note)| ResolvedView {
            by: DoneBy::at(mark, mark.clock_ms),
            outcome: outcome.name(),
            note: note.to_owned(),
        }),
        party: parties(custody, one).contains(&access.person),
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TimerView {
    pub id: String,
    /// `bag`, `convoy`, `receipt`, `provisional` or `outer`.
    pub what: &'static str,
    pub by_ms: i64,
    pub over: bool,
    pub item: Option<String>,
    pub station: Option<String>,
    /// Stations awaited, of how many; for the marks of the law.
    pub waiting: Option<(usize, usize)>,
}

/// An item in a hand-over. No seal: they are read blind.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Offered {
    pub item: String,
    pub kind: &'static str,
    pub station: Option<String>,
    /// It had a seal when it was last recorded: its number has to be read.
    pub sealed: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HandOverView {
    /// Names the hand-over when it is answered.
    pub id: String,
    pub step: &'static str,
    pub to: String,
    pub from: DoneBy,
    pub due_ms: Option<i64>,
    pub place: String,
    pub items: Vec<Offered>,
    /// It waits for whoever asks.
    pub own: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReleaseView {
    pub id: String,
    pub by: DoneBy,
    pub absent: String,
    pub reason: String,
    pub items: Vec<String>,
    /// Somebody else has to sign: whoever asks may.
    pub may_approve: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CustodyAreaView {
    pub area: String,
    pub now_ms: i64,
    /// Open ones first, the gravest first.
    pub exceptions: Vec<ExceptionView>,
    pub timers: Vec<TimerView>,
    pub offers: Vec<HandOverView>,
    pub releases: Vec<ReleaseView>,
}

/// Timers that are told: the marks of the law, and the items that are due first.
const TIMERS_MAX: usize = 60;

pub(super) fn area(ops: &Ops, area: &AreaId, access: &Access, now: UnixMs) -> CustodyAreaView {
    let custody = &ops.custody;
    let found = exceptions(custody, area, now);
    let poll = ops.election().map(|election| election.date);
    let due = poll.map(|poll| timers(custody, area, poll, now)).unwrap_or_default();
    let timer = |it: custody::timer::Timer| TimerView {
        id: it.id,
        what: it.what.name(),
        by_ms: it.by.0,
        over: it.over,
        item: it.item.map(|item| item.to_string()),
        station: it.station.map(|station| station.to_string()),
        waiting: it.waiting,
    };
    let (marks, items): (Vec<_>, Vec<_>) = due.into_iter().partition(|it| it.waiting.is_some());
    CustodyAreaView {
        area: area.to_string(),
        now_ms: now.0,
        exceptions: found.iter().map(|one| exception(custody, area, one, access)).collect(),
        timers: marks.into_iter().chain(items.into_iter().take(TIMERS_MAX)).map(timer).collect(),
        offers: offers(custody, area, access),
        releases: releases(custody, area, access),
    }
}

/// Hand-overs of which the second half is still to come.
fn offers(custody: &Custody, area: &AreaId, access: &Access) -> Vec<HandOverView> {
    let all = custody.area(area).into_iter().flat_map(|it| it.items());
    open_offers(custody, area, all.map(|(id, _)| id.clone()), access)
}

/// The open hand-overs of a station or of an item, wherever in its container it lies.
pub(super) fn desk(
    custody: &Custody,
    area: &AreaId,
    code: &str,
    access: &Access,
) -> Vec<HandOverView> {
    let item = ItemId::try_new(code).ok().filter(|id| custody.item(area, id).is_some());
    let items: Vec<ItemId> = match item {
        Some(id) => vec![custody.outermost(area, &id)],
        None => {
            let all = custody.area(area).into_iter().flat_map(|it| it.items());
            let own = all.filter(|(_, item)| {
                item.station.as_ref().is_some_and(|it| it.as_str().eq_ignore_ascii_case(code))
            });
            own.map(|(id, _)| id.clone()).collect()
        }
    };
    open_offers(custody, area, items.into_iter(), access)
}

fn open_offers(
    custody: &Custody,
    area: &AreaId,
    items: impl Iterator<Item = ItemId>,
    access: &Access,
) -> Vec<HandOverView> {
    let open: BTreeSet<EventRef> = items
        .filter_map(|id| match custody.hold(area, &id)? {
            Hold::Offered(at) => Some(at),
            Hold::Held { .. } | Hold::Moving(_) | Hold::Inside(_) | Hold::Ended => None,
        })
        .collect();
    open.into_iter().filter_map(|at| offer(custody, area, at, access)).collect()
}

fn offer(custody: &Custody, area: &AreaId, at: EventRef, access: &Access) -> Option<HandOverView> {
    let (offer, mark) = custody.offer(at)?;
    let item = |id: &ItemId| {
        let known = custody.item(area, id);
        Offered {
            item: id.to_string(),
            kind: known.map_or("", |it| it.kind.name()),
            station: known.and_then(|it| it.station.as_ref()).map(ToString::to_string),
            sealed: is_sealed(custody, area, id),
        }
    };
    let own = access.holdings.iter().any(|it| it.role == offer.to && it.area.contains(area));
    Some(HandOverView {
        id: at.to_string(),
        step: offer.step.name(),
        to: offer.to.as_str().to_owned(),
        from: DoneBy::at(mark, offer.at),
        due_ms: offer.due.map(|due| due.0),
        place: offer.place.clone(),
        items: offer.items.iter().map(item).collect(),
        own: own && mark.person != access.person,
    })
}

fn is_sealed(custody: &Custody, area: &AreaId, id: &ItemId) -> bool {
    let at_first = custody.item(area, id).is_some_and(|item| !item.seals.is_empty());
    let on_record = custody.history(area, id).into_iter().any(|(_, act)| match &act.event {
        Event::Recorded(note) => note.sealed.iter().any(|it| it.item == *id),
        _ => false,
    });
    at_first || on_record
}

fn releases(custody: &Custody, area: &AreaId, access: &Access) -> Vec<ReleaseView> {
    let view = |(at, act): (EventRef, &custody::Act)| {
        let Event::ReleaseProposed(release) = &act.event else { return None };
        Some(ReleaseView {
            id: at.to_string(),
            by: DoneBy::at(&act.mark, release.at),
            absent: release.absent.as_str().to_owned(),
            reason: release.reason.clone(),
            items: release.items.iter().map(ToString::to_string).collect(),
            may_approve: act.mark.person != access.person,
        })
    };
    custody.releases(area).filter_map(view).collect()
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ItemRow {
    pub item: String,
    pub kind: &'static str,
    pub station: Option<String>,
    pub contest: Option<String>,
    /// `held`, `offered`, `late` …
    pub phase: &'static str,
    /// Who answers for it: of what lies in another item, who has that.
    pub holder: String,
    pub within: Option<String>,
}

pub(super) fn item_row(
    custody: &Custody,
    area: &AreaId,
    id: &ItemId,
    now: UnixMs,
) -> Option<ItemRow> {
    let item = custody.item(area, id)?;
    let outer = custody.outermost(area, id);
    let person = |at: EventRef| custody.act(at).map(|act| act.mark.person.to_string());
    let holder = match custody.hold(area, &outer) {
        Some(Hold::Held { person, role }) => format!("{person} ({})", role.as_str()),
        Some(Hold::Offered(at) | Hold::Moving(at)) => person(at).unwrap_or_default(),
        Some(Hold::Inside(_) | Hold::Ended) | None => String::new(),
    };
    let text = ToString::to_string;
    Some(ItemRow {
        item: id.to_string(),
        kind: item.kind.name(),
        station: item.station.as_ref().map(text),
        contest: item.contest.as_ref().map(ToString::to_string),
        phase: custody.phase(area, id, now).name(),
        holder,
        within: (outer != *id).then(|| outer.to_string()),
    })
}

/// One act on an item.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CustodyStepView {
    /// Names the entry: `pehra prove event` gives its proof.
    pub entry: String,
    /// `custody.received`.
    pub kind: &'static str,
    pub step: Option<&'static str>,
    pub by: DoneBy,
    /// The entry whose header this one signs too: the giver's.
    pub over: Option<String>,
    /// Seals that were put on or read; empty while whoever asks has yet to read them.
    pub seals: Vec<String>,
    pub place: String,
    pub photographs: usize,
    /// Witnesses: `guard +`, `observer −`.
    pub witnesses: Vec<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ItemView {
    pub row: ItemRow,
    pub inside: Vec<String>,
    pub history: Vec<CustodyStepView>,
    pub exceptions: Vec<ExceptionView>,
    /// Seal numbers are kept from whoever asks until they have read them.
    pub blind: bool,
}

pub(super) fn item(
    custody: &Custody,
    area: &AreaId,
    id: &ItemId,
    access: &Access,
    now: UnixMs,
) -> Option<ItemView> {
    let row = item_row(custody, area, id, now)?;
    let blind = reads_blind(custody, area, id, access);
    let first = custody.item(area, id).map(|it| it.seals.clone()).unwrap_or_default();
    let history = custody.history(area, id).into_iter().map(|(at, act)| {
        let mut step = step(custody, id, at, act);
        if matches!(act.event, Event::Registered { .. }) {
            step.seals.clone_from(&first);
        }
        if blind {
            step.seals.clear();
        }
        step
    });
    let all = exceptions(custody, area, now);
    let own = all.iter().filter(|one| {
        one.item == Some(id)
            || (one.item.is_none() && one.station.map(ToString::to_string) == row.station)
    });
    let is_inside =
        |other: &ItemId| custody.hold(area, other).is_some_and(|it| it == Hold::Inside(id.clone()));
    let inside = custody.area(area)?.items().map(|(other, _)| other).filter(|it| is_inside(it));
    Some(ItemView {
        inside: inside.map(ToString::to_string).collect(),
        history: history.collect(),
        exceptions: own.map(|one| exception(custody, area, one, access)).collect(),
        blind,
        row,
    })
}

fn step(custody: &Custody, id: &ItemId, at: EventRef, act: &custody::Act) -> CustodyStepView {
    let of = |readings: &[Reading]| {
        let own = readings.iter().find(|reading| reading.item == *id);
        own.map(|reading| reading.seals.clone()).unwrap_or_default()
    };
    let (seals, place, photographs) = match &act.event {
        Event::Offered(offer) => (Vec::new(), offer.place.clone(), offer.photographs.len()),
        Event::Received(receipt) => {
            (of(&receipt.read), receipt.place.clone(), receipt.photographs.len())
        }
        Event::Departed(passage) | Event::Arrived(passage) => {
            (Vec::new(), passage.vehicle.clone(), 0)
        }
        Event::Recorded(note) => {
            let put = of(&note.sealed);
            let seals = if put.is_empty() { of(&note.found) } else { put };
            (seals, note.reference.clone(), note.photographs.len())
        }
        Event::ReleaseApproved { read, .. } => (of(read), String::new(), 0),
        _ => (Vec::new(), String::new(), 0),
    };
    let witnesses = custody.witnesses(at).filter_map(|(_, act)| match &act.event {
        Event::Witnessed { witness, agrees, .. } => {
            Some(format!("{} {}", witness.name(), if *agrees { "+" } else { "−" }))
        }
        _ => None,
    });
    let over = match &act.event {
        Event::Received(receipt) => Some(receipt.offer.to_string()),
        Event::ReleaseApproved { release, .. } => Some(release.to_string()),
        _ => None,
    };
    let kind = pehra_ops::Event::Custody(act.event.clone()).kind();
    CustodyStepView {
        entry: at.to_string(),
        kind: kind_name(kind).unwrap_or_default(),
        step: act.event.step().map(custody::Step::name),
        by: DoneBy::at(&act.mark, act.at()),
        over,
        seals,
        place,
        photographs,
        witnesses: witnesses.collect(),
    }
}

/// One copy of a form, and what becomes of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CopyView {
    /// `wall`, `packet`, `image` …
    pub copy: &'static str,
    /// `survives`, `lost`, `gone` or `absent`.
    pub fate: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StationSurvival {
    pub station: String,
    pub contest: String,
    pub copies: Vec<CopyView>,
    pub bags_lost: Vec<String>,
    pub bags_left: Vec<String>,
    pub left: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SurvivalView {
    /// Stations of which something would burn, the least of what is left first.
    pub stations: Vec<StationSurvival>,
    /// Results on record in all.
    pub of: usize,
}

pub(super) fn survival(all: &[Survival]) -> SurvivalView {
    let touched = all.iter().filter(|one| one.is_touched());
    let mut stations: Vec<StationSurvival> = touched
        .map(|one| StationSurvival {
            station: one.station.to_string(),
            contest: one.contest.to_string(),
            copies: one
                .copies
                .iter()
                .map(|(copy, fate)| CopyView { copy: copy.name(), fate: fate.name() })
                .collect(),
            bags_lost: one.bags_lost.iter().map(ToString::to_string).collect(),
            bags_left: one.bags_left.iter().map(ToString::to_string).collect(),
            left: one.left(),
        })
        .collect();
    stations.sort_by(|a, b| (a.left, &a.station).cmp(&(b.left, &b.station)));
    SurvivalView { stations, of: all.len() }
}
