//! The roster: certificates and revocations together, and the question "did the signer have the right?".
//!
//! Statements may arrive in any order; nothing is decided when one arrives but whether its signatures hold. The
//! chain to the root is followed when somebody asks, so that equal sets of statements give equal answers.

use crate::certificate::{Certificate, Revocation, RevocationBody, Subject};
use crate::checkpoint::{WITNESS, WITNESSES};
use crate::hash::{Hash, LABEL_BYTES};
use crate::header::{Header, Place};
use crate::key::{DeviceId, PublicKey};
use crate::proof::Proof;
use crate::statement::Said;
use std::collections::{BTreeMap, BTreeSet};

/// Offices between a certificate and the root at most: district, division, province, nation.
const CHAIN_MAX: usize = 4;

/// The keys on which everything rests: `threshold` of them sign together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    pub keys: Vec<PublicKey>,
    pub threshold: usize,
}

/// One act, as its header states it.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub place: Place,
    pub hash: Hash,
    pub area: &'a str,
    pub role: &'a str,
    /// Unix milliseconds.
    pub at_ms: u64,
}

impl<'a> Act<'a> {
    #[must_use]
    pub fn of(header: &'a Header, hash: Hash) -> Self {
        Self {
            place: header.place,
            hash,
            area: &header.area,
            role: &header.role,
            at_ms: header.clock.ms,
        }
    }
}

/// Whether a signer had the right. In ascending order of nearness to it: of several certificates the best counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    NoCertificate,
    /// Nobody who may issue it stands behind the certificate.
    NotChained,
    IssuerRevoked,
    Revoked,
    OutsideTime,
    OutsideArea,
    RoleNotHeld,
    Good,
}

impl Standing {
    /// A number that is kept beside an entry and never changes its meaning; 0 takes effect.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::NoCertificate => 1,
            Self::NotChained => 2,
            Self::IssuerRevoked => 3,
            Self::Revoked => 4,
            Self::OutsideTime => 5,
            Self::OutsideArea => 6,
            Self::RoleNotHeld => 7,
        }
    }

    /// The standing behind a number; none for a number of a newer version.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == code)
    }

    /// Every standing, the nearest to a right last.
    pub const ALL: [Self; 8] = [
        Self::NoCertificate,
        Self::NotChained,
        Self::IssuerRevoked,
        Self::Revoked,
        Self::OutsideTime,
        Self::OutsideArea,
        Self::RoleNotHeld,
        Self::Good,
    ];
}

/// Why a statement is not taken into the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterRefusal {
    #[error("the statement belongs to another election")]
    OtherElection,
    #[error("a signature on the statement does not hold")]
    Signature,
}

/// What a node knows of certificates and revocations, in a form that two nodes can compare: each sync names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RosterEpoch {
    pub statements: u64,
    /// SHA-256 over the statements' names in ascending order.
    pub digest: Hash,
}

/// A statement whose signatures were checked under a root and hold: whoever runs many rosters checks it once.
#[derive(Clone, Debug)]
pub struct Held {
    said: Said,
    election: [u8; 16],
    /// Of the entry that a receipt proves.
    header: Option<Header>,
}

impl Held {
    /// Checks the signatures on a statement.
    ///
    /// # Errors
    /// [`RosterRefusal::Signature`].
    pub fn check(said: Said, root: &Root) -> Result<Self, RosterRefusal> {
        let (holds, election, header) = match &said {
            Said::Certificate(it) => (it.holds(), it.body.election, None),
            Said::Revocation(it) => (it.holds(), it.body.election, None),
            Said::Receipt(proof) => {
                let (header, _) =
                    proof.holds(root).map_err(|_does_not_hold| RosterRefusal::Signature)?;
                (true, header.election, Some(header))
            }
        };
        if holds { Ok(Self { said, election, header }) } else { Err(RosterRefusal::Signature) }
    }

    #[must_use]
    pub fn said(&self) -> &Said {
        &self.said
    }

    #[must_use]
    pub fn election(&self) -> [u8; 16] {
        self.election
    }
}

const ROSTER_LABEL: &[u8; LABEL_BYTES] = b"pehra/roster/1\0";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Through {
    AnyOffice,
    UnrevokedOffices,
}

