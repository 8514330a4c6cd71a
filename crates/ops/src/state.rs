//! What is true, folded from events: a function of the set of events, whatever order they arrive in.

use crate::{
    alert::Alerts,
    authorise::Standing,
    campaign::Campaigns,
    check_in::CheckIns,
    community::Communities,
    conflict::Conflict,
    custody::Custody,
    dataset::{Dataset, DatasetKey, DatasetKind, Datasets},
    deletion::Deletions,
    dispatch::Dispatch,
    draw::Draws,
    election::{Election, Elections},
    equipment::Equipment,
    event::Event,
    finding::Findings,
    incident::Incidents,
    intelligence::Intelligence,
    lock::{Lock, LockKey, Locks},
    official_class::OfficialClasses,
    order::Orders,
    parameter::{Parameter, Parameters},
    patrol::Patrols,
    permission::Separation,
    person::Persons,
    plan::Plans,
    poll::Polls,
    readiness::Readiness,
    report::Reports,
    risk_override::RiskOverrides,
    stamp::{EventRef, Mark, Stamped},
    survey::Surveys,
    suspension::Suspensions,
    training::Trainings,
};
use minicbor::{Decode, Decoder, Encode};
use pehra_domain::{AreaId, PersonId, UnixMs, override_record::OverrideRecord};
use std::collections::{BTreeMap, BTreeSet};

/// Version of the snapshot's bytes. A snapshot of another version is thrown away and the ledger folded again.
pub const SNAPSHOT_VERSION: u32 = 2;

/// Everything the house knows that is not in a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct State {
    #[n(0)]
    pub elections: Elections,
    #[n(1)]
    pub persons: Persons,
    #[n(2)]
    pub datasets: Datasets,
    #[n(3)]
    pub parameters: Parameters,
    #[n(4)]
    pub official_classes: OfficialClasses,
    #[n(5)]
    pub risk_overrides: RiskOverrides,
    #[n(6)]
    pub plans: Plans,
    #[n(7)]
    pub locks: Locks,
    #[n(8)]
    pub polls: Polls,
    #[n(9)]
    pub surveys: Surveys,
    /// The last entry folded of every device and epoch.
    #[n(10)]
    frontier: BTreeMap<([u8; 16], u32), u64>,
    /// Which permissions each person has ever used.
    #[n(11)]
    exercised: BTreeMap<PersonId, BTreeSet<String>>,
    #[n(12)]
    #[cbor(default)]
    pub check_ins: CheckIns,
    #[n(13)]
    #[cbor(default)]
    pub incidents: Incidents,
    #[n(14)]
    #[cbor(default)]
    pub suspensions: Suspensions,
    #[n(15)]
    #[cbor(default)]
    pub custody: Custody,
    #[n(16)]
    #[cbor(default)]
    pub intelligence: Intelligence,
    #[n(20)]
    #[cbor(default)]
    pub orders: Orders,
    #[n(24)]
    #[cbor(default)]
    pub deletions: Deletions,
    #[n(25)]
    #[cbor(default)]
    pub equipment: Equipment,
    #[n(26)]
    #[cbor(default)]
    pub reports: Reports,
    #[n(27)]
    #[cbor(default)]
    pub draws: Draws,
    #[n(30)]
    #[cbor(default)]
    pub dispatch: Dispatch,
    #[n(31)]
    #[cbor(default)]
    pub readiness: Readiness,
    #[n(32)]
    #[cbor(default)]
    pub patrols: Patrols,
    #[n(33)]
    #[cbor(default)]
    pub trainings: Trainings,
    #[n(34)]
    #[cbor(default)]
    pub alerts: Alerts,
    #[n(35)]
    #[cbor(default)]
    pub findings: Findings,
    #[n(38)]
    #[cbor(default)]
    pub campaigns: Campaigns,
    #[n(39)]
    #[cbor(default)]
    pub communities: Communities,
}

