//! What holds back those who guess passwords: each account and each address has its own count of failures; after
//! a few free tries every further failure doubles the wait.

use pehra_domain::UnixMs;
use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Failures that cost nothing, per account.
pub const ACCOUNT_FREE: u32 = 5;
/// Failures that cost nothing, per address: a whole office may share one.
pub const ADDRESS_FREE: u32 = 20;
/// First wait; doubles with each failure.
const WAIT_MS: i64 = 1_000;
/// Longest wait: an account must not be locked for ever by somebody who only knows its name.
pub const WAIT_MAX_MS: i64 = 15 * 60_000;
/// Failures are forgotten after so long without another.
const FORGET_MS: i64 = 60 * 60_000;
/// Names and addresses remembered.
const KNOWN_MAX: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Account(String),
    Address(IpAddr),
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: UnixMs,
}

impl Failures {
    fn until(self, free: u32) -> UnixMs {
        let doublings = self.count.saturating_sub(free);
        let wait = match doublings {
            0 => 0,
            n => WAIT_MS.checked_shl((n - 1).min(30)).unwrap_or(WAIT_MAX_MS).min(WAIT_MAX_MS),
        };
        UnixMs(self.last.0 + wait)
    }
}

#[derive(Default)]
pub struct Throttle {
    failures: Mutex<BTreeMap<Who, Failures>>,
}

impl Throttle {
    /// When the next try may be made; none: now.
    pub fn blocked_until(&self, account: &str, address: IpAddr, now: UnixMs) -> Option<UnixMs> {
        let failures = self.lock();
        let of = |who: Who, free| failures.get(&who).map(|known| known.until(free));
        let account = of(Who::Account(fold(account)), ACCOUNT_FREE);
        let address = of(Who::Address(address), ADDRESS_FREE);
        account.max(address).filter(|until| now < *until)
    }

    pub fn failed(&self, account: &str, address: IpAddr, now: UnixMs) {
        let mut failures = self.lock();
        if failures.len() >= KNOWN_MAX {
            failures.retain(|_, known| now.0 - known.last.0 < FORGET_MS);
        }
        while failures.len() >= KNOWN_MAX {
            let least = failures.iter().min_by_key(|(_, known)| (known.count, known.last));
            let Some(least) = least.map(|(who, _)| who.clone()) else { break };
            failures.remove(&least);
        }
        for who in [Who::Account(fold(account)), Who::Address(address)] {
            let known = failures.entry(who).or_insert(Failures { count: 0, last: now });
            if now.0 - known.last.0 >= FORGET_MS {
                known.count = 0;
            }
            known.count = known.count.saturating_add(1);
            known.last = now;
        }
    }

    /// A right password clears the account's count, not the address's.
    pub fn succeeded(&self, account: &str) {
        self.lock().remove(&Who::Account(fold(account)));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Who, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Longer names than an account can have are cut, so that memory cannot be filled with them.
fn fold(account: &str) -> String {
    account.chars().take(64).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn other(n: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(10, 0, 0, n))
    }

    #[test]
    fn waits_double_after_the_free_tries_and_end_at_a_quarter_of_an_hour() {
        let throttle = Throttle::default();
        for n in 0_u8..5 {
            throttle.failed("a", other(n), UnixMs(0));
        }
        assert_eq!(throttle.blocked_until("a", HERE, UnixMs(0)), None);
        throttle.failed("a", other(5), UnixMs(0));
        assert_eq!(throttle.blocked_until("a", HERE, UnixMs(0)), Some(UnixMs(1_000)));
        assert_eq!(throttle.blocked_until("A", HERE, UnixMs(999)), Some(UnixMs(1_000)));
        assert_eq!(throttle.blocked_until("a", HERE, UnixMs(1_000)), None);
        for n in 6_u8..60 {
            throttle.failed("a", other(n), UnixMs(0));
        }
        assert_eq!(throttle.blocked_until("a", HERE, UnixMs(0)), Some(UnixMs(WAIT_MAX_MS)));
        assert_eq!(throttle.blocked_until("b", HERE, UnixMs(0)), None);
    }

    #[test]
    fn one_address_trying_many_accounts_is_held_back() {
        let throttle = Throttle::default();
        for n in 0..=ADDRESS_FREE {
            throttle.failed(&format!("account-{n}"), HERE, UnixMs(0));
        }
        assert_eq!(throttle.blocked_until("fresh", HERE, UnixMs(0)), Some(UnixMs(1_000)));
        assert_eq!(throttle.blocked_until("fresh", other(1), UnixMs(0)), None);
    }

    #[test]
    fn success_clears_the_account() {
        let throttle = Throttle::default();
        for _ in 0..8 {
            throttle.failed("a", HERE, UnixMs(0));
        }
        throttle.succeeded("a");
        assert_eq!(throttle.blocked_until("a", HERE, UnixMs(0)), None);
    }

    #[test]
    fn old_failures_are_forgotten() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            throttle.failed("a", HERE, UnixMs(0));
        }
        throttle.failed("a", HERE, UnixMs(FORGET_MS));
        assert_eq!(throttle.blocked_until("a", HERE, UnixMs(FORGET_MS)), None);
    }

    #[test]
    fn a_flood_of_names_does_not_fill_memory() {
        let throttle = Throttle::default();
        for n in 0..KNOWN_MAX + 50 {
            throttle.failed(&format!("n{n}"), HERE, UnixMs(0));
        }
        assert!(throttle.lock().len() <= KNOWN_MAX + 2);
    }
}
