//! What no timetable can better: rooms and ways by the flow, trainers by their hours, courses by their seats.

use super::{
    Certificate,
    board::Board,
    piece::{Group, Piece},
    rule::trainer,
    share::Shared,
};
use pehra_domain::member::Modules;
use std::{cmp::Reverse, collections::BTreeMap};

pub(super) fn certify(board: &Board<'_, '_>, shared: &Shared) -> Certificate {
    let piece = board.piece;
    let reachable = piece.groups.iter().filter(|group| !group.ways.is_empty());
    let all: u64 = reachable.map(Group::weight_of_all).sum();
    let mut certificate = Certificate {
        people: piece.people.len() as u64,
        weight_bound: shared.weight_bound.min(by_trainers(piece)),
        ..Certificate::default()
    };
    for (person, _) in (0_u32..).zip(&piece.people).filter(|(one, _)| board.is_seated(*one)) {
        certificate.trained += 1;
        certificate.weight += u64::from(piece.group_of(person).weight);
        certificate.travel_m += board.travel_m(person);
    }
    certificate.travel_bound_m = shared.travel_bound_m(all - certificate.weight);
    let most = piece.input.venues.iter().map(|venue| venue.seats).max().unwrap_or(1);
    let (mut anywhere, mut there) = (BTreeMap::new(), BTreeMap::new());
    for held in board.courses.iter().filter(|held| !held.given_up) {
        certificate.courses += 1;
        let people = held.people.len() as u64;
        *anywhere.entry((held.module, held.sitting)).or_insert(0_u64) += people;
        *there.entry((held.venue, held.module, held.sitting)).or_insert(0_u64) += people;
    }
    let needed = |people: u64, seats: u32| people.div_ceil(u64::from(seats.max(1)));
    certificate.courses_bound = anywhere.values().map(|&people| needed(people, most)).sum();
    certificate.courses_bound_there =
        there.iter().map(|((venue, ..), &people)| needed(people, piece.venue(*venue).seats)).sum();
    certificate
}

/// The most weight that trainers' hours allow: all modules together, and each by itself with those who may train it.
fn by_trainers(piece: &Piece<'_>) -> u64 {
    let given = seat_hours(piece);
    let together = knapsack(piece, given.iter().sum(), &|group| u64::from(group.hours));
    let each = piece.input.modules.iter().map(|module| {
        let this = Modules::of(&[module.number]);
        let theirs = (0_u32..).zip(&given);
        let theirs = theirs.filter(|(one, _)| trainer::may_train(piece.trainer(*one), module));
        knapsack(piece, theirs.map(|(_, hours)| hours).sum(), &|group| {
            if group.lacks.includes(this) { u64::from(module.hours) } else { 0 }
        })
    });
    each.fold(together, u64::min)
}

/// By trainer, hours times the seats of the largest room within reach, over all days.
fn seat_hours(piece: &Piece<'_>) -> Vec<u64> {
    let mut most = vec![vec![0_u32; usize::from(piece.days)]; piece.trainers.len()];
    for hall in &piece.halls {
        let seats = piece.input.venues[hall.at as usize].seats;
        for &trainer in &hall.trainers {
            for &day in &hall.days {
                let slot = &mut most[trainer as usize][usize::from(day)];
                *slot = (*slot).max(seats);
            }
        }
    }
    (0_u32..)
        .zip(most)
        .map(|(at, days)| {
            let one = piece.trainer(at);
            (0_u16..)
                .zip(days)
                .filter(|&(day, _)| trainer::is_free(one, piece.date(day)))
                .map(|(_, seats)| u64::from(one.hours_day) * u64::from(seats))
                .sum()
        })
        .collect()
}

/// The most weight of people whose hours fit, the last of them in part.
fn knapsack(piece: &Piece<'_>, mut hours: u64, cost: &dyn Fn(&Group) -> u64) -> u64 {
    let mut groups: Vec<&Group> = piece.groups.iter().filter(|one| !one.ways.is_empty()).collect();
    // By weight an hour, without fractions; what costs nothing first.
    groups.sort_by(|a, b| {
        let (first, second) = (u64::from(a.weight) * cost(b), u64::from(b.weight) * cost(a));
        (cost(a) > 0).cmp(&(cost(b) > 0)).then(Reverse(first).cmp(&Reverse(second)))
    });
    let mut weight = 0;
    for group in groups {
        let (count, each) = (group.people.len() as u64, cost(group));
        let whole = hours.checked_div(each).map_or(count, |fit| fit.min(count));
        weight += whole * u64::from(group.weight);
        hours -= whole * each;
        if whole < count {
            return weight + hours * u64::from(group.weight) / each.max(1);
        }
    }
    weight
}
