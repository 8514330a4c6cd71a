//! A credential that two custodians release together, when its holder cannot: no one of them can alone, and no
//! administrator either.
//!
//! The credential is sealed under a key of its own; the key is shared by [`crate::shamir`]; each share is sealed to one
//! custodian. A custodian's contribution is sealed to the one who puts them together, so that no share ever lies open.

use crate::chance::{Chance, Draw};
use crate::compartment::ContentKey;
use crate::credential::{CREDENTIAL_BYTES, Credential, NAME_BYTES_MAX, is_name};
use crate::hybrid::{Envelope, OpeningKey, SealingPublic, WeakKey};
use crate::shamir::{Point, join, split};
use crate::text::{TextError, only};
use pehra_ledger::Hash;
use pehra_ledger::armour::Piece;
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use zeroize::Zeroizing;

/// Most custodians of one credential.
pub const CUSTODIANS_MAX: usize = 16;

/// Longest reason for a release.
pub const REASON_BYTES_MAX: usize = 256;

const VERSION: u8 = 1;
const DEPOSIT_KIND: &str = "deposit-1";
const CONTRIBUTION_KIND: &str = "contribution-1";
const LOCKED_BYTES: usize = CREDENTIAL_BYTES + 16;

/// Somebody who can release a credential together with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custodian {
    pub name: String,
    pub key: SealingPublic,
}

/// A share as the deposit holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Share {
    custodian: Custodian,
    /// Digest of the share: a wrong one is known, and whose it is.
    commitment: Hash,
    envelope: Envelope,
}

/// A credential in deposit: it may lie anywhere, nobody can open it but enough of its custodians together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deposit {
    election: [u8; 16],
    /// Whose credential it is.
    name: String,
    /// So many custodians are needed.
    threshold: u8,
    /// Drawn for this deposit; shares of one deposit are none of another.
    salt: [u8; 16],
    locked: [u8; LOCKED_BYTES],
    /// In the order of the custodians' keys; a share's place on the polynomial is its position, from 1.
    shares: Vec<Share>,
}

/// A custodian's share on its way to the one who puts them together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    deposit: Hash,
    place: u8,
    envelope: Envelope,
}

