//! What the room remembers of basings: the country that they were chosen on, the last few, and what was worked out about
//! those on record.

use super::ReserveRow;
use crate::{
    http::{
        plans::StatusWord,
        problem::{Code, Problem},
        room::Room,
    },
    work::{
        WorkError,
        reserves::{self as work, Based, Found, Ground, Prepared, Sign, Standing},
    },
};
use pehra_domain::{UnixMs, progress::Watch};
use pehra_ops::plan::{Phase, Reserve};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Basings that were chosen here and not signed, the newest last.
const DRAFTS_MAX: usize = 8;
/// Plans on record of which the stations' times are kept.
const LOOKED_MAX: usize = 4;

/// A basing that was chosen here since the start.
pub(super) struct Draft {
    pub(super) id: String,
    label: String,
    by: String,
    at: UnixMs,
    pub(super) based: Based,
    reserve: Reserve,
}

#[derive(Default)]
struct Kept {
    /// What the country of now was when its hash was last worked out.
    seen: Option<(Sign, [u8; 32])>,
    prepared: Option<Arc<Prepared>>,
    drafts: Vec<Arc<Draft>>,
    /// By name and by what the country was.
    looked: Vec<(String, [u8; 32], Arc<Standing>)>,
}

#[derive(Default)]
pub struct ReservesKept {
    kept: Mutex<Kept>,
    /// Held while a country is prepared, so that a second asker waits for the first one's.
    preparing: Mutex<()>,
}

/// A basing as it is known: chosen here, on record, or both.
pub(super) struct Known {
    pub(super) id: String,
    pub(super) draft: Option<Arc<Draft>>,
    pub(super) found: Option<Found>,
    in_force: bool,
}

impl ReservesKept {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The country of now, with its times; made when it has changed.
    ///
    /// # Errors
    /// As [`Prepared::open`].
    pub(super) fn prepared(
        &self,
        room: &Room,
        watch: &mut Watch<'_>,
    ) -> Result<Arc<Prepared>, WorkError> {
        let _one = self.preparing.lock().unwrap_or_else(PoisonError::into_inner);
        let sign = Sign::of(room.node());
        let seen = self.kept().seen.clone().filter(|(seen, _)| seen.is(&sign));
        let now = match seen {
            Some((_, input)) => input,
            None => Ground::input_now(room.node())?,
        };
        self.kept().seen = Some((sign, now));
        if let Some(prepared) = self.kept().prepared.clone().filter(|it| it.ground.input == now) {
            return Ok(prepared);
        }
        let prepared = Arc::new(Prepared::open(room.node(), room.roads(), watch)?);
        self.kept().prepared = Some(Arc::clone(&prepared));
        Ok(prepared)
    }

    /// Keeps a basing and answers its name; the same one again takes the place of the first.
    pub(super) fn keep(&self, based: Based, label: String, by: String, at: UnixMs) -> String {
        let reserve = work::reserve_of(&based.standing);
        let id = work::name_of(reserve.manifest());
        let label = if label.is_empty() { id.clone() } else { label };
        let draft = Draft { id: id.clone(), label, by, at, based, reserve };
        let mut kept = self.kept();
        kept.drafts.retain(|held| held.id != draft.id);
        kept.drafts.push(Arc::new(draft));
        let over = kept.drafts.len().saturating_sub(DRAFTS_MAX);
        kept.drafts.drain(..over);
        id
    }

    /// Every basing that is known, the newest first.
    pub(super) fn all(&self, room: &Room) -> Vec<Known> {
        let in_force = work::in_force(room.node()).map(|(adoption, _)| adoption.plan);
        let mut drafts = self.kept().drafts.clone();
        let mut all: Vec<Known> = Vec::new();
        for found in work::decided(room.node()) {
            let id = work::name_of(found.proposal.manifest);
            // Proposed again after it was withdrawn: the newest counts.
            if all.iter().any(|known| known.id == id) {
                continue;
            }
            let draft = drafts.iter().position(|draft| draft.id == id);
            let draft = draft.map(|at| drafts.remove(at));
            let in_force = in_force == Some(found.at);
            all.push(Known { id, draft, found: Some(found), in_force });
        }
        let unsigned = drafts.into_iter().map(|draft| {
            let id = draft.id.clone();
            Known { id, draft: Some(draft), found: None, in_force: false }
        });
        all.extend(unsigned);
        all.sort_by_key(|known| std::cmp::Reverse(known.made_ms()));
        all
    }

    /// # Errors
    /// Not found.
    pub(super) fn one(&self, room: &Room, id: &str) -> Result<Known, Problem> {
        let found = self.all(room).into_iter().find(|known| known.id == id);
        found.ok_or_else(|| Problem::not_found(id))
    }