/// Certificates and revocations of one election.
#[derive(Clone, Debug)]
pub struct Roster {
    election: [u8; 16],
    root: Root,
    certificates: BTreeMap<DeviceId, BTreeMap<Hash, Certificate>>,
    revocations: BTreeMap<DeviceId, BTreeMap<Hash, Revocation>>,
    /// Certificates of persons' own keys, by the person's name.
    persons: BTreeMap<String, BTreeSet<(DeviceId, Hash)>>,
    /// Proofs that entries were received, by their author's log.
    receipts: BTreeMap<DeviceId, BTreeMap<Hash, Received>>,
    /// Whom each statement is about, by its name.
    subjects: BTreeMap<Hash, DeviceId>,
}

/// What a proof says whose signatures hold; whether its signers count is asked when it matters.
#[derive(Clone, Debug)]
struct Received {
    place: Place,
    hash: Hash,
    log: DeviceId,
    /// Who signed, and when: Unix seconds.
    signers: Vec<(DeviceId, u64)>,
    proof: Box<Proof>,
}

impl Received {
    /// What the proof itself says of the node whose tree it is: that node's certificates reach its own area alone, and
    /// the proof is judged wherever the author's entries are held.
    fn of_log(&self) -> impl Iterator<Item = &Certificate> {
        self.proof.certificates.iter().filter(|one| one.body.key.id() == self.log)
    }
}

impl Roster {
    #[must_use]
    pub fn new(election: [u8; 16], root: Root) -> Self {
        Self {
            election,
            root,
            certificates: BTreeMap::new(),
            revocations: BTreeMap::new(),
            persons: BTreeMap::new(),
            receipts: BTreeMap::new(),
            subjects: BTreeMap::new(),
        }
    }

    #[must_use]
    pub fn election(&self) -> [u8; 16] {
        self.election
    }

    /// Takes a certificate in; the same one again changes nothing.
    ///
    /// # Errors
    /// [`RosterRefusal`].
    pub fn certify(&mut self, certificate: Certificate) -> Result<(), RosterRefusal> {
        if certificate.body.election != self.election {
            return Err(RosterRefusal::OtherElection);
        }
        if !certificate.holds() {
            return Err(RosterRefusal::Signature);
        }
        self.keep_certificate(certificate);
        Ok(())
    }

    fn keep_certificate(&mut self, certificate: Certificate) {
        let id = certificate.body.key.id();
        if certificate.body.subject == Subject::PERSON {
            let of_name = self.persons.entry(certificate.body.name.clone()).or_default();
            of_name.insert((id, certificate.name()));
        }
        let (of_key, name) = (self.certificates.entry(id).or_default(), certificate.name());
        of_key.insert(name, certificate);
        self.subjects.insert(name, id);
    }

    /// Takes a revocation in; whether its issuer may revoke the key is asked when it matters.
    ///
    /// # Errors
    /// [`RosterRefusal`].
    pub fn revoke(&mut self, revocation: Revocation) -> Result<(), RosterRefusal> {
        if revocation.body.election != self.election {
            return Err(RosterRefusal::OtherElection);
        }
        if !revocation.holds() {
            return Err(RosterRefusal::Signature);
        }
        self.keep_revocation(revocation);
        Ok(())
    }

    fn keep_revocation(&mut self, revocation: Revocation) {
        let (key, name) = (revocation.body.key, revocation.name());
        self.revocations.entry(key).or_default().insert(name, revocation);
        self.subjects.insert(name, key);
    }

    /// Takes a statement in, whatever it is; answers whether it is new.
    ///
    /// # Errors
    /// [`RosterRefusal`].
    pub fn take(&mut self, said: Said) -> Result<bool, RosterRefusal> {
        let known = self.knows(&said);
        match said {
            _ if known => {}
            Said::Certificate(certificate) => self.certify(certificate)?,
            Said::Revocation(revocation) => self.revoke(revocation)?,
            Said::Receipt(proof) => self.receipt(proof)?,
        }
        Ok(!known)
    }

