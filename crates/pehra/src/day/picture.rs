//! One unchanging picture of the day.

use super::{schedule, taxonomy};
use crate::{
    http::view::Assessed,
    world::{StationTable, World},
};
use pehra_domain::{AreaId, Date, Point, StationId, UnixMs, risk::RiskClass};
use pehra_ops::{
    EventRef, State,
    check_in::{
        AreaDay, Code, Day, Subject,
        alarm::{Alarm, Watched, alarms},
        late::{Stage, Standing, standing},
    },
    dispatch::late,
    incident::{Finding, Key, Matter, Methane, Phase, Record, Toll, call, methane},
    suspension,
};
use std::{collections::BTreeMap, ops::Range, sync::Arc};

/// Bins of ten minutes from noon of the eve to noon of the day after.
pub const BINS: usize = 288;
pub const BIN_MS: i64 = 600_000;
const MINUTE_MS: i64 = 60_000;

/// The last word was trouble.
const FLAG_TROUBLE: u8 = 8;
pub const FLAG_OPENED: u8 = 16;
pub const FLAG_CLOSED: u8 = 32;
/// An open incident of severity 3 or more.
const FLAG_INCIDENT: u8 = 64;
/// Words of one moment contradict each other.
const FLAG_DISPUTED: u8 = 128;

/// How many of an area's stations stand where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By class (normal, sensitive, most), then by stage of the ladder.
    pub stages: [[u32; 7]; 3],
    pub trouble: u32,
    pub opened: u32,
    pub closed: u32,
    pub disputed: u32,
}

/// One district.
#[derive(Clone, Debug)]
pub struct AreaPicture {
    pub area: AreaId,
    pub range: Range<u32>,
    pub counts: Counts,
    pub alarms: Vec<Alarm>,
    /// Check-ins said in each ten minutes; see [`BINS`].
    pub heard: Arc<Vec<u32>>,
    /// The newest word of any of its stations.
    pub heard_at: Option<UnixMs>,
    /// The version in which it last changed.
    pub changed: u64,
    changes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRow {
    pub what: &'static str,
    pub by: UnixMs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TollRow {
    pub killed: (u32, u32),
    pub hurt: (u32, u32),
    pub source: String,
    pub revisions: usize,
}

/// One report in the fixed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethaneRow {
    pub entry: EventRef,
    pub methane: Methane,
    pub at: UnixMs,
    pub role: String,
    /// The toll that it reads out, and the number of its revision.
    pub toll: Option<(Toll, usize)>,
}

impl MethaneRow {
    #[must_use]
    pub fn of(told: methane::Told<'_>) -> Self {
        Self {
            entry: told.entry,
            methane: told.methane.clone(),
            at: told.at,
            role: told.mark.role.as_str().to_owned(),
            toll: told.toll.map(|(toll, revision)| (toll.clone(), revision)),
        }
    }
}

/// An incident as the queue shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    pub key: Key,
    pub code: &'static str,
    pub severity: u8,
    pub phase: Phase,
    pub finding: Option<Finding>,
    pub at: UnixMs,
    /// When anything was done last.
    pub last: UnixMs,
    pub station: Option<StationId>,
    pub class: Option<RiskClass>,
    pub point: Option<Point>,
    pub words: String,
    pub text: String,
    pub source: &'static str,
    pub target: Option<TargetRow>,
    /// The level of the security chain whose answer is awaited; none once somebody answered.
    pub asked: Option<&'static str>,
    /// So many levels did not answer in their time.
    pub passed: u8,
    pub units: Vec<String>,
    pub toll: Option<TollRow>,
    pub declaration: methane::Standing,
    /// Since when it is a major incident; none where it is not.
    pub major_since: Option<UnixMs>,
    /// The last report in the fixed order.
    pub methane: Option<Box<MethaneRow>>,
    /// The incident that stands for it, when a person merged it.
    pub merged_into: Option<String>,
    pub changed: u64,
}

/// A suspension as the banner shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspensionRow {
    pub area: AreaId,
    pub name: String,
    pub services: Vec<&'static str>,
    pub phase: suspension::Phase,
    pub ordered: Option<UnixMs>,
    pub effective: Option<UnixMs>,
    pub restored: Option<UnixMs>,
    pub countersigned: bool,
    pub changed: u64,
}

/// Everything at one moment.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Grows whenever anything differs.
    pub version: u64,
    /// The day's time.
    pub now: UnixMs,
    pub poll: Date,
    pub stations: Arc<StationTable>,
    /// A byte a station, in the order of the map's points: stage of the ladder in the low three bits, then flags.
    pub status: Arc<Vec<u8>>,
    pub areas: Vec<AreaPicture>,
    pub incidents: Vec<IncidentRow>,
    pub suspensions: Vec<SuspensionRow>,
    /// What is late about units, the gravest and longest first in each area.
    pub late: Vec<late::Alarm>,
    /// The version in which that last changed.
    pub late_changed: u64,
    minute: i64,
    dispatch_changes: u64,
    incident_changes: u64,
    suspension_changes: u64,
    assessment: Option<[u8; 32]>,
}

