//! How it was answered: what was to be done by when, what the room saw and when, what people decided and what the room
//! knew then, and what follows from it.

use super::{
    Drill, convert,
    desk::is_simulated,
    truth::Truth,
    warned::{self, Warned},
};
use crate::{
    http::findings::{AimRow, FindingAction, FindingEntry, FindingLog},
    node::NodeError,
};
use pehra_domain::{AreaId, UnixMs};
use pehra_ops::incident::{Key, Matter, Phase, Record, Taxonomy, call::Goal};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

/// What each kind of incident asks for, and within how many minutes.
const INCIDENTS_CSV: &str = include_str!("../../../../data/incidents.csv");
/// Kinds of act that answer an incident.
const ASSIGNED: u32 = 1303;
const ARRIVED: u32 = 1305;
/// Most lines of each list in a report.
const LINES_MAX: usize = 2_000;

/// What was to be done about one incident, and when it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillExpected)]
pub struct Expected {
    pub incident: String,
    pub code: String,
    pub severity: u8,
    pub area: String,
    /// `acknowledge`, `dispatch` or `arrive`.
    pub what: String,
    pub due_ms: i64,
    pub done_ms: Option<i64>,
    /// Who did it; a desk that is simulated is named so.
    pub by: Option<String>,
    pub simulated: bool,
    /// `in-time`, `late`, `missing` or `open`.
    pub verdict: String,
}

/// What truly happened and what the room saw of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillSeen)]
pub struct Seen {
    pub code: String,
    pub severity: u8,
    pub area: String,
    pub occurred_ms: i64,
    /// When the district's desk heard of it; none: never.
    pub heard_ms: Option<i64>,
    pub unanswered: bool,
}

/// What the room knew at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillKnew)]
pub struct Knew {
    #[serde(skip)]
    pub wall_ms: i64,
    pub at_ms: i64,
    pub incidents: u32,
    pub open: u32,
    pub unacknowledged: u32,
    pub grave_open: u32,
    pub check_ins: u64,
    pub lag_s: i32,
}

/// What a person did in this room, beside what the room knew then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillDecision)]
pub struct Decision {
    /// The day's time; none before the clock began.
    pub at_ms: Option<i64>,
    pub person: String,
    pub role: String,
    pub area: String,
    pub act: String,
    pub knew: Option<Knew>,
}

/// What the exercise is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillObjective)]
pub struct Objective {
    pub text: String,
    /// `open`, `met`, `missed` or `disputed`, by the director's judgement.
    pub verdict: String,
}

/// What was found, and who mends it until when: empty where nobody is charged yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillFinding)]
pub struct Finding {
    pub text: String,
    pub action: String,
    pub owner: String,
    /// `2024-03-01`.
    pub due: String,
    /// As on the page of findings: `found`, `charged`, `overdue`, `finished`, `closed`, `disputed`.
    pub phase: String,
}

/// The whole evaluation.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DrillEvaluation)]
pub struct Evaluation {
    /// Stands on every page.
    pub mark: String,
    pub election: String,
    pub status: super::Status,
    pub objectives: Vec<Objective>,
    pub injected: Vec<String>,
    pub in_time: u32,
    pub late: u32,
    pub missing: u32,
    pub open: u32,
    /// Of the acts of people, not of simulated desks.
    pub players_in_time: u32,
    pub players_late: u32,
    /// Median seconds from an incident to its first report.
    pub heard_after_s: Option<i64>,
    pub never_heard: u32,
    /// Of roots of services: what was warned of before it happened, too late, and not at all.
    pub warned_before: u32,
    pub warned_after: u32,
    pub unwarned: u32,
    pub warned: Vec<Warned>,
    pub expected: Vec<Expected>,
    pub seen: Vec<Seen>,
    pub decisions: Vec<Decision>,
    pub findings: Vec<Finding>,
}

