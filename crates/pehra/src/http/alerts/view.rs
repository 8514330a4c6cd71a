//! What the room shows of alerts.

use super::{AlertOutline, AlertWish, AlertWords, ENDING};
use crate::{
    http::{mark::DoneBy, who::Access},
    node::Node,
};
use pehra_domain::AreaId;
use pehra_ops::{
    EventRef, State,
    alert::{Alerts, Basis, Draft, Phase, Record, Scope, Status, Words},
    permission as row,
    stamp::Mark,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// Drafts that were thrown away, and what is over, is shown for so long.
const OVER_MS: i64 = 48 * 3_600_000;

/// Something that whoever asks may do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AlertActView {
    Release,
    Discard,
    Update,
    Cancel,
}

/// What was said when it was thrown away or taken back.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertEnd {
    pub by: DoneBy,
    pub english: String,
    pub urdu: String,
    /// The cancellation's own message; none for a draft that was thrown away.
    pub message: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertCircle {
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub radius_m: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertRow {
    pub id: String,
    /// `drafted`, `discarded`, `released`, `updated`, `expired`, `cancelled` or `disputed`.
    pub phase: &'static str,
    /// As it was written; `outline` says how it is drawn.
    pub written: AlertWish,
    /// Corners of the polygons that go out, and circles.
    pub corners: u32,
    pub circles: Vec<AlertCircle>,
    pub drafted: DoneBy,
    pub released: Option<DoneBy>,
    pub ended: Option<AlertEnd>,
    /// Released updates of it.
    pub updates: Vec<String>,
    /// Where everybody reads it; none where it is not for everybody, or not out.
    pub link: Option<String>,
    /// Where whoever asks fetches the signed file; none before it is out.
    pub file: Option<String>,
    /// Another person has to release it: whoever asks wrote it.
    pub own: bool,
    pub acts: Vec<AlertActView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AlertsView {
    /// What waits for a second person first, then the newest.
    pub alerts: Vec<AlertRow>,
    /// Drafts that whoever asks may release.
    pub waiting: usize,
    /// Areas for which whoever asks may write one, their own first.
    pub drafts: Vec<String>,
    /// What every message of this election is: `Actual`, `Exercise` or `Test`.
    pub status: Option<&'static str>,
    /// Where partners find the feed.
    pub feed: &'static str,
    pub now_ms: i64,
}

/// Everything that concerns whoever asks.
pub(super) fn all(node: &Node, access: &Access) -> AlertsView {
    let now = node.now();
    let (mut rows, status) = node.ops(|state: &State| {
        let status = state.elections.nature().ok().map(|nature| Status::of(nature).name());
        let alerts = &state.alerts;
        let seen = alerts.all().filter(|(.., mark)| access.concerns(&mark.area));
        let rows: Vec<AlertRow> = seen
            .filter_map(|(at, record, draft, mark)| {
                let phase = alerts.phase(at, now);
                let last = record.cancelled().map(|(_, it)| it.mark.clock_ms);
                let last = last.or(record.discarded().map(|(_, mark)| mark.clock_ms));
                let ended = last.unwrap_or(draft.expires.max(mark.clock_ms));
                let over = !matches!(phase, Phase::Drafted | Phase::Released | Phase::Disputed);
                let shown = !over || now.0.saturating_sub(ended.0) < OVER_MS;
                shown.then(|| line(node, access, alerts, (at, phase), (record, draft, mark)))
            })
            .collect();
        (rows, status)
    });
    let waits = |row: &AlertRow| row.acts.contains(&AlertActView::Release);
    let rank = |row: &AlertRow| {
        let moment = row.released.as_ref().map_or(row.drafted.at_ms, |by| by.at_ms);
        (row.phase != "drafted", std::cmp::Reverse(moment), row.id.clone())
    };
    rows.sort_by_key(rank);
    let drafts = areas(node, access);
    AlertsView {
        waiting: rows.iter().filter(|row| waits(row)).count(),
        alerts: rows,
        drafts,
        status,
        feed: "/alerts/atom.xml",
        now_ms: now.0,
    }
}

/// Where somebody may write an alert: what they hold, and the districts and provinces in it.
fn areas(node: &Node, access: &Access) -> Vec<String> {
    let table = &node.rules().permissions;
    let held: Vec<&AreaId> = access
        .holdings
        .iter()
        .filter(|one| table.allows(&one.role, row::ALERT_DRAFT))
        .map(|one| &one.area)
        .collect();
    let within = |area: &AreaId| held.iter().any(|own| own.contains(area));
    let mut all: BTreeSet<AreaId> = held.iter().copied().cloned().collect();
    for district in &node.gazetteer().districts {
        let mut area = Some(district.area.clone());
        while let Some(one) = area.filter(|one| within(one)) {
            area = one.parent();
            all.insert(one);
        }
    }
    all.iter().map(ToString::to_string).collect()
}

fn line(
    node: &Node,
    access: &Access,
    alerts: &Alerts,
    (at, phase): (EventRef, Phase),
    (record, draft, mark): (&Record, &Draft, &Mark),
) -> AlertRow {
    let released = record.released().map(|(_, mark)| DoneBy::of(mark));
    let own = mark.person == access.person;
    let out = released.is_some();
    let cancelled = record.cancelled().map(|(entry, it)| AlertEnd {
        by: DoneBy::of(&it.mark),
        english: it.english.clone(),
        urdu: it.urdu.clone(),
        message: Some(entry.to_string()),
    });
    let discarded = || {
        let (reason, mark) = record.discarded()?;
        let (english, urdu) = (reason.to_owned(), String::new());
        Some(AlertEnd { by: DoneBy::of(mark), english, urdu, message: None })
    };
    AlertRow {
        id: at.to_string(),
        phase: phase.name(),
        corners: u32::try_from(draft.polygons.iter().map(Vec::len).sum::<usize>())
            .unwrap_or(u32::MAX),
        circles: draft.circles.iter().map(circle).collect(),
        written: written(draft, mark),
        drafted: DoneBy::of(mark),
        ended: cancelled.or_else(discarded),
        updates: alerts.updates(at).map(|(at, _)| at.to_string()).collect(),
        link: (out && draft.is_public()).then(|| format!("/alerts/{at}{ENDING}")),
        file: out.then(|| format!("/api/alerts/{at}/cap")),
        acts: acts(node, access, (draft, mark), (phase, own, out)),
        released,
        own,
    }
}

fn circle(circle: &pehra_ops::alert::Circle) -> AlertCircle {
    let (lat_e7, lon_e7) = (circle.centre.lat_e7, circle.centre.lon_e7);
    AlertCircle { lat_e7, lon_e7, radius_m: circle.radius_m }
}

fn acts(
    node: &Node,
    access: &Access,
    (draft, mark): (&Draft, &Mark),
    (phase, own, out): (Phase, bool, bool),
) -> Vec<AlertActView> {
    let holds = |permission| access.holds(node, &mark.area, permission);
    let releases = holds(if draft.scope == Scope::Public {
        row::ALERT_RELEASE_PUBLIC
    } else {
        row::ALERT_RELEASE
    });
    let drafts = holds(row::ALERT_DRAFT);
    let mut acts = Vec::new();
    let lasts = draft.expires > node.now();
    if matches!(phase, Phase::Drafted | Phase::Disputed) && releases && !own && lasts {
        acts.push(AlertActView::Release);
    }
    if phase == Phase::Drafted && drafts {
        acts.push(AlertActView::Discard);
    }
    if phase == Phase::Released && drafts {
        acts.push(AlertActView::Update);
    }
    if (phase == Phase::Released || phase == Phase::Disputed && out) && releases {
        acts.push(AlertActView::Cancel);
    }
    acts
}

fn said(words: &Words) -> AlertWords {
    AlertWords {
        event: words.event.clone(),
        place: words.place.clone(),
        office: words.office.clone(),
        headline: words.headline.clone(),
        description: words.description.clone(),
        instruction: words.instruction.clone(),
    }
}

/// A draft as it would be written again: what an update begins with.
fn written(draft: &Draft, mark: &Mark) -> AlertWish {
    let circle = draft.circles.first();
    let kind = match (draft.polygons.is_empty(), circle) {
        (false, _) => "area",
        // What the form can say again is one circle.
        (true, Some(_)) if draft.circles.len() == 1 => "circle",
        (true, Some(_)) => "area",
        (true, None) => "none",
    };
    let (incident, warning) = match &draft.basis {
        Some(Basis::Incident(key)) => (Some(key.incident.to_string()), None),
        Some(Basis::Warning(release)) => (None, Some(release.to_string())),
        None => (None, None),
    };
    AlertWish {
        area: mark.area.to_string(),
        category: draft.category.name().to_owned(),
        response: draft.response.name().to_owned(),
        urgency: draft.urgency.name().to_owned(),
        severity: draft.severity.name().to_owned(),
        certainty: draft.certainty.name().to_owned(),
        scope: draft.scope.name().to_owned(),
        restriction: draft.restriction.clone(),
        addresses: draft.addresses.clone(),
        english: said(&draft.english),
        urdu: said(&draft.urdu),
        onset_ms: draft.onset.map(|at| at.0),
        expires_ms: draft.expires.0,
        outline: AlertOutline {
            kind: kind.to_owned(),
            lat_e7: circle.map(|it| it.centre.lat_e7),
            lon_e7: circle.map(|it| it.centre.lon_e7),
            radius_m: circle.map(|it| it.radius_m),
        },
        incident,
        warning,
        follows: draft.follows.map(|at| at.to_string()),
    }
}
