//! Who may stand in the door: so many at once, so many of one address, so often for one device.

use pehra_ledger::DeviceId;
use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How much peers may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub connections: usize,
    pub per_address: usize,
    /// Conversations of one device within [`Self::window`].
    pub per_device: u32,
    pub window: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 64, per_address: 16, per_device: 20, window: Duration::from_secs(10) }
    }
}

/// Why somebody is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TurnedAway {
    #[error("too many conversations at once: try again later")]
    Full,
    #[error("a conversation with this device is open already")]
    OpenAlready,
    #[error("this device comes too often: try again later")]
    TooOften,
}

#[derive(Debug, Default)]
struct Book {
    addresses: BTreeMap<IpAddr, usize>,
    devices: BTreeMap<DeviceId, Visits>,
}

#[derive(Debug)]
struct Visits {
    open: bool,
    since: Instant,
    count: u32,
}

/// The door.
#[derive(Clone, Debug)]
pub struct Gate {
    limits: Limits,
    book: Arc<Mutex<Book>>,
}

/// A place in the door, held while a connection is open.
#[derive(Debug)]
pub struct Place {
    gate: Gate,
    address: IpAddr,
    device: Option<DeviceId>,
}

impl Gate {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, book: Arc::default() }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a connection whose other end is not known yet.
    ///
    /// # Errors
    /// [`TurnedAway::Full`].
    pub fn enter(&self, address: IpAddr) -> Result<Place, TurnedAway> {
        let mut book = self.book();
        let all: usize = book.addresses.values().sum();
        let own = book.addresses.entry(address).or_default();
        if all >= self.limits.connections || *own >= self.limits.per_address {
            return Err(TurnedAway::Full);
        }
        *own += 1;
        drop(book);
        Ok(Place { gate: self.clone(), address, device: None })
    }
}

impl Place {
    /// The other end has proven who it is.
    ///
    /// # Errors
    /// [`TurnedAway`].
    pub fn name(&mut self, device: DeviceId, now: Instant) -> Result<(), TurnedAway> {
        let limits = self.gate.limits;
        let mut book = self.gate.book();
        let stale =
            |visits: &Visits| !visits.open && now.duration_since(visits.since) > limits.window;
        book.devices.retain(|_, visits| !stale(visits));
        let visits =
            book.devices.entry(device).or_insert(Visits { open: false, since: now, count: 0 });
        if now.duration_since(visits.since) > limits.window {
            (visits.since, visits.count) = (now, 0);
        }
        visits.count = visits.count.saturating_add(1);
        if visits.open {
            return Err(TurnedAway::OpenAlready);
        }
        if visits.count > limits.per_device {
            return Err(TurnedAway::TooOften);
        }
        visits.open = true;
        drop(book);
        self.device = Some(device);
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut book = self.gate.book();
        if let Some(visits) = self.device.and_then(|device| book.devices.get_mut(&device)) {
            visits.open = false;
        }
        match book.addresses.get_mut(&self.address) {
            Some(own) if *own > 1 => *own -= 1,
            Some(_) | None => drop(book.addresses.remove(&self.address)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn two_hundred_and_forty_visits_of_one_device_leave_room_for_another() {
        let gate = Gate::new(Limits::default());
        let (address, now) = (IpAddr::V4(Ipv4Addr::LOCALHOST), Instant::now());
        let (eager, other) = (DeviceId([1; 16]), DeviceId([2; 16]));
        let mut served = 0;
        for _ in 0..240 {
            let mut place = gate.enter(address).unwrap();
            served += u32::from(place.name(eager, now).is_ok());
        }
        assert_eq!(served, Limits::default().per_device);
        let mut place = gate.enter(address).unwrap();
        assert_eq!(place.name(other, now), Ok(()));
        let mut again = gate.enter(address).unwrap();
        assert_eq!(again.name(other, now), Err(TurnedAway::OpenAlready));
        let later = now + Limits::default().window * 2;
        assert_eq!(gate.enter(address).unwrap().name(eager, later), Ok(()));
    }

    #[test]
    fn one_address_cannot_take_every_place_and_a_place_comes_back() {
        let gate = Gate::new(Limits { connections: 3, per_address: 2, ..Limits::default() });
        let [one, two, three] = [1, 2, 3].map(|last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)));
        let first = gate.enter(one).unwrap();
        let _second = gate.enter(one).unwrap();
        assert_eq!(gate.enter(one).unwrap_err(), TurnedAway::Full);
        let _third = gate.enter(two).unwrap();
        assert_eq!(gate.enter(three).unwrap_err(), TurnedAway::Full);
        drop(first);
        assert!(gate.enter(three).is_ok());
    }
}
