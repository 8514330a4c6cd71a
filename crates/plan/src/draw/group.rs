//! People of one kind in one unit, and the places they can take: the part of a draw that stands by itself.
//!
//! Everybody holds exactly one place: a post, a spare's, or at home ("not called"). People and places of the same
//! sort are told apart by chance alone.

use super::{
    Vacancy, VacancyReason,
    fill::{Filled, fill},
};
use pehra_domain::{
    ConstituencyId,
    duty::{Demands, Detachment, Duty, Post},
    member::{Grade, Member, Modules},
    risk::RiskClass,
};
use std::collections::BTreeMap;

/// A place that somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// A post of the detachment with this number in the input.
    Post(Post, u32),
    Spare,
    Home,
}

impl Place {
    pub(super) fn is_called(self) -> bool {
        !matches!(self, Self::Home)
    }
}

/// Who fits where, by sort: `fits[sort of person × sorts of place + sort of place]`.
#[derive(Clone, Debug)]
pub(super) struct Fits {
    places: usize,
    fits: Vec<bool>,
}

impl Fits {
    pub(super) fn fit(&self, person: u32, place: u32) -> bool {
        self.fits[person as usize * self.places + place as usize]
    }
}

/// One unit's people of one kind.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Positions in the input's list of people.
    pub(super) people: Vec<u32>,
    pub(super) person_sort: Vec<u32>,
    pub(super) places: Vec<Place>,
    pub(super) place_sort: Vec<u32>,
    pub(super) fits: Fits,
    /// `holder[place]` is a position in `people`: as many places as people.
    pub(super) holder: Vec<u32>,
    pub(super) vacancies: Vec<Vacancy>,
}

/// Which sort of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort<'i> {
    Post(Post, &'i [ConstituencyId]),
    Spare,
    Home,
}

/// The people that may be drawn, and the detachments that they fill.
pub(super) struct Material<'i> {
    pub(super) people: Vec<(u32, &'i Member)>,
    pub(super) detachments: Vec<(u32, &'i Detachment)>,
}

impl Material<'_> {
    pub(super) fn empty() -> Self {
        Self { people: Vec::new(), detachments: Vec::new() }
    }
}

impl Group {
    /// Fills as many posts as can be: those of the higher class first, then leaders, then searchers. The rest are
    /// vacancies. Who holds what is decided by order alone here; chance comes with the draw.
    pub(super) fn new(material: &Material<'_>, demands: &Demands) -> Self {
        let mut posts: Vec<(Post, &[ConstituencyId], u32)> = Vec::new();
        for (number, detachment) in &material.detachments {
            let here = detachment.posts().map(|post| (post, &detachment.contests[..], *number));
            posts.extend(here);
        }
        // Stable: among equals the detachments' own order stays, which is not that of the input's rows.
        posts.sort_by_key(|(post, ..)| (std::cmp::Reverse(post.class), post.duty));

        let mut people: Vec<(u32, &Member)> = material.people.clone();
        people.sort_by(|a, b| a.1.number.cmp(&b.1.number));
        let person_sorts = sorts(people.iter().map(|(_, one)| (&one.home, one.modules, one.grade)));
        let place_sorts = sorts(
            posts
                .iter()
                .map(|&(post, contests, _)| Sort::Post(post, contests))
                .chain([Sort::Spare, Sort::Home]),
        );
        let fits = fits(&person_sorts.values, &place_sorts.values, demands);

        let asked = &place_sorts.of[..posts.len()];
        let Filled { taken, mut by_sort } = fill(
            &person_sorts.of,
            person_sorts.values.len(),
            asked,
            place_sorts.values.len(),
            &fits,
        );
        let mut group = Self {
            people: people.iter().map(|(position, _)| *position).collect(),
            person_sort: person_sorts.of,
            places: Vec::with_capacity(people.len()),
            place_sort: Vec::with_capacity(people.len()),
            fits,
            holder: Vec::with_capacity(people.len()),
            vacancies: Vec::new(),
        };
        let mut free: Vec<Vec<u32>> = vec![Vec::new(); person_sorts.values.len()];
        for (person, &sort) in (0_u32..).zip(&group.person_sort) {
            free[sort as usize].push(person);
        }
        for ((&(post, _, number), &sort), &taken) in posts.iter().zip(asked).zip(&taken) {
            if !taken {
                group.vacancies.push(Vacancy {
                    detachment: number,
                    post,
                    reason: VacancyReason::NobodyLeft,
                });
                continue;
            }
            let from = by_sort.take(sort);
            let person = from.and_then(|sort| free[sort as usize].pop());
            if let Some(person) = person {
                group.hold(Place::Post(post, number), sort, person);
            }
        }
        let mut left: Vec<u32> = free.into_iter().flatten().collect();
        left.sort_unstable();
        group.name_reasons(material, demands, &people, &left);
        group.seat_the_rest(&left, demands, &place_sorts);
        group
    }

