//! Who may open a session, and who must leave: one device's haste and another's silence cost nobody else a place.

use std::collections::BTreeMap;

/// How many sessions, how often, how slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub sessions_max: usize,
    /// Open at once by one peer.
    pub peer_sessions_max: usize,
    /// Opened at once after a rest.
    pub burst: u32,
    /// Then one more in each of these.
    pub refill_ms: u64,
    /// A session in which nothing moves for so long is closed.
    pub silent_ms: u64,
    /// Below this a session is slow: it goes on, but gives way when places are short.
    pub slow_bytes_per_s: u64,
    /// A session is not judged before.
    pub grace_ms: u64,
    /// Peers that are remembered.
    pub peers_max: usize,
}

impl Limits {
    pub const NODE: Self = Self {
        sessions_max: 256,
        peer_sessions_max: 4,
        burst: 8,
        refill_ms: 2_000,
        silent_ms: 30_000,
        slow_bytes_per_s: 64,
        grace_ms: 5_000,
        peers_max: 100_000,
    };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// Why nobody was let in; `retry_ms` keeps the crowd from coming back at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("this peer opened sessions too quickly; again in {retry_ms} ms")]
    TooQuick { retry_ms: u64 },
    #[error("this peer has its share of sessions open; again in {retry_ms} ms")]
    Share { retry_ms: u64 },
    #[error("every place is taken by others; again in {retry_ms} ms")]
    Full { retry_ms: u64 },
}

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Nothing moved.
    Silent,
    /// It was slow, and the place was needed.
    Slow,
    /// Its peer had several, and somebody had none.
    Shared,
}

/// A session that was let in, and what had to end for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    pub session: SessionId,
    pub closed: Option<(SessionId, Closed)>,
}

#[derive(Clone, Debug)]
struct Peer {
    /// In thousandths of a session.
    tokens_milli: u64,
    at_ms: u64,
    open: usize,
}

#[derive(Clone, Debug)]
struct Session<K> {
    peer: K,
    opened_ms: u64,
    moved_ms: u64,
    bytes: u64,
}

/// All sessions of one door. `K` names a peer: a device after its certificate was checked, an address before.
#[derive(Clone, Debug)]
pub struct Admission<K> {
    limits: Limits,
    peers: BTreeMap<K, Peer>,
    sessions: BTreeMap<SessionId, Session<K>>,
    opened: u64,
}

