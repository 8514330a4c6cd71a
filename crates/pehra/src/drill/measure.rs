//! What a lived day measured of each district: how every path of its plan answered, and what failed. From it an area's
//! readiness is recorded in the real election.

use super::{Drill, evaluate::Expected};
use crate::node::NodeError;
use pehra_domain::AreaId;
use pehra_drill::day::{Happening, Path, Plan, Second, Service, What, plan::Station};
use pehra_ops::{
    Hash32,
    readiness::{Failure, LINES_MAX, Measured},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::PoisonError,
};

/// Services of the cellular network.
const CELLULAR: [Service; 3] = [Service::Voice, Service::Sms, Service::Data];
const OPENING: Second = Second::on(0, 8, 0);
const CLOSING: Second = Second::on(0, 17, 0);
/// A path that answers less often than this has failed, in thousandths.
const ANSWERED_PERMILLE: u64 = 900;
/// People have played when they held the desk for so much of the polling, in thousandths.
const PLAYED_PERMILLE: i64 = 900;
/// Statements of stations are due at the returning officer's by then (DOMAIN §3(d)).
const BAGS_DUE: Second = Second::on(1, 10, 0);

#[derive(Clone, Copy, Debug, Default)]
struct Line {
    asked: u32,
    answered: u32,
    slowest_s: u32,
}

/// What was measured of one district so far.
#[derive(Clone, Debug, Default)]
struct Measure {
    paths: BTreeMap<Path, Line>,
    /// When a station was silent beyond the ladder, first.
    dark: BTreeMap<u32, Second>,
    /// When each service of the cellular network was gone, first.
    gone: BTreeMap<Service, Second>,
    /// One of them came back before the polls closed.
    lit: bool,
    /// Bags that have come home, or never will.
    settled: BTreeSet<u32>,
    late: BTreeMap<u32, Second>,
    lost: BTreeMap<u32, Second>,
    unanswered: BTreeSet<u32>,
    /// Seconds of the polling in which people held the desk.
    played_s: i64,
    trace: Sha256,
}

/// Of every district.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    all: BTreeMap<u32, Measure>,
}

impl Measures {
    pub(super) fn note(&mut self, happening: &Happening) {
        let (at, Some(district)) = (happening.at, happening.district) else { return };
        let measure = self.all.entry(district).or_default();
        if let Ok(bytes) = minicbor::to_vec(happening) {
            measure.trace.update(&bytes);
        }
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens says nothing to this"
        )]
        match &happening.what {
            What::CheckInMade { path: Some(path), .. } | What::PathFailed { path, .. } => {
                measure.paths.entry(*path).or_default().asked += 1;
            }
            What::CheckInDelivered { path, made_at, .. } => {
                let line = measure.paths.entry(*path).or_default();
                line.answered += 1;
                let took = u32::try_from(at.since(*made_at)).unwrap_or(0);
                line.slowest_s = line.slowest_s.max(took);
            }
            What::Dark { station, .. } => {
                measure.dark.entry(*station).or_insert(at);
            }
            What::ServiceLost { service, .. } => {
                measure.gone.entry(*service).or_insert(at);
            }
            What::ServiceRestored { service, .. } if CELLULAR.contains(service) => {
                measure.lit |= at < CLOSING;
            }
            What::BagsReceived { station, .. } => {
                measure.settled.insert(*station);
                if at > BAGS_DUE {
                    measure.late.insert(*station, at);
                }
            }
            What::Destroyed { station, .. } | What::Snatched { station, .. } => {
                measure.settled.insert(*station);
                measure.lost.entry(*station).or_insert(at);
            }
            What::Unanswered { incident } => {
                measure.unanswered.insert(*incident);
            }
            _ => {}
        }
    }

    /// So much of the day has passed while people held these districts' desks.
    pub(super) fn played(&mut self, players: &BTreeSet<u32>, from: Second, until: Second) {
        let within = |at: Second| at.max(OPENING).min(CLOSING);
        let passed = i64::from(within(until).since(within(from)));
        for district in players {
            self.all.entry(*district).or_default().played_s += passed.max(0);
        }
    }
}

