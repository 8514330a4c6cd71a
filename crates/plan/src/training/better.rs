//! Exchanges that better a timetable, level by level: more weight, then less travel, then fewer courses.

use super::{
    board::Board,
    seat::{seat_at, seat_below},
};
use std::{cmp::Reverse, collections::BTreeSet};

/// Passes over all people for travel.
const PASSES: usize = 3;
/// People of lower weight whose seats are tried for one person.
const TRIES: usize = 40;

pub(super) fn better(board: &mut Board<'_, '_>) {
    weigh(board);
    for _ in 0..PASSES {
        if !nearer(board) {
            break;
        }
    }
    fewer(board);
}

fn unseated(board: &Board<'_, '_>, group: u32) -> Option<u32> {
    let people = &board.piece.groups[group as usize].people;
    people.iter().copied().find(|&person| !board.is_seated(person))
}

/// Whoever weighs more takes the seats of whoever weighs less.
fn weigh(board: &mut Board<'_, '_>) {
    let piece = board.piece;
    let mut groups: Vec<u32> = (0..)
        .zip(&piece.groups)
        .filter(|(_, group)| !group.ways.is_empty())
        .map(|(at, _)| at)
        .collect();
    groups.sort_by_key(|&at| (Reverse(piece.groups[at as usize].weight), at));
    if groups.iter().all(|&at| unseated(board, at).is_none()) {
        return;
    }
    let mut by_venue: Vec<Vec<u32>> = vec![Vec::new(); piece.halls.len()];
    let mut light: Vec<u32> = (0..).zip(&piece.people).map(|(at, _)| at).collect();
    light.sort_by_key(|&person| (piece.group_of(person).weight, person));
    for person in light {
        if let Some(venue) = board.venue_of(person) {
            by_venue[venue as usize].push(person);
        }
    }
    for at in groups {
        while let Some(person) = unseated(board, at) {
            if !take_seats(board, person, &by_venue) {
                break;
            }
        }
    }
}

fn take_seats(board: &mut Board<'_, '_>, person: u32, by_venue: &[Vec<u32>]) -> bool {
    let piece = board.piece;
    let weight = piece.group_of(person).weight;
    for way in &piece.group_of(person).ways {
        let mut tried = 0;
        for &other in &by_venue[way.venue as usize] {
            if piece.group_of(other).weight >= weight || tried == TRIES {
                break;
            }
            if board.venue_of(other) != Some(way.venue) {
                continue;
            }
            tried += 1;
            let held = rise(board, other);
            if seat_at(board, person, way.venue) {
                clear(board, &held);
                seat_below(board, other, u64::MAX);
                return true;
            }
            sit_again(board, other, held);
        }
    }
    false
}

/// Frees somebody's seats; the courses stay, even empty.
fn rise(board: &mut Board<'_, '_>, person: u32) -> Vec<u32> {
    let held = board.seats[person as usize].clone();
    for &course in &held {
        board.stand(person, course);
        board.courses[course as usize].awaited = Some(person);
    }
    held
}

fn sit_again(board: &mut Board<'_, '_>, person: u32, held: Vec<u32>) {
    for course in held {
        board.courses[course as usize].awaited = None;
        board.sit(person, course);
    }
}

fn clear(board: &mut Board<'_, '_>, courses: &[u32]) {
    for &course in courses {
        board.courses[course as usize].awaited = None;
        board.give_up(course);
    }
}

/// Moves people to where they travel less. Says whether anybody moved.
fn nearer(board: &mut Board<'_, '_>) -> bool {
    let piece = board.piece;
    let mut order: Vec<(Reverse<u64>, u32)> = (0..)
        .zip(&piece.people)
        .filter(|(person, _)| board.is_seated(*person))
        .filter_map(|(person, _)| {
            let least = piece.group_of(person).ways.first()?.least_m();
            let over = board.travel_m(person).saturating_sub(least);
            (over > 0).then_some((Reverse(over), person))
        })
        .collect();
    order.sort_unstable();
    let mut moved = false;
    // Where one of a group finds nothing nearer, the others of the same travel wait for the next pass: until somebody else
    // moves they would find nothing either.
    let mut tried: BTreeSet<(u32, u64)> = BTreeSet::new();
    for (_, person) in order {
        let travel = board.travel_m(person);
        let key = (piece.people[person as usize].group, travel);
        if tried.contains(&key) {
            continue;
        }
        let held = rise(board, person);
        if seat_below(board, person, travel) {
            clear(board, &held);
            moved = true;
        } else {
            sit_again(board, person, held);
            if !board.trains(person) {
                tried.insert(key);
            }
        }
    }
    moved
}

/// Gives up courses, the smallest first, whose people find seats in others of the venue without travelling more.
fn fewer(board: &mut Board<'_, '_>) {
    let mut order: Vec<(usize, u32)> = (0_u32..)
        .zip(&board.courses)
        .filter(|(_, held)| !held.given_up)
        .map(|(at, held)| (held.people.len(), at))
        .collect();
    order.sort_unstable();
    for (_, course) in order {
        let people = board.courses[course as usize].people.clone();
        let mut moves: Vec<(u32, u32)> = Vec::new();
        for &person in &people {
            let Some(other) = instead(board, person, course) else { break };
            board.stand(person, course);
            board.sit(person, other);
            moves.push((person, other));
        }
        if moves.len() == people.len() {
            board.give_up(course);
            continue;
        }
        for (person, other) in moves {
            board.stand(person, other);
            board.sit(person, course);
        }
    }
}

/// Another course of the module at the venue, for which somebody is not called on more days.
fn instead(board: &Board<'_, '_>, person: u32, course: u32) -> Option<u32> {
    let held = &board.courses[course as usize];
    let others: Vec<u16> = board.seats[person as usize]
        .iter()
        .filter(|&&other| other != course)
        .map(|&other| board.courses[other as usize].day)
        .collect();
    let bound = !others.is_empty() && others.contains(&held.day);
    let days = &board.piece.halls[held.venue as usize].days;
    let found = |day: u16| {
        let courses = &board.rooms[held.venue as usize][usize::from(day)].courses;
        courses.iter().copied().find(|&other| {
            other != course
                && board.courses[other as usize].module == held.module
                && !board.courses[other as usize].people.is_empty()
                && board.may_sit(person, other)
        })
    };
    days.iter().copied().filter(|day| !bound || others.contains(day)).find_map(found)
}
