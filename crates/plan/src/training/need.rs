//! Who lacks what for the post he will hold.
//!
//! A plan gives posts to a unit and a kind of staff, and a lot says on the eve who holds which; whoever lacks what
//! everybody must have passed is not even in the urn. So long before the lot a unit must hold enough people who could
//! take its posts. Within each unit and kind the posts are given to people so that as many as possible are filled, the
//! most sensitive first, and then so that the fewest hours of training are missing: an exact flow. Spares and the
//! reserve come from those who are left. Nobody is told a post by this; it names who is to be trained.
//!
//! A plan of posts knows who leads, searches, stands outside a most sensitive place, is armed, is an officer, is in the
//! reserve, and one in four of each detail. It knows no escorts, investigators, analysts and control rooms: their
//! modules (M5, M10, M11, M12) are asked of nobody here.

use super::{Seeker, module::Hours};
use crate::{
    flow::{self, Arc, FlowError, Piece, Problem},
    threads::in_batches,
};
use pehra_domain::{
    AreaId, ConstituencyId, Point, UnitId,
    duty::{Demands, Detachment, Duty, Post},
    force::{StaffKind, Unit},
    member::{Grade, Member, Modules},
    progress::Watch,
    risk::RiskClass,
    training::{Audience, TrainingModule},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// What somebody is to be trained for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    Post { post: Post },
    Spare,
    Reserve,
}

impl Task {
    /// How much it weighs that this person is trained: the class of the station. Proposed figures, nobody's standard.
    #[must_use]
    pub fn weight(self) -> u32 {
        match self {
            Self::Post { post } => match post.class {
                RiskClass::Most => 4,
                RiskClass::Sensitive => 2,
                RiskClass::Normal => 1,
            },
            Self::Reserve => 2,
            Self::Spare => 1,
        }
    }

    /// In words for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Spare => "spare",
            Self::Reserve => "reserve",
            Self::Post { post } => match post.duty {
                Duty::Leader => "leader",
                Duty::Searcher => "searcher",
                Duty::Guard => "guard",
            },
        }
    }
}

/// One person with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Position in the input's list of people.
    pub person: usize,
    pub task: Task,
    /// What the task asks for.
    pub asks: Modules,
    /// What of it is missing.
    pub lacks: Modules,
}

impl Need {
    /// As a timetable asks for it. `place` says where the unit stands.
    #[must_use]
    pub fn seeker(&self, people: &[Member], place: Option<(AreaId, Point)>) -> Seeker {
        let one = &people[self.person];
        Seeker {
            number: one.number.clone(),
            place,
            woman: one.kind == StaffKind::PoliceWoman,
            weight: self.task.weight(),
            lacks: self.lacks,
        }
    }
}

/// A post of a unit that none of its people could take, whatever they are trained in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unfilled {
    pub unit: UnitId,
    pub kind: StaffKind,
    pub post: Post,
    pub count: u32,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'i> {
    pub people: &'i [Member],
    pub detachments: &'i [Detachment],
    /// For their reserves; people of units that are not here have no place to start from and still have needs.
    pub units: &'i [Unit],
    pub demands: &'i Demands,
    pub modules: &'i [TrainingModule],
    /// Only what bars somebody from the post, as the lot has it: nothing of the table beyond it.
    pub barring_only: bool,
}

/// Everybody with a task, in the order of the list of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    pub needs: Vec<Need>,
    pub unfilled: Vec<Unfilled>,
}

/// One urn: the people of one kind in one unit, and their detachments.
#[derive(Default)]
struct Urn<'i> {
    people: Vec<usize>,
    detachments: Vec<&'i Detachment>,
    reserve: u32,
}

