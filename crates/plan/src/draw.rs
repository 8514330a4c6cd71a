//! From numbers to names by lot: who of a unit holds which post, so that nobody can bend it and anybody can check it.
//!
//! Everybody of one kind in one unit stands in one urn. Whoever is excluded or lacks what everybody must have passed
//! is named and left out; posts that nobody may hold are named as vacant. Among all arrangements that keep every rule
//! (nobody at home, trained for the post, senior enough to lead) each is equally likely: see [`mix`](self).
//!
//! It is drawn in three stages, each with a seed of its own that does not exist before: who is called, who holds which
//! sort of post, and, on the eve, where. An earlier stage says nothing of a later one beyond what it publishes, and is
//! never contradicted by it. The format that lets others recompute a draw is `docs/formats/draw.md`.

pub mod ceremony;
mod chance;
mod fill;
mod group;
mod mix;
pub mod share;
#[cfg(test)]
mod tests;

pub use chance::Chance;

use group::{Group, Material, Place, sealed_sort};
use minicbor::{Decode, Encode};
use pehra_domain::{
    BuildingId, PersonId, UnitId,
    duty::{Demands, Detachment, Line, Lot, Post},
    force::StaffKind,
    member::{Member, Modules},
    progress::{Cancelled, Watch, tell},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a draw depends on besides the seeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Input {
    #[n(0)]
    pub people: Vec<Member>,
    #[n(1)]
    pub detachments: Vec<Detachment>,
    #[n(2)]
    pub demands: Demands,
}

impl Input {
    /// SHA-256 of the canonical bytes; the order of the rows does not matter.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut people: Vec<&Member> = self.people.iter().collect();
        people.sort_by(|a, b| a.number.cmp(&b.number));
        let mut detachments: Vec<&Detachment> = self.detachments.iter().collect();
        detachments.sort();
        hash_of("pehra draw input 1", (people, detachments, &self.demands))
    }
}

fn hash_of(label: &str, value: impl Encode<()>) -> [u8; 32] {
    let mut hash = Hashing(Sha256::new());
    hash.0.update(label.as_bytes());
    hash.0.update([0]);
    // Writing into a hash cannot fail, and every type here can be encoded.
    let _always_ok = minicbor::encode(value, &mut hash);
    hash.0.finalize().into()
}

struct Hashing(Sha256);

impl minicbor::encode::Write for Hashing {
    type Error = std::convert::Infallible;
    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.0.update(bytes);
        Ok(())
    }
}

/// The stages of a draw, in order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Who is called, and who stays at home.
    #[n(0)]
    Pool,
    /// Who holds which sort of post, and who is a spare.
    #[n(1)]
    Posts,
    /// Where.
    #[n(2)]
    Stations,
}

impl Stage {
    pub const ALL: [Self; 3] = [Self::Pool, Self::Posts, Self::Stations];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pool => "pool",
            Self::Posts => "posts",
            Self::Stations => "stations",
        }
    }
}

/// Why nothing can be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    #[error("service number {0} stands in the list twice")]
    DoubleNumber(PersonId),
    #[error(
        "unit {unit} is posted twice at {building} with one kind of staff; add the two rows up"
    )]
    DoubleDetachment { unit: UnitId, building: BuildingId },
    #[error("stage {} was drawn already; the next one is {}", .asked.word(), .next.map_or("none", Stage::word))]
    Order { asked: Stage, next: Option<Stage> },
    #[error("{0} holds no post in this draw")]
    NotPosted(PersonId),
    #[error("{0} was replaced already")]
    Replaced(PersonId),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Why a post is vacant. Later ones are told rather than earlier ones: they say what could be mended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum VacancyReason {
    /// Everybody of this kind in the unit holds a post.
    #[n(0)]
    NobodyLeft,
    /// Somebody is left, but not senior enough.
    #[n(1)]
    Junior,
    /// Somebody is left, but has not passed what the post asks.
    #[n(2)]
    Untrained,
    /// Somebody fit is left, but is at home there.
    #[n(3)]
    AtHome,
}

/// A post that nobody may hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize)]
pub struct Vacancy {
    /// Position in [`Input::detachments`].
    #[n(0)]
    pub detachment: u32,
    #[n(1)]
    pub post: Post,
    #[n(2)]
    pub reason: VacancyReason,
}

/// A draw as far as it has come.
#[derive(Clone, Debug)]
pub struct Draw<'i> {
    input: &'i Input,
    groups: Vec<Group>,
    drawn: Option<Stage>,
    replaced: BTreeSet<PersonId>,
}

