//! What a browser is told of a picture: all of it at first, then what differs from the last it was told.

use super::{ClockView, TimelineView, clock_view, methane::MethaneView};
use crate::{
    day::{AreaPicture, IncidentRow, Picture, SuspensionRow},
    node::Node,
};
use pehra_domain::{AreaId, risk::RiskClass};
use pehra_ops::{
    check_in::alarm::Alarm,
    dispatch::late,
    incident::{Finding, Matter, Phase},
};
use serde::Serialize;
use std::ops::Range;

/// What somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub areas: Vec<AreaId>,
    /// Where complaints about guards may be read.
    pub complaints: Vec<AreaId>,
    /// Stations within reach, in the order of the map's points.
    pub ranges: Vec<Range<u32>>,
}

impl Scope {
    fn reaches(&self, area: &AreaId) -> bool {
        self.areas.iter().any(|own| own.contains(area))
    }

    pub(super) fn sees(&self, row: &IncidentRow) -> bool {
        match row.key.matter {
            Matter::Incident => self.reaches(&row.key.area),
            Matter::Complaint => self.complaints.iter().any(|own| own.contains(&row.key.area)),
        }
    }

    /// A suspension of a wider area concerns all that lie in it.
    fn concerns(&self, row: &SuspensionRow) -> bool {
        self.areas.iter().any(|own| own.meets(&row.area))
    }

    fn positions(&self) -> impl Iterator<Item = usize> {
        self.ranges.iter().flat_map(|range| range.start as usize..range.end as usize)
    }
}

/// Somebody's sums: of a district, or of all districts within reach.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CountsView {
    /// By class (normal, sensitive, most), then by stage: waiting, heard, due, amber, red, district, dark.
    pub stages: [[u32; 7]; 3],
    pub trouble: u32,
    pub opened: u32,
    pub closed: u32,
    pub disputed: u32,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AreaView {
    /// As in the points' district column.
    pub index: u32,
    pub counts: CountsView,
    pub alarms: Vec<SilenceView>,
    /// The newest word of any station there.
    pub heard_ms: Option<i64>,
}

