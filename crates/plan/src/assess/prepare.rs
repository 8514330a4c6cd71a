//! The inputs, indexed once for all stations.

use super::grid::Grid;
use super::input::{Inputs, ThreatSubject};
use super::model::Model;
use crate::survey_form;
use crate::threat::{ElectionField, ThreatField, coverage, duplicate};
use pehra_domain::{
    AreaId, BuildingId, Date, Point, area::slug, building::BuildingKind, risk::Factor,
    survey::SurveySubject,
};
use std::collections::BTreeMap;

/// Booths, stations and force of one building.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BuildingLoad {
    pub(crate) booths: u32,
    pub(crate) stations: u32,
    pub(crate) need: u32,
    pub(crate) posted: u32,
}

/// A factor as a survey gives it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surveyed {
    pub(crate) points: f64,
    pub(crate) answers: u32,
    pub(crate) on: Date,
}

/// Inputs with their indexes; keep it for many explanations; building it takes some 50 ms for a nation.
#[derive(Debug)]
pub struct Prepared<'a> {
    pub(crate) model: &'a Model,
    pub(crate) inputs: &'a Inputs<'a>,
    pub(crate) today: Date,
    pub(crate) span: Option<(Date, Date)>,
    pub(crate) field: ThreatField,
    pub(crate) elections: ElectionField,
    /// Attacks on election targets since the schedule, by district name as a slug; none when no record is so coded.
    pub(crate) targets: Option<BTreeMap<String, u32>>,
    pub(crate) loads: BTreeMap<&'a BuildingId, BuildingLoad>,
    pub(crate) quick_reaction: Grid,
    pub(crate) polling_buildings: Grid,
    pub(crate) polling_ids: Vec<&'a BuildingId>,
    pub(crate) offices: Grid,
    pub(crate) office_districts: Vec<&'a AreaId>,
    pub(crate) stores: Grid,
    pub(crate) towns: Grid,
    pub(crate) centres: BTreeMap<&'a AreaId, Point>,
    surveyed_buildings: BTreeMap<&'a BuildingId, BTreeMap<Factor, Surveyed>>,
    surveyed_areas: BTreeMap<&'a AreaId, BTreeMap<Factor, Surveyed>>,
    posteriors: BTreeMap<&'a ThreatSubject, u16>,
}

impl<'a> Prepared<'a> {
    #[must_use]
    pub fn new(model: &'a Model, inputs: &'a Inputs<'a>) -> Self {
        let today = Date::of_pkt(inputs.as_of);
        let known: Vec<_> = inputs.incidents.iter().filter(|i| i.date <= today).cloned().collect();
        let incidents = duplicate::distinct(&known).kept;
        let polling: Vec<_> =
            inputs.buildings.iter().filter(|b| b.kind == BuildingKind::PollingStations).collect();
        let offices: Vec<_> =
            inputs.buildings.iter().filter(|b| b.kind == BuildingKind::ReturningOffice).collect();
        let stores = inputs
            .buildings
            .iter()
            .filter(|b| matches!(b.kind, BuildingKind::Store | BuildingKind::DistributionPoint));
        let towns = inputs
            .gazetteer
            .towns
            .iter()
            .filter(|town| town.population >= model.travel.town_population_min);
        let teams = inputs.units.iter().filter(|unit| unit.reserve > 0);
        Self {
            model,
            inputs,
            today,
            span: coverage(&incidents),
            field: ThreatField::new(model.kernel, &incidents, inputs.gazetteer, today),
            elections: ElectionField::new(model.kernel, &incidents, inputs.earlier_polls, today),
            targets: targets(&incidents, inputs.schedule),
            loads: loads(inputs),
            quick_reaction: Grid::new(teams.map(|unit| unit.point).collect()),
            polling_buildings: Grid::new(polling.iter().map(|b| b.point).collect()),
            polling_ids: polling.iter().map(|b| &b.id).collect(),
            offices: Grid::new(offices.iter().map(|b| b.point).collect()),
            office_districts: offices.iter().map(|b| &b.district).collect(),
            stores: Grid::new(stores.map(|b| b.point).collect()),
            towns: Grid::new(towns.map(|town| town.point).collect()),
            centres: inputs.gazetteer.districts.iter().map(|d| (&d.area, d.centre)).collect(),
            surveyed_buildings: surveyed(model, inputs, today, |subject| match subject {
                SurveySubject::Building(id) => Some(id),
                SurveySubject::District(_) => None,
            }),
            surveyed_areas: surveyed(model, inputs, today, |subject| match subject {
                SurveySubject::District(area) => Some(area),
                SurveySubject::Building(_) => None,
            }),
            posteriors: posteriors(inputs),
        }
    }