impl Drill {
    /// # Errors
    /// [`NodeError`] when the record cannot be read.
    pub fn evaluate(&self) -> Result<Evaluation, NodeError> {
        let status = self.status();
        let now = UnixMs(status.now_ms);
        let taxonomy =
            Taxonomy::parse(INCIDENTS_CSV).map_err(|error| NodeError::Table(error.to_string()))?;
        let mut expected = self.inner.node.ops(|state| {
            let all = state.incidents.all().filter(|(key, _)| is_of_a_day(key));
            all.flat_map(|(key, record)| expected(key, record, &taxonomy, now)).collect::<Vec<_>>()
        });
        expected.sort_by_key(|it| (std::cmp::Reverse(it.severity), it.due_ms));
        let count =
            |verdict: &str| narrow(expected.iter().filter(|it| it.verdict == verdict).count());
        let (in_time, late, missing, open) =
            (count("in-time"), count("late"), count("missing"), count("open"));
        let players = |verdict: &str| {
            let of = |it: &&Expected| it.verdict == verdict && !it.simulated;
            narrow(expected.iter().filter(of).count())
        };
        let (players_in_time, players_late) = (players("in-time"), players("late"));
        let (seen, heard_after_s, never_heard) = self.seen();
        expected.truncate(LINES_MAX);
        let (objectives, findings) = self.learnt();
        let knew = self.knew().clone();
        let mut warned = self.warned(now, &knew);
        let of = |verdict: &str| warned::count(&warned, verdict);
        let (warned_before, warned_after, unwarned) = (of("before"), of("after"), of("unwarned"));
        warned.truncate(LINES_MAX);
        Ok(Evaluation {
            mark: self.inner.node.watermark().unwrap_or_default(),
            election: self.inner.node.exercise().unwrap_or_default().to_owned(),
            decisions: self.decisions(&knew)?,
            injected: self.injected().iter().map(|it| format!("{} {}", it.at, it.name)).collect(),
            status,
            objectives,
            findings,
            in_time,
            late,
            missing,
            open,
            players_in_time,
            players_late,
            heard_after_s,
            never_heard,
            warned_before,
            warned_after,
            unwarned,
            warned,
            expected,
            seen,
        })
    }

    /// The exercise's aims and what was found in it, from the record.
    fn learnt(&self) -> (Vec<Objective>, Vec<Finding>) {
        let view = FindingLog::of(&self.inner.node, None);
        let objective = |it: AimRow| Objective { text: it.text, verdict: it.verdict.to_owned() };
        let finding = |it: FindingEntry| {
            let action = it.action;
            let of = |get: fn(&FindingAction) -> &String| {
                action.as_ref().map(get).cloned().unwrap_or_default()
            };
            Finding {
                text: it.text,
                action: of(|action| &action.text),
                owner: of(|action| &action.owner),
                due: of(|action| &action.due),
                phase: it.phase.to_owned(),
            }
        };
        let found = view.findings.into_iter().filter(|it| it.phase != "dropped");
        (view.aims.into_iter().map(objective).collect(), found.map(finding).collect())
    }

    /// What the room knew from minute to minute.
    fn knew(&self) -> MutexGuard<'_, Vec<Knew>> {
        self.inner.knew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Grave incidents as they were; the median wait until the first report of all, and how many grave ones nobody
    /// ever reported.
    fn seen(&self) -> (Vec<Seen>, Option<i64>, u32) {
        let truths = self.inner.truths.lock().unwrap_or_else(PoisonError::into_inner);
        let at = |second: pehra_drill::day::Second| second.unix_ms(self.inner.day).0;
        let row = |truth: &Truth| Seen {
            code: truth.trouble.word().to_owned(),
            severity: truth.severity,
            area: truth
                .district
                .and_then(|district| self.area(district))
                .map_or_else(String::new, AreaId::to_string),
            occurred_ms: at(truth.occurred),
            heard_ms: truth.reported.map(at),
            unanswered: truth.unanswered,
        };
        let mut waits: Vec<i64> = truths
            .all()
            .filter_map(|(_, truth)| Some(i64::from(truth.reported?.since(truth.occurred))))
            .collect();
        waits.sort_unstable();
        let grave = || truths.all().filter(|(_, truth)| truth.severity >= 4);
        let never = narrow(grave().filter(|(_, truth)| truth.reported.is_none()).count());
        let rows = grave().take(LINES_MAX).map(|(_, truth)| row(truth)).collect();
        (rows, waits.get(waits.len() / 2).copied(), never)
    }

