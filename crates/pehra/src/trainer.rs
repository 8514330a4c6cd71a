//! Lessons from what an exercise's node holds: a district's plan and call signs, lived by the drill's engine.
//!
//! Invariants. Only an exercise gives lessons. What is kept are the last plans and lessons, which anybody may have again by
//! district, seed and level; of whoever learns there is nothing.

use crate::{
    drill::DrillError,
    last::Last,
    node::Node,
    work::{WorkError, communication::call_signs, day_plan::day_plan, poll::put_off},
    world::World,
};
use pehra_domain::{AreaId, ConstituencyId, Date, StationId, risk::RiskClass};
use pehra_drill::{
    day::{Code as Said, Parameters, Plan, Scenario, Trouble},
    trainer::{
        TrainerError, Wish,
        net::{self, Answer, Line, Signs},
        watch::{self, Kind, Kinds},
    },
};
use pehra_ops::{
    check_in::quick::{self, Matter, Who},
    incident::Taxonomy,
};
use pehra_plan::norm::NormBook;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::Arc,
};

/// Plans of districts that are kept, and lessons of each sort.
const PLANS_KEPT: usize = 4;
const LESSONS_KEPT: usize = 64;

/// Why there is no lesson.
#[derive(Debug, thiserror::Error)]
pub enum LessonError {
    #[error(transparent)]
    Drill(#[from] DrillError),
    #[error(transparent)]
    Work(#[from] WorkError),
    #[error(transparent)]
    Trainer(#[from] TrainerError),
    #[error("a table of the program cannot be used: {0}")]
    Table(String),
}

/// A district as lessons need it.
struct District {
    plan: Arc<Plan>,
    signs: Signs,
}

/// Of which state of the node a district's plan was made: whoever changes one of these gets another day.
#[derive(Clone, PartialEq)]
struct Stamp {
    area: AreaId,
    /// Manifests of the lists and of the assessment.
    lists: [Option<[u8; 32]>; 6],
    plan: Option<String>,
    day: Date,
    postponed: BTreeSet<ConstituencyId>,
    classes: BTreeMap<StationId, RiskClass>,
    norms: NormBook,
}

impl Stamp {
    fn of(node: &Node, world: &World, area: &AreaId) -> Result<Self, WorkError> {
        let lists = [
            world.stations.as_ref().map(|it| &it.provenance),
            world.places.as_ref().map(|it| &it.provenance),
            world.units.as_ref().map(|it| &it.provenance),
            world.incidents.as_ref().map(|it| &it.provenance),
            world.surveys.as_ref().map(|it| &it.provenance),
            world.assessment.as_ref().map(|it| &it.provenance),
        ];
        Ok(Self {
            area: area.clone(),
            lists: lists.map(|it| it.map(|it| it.manifest)),
            plan: world.general_plan().map(|plan| plan.id.clone()),
            day: node.poll_date(),
            postponed: put_off(node),
            classes: node.ops(|state| state.official_classes.all_current()),
            norms: node.norm_book()?,
        })
    }
}

/// What was made last.
#[derive(Default)]
pub struct Kept {
    districts: Last<Stamp, District>,
    nets: Last<(Stamp, Wish), net::Lesson>,
    watches: Last<(Stamp, Wish), watch::Lesson>,
}

impl Kept {
    /// A net's lesson in a district.
    ///
    /// # Errors
    /// [`LessonError`]: the election is real, the district has no such net, something is missing.
    pub fn net(
        &self,
        node: &Node,
        area: &AreaId,
        wish: Wish,
    ) -> Result<Arc<net::Lesson>, LessonError> {
        let stamp = stamp(node, area)?;
        self.nets.get((stamp.clone(), wish), LESSONS_KEPT, || {
            let district = self.district(node, stamp)?;
            let scenario = scenario(wish.seed)?;
            Ok(net::lesson(&district.plan, scenario, &district.signs, wish)?)
        })
    }

    /// A watch over a district.
    ///
    /// # Errors
    /// As [`Self::net`].
    pub fn watch(
        &self,
        node: &Node,
        area: &AreaId,
        wish: Wish,
    ) -> Result<Arc<watch::Lesson>, LessonError> {
        let stamp = stamp(node, area)?;
        self.watches.get((stamp.clone(), wish), LESSONS_KEPT, || {
            let district = self.district(node, stamp)?;
            Ok(watch::lesson(&district.plan, scenario(wish.seed)?, wish)?)
        })
    }

    fn district(&self, node: &Node, stamp: Stamp) -> Result<Arc<District>, LessonError> {
        let area = stamp.area.clone();
        self.districts.get(stamp, PLANS_KEPT, || {
            let go_on = &mut |_| ControlFlow::Continue(());
            let named = call_signs(node, &area, go_on)?;
            let world = node.world();
            let newest = world.general_plan().map(AsRef::as_ref);
            let plan = day_plan(node, newest, Some(&area), go_on)?;
            let listed = (0_u32..).zip(&plan.stations);
            let signs = listed.filter_map(|(at, it)| Some((at, *named.get(&it.id)?))).collect();
            Ok(District { plan: Arc::new(plan), signs })
        })
    }
}

/// The state of an exercise's node in which a district is learnt with.
fn stamp(node: &Node, area: &AreaId) -> Result<Stamp, LessonError> {
    exercise(node)?;
    Ok(Stamp::of(node, &node.world(), area)?)
}

/// # Errors
/// [`DrillError::Real`] in a real election.
pub fn exercise(node: &Node) -> Result<(), LessonError> {
    if node.exercise().is_none() {
        return Err(DrillError::Real.into());
    }
    Ok(())
}

fn scenario(seed: u64) -> Result<Scenario, LessonError> {
    let parameters =
        Parameters::shipped().map_err(|error| LessonError::Table(error.to_string()))?;
    Ok(Scenario::usual(seed, parameters))
}

/// The taxonomy as a watch is judged by it.
///
/// # Errors
/// [`LessonError::Table`]: a lead of the table is nobody whom a watch can call.
pub fn kinds(taxonomy: &Taxonomy) -> Result<Kinds, LessonError> {
    let mut kinds = BTreeMap::new();
    for row in taxonomy.kinds() {
        let minutes = (row.targets.acknowledge, row.targets.dispatch);
        let read = Kind::read(minutes, row.targets.arrive.is_some(), &row.lead, &row.up_to);
        let trouble = Trouble::from_word(row.code.name());
        let unknown = || LessonError::Table(format!("{}: {}", row.code.name(), row.lead));
        let (trouble, kind) = trouble.zip(read).ok_or_else(unknown)?;
        kinds.insert(trouble, kind);
    }
    Ok(kinds)
}

/// What an operator typed, read by the room's own grammar; what a call sign leaves out is the open net's.
#[must_use]
pub fn read(line: &str, lesson: &net::Lesson) -> Line {
    if line.trim().is_empty() {
        return Line::Nothing;
    }
    let Ok(quick) = quick::read(line) else { return Line::Unreadable };
    // On a lesson's net no post speaks.
    let Who::Station(sign) = quick.who else { return Line::Unreadable };
    let sign = sign.on_net(lesson.district, lesson.sector);
    match quick.matter {
        Matter::CheckIn { code, trouble, counts } => {
            let number = u8::try_from(code.index() + 1).unwrap_or(u8::MAX);
            let figures = [counts.first, counts.second, counts.third].map(|it| it.map(u32::from));
            Said::try_new(number).map_or(Line::Unreadable, |code| {
                Line::Said(Answer::CheckIn { sign, code, trouble, figures })
            })
        }
        Matter::Incident(code) => Trouble::from_word(code.name())
            .map_or(Line::Unreadable, |trouble| Line::Said(Answer::Incident { sign, trouble })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lead_of_the_taxonomy_is_somebody_whom_a_watch_can_call() {
        let taxonomy = crate::facts::taxonomy().unwrap();
        let kinds = kinds(&taxonomy).unwrap();
        assert_eq!(kinds.len(), Trouble::ALL.len());
        assert!(kinds.values().all(|kind| !kind.leads.is_empty()));
        let severe = kinds.get(&Trouble::ArmPst).unwrap();
        assert_eq!((severe.acknowledge_s, severe.dispatch_s, severe.goes), (60, 120, true));
        assert_eq!(severe.up, Some(watch::Whom::Nation));
    }
}
