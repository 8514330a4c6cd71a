//! Which stations are for men, for women, or for both.

use super::{
    Draft, DraftStation, NationError, Part, place_in,
    size::{Sizes, contradiction, starts},
    stream,
};
use pehra_domain::{booth::BySex, risk::RiskClass, seed::Seed, station::StationKind};

/// What is left to give in one district.
struct Left {
    men: u64,
    women: u64,
    combined: u64,
}

impl Left {
    fn pair(&mut self) -> bool {
        let both = self.men > 0 && self.women > 0;
        if both {
            self.men -= 1;
            self.women -= 1;
        }
        both
    }

    fn draw(&mut self, chance: &mut Seed) -> Option<StationKind> {
        let pick = chance.below(self.men + self.women + self.combined);
        let (kind, left) = if pick < self.men {
            (StationKind::Men, &mut self.men)
        } else if pick < self.men + self.women {
            (StationKind::Women, &mut self.women)
        } else {
            (StationKind::Combined, &mut self.combined)
        };
        *left = left.checked_sub(1)?;
        Some(kind)
    }
}

/// Buildings with several stations take a men's and a women's one together as long as both are left; the other places
/// draw from what remains.
pub(super) fn assign(draft: &mut Draft, sizes: &Sizes<'_>, seed: u64) -> Result<(), NationError> {
    let starts = starts(&sizes.of, |size| size.buildings);
    for (district, size) in sizes.of.iter().enumerate() {
        let mut chance = stream(seed, Part::Kind, district);
        let range = starts[district]..starts[district + 1];
        let mut left = Left { men: size.men, women: size.women, combined: size.combined() };
        let mut kinds: Vec<Vec<StationKind>> = vec![Vec::new(); range.len()];
        let order = shuffled(range.len(), &mut chance);
        for &index in &order {
            if draft.buildings[range.start + index].count >= 2 && left.pair() {
                kinds[index].extend([StationKind::Men, StationKind::Women]);
            }
        }
        for &index in &order {
            while kinds[index].len() < draft.buildings[range.start + index].count {
                let kind = left
                    .draw(&mut chance)
                    .ok_or_else(|| contradiction("a district", "fewer kinds than stations"))?;
                kinds[index].push(kind);
            }
        }
        for mut here in kinds {
            here.sort_unstable();
            draft.stations.extend(here.into_iter().map(|kind| DraftStation {
                district,
                kind,
                voters: BySex::default(),
                booths: BySex::default(),
                class: RiskClass::Normal,
            }));
        }
    }
    Ok(())
}

/// The numbers below `count` in random order (Fisher and Yates).
pub(super) fn shuffled(count: usize, chance: &mut Seed) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let other = place_in(chance.below(super::wide(last) + 1));
        order.swap(last, other);
    }
    order
}
