//! Which byte was altered: every other value of every byte is tried until the record holds again. The signatures are
//! the judge, so that what is named is proven, not guessed.

use super::check::Ground;
use pehra_ledger::export::{FRAME_BYTES, Kind, read_frame};
use std::sync::atomic::{AtomicBool, Ordering};

/// Longer stretches are compared with another export's copy instead: trying takes the square of the length.
const BYTES_MAX: usize = 4_096;

/// The one byte whose change makes the stretch sound, and what it should be.
pub(super) fn pinpoint(region: &[u8], ground: &Ground<'_>, threads: usize) -> Option<(usize, u8)> {
    // In a long stretch only its first frame is tried: it may have swallowed what follows.
    let places = if region.len() > BYTES_MAX { FRAME_BYTES } else { region.len() };
    let found = AtomicBool::new(false);
    let threads = threads.max(1);
    std::thread::scope(|scope| {
        let search = |first: usize| {
            let found = &found;
            scope.spawn(move || {
                let mut trial = region.to_vec();
                for at in (first..places).step_by(threads) {
                    if let Some(byte) = search_at(&mut trial, at, ground) {
                        found.store(true, Ordering::Relaxed);
                        return Some((at, byte));
                    }
                    if found.load(Ordering::Relaxed) {
                        return None;
                    }
                }
                None
            })
        };
        let searches: Vec<_> = (0..threads).map(search).collect();
        let found: Vec<_> =
            searches.into_iter().filter_map(|one| one.join().ok().flatten()).collect();
        found.into_iter().min()
    })
}

fn search_at(trial: &mut [u8], at: usize, ground: &Ground<'_>) -> Option<u8> {
    let was = trial.get(at).copied()?;
    for byte in (0..=u8::MAX).filter(|&byte| byte != was) {
        if let Some(slot) = trial.get_mut(at) {
            *slot = byte;
        }
        if ground.is_sound(trial) {
            return Some(byte);
        }
    }
    if let Some(slot) = trial.get_mut(at) {
        *slot = was;
    }
    None
}

/// What the byte at a place of a sound stretch belongs to.
pub(super) fn part_of(region: &[u8], mut at: usize) -> &'static str {
    let mut rest = region;
    loop {
        let Some((frame, after)) = rest.split_first_chunk::<FRAME_BYTES>() else {
            return "nothing";
        };
        let Some((kind, length)) = read_frame(*frame) else { return "the frame of a record" };
        if at < FRAME_BYTES {
            return "the frame of a record";
        }
        at -= FRAME_BYTES;
        if at < length {
            return match kind {
                Kind::Entry => entry_part(after, at),
                Kind::Head => "the head of the file",
                Kind::Statement => "a statement of an office",
                Kind::Leaf => "the hash of an entry that is not shown",
                Kind::Checkpoint => "a checkpoint",
                Kind::Fork => "the proof of a fork",
                Kind::End => "the end of the file",
            };
        }
        at -= length;
        rest = after.get(length..).unwrap_or_default();
    }
}

/// The parts of an entry on the wire follow each other: list, header, signature, co-signatures, content.
fn entry_part(entry: &[u8], at: usize) -> &'static str {
    let mut reader = pehra_ledger::canonical::Reader::new(entry);
    let mut parts = || {
        reader.array_of(4).ok()?;
        reader.bytes(usize::MAX).ok()?;
        let header = reader.at();
        reader.exact::<64>().ok()?;
        let signature = reader.at();
        let count = reader.array(usize::MAX).ok()?;
        for _ in 0..count {
            reader.array_of(3).ok()?;
            reader.exact::<32>().ok()?;
            reader.text(usize::MAX).ok()?;
            reader.exact::<64>().ok()?;
        }
        Some((header, signature, reader.at()))
    };
    match parts() {
        Some((header, _, _)) if at < header => "the signed header of an entry",
        Some((_, signature, _)) if at < signature => "the author's signature under an entry",
        Some((_, _, cosignatures)) if at < cosignatures => "the co-signatures of an entry",
        Some(_) => "the content of an entry",
        None => "an entry",
    }
}