/// Why a snapshot is of no use. The ledger still is: fold it again.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    #[error(
        "the snapshot has version {0}, this program reads {SNAPSHOT_VERSION}: fold the ledger again"
    )]
    Version(u32),
    #[error("the snapshot cannot be read: fold the ledger again")]
    Malformed(#[source] minicbor::decode::Error),
    #[error(
        "the snapshot is followed by {0} bytes that do not belong to it: fold the ledger again"
    )]
    Trailing(usize),
}

/// Whether an entry changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    Now,
    /// An entry of this device and epoch with this or a higher number was folded before.
    Already,
}

/// One person has used two permissions that the separation table keeps apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    pub person: PersonId,
    pub permission_a: String,
    pub permission_b: String,
}

impl State {
    /// Folds one event that has been verified and authorised. Never fails.
    ///
    /// Entries of one device and epoch come in their order, and an entry comes after those it supersedes. An
    /// entry that was withheld and gains effect later, or whose kind was unknown before an upgrade, needs the
    /// ledger folded from the start: here it would count as seen.
    pub fn evolve(&mut self, stamped: &Stamped) -> Folded {
        let EventRef { device, epoch, seq } = stamped.at;
        match self.frontier.get(&(device, epoch)) {
            Some(last) if *last >= seq => return Folded::Already,
            Some(_) | None => {}
        }
        self.frontier.insert((device, epoch), seq);
        let used = self.exercised.entry(stamped.actor.person.clone()).or_default();
        if !used.contains(stamped.event.permission()) {
            used.insert(stamped.event.permission().to_owned());
        }
        match &stamped.event {
            Event::Election(event) => self.elections.evolve(stamped, event),
            Event::Person(event) => self.persons.evolve(stamped, event),
            Event::Dataset(event) => self.datasets.evolve(stamped, event),
            Event::Parameter(event) => self.parameters.evolve(stamped, event),
            Event::OfficialClass(event) => self.official_classes.evolve(stamped, event),
            Event::RiskOverride(event) => self.risk_overrides.evolve(stamped, event),
            Event::Plan(event) => self.plans.evolve(stamped, event),
            Event::Lock(event) => self.locks.evolve(stamped, event),
            Event::Poll(event) => self.polls.evolve(stamped, event),
            Event::Survey(event) => self.surveys.evolve(stamped, event),
            Event::CheckIn(event) => self.check_ins.evolve(stamped, event),
            Event::Incident(event) => self.incidents.evolve(stamped, event),
            Event::Suspension(event) => self.suspensions.evolve(stamped, event),
            Event::Intelligence(event) => self.intelligence.evolve(stamped, event),
            Event::Order(event) => self.orders.evolve(stamped, event),
            Event::Custody(event) => self.custody.evolve(stamped, event),
            Event::Deletion(event) => self.deletions.evolve(stamped, event),
            Event::Equipment(event) => self.equipment.evolve(stamped, event),
            Event::Report(event) => self.reports.evolve(stamped, event),
            Event::Draw(event) => self.draws.evolve(stamped, event),
            Event::Dispatch(event) => self.dispatch.evolve(stamped, event),
            Event::Readiness(event) => self.readiness.evolve(stamped, event),
            Event::Patrol(event) => self.patrols.evolve(stamped, event),
            Event::Training(event) => self.trainings.evolve(stamped, event),
            Event::Alert(event) => self.alerts.evolve(stamped, event),
            Event::Finding(event) => self.findings.evolve(stamped, event),
            Event::Campaign(event) => self.campaigns.evolve(stamped, event),
            Event::Community(event) => self.communities.evolve(stamped, event),
        }
        Folded::Now
    }

