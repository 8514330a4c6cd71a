//! What one side holds of what both may hold, at one moment: the ground of a comparison.

use super::element::{Element, Height, Key, Log};
use super::parity::Parity;
use super::scope::{Scope, areas_of};
use crate::certificate::Subject;
use crate::fork::ForkProof;
use crate::hash::{Hash, LABEL_BYTES};
use crate::header::Header;
use crate::key::DeviceId;
use crate::log::Head;
use crate::roster::Roster;
use std::collections::{BTreeMap, BTreeSet};

/// Steps of an area's path by which authors are grouped: nation, province, district.
const GROUP_STEPS: usize = 3;
/// Groups of a comparison at most; authors of others fall into one last group.
pub const GROUPS_MAX: usize = 1_024;

const FORK_LABEL: &[u8; LABEL_BYTES] = b"pehra/forked/1\0";
const SET_LABEL: &[u8; LABEL_BYTES] = b"pehra/syncset/1";

/// The sets that are compared, in this order: who may sign, whom not to believe, who said how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    Statements,
    Forks,
    Heights,
}

/// A fork that is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForkState {
    pub log: Log,
    /// The first place that two signed entries claim, as far as is known.
    pub at: u64,
    /// Whether the two entries there point back to the same one, so that the fork cannot begin earlier.
    pub settled: bool,
    /// The entry before it, by a proof that settles it.
    pub before: Option<Hash>,
}

impl ForkState {
    /// A fork of which no proof is at hand.
    #[must_use]
    pub fn unproven(log: Log, at: u64) -> Self {
        Self { log, at, settled: at == 0, before: None }
    }

    /// What a proof says of a fork whose first known place is `at`.
    #[must_use]
    pub fn of(log: Log, at: u64, proof: &ForkProof) -> Self {
        let previous = |bytes: &[u8]| Header::decode(bytes).map(|it| (it.place.seq, it.previous));
        let before = match (previous(&proof.held.header_bytes), previous(&proof.other.header_bytes))
        {
            (Ok(one), Ok(other)) if one == other && one.0 == at => Some(one.1),
            (_, _) => None,
        };
        Self { log, at, settled: before.is_some() || at == 0, before }
    }

    /// Names the fork and whether it is settled, so that the better proof spreads.
    #[must_use]
    pub fn name(&self) -> Hash {
        let (device, epoch) = self.log;
        let mut bytes = device.0.to_vec();
        bytes.extend(epoch.to_be_bytes());
        bytes.extend(self.at.to_be_bytes());
        bytes.push(u8::from(self.settled));
        Hash::labelled(FORK_LABEL, &bytes)
    }
}

/// What of a roster two sides share: who said what of whom, and whose logs both may hold. It changes when the roster
/// does, and no entry changes it, so whoever talks often works it out once.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// Names of statements, ascending.
    statements: Vec<Hash>,
    /// As in [`Holding::basis`].
    basis: Vec<(u32, DeviceId)>,
    groups: Vec<String>,
    /// The group of each device.
    group: BTreeMap<DeviceId, u32>,
}

impl Shared {
    #[must_use]
    pub fn of(roster: &Roster, scope: &Scope) -> Self {
        let (basis, groups) = basis(roster, scope);
        let group = basis.iter().map(|(group, device)| (*device, *group)).collect();
        Self { statements: scope.statements(roster), basis, groups, group }
    }
}

/// What one side holds within a scope.
#[derive(Clone, Debug, Default)]
pub struct Holding {
    /// Names of statements, ascending.
    pub statements: Vec<Hash>,
    /// By log.
    pub forks: Vec<ForkState>,
    /// By group, device and epoch.
    pub heights: Vec<Height>,
    /// Every device whose log both may hold, whether or not it has written: by group and device.
    pub basis: Vec<(u32, DeviceId)>,
    pub groups: Vec<String>,
}

/// A set in few bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    pub count: u64,
    /// Keyed, so that nobody can prepare two sets that look alike.
    pub digest: [u8; 16],
}

impl Holding {
    /// What is held of what both sides may hold.
    #[must_use]
    pub fn of(roster: &Roster, heads: &[Head], forks: &[ForkState], scope: &Scope) -> Self {
        Self::within(&Shared::of(roster, scope), heads, forks)
    }

    /// The same, where what both sides share of the roster is known.
    #[must_use]
    pub fn within(shared: &Shared, heads: &[Head], forks: &[ForkState]) -> Self {
        let group = &shared.group;
        let mut forks: Vec<ForkState> =
            forks.iter().filter(|fork| group.contains_key(&fork.log.0)).copied().collect();
        forks.sort_unstable();
        let forked: BTreeMap<Log, &ForkState> = forks.iter().map(|fork| (fork.log, fork)).collect();
        let mut heights: Vec<(u32, Height)> = heads
            .iter()
            .filter_map(|head| {
                let log = (head.place.device, head.place.epoch);
                Some((*group.get(&log.0)?, height(head, log, forked.get(&log).copied())))
            })
            .collect();
        heights.sort_unstable();
        let heights = heights.into_iter().map(|(_, height)| height).collect();
        Self {
            statements: shared.statements.clone(),
            forks,
            heights,
            basis: shared.basis.clone(),
            groups: shared.groups.clone(),
        }
    }

