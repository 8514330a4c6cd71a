//! Where quick-reaction teams are kept: from classes and units to bases with a bound, what a change would do, and what of
//! it is signed.

mod ground;
mod record;

pub use ground::{Ground, Sign};
pub use record::{Found, decided, find, in_force, name_of, propose, reserve_of, step};

use super::{THREADS, WorkError, dispatch::RoadsKept};
use crate::node::Node;
use pehra_domain::{StationId, UnitId, progress::Watch};
use pehra_plan::reserve::{
    base::{self, Block, Outlook, Suggestion},
    cover::{self, Bounding, Cover, CoverError, Effort, Teams},
    road::Measured,
};
use std::sync::{Arc, OnceLock};

/// Stop once no choice can be better by more than this, in hundred-thousandths.
const ENOUGH_PER_100_000: i64 = 100;

/// What is asked beyond a basing.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Bases that are lost after the basing was chosen.
    pub lose: Vec<UnitId>,
    /// Lines that no way may cross any more.
    pub blocks: Vec<Block>,
    /// Teams that come in addition.
    pub more: usize,
}

impl Question {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lose.is_empty() && self.blocks.is_empty() && self.more == 0
    }
}

/// A country with its times, ready for basings and questions.
pub struct Prepared {
    pub ground: Ground,
    /// All bases by road; none without a map. Filled when all are asked for.
    measured: OnceLock<Option<Measured>>,
    cover: OnceLock<Cover>,
}

impl Prepared {
    /// # Errors
    /// [`WorkError`]: something is missing, stopped, or the road map cannot be read.
    pub fn open(node: &Node, kept: &RoadsKept, watch: &mut Watch<'_>) -> Result<Self, WorkError> {
        let ground = Ground::open(node, kept, watch)?;
        Ok(Self { ground, measured: OnceLock::new(), cover: OnceLock::new() })
    }

    /// Who reaches whom, of all bases. Made once.
    fn cover(&self, watch: &mut Watch<'_>) -> Result<&Cover, WorkError> {
        if let Some(cover) = self.cover.get() {
            return Ok(cover);
        }
        if self.measured.get().is_none() {
            let measured = self.ground.measure(watch)?;
            self.measured.get_or_init(|| measured);
        }
        let cover = self.ground.problem((self.held(), &[]), watch)?;
        Ok(self.cover.get_or_init(|| cover))
    }

    fn held(&self) -> Option<&Measured> {
        self.measured.get()?.as_ref()
    }
}

/// Open bases, and what they mean for every station.
pub struct Standing {
    pub prepared: Arc<Prepared>,
    /// Ascending, a base as often as it has teams.
    pub open: Vec<u32>,
    /// Teams that one base may hold when there are more.
    pub per_base: u32,
    pub outlook: Outlook,
}

impl Standing {
    /// Looks at every station with these bases open.
    ///
    /// # Errors
    /// [`WorkError::Cancelled`].
    pub fn of(
        prepared: Arc<Prepared>,
        open: Vec<u32>,
        watch: &mut Watch<'_>,
    ) -> Result<Self, WorkError> {
        let outlook = prepared.ground.outlook((prepared.held(), &[]), &open, watch)?;
        let most = open.chunk_by(u32::eq).map(<[u32]>::len).max().unwrap_or(1);
        let per_base = u32::try_from(most).unwrap_or(u32::MAX);
        Ok(Self { prepared, open, per_base, outlook })
    }

    /// What losses, blocks and reinforcements would do. Where roads are cut and teams come in addition, their bases are
    /// chosen by the roads as they were, and what they reach is told by the roads that are left.
    ///
    /// # Errors
    /// [`WorkError::Input`] when no team is where one is to be lost, or [`WorkError::Cancelled`].
    pub fn change(&self, question: &Question, watch: &mut Watch<'_>) -> Result<Change, WorkError> {
        let Self { prepared, .. } = self;
        let mut open = self.open.clone();
        let mut lost = Vec::new();
        for unit in &question.lose {
            let base = prepared.ground.base(unit).filter(|base| open.contains(base));
            let base =
                base.ok_or_else(|| WorkError::Input(format!("no team is based at {unit}")))?;
            // Whoever stands there is lost with it.
            open.retain(|&held| held != base);
            lost.push(base);
        }
        if question.more > 0 {
            let by_roads = prepared.ground.roads().is_some();
            let blocked;
            let cover = if question.blocks.is_empty() || by_roads {
                prepared.cover(watch)?
            } else {
                blocked = prepared.ground.problem((None, &question.blocks), watch)?;
                &blocked
            };
            let more = Teams { all: question.more, per_base: self.per_base };
            open = cover::extend(cover, &open, more, &lost);
        }
        let asked = (prepared.held(), question.blocks.as_slice());
        let outlook = prepared.ground.outlook(asked, &open, watch)?;
        let (lose, gain) = base::changed(&self.outlook, &outlook);
        Ok(Change { open, outlook, lose, gain })
    }

