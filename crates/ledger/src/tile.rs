//! Tiles of a tree, as c2sp.org/tlog-tiles lays them out: 256 hashes of one level side by side, so that a tree of any
//! size is a set of small files that never change once they are full.
//!
//! The record of an entry is its 32-byte hash alone: tiles and bundles can be handed to anybody, and say nothing of who
//! acted, where or when.

use crate::hash::Hash;
use crate::tree::{self, Subtrees, TreeError, node_hash};
use std::collections::BTreeMap;

/// Hashes in a full tile.
pub const WIDTH: u64 = 256;
/// Levels of the tree in one tile.
const HEIGHT: u8 = 8;
/// Tiles of this level and above hold nothing in trees of at most 2^62 entries.
pub const LEVELS: u8 = 8;

/// One tile: its level, its index there, and how many hashes it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    pub level: u8,
    pub index: u64,
    /// 1 to 256.
    pub width: u16,
}

impl Tile {
    /// Every tile of a tree, level by level, the partial one of each level last.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        (0..LEVELS).flat_map(move |level| {
            let hashes = size >> (u32::from(HEIGHT) * u32::from(level));
            let full = (0..hashes / WIDTH).map(move |index| Self { level, index, width: 256 });
            let rest = u16::try_from(hashes % WIDTH).unwrap_or_default();
            let partial = Self { level, index: hashes / WIDTH, width: rest };
            full.chain((rest > 0).then_some(partial))
        })
    }

    /// The path below a log's address.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}{}", self.level, number(self.index), self.suffix())
    }

    /// The path of the records below a tile of level 0.
    #[must_use]
    pub fn bundle_path(&self) -> String {
        format!("tile/entries/{}{}", number(self.index), self.suffix())
    }

    fn suffix(&self) -> String {
        if u64::from(self.width) == WIDTH { String::new() } else { format!(".p/{}", self.width) }
    }
}

/// Groups of three digits, all but the last with an `x` in front: `x001/x234/067`.
fn number(index: u64) -> String {
    let mut text = format!("{:03}", index % 1_000);
    let mut rest = index / 1_000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1_000);
        rest /= 1_000;
    }
    text
}

/// A bundle of records: each with its length in two bytes, big-endian, in front.
#[must_use]
pub fn bundle(entries: &[Hash]) -> Vec<u8> {
    entries.iter().flat_map(|hash| [&[0, 32][..], &hash.0].concat()).collect()
}

/// The leaf of an entry.
#[must_use]
pub fn leaf(entry: &Hash) -> Hash {
    tree::leaf_hash(&entry.0)
}

/// Where tiles are kept.
pub trait Tiles {
    /// The hashes of a tile, as many as there are; none for a tile that is not kept.
    ///
    /// # Errors
    /// [`TreeError::Unreadable`].
    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<Hash>>, TreeError>;
}

impl<T: Tiles + ?Sized> Subtrees for T {
    fn subtree(&self, level: u8, index: u64) -> Result<Hash, TreeError> {
        let absent = || TreeError::Unreadable(format!("subtree {level}/{index} is not kept"));
        let above = level % HEIGHT;
        let count = 1_u64 << above;
        let first = index << above;
        let hashes = self.tile(level / HEIGHT, first / WIDTH)?.ok_or_else(absent)?;
        let from = usize::try_from(first % WIDTH).map_err(|_large| absent())?;
        let to = from + usize::try_from(count).map_err(|_large| absent())?;
        hashes.get(from..to).map(top).ok_or_else(absent)
    }
}

/// The root over a row whose length is a power of two.
fn top(row: &[Hash]) -> Hash {
    match row {
        [] => tree::empty_root(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            node_hash(&top(left), &top(right))
        }
    }
}

/// The bytes of a tile: its hashes one after the other.
#[must_use]
pub fn encode(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// The hashes of a tile; none when the bytes are not 1 to 256 whole hashes.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    let fits = rest.is_empty() && !hashes.is_empty() && hashes.len() <= 256;
    fits.then(|| hashes.iter().copied().map(Hash).collect())
}

/// A tree that grows: keeps the last tile of each level and gives out what changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Growth {
    size: u64,
    /// The partial tile of each level, and whether it changed.
    last: BTreeMap<u8, (Vec<Hash>, bool)>,
    /// Tiles that were filled.
    full: Vec<(u8, u64, Vec<Hash>)>,
}

impl Growth {
    /// Goes on from a tree of `size` leaves whose tiles are kept.
    ///
    /// # Errors
    /// [`TreeError::Unreadable`] when the tiles at its right edge are not kept.
    pub fn resume(tiles: &dyn Tiles, size: u64) -> Result<Self, TreeError> {
        let mut growth = Self { size, ..Self::default() };
        for level in 0..LEVELS {
            let (index, width) = partial(size, level);
            if width == 0 {
                continue;
            }
            let kept = tiles.tile(level, index)?.filter(|kept| kept.len() >= width);
            let absent = || TreeError::Unreadable(format!("tile {level}/{index} is not kept"));
            let mut kept = kept.ok_or_else(absent)?;
            kept.truncate(width);
            growth.last.insert(level, (kept, false));
        }
        Ok(growth)
    }

    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry by its hash.
    pub fn push(&mut self, entry: &Hash) {
        let mut hash = leaf(entry);
        let mut index = self.size;
        self.size += 1;
        for level in 0..LEVELS {
            let (row, changed) = self.last.entry(level).or_default();
            row.push(hash);
            *changed = true;
            if u64::try_from(row.len()) != Ok(WIDTH) {
                return;
            }
            let full = std::mem::take(row);
            hash = top(&full);
            self.full.push((level, index / WIDTH, full));
            index /= WIDTH;
        }
    }

