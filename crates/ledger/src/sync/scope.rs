//! What a node may hold, by its certificates: logs of devices whose area lies in its own or contains it, and of those the
//! payloads that concern its area. What it may not hold it neither asks for nor is sent.
//!
//! A log is a chain, so a node that may hold a log gets every header of it; payloads about other areas stay away. An
//! office above a district therefore shows a district when it acted elsewhere, in which role, and in what kind of
//! matter, but never what was said.

use crate::certificate::{Certificate, Revocation, Subject};
use crate::entry::Entry;
use crate::hash::Hash;
use crate::key::DeviceId;
use crate::roster::{Roster, contains};
use crate::statement::{OWN_KINDS_END, Said};

/// What certificates let a device hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// Areas of its certificates, ascending.
    areas: Vec<String>,
    /// Whether one of its roles lets it hold payloads; a mere carrier holds headers and signatures.
    payloads: bool,
}

/// Why a device is entitled to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEntitled {
    #[error("the device has no certificate here")]
    NoCertificate,
    #[error(
        "nobody entitled to issue it stands behind the device's certificate, or it was taken back"
    )]
    NotStanding,
    #[error("the device was revoked")]
    Revoked,
    #[error("the device's certificate does not hold at this time")]
    OutsideTime,
}

impl Entitlement {
    /// A node that is its own root holds everything.
    #[must_use]
    pub fn everything(area: &str) -> Self {
        Self { areas: vec![area.to_owned()], payloads: true }
    }

    /// Of somebody who may hold, payloads and all, what concerns these areas.
    #[must_use]
    pub fn of_areas(areas: Vec<String>) -> Self {
        Self { areas, payloads: true }
    }

    /// What a device may hold at a moment. `reads` tells whether a role lets its holder read payloads.
    ///
    /// # Errors
    /// [`NotEntitled`].
    pub fn of(
        roster: &Roster,
        device: DeviceId,
        now_ms: u64,
        reads: &dyn Fn(&str) -> bool,
    ) -> Result<Self, NotEntitled> {
        let mut all =
            roster.certificates(device).filter(|it| it.body.subject == Subject::DEVICE).peekable();
        if all.peek().is_none() {
            return Err(NotEntitled::NoCertificate);
        }
        if roster.revoked(device).next().is_some() {
            return Err(NotEntitled::Revoked);
        }
        let mut standing = all.filter(|certificate| roster.stands(certificate)).peekable();
        if standing.peek().is_none() {
            return Err(NotEntitled::NotStanding);
        }
        let now = standing.filter(|certificate| {
            (certificate.body.not_before_ms..=certificate.body.not_after_ms).contains(&now_ms)
        });
        let (mut areas, mut payloads) = (Vec::new(), false);
        for certificate in now {
            areas.push(certificate.body.area.clone());
            payloads |= certificate.body.roles.iter().any(|role| reads(role));
        }
        if areas.is_empty() {
            return Err(NotEntitled::OutsideTime);
        }
        areas.sort();
        areas.dedup();
        Ok(Self { areas, payloads })
    }

    #[must_use]
    pub fn areas(&self) -> &[String] {
        &self.areas
    }

    /// Whether payloads may be held at all.
    #[must_use]
    pub fn holds_payloads(&self) -> bool {
        self.payloads
    }

    /// Whether what belongs to an area concerns this device: the area lies in one of its own or contains it.
    #[must_use]
    pub fn concerns(&self, area: &str) -> bool {
        self.areas.iter().any(|own| contains(own, area) || contains(area, own))
    }

    /// Whether the payload of an entry may be held: it concerns the device's area, or its author's area lies in it.
    #[must_use]
    pub fn may_read(&self, roster: &Roster, entry: &Entry) -> bool {
        let header = entry.header();
        if header.kind < OWN_KINDS_END {
            return true;
        }
        self.payloads
            && (self.concerns(&header.area)
                || areas_of(roster, header.place.device)
                    .any(|area| self.areas.iter().any(|own| contains(own, area))))
    }

    /// An entry as this device may hold it.
    #[must_use]
    pub fn sieve(&self, roster: &Roster, entry: Entry) -> Entry {
        if self.may_read(roster, &entry) { entry } else { entry.withheld() }
    }
}

/// What two nodes compare: what both may hold. Either of them comes to the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    pub mine: Entitlement,
    pub theirs: Entitlement,
}

impl Scope {
    /// Whether both may hold what belongs to an area.
    #[must_use]
    pub fn shares(&self, area: &str) -> bool {
        self.mine.concerns(area) && self.theirs.concerns(area)
    }

    /// Whether both may hold a device's log: it was enrolled, and one of its areas concerns both.
    #[must_use]
    pub fn shares_log(&self, roster: &Roster, device: DeviceId) -> bool {
        areas_of(roster, device).any(|area| self.shares(area))
    }

    /// Whether both may hold a statement: it is about an area, or about a key of an area, that concerns both, or it is
    /// everybody's.
    #[must_use]
    pub fn shares_statement(&self, roster: &Roster, said: &Said) -> bool {
        match said {
            Said::Certificate(certificate) => self.shares_certificate(roster, certificate),
            Said::Revocation(revocation) => self.shares_revocation(roster, revocation),
            Said::Receipt(_) => self.shares_key(roster, said.subject()),
        }
    }

    /// Names of all statements that both may hold, of those that are known here, ascending.
    #[must_use]
    pub fn statements(&self, roster: &Roster) -> Vec<Hash> {
        let certificates =
            roster.all_certificates().filter(|(_, it)| self.shares_certificate(roster, it));
        let revocations =
            roster.all_revocations().filter(|(_, it)| self.shares_revocation(roster, it));
        let receipts = roster.all_receipts().filter(|(_, it)| self.shares_key(roster, *it));
        let names = certificates.map(|(name, _)| name).chain(revocations.map(|(name, _)| name));
        let mut names: Vec<Hash> = names.chain(receipts.map(|(name, _)| name)).copied().collect();
        names.sort_unstable();
        names
    }

    fn shares_certificate(&self, roster: &Roster, certificate: &Certificate) -> bool {
        self.shares(&certificate.body.area)
            || roster.is_everybodys(certificate)
            || self.shares_key(roster, certificate.body.key.id())
    }

    fn shares_revocation(&self, roster: &Roster, revocation: &Revocation) -> bool {
        self.shares_key(roster, revocation.body.key) || roster.takes_from_everybody(revocation)
    }

    /// Whether a key was certified, by somebody who may, for an area that concerns both: then all that is said of it
    /// does, for one certificate more may be what an entry rests on.
    fn shares_key(&self, roster: &Roster, key: DeviceId) -> bool {
        roster.certificates(key).any(|it| self.shares(&it.body.area) && roster.once_stood(it))
    }
}

/// Areas for which somebody who may has enrolled a device: what anybody else says of it opens nothing.
pub fn areas_of(roster: &Roster, device: DeviceId) -> impl Iterator<Item = &str> {
    roster
        .certificates(device)
        .filter(|it| it.body.subject == Subject::DEVICE && roster.once_stood(it))
        .map(|certificate| certificate.body.area.as_str())
}
