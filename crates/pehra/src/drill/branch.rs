//! What would have come of it: two copies of the day from one moment, one with something more in it, both lived to the end
//! beside the room. Nothing of them enters the record.

use super::{Drill, DrillError, Order, tally::Tally};
use pehra_domain::progress::{Cancelled, Watch, tell};
use pehra_drill::day::{Day, Second, scenario::Scripted};
use serde::Serialize;
use std::sync::{PoisonError, mpsc};

/// Stretch that is lived between two looks at whether somebody stopped it.
const STEP_S: i32 = 600;

/// Two days compared, from the moment where they part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = DrillCompared)]
pub struct Compared {
    pub from_s: i32,
    pub until_s: i32,
    pub injected: Vec<String>,
    /// As the day goes without it.
    pub without: Tally,
    pub with: Tally,
}

impl Drill {
    /// Lives the rest of the day twice from a moment, with and without something more. A moment that has passed is lived
    /// again from the beginning, with everything that was injected since.
    ///
    /// # Errors
    /// [`DrillError`]: stopped, over, or what is added cannot be.
    pub fn branch(
        &self,
        at: Option<Second>,
        added: &[Scripted],
        watch: &mut Watch<'_>,
    ) -> Result<Compared, DrillError> {
        let until = self.inner.scenario.until;
        let mut without = self.day_at(at, watch)?.with_threads(1);
        let from = without.now();
        let mut with = without.clone();
        for scripted in added {
            with.inject(scripted.clone()).map_err(|reasons| {
                DrillError::File(
                    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
                )
            })?;
        }
        let whole = u64::try_from(until.since(from)).unwrap_or(0) * 2;
        let mut compared = Compared {
            from_s: from.0,
            until_s: until.0,
            injected: added.iter().map(|it| it.name.clone()).collect(),
            without: Tally::default(),
            with: Tally::default(),
        };
        let (mut done, mut lived) = (0, Tally::default());
        live(&mut without, until, &mut lived, &mut |passed| {
            done = passed;
            tell(watch, "without it", done, whole)
        })?;
        compared.without = lived;
        let mut lived = Tally::default();
        live(&mut with, until, &mut lived, &mut |passed| {
            tell(watch, "with it", done + passed, whole)
        })?;
        compared.with = lived;
        Ok(compared)
    }

    fn day_at(&self, at: Option<Second>, watch: &mut Watch<'_>) -> Result<Day, DrillError> {
        let now = Second(self.status().now_s);
        let wanted = at.unwrap_or(now);
        let running = if wanted >= now {
            let (answer, told) = mpsc::channel();
            self.order(Order::Copy(answer)).ok().and_then(|()| told.recv().ok())
        } else {
            None
        };
        let mut day = match running {
            Some(day) => day,
            None => {
                let mut scenario = self.inner.scenario.clone();
                let injected = self.inner.injected.lock().unwrap_or_else(PoisonError::into_inner);
                scenario.script.extend(injected.iter().filter(|it| it.at < wanted).cloned());
                drop(injected);
                Day::new(std::sync::Arc::clone(&self.inner.plan), scenario)?.with_threads(1)
            }
        };
        let whole = u64::try_from(wanted.since(day.now())).unwrap_or(0);
        let mut nobody = Tally::default();
        live(&mut day, wanted, &mut nobody, &mut |passed| {
            tell(watch, "to the moment", passed, whole)
        })?;
        Ok(day)
    }
}

fn live(
    day: &mut Day,
    until: Second,
    tally: &mut Tally,
    told: &mut dyn FnMut(u64) -> Result<(), Cancelled>,
) -> Result<(), Cancelled> {
    let from = day.now();
    while day.now() < until && !day.is_over() {
        let next = until.min(day.now().plus(STEP_S));
        day.advance(next, &mut |happening| tally.count(&happening));
        told(u64::try_from(day.now().since(from)).unwrap_or(0))?;
    }
    Ok(())
}
