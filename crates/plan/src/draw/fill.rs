//! Which posts can be filled at all, by whom by sort: a flow between sorts of people and sorts of places.
//!
//! Posts come in order of importance; each is filled if that is possible without emptying one before it. Sets of posts
//! that can be filled together form a transversal matroid, so this greedy order fills the most, and the most important
//! (Edmonds and Fulkerson, Transversals and matroid partition, 1965).

use super::group::Fits;
use std::collections::VecDeque;

pub(super) struct Filled {
    /// For each asked post whether somebody takes it.
    pub(super) taken: Vec<bool>,
    pub(super) by_sort: BySort,
}

/// How many people of each sort take places of each sort.
pub(super) struct BySort {
    places: usize,
    count: Vec<u32>,
}

impl BySort {
    /// Takes one person for a place of this sort; answers the sort of the person.
    pub(super) fn take(&mut self, place: u32) -> Option<u32> {
        let people = self.count.len() / self.places.max(1);
        let at =
            (0..people).find(|person| self.count[person * self.places + place as usize] > 0)?;
        self.count[at * self.places + place as usize] -= 1;
        u32::try_from(at).ok()
    }
}

/// `people[i]` and `asked[j]` are sorts; `person_sorts` and `place_sorts` say how many there are.
pub(super) fn fill(
    people: &[u32],
    person_sorts: usize,
    asked: &[u32],
    place_sorts: usize,
    fits: &Fits,
) -> Filled {
    let mut free = vec![0_u32; person_sorts];
    for &sort in people {
        free[sort as usize] += 1;
    }
    let mut flow = Flow {
        fits,
        place_sorts,
        free,
        count: vec![0; person_sorts * place_sorts],
        dead: vec![false; place_sorts],
    };
    let taken = asked.iter().map(|&sort| flow.fill_one(sort)).collect();
    Filled { taken, by_sort: BySort { places: place_sorts, count: flow.count } }
}

struct Flow<'f> {
    fits: &'f Fits,
    place_sorts: usize,
    free: Vec<u32>,
    count: Vec<u32>,
    /// Sorts of places of which no further one can be filled, ever.
    dead: Vec<bool>,
}

impl Flow<'_> {
    /// Finds somebody for one more place of a sort: directly, or by moving others on.
    fn fill_one(&mut self, place: u32) -> bool {
        if self.dead[place as usize] {
            return false;
        }
        let persons = self.free.len();
        // Breadth first: `came` says over which sort of place a sort of people was reached, `led` the reverse.
        let mut came: Vec<Option<u32>> = vec![None; persons];
        let mut led: Vec<Option<usize>> = vec![None; self.place_sorts];
        let mut queue = VecDeque::from([place]);
        while let Some(at) = queue.pop_front() {
            for person in 0..persons {
                let number = u32::try_from(person).unwrap_or(u32::MAX);
                if came[person].is_some() || !self.fits.fit(number, at) {
                    continue;
                }
                came[person] = Some(at);
                if self.free[person] > 0 {
                    self.free[person] -= 1;
                    self.push(person, &came, &led);
                    return true;
                }
                for (next, led) in led.iter_mut().enumerate() {
                    let held = self.count[person * self.place_sorts + next] > 0;
                    if held && led.is_none() && next != place as usize {
                        *led = Some(person);
                        queue.extend(u32::try_from(next));
                    }
                }
            }
        }
        self.dead[place as usize] = true;
        false
    }

    /// Moves one person on at each step of the found way: the free one takes a place, whose holder takes the place over
    /// which they were reached, and so on to the one that was to be filled.
    fn push(&mut self, free: usize, came: &[Option<u32>], led: &[Option<usize>]) {
        let mut person = free;
        while let Some(place) = came[person] {
            let place = place as usize;
            self.count[person * self.place_sorts + place] += 1;
            let Some(before) = led[place] else { return };
            self.count[before * self.place_sorts + place] -= 1;
            person = before;
        }
    }
}