impl Picture {
    /// The picture of a moment; the one before is given on where nothing differs.
    #[must_use]
    pub fn make(
        before: Option<&Arc<Self>>,
        world: &World,
        state: &State,
        now: UnixMs,
    ) -> Option<Arc<Self>> {
        let stations = world.stations.clone()?;
        let poll = state.election().map_or(Date::of_pkt(now), |election| election.date);
        let assessment = world.assessment.as_ref().map(|table| table.provenance.manifest);
        let before = before.filter(|it| {
            Arc::ptr_eq(&it.stations, &stations) && it.poll == poll && it.assessment == assessment
        });
        let minute = now.0.div_euclid(MINUTE_MS);
        let incidents_same =
            before.is_some_and(|it| it.incident_changes == state.incidents.changes());
        let suspensions_same =
            before.is_some_and(|it| it.suspension_changes == state.suspensions.changes());
        let same_minute = before.is_some_and(|it| it.minute == minute);
        let dispatch_same =
            before.is_some_and(|it| it.dispatch_changes == state.dispatch.changes());
        let area_changes = |area: &AreaId| state.check_ins.area(area).map_or(0, AreaDay::changes);
        if let Some(it) = before
            && same_minute
            && incidents_same
            && suspensions_same
            && dispatch_same
            && it.areas.iter().all(|one| one.changes == area_changes(&one.area))
        {
            return Some(it.clone());
        }
        let version = before.map_or(1, |it| it.version + 1);
        // Whose answer is awaited changes by time alone.
        let incidents = match before.filter(|_| incidents_same && same_minute) {
            Some(it) => it.incidents.clone(),
            None => incident_rows(before, state, (&stations, now), version),
        };
        let maker = Maker {
            state,
            stations: &stations,
            assessed: Assessed::of(&stations, world.assessment.as_deref()),
            troubled: troubled(&incidents),
            poll,
            now,
            version,
        };
        let mut status = before
            .map_or_else(|| vec![0; stations.stations.len()], |it| it.status.as_ref().clone());
        let keep = |one: &AreaPicture| {
            same_minute && incidents_same && one.changes == area_changes(&one.area)
        };
        let areas = maker.areas(before, keep, &mut status);
        let suspensions = match before.filter(|_| suspensions_same) {
            Some(it) => it.suspensions.clone(),
            None => suspension_rows(before, state, version),
        };
        let unchanged = same_minute && incidents_same && dispatch_same;
        let (late, late_changed) = late_units(before, unchanged, (state, now), version);
        Some(Arc::new(Self {
            late,
            late_changed,
            dispatch_changes: state.dispatch.changes(),
            version,
            now,
            poll,
            status: Arc::new(status),
            areas,
            incidents,
            suspensions,
            minute,
            incident_changes: state.incidents.changes(),
            suspension_changes: state.suspensions.changes(),
            assessment,
            stations,
        }))
    }

    /// The moment at which the bins begin: noon of the eve.
    #[must_use]
    pub fn bins_from(&self) -> UnixMs {
        bins_from(self.poll)
    }
}

fn bins_from(poll: Date) -> UnixMs {
    UnixMs(poll.midnight_pkt().0 - 12 * 3_600_000)
}

struct Maker<'a> {
    state: &'a State,
    stations: &'a StationTable,
    assessed: Assessed<'a>,
    /// Stations with an open incident of severity 3 or more.
    troubled: BTreeMap<StationId, u8>,
    poll: Date,
    now: UnixMs,
    version: u64,
}

