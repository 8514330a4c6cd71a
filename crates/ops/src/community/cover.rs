//! Where a day's rota leaves seats empty.

use super::{Committee, Duty, Rota, Volunteer, VolunteerPhase};
use pehra_domain::PersonId;
use std::collections::BTreeMap;

/// Minutes of a day in which fewer stand at a duty than it has seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    pub duty: Duty,
    /// Minutes after midnight.
    pub from: u16,
    pub until: u16,
    pub standing: usize,
    pub seats: u16,
}

/// Where fewer stand than the committee has seats, from one minute of the day to another; by duty, then by time. Somebody
/// stands for their own duty, and of the roster only who may serve now counts, whatever the rota says.
#[must_use]
pub fn short(
    committee: &Committee,
    roster: &[Volunteer<'_>],
    rota: Option<&Rota>,
    (opens, closes): (u16, u16),
) -> Vec<Short> {
    let passed = roster.iter().filter(|one| one.phase == VolunteerPhase::Passed);
    let duties: BTreeMap<&PersonId, Duty> = passed.map(|one| (one.number, one.duty)).collect();
    let shifts = rota.map(|rota| rota.shifts.as_slice()).unwrap_or_default();
    let mut marks: Vec<u16> = shifts.iter().flat_map(|shift| [shift.from, shift.until]).collect();
    marks.extend([opens, closes]);
    marks.retain(|minute| (opens..=closes).contains(minute));
    marks.sort_unstable();
    marks.dedup();
    let mut found: Vec<Short> = Vec::new();
    for seats in &committee.seats {
        for span in marks.windows(2) {
            let &[from, until] = span else { continue };
            let on = shifts.iter().filter(|shift| shift.from <= from && until <= shift.until);
            let numbers = on.flat_map(|shift| &shift.volunteers);
            let standing = numbers.filter(|one| duties.get(one) == Some(&seats.duty)).count();
            if standing >= usize::from(seats.count) {
                continue;
            }
            match found.last_mut() {
                Some(last)
                    if last.duty == seats.duty
                        && last.until == from
                        && last.standing == standing =>
                {
                    last.until = until;
                }
                Some(_) | None => found.push(Short {
                    duty: seats.duty,
                    from,
                    until,
                    standing,
                    seats: seats.count,
                }),
            }
        }
    }
    found
}
