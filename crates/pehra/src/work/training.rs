//! Training: from a plan and lists of people, rooms and trainers to needs, a timetable and the lists that are carried
//! into the rooms.

mod forecast;
mod read;
mod tables;

pub use forecast::{forecast, record};
pub use read::{read_seats, read_trainers, read_venues};
pub use tables::code as reason_code;

use super::{THREADS, WorkError, draw};
use crate::{facts, node::Node};
use pehra_domain::{
    AreaId, Date, Point, UnitId,
    duty::Demands,
    member::Member,
    progress::Watch,
    training::{Trainer, TrainingModule, Venue},
};
use pehra_plan::{
    allocate::DistanceModel,
    flow::FlowError,
    training::{Change, Input, Rules, Timetable, TrainingError, audit::audit, need, replan::Named},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub people: Vec<Member>,
    pub venues: Vec<Venue>,
    pub trainers: Vec<Trainer>,
    /// Only units that stand there.
    pub area: Option<AreaId>,
    /// The plan's id; the newest when none is named.
    pub plan: Option<String>,
    /// The first day of training; that on which the first room opens when none is named.
    pub first: Option<Date>,
    pub rules: Rules,
    pub barring_only: bool,
    /// Courses of an earlier timetable, to be kept where they can.
    pub before: Option<Vec<Named>>,
}

/// What came out.
pub struct Training {
    /// The plan's id.
    pub plan: String,
    pub people: Vec<Member>,
    pub modules: Vec<TrainingModule>,
    pub needs: need::Needs,
    /// Where each unit stands.
    pub places: BTreeMap<UnitId, (AreaId, Point)>,
    /// People whose certificates say more than the list.
    pub certified: u64,
    /// People with a task whose unit is not on record.
    pub unplaced: u64,
    /// The timetable, where there are rooms and trainers.
    pub timetable: Option<Planned>,
}

pub struct Planned {
    pub input: Input,
    pub timetable: Timetable,
    pub change: Option<Change>,
    /// By position among the input's people: their need.
    pub needs: Vec<usize>,
}

/// The table of modules.
///
/// # Errors
/// [`WorkError::Input`] names the line of the table that cannot be read.
pub fn modules() -> Result<Vec<TrainingModule>, WorkError> {
    pehra_plan::training::module::parse(facts::TRAINING_MODULES_CSV)
        .map_err(|error| WorkError::Input(error.to_string()))
}

/// Derives needs and, where there are rooms, a timetable.
///
/// # Errors
/// [`WorkError`]: something is missing, a list contradicts itself, or stopped.
pub fn run(node: &Node, question: Question, watch: &mut Watch<'_>) -> Result<Training, WorkError> {
    let world = node.world();
    let units = world.units.as_ref().ok_or(WorkError::Missing(
        "there are no units yet: import them first with `pehra plan import forces FILE`",
    ))?;
    let modules = modules()?;
    let inside = |area: &AreaId| question.area.as_ref().is_none_or(|asked| asked.contains(area));
    let places: BTreeMap<UnitId, (AreaId, Point)> = units
        .units
        .iter()
        .filter(|unit| inside(&unit.district))
        .map(|unit| (unit.id.clone(), (unit.district.clone(), unit.point)))
        .collect();
    let everywhere = question.area.is_none();
    let mut people = question.people;
    people.retain(|one| everywhere || places.contains_key(&one.unit));
    people.sort_by(|a, b| a.number.cmp(&b.number));
    once(&people)?;
    if people.is_empty() {
        return Err(WorkError::Missing(
            "nobody on the list belongs to a unit of this area: check --area, and the units' names in the list",
        ));
    }
    let certified = super::course::add_certificates(node, &mut people)?;
    let (plan, mut detachments) = draw::detachments(node, question.plan.as_deref())?;
    detachments.retain(|one| everywhere || places.contains_key(&one.unit));
    let demands = Demands::default();
    let asked = need::Question {
        people: &people,
        detachments: &detachments,
        units: &units.units,
        demands: &demands,
        modules: &modules,
        barring_only: question.barring_only,
    };
    let needs = need::derive(&asked, THREADS, watch).map_err(of_flow)?;
    let unplaced =
        needs.needs.iter().filter(|need| !places.contains_key(&people[need.person].unit)).count();
    let mut training = Training {
        plan,
        people,
        modules,
        needs,
        places,
        certified,
        unplaced: unplaced as u64,
        timetable: None,
    };
    if !question.venues.is_empty() {
        let election = node.poll_date();
        let first = question.first.or_else(|| {
            question.venues.iter().filter_map(|venue| venue.open.first()).min().copied()
        });
        let (input, needs) = training.input(
            (question.venues, question.trainers),
            question.rules,
            (first.unwrap_or(election), election),
            facts::distances(node.gazetteer()),
        );
        let planned = timetable(input, needs, question.before.as_deref(), watch)?;
        training.timetable = Some(planned);
    }
    Ok(training)
}

