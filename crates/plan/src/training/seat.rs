//! Seats for people one by one: free seats in courses that are held, and courses that are opened for them.

use super::board::Board;
use pehra_domain::member::Modules;
use std::cmp::Reverse;

/// Seats whoever has not all that he lacks, the weightiest first, then those with the fewest venues. Nobody keeps a part.
pub(super) fn the_rest(board: &mut Board<'_, '_>) {
    let piece = board.piece;
    let mut groups: Vec<u32> = (0..).zip(&piece.groups).map(|(at, _)| at).collect();
    let group = |at: u32| &piece.groups[at as usize];
    groups.sort_by_key(|&at| (Reverse(group(at).weight), group(at).ways.len(), at));
    for at in groups {
        for &person in &group(at).people {
            if board.open_modules(person).is_empty() {
                continue;
            }
            board.release(person);
            // Of a group all are alike: where one finds nothing, nobody does. A trainer's own courses are closed to
            // himself alone.
            if !seat(board, person) && !board.trains(person) {
                break;
            }
        }
        for &person in &group(at).people {
            if !board.open_modules(person).is_empty() {
                board.release(person);
            }
        }
    }
}

/// Seats somebody who has no seat at the venue where he travels least. Says whether it did.
pub(super) fn seat(board: &mut Board<'_, '_>, person: u32) -> bool {
    seat_below(board, person, u64::MAX)
}

/// The same for less travel than that.
pub(super) fn seat_below(board: &mut Board<'_, '_>, person: u32, travel_m: u64) -> bool {
    let piece = board.piece;
    let nearer = piece.group_of(person).ways.iter().take_while(|way| way.least_m() < travel_m);
    for way in nearer {
        if !board.has_room(person, way.venue) || !seat_at(board, person, way.venue) {
            continue;
        }
        if board.travel_m(person) < travel_m {
            return true;
        }
        board.release(person);
    }
    false
}

/// Seats somebody at a venue for all that is open; all or nothing.
pub(super) fn seat_at(board: &mut Board<'_, '_>, person: u32, venue: u32) -> bool {
    let open = board.open_modules(person);
    let day_hours = board.piece.venue(venue).hours_day;
    let lacks = board.piece.group_of(person).lacks;
    let piece = board.piece;
    let packed;
    let parts = if open == lacks {
        piece.parts(lacks, day_hours)
    } else {
        packed = super::block::pack(open, &piece.hours, day_hours).unwrap_or_default();
        &packed
    };
    let before = board.seats[person as usize].len();
    if parts.iter().all(|&part| seat_part(board, person, venue, part)) {
        return true;
    }
    board.release_after(person, before);
    let single = |number: u8| seat_part(board, person, venue, Modules::of(&[number]));
    if open.numbers().all(single) {
        return true;
    }
    board.release_after(person, before);
    false
}

/// Seats somebody for some modules on one day: where the fewest courses are opened, then on a day on which he is called
/// anyway, then the earliest.
fn seat_part(board: &mut Board<'_, '_>, person: u32, venue: u32, part: Modules) -> bool {
    let called = board.days_of(person);
    let piece = board.piece;
    let mut offers: Vec<(usize, bool, u16)> = piece.halls[venue as usize]
        .days
        .iter()
        .filter_map(|&day| {
            let new: Modules = part
                .numbers()
                .filter(|&module| board.open_course(venue, day, module, person).is_none())
                .collect();
            let hours = piece.length_of(new);
            let taken = board.rooms[venue as usize][usize::from(day)].hours;
            let fits = new.is_empty()
                || (super::rule::room::fits(piece.venue(venue), taken, hours)
                    && new.numbers().all(|module| piece.counts_on(module, day)));
            fits.then_some((new.numbers().count(), !called.contains(&day), day))
        })
        .collect();
    offers.sort_unstable();
    offers.into_iter().any(|(_, _, day)| seat_on(board, person, (venue, day), part))
}

fn seat_on(
    board: &mut Board<'_, '_>,
    person: u32,
    (venue, day): (u32, u16),
    part: Modules,
) -> bool {
    let before = board.seats[person as usize].len();
    for module in part.numbers() {
        let course = board.open_course(venue, day, module, person).or_else(|| {
            let not = board.own_trainer(person);
            let trainer = board.find_trainer(venue, day, module, not)?;
            let sitting = board.sitting(person);
            Some(board.open((venue, day), module, sitting, trainer))
        });
        // A course that was there may have come to a trainer who is this person himself.
        match course.filter(|&course| board.may_sit(person, course)) {
            Some(course) => board.sit(person, course),
            None => {
                if let Some(course) = course {
                    board.give_up(course);
                }
                board.release_after(person, before);
                return false;
            }
        }
    }
    true
}