    /// The tiles that changed since this was asked last, each whole.
    pub fn take_changed(&mut self) -> Vec<(u8, u64, Vec<Hash>)> {
        let mut changed = std::mem::take(&mut self.full);
        for (&level, (row, dirty)) in &mut self.last {
            if std::mem::take(dirty) && !row.is_empty() {
                changed.push((level, partial(self.size, level).0, row.clone()));
            }
        }
        changed
    }
}

/// The last tile of a level when it is not full: its index, and how many hashes it has.
fn partial(size: u64, level: u8) -> (u64, usize) {
    let hashes = size >> (u32::from(HEIGHT) * u32::from(level));
    (hashes / WIDTH, usize::try_from(hashes % WIDTH).unwrap_or_default())
}

/// Tiles in memory.
#[derive(Clone, Debug, Default)]
pub struct TileBook(pub BTreeMap<(u8, u64), Vec<Hash>>);

impl Tiles for TileBook {
    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<Hash>>, TreeError> {
        Ok(self.0.get(&(level, index)).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Edge, consistency, inclusion, root, verify_consistency, verify_inclusion};

    fn entry(n: u64) -> Hash {
        Hash::of(&n.to_be_bytes())
    }

    fn keep(book: &mut TileBook, growth: &mut Growth) {
        for (level, index, hashes) in growth.take_changed() {
            book.0.insert((level, index), hashes);
        }
    }

    #[test]
    fn paths_are_those_of_the_specification() {
        let path = |level, index, width| Tile { level, index, width }.path();
        assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(1, 999, 256), "tile/1/999");
        assert_eq!(path(2, 0, 12), "tile/2/000.p/12");
        assert_eq!(path(0, 1_000, 1), "tile/0/x001/000.p/1");
        let bundle = Tile { level: 0, index: 273, width: 112 }.bundle_path();
        assert_eq!(bundle, "tile/entries/273.p/112");
        // The specification's example: a tree of 70,000.
        let tiles: Vec<String> = Tile::all(70_000).map(|tile| tile.path()).collect();
        assert_eq!(tiles.len(), 273 + 1 + 1 + 1 + 1);
        assert!(
            tiles.contains(&"tile/0/272".to_owned())
                && tiles.contains(&"tile/0/273.p/112".to_owned())
        );
        assert!(
            tiles.contains(&"tile/1/000".to_owned())
                && tiles.contains(&"tile/1/001.p/17".to_owned())
        );
        assert_eq!(tiles.last().map(String::as_str), Some("tile/2/000.p/1"));
    }

    #[test]
    fn a_bundle_is_lengths_and_records() {
        let bytes = bundle(&[entry(1), entry(2)]);
        assert_eq!(bytes.len(), 2 * 34);
        assert_eq!(bytes[..2], [0, 32]);
        assert_eq!(bytes[2..34], entry(1).0);
    }

    #[test]
    fn a_tree_of_tiles_is_the_tree() {
        let (mut book, mut growth, mut edge) =
            (TileBook::default(), Growth::default(), Edge::default());
        let mut roots = vec![edge.root()];
        for n in 0..66_000_u64 {
            growth.push(&entry(n));
            edge.push(leaf(&entry(n)));
            // Kept at uneven times, and resumed from what is kept.
            if n % 997 == 0 || n == 65_535 || n == 65_536 || n == 255 {
                keep(&mut book, &mut growth);
                growth = Growth::resume(&book, n + 1).unwrap();
                assert_eq!(root(&book, n + 1), Ok(edge.root()));
            }
            roots.push(edge.root());
        }
        keep(&mut book, &mut growth);
        let size = growth.size();
        assert_eq!((size, root(&book, size)), (66_000, Ok(edge.root())));
        for index in [0, 1, 255, 256, 65_535, 65_536, 65_999] {
            let path = inclusion(&book, index, size).unwrap();
            assert!(verify_inclusion(&leaf(&entry(index)), index, size, &path, &edge.root()));
        }
        for old in [1, 255, 256, 257, 65_535, 65_536, 65_537, 65_999] {
            let path = consistency(&book, old, size).unwrap();
            let before = roots[usize::try_from(old).unwrap()];
            assert!(verify_consistency(old, &before, size, &edge.root(), &path), "{old}");
        }
    }

    #[test]
    fn a_tile_that_is_not_kept_is_named() {
        let missing = Growth::resume(&TileBook::default(), 5);
        assert!(matches!(missing, Err(TreeError::Unreadable(text)) if text.contains("0/0")));
    }

    #[test]
    fn bytes_that_are_no_tile_are_refused() {
        assert_eq!(decode(&encode(&[entry(1), entry(2)])), Some(vec![entry(1), entry(2)]));
        assert_eq!(decode(&[]), None);
        assert_eq!(decode(&[0; 31]), None);
        assert_eq!(decode(&[0; 257 * 32]), None);
    }
}
