//! What was warned of before it happened: every root of the day, when somebody was warned, and when what it spoke of came.

use super::{
    Drill,
    evaluate::Knew,
    tip::{Matter, Step},
};
use pehra_domain::UnixMs;
use pehra_drill::day::Second;
use pehra_ops::{
    State,
    intelligence::{Record, fusion},
};
use serde::Serialize;
use std::sync::PoisonError;

/// One root: echoes count once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillWarned)]
pub struct Warned {
    pub root: String,
    pub area: String,
    /// A code of the taxonomy.
    pub code: String,
    pub from_ms: i64,
    pub until_ms: i64,
    pub heard_ms: i64,
    /// Reports of the root, however many services passed it on, and how many of them were graded.
    pub reports: u32,
    pub graded: u32,
    /// What the root alone stands at by its grades, in ten-thousandths.
    pub posterior_e4: u32,
    /// When somebody was warned; of what people released, within the minute in which the room's knowledge is noted.
    pub released_ms: Option<i64>,
    pub ordered_ms: Option<i64>,
    pub confirmed_ms: Option<i64>,
    /// When what it spoke of happened: the same kind, in the district, within the window.
    pub occurred_ms: Option<i64>,
    /// `before`: warned before it happened; `after`: too late; `unwarned`: it happened and nobody was warned; `nothing`:
    /// the window passed and nothing happened; `open`: it has not passed yet.
    pub verdict: String,
}

/// The moments of one root on record, by the wall.
#[derive(Default)]
struct OnRecord {
    reports: u32,
    graded: u32,
    posterior_e4: u32,
    released: Option<UnixMs>,
    ordered: Option<UnixMs>,
    confirmed: Option<UnixMs>,
}

impl Drill {
    /// Every root of the day so far, the one that was heard of first at the head.
    pub(super) fn warned(&self, now: UnixMs, knew: &[Knew]) -> Vec<Warned> {
        let matters: Vec<Matter> = self.tips().all().cloned().collect();
        let mut rows: Vec<Warned> = matters.iter().map(|it| self.of(it, now, knew)).collect();
        rows.sort_by(|a, b| a.heard_ms.cmp(&b.heard_ms).then_with(|| a.root.cmp(&b.root)));
        rows
    }

    fn of(&self, matter: &Matter, now: UnixMs, knew: &[Knew]) -> Warned {
        let at = |second: Second| second.unix_ms(self.inner.day).0;
        let found = self.inner.node.ops(|state| on_record(state, &matter.root));
        // What a simulated desk did is known to the second; what people did, by what the room knew next.
        let when = |step: Step, wall: Option<UnixMs>| {
            let wall = wall?;
            let simulated = matter.taken.get(&step).map(|at| at.0);
            simulated.or_else(|| {
                let then = knew.partition_point(|it| it.wall_ms < wall.0);
                Some(knew.get(then).map_or(now.0, |it| it.at_ms))
            })
        };
        let released_ms = when(Step::Release, found.released);
        let occurred_ms = self.occurred(matter).map(at);
        let until_ms = at(matter.until);
        let verdict = match (occurred_ms, released_ms) {
            (Some(occurred), Some(released)) if released < occurred => "before",
            (Some(_), Some(_)) => "after",
            (Some(_), None) => "unwarned",
            (None, _) if until_ms <= now.0 => "nothing",
            (None, _) => "open",
        };
        Warned {
            root: matter.root.clone(),
            area: self.area(matter.district).map_or_else(String::new, ToString::to_string),
            code: matter.trouble.word().to_owned(),
            from_ms: at(matter.from),
            until_ms,
            heard_ms: at(matter.heard),
            reports: found.reports,
            graded: found.graded,
            posterior_e4: found.posterior_e4,
            released_ms,
            ordered_ms: when(Step::Order, found.ordered),
            confirmed_ms: when(Step::Confirm, found.confirmed),
            occurred_ms,
            verdict: verdict.to_owned(),
        }
    }

    fn occurred(&self, matter: &Matter) -> Option<Second> {
        let truths = self.inner.truths.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = truths.all().map(|(_, truth)| truth).filter(|truth| {
            truth.trouble == matter.trouble
                && truth.district == Some(matter.district)
                && (matter.from..matter.until).contains(&truth.occurred)
        });
        fits.map(|truth| truth.occurred).min()
    }
}

fn on_record(state: &State, root: &str) -> OnRecord {
    let desk = &state.intelligence;
    let of_root = |record: &Record| record.written().is_some_and(|(told, _)| told.root == root);
    let all: Vec<_> = desk.all().filter(|(_, record)| of_root(record)).collect();
    let mut found = OnRecord { reports: narrow(all.len()), ..OnRecord::default() };
    let earliest =
        |known: Option<UnixMs>, at: UnixMs| Some(known.map_or(at, |known| known.min(at)));
    let mut latest = UnixMs(i64::MIN);
    for (_, record) in &all {
        if let Some((told, _)) = record.written().filter(|_| record.grade().is_some()) {
            found.graded += 1;
            latest = latest.max(told.obtained);
        }
        let Some((release, _, _, mark)) = record.released() else { continue };
        found.released = earliest(found.released, mark.clock_ms);
        for (_, order, mark, entry) in state.orders.all() {
            let Some(charge) = order.charge.as_ref().filter(|it| it.warning == release) else {
                continue;
            };
            found.ordered = earliest(found.ordered, mark.clock_ms);
            let done = entry.acted.iter().filter(|((_, role), _)| *role == charge.owner);
            if let Some(at) = done.map(|(_, answer)| answer.mark.clock_ms).min() {
                found.confirmed = earliest(found.confirmed, at);
            }
        }
    }
    let reports: Vec<_> = all.iter().map(|(at, _)| *at).collect();
    let voices = fusion::voices(desk, &reports, latest);
    found.posterior_e4 = fusion::fuse(fusion::PRIOR_E4, &voices).posterior_e4;
    found
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How many rows have a verdict.
#[must_use]
pub fn count(rows: &[Warned], verdict: &str) -> u32 {
    narrow(rows.iter().filter(|row| row.verdict == verdict).count())
}