/// Silence that somebody must look at, computed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SilenceView {
    /// The same on every node.
    pub id: String,
    pub area: String,
    pub code: &'static str,
    pub stage: &'static str,
    pub due_ms: i64,
    pub count: u32,
    pub of: u32,
    /// The most sensitive ones, at most twenty; the station of a single alarm.
    pub named: Vec<String>,
    pub most: u32,
    pub severity: u8,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TargetView {
    /// `acknowledge`, `dispatch` or `arrive`.
    pub what: &'static str,
    pub by_ms: i64,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TollView {
    pub killed: [u32; 2],
    pub hurt: [u32; 2],
    pub source: String,
    /// How often it was stated, this time included.
    pub revisions: u32,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct IncidentView {
    pub id: String,
    pub area: String,
    pub complaint: bool,
    pub code: &'static str,
    pub severity: u8,
    /// `reported`, `acknowledged`, `assigned`, `en-route`, `on-scene`, `contained`, `closed`, `reopened`, `disputed`.
    pub phase: &'static str,
    /// `verified`, `unverified` or `false`.
    pub finding: Option<&'static str>,
    pub at_ms: i64,
    pub last_ms: i64,
    pub station: Option<String>,
    /// 0 normal, 1 sensitive, 2 most sensitive.
    pub class: Option<u8>,
    /// Ten-millionths of a degree.
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
    pub words: String,
    pub text: String,
    /// `on-scene`, `desk`, `public` or `derived`.
    pub source: &'static str,
    pub target: Option<TargetView>,
    /// The level of the security chain whose answer is awaited: `sector`, `district`, `province`, `nation`; none once
    /// somebody answered.
    pub asked: Option<&'static str>,
    /// So many levels did not answer in their time.
    pub passed: u8,
    pub units: Vec<String>,
    pub toll: Option<TollView>,
    /// `undeclared`, `below`, `standby`, `major`, `stood-down` or `disputed`.
    pub declaration: &'static str,
    /// Since when it is a major incident.
    pub major_ms: Option<i64>,
    /// The last report in the fixed order.
    pub methane: Option<MethaneView>,
    pub merged_into: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct SuspensionView {
    pub area: String,
    pub name: String,
    pub services: Vec<&'static str>,
    /// `open`, `announced`, `ordered`, `in-effect`, `partly-restored`, `restored`, `disputed`.
    pub phase: &'static str,
    pub ordered_ms: Option<i64>,
    pub effective_ms: Option<i64>,
    pub restored_ms: Option<i64>,
    pub countersigned: bool,
}

/// Something that is late about a unit, computed.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct UnitLateView {
    /// The same on every node.
    pub id: String,
    /// `departure`, `arrival`, `rest` or `answer`.
    pub what: &'static str,
    pub area: String,
    pub unit: String,
    pub due_ms: i64,
    pub incident: Option<String>,
    pub severity: u8,
}

/// The day within somebody's reach: whole, or what differs from the frame before.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Frame {
    pub version: u64,
    pub whole: bool,
    pub clock: ClockView,
    pub poll: String,
    pub exercise: bool,
    /// Base 64. Whole: a byte a station, in the order of the map's points: stage of the ladder in the low three bits,
    /// then 8 trouble, 16 opened, 32 closed, 64 open incident, 128 disputed. Otherwise, for each station that differs, its
    /// position in four bytes (little endian) and its byte.
    pub status: String,
    pub totals: CountsView,
    pub areas: Vec<AreaView>,
    pub incidents: Vec<IncidentView>,
    pub suspensions: Vec<SuspensionView>,
    /// All that is late about units; none where that did not change.
    pub late: Option<Vec<UnitLateView>>,
}

/// What a frame says beside the picture.
#[derive(Clone, Debug)]
pub struct Beside {
    pub clock: ClockView,
    pub exercise: bool,
}

impl Beside {
    /// As it is now.
    #[must_use]
    pub fn now(node: &Node) -> Self {
        let clock = clock_view(node.day_clock(), node.day_now().0);
        Self { clock, exercise: node.exercise().is_some() }
    }
}

/// All of it.
#[must_use]
pub fn whole(picture: &Picture, scope: &Scope, beside: Beside) -> Frame {
    let bytes: Vec<u8> =
        scope.positions().filter_map(|at| picture.status.get(at).copied()).collect();
    frame(picture, scope, beside, 0, pehra_ledger::base64::encode(&bytes))
}

/// What differs from the picture that was told before; none when nothing does.
#[must_use]
pub fn since(before: &Picture, picture: &Picture, scope: &Scope, beside: Beside) -> Option<Frame> {
    if before.version == picture.version {
        return None;
    }
    let mut bytes = Vec::new();
    for (place, at) in (0_u32..).zip(scope.positions()) {
        if let (Some(was), Some(is)) = (before.status.get(at), picture.status.get(at))
            && was != is
        {
            bytes.extend(place.to_le_bytes());
            bytes.push(*is);
        }
    }
    Some(frame(picture, scope, beside, before.version, pehra_ledger::base64::encode(&bytes)))
}

/// A later moment at which nothing differs.
#[must_use]
pub fn again(picture: &Picture, scope: &Scope, beside: Beside) -> Frame {
    frame(picture, scope, beside, picture.version, String::new())
}

fn frame(picture: &Picture, scope: &Scope, beside: Beside, after: u64, status: String) -> Frame {
    let districts = || {
        let within = picture.areas.iter().filter(|one| scope.reaches(&one.area));
        (0_u32..).zip(within)
    };
    let mut totals = CountsView::default();
    for (_, one) in districts() {
        totals.add(&one.counts);
    }
    let incidents = picture.incidents.iter();
    Frame {
        version: picture.version,
        whole: after == 0,
        clock: beside.clock,
        poll: picture.poll.to_string(),
        exercise: beside.exercise,
        status,
        totals,
        areas: districts()
            .filter(|(_, one)| one.changed > after)
            .map(|(index, one)| AreaView::of(index, one))
            .collect(),
        incidents: incidents
            .filter(|row| row.changed > after && scope.sees(row))
            .map(IncidentView::of)
            .collect(),
        suspensions: picture
            .suspensions
            .iter()
            .filter(|row| row.changed > after && scope.concerns(row))
            .map(SuspensionView::of)
            .collect(),
        late: (picture.late_changed > after).then(|| {
            let within = picture.late.iter().filter(|one| scope.reaches(&one.area));
            within.map(UnitLateView::of).collect()
        }),
    }
}

impl CountsView {
    fn add(&mut self, counts: &crate::day::Counts) {
        for (sum, more) in self.stages.iter_mut().flatten().zip(counts.stages.iter().flatten()) {
            *sum += more;
        }
        self.trouble += counts.trouble;
        self.opened += counts.opened;
        self.closed += counts.closed;
        self.disputed += counts.disputed;
    }
}

impl AreaView {
    fn of(index: u32, one: &AreaPicture) -> Self {
        let mut counts = CountsView::default();
        counts.add(&one.counts);
        Self {
            index,
            counts,
            alarms: one.alarms.iter().map(SilenceView::of).collect(),
            heard_ms: one.heard_at.map(|at| at.0),
        }
    }
}

/// Most names that an alarm brings; the count says how many there are.
const NAMED_MAX: usize = 20;

impl SilenceView {
    fn of(alarm: &Alarm) -> Self {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            id: alarm.id.clone(),
            area: alarm.area.to_string(),
            code: alarm.code.name(),
            stage: alarm.stage.name(),
            due_ms: alarm.due.0,
            count: number(alarm.count),
            of: number(alarm.of),
            named: alarm.named.iter().take(NAMED_MAX).map(ToString::to_string).collect(),
            most: number(alarm.named.len()),
            severity: alarm.severity,
        }
    }
}