    /// Canonical bytes: equal states have equal bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Writing to memory cannot fail: the error type of a vector is empty.
        minicbor::to_vec((SNAPSHOT_VERSION, self)).unwrap_or_default()
    }

    /// # Errors
    /// [`SnapshotError`]: the caller folds the ledger instead.
    pub fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut decoder = Decoder::new(bytes);
        decoder.array().map_err(SnapshotError::Malformed)?;
        let version = decoder.u32().map_err(SnapshotError::Malformed)?;
        if version != SNAPSHOT_VERSION {
            return Err(SnapshotError::Version(version));
        }
        let state = decoder.decode().map_err(SnapshotError::Malformed)?;
        match bytes.len() - decoder.position() {
            0 => Ok(state),
            extra => Err(SnapshotError::Trailing(extra)),
        }
    }

    /// Everything that was decided apart and contradicts itself, noun by noun.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict> {
        let mut all = self.elections.conflicts();
        all.extend(self.persons.conflicts());
        all.extend(self.datasets.conflicts());
        all.extend(self.parameters.conflicts());
        all.extend(self.official_classes.conflicts());
        all.extend(self.risk_overrides.conflicts());
        all.extend(self.plans.conflicts());
        all.extend(self.locks.conflicts());
        all.extend(self.polls.conflicts());
        all.extend(self.surveys.conflicts());
        all.extend(self.check_ins.conflicts());
        all.extend(self.incidents.conflicts());
        all.extend(self.suspensions.conflicts());
        all.extend(self.custody.conflicts());
        all.extend(self.intelligence.conflicts());
        all.extend(self.equipment.conflicts());
        all.extend(self.reports.conflicts());
        all.extend(self.draws.conflicts());
        all.extend(self.dispatch.conflicts());
        all.extend(self.patrols.conflicts());
        all.extend(self.trainings.conflicts());
        all.extend(self.alerts.conflicts());
        all.extend(self.findings.conflicts());
        all.extend(self.campaigns.conflicts());
        all.extend(self.communities.conflicts());
        all
    }

    /// Duties that one person has combined although the table keeps them apart for ever. Acts on nodes that did
    /// not hear each other cannot be refused in time; they are shown here.
    #[must_use]
    pub fn breaches(&self, separation: &Separation) -> Vec<Breach> {
        let mut found = Vec::new();
        for (person, used) in &self.exercised {
            for (a, b) in separation.ever() {
                if used.contains(a) && used.contains(b) {
                    found.push(Breach {
                        person: person.clone(),
                        permission_a: a.to_owned(),
                        permission_b: b.to_owned(),
                    });
                }
            }
        }
        found
    }

    /// Whether a person has ever used a permission.
    #[must_use]
    pub fn has_exercised(&self, person: &PersonId, permission: &str) -> bool {
        self.exercised.get(person).is_some_and(|used| used.contains(permission))
    }

    /// The number of the last entry folded of a device's epoch.
    #[must_use]
    pub fn folded_up_to(&self, device: [u8; 16], epoch: u32) -> Option<u64> {
        self.frontier.get(&(device, epoch)).copied()
    }

    /// The election, once it is open and undisputed.
    #[must_use]
    pub fn election(&self) -> Option<&Election> {
        self.elections.current()
    }

    /// The dataset in use of a kind, area and name, with who committed it when.
    #[must_use]
    pub fn dataset(
        &self,
        kind: DatasetKind,
        area: &AreaId,
        name: &str,
    ) -> Option<(&Dataset, &Mark)> {
        let key = DatasetKey { kind, area: area.clone(), name: name.to_owned() };
        self.datasets.current_with_mark(&key)
    }

    /// The parameter that holds in an area: its own or the nearest above.
    #[must_use]
    pub fn parameter(&self, area: &AreaId, key: &str) -> Option<&Parameter> {
        self.parameters.in_area(area, key)
    }

    /// The rule overrides in force at a moment, in the shape that the risk model takes.
    #[must_use]
    pub fn overrides_at(&self, at: UnixMs) -> Vec<OverrideRecord> {
        self.risk_overrides.records(at)
    }

    /// Locks that hold.
    pub fn locks_in_force(&self) -> impl Iterator<Item = (&LockKey, &Lock, &Mark)> {
        self.locks.in_force()
    }

    /// The roles a person has, by what this node has folded.
    #[must_use]
    pub fn standing(&self, person: &PersonId) -> Standing {
        self.persons.standing(person)
    }
}

#[cfg(test)]
mod tests;