    /// The elements of a set, in the order of the set.
    #[must_use]
    pub fn elements(&self, set: Set, key: &Key) -> Vec<Element> {
        match set {
            Set::Statements => self.statements.iter().map(|name| key.name(name)).collect(),
            Set::Forks => self.forks.iter().map(|fork| key.name(&fork.name())).collect(),
            Set::Heights => self.heights.iter().map(|height| key.height(height)).collect(),
        }
    }

    #[must_use]
    pub fn summary(&self, set: Set, key: &Key) -> Summary {
        let mut bytes = key.0.to_vec();
        match set {
            Set::Statements => bytes.extend(self.statements.iter().flat_map(|name| name.0)),
            Set::Forks => bytes.extend(self.forks.iter().flat_map(|fork| fork.name().0)),
            Set::Heights => self.heights.iter().for_each(|height| write_height(&mut bytes, height)),
        }
        let count = match set {
            Set::Statements => self.statements.len(),
            Set::Forks => self.forks.len(),
            Set::Heights => self.heights.len(),
        };
        Summary { count: u64::try_from(count).unwrap_or(u64::MAX), digest: digest(&bytes) }
    }

    /// The picture by which the other side tells how much differs.
    #[must_use]
    pub fn parity(&self, set: Set, key: &Key) -> Parity {
        let mut parity = Parity::default();
        for element in self.elements(set, key) {
            parity.turn(key.check(&element));
        }
        parity
    }

    /// A digest for each group, in the order of the groups: eight keyed bytes each.
    #[must_use]
    pub fn group_digests(&self, key: &Key) -> Vec<[u8; 8]> {
        let of_device: BTreeMap<DeviceId, u32> =
            self.basis.iter().map(|(group, device)| (*device, *group)).collect();
        let mut bytes = vec![key.0.to_vec(); self.groups.len()];
        for height in &self.heights {
            let group = of_device.get(&height.log.0).and_then(|&group| usize::try_from(group).ok());
            if let Some(bytes) = group.and_then(|group| bytes.get_mut(group)) {
                write_height(bytes, height);
            }
        }
        bytes
            .iter()
            .map(|bytes| {
                let [a, b, c, d, e, f, g, h, ..] = digest(bytes);
                [a, b, c, d, e, f, g, h]
            })
            .collect()
    }

    /// Names the order in which a frontier lists devices.
    #[must_use]
    pub fn basis_digest(&self, key: &Key) -> [u8; 16] {
        let mut bytes = key.0.to_vec();
        for (group, device) in &self.basis {
            bytes.extend(group.to_be_bytes());
            bytes.extend(device.0);
        }
        digest(&bytes)
    }

    /// Entries held in all.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.heights.iter().map(|height| height.next).sum()
    }
}

/// At a known fork each side may hold another branch, or none: what they agree on is what came before. Whoever holds
/// another entry before the fork than its proof names says so, for then the fork begins earlier.
fn height(head: &Head, log: Log, forked: Option<&ForkState>) -> Height {
    let next = head.place.seq + 1;
    let agreed = |fork: &ForkState| {
        let ends_before = next == fork.at && fork.before.is_none_or(|it| it == head.hash);
        next > fork.at || ends_before
    };
    match forked.filter(|fork| agreed(fork)) {
        Some(fork) => Height { log, next: fork.at, hash: Hash::ZERO },
        None => Height { log, next, hash: head.hash },
    }
}

fn basis(roster: &Roster, scope: &Scope) -> (Vec<(u32, DeviceId)>, Vec<String>) {
    let mut devices: BTreeMap<DeviceId, String> = BTreeMap::new();
    for (_, certificate) in roster.all_certificates() {
        if certificate.body.subject != Subject::DEVICE {
            continue;
        }
        let device = certificate.body.key.id();
        if devices.contains_key(&device) {
            continue;
        }
        let shared = areas_of(roster, device).filter(|area| scope.shares(area));
        if let Some(group) = shared.map(group_of).min() {
            devices.insert(device, group);
        }
    }
    let names: BTreeSet<&String> = devices.values().collect();
    let mut groups: Vec<String> = names.into_iter().cloned().collect();
    groups.truncate(GROUPS_MAX);
    let number = |name: &String| {
        let at = groups.binary_search(name).unwrap_or(GROUPS_MAX - 1);
        u32::try_from(at).unwrap_or(u32::MAX)
    };
    let mut basis: Vec<(u32, DeviceId)> =
        devices.iter().map(|(device, name)| (number(name), *device)).collect();
    basis.sort_unstable();
    (basis, groups)
}

fn group_of(area: &str) -> String {
    area.split('/').take(GROUP_STEPS).collect::<Vec<_>>().join("/")
}

fn write_height(bytes: &mut Vec<u8>, height: &Height) {
    bytes.extend(height.log.0.0);
    bytes.extend(height.log.1.to_be_bytes());
    bytes.extend(height.next.to_be_bytes());
    bytes.extend(height.hash.0);
}

fn digest(bytes: &[u8]) -> [u8; 16] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = Hash::labelled(SET_LABEL, bytes).0;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}