    /// Takes a statement in whose signatures were checked before, under the same root; answers whether it is new.
    ///
    /// # Errors
    /// [`RosterRefusal::OtherElection`].
    pub fn take_held(&mut self, held: Held) -> Result<bool, RosterRefusal> {
        if held.election != self.election {
            return Err(RosterRefusal::OtherElection);
        }
        let known = self.knows(&held.said);
        match (held.said, held.header) {
            _ if known => {}
            (Said::Certificate(certificate), _) => self.keep_certificate(certificate),
            (Said::Revocation(revocation), _) => self.keep_revocation(revocation),
            (Said::Receipt(proof), Some(header)) => self.keep_receipt(proof, &header),
            (Said::Receipt(_), None) => return Err(RosterRefusal::Signature),
        }
        Ok(!known)
    }

    /// Takes the proof in that an entry was received before witnesses signed.
    fn receipt(&mut self, proof: Box<Proof>) -> Result<(), RosterRefusal> {
        let (header, _) =
            proof.holds(&self.root).map_err(|_does_not_hold| RosterRefusal::Signature)?;
        if header.election != self.election {
            return Err(RosterRefusal::OtherElection);
        }
        self.keep_receipt(proof, &header);
        Ok(())
    }

    fn keep_receipt(&mut self, proof: Box<Proof>, header: &Header) {
        let signers = proof.witnesses.iter().map(|one| (one.device, one.time_s)).collect();
        let (hash, log) = (proof.signed.hash(), proof.device);
        let of_device = self.receipts.entry(header.place.device).or_default();
        let name = proof.name();
        self.subjects.insert(name, header.place.device);
        of_device.insert(name, Received { place: header.place, hash, log, signers, proof });
    }

    /// Whether this very statement is in the roster.
    #[must_use]
    pub fn knows(&self, said: &Said) -> bool {
        self.subjects.contains_key(&said.name())
    }

    /// A statement by its name.
    #[must_use]
    pub fn statement(&self, name: &Hash) -> Option<Said> {
        let subject = self.subjects.get(name)?;
        let certificate = || Some(self.certificates.get(subject)?.get(name)?.clone());
        let revocation = || Some(self.revocations.get(subject)?.get(name)?.clone());
        let receipt = || Some(self.receipts.get(subject)?.get(name)?.proof.clone());
        (certificate().map(Said::Certificate))
            .or_else(|| revocation().map(Said::Revocation))
            .or_else(|| receipt().map(Said::Receipt))
    }

    /// All statements: certificates first, then revocations and receipts, each sort by key and hash.
    pub fn statements(&self) -> impl Iterator<Item = Said> {
        let certificates = self.certificates.values().flat_map(BTreeMap::values);
        let revocations = self.revocations.values().flat_map(BTreeMap::values);
        let receipts = self.receipts.values().flat_map(BTreeMap::values);
        certificates
            .cloned()
            .map(Said::Certificate)
            .chain(revocations.cloned().map(Said::Revocation))
            .chain(receipts.map(|one| Said::Receipt(one.proof.clone())))
    }

    /// Revocations that count and leave of a stolen device only what witnesses saw in time.
    pub fn thefts(&self) -> impl Iterator<Item = &Revocation> {
        self.all_revocations().map(|(_, it)| it).filter(|revocation| {
            revocation.body.witnessed_before_ms.is_some()
                && self
                    .certificates(revocation.body.key)
                    .any(|certificate| self.is_effective(revocation, certificate))
        })
    }

    /// All certificates with their names, by key and name.
    pub fn all_certificates(&self) -> impl Iterator<Item = (&Hash, &Certificate)> {
        self.certificates.values().flatten()
    }

    /// All revocations with their names, by key and name.
    pub(crate) fn all_revocations(&self) -> impl Iterator<Item = (&Hash, &Revocation)> {
        self.revocations.values().flatten()
    }

    /// Names of all receipts, with the devices whose entries they prove.
    pub(crate) fn all_receipts(&self) -> impl Iterator<Item = (&Hash, DeviceId)> {
        self.receipts.iter().flat_map(|(device, all)| all.keys().map(|name| (name, *device)))
    }

    /// Whether everybody must know of a certificate, in whatever area they are: offices stand behind all that is below
    /// them, and the word of a witness settles what a stolen device wrote anywhere. A certificate that nobody entitled
    /// stands behind is nobody's business.
    #[must_use]
    pub fn is_everybodys(&self, certificate: &Certificate) -> bool {
        let body = &certificate.body;
        let matters = body.subject == Subject::ENROLMENT
            || (body.subject == Subject::DEVICE && body.roles.iter().any(|role| role == WITNESS));
        matters && self.reaches_root(certificate, Through::AnyOffice)
    }