    fn hold(&mut self, place: Place, sort: u32, person: u32) {
        self.places.push(place);
        self.place_sort.push(sort);
        self.holder.push(person);
    }

    /// Spares and those who stay at home.
    fn seat_the_rest(&mut self, left: &[u32], demands: &Demands, sorts: &Sorts<Sort<'_>>) {
        let posted = self.holder.len() as u64;
        let spares = (posted * u64::from(demands.spare_permille)).div_ceil(1_000);
        let [spare, home] = [sorts.of.len() - 2, sorts.of.len() - 1].map(|at| sorts.of[at]);
        for (place, &person) in (0_u64..).zip(left) {
            if place < spares {
                self.hold(Place::Spare, spare, person);
            } else {
                self.hold(Place::Home, home, person);
            }
        }
    }

    /// Why posts stay empty: looked up among those who are left.
    fn name_reasons(
        &mut self,
        material: &Material<'_>,
        demands: &Demands,
        people: &[(u32, &Member)],
        left: &[u32],
    ) {
        let contests: BTreeMap<u32, &[ConstituencyId]> =
            material.detachments.iter().map(|(number, one)| (*number, &one.contests[..])).collect();
        let mut known: BTreeMap<(Post, &[ConstituencyId]), VacancyReason> = BTreeMap::new();
        for vacancy in &mut self.vacancies {
            let contests = contests.get(&vacancy.detachment).copied().unwrap_or_default();
            let (post, modules) = (vacancy.post, demands.modules(vacancy.post));
            let reason = known.entry((post, contests)).or_insert_with(|| {
                let left = left.iter().filter_map(|&person| people.get(person as usize));
                let mut reason = VacancyReason::NobodyLeft;
                for (_, one) in left {
                    let trained = one.modules.includes(modules);
                    let senior = one.grade >= demands.grade_least(post);
                    reason = reason.max(match (trained, senior) {
                        (true, true) => VacancyReason::AtHome,
                        (false, true) => VacancyReason::Untrained,
                        (_, false) => VacancyReason::Junior,
                    });
                }
                reason
            });
            vacancy.reason = *reason;
        }
    }
}

/// Equal things numbered: `of[i]` is the number of item `i`'s sort, `values` the sorts by number.
struct Sorts<T> {
    of: Vec<u32>,
    values: Vec<T>,
}

fn sorts<T: Ord + Clone>(items: impl Iterator<Item = T>) -> Sorts<T> {
    let items: Vec<T> = items.collect();
    let mut values = items.clone();
    values.sort();
    values.dedup();
    let number = |item: &T| {
        let at = values.binary_search(item).unwrap_or_default();
        u32::try_from(at).unwrap_or(u32::MAX)
    };
    Sorts { of: items.iter().map(number).collect(), values }
}

type PersonSort<'i> = (&'i Vec<ConstituencyId>, Modules, Grade);

fn fits(people: &[PersonSort<'_>], places: &[Sort<'_>], demands: &Demands) -> Fits {
    let mut fits = Vec::with_capacity(people.len() * places.len());
    for (home, modules, grade) in people {
        for place in places {
            fits.push(match place {
                Sort::Post(post, contests) => {
                    modules.includes(demands.modules(*post))
                        && *grade >= demands.grade_least(*post)
                        && !home.iter().any(|seat| contests.contains(seat))
                }
                Sort::Spare | Sort::Home => true,
            });
        }
    }
    Fits { places: places.len(), fits }
}

/// Which class of the same post: places among which the last stage draws.
pub(super) fn sealed_sort(place: Place) -> (u8, u8) {
    match place {
        Place::Post(post, _) => {
            let class = match post.class {
                RiskClass::Normal => 0,
                RiskClass::Sensitive => 1,
                RiskClass::Most => 2,
            };
            (
                match post.duty {
                    Duty::Leader => 0,
                    Duty::Searcher => 1,
                    Duty::Guard => 2,
                },
                class,
            )
        }
        Place::Spare => (3, 0),
        Place::Home => (4, 0),
    }
}
