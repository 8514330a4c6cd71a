//! Joins rows of the two assemblies that are one physical station.
//!
//! Evidence is voters (men and women, exactly) together with place or name. Rows are hashed by province and
//! voters into small groups; within a group pairs are tried in tiers of falling strength, and a pair is joined
//! only if neither row has another partner in the tier:
//!
//! 1. equal points, name stems equal;
//! 2. points within 300 m, name stems equal;
//! 3. points within 300 m, stems of the building alike;
//! 4. points within 300 m and the same kind;
//! 5. a point missing on one side or both, stems equal;
//! 6. points within 2 km, stems equal.
//!
//! Equal name and voters with points farther apart, several equal partners, and equal place and name with other
//! voters are offered, never joined.

use super::{AmbiguousPair, Doubt, Draft, Drafts};
use crate::name::{Stem, alike, stem};
use pehra_domain::contest::Assembly;
use pehra_domain::progress::{Cancelled, Watch, tell};
use pehra_domain::{Point, StationId};
use std::collections::BTreeMap;

/// Points of one place in two lists.
const NEAR_M: f64 = 300.0;
/// Points of one place of which one was taken carelessly.
const CARELESS_M: f64 = 2_000.0;
/// Pairs looked at in one group; a larger group says nothing by its voters.
const PAIRS_MAX: usize = 10_000;
/// Partners offered to one row.
const OFFERED_MAX: u32 = 8;

pub(super) struct Merged {
    /// For each draft the other row of its station.
    pub(super) partner: Vec<Option<usize>>,
    pub(super) ambiguous: Vec<AmbiguousPair>,
    /// For each doubtful provincial draft the national keys it may belong to.
    pub(super) doubtful: BTreeMap<usize, Vec<StationId>>,
}

struct Merger<'a> {
    drafts: &'a Drafts,
    stems: Vec<Option<Stem>>,
    partner: Vec<Option<usize>>,
    doubts: Vec<(usize, usize, Doubt)>,
    offered: BTreeMap<usize, u32>,
}

pub(super) fn merge(
    drafts: &Drafts,
    decided: &[(StationId, StationId)],
    watch: &mut Watch<'_>,
) -> Result<Merged, Cancelled> {
    let count = drafts.list.len();
    let mut merger = Merger {
        drafts,
        stems: vec![None; count],
        partner: vec![None; count],
        doubts: Vec::new(),
        offered: BTreeMap::new(),
    };
    merger.join_decided(decided);
    merger.by_voters(watch)?;
    merger.by_place(watch)?;
    Ok(merger.finish())
}

