//! Where a bomb on the road must be feared, a bag and the escort commander are never in one vehicle: one blast may
//! not take both the material and the command.

use pehra_domain::risk::RiskClass;

/// Who or what rides in one vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rider {
    Bag,
    Commander,
    Escort,
    Staff,
}

/// Bombs are feared where a most-sensitive station is on the way.
#[must_use]
pub fn bomb_feared(classes: &[RiskClass]) -> bool {
    classes.contains(&RiskClass::Most)
}

/// The first vehicle that holds both although a bomb is feared.
#[must_use]
pub fn broken_by(vehicles: &[Vec<Rider>], bomb_feared: bool) -> Option<usize> {
    let both =
        |riders: &Vec<Rider>| riders.contains(&Rider::Bag) && riders.contains(&Rider::Commander);
    vehicles.iter().position(both).filter(|_| bomb_feared)
}

/// Seats a convoy's people: material and staff in the first vehicle, escorts in the second, the commander with the
/// escorts when bombs are feared, otherwise beside the material that he answers for.
#[must_use]
pub fn seat(bags: u32, staff: u32, escorts: u32, bomb_feared: bool) -> Vec<Vec<Rider>> {
    let many = |rider: Rider, count: u32| (0..count).map(move |_| rider);
    let mut first: Vec<Rider> = many(Rider::Bag, bags).chain(many(Rider::Staff, staff)).collect();
    let mut second: Vec<Rider> = many(Rider::Escort, escorts.saturating_sub(1)).collect();
    if escorts > 0 {
        if bomb_feared { second.push(Rider::Commander) } else { first.push(Rider::Commander) }
    }
    vec![first, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        use Rider::{Bag, Commander, Escort};
        let cases: [(Vec<Vec<Rider>>, bool, Option<usize>); 5] = [
            (vec![vec![Bag, Commander], vec![Escort]], true, Some(0)),
            (vec![vec![Bag, Commander], vec![Escort]], false, None),
            (vec![vec![Bag], vec![Commander, Escort]], true, None),
            (vec![vec![Escort], vec![Bag, Escort, Commander]], true, Some(1)),
            (vec![], true, None),
        ];
        for (vehicles, feared, broken) in cases {
            assert_eq!(broken_by(&vehicles, feared), broken, "{vehicles:?}");
        }
    }

    #[test]
    fn every_seating_keeps_the_rule_and_loses_nobody() {
        for bags in 0..4 {
            for escorts in 0..7 {
                for feared in [false, true] {
                    let vehicles = seat(bags, 2 * bags, escorts, feared);
                    assert_eq!(broken_by(&vehicles, feared), None);
                    let riders: usize = vehicles.iter().map(Vec::len).sum();
                    assert_eq!(riders, (3 * bags + escorts) as usize);
                }
            }
        }
    }
}
