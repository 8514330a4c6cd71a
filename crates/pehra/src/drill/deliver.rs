//! What the desks enter, in as few signed entries as it takes, in the order in which one thing follows from another.

use super::{
    bureau::Bureau,
    convert::{Entered, Matter},
    desk::{Desk, DeskError, Hand},
    material::{self, Thread},
    team::{self, TeamAct},
    tip,
};
use crate::node::{Node, NodeError, Verdict};
use pehra_domain::{UnitId, UnixMs};
use pehra_drill::day::Plan;
use pehra_ops::{
    Command, State,
    check_in::{self, Code, ITEMS_MAX, Item, Subject},
    dispatch::Goal,
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

/// Entries that are taken in under one lock: people act in between.
const TOGETHER: usize = 500;

/// What became of what the desks wanted to enter.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    pub(super) entries: u64,
    pub(super) entered: u64,
    pub(super) refused: u64,
    pub(super) first_refusal: Option<String>,
    /// What was done about words of services.
    pub(super) tips: Vec<tip::Deed>,
}

impl Delivered {
    fn refuse(&mut self, count: u64, why: impl FnOnce() -> String) {
        self.refused += count;
        if self.first_refusal.is_none() {
            self.first_refusal = Some(why());
        }
    }
}

pub(super) struct Deliver {
    node: Node,
    desks: Vec<Desk>,
    bureau: Bureau,
    plan: Arc<Plan>,
}

/// What one desk enters under one signature, and how many things it is.
#[derive(Clone, Debug)]
pub(super) struct Act {
    pub(super) role: &'static str,
    pub(super) command: Command,
    pub(super) count: u64,
    pub(super) hand: Hand,
    /// The moment of the day at which it is done, where it is judged by that.
    pub(super) day: Option<UnixMs>,
}

impl Act {
    /// The control room's own word.
    pub(super) fn desk(command: Command) -> Self {
        Self::of("CTRL-D", command, 1)
    }

    /// The desk's word in one of its roles.
    pub(super) fn of(role: &'static str, command: Command, count: u64) -> Self {
        Self { role, command, count, hand: Hand::Desk, day: None }
    }

    /// Whether it names what stays behind in its district, or moves who is named.
    fn moves_a_unit(&self) -> bool {
        matches!(self.command, Command::Dispatch(_))
    }
}

/// What a story does next. What it takes is found out when its turn comes.
#[derive(Clone, Debug)]
pub(super) enum Todo {
    Act(Act),
    /// Told to the incident itself, and to nobody who is there.
    Told(Act),
    /// Told to the incident and to the teams that are there.
    Incident(Act),
    Team(TeamAct),
    /// What is done with a station's material.
    Material(Box<material::Deed>),
    /// What is done about a word of a service.
    Tip(Box<tip::Deed>),
    /// The chief's signature under a wish to go below the floor.
    Sign {
        unit: UnitId,
        goal: Goal,
        at: UnixMs,
    },
}

/// The acts of one incident, station or office, in their order.
struct Story {
    district: u32,
    todo: VecDeque<Todo>,
}

/// No step of a team takes more acts than this; what would is a fault.
const ACTS_MAX: usize = 12;

impl Deliver {
    pub(super) fn new(node: Node, (desks, bureau): (Vec<Desk>, Bureau), plan: Arc<Plan>) -> Self {
        Self { node, desks, bureau, plan }
    }

    /// Whether anything can be done of it as the record stands.
    pub(super) fn is_ready(&self, deed: &tip::Deed) -> bool {
        let area = self.desks.get(deed.tip.district as usize).map(Desk::area);
        area.is_some_and(|area| !self.bureau.acts(&self.node, area, deed).is_empty())
    }