/// Why a credential is not put in deposit or not released.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    #[error("a name is empty, longer than {NAME_BYTES_MAX} bytes or not plain text")]
    Name,
    #[error(
        "{threshold} of {custodians} custodians cannot be: at least two, at most {CUSTODIANS_MAX}, and no more needed than there are"
    )]
    Threshold { threshold: u8, custodians: usize },
    #[error("`{one}` and `{other}` have one key or one name: each custodian is another person")]
    SameCustodian { one: String, other: String },
    #[error(transparent)]
    WeakKey(#[from] WeakKey),
    #[error("this key belongs to none of the deposit's custodians")]
    NotACustodian,
    #[error("the share of `{0}` in the deposit does not open or is not the one that was put there")]
    BadDeposit(String),
    #[error("{have} of {need} contributions: another custodian must join")]
    TooFew { have: usize, need: u8 },
    #[error("`{0}` contributed twice: another custodian must join")]
    Twice(String),
    #[error("the contribution of `{0}` is wrong: ask them to make it again")]
    BadShare(String),
    #[error("a contribution belongs to another deposit")]
    OtherDeposit,
    #[error("a contribution names a custodian that the deposit does not have")]
    NoSuchPlace,
    #[error("the deposit was altered: the shares are right, but it does not open")]
    Altered,
    #[error("this is no deposit or contribution of this version: {0}")]
    Form(#[from] CanonicalError),
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Deposit {
    /// Puts a credential in deposit with its custodians; any `threshold` of them can release it.
    ///
    /// # Errors
    /// [`ReleaseError`]: fewer than two, the same person twice, a name or key that cannot be.
    pub fn lodge(
        election: [u8; 16],
        name: &str,
        credential: &Credential,
        threshold: u8,
        custodians: &[Custodian],
        chance: Chance,
    ) -> Result<Self, ReleaseError> {
        let custodians = checked(name, threshold, custodians)?;
        let count = u8::try_from(custodians.len()).unwrap_or(u8::MAX);
        let secrets = credential.encode();
        let keys: Vec<u8> = custodians.iter().flat_map(|one| one.key.0).collect();
        let context = [&election[..], name.as_bytes(), &secrets, &keys];
        let mut draw = chance.draw("pehra/seal/deposit/1", context);
        let salt = draw.open();
        let key = draw.secret();
        let points = split(&key, threshold, count, &mut draw);
        let mut deposit = Self {
            election,
            name: name.to_owned(),
            threshold,
            salt,
            locked: [0; LOCKED_BYTES],
            shares: Vec::with_capacity(custodians.len()),
        };
        for (custodian, point) in custodians.into_iter().zip(&points) {
            let share = deposit.share(custodian, point, &mut draw)?;
            deposit.shares.push(share);
        }
        deposit.locked = deposit.lock(&key, secrets)?;
        Ok(deposit)
    }

    fn share(
        &self,
        custodian: Custodian,
        point: &Point,
        draw: &mut Draw,
    ) -> Result<Share, ReleaseError> {
        let envelope = Envelope::wrap(custodian.key, &self.tie(point.x), &point.y, draw)?;
        Ok(Share { commitment: self.commitment(point), custodian, envelope })
    }

    fn lock(
        &self,
        key: &[u8; 32],
        mut secrets: Zeroizing<Vec<u8>>,
    ) -> Result<[u8; LOCKED_BYTES], ReleaseError> {
        ContentKey::from_bytes(*key)
            .seal(&self.terms(), &mut secrets)
            .map_err(|_never_for_so_few_bytes| ReleaseError::Altered)?;
        <[u8; LOCKED_BYTES]>::try_from(&secrets[..])
            .map_err(|_length_is_settled| ReleaseError::Altered)
    }

    #[must_use]
    pub fn election(&self) -> [u8; 16] {
        self.election
    }

    /// Whose credential lies here, as the deposit says in the clear; releasing it proves it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// So many custodians are needed.
    #[must_use]
    pub fn threshold(&self) -> u8 {
        self.threshold
    }

    pub fn custodians(&self) -> impl Iterator<Item = &Custodian> {
        self.shares.iter().map(|share| &share.custodian)
    }

    /// SHA-256 of the deposit's bytes.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(&self.encode())
    }

    /// A custodian's part: opens their share and seals it to `to`, who puts the contributions together.
    ///
    /// # Errors
    /// [`ReleaseError::NotACustodian`] for anybody else; [`ReleaseError::BadDeposit`] for a deposit that was altered.
    pub fn contribute(
        &self,
        custodian: &OpeningKey,
        to: SealingPublic,
        chance: Chance,
    ) -> Result<Contribution, ReleaseError> {
        let public = custodian.public();
        let (place, share) = self
            .places()
            .find(|(_, share)| share.custodian.key == public)
            .ok_or(ReleaseError::NotACustodian)?;
        let bad = || ReleaseError::BadDeposit(share.custodian.name.clone());
        let y = share.envelope.unwrap_with(custodian, &self.tie(place)).ok_or_else(bad)?;
        let point = Point { x: place, y };
        if self.commitment(&point) != share.commitment {
            return Err(bad());
        }
        let deposit = self.hash();
        let context = [&deposit.0[..], &[place], &to.0];
        let mut draw = chance.draw("pehra/seal/contribution/1", context);
        let envelope = Envelope::wrap(to, &handed_over(&deposit, place), &point.y, &mut draw)?;
        Ok(Contribution { deposit, place, envelope })
    }

    /// Puts contributions together. `receiver` is whom the custodians sealed them to.
    ///
    /// # Errors
    /// [`ReleaseError`] names the custodian whose contribution is wrong, or says how many are missing.
    pub fn release(
        &self,
        contributions: &[Contribution],
        receiver: &OpeningKey,
    ) -> Result<Credential, ReleaseError> {
        let mut points: Vec<Point> = Vec::new();
        for contribution in contributions {
            let point = self.point(contribution, receiver)?;
            if points.iter().any(|other| other.x == point.x) {
                return Err(ReleaseError::Twice(self.custodian(point.x)?.custodian.name.clone()));
            }
            points.push(point);
        }
        if points.len() < usize::from(self.threshold) {
            return Err(ReleaseError::TooFew { have: points.len(), need: self.threshold });
        }
        points.truncate(usize::from(self.threshold));
        self.unlock(&join(&points))
    }

    fn unlock(&self, key: &[u8; 32]) -> Result<Credential, ReleaseError> {
        let secrets = ContentKey::from_bytes(*key)
            .open(&self.terms(), &self.locked)
            .map_err(|_no_detail| ReleaseError::Altered)?;
        Credential::decode(&secrets).map_err(|_no_detail| ReleaseError::Altered)
    }

    fn point(
        &self,
        contribution: &Contribution,
        receiver: &OpeningKey,
    ) -> Result<Point, ReleaseError> {
        if contribution.deposit != self.hash() {
            return Err(ReleaseError::OtherDeposit);
        }
        let share = self.custodian(contribution.place)?;
        let bad = || ReleaseError::BadShare(share.custodian.name.clone());
        let tie = handed_over(&contribution.deposit, contribution.place);
        let y = contribution.envelope.unwrap_with(receiver, &tie).ok_or_else(bad)?;
        let point = Point { x: contribution.place, y };
        if self.commitment(&point) == share.commitment { Ok(point) } else { Err(bad()) }
    }

    fn custodian(&self, place: u8) -> Result<&Share, ReleaseError> {
        let found = self.places().find(|(at, _)| *at == place);
        found.map(|(_, share)| share).ok_or(ReleaseError::NoSuchPlace)
    }

    fn places(&self) -> impl Iterator<Item = (u8, &Share)> {
        (1..).zip(&self.shares)
    }

    /// What a share is tied to, as far as it stands before the shares are made.
    fn tie(&self, place: u8) -> Vec<u8> {
        let mut w = Writer::with_capacity(160);
        w.array(6).text("pehra/deposit/1").bytes(&self.election).text(&self.name);
        w.uint(self.threshold).bytes(&self.salt).uint(place);
        w.finish()
    }

    fn commitment(&self, point: &Point) -> Hash {
        Hash::of_parts([&self.tie(point.x)[..], &point.y[..]])
    }

    /// What the credential is tied to: all of the deposit but itself, so that no custodian can be exchanged.
    fn terms(&self) -> Vec<u8> {
        let mut w = Writer::default();
        self.write(&mut w, &[]);
        w.finish()
    }

    fn write(&self, w: &mut Writer, locked: &[u8]) {
        w.array(7).uint(VERSION).bytes(&self.election).text(&self.name).uint(self.threshold);
        w.bytes(&self.salt).bytes(locked).array(self.shares.len());
        for share in &self.shares {
            w.array(4).bytes(&share.custodian.key.0).text(&share.custodian.name);
            w.bytes(&share.commitment.0);
            share.envelope.write(w);
        }
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        self.write(&mut w, &self.locked);
        w.finish()
    }

    /// # Errors
    /// [`ReleaseError::Form`], or what [`Deposit::lodge`] refuses.
    pub fn decode(bytes: &[u8]) -> Result<Self, ReleaseError> {
        let mut r = Reader::new(bytes);
        r.array_of(7)?;
        r.constant(VERSION)?;
        let election = r.exact()?;
        let name = r.text(NAME_BYTES_MAX)?.to_owned();
        let threshold = r.u8()?;
        let (salt, locked) = (r.exact()?, r.exact()?);
        let mut shares = Vec::new();
        for _ in 0..r.array(CUSTODIANS_MAX)? {
            r.array_of(4)?;
            let key = SealingPublic(r.exact()?);
            let custodian = Custodian { name: r.text(NAME_BYTES_MAX)?.to_owned(), key };
            let commitment = Hash(r.exact()?);
            shares.push(Share { custodian, commitment, envelope: Envelope::read(&mut r)? });
        }
        r.end()?;
        let custodians: Vec<Custodian> = shares.iter().map(|it| it.custodian.clone()).collect();
        if checked(&name, threshold, &custodians)? != custodians {
            return Err(ReleaseError::Form(CanonicalError::NotSorted { at: 0 }));
        }
        Ok(Self { election, name, threshold, salt, locked, shares })
    }

    /// The deposit as people keep it: text with a check sum, the name and the custodians.
    #[must_use]
    pub fn to_text(&self) -> String {
        let names: Vec<&str> = self.custodians().map(|one| one.name.as_str()).collect();
        let (name, threshold) = (&self.name, self.threshold);
        let remark =
            format!("Credential of {name}.\nReleased by {threshold} of: {}.", names.join(", "));
        Piece::new(DEPOSIT_KIND, self.encode()).to_text(&remark)
    }

    /// # Errors
    /// [`ReleaseError::Text`] with the line that cannot be read; as [`Deposit::decode`].
    pub fn from_text(text: &str) -> Result<Self, ReleaseError> {
        Self::decode(&only(text, DEPOSIT_KIND)?)
    }
}

impl Contribution {
    /// Whose part it is, by the deposit; none when it belongs to another.
    #[must_use]
    pub fn custodian<'a>(&self, deposit: &'a Deposit) -> Option<&'a str> {
        (self.deposit == deposit.hash())
            .then(|| deposit.custodian(self.place).ok())
            .flatten()
            .map(|share| share.custodian.name.as_str())
    }

    /// SHA-256 of the deposit it belongs to.
    #[must_use]
    pub fn deposit(&self) -> Hash {
        self.deposit
    }

    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(128);
        w.array(4).uint(VERSION).bytes(&self.deposit.0).uint(self.place);
        self.envelope.write(&mut w);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let contribution =
            Self { deposit: Hash(r.exact()?), place: r.u8()?, envelope: Envelope::read(&mut r)? };
        r.end()?;
        Ok(contribution)
    }

    /// The contribution as a custodian hands it over: text with a check sum.
    #[must_use]
    pub fn to_text(&self) -> String {
        Piece::new(CONTRIBUTION_KIND, self.encode()).to_text("A custodian's part of a release.")
    }

    /// # Errors
    /// [`ReleaseError::Text`] with the line that cannot be read; as [`Contribution::decode`].
    pub fn from_text(text: &str) -> Result<Self, ReleaseError> {
        Ok(Self::decode(&only(text, CONTRIBUTION_KIND)?)?)
    }
}