/// Derives the needs. Urns are independent: the number of threads changes nothing.
///
/// # Errors
/// [`FlowError::Cancelled`]; the others would be faults of this program.
pub fn derive(
    question: &Question<'_>,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Needs, FlowError> {
    let urns: Vec<((&UnitId, StaffKind), Urn<'_>)> = urns(question).into_iter().collect();
    let found = in_batches((&urns, BATCH), threads, "needs", watch, |urn, (): &mut ()| {
        of_urn(question, urn)
    })?;
    let mut all = Needs::default();
    for one in found {
        let one = one?;
        all.needs.extend(one.needs);
        all.unfilled.extend(one.unfilled);
    }
    all.needs.sort_by_key(|need| need.person);
    all.unfilled.sort();
    Ok(all)
}

/// Urns that a thread takes at a time, and between two looks at the watcher.
const BATCH: usize = 64;

fn urns<'i>(question: &Question<'i>) -> BTreeMap<(&'i UnitId, StaffKind), Urn<'i>> {
    let mut urns: BTreeMap<(&UnitId, StaffKind), Urn<'_>> = BTreeMap::new();
    for (at, one) in question.people.iter().enumerate() {
        let urn = urns.entry((&one.unit, one.kind)).or_default();
        if one.excluded.is_empty() {
            urn.people.push(at);
        }
    }
    for detachment in question.detachments {
        urns.entry((&detachment.unit, detachment.kind)).or_default().detachments.push(detachment);
    }
    for urn in urns.values_mut() {
        urn.people.sort_by_key(|&at| &question.people[at].number);
        urn.detachments.sort();
    }
    for unit in question.units {
        // A unit's reserve is of its most numerous kind; women search.
        let kinds = StaffKind::ALL.into_iter().filter(|&kind| kind != StaffKind::PoliceWoman);
        let most = kinds
            .filter_map(|kind| Some((urns.get(&(&unit.id, kind))?.people.len(), kind)))
            .max_by_key(|&(count, kind)| (count, std::cmp::Reverse(kind)));
        if let Some(urn) = most.and_then(|(_, kind)| urns.get_mut(&(&unit.id, kind))) {
            urn.reserve = unit.reserve;
        }
    }
    urns
}

/// What a task asks of its holder.
fn asks(question: &Question<'_>, task: Task, grade: Grade) -> Modules {
    let post = match task {
        Task::Post { post } => Some(post),
        Task::Spare | Task::Reserve => None,
    };
    let beyond = !question.barring_only;
    let does = |duty: Duty| beyond && post.is_some_and(|post| post.duty == duty);
    let of_table = question.modules.iter().filter(|module| {
        match module.audience {
            Audience::Reserve => task == Task::Reserve,
            Audience::Everybody | Audience::Armed => beyond,
            Audience::Officers => beyond && grade >= OFFICER,
            Audience::Leaders => does(Duty::Leader),
            Audience::Searchers => does(Duty::Searcher),
            Audience::MostSensitive => {
                beyond && post.is_some_and(|post| post.class == RiskClass::Most)
            }
            // One in four is chosen after the posts are given.
            Audience::OneInFour
            | Audience::Escorts
            | Audience::Evidence
            | Audience::Analysts
            | Audience::ControlRooms => false,
        }
    });
    let barring = post.map_or(question.demands.everybody, |post| question.demands.modules(post));
    barring.and(of_table.map(|module| module.number).collect())
}

/// From this grade on somebody is an officer.
const OFFICER: Grade = Grade(6);

fn of_urn(
    question: &Question<'_>,
    ((unit, kind), urn): &((&UnitId, StaffKind), Urn<'_>),
) -> Result<Needs, FlowError> {
    let mut needs = Needs::default();
    if urn.detachments.is_empty() && urn.reserve == 0 {
        return Ok(needs);
    }
    let hours = Hours::new(question.modules);
    let given = give(question, urn, &hours)?;
    let mut tasks = given.tasks;
    for (post, count) in given.unfilled {
        needs.unfilled.push(Unfilled { unit: (*unit).clone(), kind: *kind, post, count });
    }
    let posted = tasks.iter().flatten().count() as u64;
    let spares = (posted * u64::from(question.demands.spare_permille)).div_ceil(1_000);
    take_left(question, urn, &mut tasks, (Task::Reserve, u64::from(urn.reserve)), &hours);
    take_left(question, urn, &mut tasks, (Task::Spare, spares), &hours);
    let mut asked: Vec<Modules> = (0..)
        .zip(&tasks)
        .map(|(at, task): (usize, _)| {
            task.map_or_else(Modules::default, |task| {
                asks(question, task, question.people[urn.people[at]].grade)
            })
        })
        .collect();
    first_aid(question, urn, &tasks, &mut asked);
    for ((&person, task), asks) in urn.people.iter().zip(tasks).zip(asked) {
        if let Some(task) = task {
            let lacks = asks.without(question.people[person].modules);
            needs.needs.push(Need { person, task, asks, lacks });
        }
    }
    Ok(needs)
}

struct Given {
    /// By position in the urn.
    tasks: Vec<Option<Task>>,
    unfilled: Vec<(Post, u32)>,
}

/// Gives posts to people: as many as can be, the most sensitive first, then with the fewest hours missing.
fn give(question: &Question<'_>, urn: &Urn<'_>, hours: &Hours) -> Result<Given, FlowError> {
    let mut sorts: BTreeMap<(Modules, Grade, &[ConstituencyId]), Vec<usize>> = BTreeMap::new();
    for (at, &person) in urn.people.iter().enumerate() {
        let one = &question.people[person];
        sorts.entry((one.modules, one.grade, &one.home)).or_default().push(at);
    }
    let mut places: BTreeMap<(Post, &[ConstituencyId]), u32> = BTreeMap::new();
    for detachment in &urn.detachments {
        for post in detachment.posts() {
            *places.entry((post, &detachment.contests)).or_default() += 1;
        }
    }
    let supply = sorts.values().map(|people| count(people.len())).collect();
    let mut problem = Problem::try_new(supply)?;
    let first_aid = first_aid_of(question);
    for (&(post, contests), &wanted) in &places {
        let mut row = Vec::new();
        for (source, (modules, grade, home)) in (0_u32..).zip(sorts.keys()) {
            let at_home = home.iter().any(|seat| contests.contains(seat));
            if *grade < question.demands.grade_least(post) || at_home {
                continue;
            }
            let lacks = asks(question, Task::Post { post }, *grade).without(*modules);
            let knows = first_aid.is_none_or(|module| modules.includes(module));
            let cost = i64::from(hours.sum(lacks)) * HOUR + i64::from(!knows);
            let cost = i32::try_from(cost).unwrap_or(flow::COST_MAX);
            row.push(Arc { source, cost });
        }
        problem.push_sink(&row, &[Piece { count: wanted, price: empty_price(post) }])?;
    }
    let options = flow::Options::default();
    let go_on = &mut |_| std::ops::ControlFlow::Continue(());
    let solved = flow::solve(problem, options, go_on)?;
    let mut free: Vec<std::slice::Iter<'_, usize>> = sorts.values().map(|all| all.iter()).collect();
    let mut tasks = vec![None; urn.people.len()];
    let mut filled = vec![0_u32; places.len()];
    let posts: Vec<Post> = places.keys().map(|(post, _)| *post).collect();
    for flow in &solved.solution.flows {
        filled[flow.sink as usize] += flow.count;
        let post = posts[flow.sink as usize];
        for &at in free[flow.source as usize].by_ref().take(flow.count as usize) {
            tasks[at] = Some(Task::Post { post });
        }
    }
    let mut unfilled: BTreeMap<Post, u32> = BTreeMap::new();
    for ((post, wanted), filled) in posts.iter().zip(places.values()).zip(filled) {
        if *wanted > filled {
            *unfilled.entry(*post).or_default() += wanted - filled;
        }
    }
    Ok(Given { tasks, unfilled: unfilled.into_iter().collect() })
}

/// An empty post costs more than all hours that could fill it and whatever would be moved for it; of two, the one of the
/// higher class, then who leads, then who searches.
fn empty_price(post: Post) -> i64 {
    let duty = match post.duty {
        Duty::Leader => 2,
        Duty::Searcher => 1,
        Duty::Guard => 0,
    };
    let class = match post.class {
        RiskClass::Most => 2,
        RiskClass::Sensitive => 1,
        RiskClass::Normal => 0,
    };
    (EMPTY + class * CLASS_STEP + duty * DUTY_STEP) * HOUR
}

/// What an hour costs: more than one in four of any unit could lack first aid.
const HOUR: i64 = 1_024;

const EMPTY: i64 = 100_000;
const CLASS_STEP: i64 = 300_000;
const DUTY_STEP: i64 = 100_000;

/// People without a post take a further task, those with the fewest hours missing first.
fn take_left(
    question: &Question<'_>,
    urn: &Urn<'_>,
    tasks: &mut [Option<Task>],
    (task, wanted): (Task, u64),
    hours: &Hours,
) {
    let mut left: Vec<(u32, usize)> = (0..tasks.len())
        .filter(|&at| tasks[at].is_none())
        .map(|at| {
            let one = &question.people[urn.people[at]];
            (hours.sum(asks(question, task, one.grade).without(one.modules)), at)
        })
        .collect();
    left.sort_unstable();
    for (_, (_, at)) in (0..wanted).zip(left) {
        tasks[at] = Some(task);
    }
}

/// What one in four learns, where more than what bars from a post is asked.
fn first_aid_of(question: &Question<'_>) -> Option<Modules> {
    let mut found = question.modules.iter().filter(|one| one.audience == Audience::OneInFour);
    found.next().filter(|_| !question.barring_only).map(|one| Modules::of(&[one.number]))
}

/// One in four of each detail knows first aid: whoever does already, then those of the highest class. Who stands in which
/// detail is for the lot to say, so the unit has as many as its details need together.
fn first_aid(
    question: &Question<'_>,
    urn: &Urn<'_>,
    tasks: &[Option<Task>],
    asked: &mut [Modules],
) {
    if let Some(this) = first_aid_of(question) {
        let wanted: u32 = urn.detachments.iter().map(|one| one.count.div_ceil(4)).sum();
        let mut order: Vec<(bool, std::cmp::Reverse<RiskClass>, usize)> = tasks
            .iter()
            .enumerate()
            .filter_map(|(at, task)| match task {
                Some(Task::Post { post }) => {
                    let has = question.people[urn.people[at]].modules.includes(this);
                    Some((!has, std::cmp::Reverse(post.class), at))
                }
                Some(Task::Spare | Task::Reserve) | None => None,
            })
            .collect();
        order.sort_unstable();
        for (_, (_, _, at)) in (0..wanted).zip(order) {
            asked[at] = asked[at].and(this);
        }
    }
}

fn count(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}

/// One line of a table of needs: of those with a task in one area, how many need a module and how many lack it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NeedLine {
    pub men: u32,
    pub women: u32,
    pub men_lack: u32,
    pub women_lack: u32,
}

/// Needs by area and module. `place` gives the area of a unit.
#[must_use]
pub fn by_area(
    people: &[Member],
    needs: &[Need],
    place: &dyn Fn(&UnitId) -> Option<(AreaId, Point)>,
) -> BTreeMap<(AreaId, u8), NeedLine> {
    let mut lines: BTreeMap<(AreaId, u8), NeedLine> = BTreeMap::new();
    for need in needs {
        let one = &people[need.person];
        let area = place(&one.unit).map_or_else(AreaId::nation, |(area, _)| area);
        for number in need.asks.numbers() {
            let line = lines.entry((area.clone(), number)).or_default();
            let lacks = u32::from(need.lacks.includes(Modules::of(&[number])));
            if one.kind == StaffKind::PoliceWoman {
                line.women += 1;
                line.women_lack += lacks;
            } else {
                line.men += 1;
                line.men_lack += lacks;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests;
