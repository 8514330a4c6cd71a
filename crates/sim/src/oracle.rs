//! What really happened: every key, every signature, every revocation. Only the checks look here.

use pehra_ledger::{
    DeviceId, Entry, Hash, Place, Signature, certificate::LastAccepted, clock::AHEAD_MS_MAX,
    roster::contains, sync::element::Log,
};
use std::collections::{BTreeMap, BTreeSet};

/// What a device was enrolled for.
#[derive(Clone, Debug)]
pub struct Enrolled {
    pub area: String,
    pub role: String,
    pub not_before_ms: u64,
    pub not_after_ms: u64,
    /// Whether it may read payloads.
    pub reads: bool,
}

/// One entry that the holder of a key has signed.
#[derive(Clone, Debug)]
pub struct Signed {
    pub signature: Signature,
    pub previous: Hash,
    pub area: String,
    pub role: String,
    pub at_ms: u64,
    /// Signed with a key that was stolen.
    pub stolen: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Oracle {
    pub enrolled: BTreeMap<DeviceId, Enrolled>,
    pub signed: BTreeMap<Place, BTreeMap<Hash, Signed>>,
    /// By device the last good entries; several revocations all count.
    pub revoked: BTreeMap<DeviceId, Vec<Vec<LastAccepted>>>,
    pub problems: Vec<String>,
}

impl Oracle {
    /// Somebody who holds a key has signed.
    pub fn note(&mut self, entry: &Entry, stolen: bool, sound: bool, wall_ms: u64) {
        let header = entry.header();
        let at = self.signed.entry(header.place).or_default();
        let again = at.keys().any(|hash| *hash != entry.hash()) && at.values().all(|it| !it.stolen);
        if again && !stolen && sound {
            self.problems.push(format!("an honest device signs {} twice", header.place));
        }
        if !stolen && header.clock.ms > wall_ms.saturating_add(AHEAD_MS_MAX + 1) {
            self.problems.push(format!("an honest clock was dragged at {}", header.place));
        }
        at.insert(
            entry.hash(),
            Signed {
                signature: *entry.signature(),
                previous: header.previous,
                area: header.area.clone(),
                role: header.role.clone(),
                at_ms: header.clock.ms,
                stolen,
            },
        );
    }

    /// Whether an entry is one that a key's holder signed, signature and all.
    #[must_use]
    pub fn knows(&self, entry: &Entry) -> bool {
        let at = self.signed.get(&entry.header().place);
        at.and_then(|at| at.get(&entry.hash())).is_some_and(|it| it.signature == *entry.signature())
    }

    /// Whether an entry takes effect, forks aside, by the rules as they are written down.
    #[must_use]
    pub fn is_good(&self, place: Place, hash: Hash) -> bool {
        let signed = self.signed.get(&place).and_then(|at| at.get(&hash));
        let (Some(signed), Some(enrolled)) = (signed, self.enrolled.get(&place.device)) else {
            return false;
        };
        let revoked = self.revoked.get(&place.device).into_iter().flatten();
        let believed = revoked.clone().all(|last| {
            last.iter().any(|it| {
                it.epoch == place.epoch
                    && (place.seq < it.seq || (place.seq == it.seq && hash == it.hash))
            })
        });
        believed
            && (enrolled.not_before_ms..=enrolled.not_after_ms).contains(&signed.at_ms)
            && contains(&enrolled.area, &signed.area)
            && enrolled.role == signed.role
    }

    /// Where each log forks, of what the given places and hashes show: the first place that has two.
    #[must_use]
    pub fn forks(shown: &BTreeSet<(Place, Hash)>) -> BTreeMap<Log, u64> {
        let mut forks: BTreeMap<Log, u64> = BTreeMap::new();
        let mut before: Option<(Place, Hash)> = None;
        for (place, hash) in shown {
            if before.is_some_and(|(at, other)| at == *place && other != *hash) {
                let log = (place.device, place.epoch);
                let at = forks.entry(log).or_insert(place.seq);
                *at = place.seq.min(*at);
            }
            before = Some((*place, *hash));
        }
        forks
    }

    /// Whether a device of an area may hold what belongs to another.
    #[must_use]
    pub fn concerns(own: &str, area: &str) -> bool {
        contains(own, area) || contains(area, own)
    }
}
