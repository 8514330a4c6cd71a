//! Places matched to leaders, one at a time, and anew where a place is served by others than before.

use std::collections::{BTreeMap, VecDeque};

/// Leaders come in rows; whoever is in one row may lead the same places.
pub(in crate::allocate) struct Matching {
    free: Vec<u32>,
    /// Rows from whom no free leader can be reached, however places are led.
    dead: Vec<bool>,
    /// By place: the rows that may lead it, and the one that does.
    able: Vec<Vec<usize>>,
    leader: Vec<Option<usize>>,
    led: Vec<Vec<usize>>,
}

impl Matching {
    pub(in crate::allocate) fn new(free: Vec<u32>) -> Self {
        let rows = free.len();
        Self {
            free,
            dead: vec![false; rows],
            able: Vec::new(),
            leader: Vec::new(),
            led: vec![Vec::new(); rows],
        }
    }

    /// One more place; whether somebody leads it.
    pub(in crate::allocate) fn add(&mut self, able: Vec<usize>) -> bool {
        self.able.push(able);
        self.leader.push(None);
        self.lead(self.able.len() - 1)
    }

    pub(in crate::allocate) fn places(&self) -> usize {
        self.able.len()
    }

    pub(in crate::allocate) fn is_led(&self, place: usize) -> bool {
        self.leader[place].is_some()
    }

    /// Other rows may lead a place from now on: who leads it goes on if that is one of them. The rows of before.
    pub(in crate::allocate) fn set(&mut self, place: usize, able: Vec<usize>) -> Vec<usize> {
        if let Some(row) = self.leader[place]
            && !able.contains(&row)
        {
            self.leader[place] = None;
            self.led[row].retain(|&led| led != place);
            self.free[row] += 1;
        }
        self.dead.fill(false);
        std::mem::replace(&mut self.able[place], able)
    }

    /// Finds a leader for a place that has none, moving others on where that helps (a shortest alternating path).
    pub(in crate::allocate) fn lead(&mut self, place: usize) -> bool {
        if self.is_led(place) {
            return true;
        }
        match self.search(VecDeque::from([(place, None)]), BTreeMap::new()) {
            Ok((free, reached)) => {
                self.free[free] -= 1;
                self.hand_on(free, &reached);
                true
            }
            Err(()) => false,
        }
    }

    /// Whether somebody of a row can be had for one place more.
    pub(in crate::allocate) fn spares(&mut self, row: usize) -> bool {
        if self.free[row] > 0 {
            return true;
        }
        if self.dead[row] {
            return false;
        }
        let queue = self.led[row].iter().map(|&place| (place, Some(row))).collect();
        let spares = self.search(queue, BTreeMap::from([(row, (usize::MAX, None))])).is_ok();
        self.dead[row] = !spares;
        spares
    }

    /// The first row with somebody free, and over which place each row was reached and which row leads that place now.
    /// Where there is none, all that were reached are dead.
    fn search(
        &mut self,
        mut queue: VecDeque<(usize, Option<usize>)>,
        mut reached: Reached,
    ) -> Result<(usize, Reached), ()> {
        while let Some((at, leader)) = queue.pop_front() {
            for &row in &self.able[at] {
                if self.dead[row] || reached.contains_key(&row) {
                    continue;
                }
                reached.insert(row, (at, leader));
                if self.free[row] > 0 {
                    return Ok((row, reached));
                }
                queue.extend(self.led[row].iter().map(|&place| (place, Some(row))));
            }
        }
        for row in reached.into_keys() {
            self.dead[row] = true;
        }
        Err(())
    }

    fn hand_on(&mut self, free: usize, reached: &Reached) {
        let mut row = free;
        while let Some(&(place, before)) = reached.get(&row) {
            self.led[row].push(place);
            self.leader[place] = Some(row);
            let Some(before) = before else { return };
            self.led[before].retain(|&led| led != place);
            row = before;
        }
    }
}

type Reached = BTreeMap<usize, (usize, Option<usize>)>;

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::seed::Seed;

    #[test]
    fn somebody_leads_elsewhere_when_that_frees_a_leader() {
        let mut matching = Matching::new(vec![1, 1, 1]);
        assert!(matching.add(vec![0, 1]));
        assert!(matching.add(vec![0, 2]));
        assert!(matching.add(vec![0]), "the first two move on to the others");
        assert!(!matching.add(vec![0, 1, 2]));
        assert!(!matching.add(vec![1]));
    }

    /// The most places that can be led, by trying every row at every place.
    fn most(able: &[Vec<usize>], free: &mut [u32]) -> usize {
        let Some((first, rest)) = able.split_first() else { return 0 };
        let mut best = most(rest, free);
        for &row in first {
            if free[row] > 0 {
                free[row] -= 1;
                best = best.max(1 + most(rest, free));
                free[row] += 1;
            }
        }
        best
    }

    #[test]
    fn places_that_change_are_led_as_if_they_had_been_so_from_the_start() {
        let mut changed = 0;
        for seed in 0..400 {
            let mut chance = Seed::new(seed);
            let mut below = |most: u64| usize::try_from(chance.below(most)).unwrap();
            let free: Vec<u32> = (0..4).map(|_| u32::try_from(below(3)).unwrap()).collect();
            let draw = |below: &mut dyn FnMut(u64) -> usize| -> Vec<usize> {
                (0..4).filter(|_| below(3) == 0).collect()
            };
            let mut matching = Matching::new(free.clone());
            let mut able: Vec<Vec<usize>> = Vec::new();
            for _ in 0..6 {
                able.push(draw(&mut below));
                matching.add(able.last().unwrap().clone());
            }
            for _ in 0..5 {
                let place = below(6);
                able[place] = draw(&mut below);
                matching.set(place, able[place].clone());
                for place in 0..6 {
                    matching.lead(place);
                }
                let led = (0..6).filter(|&place| matching.is_led(place)).count();
                let want = most(&able, &mut free.clone());
                assert_eq!(led, want, "seed {seed}");
                changed += usize::from(led < 6);
                for row in 0..4 {
                    let mut with = able.clone();
                    with.insert(0, vec![row]);
                    let one_more = most(&with, &mut free.clone()) > want;
                    // A row that spares nobody for one place more leaves as many places without a leader.
                    assert_eq!(matching.spares(row), one_more, "seed {seed} row {row}");
                }
            }
        }
        assert!(changed > 100);
    }
}
