//! From the node to the account.

mod day;
mod lesson;
mod plan;
mod trouble;

use super::{Account, FORMAT, Options, Words, figures, words};
use crate::{
    day::{schedule, taxonomy},
    facts,
    node::Node,
    view::Assessed,
    work::{WorkError, poll::voting},
    world::StationTable,
};
use pehra_domain::{AreaId, UnixMs, gazetteer::Gazetteer, risk::RiskClass, station::Station};
use pehra_ops::{
    State,
    after_action::{Capture, Grounds, Material, Site, counted_incidents, indicators, newest},
    check_in::Subject,
    incident::Severity,
};
use pehra_plan::backtest::station::{HIT_MIN, capture};
use std::collections::{BTreeMap, BTreeSet};

/// Resamples behind an interval, and their seed: the same as `plan backtest` uses by itself.
const BOOTSTRAPS: u32 = 2_000;
const SEED: u64 = 7;
/// Hours after midnight at which polling ends.
const ENDS_HOUR: i64 = 17;
const HOUR_MS: i64 = 3_600_000;

/// The account of this node's record.
///
/// # Errors
/// [`WorkError::Missing`] when there is no station list or nothing on record to give an account of, and
/// [`WorkError::Node`] when the disk could not be read.
pub fn account(node: &Node, options: &Options) -> Result<Account, WorkError> {
    let world = node.world();
    let stations = world.stations.as_ref();
    let stations = stations.ok_or(WorkError::Missing(
        "there is no station list yet: import it first with `pehra plan import stations FILE`",
    ))?;
    let (Some(schedule), Some(taxonomy)) = (schedule(), taxonomy()) else {
        return Err(WorkError::Missing("the tables of the day cannot be read"));
    };
    let table = facts::figure_table().map_err(|error| WorkError::Input(error.to_string()))?;
    let (poll, exercise) = (node.poll_date(), node.nature().is_exercise());
    let found = node.ops(|state| newest(state, &options.area));
    let as_of = options.as_of.or(found).ok_or(WorkError::Missing(
        "nothing of the day is on this record: there is no account to give",
    ))?;
    let ends = UnixMs(poll.midnight_pkt().0 + ENDS_HOUR * HOUR_MS);
    let ledger = node.ledger_facts((!exercise).then(|| ends.min(as_of)))?;
    let assessed = Assessed::of(stations, world.assessment.as_deref());
    let sites = sites(node, stations, &assessed, &options.area)?;
    // What was assessed once the day had begun knew of it. An exercise's entries have another clock.
    let eve = poll.midnight_pkt();
    let before = world.assessment.as_ref().is_some_and(|it| exercise || it.provenance.at < eve);
    let plan = node.adopted_plan(&world);
    let posted = plan.as_ref().map(|plan| plan::posted(plan, stations, &sites, &options.area));
    let gazetteer = node.gazetteer();
    node.ops(|state| {
        let grounds = Grounds {
            state,
            area: &options.area,
            poll,
            as_of,
            exercise,
            schedule,
            taxonomy,
            planned: posted.as_ref().map(|posted| posted.planned),
            ledger,
            capture: before
                .then(|| captured(state, stations, &assessed, &options.area, as_of))
                .flatten(),
            sites,
        };
        let material = Material::of(&grounds);
        let all = indicators(&grounds, &material);
        let figures = figures::figures(&all, &table, options.edition, as_of, gazetteer);
        let election = state.election();
        let look =
            Look { grounds: &grounds, material: &material, gazetteer, edition: options.edition };
        Ok(Account {
            format: FORMAT,
            edition: options.edition,
            election: election.map(|it| it.id.clone()).unwrap_or_default(),
            election_name: election.map(|it| it.name.clone()).unwrap_or_default(),
            poll: poll.to_string(),
            mark: node.watermark(),
            area: options.area.to_string(),
            area_name: name(gazetteer, &options.area),
            as_of_ms: as_of.0,
            stations: grounds.sites.len() as u64,
            entries: grounds.ledger.entries,
            station_list: Some(crate::auth::hex(&stations.provenance.manifest)),
            hours: day::hours(&look),
            incidents: trouble::incidents(&look),
            exceptions: trouble::exceptions(&look),
            posted: posted
                .and_then(|it| Some(it.told(plan.as_deref()?, options.edition, gazetteer))),
            suspensions: day::suspensions(&look),
            repolls: trouble::repolls(&look),
            readiness: trouble::readiness(&look),
            findings: lesson::findings(&look, &figures),
            figures,
        })
    })
}

