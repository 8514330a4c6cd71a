//! Scoring every station: from the current datasets to a signed assessment.

use super::{THREADS, WorkError, threats};
use crate::{
    dataset::{self, AssessmentHead},
    node::{DatasetDraft, Node, NodeError},
    world::{AssessmentTable, World},
};
use pehra_domain::{
    AreaId, Date, UnixMs,
    building::Building,
    incident_record::IncidentRecord,
    override_record::OverrideRecord,
    plan::BuildingNeed,
    progress::{Watch, tell},
    risk::{RiskClass, StationAssessment},
    survey::SurveyAnswer,
};
use pehra_ops::{dataset::DatasetKind, stamp::Actor};
use pehra_plan::assess::{
    Inputs, Model, Prepared, ThreatPosterior, assess_prepared, quota::fit_thresholds,
};
use serde::Serialize;
use std::sync::Arc;

/// General elections before 2024, whose polling days count as earlier polls (T1).
const EARLIER_POLLS: [(i32, u32, u32); 3] = [(2008, 2, 18), (2013, 5, 11), (2018, 7, 25)];
/// The schedule is announced this many days before the poll (2024: 15 December for 8 February).
const SCHEDULE_DAYS: i32 = 55;

#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub seed: u64,
    pub draws: u32,
    /// Sign thresholds under which as many stations are sensitive and most sensitive as the authority named, before
    /// assessing. Without official classes it has no effect.
    pub fit: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 2024, draws: 500, fit: false }
    }
}

/// Counts over an assessment: normal, sensitive, most sensitive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub stations: u64,
    pub computed: [u64; 3],
    pub official: [u64; 3],
    pub disagreements: u64,
    pub provisional: u64,
    pub completeness_pct: u64,
}

impl Summary {
    #[must_use]
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a StationAssessment>) -> Self {
        let mut all = Self::default();
        let mut completeness = 0;
        for row in rows {
            all.stations += 1;
            all.computed[row.class as usize] += 1;
            if let Some(official) = row.official {
                all.official[official as usize] += 1;
            }
            all.disagreements += u64::from(row.disagrees());
            all.provisional += u64::from(row.provisional);
            completeness += u64::from(row.completeness_pct);
        }
        all.completeness_pct = completeness / all.stations.max(1);
        all
    }
}

/// Everything that the index reads, held together while it is read.
pub struct Material {
    pub world: Arc<World>,
    pub model: Model,
    pub buildings: Vec<Building>,
    overrides: Vec<OverrideRecord>,
    /// What was signed about threats.
    posteriors: Vec<ThreatPosterior>,
    coverage: Option<Vec<BuildingNeed>>,
    /// Answers of forms that were signed on a node, and of the list when there are such; see [`Self::surveys`].
    signed_surveys: Vec<SurveyAnswer>,
    earlier: Vec<Date>,
    poll: Date,
    as_of: UnixMs,
}

impl Material {
    /// Gathers what is current.
    ///
    /// # Errors
    /// [`WorkError::Input`] when a signed parameter makes the model unsound.
    pub fn gather(node: &Node) -> Result<Self, WorkError> {
        let world = node.world();
        let model = node.risk_model()?;
        let poll = node.poll_date();
        let mut buildings =
            world.stations.as_ref().map(|t| t.buildings.clone()).unwrap_or_default();
        if let Some(places) = &world.places {
            buildings.extend(places.rows.iter().cloned());
        }
        let coverage = node.adopted_plan(&world).map(|plan| plan.plan.needs.clone());
        let earlier = EARLIER_POLLS
            .into_iter()
            .filter_map(|(y, m, d)| Date::from_civil(y, m, d))
            .filter(|&date| date < poll)
            .collect();
        let as_of = assessed_at(node.now(), poll);
        let overrides = node.overrides_in_force(as_of);
        let posteriors = node.ops(|state| threats::posteriors(state, &world, as_of));
        let mut signed_surveys = node.ops(|state| state.surveys.answers());
        if let Some(listed) = world.surveys.as_ref().filter(|_| !signed_surveys.is_empty()) {
            // The model takes the newest answer of each question, wherever it stands.
            signed_surveys.extend(listed.rows.iter().cloned());
        }
        Ok(Self {
            world,
            model,
            buildings,
            overrides,
            posteriors,
            coverage,
            signed_surveys,
            earlier,
            poll,
            as_of,
        })
    }

    /// Answers of the imported list and of the forms signed on a node, without copying a list that stands alone.
    fn surveys(&self) -> &[SurveyAnswer] {
        let listed = self.world.surveys.as_ref().filter(|_| self.signed_surveys.is_empty());
        listed.map_or(&self.signed_surveys, |listed| &listed.rows)
    }

