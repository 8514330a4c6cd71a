//! One fact that several devices may write apart: a multi-value register.
//!
//! A write removes the heads that it names and joins the others. Two writes that did not know of each other both
//! remain: equal values agree, different values are a conflict that stays visible until a later write names both.
//! The heads are the writes that nobody superseded, whatever order they arrive in, as long as a write comes after
//! the writes it names. After Shapiro and others, "A comprehensive study of convergent and commutative replicated
//! data types" (2011), §3.2.2.

use crate::stamp::{EventRef, Mark, Stamped};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// One write that nobody has superseded.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Head<T> {
    #[n(0)]
    pub mark: Mark,
    #[n(1)]
    pub value: T,
    /// The reason given, which does not make two equal values differ.
    #[n(2)]
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Register<T> {
    #[n(0)]
    heads: BTreeMap<EventRef, Head<T>>,
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self { heads: BTreeMap::new() }
    }
}

/// What a register says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading<'a, T> {
    /// Nobody wrote.
    Empty,
    /// All heads say the same.
    Agreed(&'a T),
    /// Decided apart: the heads differ.
    Disputed,
}

impl<T: PartialEq> Register<T> {
    /// Folds one write.
    pub(crate) fn write(&mut self, at: EventRef, supersedes: &[EventRef], head: Head<T>) {
        for old in supersedes {
            self.heads.remove(old);
        }
        self.heads.insert(at, head);
    }

    /// Folds the write of an entry: it supersedes what the entry says.
    pub(crate) fn put(&mut self, stamped: &Stamped, value: T, note: &str) {
        let head = Head { mark: stamped.mark(), value, note: note.to_owned() };
        self.write(stamped.at, &stamped.supersedes, head);
    }

    /// What the heads say together.
    #[must_use]
    pub fn reading(&self) -> Reading<'_, T> {
        let mut values = self.heads.values().map(|head| &head.value);
        match values.next() {
            None => Reading::Empty,
            Some(first) if values.all(|other| other == first) => Reading::Agreed(first),
            Some(_) => Reading::Disputed,
        }
    }

    /// The agreed value; none while empty or disputed.
    #[must_use]
    pub fn agreed(&self) -> Option<&T> {
        match self.reading() {
            Reading::Agreed(value) => Some(value),
            Reading::Empty | Reading::Disputed => None,
        }
    }

    #[must_use]
    pub fn is_disputed(&self) -> bool {
        matches!(self.reading(), Reading::Disputed)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// The writes that stand, in the order of their names.
    pub fn heads(&self) -> impl Iterator<Item = (EventRef, &Head<T>)> {
        self.heads.iter().map(|(at, head)| (*at, head))
    }

    /// The names of the writes that stand: what the next write supersedes.
    #[must_use]
    pub fn refs(&self) -> Vec<EventRef> {
        self.heads.keys().copied().collect()
    }
}

/// What a write follows from: the writes that stand, or else the entry that the fact is about.
pub(crate) fn heads_or(heads: Vec<EventRef>, first: EventRef) -> Vec<EventRef> {
    if heads.is_empty() { vec![first] } else { heads }
}

#[cfg(test)]
mod tests;