    pub(crate) fn survey_of_building(&self, id: &BuildingId, factor: Factor) -> Option<Surveyed> {
        self.surveyed_buildings.get(id)?.get(&factor).copied()
    }

    pub(crate) fn survey_of_area(&self, area: &AreaId, factor: Factor) -> Option<Surveyed> {
        self.surveyed_areas.get(area)?.get(&factor).copied()
    }

    pub(crate) fn posterior(&self, subject: &ThreatSubject) -> Option<u16> {
        self.posteriors.get(subject).copied()
    }
}

fn targets(
    incidents: &[pehra_domain::incident_record::IncidentRecord],
    schedule: Date,
) -> Option<BTreeMap<String, u32>> {
    if !incidents.iter().any(|i| i.on_election) {
        return None;
    }
    let mut counts = BTreeMap::new();
    for incident in incidents.iter().filter(|i| i.on_election && i.date >= schedule) {
        if incident.place_precision <= 3 && !incident.district.is_empty() {
            *counts.entry(slug(&incident.district)).or_default() += 1;
        }
    }
    Some(counts)
}

fn loads<'a>(inputs: &Inputs<'a>) -> BTreeMap<&'a BuildingId, BuildingLoad> {
    let mut loads: BTreeMap<&BuildingId, BuildingLoad> = BTreeMap::new();
    for station in inputs.stations {
        let load = loads.entry(&station.building).or_default();
        load.booths = load.booths.saturating_add(station.booths.total());
        load.stations += 1;
    }
    for need in inputs.coverage.unwrap_or_default() {
        if let Some(load) = loads.get_mut(&need.building) {
            load.need = load.need.saturating_add(need.need);
            load.posted = load.posted.saturating_add(need.posted.min(need.need));
        }
    }
    loads
}

/// Folds the newest answer to every question into one value per subject and factor.
fn surveyed<'a, K: Ord>(
    model: &Model,
    inputs: &Inputs<'a>,
    today: Date,
    key: impl Fn(&'a SurveySubject) -> Option<K>,
) -> BTreeMap<K, BTreeMap<Factor, Surveyed>> {
    type Newest<'q> = BTreeMap<&'q str, (Date, u16)>;
    let mut newest: BTreeMap<K, BTreeMap<Factor, Newest<'a>>> = BTreeMap::new();
    for answer in inputs.surveys.iter().filter(|answer| answer.on <= today) {
        let factor = answer.factor.or_else(|| survey_form::fed_by(&answer.question));
        let (Some(subject), Some(factor)) = (key(&answer.subject), factor) else { continue };
        let slot = newest
            .entry(subject)
            .or_default()
            .entry(factor)
            .or_default()
            .entry(answer.question.as_str())
            .or_insert((answer.on, answer.centi));
        // Of two answers of one day the graver one counts, whatever the order of the list.
        *slot = (*slot).max((answer.on, answer.centi));
    }
    let fold = |(factor, answers): (Factor, Newest<'a>)| {
        let points: Vec<f64> =
            answers.values().map(|(_, centi)| f64::from((*centi).min(400)) / 100.0).collect();
        let on = answers.values().map(|(on, _)| *on).max()?;
        let points_of = survey_form::combine(model, factor, &points)?;
        let count = u32::try_from(points.len()).unwrap_or(u32::MAX);
        Some((factor, Surveyed { points: points_of, answers: count, on }))
    };
    newest
        .into_iter()
        .map(|(subject, factors)| (subject, factors.into_iter().filter_map(fold).collect()))
        .collect()
}

fn posteriors<'a>(inputs: &Inputs<'a>) -> BTreeMap<&'a ThreatSubject, u16> {
    let mut highest: BTreeMap<&ThreatSubject, u16> = BTreeMap::new();
    for posterior in inputs.posteriors {
        let slot = highest.entry(&posterior.subject).or_default();
        *slot = (*slot).max(posterior.permille.min(1_000));
    }
    highest
}