    /// What a basing means for every station: as it was chosen, or worked out on the country of now.
    ///
    /// # Errors
    /// [`Problem`]: the lists are missing, or whoever asked has left.
    pub(super) fn standing(
        &self,
        room: &Room,
        known: &Known,
        watch: &mut Watch<'_>,
    ) -> Result<Looked, Problem> {
        let prepared = self.prepared(room, watch)?;
        let now = prepared.ground.input;
        if let Some(draft) = &known.draft {
            let outdated = draft.based.standing.prepared.ground.input != now;
            return Ok(Looked { of: Of::Draft(Arc::clone(draft)), outdated });
        }
        let found = known.found.as_ref().ok_or_else(|| Problem::not_found(&known.id))?;
        let outdated = found.proposal.summary.input_hash.0 != now;
        let same = |held: &&(String, [u8; 32], Arc<Standing>)| held.0 == known.id && held.1 == now;
        if let Some((_, _, standing)) = self.kept().looked.iter().find(same) {
            return Ok(Looked { of: Of::Record(Arc::clone(standing)), outdated });
        }
        let units = found.reserve.bases.iter();
        let mut open: Vec<u32> = units
            .flat_map(|base| {
                let at = prepared.ground.base(&base.unit);
                std::iter::repeat_n(at, usize::from(base.teams)).flatten()
            })
            .collect();
        open.sort_unstable();
        let standing = Arc::new(Standing::of(prepared, open, watch)?);
        let mut kept = self.kept();
        if kept.looked.len() >= LOOKED_MAX {
            kept.looked.remove(0);
        }
        kept.looked.push((known.id.clone(), now, Arc::clone(&standing)));
        Ok(Looked { of: Of::Record(standing), outdated })
    }
}

/// A basing with its stations.
pub(super) struct Looked {
    of: Of,
    /// Units, stations, classes or roads are not those that it was chosen on.
    pub(super) outdated: bool,
}

enum Of {
    Draft(Arc<Draft>),
    Record(Arc<Standing>),
}

impl Looked {
    pub(super) fn standing(&self) -> &Standing {
        match &self.of {
            Of::Draft(draft) => &draft.based.standing,
            Of::Record(standing) => standing,
        }
    }
}

impl Known {
    fn made_ms(&self) -> i64 {
        match (&self.draft, &self.found) {
            (Some(draft), _) => draft.at.0,
            (None, Some(found)) => found.proposed_ms,
            (None, None) => 0,
        }
    }

    /// The basing that can be signed.
    ///
    /// # Errors
    /// It is not here any more: it was chosen before the node's last start.
    pub(super) fn based(&self) -> Result<(&Based, &str), Problem> {
        let draft = self.draft.as_ref().ok_or_else(|| Problem::not_found(&self.id))?;
        Ok((&draft.based, &draft.label))
    }

    /// # Errors
    /// Nobody proposed it yet.
    pub(super) fn proposed(&self) -> Result<&Found, Problem> {
        self.found.as_ref().ok_or_else(|| Problem::about(Code::WrongStep, "propose"))
    }

    pub(super) fn row(&self) -> ReserveRow {
        let (draft, found) = (self.draft.as_ref(), self.found.as_ref());
        let reserve = draft.map(|it| &it.reserve).or_else(|| found.map(|it| &it.reserve));
        let summary = found.map(|found| &found.proposal.summary);
        let objective =
            summary.map(|it| it.objective).or_else(|| draft.map(|it| it.based.objective));
        let bound = summary.map(|it| it.dual_bound).or_else(|| draft.map(|it| it.based.bound));
        let (objective, bound) = (objective.unwrap_or_default(), bound.unwrap_or_default());
        let label =
            found.map(|it| it.proposal.name.clone()).or_else(|| draft.map(|it| it.label.clone()));
        let by = draft.map(|it| it.by.clone()).or_else(|| found.map(|it| it.proposed_by.clone()));
        let status = found.map_or(Phase::Unknown, |found| found.phase);
        ReserveRow {
            id: self.id.clone(),
            label: label.unwrap_or_default(),
            status: StatusWord::from(status),
            made_ms: self.made_ms(),
            by: by.unwrap_or_default(),
            proposed_by: found.map(|found| found.proposed_by.clone()),
            teams: reserve.map_or(0, Reserve::teams),
            bases: reserve.map_or(0, |it| u32::try_from(it.bases.len()).unwrap_or(u32::MAX)),
            objective,
            bound,
            gap: bound - objective,
            stopped: draft.is_some_and(|draft| draft.based.stopped),
            by_road: reserve.map_or(0, |it| it.by_road),
            estimated: reserve.map_or(0, |it| it.estimated),
            in_force: self.in_force,
            here: draft.is_some(),
        }
    }
}