    /// Check-ins go together; of one incident one act after the other, each on what the one before it made. Of one district
    /// one unit is moved at a time: whoever is sent names those who stay.
    ///
    /// # Errors
    /// [`NodeError`] when the node's disk failed. What a desk may not enter is counted, and the day goes on.
    pub(super) fn deliver(&mut self, all: Vec<Entered>) -> Result<Delivered, NodeError> {
        let mut done = Delivered::default();
        let mut heard: BTreeMap<(u32, &'static str), Batches> = BTreeMap::new();
        let mut stories: BTreeMap<(Thread, u32), Story> = BTreeMap::new();
        let mut wave: Vec<(u32, Act)> = Vec::new();
        for Entered { district, role, what } in all {
            let (thread, todo) = match what {
                Matter::CheckIn(item) => {
                    heard.entry((district, role)).or_default().add(item);
                    continue;
                }
                Matter::Duty(team, at) => {
                    let Some(desk) = self.desks.get(district as usize) else { continue };
                    let begin =
                        |state: &State| team::begin(&self.plan, state, desk.area(), team, at);
                    wave.extend(self.node.ops(begin).map(|act| (district, act)));
                    continue;
                }
                Matter::Incident(number, command) => {
                    (Thread::Incident(number), Todo::Incident(Act::of(role, *command, 1)))
                }
                Matter::Team(number, act) => (Thread::Incident(number), Todo::Team(act)),
                Matter::Material(thread, deed) => (thread, Todo::Material(deed)),
                Matter::Tip(deed) => (Thread::Tip(deed.tip.root), Todo::Tip(deed)),
                Matter::Said(thread, command) => (thread, Todo::Told(Act::of(role, *command, 1))),
            };
            let fresh = || Story { district, todo: VecDeque::new() };
            stories.entry((thread, district)).or_insert_with(fresh).todo.push_back(todo);
        }
        for ((district, role), batches) in heard {
            let Some(area) = self.desks.get(district as usize).map(|desk| desk.area().clone())
            else {
                continue;
            };
            for items in batches.all {
                let count = items.len() as u64;
                let command = check_in::Command::Hear { area: area.clone(), items };
                let command = Command::CheckIn(command);
                wave.push((district, Act::of(role, command, count)));
            }
        }
        loop {
            let mut moving = BTreeSet::new();
            for story in stories.values_mut() {
                let act = self.next_act(story, &mut moving, &mut done);
                wave.extend(act.map(|act| (story.district, act)));
            }
            stories.retain(|_, story| !story.todo.is_empty());
            if wave.is_empty() {
                return Ok(done);
            }
            self.enter(std::mem::take(&mut wave), &mut done)?;
        }
    }

    /// The next act of a story as the record stands; none when it has none left, or another unit of its district moves.
    fn next_act(
        &self,
        story: &mut Story,
        moving: &mut BTreeSet<u32>,
        done: &mut Delivered,
    ) -> Option<Act> {
        let area = self.desks.get(story.district as usize)?.area();
        for _ in 0..ACTS_MAX {
            let next = story.todo.front()?;
            let waits = match next {
                Todo::Act(act) => act.moves_a_unit(),
                Todo::Told(_) | Todo::Material(_) | Todo::Tip(_) => false,
                Todo::Incident(_) | Todo::Team(_) | Todo::Sign { .. } => true,
            };
            if waits && moving.contains(&story.district) {
                return None;
            }
            let steps = match story.todo.pop_front()? {
                Todo::Act(act) | Todo::Told(act) => {
                    if act.moves_a_unit() {
                        moving.insert(story.district);
                    }
                    return Some(act);
                }
                Todo::Incident(act) => self.node.ops(|state| team::with_teams(state, &act)),
                Todo::Team(act) => self.node.ops(|state| team::todo(&self.plan, state, area, &act)),
                Todo::Material(deed) => {
                    let act = self.node.ops(|state| deed.act(state, area));
                    act.map(Todo::Told).into_iter().collect()
                }
                Todo::Tip(deed) => {
                    let acts = self.bureau.acts(&self.node, area, &deed);
                    if !acts.is_empty() {
                        done.tips.push(*deed);
                    }
                    acts.into_iter().map(Todo::Told).collect()
                }
                Todo::Sign { unit, goal, at } => {
                    let act =
                        self.node.ops(|state| team::signature(state, area, (&unit, &goal), at));
                    act.map(Todo::Act).into_iter().collect()
                }
            };
            for step in steps.into_iter().rev() {
                story.todo.push_front(step);
            }
        }
        story.todo.pop_front();
        None
    }

    fn enter(&mut self, wave: Vec<(u32, Act)>, done: &mut Delivered) -> Result<(), NodeError> {
        let mut sealed: Vec<Vec<u8>> = Vec::with_capacity(wave.len());
        for (district, Act { role, command, count, hand, day }) in wave {
            let Some(desk) = self.desks.get_mut(district as usize) else { continue };
            let said = (&command, day.unwrap_or_else(|| self.node.day_now()));
            let by = match &hand {
                Hand::Bureau(post) => self.bureau.seal(&self.node, (*post, desk.area()), said),
                Hand::Desk | Hand::Office(_) | Hand::Field(_) => {
                    desk.seal(&self.node, (&hand, role), said)
                }
            };
            match by {
                Ok(entries) => {
                    done.entered += count;
                    sealed.extend(entries);
                }
                Err(DeskError::Refused(refusal)) => done.refuse(count, || refusal.to_string()),
                Err(other @ DeskError::Seal(..)) => done.refuse(count, || other.to_string()),
                Err(DeskError::Node(error)) => return Err(error),
            }
        }
        done.entries += sealed.len() as u64;
        for some in sealed.chunks(TOGETHER) {
            for verdict in self.node.receive(some)?.verdicts {
                match verdict {
                    Verdict::Effective | Verdict::Known | Verdict::Waits => {}
                    Verdict::WithoutEffect(why) => done.refuse(1, || why),
                    Verdict::Refused(why) => done.refuse(1, || why.to_string()),
                    Verdict::Forked(place) => done.refuse(1, || format!("forked at {place}")),
                }
            }
        }
        Ok(())
    }
}

/// Check-ins of one desk: a subject says a code once in an entry, and an entry holds so many.
#[derive(Default)]
struct Batches {
    all: Vec<Vec<Item>>,
    said: BTreeMap<(Subject, Code), usize>,
}

impl Batches {
    fn add(&mut self, item: Item) {
        let times = self.said.entry((item.subject.clone(), item.code)).or_default();
        let mut at = *times;
        while self.all.get(at).is_some_and(|batch| batch.len() >= ITEMS_MAX) {
            at += 1;
        }
        *times = at + 1;
        if at >= self.all.len() {
            self.all.resize_with(at + 1, Vec::new);
        }
        if let Some(batch) = self.all.get_mut(at) {
            batch.push(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::StationId;
    use pehra_ops::check_in::{Counts, Rung, Word};
    use std::collections::BTreeSet;

    fn item(station: u32, code: Code) -> Item {
        Item {
            subject: Subject::Station(StationId::try_new(format!("SYN-{station}")).unwrap()),
            code,
            at: UnixMs(i64::from(station)),
            word: Word::Well,
            counts: Counts::default(),
            rung: Rung::Radio,
            note: String::new(),
        }
    }

    #[test]
    fn nothing_is_lost_and_no_entry_is_too_large_or_says_a_thing_twice() {
        let mut batches = Batches::default();
        for station in 0..2_500 {
            batches.add(item(station, Code::A8));
            if station % 7 == 0 {
                batches.add(item(station, Code::A8));
            }
            batches.add(item(station, Code::A9));
        }
        let count: usize = batches.all.iter().map(Vec::len).sum();
        assert_eq!(count, 5_000 + 2_500_usize.div_ceil(7));
        for batch in &batches.all {
            assert!(batch.len() <= ITEMS_MAX);
            let said: BTreeSet<_> = batch.iter().map(|it| (it.subject.clone(), it.code)).collect();
            assert_eq!(said.len(), batch.len());
        }
    }
}
