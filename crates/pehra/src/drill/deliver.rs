//! What the desks enter, in as few signed entries as it takes, in the order in which one thing follows from another.

use super::{
    convert::{Entered, Matter},
    desk::{Desk, DeskError},
};
use crate::node::{Node, NodeError, Verdict};
use pehra_ops::{
    Command,
    check_in::{self, Code, ITEMS_MAX, Item, Subject},
};
use std::collections::{BTreeMap, VecDeque};

/// Entries that are taken in under one lock: people act in between.
const TOGETHER: usize = 500;

/// What became of what the desks wanted to enter.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    pub(super) entries: u64,
    pub(super) entered: u64,
    pub(super) refused: u64,
    pub(super) first_refusal: Option<String>,
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
}

/// What one desk enters under one signature, and how many things it is.
struct Act {
    district: u32,
    role: &'static str,
    command: Command,
    count: u64,
}

impl Deliver {
    pub(super) fn new(node: Node, desks: Vec<Desk>) -> Self {
        Self { node, desks }
    }

    /// Check-ins go together; of one incident one act after the other, each on what the one before it made.
    ///
    /// # Errors
    /// [`NodeError`] when the node's disk failed. What a desk may not enter is counted, and the day goes on.
    pub(super) fn deliver(&mut self, all: Vec<Entered>) -> Result<Delivered, NodeError> {
        let mut done = Delivered::default();
        let mut heard: BTreeMap<(u32, &'static str), Batches> = BTreeMap::new();
        let mut stories: BTreeMap<u32, VecDeque<Act>> = BTreeMap::new();
        for Entered { district, role, what } in all {
            match what {
                Matter::CheckIn(item) => {
                    heard.entry((district, role)).or_default().add(item);
                }
                Matter::Incident(number, command) => {
                    let act = Act { district, role, command: *command, count: 1 };
                    stories.entry(number).or_default().push_back(act);
                }
            }
        }
        let mut wave: Vec<Act> = Vec::new();
        for ((district, role), batches) in heard {
            let Some(area) = self.desks.get(district as usize).map(|desk| desk.area().clone())
            else {
                continue;
            };
            for items in batches.all {
                let count = items.len() as u64;
                let command = check_in::Command::Hear { area: area.clone(), items };
                let command = Command::CheckIn(command);
                wave.push(Act { district, role, command, count });
            }
        }
        loop {
            wave.extend(stories.values_mut().filter_map(VecDeque::pop_front));
            stories.retain(|_, story| !story.is_empty());
            if wave.is_empty() {
                return Ok(done);
            }
            self.enter(std::mem::take(&mut wave), &mut done)?;
        }
    }

    fn enter(&mut self, wave: Vec<Act>, done: &mut Delivered) -> Result<(), NodeError> {
        let mut sealed: Vec<Vec<u8>> = Vec::with_capacity(wave.len());
        for Act { district, role, command, count } in wave {
            let Some(desk) = self.desks.get_mut(district as usize) else { continue };
            match desk.seal(&self.node, role, &command) {
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
    use pehra_domain::{StationId, UnixMs};
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