fn timetable(
    input: Input,
    needs: Vec<usize>,
    before: Option<&[Named]>,
    watch: &mut Watch<'_>,
) -> Result<Planned, WorkError> {
    let (timetable, change) = match before {
        None => (pehra_plan::training::plan(&input, THREADS, watch).map_err(of_training)?, None),
        Some(before) => {
            let (timetable, change) = pehra_plan::training::replan(&input, before, THREADS, watch)
                .map_err(of_training)?;
            (timetable, Some(change))
        }
    };
    // What is carried into rooms was gone over by the rules alone.
    if let Some(broken) = audit(&input, &timetable).first() {
        return Err(WorkError::Input(format!(
            "the timetable breaks a rule of its own ({}: {}): please report these lists",
            broken.rule, broken.what
        )));
    }
    Ok(Planned { input, timetable, change, needs })
}

/// Writes everything into a folder; gives the names of the files.
///
/// # Errors
/// [`WorkError`] when a file cannot be written.
pub fn write(
    node: &Node,
    training: &Training,
    out: &Path,
    watch: &mut Watch<'_>,
) -> Result<Vec<String>, WorkError> {
    tables::write(training, node.watermark().as_deref(), out, watch)
}

impl Training {
    fn input(
        &self,
        (venues, trainers): (Vec<Venue>, Vec<Trainer>),
        rules: Rules,
        (first, election): (Date, Date),
        distance: DistanceModel,
    ) -> (Input, Vec<usize>) {
        let mut seekers = Vec::new();
        let mut needs = Vec::new();
        for (at, need) in self.needs.needs.iter().enumerate() {
            if need.lacks.is_empty() {
                continue;
            }
            let place = self.places.get(&self.people[need.person].unit).cloned();
            seekers.push(need.seeker(&self.people, place));
            needs.push(at);
        }
        let modules = self.modules.clone();
        (Input { seekers, venues, trainers, modules, rules, distance, first, election }, needs)
    }

    /// How many have a task and lack nothing for it.
    #[must_use]
    pub fn ready(&self) -> u64 {
        self.needs.needs.iter().filter(|need| need.lacks.is_empty()).count() as u64
    }
}

fn once(people: &[Member]) -> Result<(), WorkError> {
    let mut seen = BTreeSet::new();
    match people.iter().find(|one| !seen.insert(&one.number)) {
        Some(one) => {
            Err(WorkError::Input(format!("service number {} stands in the list twice", one.number)))
        }
        None => Ok(()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn of_flow(error: FlowError) -> WorkError {
    if let FlowError::Cancelled(cancelled) = error {
        return WorkError::Cancelled(cancelled);
    }
    WorkError::Input(error.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn of_training(error: TrainingError) -> WorkError {
    if let TrainingError::Cancelled(cancelled)
    | TrainingError::Flow(FlowError::Cancelled(cancelled)) = error
    {
        return WorkError::Cancelled(cancelled);
    }
    WorkError::Input(error.to_string())
}