impl Maker<'_> {
    /// All districts; those that `keep` finds unchanged are taken over.
    fn areas(
        &self,
        before: Option<&Arc<Picture>>,
        keep: impl Fn(&AreaPicture) -> bool,
        status: &mut [u8],
    ) -> Vec<AreaPicture> {
        let districts = self.stations.districts.iter().enumerate();
        districts
            .map(|(place, (area, range))| {
                let known = before.and_then(|it| it.areas.get(place));
                match known.filter(|one| keep(one)) {
                    Some(one) => one.clone(),
                    None => self.area(area, range.clone(), known, status),
                }
            })
            .collect()
    }

    fn area(
        &self,
        area: &AreaId,
        range: Range<u32>,
        known: Option<&AreaPicture>,
        status: &mut [u8],
    ) -> AreaPicture {
        let day = self.state.check_ins.area(area);
        let changes = day.map_or(0, AreaDay::changes);
        let mut said = day.into_iter().flat_map(AreaDay::subjects).peekable();
        let mut counts = Counts::default();
        let mut watched = Vec::with_capacity(range.len());
        let mut differs = known.is_none();
        let span = range.start as usize..range.end as usize;
        let rows = self.stations.stations.get(span.clone()).unwrap_or_default();
        for (position, station) in span.zip(rows) {
            // Both lists are in the order of names: stations come first among the subjects.
            while said.next_if(|(subject, _)| is_before(subject, &station.id)).is_some() {}
            let day = said.next_if(|(subject, _)| is_station(subject, &station.id)).map(|it| it.1);
            let class = self
                .assessed
                .row(position, station)
                .map(|row| row.force_class())
                .or_else(|| station.official_class())
                .unwrap_or(RiskClass::Normal);
            let standing = match schedule() {
                Some(schedule) => standing(schedule, self.poll, day, 0, self.now),
                None => Standing::default(),
            };
            let byte = self.byte(&station.id, day, &standing, class, &mut counts);
            if let Some(kept) = status.get_mut(position) {
                differs |= *kept != byte;
                *kept = byte;
            }
            watched.push(Watched { station: &station.id, class, standing });
        }
        let heard_at = watched.iter().filter_map(|one| one.standing.heard).max();
        let alarms = alarms(area, &watched);
        let heard = match known.filter(|one| one.changes == changes) {
            Some(one) => one.heard.clone(),
            None => Arc::new(self.bins(day)),
        };
        differs |= known.is_some_and(|one| {
            one.counts != counts || one.alarms != alarms || one.changes != changes
        });
        let changed = if differs { self.version } else { known.map_or(0, |one| one.changed) };
        AreaPicture { area: area.clone(), range, counts, alarms, heard, heard_at, changed, changes }
    }

    fn byte(
        &self,
        station: &StationId,
        day: Option<&Day>,
        standing: &Standing,
        class: RiskClass,
        counts: &mut Counts,
    ) -> u8 {
        use pehra_ops::check_in::{Reading, Word};
        let said = |code| day.map_or(Reading::Silent, |day| day.reading(code));
        let well = |code| matches!(said(code), Reading::Said(claim) if claim.word == Word::Well && claim.at <= self.now);
        let (opened, closed) = (well(Code::A7), well(Code::A12));
        let disputed = matches!(said(Code::A7), Reading::Disputed(_))
            || matches!(said(Code::A12), Reading::Disputed(_));
        let stage = Stage::ALL.iter().position(|stage| *stage == standing.stage).unwrap_or(0);
        let of_class = counts.stages.get_mut(class as usize);
        if let Some(count) = of_class.and_then(|stages| stages.get_mut(stage)) {
            *count += 1;
        }
        counts.trouble += u32::from(standing.trouble);
        counts.opened += u32::from(opened);
        counts.closed += u32::from(closed);
        counts.disputed += u32::from(disputed);
        let flag = |is: bool, flag: u8| if is { flag } else { 0 };
        u8::try_from(stage).unwrap_or(0)
            | flag(standing.trouble, FLAG_TROUBLE)
            | flag(opened, FLAG_OPENED)
            | flag(closed, FLAG_CLOSED)
            | flag(self.troubled.contains_key(station), FLAG_INCIDENT)
            | flag(disputed, FLAG_DISPUTED)
    }

    fn bins(&self, day: Option<&AreaDay>) -> Vec<u32> {
        let mut bins = vec![0; BINS];
        let from = bins_from(self.poll).0;
        let days = day.into_iter().flat_map(AreaDay::subjects).map(|(_, day)| day);
        for claim in days.flat_map(Day::standing) {
            let bin = (claim.at.0 - from).div_euclid(BIN_MS);
            if let Some(count) = usize::try_from(bin).ok().and_then(|bin| bins.get_mut(bin)) {
                *count += 1;
            }
        }
        bins
    }
}

fn is_before(subject: &Subject, station: &StationId) -> bool {
    matches!(subject, Subject::Station(id) if id < station)
}

fn is_station(subject: &Subject, station: &StationId) -> bool {
    matches!(subject, Subject::Station(id) if id == station)
}

fn troubled(rows: &[IncidentRow]) -> BTreeMap<StationId, u8> {
    let open = rows
        .iter()
        .filter(|row| row.severity >= 3 && row.phase != Phase::Closed && row.merged_into.is_none());
    open.filter_map(|row| Some((row.station.clone()?, row.severity))).collect()
}