    /// Whether everybody must know of a revocation: it counts, and takes an office or a witness away.
    #[must_use]
    pub fn takes_from_everybody(&self, revocation: &Revocation) -> bool {
        self.certificates(revocation.body.key).any(|certificate| {
            self.is_everybodys(certificate) && self.is_effective(revocation, certificate)
        })
    }

    /// Whether the root stands behind a certificate, or once did.
    pub(crate) fn once_stood(&self, certificate: &Certificate) -> bool {
        self.reaches_root(certificate, Through::AnyOffice)
    }

    /// How many statements are known: none is ever forgotten, so an equal number of the same roster is the same roster.
    #[must_use]
    pub fn count(&self) -> usize {
        self.subjects.len()
    }

    /// How far this roster reaches.
    #[must_use]
    pub fn epoch(&self) -> RosterEpoch {
        let bytes: Vec<u8> = self.subjects.keys().flat_map(|hash| hash.0).collect();
        RosterEpoch {
            statements: u64::try_from(self.subjects.len()).unwrap_or(u64::MAX),
            digest: Hash::labelled(ROSTER_LABEL, &bytes),
        }
    }

    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Whether the root stands behind a certificate and nobody took it back.
    #[must_use]
    pub fn stands(&self, certificate: &Certificate) -> bool {
        self.reaches_root(certificate, Through::UnrevokedOffices)
            && self.effective_revocations(certificate).next().is_none()
    }

    /// The certificates of a key that the root stands behind, and those of the offices between: all that somebody
    /// needs who knows the root alone.
    #[must_use]
    pub fn chain(&self, key: DeviceId) -> Vec<Said> {
        let mut found: BTreeMap<Hash, Certificate> = BTreeMap::new();
        let mut step: Vec<&Certificate> = self
            .certificates(key)
            .filter(|one| self.reaches_root(one, Through::AnyOffice))
            .collect();
        for _ in 0..=CHAIN_MAX {
            let mut above = Vec::new();
            for one in step {
                if found.insert(one.name(), one.clone()).is_none() {
                    for issuer in one.issuers() {
                        above.extend(self.certificates(issuer.id()).filter(|office| {
                            may_issue(office, one) && self.reaches_root(office, Through::AnyOffice)
                        }));
                    }
                }
            }
            step = above;
        }
        let mut chain: Vec<Certificate> = found.into_values().collect();
        chain.sort_by_key(|one| (std::cmp::Reverse(one.body.subject), one.body.area.len()));
        chain.into_iter().map(Said::Certificate).collect()
    }

    /// Whether the root stands behind any certificate of a key, or once did.
    #[must_use]
    pub fn is_chained(&self, key: DeviceId) -> bool {
        self.certificates(key).any(|one| self.reaches_root(one, Through::AnyOffice))
    }

    /// Revocations of a key that count.
    pub fn revoked(&self, key: DeviceId) -> impl Iterator<Item = &Revocation> {
        self.certificates(key).flat_map(|certificate| self.effective_revocations(certificate))
    }

    /// Certificates of a person's own keys, whoever issued them and whether or not they still hold.
    pub fn person(&self, name: &str) -> impl Iterator<Item = &Certificate> {
        let all = self.persons.get(name).into_iter().flatten();
        all.filter_map(|(id, hash)| self.certificates.get(id)?.get(hash))
    }

    /// All certificates of persons' keys.
    pub fn persons(&self) -> impl Iterator<Item = &Certificate> {
        let all = self.persons.values().flatten();
        all.filter_map(|(id, hash)| self.certificates.get(id)?.get(hash))
    }

    /// Whether a person had a key of their own at a moment: from then on no device stands in for them. A key that
    /// was revoked or has run out still counts: losing it does not bring the device's word back.
    #[must_use]
    pub fn person_has_key(&self, name: &str, at_ms: u64) -> bool {
        self.person(name).any(|certificate| {
            certificate.body.not_before_ms <= at_ms
                && self.reaches_root(certificate, Through::AnyOffice)
        })
    }

    /// Whether a person's key covered an area at a moment, as [`Self::person_has_key`]: what an office says binds
    /// acts within its area alone.
    #[must_use]
    pub fn person_owes_key(&self, name: &str, area: &str, at_ms: u64) -> bool {
        self.person(name).any(|certificate| {
            certificate.body.not_before_ms <= at_ms
                && contains(&certificate.body.area, area)
                && self.reaches_root(certificate, Through::AnyOffice)
        })
    }