    /// What people did on this node since the day began.
    fn decisions(&self, knew: &[Knew]) -> Result<Vec<Decision>, NodeError> {
        let node = &self.inner.node;
        let begun = knew.first().map_or(i64::MAX, |first| first.wall_ms);
        let mut decisions = Vec::new();
        for entry in node.own_since(begun, LINES_MAX)? {
            let header = entry.header();
            let wall = convert::wall_ms(header);
            let then = knew.partition_point(|it| it.wall_ms <= wall);
            let knew = then.checked_sub(1).and_then(|at| knew.get(at)).copied();
            decisions.push(Decision {
                at_ms: knew.map(|it| it.at_ms),
                person: header.person.clone(),
                role: header.role.clone(),
                area: header.area.clone(),
                act: pehra_ops::event::kind_name(header.kind).unwrap_or("other").to_owned(),
                knew,
            });
        }
        Ok(decisions)
    }

    /// Writes down what the room knows just now.
    pub(super) fn note_knowledge(&self, status: &super::Status) {
        let node = &self.inner.node;
        let (mut knew, check_ins) = node.ops(|state| {
            let mut knew = Knew::default();
            for (key, record) in state.incidents.all() {
                if !is_of_a_day(key) {
                    continue;
                }
                knew.incidents += 1;
                let phase = record.phase();
                if phase != Phase::Closed {
                    knew.open += 1;
                    let grave = record.class().is_some_and(|(_, it)| it.number() >= 4);
                    knew.grave_open += u32::from(grave);
                }
                knew.unacknowledged += u32::from(phase == Phase::Reported);
            }
            (knew, status.tally.check_ins)
        });
        (knew.wall_ms, knew.at_ms) = (node.now().0, status.now_ms);
        (knew.check_ins, knew.lag_s) = (check_ins, status.lag_s);
        self.knew().push(knew);
    }
}

/// Whether an incident came out of a lived day.
fn is_of_a_day(key: &Key) -> bool {
    key.incident.as_str().starts_with("EX-") && key.matter == Matter::Incident
}

fn expected(key: &Key, record: &Record, taxonomy: &Taxonomy, now: UnixMs) -> Vec<Expected> {
    let (Some((report, _)), Some((code, severity))) = (record.report(), record.class()) else {
        return Vec::new();
    };
    let Some(targets) = taxonomy.targets(severity) else { return Vec::new() };
    let steps = record.steps();
    let first = |kind: &[u32]| {
        let found = steps.iter().find(|(_, step)| kind.contains(&step.kind));
        found.map(|(_, step)| (step.at.0, step.mark.person.to_string()))
    };
    let wanted = [
        (Goal::Acknowledge, Some(targets.acknowledge), first(&[1301, ASSIGNED, 1304, ARRIVED])),
        (
            Goal::Dispatch,
            targets.arrive.map(|_| targets.dispatch),
            first(&[ASSIGNED, 1304, ARRIVED]),
        ),
        (Goal::Arrive, targets.arrive_in(report.place.terrain), first(&[ARRIVED, 1306])),
    ];
    let mut rows = Vec::with_capacity(wanted.len());
    for (what, minutes, done) in wanted {
        let Some(minutes) = minutes.filter(|minutes| *minutes > 0) else { continue };
        let due_ms = report.at.0 + i64::from(minutes) * 60_000;
        let verdict = match &done {
            Some((at, _)) if *at <= due_ms => "in-time",
            Some(_) => "late",
            None if now.0 > due_ms => "missing",
            None => "open",
        };
        let by = done.as_ref().map(|(_, by)| by.clone());
        rows.push(Expected {
            incident: key.incident.to_string(),
            code: code.name().to_owned(),
            severity: severity.number(),
            area: key.area.to_string(),
            what: what.name().to_owned(),
            due_ms,
            done_ms: done.map(|(at, _)| at),
            simulated: by.as_ref().is_none_or(|by| is_simulated(by)),
            by,
            verdict: verdict.to_owned(),
        });
    }
    rows
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Verdicts by severity, for the table of the hot wash.
#[must_use]
pub fn by_severity(expected: &[Expected]) -> BTreeMap<(u8, String), [u32; 4]> {
    let mut table: BTreeMap<(u8, String), [u32; 4]> = BTreeMap::new();
    for row in expected {
        let cells = table.entry((row.severity, row.what.clone())).or_default();
        let at = ["in-time", "late", "missing", "open"].iter().position(|it| *it == row.verdict);
        if let Some(cell) = at.and_then(|at| cells.get_mut(at)) {
            *cell += 1;
        }
    }
    table
}