impl<'i> Draw<'i> {
    /// Sorts people and posts into urns. Nothing is drawn yet.
    ///
    /// # Errors
    /// [`DrawError`] names a person or a posting that is there twice.
    pub fn try_new(input: &'i Input) -> Result<Self, DrawError> {
        let mut numbers = BTreeSet::new();
        if let Some(twice) = input.people.iter().find(|one| !numbers.insert(&one.number)) {
            return Err(DrawError::DoubleNumber(twice.number.clone()));
        }
        let mut urns: BTreeMap<(&UnitId, StaffKind), Material<'_>> = BTreeMap::new();
        let mut places = BTreeSet::new();
        // Sorted, so that the order of the rows decides nothing.
        let mut detachments: Vec<(u32, &Detachment)> = (0_u32..).zip(&input.detachments).collect();
        detachments.sort_by_key(|(_, one)| *one);
        for (number, one) in detachments {
            if !places.insert((&one.unit, one.kind, &one.building)) {
                let (unit, building) = (one.unit.clone(), one.building.clone());
                return Err(DrawError::DoubleDetachment { unit, building });
            }
            let urn = urns.entry((&one.unit, one.kind)).or_insert_with(Material::empty);
            urn.detachments.push((number, one));
        }
        for (position, one) in (0_u32..).zip(&input.people) {
            let fit = one.excluded.is_empty() && one.modules.includes(input.demands.everybody);
            if let Some(urn) = urns.get_mut(&(&one.unit, one.kind)).filter(|_| fit) {
                urn.people.push((position, one));
            }
        }
        let groups = urns.values().map(|urn| Group::new(urn, &input.demands)).collect();
        Ok(Self { input, groups, drawn: None, replaced: BTreeSet::new() })
    }

    /// The stage that comes next; none when all are drawn.
    #[must_use]
    pub fn next(&self) -> Option<Stage> {
        match self.drawn {
            None => Some(Stage::Pool),
            Some(Stage::Pool) => Some(Stage::Posts),
            Some(Stage::Posts) => Some(Stage::Stations),
            Some(Stage::Stations) => None,
        }
    }

    /// Draws one stage. Urns are independent: the number of threads changes nothing.
    ///
    /// # Errors
    /// [`DrawError::Order`] when another stage comes first, or the caller stopped the work.
    pub fn draw(
        &mut self,
        stage: Stage,
        seed: &[u8; 32],
        threads: usize,
        watch: &mut Watch<'_>,
    ) -> Result<(), DrawError> {
        if self.next() != Some(stage) {
            return Err(DrawError::Order { asked: stage, next: self.next() });
        }
        let input = self.input;
        let total = self.groups.len() as u64;
        let mut done = 0;
        for part in self.groups.chunks_mut(URNS_PER_STEP) {
            tell(watch, stage.word(), done, total)?;
            done += part.len() as u64;
            let each = part.len().div_ceil(threads.max(1));
            std::thread::scope(|scope| {
                for share in part.chunks_mut(each.max(1)) {
                    scope.spawn(move || {
                        for group in share {
                            let name = urn_name(input, group);
                            let mut chance = Chance::new(STREAM, seed, &name);
                            mix_stage(group, &mut chance, stage);
                        }
                    });
                }
            });
        }
        self.drawn = Some(stage);
        Ok(())
    }

    /// Draws who replaces somebody that fell out: one of the spares of the same urn who may hold the post, each equally
    /// likely, from the last stage's seed and the service number of the one who fell out. None when no spare may.
    ///
    /// # Errors
    /// [`DrawError::NotPosted`] or [`DrawError::Replaced`].
    pub fn replace(
        &mut self,
        out: &PersonId,
        seed: &[u8; 32],
    ) -> Result<Option<PersonId>, DrawError> {
        if self.drawn != Some(Stage::Stations) {
            return Err(DrawError::NotPosted(out.clone()));
        }
        if self.replaced.contains(out) {
            return Err(DrawError::Replaced(out.clone()));
        }
        let input = self.input;
        for group in &mut self.groups {
            let number = |person: u32| &input.people[group.people[person as usize] as usize].number;
            let found = (0..group.places.len()).find(|&at| {
                matches!(group.places[at], Place::Post(..)) && number(group.holder[at]) == out
            });
            let Some(post) = found else { continue };
            let sort = group.place_sort[post];
            let mut spares: Vec<usize> = (0..group.places.len())
                .filter(|&at| group.places[at] == Place::Spare)
                .filter(|&at| {
                    group.fits.fit(group.person_sort[group.holder[at] as usize], sort)
                        && !self.replaced.contains(number(group.holder[at]))
                })
                .collect();
            spares.sort_by_key(|&at| number(group.holder[at]));
            let mut chance = Chance::new(REPLACEMENT, seed, out.as_str());
            let count = u32::try_from(spares.len()).unwrap_or(u32::MAX);
            let chosen = spares.get(chance.below(count) as usize).copied();
            let stands_in = chosen.map(|at| number(group.holder[at]).clone());
            if let Some(at) = chosen {
                group.holder.swap(post, at);
                self.replaced.insert(out.clone());
            }
            return Ok(stands_in);
        }
        Err(DrawError::NotPosted(out.clone()))
    }