fn incident_rows(
    before: Option<&Arc<Picture>>,
    state: &State,
    place: (&StationTable, UnixMs),
    version: u64,
) -> Vec<IncidentRow> {
    let known: BTreeMap<&Key, &IncidentRow> =
        before.into_iter().flat_map(|it| it.incidents.iter().map(|row| (&row.key, row))).collect();
    let row = |(key, record): (&Key, &Record)| {
        let mut row = incident_row(state, place, key, record)?;
        if let Some(same) = known.get(key) {
            row.changed = same.changed;
            if **same == row {
                return Some(row);
            }
        }
        row.changed = version;
        Some(row)
    };
    state.incidents.all().filter_map(row).collect()
}

fn incident_row(
    state: &State,
    (stations, now): (&StationTable, UnixMs),
    key: &Key,
    record: &Record,
) -> Option<IncidentRow> {
    let (report, _) = record.report()?;
    let (code, severity) = record.class()?;
    let station = match &report.place.subject {
        Some(Subject::Station(id)) => Some(id.clone()),
        Some(Subject::Sector(_) | Subject::Convoy(_)) | None => None,
    };
    let listed = station
        .as_ref()
        .and_then(|id| stations.stations.get(*stations.by_station.get(id)? as usize));
    let target = taxonomy().and_then(|taxonomy| call::target(record, taxonomy));
    let standing = state.incidents.standing_for(key);
    let tolls = record.tolls();
    let (asked, passed) = asked(key, record, now);
    Some(IncidentRow {
        asked,
        passed,
        key: key.clone(),
        code: code.name(),
        severity: severity.number(),
        phase: record.phase(),
        finding: record.finding(),
        at: report.at,
        last: record.steps().last().map_or(report.at, |(_, step)| step.at),
        class: listed.and_then(pehra_domain::station::Station::official_class),
        point: report.place.point.or(listed.map(|station| station.point)),
        station,
        words: report.place.words.clone(),
        text: report.text.clone(),
        source: report.source.name(),
        target: target.map(|target| TargetRow { what: target.what.name(), by: target.by }),
        units: record.units().iter().map(ToString::to_string).collect(),
        toll: tolls.last().map(|(toll, _)| TollRow {
            killed: (toll.killed_min, toll.killed_max),
            hurt: (toll.hurt_min, toll.hurt_max),
            source: toll.source.clone(),
            revisions: tolls.len(),
        }),
        declaration: record.declaration(),
        major_since: record.major_since(),
        methane: record.methane().map(MethaneRow::of).map(Box::new),
        merged_into: (standing != *key).then(|| standing.incident.to_string()),
        changed: 0,
    })
}

/// Whose answer of the security chain is awaited, and how many below did not give theirs in time.
fn asked(key: &Key, record: &Record, now: UnixMs) -> (Option<&'static str>, u8) {
    let open = !matches!(record.phase(), Phase::Closed | Phase::Unknown);
    let taxonomy = taxonomy().filter(|_| open && key.matter == Matter::Incident);
    let calls = taxonomy.map(|taxonomy| call::calls(record, taxonomy, now)).unwrap_or_default();
    match calls.last().filter(|call| call.answered.is_none()) {
        Some(call) => (Some(call.level.name()), u8::try_from(call.passed.len()).unwrap_or(u8::MAX)),
        None => (None, 0),
    }
}

/// What is late about units, and the version in which that last changed.
fn late_units(
    before: Option<&Arc<Picture>>,
    unchanged: bool,
    (state, now): (&State, UnixMs),
    version: u64,
) -> (Vec<late::Alarm>, u64) {
    if let Some(it) = before.filter(|_| unchanged) {
        return (it.late.clone(), it.late_changed);
    }
    let Some(taxonomy) = taxonomy() else { return (Vec::new(), version) };
    let areas = state.dispatch.areas();
    let late = areas.flat_map(|area| late::alarms(state, taxonomy, area, now)).collect();
    let same = before.filter(|it| it.late == late);
    (late, same.map_or(version, |it| it.late_changed))
}

fn suspension_rows(
    before: Option<&Arc<Picture>>,
    state: &State,
    version: u64,
) -> Vec<SuspensionRow> {
    let row = |(area, name, record): (&AreaId, _, &suspension::Record)| {
        let mut row = SuspensionRow {
            area: area.clone(),
            name: ToString::to_string(name),
            services: record.services().into_iter().map(suspension::Service::name).collect(),
            phase: record.phase(),
            ordered: record.moment("ordered"),
            effective: record.moment("effective-observed"),
            restored: record.moment("restored-observed"),
            countersigned: record.is_countersigned(),
            changed: 0,
        };
        let mut known = before.into_iter().flat_map(|it| &it.suspensions);
        let same = known.find(|other| other.area == row.area && other.name == row.name);
        row.changed = same.map_or(0, |same| same.changed);
        if same != Some(&row) {
            row.changed = version;
        }
        row
    };
    state
        .suspensions
        .all()
        .map(|(area, name, record): (&AreaId, &pehra_domain::SuspensionId, _)| {
            row((area, name, record))
        })
        .collect()
}