/// That a credential was put together: whose, out of which deposit, by whose contributions. It stands on record before
/// the credential is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    pub deposit: Hash,
    /// Whose credential it is.
    pub name: String,
    /// The custodians who contributed, in ascending order without repeats.
    pub custodians: Vec<String>,
    pub reason: String,
}

impl Released {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(5).uint(VERSION).bytes(&self.deposit.0).text(&self.name);
        w.array(self.custodians.len());
        for custodian in &self.custodians {
            w.text(custodian);
        }
        w.text(&self.reason);
        w.finish()
    }

    /// # Errors
    /// [`CanonicalError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(5)?;
        r.constant(VERSION)?;
        let (deposit, name) = (Hash(r.exact()?), r.text(NAME_BYTES_MAX)?.to_owned());
        let mut custodians: Vec<String> = Vec::new();
        for _ in 0..r.array(CUSTODIANS_MAX)? {
            let at = r.at();
            let custodian = r.text(NAME_BYTES_MAX)?.to_owned();
            if custodians.last().is_some_and(|last| *last >= custodian) {
                return Err(CanonicalError::NotSorted { at });
            }
            custodians.push(custodian);
        }
        let reason = r.text(REASON_BYTES_MAX)?.to_owned();
        r.end()?;
        Ok(Self { deposit, name, custodians, reason })
    }
}

