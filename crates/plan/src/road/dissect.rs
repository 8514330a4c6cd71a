//! Nested dissection: cut, order both sides, put the separator last.

use super::{cut, narrow, piece::Piece};
use crate::threads::joined;
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

/// Pieces up to this size are ordered by fewest neighbours.
const SMALL: usize = 120;

/// Pieces wanted per thread before the threads part.
const PIECES_PER_THREAD: usize = 16;

/// The names of the vertices in the order of contraction. The same on any number of threads.
pub(super) fn order(piece: Piece, threads: usize) -> Vec<u32> {
    let mut ordered = vec![u32::MAX; piece.len()];
    let total = piece.len();
    let mut waiting = Vec::new();
    let mut local = vec![u32::MAX; total];
    let whole = vec![false; total];
    part(&piece, &whole, 0, &mut waiting, &mut local);
    drop(piece);
    if threads > 1 {
        let enough = (total / (threads * PIECES_PER_THREAD)).max(SMALL);
        while let Some(largest) = largest(&waiting).filter(|&at| waiting[at].1.len() > enough) {
            let (start, piece) = waiting.swap_remove(largest);
            split(&piece, start, threads, &mut ordered, &mut waiting, &mut local);
        }
    }
    for (start, names) in in_turn(waiting, threads) {
        ordered[start..start + names.len()].copy_from_slice(&names);
    }
    ordered
}

fn largest(waiting: &[(usize, Piece)]) -> Option<usize> {
    (0..waiting.len()).max_by_key(|&at| (waiting[at].1.len(), std::cmp::Reverse(waiting[at].0)))
}

/// Orders each piece on its own, as threads come free.
fn in_turn(mut waiting: Vec<(usize, Piece)>, threads: usize) -> Vec<(usize, Vec<u32>)> {
    waiting.sort_by_key(|(start, piece)| (std::cmp::Reverse(piece.len()), *start));
    if threads <= 1 {
        return waiting.into_iter().map(|(start, piece)| (start, alone(piece))).collect();
    }
    let jobs: Vec<Mutex<Option<(usize, Piece)>>> =
        waiting.into_iter().map(|job| Mutex::new(Some(job))).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let taken = job.lock().map_or(None, |mut job| job.take());
            if let Some((start, piece)) = taken {
                done.push((start, alone(piece)));
            }
        }
        done
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        all.extend(others.into_iter().flat_map(joined));
        all
    })
}

/// A whole piece on this thread.
fn alone(piece: Piece) -> Vec<u32> {
    let mut ordered = vec![u32::MAX; piece.len()];
    let mut local = vec![u32::MAX; piece.len()];
    let mut waiting = vec![(0, piece)];
    while let Some((start, piece)) = waiting.pop() {
        split(&piece, start, 1, &mut ordered, &mut waiting, &mut local);
    }
    ordered
}

/// Orders a small piece; cuts a large one, writes its separator and leaves the parts waiting.
fn split(
    piece: &Piece,
    start: usize,
    threads: usize,
    ordered: &mut [u32],
    waiting: &mut Vec<(usize, Piece)>,
    local: &mut [u32],
) {
    if piece.len() <= SMALL {
        for (slot, name) in ordered[start..].iter_mut().zip(fewest_first(piece)) {
            *slot = name;
        }
        return;
    }
    let cut = cut::best(piece, threads);
    let mut out = vec![false; piece.len()];
    let last = start + piece.len() - cut.separator.len();
    for (place, &vertex) in (last..).zip(&cut.separator) {
        out[vertex as usize] = true;
        ordered[place] = piece.name[vertex as usize];
    }
    part(piece, &out, start, waiting, local);
}

/// The connected parts without some vertices, one after the other from `start`.
fn part(
    piece: &Piece,
    without: &[bool],
    mut start: usize,
    waiting: &mut Vec<(usize, Piece)>,
    local: &mut [u32],
) {
    for vertices in piece.components(without) {
        waiting.push((start, piece.part(&vertices, local)));
        start += vertices.len();
    }
}

/// Minimum degree with real fill, for pieces of a few dozen vertices.
fn fewest_first(piece: &Piece) -> Vec<u32> {
    let count = piece.len();
    let mut near: Vec<u128> = (0..narrow(count))
        .map(|v| piece.neighbours(v).iter().fold(0, |set, &head| set | 1_u128 << head))
        .collect();
    let mut left: Vec<usize> = (0..count).collect();
    let mut names = Vec::with_capacity(count);
    while let Some(place) =
        (0..left.len()).min_by_key(|&at| (near[left[at]].count_ones(), left[at]))
    {
        let vertex = left.swap_remove(place);
        names.push(piece.name[vertex]);
        let around = near[vertex];
        for &other in &left {
            if around >> other & 1 == 1 {
                near[other] = (near[other] | around) & !(1_u128 << vertex) & !(1_u128 << other);
            }
        }
    }
    names
}