/// What a day measured of an area, as a file that the real election takes in. It names no one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct DrillMeasured {
    /// Stands on everything that an exercise gives out.
    pub mark: String,
    /// The exercise: `EX-KARACHI-1`.
    pub exercise: String,
    pub scenario: String,
    pub seed: u64,
    pub area: String,
    /// From the eve to the last bag.
    pub full: bool,
    /// Without the cellular network for the whole polling.
    pub dark: bool,
    /// People held the desk; otherwise it was simulated.
    pub played: bool,
    pub stations: u32,
    pub paths: Vec<MeasuredPath>,
    pub failures: Vec<MeasuredFailure>,
    /// SHA-256 of everything that happened in the area, as 64 hexadecimal digits.
    pub trace: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MeasuredPath {
    pub path: String,
    /// Messages that were given to it; none: it was not drilled.
    pub asked: u32,
    pub answered: u32,
    pub slowest_s: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MeasuredFailure {
    pub key: String,
    pub text: String,
}

impl MeasuredPath {
    #[must_use]
    pub fn of(it: &Measured) -> Self {
        Self {
            path: it.path.clone(),
            asked: it.asked,
            answered: it.answered,
            slowest_s: it.slowest_s,
        }
    }
}

impl DrillMeasured {
    /// As it is recorded; none when the trace is no hash.
    #[must_use]
    pub fn drill(&self) -> Option<pehra_ops::readiness::Drill> {
        let path = |it: &MeasuredPath| Measured {
            path: it.path.clone(),
            asked: it.asked,
            answered: it.answered,
            slowest_s: it.slowest_s,
        };
        let failure = |it: &MeasuredFailure| Failure { key: it.key.clone(), text: it.text.clone() };
        Some(pehra_ops::readiness::Drill {
            name: self.exercise.clone(),
            full: self.full,
            dark: self.dark,
            stations: self.stations,
            paths: self.paths.iter().map(path).collect(),
            failures: self.failures.iter().map(failure).collect(),
            trace: Hash32::parse(&self.trace)?,
            played: self.played,
        })
    }
}

impl Drill {
    /// What the day measured of a district so far; none when no such district lives in it.
    ///
    /// # Errors
    /// [`NodeError`] when the record cannot be read.
    pub fn measured(&self, area: &AreaId) -> Result<Option<DrillMeasured>, NodeError> {
        let plan = self.plan();
        let Some(district) = (0_u32..).zip(&plan.districts).find(|(_, it)| it.area == *area) else {
            return Ok(None);
        };
        let (number, district) = district;
        let measures = self.inner.measures.lock().unwrap_or_else(PoisonError::into_inner);
        let measure = measures.all.get(&number).cloned().unwrap_or_default();
        drop(measures);
        let stations = plan.stations.get(district.stations.range()).unwrap_or_default();
        let voting = stations.iter().zip(district.stations.iter()).filter(|(it, _)| !it.postponed);
        let voting: Vec<u32> = voting.map(|(_, at)| at).collect();
        let evaluation = self.evaluate()?;
        let missing = evaluation.expected.iter().filter(|it| {
            it.area == area.as_str() && it.verdict == "missing" && it.severity >= GRAVE
        });
        let failures = self.failures(plan, &measure, &missing.collect::<Vec<_>>());
        let polling = i64::from(CLOSING.since(OPENING));
        Ok(Some(DrillMeasured {
            mark: evaluation.mark,
            exercise: evaluation.election,
            scenario: evaluation.status.scenario,
            seed: evaluation.status.seed,
            area: area.to_string(),
            full: self.inner.scenario.from < Second::on(0, 0, 0)
                && voting.iter().all(|station| measure.settled.contains(station)),
            dark: !measure.lit
                && CELLULAR.iter().all(|it| measure.gone.get(it).is_some_and(|at| *at <= OPENING)),
            played: measure.played_s * 1_000 >= polling * PLAYED_PERMILLE,
            stations: u32::try_from(voting.len()).unwrap_or(u32::MAX),
            paths: paths(stations, &measure),
            failures,
            trace: Hash32(measure.trace.finalize().into()).to_string(),
        }))
    }

    /// The worst first; what does not fit is counted in the last line.
    fn failures(
        &self,
        plan: &Plan,
        measure: &Measure,
        missing: &[&Expected],
    ) -> Vec<MeasuredFailure> {
        let station = |at: &u32| {
            let found = plan.stations.get(*at as usize);
            found.map_or_else(|| at.to_string(), |station| station.id.to_string())
        };
        let mut found = Vec::new();
        let mut say = |key: String, text: String| found.push(MeasuredFailure { key, text });
        let truths = self.inner.truths.lock().unwrap_or_else(PoisonError::into_inner);
        for incident in &measure.unanswered {
            let Some(truth) = truths.get(*incident).filter(|it| it.severity >= GRAVE) else {
                continue;
            };
            let (code, at) = (truth.trouble.word(), truth.occurred);
            say(format!("incident {incident}"), format!("{code} at {at}: no team came in time"));
        }
        drop(truths);
        for row in missing {
            say(
                format!("{} {}", row.incident, row.what),
                format!("{}: {} was not done in its time", row.code, row.what),
            );
        }
        for (at, when) in &measure.lost {
            say(format!("{} bags", station(at)), format!("the bags were lost at {when}"));
        }
        for (path, line) in &measure.paths {
            if u64::from(line.answered) * 1_000 < u64::from(line.asked) * ANSWERED_PERMILLE {
                let (answered, asked) = (line.answered, line.asked);
                say(path.word().to_owned(), format!("{answered} of {asked} messages arrived"));
            }
        }
        for (at, when) in &measure.dark {
            say(format!("{} dark", station(at)), format!("not heard of, from {when} on"));
        }
        for (at, when) in &measure.late {
            say(format!("{} late", station(at)), format!("the bags came at {when}"));
        }
        if found.len() > LINES_MAX {
            let more = found.len() + 1 - LINES_MAX;
            found.truncate(LINES_MAX - 1);
            found.push(MeasuredFailure {
                key: "more".to_owned(),
                text: format!("{more} further failures, in the exercise's own report"),
            });
        }
        found
    }
}

/// Of severity 4 and 5.
const GRAVE: u8 = 4;

/// Every path of the district's plan but the cellular network, which is cut, and every other that was used.
fn paths(stations: &[Station], measure: &Measure) -> Vec<MeasuredPath> {
    let cellular = [Path::CellularVoice, Path::CellularData];
    let planned = stations.iter().flat_map(|it| it.planned.list()).map(Path::of);
    let mut all: BTreeSet<Path> = planned.collect();
    all.extend(measure.paths.keys());
    all.retain(|path| !cellular.contains(path));
    let row = |path: Path| {
        let line = measure.paths.get(&path).copied().unwrap_or_default();
        MeasuredPath {
            path: path.word().to_owned(),
            // What arrived was given to it, on whatever path it had set out.
            asked: line.asked.max(line.answered),
            answered: line.answered,
            slowest_s: line.slowest_s,
        }
    };
    all.into_iter().map(row).collect()
}
