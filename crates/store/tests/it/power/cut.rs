//! What is left on a disk whose cache lost power: of the writes that no sync had made durable, any may be there and any
//! may not, sector by sector.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const SECTOR: usize = 512;

enum Step {
    Write { offset: usize, old_size: usize, old: Vec<u8>, new: Vec<u8> },
    Truncate { old_size: usize, new_size: usize, tail: Vec<u8> },
}

/// Chance from a seed: SplitMix64.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}

struct Journal<'a>(&'a [u8]);

impl<'a> Journal<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(8)?.try_into().ok()?;
        usize::try_from(u64::from_le_bytes(bytes)).ok()
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let count = self.number()?;
        Some(self.take(count)?.to_vec())
    }

    /// The next record; none at the end, or where the last one was cut.
    fn step(&mut self) -> Option<(PathBuf, Option<Step>)> {
        let kind = self.take(1)?[0];
        let name = PathBuf::from(String::from_utf8(self.bytes()?).ok()?);
        let step = match kind {
            b'W' => {
                let (offset, old_size) = (self.number()?, self.number()?);
                Some(Step::Write { offset, old_size, old: self.bytes()?, new: self.bytes()? })
            }
            b'T' => {
                let (old_size, new_size) = (self.number()?, self.number()?);
                Some(Step::Truncate { old_size, new_size, tail: self.bytes()? })
            }
            _ => None,
        };
        Some((name, step))
    }
}

/// Cuts the power: takes back what the journal shows as not durable, each sector with even chance; answers how many
/// writes were in doubt.
pub(crate) fn cut_power(journal: &Path, chance: &mut Chance) -> usize {
    let bytes = fs::read(journal).unwrap_or_default();
    let mut journal_left = Journal(&bytes);
    let mut doubtful: BTreeMap<PathBuf, Vec<Step>> = BTreeMap::new();
    while let Some((name, step)) = journal_left.step() {
        let of_file = doubtful.entry(name).or_default();
        match step {
            Some(step) => of_file.push(step),
            // A sync: all before it is on the disk.
            None => of_file.clear(),
        }
    }
    let mut count = 0;
    for (name, steps) in doubtful {
        count += steps.len();
        if let Ok(now) = fs::read(&name) {
            fs::write(&name, left_of(now, &steps, chance)).unwrap();
        }
    }
    fs::remove_file(journal).unwrap();
    count
}

fn left_of(mut file: Vec<u8>, steps: &[Step], chance: &mut Chance) -> Vec<u8> {
    for step in steps.iter().rev() {
        match step {
            Step::Write { offset, old_size, old, .. } => {
                file.resize(file.len().max(offset + old.len()), 0);
                file[*offset..offset + old.len()].copy_from_slice(old);
                file.resize(*old_size, 0);
            }
            Step::Truncate { old_size, new_size, tail } => {
                file.resize(*new_size, 0);
                file.extend(tail);
                file.resize(*old_size, 0);
            }
        }
    }
    for step in steps {
        match step {
            Step::Write { offset, new, .. } => {
                let mut at = 0;
                while at < new.len() {
                    // Sectors are those of the disk, not of the write.
                    let end = new.len().min(at + SECTOR - (offset + at) % SECTOR);
                    if chance.below(2) == 0 {
                        file.resize(file.len().max(offset + end), 0);
                        file[offset + at..offset + end].copy_from_slice(&new[at..end]);
                    }
                    at = end;
                }
            }
            Step::Truncate { new_size, .. } => {
                if chance.below(2) == 0 {
                    file.resize(*new_size, 0);
                }
            }
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_synced_stays_and_the_rest_may_go() {
        let old = || vec![1_u8; 2_048];
        let write = |offset, fill| Step::Write {
            offset,
            old_size: 2_048,
            old: vec![1; 1_024],
            new: vec![fill; 1_024],
        };
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..64 {
            let mut after = old();
            after[512..1_536].fill(7);
            let left = left_of(after, &[write(512, 7)], &mut Chance(seed));
            assert_eq!((left.len(), left[0], left[1_600]), (2_048, 1, 1));
            seen.insert((left[512], left[1_024]));
        }
        assert_eq!(seen.len(), 4, "each sector by itself: {seen:?}");
    }
}