    /// Calls `use_it` with the inputs, which borrow from this material.
    ///
    /// # Errors
    /// [`WorkError::Missing`] when no stations have been imported.
    pub fn with_inputs<R>(
        &self,
        node: &Node,
        use_it: impl FnOnce(&Model, &Inputs<'_>) -> R,
    ) -> Result<R, WorkError> {
        let stations = self.world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
        let none_incidents: Vec<IncidentRecord> = Vec::new();
        let inputs = Inputs {
            stations: &stations.stations,
            buildings: &self.buildings,
            incidents: self.world.incidents.as_ref().map_or(&none_incidents, |l| &l.rows),
            units: self.world.units.as_ref().map_or(&[], |t| &t.units),
            surveys: self.surveys(),
            overrides: &self.overrides,
            posteriors: &self.posteriors,
            coverage: self.coverage.as_deref(),
            gazetteer: node.gazetteer(),
            poll: self.poll,
            schedule: self.poll.plus_days(-SCHEDULE_DAYS),
            earlier_polls: &self.earlier,
            as_of: self.as_of,
        };
        Ok(use_it(&self.model, &inputs))
    }
}

/// What to say when there is nothing to work on.
pub const NO_STATIONS: &str =
    "there are no polling stations yet: import them first with `pehra plan import stations FILE`";

/// The moment up to which events count: now, or the eve of the poll when the poll is over.
#[must_use]
pub fn assessed_at(now: UnixMs, poll: Date) -> UnixMs {
    now.min(poll.midnight_pkt())
}

/// Draws behind a fit: only the point scores are looked at.
const FIT_DRAWS: usize = 1;

/// Signs thresholds that fit the counts of the authority's classes.
fn fit(node: &Node, actor: &Actor, seed: u64, watch: &mut Watch<'_>) -> Result<(), WorkError> {
    let material = Material::gather(node)?;
    let rows = material.with_inputs(node, |model, inputs| {
        let prepared = Prepared::new(model, inputs);
        assess_prepared(&prepared, seed, FIT_DRAWS, THREADS, watch)
    })??;
    let official = |class: RiskClass| rows.iter().filter(|row| row.official == Some(class)).count();
    let (sensitive, most) = (official(RiskClass::Sensitive), official(RiskClass::Most));
    let Some(fitted) = fit_thresholds(&rows, most, sensitive).filter(|_| sensitive + most > 0)
    else {
        return Ok(());
    };
    let source = format!(
        "fitted to {most} most sensitive and {sensitive} sensitive stations as the authority classed them"
    );
    let reason = "so that the computed classes have the authority's sizes";
    let mut steps =
        [("risk.threshold.sensitive", fitted.sensitive), ("risk.threshold.most", fitted.most)];
    if fitted.sensitive >= material.model.thresholds.most {
        steps.reverse();
    }
    for (key, value) in steps {
        node.set_parameter(&actor.person, key, value, &source, reason)?;
    }
    Ok(())
}

/// Scores every station and signs the result.
///
/// # Errors
/// [`WorkError`]: nothing to assess, stopped, or the node could not keep the result.
pub fn run(
    node: &Node,
    actor: &Actor,
    options: Options,
    watch: &mut Watch<'_>,
) -> Result<Arc<AssessmentTable>, WorkError> {
    if options.fit {
        fit(node, actor, options.seed, watch)?;
    }
    let material = Material::gather(node)?;
    let approved = node.ops(|state| state.official_classes.all_current());
    let draws = usize::try_from(options.draws).unwrap_or(usize::MAX).clamp(1, 100_000);
    let rows = material.with_inputs(node, |model, inputs| {
        tell(watch, "prepare", 0, inputs.stations.len() as u64)?;
        let prepared = Prepared::new(model, inputs);
        assess_prepared(&prepared, options.seed, draws, THREADS, watch)
    })??;
    let stations = material.world.stations.as_ref().ok_or(WorkError::Missing(NO_STATIONS))?;
    let head = AssessmentHead {
        schema: dataset::SCHEMA,
        seed: options.seed,
        draws: options.draws,
        stations_manifest: stations.provenance.manifest,
    };
    tell(watch, "sign", 0, 1)?;
    let areas: Vec<(AreaId, StationAssessment)> = stations
        .stations
        .iter()
        .zip(rows)
        .map(|(station, mut row)| {
            // A class approved on this node was given after the list, and wins over the list's.
            row.official = approved.get(&station.id).copied().or(row.official);
            (station.district.clone(), row)
        })
        .collect();
    let counts = [("stations", areas.len() as u64), ("draws", u64::from(options.draws))];
    let draft = DatasetDraft::computed(
        DatasetKind::Assessment,
        "current",
        vec![stations.provenance.manifest],
        dataset::write_assessment(&head, areas),
        &counts,
    );
    node.commit_dataset(actor, draft)?;
    node.live().publish("assessment", serde_json::json!({}));
    node.world().assessment.clone().ok_or_else(|| NodeError::Vanished("the assessment").into())
}