/// What every part of the account looks at.
struct Look<'a> {
    grounds: &'a Grounds<'a>,
    material: &'a Material<'a>,
    gazetteer: &'a Gazetteer,
    edition: super::Edition,
}

impl Look<'_> {
    fn inside(&self) -> bool {
        self.edition == super::Edition::Internal
    }
}

/// The stations that vote on the day, in the order of districts and names, each with the class of its guards.
fn sites<'a>(
    node: &Node,
    table: &'a StationTable,
    assessed: &Assessed<'_>,
    area: &AreaId,
) -> Result<Vec<Site<'a>>, WorkError> {
    let voting = voting(node, table, None)?;
    let listed = table.stations.iter().enumerate();
    let here =
        listed.filter(|(at, station)| area.contains(&station.district) && voting.contains(*at));
    let site = |(position, station): (usize, &'a Station)| {
        let row = assessed.row(position, station).map(|row| row.force_class());
        let class = row.or_else(|| station.official_class()).unwrap_or(RiskClass::Normal);
        Site { station, class }
    };
    Ok(here.map(site).collect())
}

/// How many of the stations that were hit the model had in its top class; the intervals draw whole districts.
fn captured(
    state: &State,
    table: &StationTable,
    assessed: &Assessed<'_>,
    area: &AreaId,
    as_of: UnixMs,
) -> Option<Capture> {
    let mut hit_ids = BTreeSet::new();
    for (_, record) in counted_incidents(state, area, as_of) {
        let grave = record.class().is_some_and(|(_, severity)| severity >= Severity::Three);
        if let (true, Some((report, _))) = (grave, record.report())
            && let Some(Subject::Station(id)) = &report.place.subject
        {
            hit_ids.insert(id);
        }
    }
    let (mut hit, mut top) = (Vec::new(), Vec::new());
    let mut districts: BTreeMap<&AreaId, Vec<usize>> = BTreeMap::new();
    let listed = table.stations.iter().enumerate();
    for (position, station) in listed.filter(|(_, it)| area.contains(&it.district)) {
        // The model's own word, not the authority's.
        let Some(row) = assessed.row(position, station) else { continue };
        districts.entry(&station.district).or_default().push(hit.len());
        hit.push(hit_ids.contains(&station.id));
        top.push(row.class == RiskClass::Most);
    }
    let count = |flags: &[bool]| flags.iter().filter(|is| **is).count() as u64;
    if count(&top) == 0 {
        return None;
    }
    let members: Vec<Vec<usize>> = districts.into_values().collect();
    let (share, lift) = capture(&hit, &top, &members, BOOTSTRAPS, SEED);
    let milli =
        |it: pehra_plan::backtest::measure::Interval| [it.value, it.low, it.high].map(thousandths);
    let both = hit.iter().zip(&top).filter(|(hit, top)| **hit && **top).count() as u64;
    Some(Capture {
        stations: hit.len() as u64,
        top: count(&top),
        hit: count(&hit),
        captured: both,
        capture: milli(share),
        lift: milli(lift),
        too_small: count(&hit) < u64::from(HIT_MIN),
    })
}

#[expect(clippy::cast_possible_truncation, reason = "a share or a lift, far below 2^53")]
fn thousandths(value: f64) -> i64 {
    if value.is_finite() { libm::round(value * 1_000.0) as i64 } else { 0 }
}

fn name(gazetteer: &Gazetteer, area: &AreaId) -> Words {
    if *area == AreaId::nation() {
        return words::both("Pakistan", "پاکستان");
    }
    words::area(gazetteer, area)
}
