//! What changed, told to every open screen as it happens.
//!
//! One ring of the last deltas is shared by all readers; each reader keeps only its own place in it. A reader
//! that stops reading therefore costs nothing and slows nobody: when it comes back too late, it is told to
//! start afresh.

use serde_json::Value;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

/// Deltas kept for readers that come back.
pub const RING_DELTAS_MAX: usize = 4_096;

/// One change. `json` is the whole text that goes out, with `seq` and `topic` in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Delta {
    pub seq: u64,
    pub topic: &'static str,
    pub json: String,
}

/// What a reader is told next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Delta(Arc<Delta>),
    /// Deltas before `seq` are gone, or came from another run of the program: fetch everything again.
    Reset {
        seq: u64,
    },
}

/// The stream of changes; cloning shares it.
#[derive(Clone)]
pub struct Live {
    inner: Arc<Inner>,
}

struct Inner {
    ring: Mutex<VecDeque<Arc<Delta>>>,
    newest: watch::Sender<u64>,
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl Live {
    #[must_use]
    pub fn new() -> Self {
        let (newest, _) = watch::channel(0);
        Self { inner: Arc::new(Inner { ring: Mutex::new(VecDeque::new()), newest }) }
    }

    /// Tells everybody who listens; answers the number of the delta. `body` should be an object: `seq` and
    /// `topic` are added to it.
    pub fn publish(&self, topic: &'static str, body: Value) -> u64 {
        let mut ring = self.ring();
        let seq = ring.back().map_or(0, |last| last.seq) + 1;
        let mut fields = match body {
            Value::Object(fields) => fields,
            Value::Null => serde_json::Map::new(),
            other @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) => {
                serde_json::Map::from_iter([("value".to_owned(), other)])
            }
        };
        fields.insert("seq".to_owned(), seq.into());
        fields.insert("topic".to_owned(), topic.into());
        ring.push_back(Arc::new(Delta { seq, topic, json: Value::Object(fields).to_string() }));
        if ring.len() > RING_DELTAS_MAX {
            ring.pop_front();
        }
        self.inner.newest.send_replace(seq);
        seq
    }

    /// Number of the newest delta; 0 before the first.
    #[must_use]
    pub fn newest(&self) -> u64 {
        *self.inner.newest.borrow()
    }

    /// A reader who has seen everything up to and with `seen`; none: who starts now.
    #[must_use]
    pub fn subscribe(&self, seen: Option<u64>) -> Subscription {
        let newest = self.inner.newest.subscribe();
        let next = seen.unwrap_or_else(|| *newest.borrow()).saturating_add(1);
        Subscription { live: self.clone(), newest, next }
    }

    fn ring(&self) -> MutexGuard<'_, VecDeque<Arc<Delta>>> {
        self.inner.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a reader waiting for `next` is told now; none when there is nothing new.
    fn after(&self, next: u64) -> Option<Told> {
        let ring = self.ring();
        let newest = ring.back().map_or(0, |last| last.seq);
        if next > newest.saturating_add(1) {
            return Some(Told::Reset { seq: newest });
        }
        let oldest = ring.front()?.seq;
        if next < oldest {
            return Some(Told::Reset { seq: newest });
        }
        let place = usize::try_from(next - oldest).ok()?;
        ring.get(place).cloned().map(Told::Delta)
    }
}

/// One reader's place in the stream.
pub struct Subscription {
    live: Live,
    newest: watch::Receiver<u64>,
    next: u64,
}

impl Subscription {
    /// What comes next, if it is there already.
    pub fn try_next(&mut self) -> Option<Told> {
        let told = self.live.after(self.next)?;
        self.next = match &told {
            Told::Delta(delta) => delta.seq,
            Told::Reset { seq } => *seq,
        }
        .saturating_add(1);
        Some(told)
    }

    /// Waits for what comes next; none when the stream has ended.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            self.newest.mark_unchanged();
            if let Some(told) = self.try_next() {
                return Some(told);
            }
            self.newest.changed().await.ok()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seqs(reader: &mut Subscription) -> Vec<u64> {
        std::iter::from_fn(|| reader.try_next())
            .map(|told| match told {
                Told::Delta(delta) => delta.seq,
                Told::Reset { seq } => panic!("reset to {seq}"),
            })
            .collect()
    }

    #[test]
    fn a_reader_resumes_where_it_left() {
        let live = Live::new();
        for _ in 0..5 {
            live.publish("node", Value::Null);
        }
        assert_eq!(seqs(&mut live.subscribe(Some(2))), [3, 4, 5]);
        let mut fresh = live.subscribe(None);
        assert_eq!(seqs(&mut fresh), Vec::<u64>::new());
        live.publish("node", json!({"a": 1}));
        assert_eq!(seqs(&mut fresh), [6]);
    }

    #[test]
    fn a_reader_too_late_is_told_to_start_afresh_and_then_goes_on() {
        let live = Live::new();
        let mut sleeper = live.subscribe(None);
        for _ in 0..RING_DELTAS_MAX + 10 {
            live.publish("node", Value::Null);
        }
        let newest = live.newest();
        assert_eq!(sleeper.try_next(), Some(Told::Reset { seq: newest }));
        assert_eq!(sleeper.try_next(), None);
        live.publish("node", Value::Null);
        assert_eq!(seqs(&mut sleeper), [newest + 1]);
    }

    #[test]
    fn a_place_from_before_a_restart_is_a_reset() {
        let live = Live::new();
        live.publish("node", Value::Null);
        assert_eq!(live.subscribe(Some(900)).try_next(), Some(Told::Reset { seq: 1 }));
    }

    #[test]
    fn each_delta_carries_its_number_and_topic() {
        let live = Live::new();
        let mut reader = live.subscribe(None);
        live.publish("plan", json!({"id": "p"}));
        let Some(Told::Delta(delta)) = reader.try_next() else { panic!("nothing came") };
        let value: Value = serde_json::from_str(&delta.json).unwrap();
        assert_eq!(value, json!({"id": "p", "seq": 1, "topic": "plan"}));
    }

    #[tokio::test]
    async fn a_waiting_reader_wakes_when_something_happens() {
        let live = Live::new();
        let mut reader = live.subscribe(None);
        let waiting = tokio::spawn(async move { reader.next().await });
        tokio::task::yield_now().await;
        live.publish("node", Value::Null);
        assert!(matches!(waiting.await.unwrap(), Some(Told::Delta(delta)) if delta.seq == 1));
    }
}
