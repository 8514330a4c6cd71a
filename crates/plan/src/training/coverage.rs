//! How far the training of an area will have come, day by day.

use super::{Input, Timetable};
use pehra_domain::{AreaId, Date};
use serde::Serialize;
use std::collections::BTreeMap;

/// One area, those who lack something alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    pub people: u64,
    pub women: u64,
    /// Of them trained by the day if the timetable is kept.
    pub trained: u64,
    pub women_trained: u64,
    /// People who complete what they lack, by date.
    pub completes: BTreeMap<Date, u64>,
}

impl Coverage {
    /// Another area's people as well.
    pub fn add(&mut self, other: &Self) {
        self.people += other.people;
        self.women += other.women;
        self.trained += other.trained;
        self.women_trained += other.women_trained;
        for (date, count) in &other.completes {
            *self.completes.entry(*date).or_default() += count;
        }
    }

    /// How many will be trained at the end of a date.
    #[must_use]
    pub fn by(&self, date: Date) -> u64 {
        self.completes.range(..=date).map(|(_, count)| count).sum()
    }
}

/// By district; people without a place under the nation.
#[must_use]
pub fn by_area(input: &Input, timetable: &Timetable) -> BTreeMap<AreaId, Coverage> {
    let mut last: Vec<Option<Date>> = vec![None; input.seekers.len()];
    for course in &timetable.courses {
        for &person in &course.people {
            let slot = &mut last[person as usize];
            *slot = (*slot).max(Some(course.date));
        }
    }
    let mut areas: BTreeMap<AreaId, Coverage> = BTreeMap::new();
    for (who, last) in input.seekers.iter().zip(last) {
        if who.lacks.is_empty() {
            continue;
        }
        let area = who.place.as_ref().map_or_else(AreaId::nation, |(area, _)| area.clone());
        let line = areas.entry(area).or_default();
        line.people += 1;
        line.women += u64::from(who.woman);
        if let Some(date) = last {
            line.trained += 1;
            line.women_trained += u64::from(who.woman);
            *line.completes.entry(date).or_default() += 1;
        }
    }
    areas
}
