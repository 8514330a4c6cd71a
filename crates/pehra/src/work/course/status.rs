//! How far training has come: what was held, who is certified, and what a signed forecast expected.

use super::School;
use crate::node::Node;
use pehra_domain::{AreaId, Date, member::Modules};
use pehra_ops::training::{Forecast, Line};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One area: courses lie in it or below.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AreaStatus {
    pub area: String,
    pub courses: u64,
    /// Courses of which two lists differ.
    pub disputed: u64,
    /// Different people on any list.
    pub attended: u64,
    /// Different people with any certificate that counts on the day of the poll.
    pub certified: u64,
    /// Certificates that count, M1 first.
    pub by_module: Vec<u64>,
    /// People who passed and wait for somebody to certify them.
    pub waiting: u64,
    /// People with a task in the plan, by the forecast.
    pub tasked: Option<u64>,
    /// Of them lack nothing, as the forecast counted.
    pub ready: Option<u64>,
    /// Expected ready by today, and by the day of the poll, if the timetable is kept.
    pub expected_today: Option<u64>,
    pub expected: Option<u64>,
    /// People who lack each module, M1 first, as the forecast counted.
    pub lacking: Vec<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Every area with a course or a line of the forecast, by name; the whole first.
    pub areas: Vec<AreaStatus>,
    pub plan: Option<String>,
    pub forecast_ms: Option<i64>,
}

/// How far an area and those below it have come by a day.
#[must_use]
pub fn status(node: &Node, school: &School, within: &AreaId, today: Date) -> Status {
    let poll = node.poll_date();
    node.ops(|state| {
        let training = &state.trainings;
        let passed = school.passed(state, poll);
        let mut seen: BTreeMap<&AreaId, BTreeSet<&str>> = BTreeMap::new();
        let mut rows: BTreeMap<&AreaId, AreaStatus> = BTreeMap::new();
        for (key, course) in training.courses().filter(|(key, _)| within.contains(&key.area)) {
            let row = rows.entry(&key.area).or_default();
            row.courses += 1;
            row.disputed += u64::from(course.is_disputed());
            let there = seen.entry(&key.area).or_default();
            let mut module = None;
            for (_, held, _) in course.lists() {
                module = Some(held.module);
                there.extend(held.present.iter());
            }
            if let Some(standard) = module.and_then(|module| school.standard(module)) {
                let ready = training.ready(course, standard);
                row.waiting += ready.iter().map(|(_, people)| people.len() as u64).sum::<u64>();
            }
        }
        let forecast = training.forecast(&AreaId::nation()).or_else(|| training.forecast(within));
        let lines = forecast.map(|forecast| lines(forecast, within)).unwrap_or_default();
        for line in &lines {
            rows.entry(&line.area).or_default();
        }
        let mut whole = AreaStatus::default();
        let mut everybody: BTreeSet<&str> = BTreeSet::new();
        for (area, row) in &mut rows {
            row.area = area.to_string();
            let there = seen.remove(*area).unwrap_or_default();
            count(row, &there, &passed);
            everybody.extend(there);
            if let Some(line) = lines.iter().find(|line| line.area == **area) {
                expect(row, line, today, poll);
            }
            whole.add(row);
        }
        count(&mut whole, &everybody, &passed);
        whole.area = within.to_string();
        let mut areas = vec![whole];
        areas.extend(rows.into_iter().filter(|(area, _)| *area != within).map(|(_, row)| row));
        let mark = training.forecast_mark(&AreaId::nation());
        Status {
            areas,
            plan: forecast.map(|forecast| forecast.plan.clone()),
            forecast_ms: mark.map(|mark| mark.clock_ms.0),
        }
    })
}

fn lines<'f>(forecast: &'f Forecast, within: &AreaId) -> Vec<&'f Line> {
    forecast.lines.iter().filter(|line| within.contains(&line.area)).collect()
}

fn count(row: &mut AreaStatus, people: &BTreeSet<&str>, passed: &BTreeMap<&str, Modules>) {
    row.attended = people.len() as u64;
    row.certified = 0;
    row.by_module = vec![0; usize::from(pehra_domain::member::MODULES)];
    for number in people {
        let Some(modules) = passed.get(number) else { continue };
        row.certified += 1;
        for module in modules.numbers() {
            if let Some(slot) = row.by_module.get_mut(usize::from(module) - 1) {
                *slot += 1;
            }
        }
    }
}

fn expect(row: &mut AreaStatus, line: &Line, today: Date, poll: Date) {
    row.tasked = Some(line.tasked.into());
    row.ready = Some(line.ready.into());
    row.expected_today = Some(line.ready_by(today).into());
    row.expected = Some(line.ready_by(poll).into());
    row.lacking = line.lacking.iter().map(|count| u64::from(*count)).collect();
}

impl AreaStatus {
    fn add(&mut self, other: &Self) {
        self.courses += other.courses;
        self.disputed += other.disputed;
        self.waiting += other.waiting;
        for (sum, more) in [
            (&mut self.tasked, other.tasked),
            (&mut self.ready, other.ready),
            (&mut self.expected_today, other.expected_today),
            (&mut self.expected, other.expected),
        ] {
            if let Some(more) = more {
                *sum = Some(sum.unwrap_or(0) + more);
            }
        }
        if self.lacking.len() < other.lacking.len() {
            self.lacking.resize(other.lacking.len(), 0);
        }
        for (sum, more) in self.lacking.iter_mut().zip(&other.lacking) {
            *sum += more;
        }
    }
}