impl IncidentView {
    pub(super) fn of(row: &IncidentRow) -> Self {
        Self {
            id: row.key.incident.to_string(),
            area: row.key.area.to_string(),
            complaint: row.key.matter == Matter::Complaint,
            code: row.code,
            severity: row.severity,
            phase: Phase::name(row.phase),
            finding: row.finding.map(|finding| match finding {
                Finding::Unverified => "unverified",
                Finding::Verified => "verified",
                Finding::False => "false",
            }),
            at_ms: row.at.0,
            last_ms: row.last.0,
            station: row.station.as_ref().map(ToString::to_string),
            class: row.class.map(|class| match class {
                RiskClass::Normal => 0,
                RiskClass::Sensitive => 1,
                RiskClass::Most => 2,
            }),
            lat_e7: row.point.map(|point| point.lat_e7),
            lon_e7: row.point.map(|point| point.lon_e7),
            words: row.words.clone(),
            text: row.text.clone(),
            source: row.source,
            target: row
                .target
                .as_ref()
                .map(|target| TargetView { what: target.what, by_ms: target.by.0 }),
            asked: row.asked,
            passed: row.passed,
            units: row.units.clone(),
            toll: row.toll.as_ref().map(|toll| TollView {
                killed: [toll.killed.0, toll.killed.1],
                hurt: [toll.hurt.0, toll.hurt.1],
                source: toll.source.clone(),
                revisions: u32::try_from(toll.revisions).unwrap_or(u32::MAX),
            }),
            declaration: row.declaration.name(),
            major_ms: row.major_since.map(|at| at.0),
            methane: row.methane.as_deref().map(MethaneView::of),
            merged_into: row.merged_into.clone(),
        }
    }
}

impl UnitLateView {
    fn of(alarm: &late::Alarm) -> Self {
        Self {
            id: alarm.id.clone(),
            what: alarm.what.name(),
            area: alarm.area.to_string(),
            unit: alarm.unit.to_string(),
            due_ms: alarm.due.0,
            incident: alarm.goal.as_ref().map(|goal| goal.incident.to_string()),
            severity: alarm.severity.number(),
        }
    }
}

impl SuspensionView {
    fn of(row: &SuspensionRow) -> Self {
        Self {
            area: row.area.to_string(),
            name: row.name.clone(),
            services: row.services.clone(),
            phase: row.phase.name(),
            ordered_ms: row.ordered.map(|at| at.0),
            effective_ms: row.effective.map(|at| at.0),
            restored_ms: row.restored.map(|at| at.0),
            countersigned: row.countersigned,
        }
    }
}

/// The course of the day within reach.
#[must_use]
pub fn timeline(picture: &Picture, scope: &Scope) -> TimelineView {
    use crate::day::{BIN_MS, BINS};
    let from = picture.bins_from().0;
    let mut heard = vec![0_u32; BINS];
    let mut stations = 0_u32;
    for one in picture.areas.iter().filter(|one| scope.reaches(&one.area)) {
        stations += one.range.end - one.range.start;
        for (sum, more) in heard.iter_mut().zip(one.heard.iter()) {
            *sum += more;
        }
    }
    let bin_of = |at: i64| usize::try_from((at - from).div_euclid(BIN_MS)).ok();
    let mut due = vec![0_u32; BINS];
    let rows = crate::day::schedule().map(|schedule| schedule.rows()).unwrap_or_default();
    for at in rows.iter().filter_map(|row| row.due_at(picture.poll, |_| None)) {
        if let Some(sum) = bin_of(at.0).and_then(|bin| due.get_mut(bin)) {
            *sum += stations;
        }
    }
    let mut incidents = vec![[0_u32; 3]; BINS];
    for row in picture.incidents.iter().filter(|row| scope.sees(row)) {
        let grade = match row.severity {
            0..=2 => 0,
            3 => 1,
            _ => 2,
        };
        let bin = bin_of(row.at.0).and_then(|bin| incidents.get_mut(bin));
        if let Some(count) = bin.and_then(|bin| bin.get_mut(grade)) {
            *count += 1;
        }
    }
    TimelineView { from_ms: from, bin_ms: BIN_MS, heard, due, incidents, now_ms: picture.now.0 }
}