    /// Since when persons have keys that cover an area: acts of two persons there need two keys from then on.
    #[must_use]
    pub fn keys_since(&self, area: &str) -> Option<u64> {
        let counts = |one: &&Certificate| {
            contains(&one.body.area, area) && self.reaches_root(one, Through::AnyOffice)
        };
        self.persons().filter(counts).map(|one| one.body.not_before_ms).min()
    }

    /// The certificates of a key, in a fixed order.
    pub fn certificates(&self, key: DeviceId) -> impl Iterator<Item = &Certificate> {
        self.certificates.get(&key).into_iter().flat_map(BTreeMap::values)
    }

    /// Keys with a certificate whose ids begin with these bytes, ascending.
    pub fn keys_from(&self, prefix: &[u8; 4]) -> impl Iterator<Item = DeviceId> {
        let filled = |rest: u8| {
            let mut id = [rest; 16];
            id.iter_mut().zip(prefix).for_each(|(to, from)| *to = *from);
            DeviceId(id)
        };
        self.certificates.range(filled(0)..=filled(0xff)).map(|(id, _)| *id)
    }

    /// The public key of a certified device or person.
    #[must_use]
    pub fn key(&self, id: DeviceId) -> Option<PublicKey> {
        self.certificates(id).next().map(|certificate| certificate.body.key)
    }

    /// Everything that says who some keys belong to: their certificates and those of the offices above them, each once,
    /// in a fixed order.
    #[must_use]
    pub fn chains(&self, keys: impl IntoIterator<Item = DeviceId>) -> Vec<Certificate> {
        let mut found: BTreeMap<(DeviceId, Hash), &Certificate> = BTreeMap::new();
        let mut step: Vec<DeviceId> = keys.into_iter().collect();
        while let Some(key) = step.pop() {
            for certificate in self.certificates(key) {
                if found.insert((key, certificate.name()), certificate).is_none() {
                    step.extend(certificate.issuers().map(|issuer| issuer.id()));
                }
            }
        }
        found.into_values().cloned().collect()
    }

    /// Whether the device that signed an act had the right to it.
    #[must_use]
    pub fn standing(&self, act: &Act<'_>) -> Standing {
        self.standing_as(act.place.device, Subject::DEVICE, act)
    }

    /// Whether a person whose key co-signed an act had the right to it.
    #[must_use]
    pub fn cosigner_standing(&self, person: DeviceId, act: &Act<'_>) -> Standing {
        self.standing_as(person, Subject::PERSON, act)
    }

    fn standing_as(&self, key: DeviceId, subject: Subject, act: &Act<'_>) -> Standing {
        self.certificates(key)
            .filter(|certificate| certificate.body.subject == subject)
            .map(|certificate| self.standing_under(certificate, act))
            .max()
            .unwrap_or(Standing::NoCertificate)
    }

    fn standing_under(&self, certificate: &Certificate, act: &Act<'_>) -> Standing {
        let body = &certificate.body;
        if !self.reaches_root(certificate, Through::UnrevokedOffices) {
            let once = self.reaches_root(certificate, Through::AnyOffice);
            return if once { Standing::IssuerRevoked } else { Standing::NotChained };
        }
        let is_author = act.place.device == body.key.id();
        let revoked = self.effective_revocations(certificate).any(|revocation| {
            // A person's key has no log of its own: once revoked, it is not believed.
            let left = is_author && revocation.body.leaves(act.place, act.hash);
            !(left && self.is_witnessed(&revocation.body, act.place, act.hash))
        });
        if revoked {
            return Standing::Revoked;
        }
        if act.at_ms < body.not_before_ms || act.at_ms > body.not_after_ms {
            return Standing::OutsideTime;
        }
        if !contains(&body.area, act.area) {
            return Standing::OutsideArea;
        }
        if body.roles.iter().any(|role| role == act.role) || act.role.is_empty() {
            Standing::Good
        } else {
            Standing::RoleNotHeld
        }
    }

