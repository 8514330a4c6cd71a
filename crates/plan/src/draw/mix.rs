//! The draw itself: exchanges between people until every valid arrangement is equally likely.
//!
//! One step proposes to pass people's places on along a circle: two places mostly, which is an exchange, three or more
//! seldom, all drawn evenly from one cell. It is done if everybody fits where they come to stand. A step and its reverse
//! are proposed equally often, so the even distribution over all valid arrangements stays as it is (Metropolis et al.,
//! 1953). Two valid arrangements differ by circles, each of which can be passed on by itself, so every arrangement can
//! be reached from every other. How close the chain comes to the even distribution is measured in the tests on every
//! arrangement of small groups.

use super::{chance::Chance, group::Group};

/// Most places in one circle. Only arrangements in which hardly anybody fits anywhere else need long ones.
const LONGEST: u32 = 16;

/// Proposals for each person and binary digit of the cell's size. Without restrictions half a natural digit would do
/// (Diaconis and Shahshahani, Generating a random permutation with random transpositions, 1981).
const STEPS_PER_PERSON: u64 = 16;
/// Added to the digits, for small cells.
const DIGITS_MORE: u64 = 4;

/// Which places a draw exchanges: positions with one key form a cell.
pub(super) fn mix<K: Ord>(
    group: &mut Group,
    chance: &mut Chance,
    cell_of: impl Fn(super::group::Place) -> Option<K>,
) {
    let mut cells: std::collections::BTreeMap<K, Vec<u32>> = std::collections::BTreeMap::new();
    for (at, place) in (0_u32..).zip(&group.places) {
        if let Some(key) = cell_of(*place) {
            cells.entry(key).or_default().push(at);
        }
    }
    for cell in cells.values().filter(|cell| cell.len() > 1) {
        mix_cell(group, chance, cell);
    }
}

fn mix_cell(group: &mut Group, chance: &mut Chance, cell: &[u32]) {
    let size = u32::try_from(cell.len()).unwrap_or(u32::MAX);
    let digits = u64::from(u32::BITS - size.leading_zeros());
    let steps = STEPS_PER_PERSON * u64::from(size) * (digits + DIGITS_MORE);
    let longest = size.min(LONGEST);
    let mut circle = [0; LONGEST as usize];
    for _ in 0..steps {
        // Half of the circles have two places, a quarter three, and so on.
        let length = (2 + chance.word().trailing_zeros()).min(longest) as usize;
        let circle = &mut circle[..length];
        for place in circle.iter_mut() {
            *place = cell[chance.below(size) as usize];
        }
        pass_on(group, circle);
    }
}

/// Passes people on along a circle of places, the last one's to the first, if all places differ and everybody fits.
fn pass_on(group: &mut Group, circle: &[u32]) {
    let differ = circle.iter().enumerate().all(|(at, place)| !circle[..at].contains(place));
    let next = circle.iter().cycle().skip(1);
    if !differ || !circle.iter().zip(next).all(|(&from, &to)| goes(group, from, to)) {
        return;
    }
    for pair in circle.array_windows::<2>() {
        // Step by step the first place's holder comes to stand at every place once, and leaves it to whom it is due.
        group.holder.swap(circle[0] as usize, pair[1] as usize);
    }
}

fn goes(group: &Group, from: u32, to: u32) -> bool {
    let holder = group.holder[from as usize];
    group.fits.fit(group.person_sort[holder as usize], group.place_sort[to as usize])
}
