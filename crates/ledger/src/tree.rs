//! The Merkle tree of RFC 6962 §2.1 over entry hashes: roots, and proofs that one entry is in a tree or that one tree is
//! the beginning of another. Checking follows RFC 9162 §2.1.3.2 and §2.1.4.2 and shares no step with making, so that
//! neither can hide the other's mistake.
//!
//! A node is named by its level (0 for leaves) and its index there; only complete subtrees of 2^level leaves have names.

use crate::hash::Hash;
use sha2::{Digest, Sha256};

/// No tree is larger: every index then fits signed 64 bits everywhere.
pub const SIZE_MAX: u64 = 1 << 62;
/// Hashes in the longest inclusion proof.
pub const PATH_MAX: usize = 62;
/// Hashes in the longest consistency proof.
pub const CONSISTENCY_MAX: usize = 63;

/// Why a proof cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    #[error("a tree of {size} entries has no place {index}")]
    NotInTree { index: u64, size: u64 },
    #[error("a tree of {old} entries cannot be the beginning of one of {new}")]
    NotABeginning { old: u64, new: u64 },
    #[error("the tree on this node could not be read: {0}")]
    Unreadable(String),
}

/// Where the hashes of complete subtrees are kept.
pub trait Subtrees {
    /// The hash of the subtree over the leaves `index × 2^level` up to `(index + 1) × 2^level`.
    ///
    /// # Errors
    /// [`TreeError::Unreadable`] when it is not kept or the place where it is kept cannot be read.
    fn subtree(&self, level: u8, index: u64) -> Result<Hash, TreeError>;
}

/// The leaf hash of a record.
#[must_use]
pub fn leaf_hash(record: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(record).finalize().into())
}

/// The hash of an inner node.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// The root of no entries: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

/// The largest power of two below `count`, which is at least two.
fn split(count: u64) -> u64 {
    1 << (u64::BITS - 1 - (count - 1).leading_zeros())
}

/// The root over `count` leaves from `from` on, a multiple of every power of two that is at most `count`.
fn root_of_range(trees: &dyn Subtrees, from: u64, count: u64) -> Result<Hash, TreeError> {
    let mut parts = Vec::new();
    let (mut at, mut left) = (from, count);
    while left > 0 {
        let level = 63 - left.leading_zeros();
        let width = 1_u64 << level;
        parts.push(trees.subtree(u8::try_from(level).unwrap_or(u8::MAX), at / width)?);
        at += width;
        left -= width;
    }
    Ok(fold_right(&parts))
}

fn fold_right(parts: &[Hash]) -> Hash {
    let mut parts = parts.iter().rev().copied();
    let last = parts.next().unwrap_or_else(empty_root);
    parts.fold(last, |right, left| node_hash(&left, &right))
}

/// The root of the first `size` leaves.
///
/// # Errors
/// [`TreeError::Unreadable`].
pub fn root(trees: &dyn Subtrees, size: u64) -> Result<Hash, TreeError> {
    root_of_range(trees, 0, size)
}

/// The proof that the leaf `index` is in the tree of the first `size` leaves, from the leaf's neighbour up.
///
/// # Errors
/// [`TreeError`].
pub fn inclusion(trees: &dyn Subtrees, index: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
    if index >= size || size > SIZE_MAX {
        return Err(TreeError::NotInTree { index, size });
    }
    let mut path = Vec::new();
    let (mut from, mut count) = (0, size);
    while count > 1 {
        let width = split(count);
        if index - from < width {
            path.push(root_of_range(trees, from + width, count - width)?);
            count = width;
        } else {
            path.push(root_of_range(trees, from, width)?);
            from += width;
            count -= width;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of the first `old` leaves is the beginning of that of the first `new`. Empty for equal sizes
/// and for an empty old tree.
///
/// # Errors
/// [`TreeError`].
pub fn consistency(trees: &dyn Subtrees, old: u64, new: u64) -> Result<Vec<Hash>, TreeError> {
    if old > new || new > SIZE_MAX {
        return Err(TreeError::NotABeginning { old, new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let mut path = Vec::new();
    let (mut from, mut count, mut known) = (0, new, true);
    // SUBPROOF of RFC 6962 §2.1.2: `from` and `count` are the range that is left to prove, `known` says that the
    // verifier has its root already.
    while old - from != count {
        let width = split(count);
        if old - from <= width {
            path.push(root_of_range(trees, from + width, count - width)?);
            count = width;
        } else {
            path.push(root_of_range(trees, from, width)?);
            from += width;
            count -= width;
            known = false;
        }
    }
    if !known {
        path.push(root_of_range(trees, from, count)?);
    }
    path.reverse();
    Ok(path)
}

/// The root of the tree of `size` leaves in which `path` puts the leaf `leaf` at `index`; none for a path of another
/// length than such a place has. Whoever signed that root vouches for the leaf.
#[must_use]
pub fn root_of_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size || size > SIZE_MAX {
        return None;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in path {
        if last == 0 {
            return None;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(beside, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        node >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

/// Whether `path` proves that the leaf `leaf` stands at `index` of the tree of `size` leaves with this root.
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    root_of_inclusion(leaf, index, size, path).is_some_and(|found| found == *root)
}

/// Whether `path` proves that the tree of `old` leaves with `old_root` is the beginning of that of `new` leaves with
/// `new_root`.
#[must_use]
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    path: &[Hash],
) -> bool {
    if old > new || new > SIZE_MAX {
        return false;
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return path.is_empty() && *old_root == empty_root();
    }
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let mut rest = path.iter();
    // A whole power of two is its own first subtree.
    let first = if old.is_power_of_two() { Some(old_root) } else { rest.next() };
    let Some(first) = first else { return false };
    let (mut of_old, mut of_new) = (*first, *first);
    for beside in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            of_old = node_hash(beside, &of_old);
            of_new = node_hash(beside, &of_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            of_new = node_hash(&of_new, beside);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && of_old == *old_root && of_new == *new_root
}

/// A tree that only grows and keeps its right edge alone: for roots of any number of entries in flat memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// Complete subtrees from left to right, one for each bit of the size.
    parts: Vec<Hash>,
}

impl Edge {
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let (mut hash, mut bits) = (leaf, self.size);
        while bits & 1 == 1 {
            if let Some(left) = self.parts.pop() {
                hash = node_hash(&left, &hash);
            }
            bits >>= 1;
        }
        self.parts.push(hash);
        self.size += 1;
    }

    #[must_use]
    pub fn root(&self) -> Hash {
        fold_right(&self.parts)
    }
}

#[cfg(test)]
mod tests;