fn handed_over(deposit: &Hash, place: u8) -> Vec<u8> {
    let mut w = Writer::with_capacity(64);
    w.array(3).text("pehra/contribution/1").bytes(&deposit.0).uint(place);
    w.finish()
}

/// The custodians in the order of their keys.
fn checked(
    name: &str,
    threshold: u8,
    custodians: &[Custodian],
) -> Result<Vec<Custodian>, ReleaseError> {
    if !is_name(name) || custodians.iter().any(|one| !is_name(&one.name)) {
        return Err(ReleaseError::Name);
    }
    let count = custodians.len();
    if threshold < 2 || usize::from(threshold) > count || count > CUSTODIANS_MAX {
        return Err(ReleaseError::Threshold { threshold, custodians: count });
    }
    for (at, one) in custodians.iter().enumerate() {
        let same = |other: &&Custodian| other.key == one.key || other.name == one.name;
        if let Some(other) = custodians.iter().skip(at + 1).find(same) {
            let (one, other) = (one.name.clone(), other.name.clone());
            return Err(ReleaseError::SameCustodian { one, other });
        }
    }
    let mut custodians = custodians.to_vec();
    custodians.sort_unstable_by_key(|one| one.key);
    Ok(custodians)
}

#[cfg(test)]
mod tests;