    /// Whether a device was a witness at a moment, Unix milliseconds: made one by the root or an office it stands
    /// behind, and not revoked since, for the word of a key in other hands is worth nothing whatever time it states.
    #[must_use]
    pub fn is_witness(&self, device: DeviceId, at_ms: u64) -> bool {
        self.certificates(device).any(|certificate| {
            let body = &certificate.body;
            body.subject == Subject::DEVICE
                && body.roles.iter().any(|role| role == WITNESS)
                && (body.not_before_ms..=body.not_after_ms).contains(&at_ms)
                && self.stands(certificate)
        })
    }

    /// Whether what a revocation leaves of a device's log may be believed: of a stolen device only what enough
    /// witnesses saw in time. A proof of one entry covers all before it in its epoch, which it is chained to.
    #[must_use]
    pub fn is_witnessed(&self, revocation: &RevocationBody, place: Place, hash: Hash) -> bool {
        let Some(before_ms) = revocation.witnessed_before_ms else { return true };
        let all = self.receipts.get(&place.device).into_iter().flat_map(BTreeMap::values);
        let mut covering = all.filter(|one| {
            let covered = one.place;
            let chained = place.seq < covered.seq || (place == covered && hash == one.hash);
            let log_stood = || one.of_log().any(|it| self.reaches_root(it, Through::AnyOffice));
            place.epoch == covered.epoch && chained && log_stood()
        });
        covering.any(|one| {
            let counts = |&&(device, time_s): &&(DeviceId, u64)| {
                let at_ms = time_s.saturating_mul(1_000);
                let party = device == one.log || device == place.device;
                !party && at_ms < before_ms && self.is_witness(device, at_ms)
            };
            one.signers.iter().filter(counts).count() >= WITNESSES
        })
    }

    /// Whether the root, or an office that the root stands behind, issued a certificate. Goes up step by step and
    /// looks at no certificate twice, so that nobody can make the question costly by issuing in circles.
    fn reaches_root(&self, certificate: &Certificate, through: Through) -> bool {
        let mut seen = BTreeSet::new();
        let mut step = vec![certificate];
        for _ in 0..=CHAIN_MAX {
            if step.iter().any(|one| self.is_root(one.issuers())) {
                return true;
            }
            let mut above = Vec::new();
            for one in step {
                for issuer in one.issuers() {
                    let offices = self.certificates.get(&issuer.id()).into_iter().flatten();
                    let may = offices.filter(|(name, office)| {
                        may_issue(office, one)
                            && (through == Through::AnyOffice
                                || self.effective_revocations(office).next().is_none())
                            && seen.insert(**name)
                    });
                    above.extend(may.map(|(_, office)| office));
                }
            }
            step = above;
        }
        false
    }

    fn is_root(&self, issuers: impl Iterator<Item = PublicKey>) -> bool {
        let signed = issuers.filter(|key| self.root.keys.contains(key)).count();
        self.root.threshold > 0 && signed >= self.root.threshold
    }

    /// Revocations of a certificate's key by somebody who may: the root, the key itself, or an office whose area
    /// contains the certificate's.
    fn effective_revocations<'a>(
        &'a self,
        certificate: &'a Certificate,
    ) -> impl Iterator<Item = &'a Revocation> {
        let all = self.revocations.get(&certificate.body.key.id()).into_iter();
        all.flat_map(BTreeMap::values)
            .filter(|revocation| self.is_effective(revocation, certificate))
    }

    fn is_effective(&self, revocation: &Revocation, certificate: &Certificate) -> bool {
        self.is_root(revocation.issuers())
            || revocation.issuers().any(|issuer| {
                issuer.id() == certificate.body.key.id()
                    || self.certificates(issuer.id()).any(|office| {
                        office.body.subject == Subject::ENROLMENT
                            && contains(&office.body.area, &certificate.body.area)
                            && self.reaches_root(office, Through::AnyOffice)
                    })
            })
    }
}

/// Whether an office may issue a certificate: within its area and within its time.
fn may_issue(office: &Certificate, certificate: &Certificate) -> bool {
    let (above, below) = (&office.body, &certificate.body);
    above.subject == Subject::ENROLMENT
        && above.key != below.key
        && contains(&above.area, &below.area)
        && above.not_before_ms <= below.not_before_ms
        && below.not_after_ms <= above.not_after_ms
}

/// Whether the area `inner` is `outer` or lies in it: paths of names joined by `/`.
#[must_use]
pub fn contains(outer: &str, inner: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