    /// Posts that nobody may hold: known before anything is drawn, and not a matter of chance.
    pub fn vacancies(&self) -> impl Iterator<Item = &Vacancy> {
        self.groups.iter().flat_map(|group| &group.vacancies)
    }

    /// What is known of everybody, in the order of service numbers.
    #[must_use]
    pub fn roster(&self) -> Vec<Line> {
        let mut lots: Vec<Option<Lot>> = vec![None; self.input.people.len()];
        for group in &self.groups {
            for (place, &holder) in group.places.iter().zip(&group.holder) {
                let position = group.people[holder as usize] as usize;
                lots[position] = Some(self.lot(*place));
            }
        }
        let everybody = self.input.demands.everybody;
        let mut lines: Vec<Line> = self
            .input
            .people
            .iter()
            .zip(lots)
            .map(|(one, lot)| Line {
                number: one.number.clone(),
                unit: one.unit.clone(),
                kind: one.kind,
                lot: lot.unwrap_or_else(|| left_out(one, everybody)),
            })
            .collect();
        lines.sort_by(|a, b| a.number.cmp(&b.number));
        lines
    }

    fn lot(&self, place: Place) -> Lot {
        match (place, self.drawn) {
            (Place::Home, Some(_)) | (_, None) => Lot::NotCalled,
            (Place::Post(..) | Place::Spare, Some(Stage::Pool)) => Lot::Called,
            (Place::Spare, Some(Stage::Posts | Stage::Stations)) => Lot::Spare,
            (Place::Post(post, _), Some(Stage::Posts)) => Lot::Holds { post },
            (Place::Post(post, detachment), Some(Stage::Stations)) => {
                let detachment = &self.input.detachments[detachment as usize];
                Lot::Posted { post, building: detachment.building.clone() }
            }
        }
    }

    /// SHA-256 of the roster's canonical bytes: what is signed when a stage is published.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        roster_hash(&self.roster())
    }
}

/// Urns between two looks at whether to go on.
const URNS_PER_STEP: usize = 256;
const STREAM: &str = "pehra draw stream 1";
const REPLACEMENT: &str = "pehra draw replacement 1";

/// SHA-256 of a roster's canonical bytes.
#[must_use]
pub fn roster_hash(lines: &[Line]) -> [u8; 32] {
    hash_of("pehra draw roster 1", lines)
}

fn left_out(one: &Member, everybody: Modules) -> Lot {
    if !one.excluded.is_empty() {
        return Lot::Excluded { why: one.excluded.clone() };
    }
    let lacks: Vec<u8> = one.modules.lacking(everybody).collect();
    if lacks.is_empty() { Lot::NotCalled } else { Lot::Untrained { lacks } }
}

/// An urn's name: its unit and kind, as `UNIT/police-man`.
fn urn_name(input: &Input, group: &Group) -> String {
    let Some(first) = group.people.first() else { return String::new() };
    let one = &input.people[*first as usize];
    format!("{}/{}", one.unit, one.kind.word())
}

fn mix_stage(group: &mut Group, chance: &mut Chance, stage: Stage) {
    match stage {
        Stage::Pool => mix::mix(group, chance, |_| Some(())),
        Stage::Posts => mix::mix(group, chance, |place| place.is_called().then_some(())),
        Stage::Stations => mix::mix(group, chance, |place| {
            matches!(place, Place::Post(..)).then(|| sealed_sort(place))
        }),
    }
}

/// The first line in which two rosters differ: what one says, what the other says.
#[must_use]
pub fn first_difference<'a>(
    one: &'a [Line],
    other: &'a [Line],
) -> Option<(Option<&'a Line>, Option<&'a Line>)> {
    let longest = one.len().max(other.len());
    (0..longest).map(|at| (one.get(at), other.get(at))).find(|(a, b)| a != b)
}
