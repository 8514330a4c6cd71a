//! From silent stations to alarms: one a station, or one for an area where many are silent at once. The name of an
//! alarm is made from what it is about, so that two nodes that see the same never raise two.

use super::{
    Code,
    late::{Stage, Standing},
};
use pehra_domain::{AreaId, StationId, UnixMs, risk::RiskClass};
use std::collections::BTreeMap;

/// So many silent stations of one area are one alarm, if they are also a tenth of it.
pub const WIDESPREAD_MIN: usize = 5;

/// One station as the ladder sees it.
#[derive(Clone, Copy, Debug)]
pub struct Watched<'a> {
    pub station: &'a StationId,
    pub class: RiskClass,
    pub standing: Standing,
}

/// Something that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// The same on every node.
    pub id: String,
    pub area: AreaId,
    pub code: Code,
    /// The highest rung among its stations.
    pub stage: Stage,
    /// When the check-in was due; of several the earliest.
    pub due: UnixMs,
    pub count: usize,
    /// Stations of the area that were expected to be heard.
    pub of: usize,
    /// The most sensitive ones by name; the one station of a single alarm.
    pub named: Vec<StationId>,
    /// Severity of the incident that it becomes when nobody is heard: 2, with a most sensitive station 3.
    pub severity: u8,
}

/// The alarms of one area from red on. Stations that miss the same check-in together are one alarm with a count.
#[must_use]
pub fn alarms(area: &AreaId, watched: &[Watched<'_>]) -> Vec<Alarm> {
    let mut missing: BTreeMap<Code, Vec<&Watched<'_>>> = BTreeMap::new();
    for one in watched.iter().filter(|one| one.standing.stage >= Stage::Red) {
        if let Some(code) = one.standing.missing {
            missing.entry(code).or_default().push(one);
        }
    }
    let mut all = Vec::new();
    for (code, stations) in missing {
        let widespread = stations.len() >= WIDESPREAD_MIN && stations.len() * 10 >= watched.len();
        if widespread {
            let id = name(code, area.as_str());
            all.extend(alarm(id, area, code, &stations, watched.len()));
        } else {
            all.extend(stations.iter().filter_map(|one| {
                let id = name(code, one.station.as_str());
                alarm(id, area, code, std::slice::from_ref(one), watched.len())
            }));
        }
    }
    all.sort_by(|a, b| {
        (b.severity, b.count, a.due, &a.id).cmp(&(a.severity, a.count, b.due, &b.id))
    });
    all
}

/// `A8@pk/sindh/karachi-east`: never longer than an id may be.
fn name(code: Code, about: &str) -> String {
    let room = pehra_domain::id::ID_BYTES_MAX - 4;
    let skip = about.char_indices().map(|(at, _)| at).find(|at| about.len() - at <= room);
    format!("{}@{}", code.name(), about.get(skip.unwrap_or(0)..).unwrap_or_default())
}

fn alarm(
    id: String,
    area: &AreaId,
    code: Code,
    stations: &[&Watched<'_>],
    of: usize,
) -> Option<Alarm> {
    let due = stations.iter().filter_map(|one| one.standing.due).min()?;
    let most = || stations.iter().filter(|one| one.class == RiskClass::Most);
    let named: Vec<StationId> = match stations {
        [one] => vec![one.station.clone()],
        _ => most().map(|one| one.station.clone()).collect(),
    };
    Some(Alarm {
        id,
        area: area.clone(),
        code,
        stage: stations.iter().map(|one| one.standing.stage).max()?,
        due,
        count: stations.len(),
        of,
        severity: if most().next().is_some() { 3 } else { 2 },
        named,
    })
}