    /// The free teams for an incident at a station, nearest first.
    ///
    /// # Errors
    /// [`WorkError::Input`] when no such station votes, or [`WorkError::Cancelled`].
    pub fn dispatch(
        &self,
        station: &StationId,
        (free, blocks, keep): (&[u32], &[Block], usize),
        watch: &mut Watch<'_>,
    ) -> Result<Vec<Suggestion>, WorkError> {
        let Self { prepared, .. } = self;
        let place = prepared.ground.stations.iter().position(|id| id == station);
        let place = place.ok_or_else(|| {
            WorkError::Input(format!("there is no station {station} that votes in this poll"))
        })?;
        let cover = prepared.cover(watch)?;
        prepared.ground.with_times((prepared.held(), blocks), free, watch, |times| {
            base::dispatch(cover, times, place, free, keep)
        })
    }
}

/// The same bases on another country's lists; those that it does not have are left out.
///
/// # Errors
/// [`WorkError::Cancelled`].
pub fn elsewhere(
    standing: &Standing,
    prepared: &Arc<Prepared>,
    watch: &mut Watch<'_>,
) -> Result<Standing, WorkError> {
    let units = &standing.prepared.ground.units;
    let unit = |&base: &u32| prepared.ground.base(units.get(base as usize)?);
    let mut open: Vec<u32> = standing.open.iter().filter_map(unit).collect();
    open.sort_unstable();
    Standing::of(Arc::clone(prepared), open, watch)
}

/// What open bases come to after losses, blocks and reinforcements.
pub struct Change {
    pub open: Vec<u32>,
    pub outlook: Outlook,
    /// Stations that lose, and that gain, every team in time.
    pub lose: Vec<usize>,
    pub gain: Vec<usize>,
}

/// A basing that was chosen here.
pub struct Based {
    pub standing: Standing,
    pub objective: i64,
    /// No choice of so many bases is worth more.
    pub bound: i64,
    /// Somebody stopped the search: the best until then was kept.
    pub stopped: bool,
}

impl Based {
    /// How much better a choice could be at the most, in hundred-thousandths.
    #[must_use]
    pub fn gap_per_100_000(&self) -> i64 {
        gap_per_100_000(self.objective, self.bound)
    }
}

/// The bound less the objective, in hundred-thousandths of the bound.
#[must_use]
pub fn gap_per_100_000(objective: i64, bound: i64) -> i64 {
    (bound - objective) * 100_000 / bound.max(1)
}

/// Chooses bases for so many teams, and looks at every station with them. Whoever stops the search keeps the best so far.
///
/// # Errors
/// [`WorkError`]: no team was asked for, or stopped before there was a choice.
pub fn solve(
    prepared: Arc<Prepared>,
    teams: impl Into<Teams>,
    watch: &mut Watch<'_>,
    told: &mut Bounding<'_>,
) -> Result<Based, WorkError> {
    let teams = teams.into();
    if teams.all == 0 {
        return Err(WorkError::Input("no team was asked for".to_owned()));
    }
    let (enough_per_100_000, threads) = (ENOUGH_PER_100_000, THREADS);
    let effort = Effort { enough_per_100_000, threads, ..Effort::default() };
    let cover = prepared.cover(watch)?;
    let chosen = cover::choose_bounding(cover, teams, effort, watch, told).map_err(from_cover)?;
    // Whoever stopped the search wants to see what was found.
    let mut go_on = |_| std::ops::ControlFlow::Continue(());
    let standing = Standing::of(prepared, chosen.basing.open, &mut go_on)?;
    let standing = Standing { per_base: teams.per_base.max(1), ..standing };
    let (objective, bound) = (chosen.basing.objective, chosen.basing.bound);
    Ok(Based { standing, objective, bound, stopped: chosen.stopped })
}

/// The units at whose places teams are kept: by the plan in force, otherwise as so many teams would be based now.
///
/// # Errors
/// As [`solve`].
pub fn units(
    node: &Node,
    teams: usize,
    kept: &RoadsKept,
    watch: &mut Watch<'_>,
) -> Result<Vec<UnitId>, WorkError> {
    if let Some((_, reserve)) = in_force(node) {
        return Ok(reserve.bases.into_iter().map(|base| base.unit).collect());
    }
    let prepared = Arc::new(Prepared::open(node, kept, watch)?);
    let standing = solve(prepared, teams, watch, &mut |_, _| {})?.standing;
    let units = &standing.prepared.ground.units;
    Ok(standing.open.iter().filter_map(|&base| units.get(base as usize).cloned()).collect())
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn from_cover(error: CoverError) -> WorkError {
    if let CoverError::Cancelled(cancelled) = error {
        return WorkError::Cancelled(cancelled);
    }
    WorkError::Input(error.to_string())
}
