//! Sessions: a random token in the browser, only its hash here, in memory. A restart signs everybody out.

use crate::auth::{hex, same_secret, unhex};
use pehra_domain::{PersonId, UnixMs};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// A session ends when nothing was asked for so long.
pub const IDLE_MS: i64 = 2 * 3_600_000;
/// A session ends so long after sign-in, whatever happens: one long shift.
pub const ABSOLUTE_MS: i64 = 16 * 3_600_000;
/// Sessions of one person at a time; the oldest makes room.
const PER_PERSON_MAX: usize = 8;
/// Sessions in all.
const SESSIONS_MAX: usize = 4_096;

/// What the browser gets: shown once, never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(pub String);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub person: PersonId,
    /// To be repeated in a header by whoever changes something.
    pub csrf: String,
    pub opened: UnixMs,
    pub seen: UnixMs,
}

impl Session {
    /// When it ends if nothing more is asked.
    #[must_use]
    pub fn expires(&self) -> UnixMs {
        UnixMs((self.seen.0 + IDLE_MS).min(self.opened.0 + ABSOLUTE_MS))
    }

    #[must_use]
    pub fn csrf_matches(&self, given: &str) -> bool {
        same_secret(self.csrf.as_bytes(), given.as_bytes())
    }
}

#[derive(Default)]
pub struct Sessions {
    by_hash: Mutex<BTreeMap<[u8; 32], Session>>,
}

impl Sessions {
    /// Opens a session from 32 random bytes for the token and 32 for the CSRF token.
    pub fn open(
        &self,
        person: PersonId,
        now: UnixMs,
        secret: [u8; 32],
        csrf: [u8; 32],
    ) -> (Token, Session) {
        let session = Session { person, csrf: hex(&csrf), opened: now, seen: now };
        let mut by_hash = self.lock();
        by_hash.retain(|_, other| now < other.expires());
        let mut own: Vec<(UnixMs, [u8; 32])> = by_hash
            .iter()
            .filter(|(_, other)| other.person == session.person)
            .map(|(hash, other)| (other.seen, *hash))
            .collect();
        own.sort_unstable();
        for (_, hash) in own.iter().take((own.len() + 1).saturating_sub(PER_PERSON_MAX)) {
            by_hash.remove(hash);
        }
        if by_hash.len() >= SESSIONS_MAX {
            let oldest = by_hash.iter().min_by_key(|(_, other)| other.seen).map(|(hash, _)| *hash);
            oldest.map(|hash| by_hash.remove(&hash));
        }
        by_hash.insert(fingerprint(secret), session.clone());
        (Token(hex(&secret)), session)
    }

    /// The session of a token, if it still holds. `touch` counts as activity.
    pub fn find(&self, token: &str, now: UnixMs, touch: bool) -> Option<Session> {
        let hash = fingerprint(unhex::<32>(token)?);
        let mut by_hash = self.lock();
        let session = by_hash.get_mut(&hash)?;
        if now >= session.expires() {
            by_hash.remove(&hash);
            return None;
        }
        if touch {
            session.seen = session.seen.max(now);
        }
        Some(session.clone())
    }

    /// Ends one session.
    pub fn close(&self, token: &str) {
        if let Some(secret) = unhex::<32>(token) {
            self.lock().remove(&fingerprint(secret));
        }
    }

    /// Ends all sessions of a person: after a new password or a withdrawn role.
    pub fn close_all(&self, person: &PersonId) {
        self.lock().retain(|_, session| session.person != *person);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Session>> {
        self.by_hash.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fingerprint(secret: [u8; 32]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> PersonId {
        PersonId::try_new(name).unwrap()
    }

    #[test]
    fn a_session_ends_by_idling_and_at_the_end_of_the_shift() {
        let sessions = Sessions::default();
        let (token, _) = sessions.open(person("a"), UnixMs(0), [1; 32], [2; 32]);
        assert!(sessions.find(&token.0, UnixMs(IDLE_MS - 1), false).is_some());
        assert!(sessions.find(&token.0, UnixMs(IDLE_MS), true).is_none());

        let (token, _) = sessions.open(person("a"), UnixMs(0), [3; 32], [2; 32]);
        let mut now = 0;
        while now < ABSOLUTE_MS {
            assert!(sessions.find(&token.0, UnixMs(now), true).is_some(), "at {now}");
            now += IDLE_MS / 2;
        }
        assert!(sessions.find(&token.0, UnixMs(ABSOLUTE_MS), true).is_none());
    }

    #[test]
    fn what_is_kept_does_not_contain_the_token() {
        let sessions = Sessions::default();
        let (token, _) = sessions.open(person("a"), UnixMs(0), [9; 32], [2; 32]);
        let kept = sessions.lock();
        assert!(kept.keys().all(|hash| hex(hash) != token.0));
    }

    #[test]
    fn a_closed_session_is_gone_and_others_stay() {
        let sessions = Sessions::default();
        let (first, _) = sessions.open(person("a"), UnixMs(0), [1; 32], [0; 32]);
        let (second, _) = sessions.open(person("a"), UnixMs(0), [2; 32], [0; 32]);
        let (other, _) = sessions.open(person("b"), UnixMs(0), [3; 32], [0; 32]);
        sessions.close(&first.0);
        assert!(sessions.find(&first.0, UnixMs(1), true).is_none());
        assert!(sessions.find(&second.0, UnixMs(1), true).is_some());
        sessions.close_all(&person("a"));
        assert!(sessions.find(&second.0, UnixMs(1), true).is_none());
        assert!(sessions.find(&other.0, UnixMs(1), true).is_some());
    }

    #[test]
    fn one_person_cannot_fill_the_table() {
        let sessions = Sessions::default();
        let tokens: Vec<Token> = (0_u8..20)
            .map(|n| sessions.open(person("a"), UnixMs(i64::from(n)), [n; 32], [0; 32]).0)
            .collect();
        let open = tokens.iter().filter(|t| sessions.find(&t.0, UnixMs(30), false).is_some());
        assert_eq!(open.count(), PER_PERSON_MAX);
        assert!(sessions.find(&tokens[19].0, UnixMs(30), false).is_some());
    }

    #[test]
    fn a_csrf_token_matches_only_itself() {
        let sessions = Sessions::default();
        let (_, session) = sessions.open(person("a"), UnixMs(0), [1; 32], [2; 32]);
        assert!(session.csrf_matches(&session.csrf));
        assert!(!session.csrf_matches("") && !session.csrf_matches(&format!("{}0", session.csrf)));
    }
}