impl Merger<'_> {
    fn draft(&self, index: usize) -> &Draft {
        &self.drafts.list[index]
    }

    fn join(&mut self, national: usize, provincial: usize) {
        self.partner[national] = Some(provincial);
        self.partner[provincial] = Some(national);
    }

    /// Notes a pair to be offered; a row with very many possible partners is offered the first ones only.
    fn doubt(&mut self, n: usize, p: usize, reason: Doubt) {
        let offered = self.offered.entry(p).or_default();
        if *offered < OFFERED_MAX {
            *offered += 1;
            self.doubts.push((n, p, reason));
        }
    }

    fn join_decided(&mut self, decided: &[(StationId, StationId)]) {
        if decided.is_empty() {
            return;
        }
        let keys: BTreeMap<String, usize> = (0..self.drafts.list.len())
            .map(|index| (self.drafts.key(self.draft(index)), index))
            .collect();
        for (national, provincial) in decided {
            let pair = (keys.get(national.as_str()), keys.get(provincial.as_str()));
            if let (Some(&n), Some(&p)) = pair
                && self.drafts.assembly(self.draft(n)) == Assembly::National
                && self.drafts.assembly(self.draft(p)) == Assembly::Provincial
                && self.partner[n].is_none()
                && self.partner[p].is_none()
            {
                self.join(n, p);
            }
        }
    }

    fn by_voters(&mut self, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
        let key = |index: usize| {
            let draft = &self.drafts.list[index];
            let assembly = self.drafts.assembly(draft);
            ((self.drafts.province(draft), draft.voters), assembly, self.drafts.key(draft), index)
        };
        let mut order: Vec<_> = (0..self.drafts.list.len())
            .filter(|&index| self.draft(index).voters.total() > 0 && self.partner[index].is_none())
            .map(key)
            .collect();
        order.sort_unstable();
        let total = u64::try_from(order.len()).unwrap_or(u64::MAX);
        let mut done = 0_u64;
        for group in order.chunk_by(|a, b| a.0 == b.0) {
            done += u64::try_from(group.len()).unwrap_or(0);
            tell(watch, "merge", done, total)?;
            let split = group.partition_point(|member| member.1 == Assembly::National);
            let (national, provincial) = group.split_at(split);
            if national.is_empty() || provincial.is_empty() {
                continue;
            }
            let national: Vec<usize> = national.iter().map(|member| member.3).collect();
            let provincial: Vec<usize> = provincial.iter().map(|member| member.3).collect();
            if national.len().saturating_mul(provincial.len()) <= PAIRS_MAX {
                self.group(&national, &provincial);
            }
        }
        Ok(())
    }

    fn group(&mut self, national: &[usize], provincial: &[usize]) {
        for &index in national.iter().chain(provincial) {
            if self.stems[index].is_none() {
                self.stems[index] = Some(stem(&self.drafts.list[index].name));
            }
        }
        let mut pairs: Vec<(u8, usize, usize)> = Vec::new();
        for &n in national {
            for &p in provincial {
                if let Some(tier) = self.tier(n, p) {
                    pairs.push((tier, n, p));
                }
            }
        }
        for tier in 1..=APART {
            let open: Vec<(usize, usize)> = pairs
                .iter()
                .filter(|(t, n, p)| {
                    *t == tier && self.partner[*n].is_none() && self.partner[*p].is_none()
                })
                .map(|&(_, n, p)| (n, p))
                .collect();
            let mut partners: BTreeMap<usize, u32> = BTreeMap::new();
            for &(n, p) in &open {
                *partners.entry(n).or_default() += 1;
                *partners.entry(p).or_default() += 1;
            }
            for &(n, p) in &open {
                let doubt = if partners.get(&n) != Some(&1) || partners.get(&p) != Some(&1) {
                    Doubt::SeveralFit
                } else if tier == APART {
                    Doubt::PointsApart
                } else {
                    self.join(n, p);
                    continue;
                };
                self.doubt(n, p, doubt);
            }
        }
    }

    /// How strongly two rows with equal voters are one station; none when they are not.
    fn tier(&self, n: usize, p: usize) -> Option<u8> {
        let (one, other) = (self.draft(n), self.draft(p));
        let (Some(a), Some(b)) = (&self.stems[n], &self.stems[p]) else { return None };
        match (one.point, other.point) {
            (Some(here), Some(there)) => {
                let metres = distance(here, there);
                if metres <= NEAR_M {
                    if a == b {
                        Some(if here == there { 1 } else { 2 })
                    } else if alike(&a.building, &b.building) {
                        Some(3)
                    } else {
                        (one.kind == other.kind).then_some(4)
                    }
                } else if a == b {
                    Some(if metres <= CARELESS_M { 6 } else { APART })
                } else {
                    None
                }
            }
            _ => (a == b).then_some(5),
        }
    }

    /// Unjoined rows with one place and name whose voters differ.
    fn by_place(&mut self, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
        let mut order = Vec::new();
        for index in 0..self.drafts.list.len() {
            let draft = &self.drafts.list[index];
            let Some(point) = draft.point.filter(|_| self.partner[index].is_none()) else {
                continue;
            };
            let own = match self.stems[index].take() {
                Some(known) => known,
                None => stem(&draft.name),
            };
            let province = self.drafts.province(draft);
            let assembly = self.drafts.assembly(draft);
            let key = self.drafts.key(draft);
            order.push(((province, own, draft.kind), point, assembly, key, index));
        }
        order.sort_unstable();
        for group in order.chunk_by(|a, b| a.0 == b.0) {
            tell(watch, "merge", 0, 0)?;
            let of = |assembly: Assembly| group.iter().filter(move |m| m.2 == assembly);
            let (national, provincial) =
                (of(Assembly::National).count(), of(Assembly::Provincial).count());
            if national.saturating_mul(provincial) > PAIRS_MAX {
                continue;
            }
            for n in of(Assembly::National) {
                for p in of(Assembly::Provincial) {
                    // Equal voters were judged before.
                    let differ = self.draft(n.4).voters != self.draft(p.4).voters;
                    if differ && distance(n.1, p.1) <= NEAR_M {
                        self.doubt(n.4, p.4, Doubt::VotersDiffer);
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Merged {
        let mut ambiguous = Vec::new();
        let mut doubtful: BTreeMap<usize, Vec<StationId>> = BTreeMap::new();
        for &(n, p, reason) in &self.doubts {
            if self.partner[n].is_some() || self.partner[p].is_some() {
                continue;
            }
            let (one, other) = (self.draft(n), self.draft(p));
            let ids = (
                StationId::try_new(self.drafts.key(one)),
                StationId::try_new(self.drafts.key(other)),
            );
            let (Ok(national), Ok(provincial)) = ids else { continue };
            let distance_m = match (one.point, other.point) {
                (Some(here), Some(there)) => Some(whole_metres(distance(here, there))),
                _ => None,
            };
            doubtful.entry(p).or_default().push(national.clone());
            ambiguous.push(AmbiguousPair { national, provincial, distance_m, reason });
        }
        ambiguous.sort();
        for keys in doubtful.values_mut() {
            keys.sort();
        }
        Merged { partner: self.partner, ambiguous, doubtful }
    }
}

/// The tier that is only offered.
const APART: u8 = 7;

/// Metres between two points; nothing to compute for equal ones, which most pairs have.
fn distance(one: Point, other: Point) -> f64 {
    if one == other { 0.0 } else { one.distance_m(other) }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "distances on Earth are below 20,100,000 m and not negative"
)]
fn whole_metres(metres: f64) -> u32 {
    metres.round() as u32
}
