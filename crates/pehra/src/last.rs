//! What takes a while to make is kept for whoever asks for it again.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// The last few that were asked for, by what they were made of.
pub struct Last<K, V>(Mutex<VecDeque<(K, Arc<V>)>>);

impl<K, V> Default for Last<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, V> Last<K, V> {
    /// Made once for whoever asks; others wait for it.
    ///
    /// # Errors
    /// What making it ends in; nothing is kept then.
    pub fn get<E>(
        &self,
        key: K,
        most: usize,
        make: impl FnOnce() -> Result<V, E>,
    ) -> Result<Arc<V>, E> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, found)) = kept.iter().find(|(it, _)| *it == key) {
            return Ok(Arc::clone(found));
        }
        let made = Arc::new(make()?);
        if kept.len() >= most {
            kept.pop_front();
        }
        kept.push_back((key, Arc::clone(&made)));
        Ok(made)
    }
}
