//! Which modules somebody takes on one day: the fewest days, exactly.

use super::module::Hours;
use pehra_domain::member::Modules;

/// Parts modules into the fewest days of so many hours, each part at most a day long; none when a module is longer than
/// that. Where taking them in the order of their numbers needs no more days, it is done so, since others do the same.
pub(super) fn pack(lacks: Modules, hours: &Hours, day_hours: u8) -> Option<Vec<Modules>> {
    let numbers: Vec<u8> = lacks.numbers().collect();
    if numbers.iter().any(|&number| hours.of(number) > day_hours) {
        return None;
    }
    let in_order = first_fit(&numbers, hours, day_hours);
    if in_order.len() <= hours.sum(lacks).div_ceil(u32::from(day_hours.max(1))) as usize {
        return Some(in_order);
    }
    let fewest = exact(&numbers, hours, day_hours);
    Some(if fewest.len() < in_order.len() { fewest } else { in_order })
}

fn first_fit(numbers: &[u8], hours: &Hours, day_hours: u8) -> Vec<Modules> {
    let mut days: Vec<(Modules, u8)> = Vec::new();
    for &number in numbers {
        let this = Modules::of(&[number]);
        match days.iter_mut().find(|(_, taken)| hours.of(number) <= day_hours - taken) {
            Some((modules, taken)) => {
                *modules = modules.and(this);
                *taken += hours.of(number);
            }
            None => days.push((this, hours.of(number))),
        }
    }
    days.into_iter().map(|(modules, _)| modules).collect()
}

/// Over all subsets: the fewest days and, of those, the least hours of the last; what is taken last is kept.
fn exact(numbers: &[u8], hours: &Hours, day_hours: u8) -> Vec<Modules> {
    let all = 1_usize << numbers.len();
    let mut best: Vec<(u8, u8, u8)> = vec![(u8::MAX, u8::MAX, 0); all];
    if let Some(nothing) = best.first_mut() {
        *nothing = (0, day_hours, 0);
    }
    for subset in 1..all {
        for (at, &number) in (0_u8..).zip(numbers) {
            let Some(before) = subset.checked_sub(1 << at).filter(|_| subset >> at & 1 == 1) else {
                continue;
            };
            let (days, taken, _) = best[before];
            let (days, taken) = if hours.of(number) <= day_hours - taken {
                (days, taken + hours.of(number))
            } else {
                (days + 1, hours.of(number))
            };
            best[subset] = best[subset].min((days, taken, at));
        }
    }
    // Walking back: an item that opened its day is the first of it.
    let (mut parts, mut subset) = (Vec::new(), all - 1);
    let mut part = Modules::default();
    while subset > 0 {
        let (days, _, at) = best[subset];
        part = part.and(Modules::of(&[numbers[usize::from(at)]]));
        subset -= 1 << at;
        if best[subset].0 < days {
            parts.push(std::mem::take(&mut part));
        }
    }
    parts.sort();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::seed::Seed;

    const HOURS: Hours = Hours([2, 2, 2, 2, 2, 2, 2, 3, 4, 2, 4, 6, 2]);

    fn numbers(parts: &[Modules]) -> Vec<Vec<u8>> {
        parts.iter().map(|&part| part.numbers().collect()).collect()
    }

    #[test]
    fn days_are_filled_in_order_where_that_costs_no_day() {
        for (lacks, day, parts) in [
            (&[][..], 6, Some(vec![])),
            (&[1, 2, 3], 6, Some(vec![vec![1, 2, 3]])),
            (&[1, 2, 3, 7], 6, Some(vec![vec![1, 2, 3], vec![7]])),
            (&[1, 2, 3, 7], 8, Some(vec![vec![1, 2, 3, 7]])),
            (&[2, 7], 6, Some(vec![vec![2, 7]])),
            // 3 + 3 is not to be had; 2 + 4 and 3 leave two days, in order 2 + 3 and 4.
            (&[1, 8, 9], 6, Some(vec![vec![1, 8], vec![9]])),
            (&[1, 12], 4, None),
        ] {
            let found = pack(Modules::of(lacks), &HOURS, day).map(|parts| numbers(&parts));
            assert_eq!(found, parts, "{lacks:?} in days of {day} hours");
        }
    }

    /// Every way to put items into days, one after the other.
    fn fewest(lengths: &[u8], days: &mut Vec<u8>, day_hours: u8) -> usize {
        let Some((&first, rest)) = lengths.split_first() else { return days.len() };
        let mut best = usize::MAX;
        for day in 0..days.len() {
            if days[day] + first <= day_hours {
                days[day] += first;
                best = best.min(fewest(rest, days, day_hours));
                days[day] -= first;
            }
        }
        days.push(first);
        best = best.min(fewest(rest, days, day_hours));
        days.pop();
        best
    }

    #[test]
    fn no_other_parting_needs_fewer_days() {
        let mut chance = Seed::new(8);
        for _ in 0..400 {
            let mut hours = [0; 13];
            for hour in &mut hours {
                *hour = u8::try_from(1 + chance.below(5)).unwrap();
            }
            let lacks = Modules(u16::try_from(chance.below(1 << 9)).unwrap());
            let day = u8::try_from(5 + chance.below(4)).unwrap();
            let parts = pack(lacks, &Hours(hours), day).unwrap();
            let lengths: Vec<u8> =
                lacks.numbers().map(|number| hours[usize::from(number) - 1]).collect();
            assert_eq!(parts.len(), fewest(&lengths, &mut Vec::new(), day), "{lacks:?} {hours:?}");
            let mut seen = Modules::default();
            for part in &parts {
                let taken: u8 = part.numbers().map(|number| hours[usize::from(number) - 1]).sum();
                assert!(taken <= day);
                assert_eq!(seen.0 & part.0, 0, "a module twice");
                seen = seen.and(*part);
            }
            assert_eq!(seen, lacks);
        }
    }
}