impl<K: Ord + Clone> Admission<K> {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, peers: BTreeMap::new(), sessions: BTreeMap::new(), opened: 0 }
    }

    /// Lets a peer in, or says when to come again. A full door makes room for a peer without a place.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn open(&mut self, peer: &K, now_ms: u64) -> Result<Admitted, Refused> {
        self.spend(peer, now_ms)?;
        let open = self.peers.get(peer).map_or(0, |it| it.open);
        if open >= self.limits.peer_sessions_max {
            return Err(Refused::Share { retry_ms: self.limits.refill_ms });
        }
        let mut closed = None;
        if self.sessions.len() >= self.limits.sessions_max {
            let given_up = self.gives_way(open, now_ms);
            let Some((session, why)) = given_up else {
                let spread = self.opened.wrapping_mul(7_919) % self.limits.refill_ms.max(1);
                return Err(Refused::Full { retry_ms: self.limits.refill_ms + spread });
            };
            self.close(session);
            closed = Some((session, why));
        }
        self.opened += 1;
        let session = SessionId(self.opened);
        let (opened_ms, moved_ms) = (now_ms, now_ms);
        self.sessions
            .insert(session, Session { peer: peer.clone(), opened_ms, moved_ms, bytes: 0 });
        if let Some(known) = self.peers.get_mut(peer) {
            known.open += 1;
        }
        Ok(Admitted { session, closed })
    }

    /// Takes a session's worth from the peer's allowance (a token bucket).
    fn spend(&mut self, peer: &K, now_ms: u64) -> Result<(), Refused> {
        let full = u64::from(self.limits.burst) * 1_000;
        if !self.peers.contains_key(peer) && self.peers.len() >= self.limits.peers_max {
            self.forget_rested(now_ms);
            if self.peers.len() >= self.limits.peers_max {
                return Err(Refused::Full { retry_ms: self.limits.refill_ms });
            }
        }
        let refill_ms = self.limits.refill_ms.max(1);
        let known = self.peers.entry(peer.clone()).or_insert(Peer {
            tokens_milli: full,
            at_ms: now_ms,
            open: 0,
        });
        let gained = now_ms.saturating_sub(known.at_ms).saturating_mul(1_000) / refill_ms;
        known.tokens_milli = known.tokens_milli.saturating_add(gained).min(full);
        known.at_ms = known.at_ms.max(now_ms);
        match known.tokens_milli.checked_sub(1_000) {
            Some(left) => {
                known.tokens_milli = left;
                Ok(())
            }
            None => {
                let retry_ms = (1_000 - known.tokens_milli).saturating_mul(refill_ms) / 1_000 + 1;
                Err(Refused::TooQuick { retry_ms })
            }
        }
    }

    /// Whose session ends so that a peer with `open` sessions gets one: a slow one, or the youngest of the peer that
    /// has the most, if it has two more.
    fn gives_way(&self, open: usize, now_ms: u64) -> Option<(SessionId, Closed)> {
        let slow = self
            .sessions
            .iter()
            .filter(|(_, it)| self.is_slow(it, now_ms))
            .min_by_key(|(id, it)| (it.bytes, **id));
        if let Some((id, _)) = slow {
            return Some((*id, Closed::Slow));
        }
        let of = |it: &Session<K>| self.peers.get(&it.peer).map_or(0, |peer| peer.open);
        let (id, heaviest) = self.sessions.iter().max_by_key(|(id, it)| (of(it), **id))?;
        (of(heaviest) >= open + 2).then_some((*id, Closed::Shared))
    }

    fn is_slow(&self, session: &Session<K>, now_ms: u64) -> bool {
        let age_ms = now_ms.saturating_sub(session.opened_ms);
        let expected = self.limits.slow_bytes_per_s.saturating_mul(age_ms) / 1_000;
        age_ms > self.limits.grace_ms && session.bytes < expected
    }

    /// Bytes moved in a session, in either direction.
    pub fn moved(&mut self, session: SessionId, bytes: u64, now_ms: u64) {
        if let Some(it) = self.sessions.get_mut(&session).filter(|_| bytes > 0) {
            it.bytes = it.bytes.saturating_add(bytes);
            it.moved_ms = it.moved_ms.max(now_ms);
        }
    }

    /// A session ended.
    pub fn close(&mut self, session: SessionId) {
        if let Some(it) = self.sessions.remove(&session)
            && let Some(peer) = self.peers.get_mut(&it.peer)
        {
            peer.open = peer.open.saturating_sub(1);
        }
    }

    /// Closes what has fallen silent.
    pub fn tick(&mut self, now_ms: u64) -> Vec<(SessionId, Closed)> {
        let silent: Vec<SessionId> = self
            .sessions
            .iter()
            .filter(|(_, it)| now_ms.saturating_sub(it.moved_ms) >= self.limits.silent_ms)
            .map(|(id, _)| *id)
            .collect();
        for session in &silent {
            self.close(*session);
        }
        silent.into_iter().map(|session| (session, Closed::Silent)).collect()
    }

    /// Sessions that are open.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Peers whose allowance is whole again need not be remembered.
    fn forget_rested(&mut self, now_ms: u64) {
        let rest_ms = u64::from(self.limits.burst).saturating_mul(self.limits.refill_ms);
        self.peers.retain(|_, peer| peer.open > 0 || now_ms.saturating_sub(peer.at_ms) < rest_ms);
    }
}

#[cfg(test)]
mod tests;
