//! Which election this node belongs to, whom it believes, and what it tells others of itself.

use super::{
    Node, NodeError, Writer,
    fold::{HeldAt, Judge, Own},
    ledger_ms, now, random,
};
use pehra_domain::{AreaId, UnixMs};
use pehra_ledger::{
    ClockQuality, DeviceId, Draft, Entry, Hash, Head, Payload, Place, PublicKey, SigningKey,
    armour::Piece,
    certificate::{
        Certificate, CertificateBody, LastAccepted, Revocation, RevocationBody, Subject,
    },
    genesis::Genesis,
    request::{Grant, Request},
    roster::{Act, Roster, RosterEpoch, Standing, contains},
    statement::Said,
};
use pehra_ops::{Actor, Refusal, RefusalCode};
use pehra_seal::hybrid::SealingPublic;
use pehra_store::{Batch, Receipt, Store, Stored, reader::StoredFork};
use std::{
    ops::ControlFlow,
    sync::{Arc, PoisonError},
};

/// The founding file of the election that this node has joined.
pub(super) const GENESIS_SETTING: &str = "genesis";
const REQUEST_SETTING: &str = "request:";
/// Requests that wait at a time; more are a flood or a forgotten desk.
const REQUESTS_MAX: usize = 1_000;
/// A request asks for this long unless it says otherwise.
const WISH_MS: u64 = 400 * 86_400_000;

impl Node {
    /// This node's own key. On a node that stands alone it is also the root of its roster.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.inner.key.public()
    }

    /// The ledger's name of this node's election.
    #[must_use]
    pub fn ledger_election(&self) -> [u8; 16] {
        self.inner.election
    }

    /// The founding of the election that this node has joined; none while it stands alone and is its own root.
    #[must_use]
    pub fn genesis(&self) -> Option<&Genesis> {
        self.inner.genesis.as_ref()
    }

    /// How far this node's roster reaches.
    #[must_use]
    pub fn roster_epoch(&self) -> RosterEpoch {
        self.roster(Roster::epoch)
    }

    /// Looks at the roster.
    pub fn roster<R>(&self, look: impl FnOnce(&Roster) -> R) -> R {
        look(&self.writer().roster)
    }

    /// Whether this device's certificates cover an act in a role and an area, now. A node that stands alone covers
    /// everything: nobody else judges it.
    #[must_use]
    pub fn device_standing(&self, area: &AreaId, role: &str) -> Standing {
        self.roster(|roster| self.standing_in(roster, area, role, now()))
    }

    fn standing_in(&self, roster: &Roster, area: &AreaId, role: &str, at: UnixMs) -> Standing {
        if self.inner.genesis.is_none() {
            return Standing::Good;
        }
        let place = Place { device: self.inner.key.id(), epoch: self.inner.epoch, seq: 0 };
        let (hash, area) = (Hash::ZERO, area.as_str());
        roster.standing(&Act { place, hash, area, role, at_ms: ledger_ms(at) })
    }

    /// Refuses an act to which other nodes would give no effect.
    pub(super) fn must_be_covered(
        &self,
        roster: &Roster,
        actor: &Actor,
        area: &AreaId,
        at: UnixMs,
    ) -> Result<(), NodeError> {
        match self.standing_in(roster, area, actor.role.as_str(), at) {
            Standing::Good => Ok(()),
            Standing::NoCertificate
            | Standing::NotChained
            | Standing::IssuerRevoked
            | Standing::Revoked
            | Standing::OutsideTime
            | Standing::OutsideArea
            | Standing::RoleNotHeld => Err(Refusal::of(RefusalCode::DeviceNotCovered, area).into()),
        }
    }

    /// Asks to be enrolled with this node's own key.
    ///
    /// # Errors
    /// [`NodeError::Table`] when the wish breaks a limit of its format.
    pub fn request(
        &self,
        name: &str,
        area: &AreaId,
        roles: &[String],
    ) -> Result<Request, NodeError> {
        let mut roles = roles.to_vec();
        roles.sort();
        roles.dedup();
        let at = ledger_ms(now());
        let wish = CertificateBody {
            election: self.inner.election,
            subject: Subject::DEVICE,
            key: self.inner.key.public(),
            name: name.to_owned(),
            area: area.as_str().to_owned(),
            roles,
            not_before_ms: at,
            not_after_ms: at.saturating_add(WISH_MS),
            sealing: Some(self.opening_key().public().0),
        };
        Request::ask(wish, &self.inner.key).map_err(|error| NodeError::Table(error.to_string()))
    }

    /// Signs a certificate with this node's key: it counts where this node is the root.
    ///
    /// # Errors
    /// [`NodeError::Table`] when the body breaks a limit of its format.
    pub fn certify(&self, body: CertificateBody) -> Result<Certificate, NodeError> {
        Certificate::sign(body, &[&self.inner.key])
            .map_err(|error| NodeError::Table(error.to_string()))
    }

    /// Opens the enrolment office's key for as long as this process runs.
    pub fn open_office(&self, name: &str, key: SigningKey) {
        *self.inner.desk.office.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((name.to_owned(), Arc::new(key)));
    }

    /// Takes the enrolment office's key out of memory.
    pub fn close_office(&self) {
        *self.inner.desk.office.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Who enrols here, if anybody can: the office whose key is open, or the node where it is its own root.
    #[must_use]
    pub fn office_name(&self) -> Option<String> {
        let office = self.inner.desk.office.lock().unwrap_or_else(PoisonError::into_inner);
        let own = || self.inner.genesis.is_none().then(|| self.inner.name.clone());
        office.as_ref().map(|(name, _)| name.clone()).or_else(own)
    }

    /// Who enrols here: on a node that stands alone its own key, in a founded election the office's.
    fn with_office<R>(&self, work: impl FnOnce(&SigningKey) -> R) -> Result<R, NodeError> {
        let office = self.inner.desk.office.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match office {
            Some((_, key)) => Ok(work(&key)),
            None if self.inner.genesis.is_none() => Ok(work(&self.inner.key)),
            None => Err(NodeError::OfficeKeyClosed),
        }
    }

    /// Grants a request and says so in this node's log.
    ///
    /// # Errors
    /// [`NodeError::OfficeKeyClosed`]; [`NodeError::Table`] when the grant breaks a limit of its format.
    pub fn grant(&self, request: &Request, grant: Grant) -> Result<Certificate, NodeError> {
        let mut grant = grant;
        if let Some(latest) = self.with_office(|key| self.office_until(key.id()))? {
            // An office cannot issue what outlasts its own certificate.
            grant.not_after_ms = grant.not_after_ms.min(latest);
        }
        let certificate = self.with_office(|key| grant.sign(request, &[key]))?;
        let certificate = certificate.map_err(|error| NodeError::Table(error.to_string()))?;
        self.enrol(certificate.clone())?;
        let name = request_name(request);
        self.writer().store.set_setting(&name, None)?;
        Ok(certificate)
    }

    /// Until when an office may issue; none where the key is the root's.
    fn office_until(&self, office: DeviceId) -> Option<u64> {
        self.roster(|roster| {
            let all = roster
                .certificates(office)
                .filter(|one| one.body.subject == Subject::ENROLMENT && roster.stands(one));
            all.map(|one| one.body.not_after_ms).max()
        })
    }

    /// Takes a key back and says so in this node's log.
    ///
    /// # Errors
    /// As [`Self::grant`].
    pub fn take_back(&self, body: RevocationBody) -> Result<Revocation, NodeError> {
        let revocation = self.with_office(|key| Revocation::sign(body, &[key]))?;
        let revocation = revocation.map_err(|error| NodeError::Table(error.to_string()))?;
        self.revoke(revocation.clone())?;
        Ok(revocation)
    }

    /// What a revocation names that leaves all believed that this node holds of a key.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn believed(&self, key: DeviceId) -> Result<Vec<LastAccepted>, NodeError> {
        let heads = self.heads()?.into_iter().filter(|head| head.place.device == key);
        let mut last: Vec<LastAccepted> = heads
            .map(|Head { place, hash, .. }| LastAccepted {
                epoch: place.epoch,
                seq: place.seq,
                hash,
            })
            .collect();
        last.sort_unstable();
        Ok(last)
    }

    /// Tells every act of a person: its place, its payload's hash and its mark. Acts without a mark are from before
    /// there were any.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn acts_of(
        &self,
        person: &str,
        mut tell: impl FnMut(Place, Hash, [u8; 16]),
    ) -> Result<(), NodeError> {
        let mut visit = |stored: Stored| {
            let header = stored.entry.header();
            let mark = header.extra(pehra_seal::EXTRA_MARK);
            let mark = mark.and_then(|value| <[u8; 16]>::try_from(value).ok());
            if let Some(mark) = mark.filter(|_| header.person == person) {
                tell(header.place, header.payload_hash, mark);
            }
            ControlFlow::Continue(())
        };
        self.reader().entries_received(Receipt(0), &mut visit)?;
        Ok(())
    }

    /// Visits entries in the order in which this node received them.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn entries(
        &self,
        after: Receipt,
        visit: &mut dyn FnMut(Stored) -> ControlFlow<()>,
    ) -> Result<(), NodeError> {
        self.reader().entries_received(after, visit)?;
        Ok(())
    }

    /// Whether the device's key lies under a passphrase.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn is_locked(&self) -> Result<bool, NodeError> {
        super::key::is_locked(&self.reader())
    }

    /// Forks that were found, with both entries.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn forks(&self) -> Result<Vec<StoredFork>, NodeError> {
        Ok(self.reader().forks()?)
    }

    /// Keeps a request until somebody grants it.
    ///
    /// # Errors
    /// [`NodeError::TooManyRequests`], or what the disk said.
    pub fn keep_request(&self, request: &Request) -> Result<(), NodeError> {
        let name = request_name(request);
        let text = Piece::new(pehra_ledger::request::PIECE, request.encode()).to_text("");
        let mut writer = self.writer();
        let settings = writer.store.settings()?;
        let waiting = settings.keys().filter(|key| key.starts_with(REQUEST_SETTING)).count();
        if waiting >= REQUESTS_MAX && !settings.contains_key(&name) {
            return Err(NodeError::TooManyRequests);
        }
        Ok(writer.store.set_setting(&name, Some(&text))?)
    }

    /// Requests that nobody has granted yet.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        let settings = self.reader().settings().unwrap_or_default();
        let kept = settings.iter().filter(|(name, _)| name.starts_with(REQUEST_SETTING));
        let read = |text: &str| {
            let pieces = Piece::all(text).ok()?;
            Request::decode(&pieces.first()?.bytes).ok().filter(Request::is_own)
        };
        kept.filter_map(|(_, text)| read(text)).collect()
    }

    /// How far each log held here reaches.
    ///
    /// # Errors
    /// [`NodeError::Store`] when the database could not be read.
    pub fn heads(&self) -> Result<Vec<Head>, NodeError> {
        Ok(self.reader().heads()?)
    }

    /// Takes a device's or person's certificate into the roster and into this node's log.
    ///
    /// # Errors
    /// As [`Self::publish`].
    pub fn enrol(&self, certificate: Certificate) -> Result<(), NodeError> {
        self.publish(Said::Certificate(certificate)).map(drop)
    }

    /// Takes a revocation into the roster and into this node's log.
    ///
    /// # Errors
    /// As [`Self::publish`].
    pub fn revoke(&self, revocation: Revocation) -> Result<(), NodeError> {
        self.publish(Said::Revocation(revocation)).map(drop)
    }

    /// Says a statement in this node's own log, so that it travels with everything else; answers whether it was new.
    ///
    /// # Errors
    /// [`NodeError::Table`] when its signatures do not hold or it belongs to another election, or what the disk said.
    pub fn publish(&self, said: Said) -> Result<bool, NodeError> {
        let known = {
            let writer = self.writer();
            let mut trial = Roster::new(self.inner.election, writer.roster.root().clone());
            trial.take(said.clone()).map_err(|refused| NodeError::Table(refused.to_string()))?;
            writer.roster.knows(&said)
        };
        if known {
            return Ok(false);
        }
        let mut writer = self.writer();
        let area = self.area_of(&writer.roster, &said);
        let at = now();
        let draft = Draft {
            election: self.inner.election,
            clock: writer.clock.tick(ledger_ms(at)),
            clock_quality: ClockQuality::UNKNOWN,
            area,
            kind: said.kind(),
            person: String::new(),
            role: String::new(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new(random()?, &said.body())?,
        };
        let next = writer.store.next(self.inner.key.id())?;
        let entry = Entry::seal(&self.inner.key, &draft, next)?;
        let batch = Batch {
            devices: vec![self.inner.key.public()],
            entries: vec![(entry.clone(), 0)],
            ..self.batch()
        };
        writer.store.commit(&batch)?;
        self.fold_own(&writer, vec![entry]);
        drop(writer);
        self.learn(vec![said])?;
        Ok(true)
    }

    /// Where a statement is filed: the area of the certificate that it is about.
    fn area_of(&self, roster: &Roster, said: &Said) -> String {
        let nation = || AreaId::nation().as_str().to_owned();
        match said {
            Said::Certificate(certificate) => certificate.body.area.clone(),
            Said::Revocation(revocation) => roster
                .certificates(revocation.body.key)
                .next()
                .map_or_else(nation, |certificate| certificate.body.area.clone()),
            Said::Receipt(_) => nation(),
        }
    }

    /// Folds entries that this node has just written.
    pub(super) fn fold_own(&self, writer: &Writer, entries: Vec<Entry>) {
        let held = |place: Place| super::intake::held(&writer.store, place);
        let judge = self.judge(&writer.roster, &held);
        let mut fold = self.inner.fold.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            fold.take(entry, &judge);
        }
    }

    /// What stands on the roster for an area now, of what is wanted, and has a key to which can be sealed.
    pub(super) fn enrolled(
        &self,
        area: &AreaId,
        wanted: impl Fn(&CertificateBody) -> bool,
    ) -> Vec<(CertificateBody, SealingPublic)> {
        let at = ledger_ms(now());
        self.roster(|roster| {
            let all = roster.all_certificates().map(|(_, certificate)| certificate);
            all.filter_map(|certificate| {
                let body = &certificate.body;
                // The way to the root is the longest look, so that it comes last.
                let good = wanted(body)
                    && contains(&body.area, area.as_str())
                    && (body.not_before_ms..=body.not_after_ms).contains(&at)
                    && roster.stands(certificate)
                    && roster.revoked(body.key.id()).next().is_none();
                let key = body.sealing.filter(|_| good).map(SealingPublic)?;
                Some((body.clone(), key))
            })
            .collect()
        })
    }

    pub(super) fn judge<'a>(
        &'a self,
        roster: &'a Roster,
        held: &'a dyn Fn(Place) -> Option<HeldAt>,
    ) -> Judge<'a> {
        let own = Own { device: self.inner.key.id(), former: &self.inner.former };
        Judge { rules: &self.inner.rules, roster, own, held }
    }
}

fn request_name(request: &Request) -> String {
    format!("{REQUEST_SETTING}{}", request.body.0.key.id())
}

/// Makes a folder's node a member of an election. Its own key must then be enrolled.
///
/// # Errors
/// [`NodeError::OtherElection`] when the folder belongs to another election.
pub fn join(dir: &std::path::Path, genesis: &Genesis) -> Result<(), NodeError> {
    let mut store = Store::open(dir)?;
    let held = store.setting(super::open::ELECTION_SETTING)?;
    if let Some(held) = held.filter(|held| *held != genesis.election) {
        return Err(NodeError::OtherElection { held, given: genesis.election.clone() });
    }
    if let Some(before) = load_genesis(&store)?.filter(|before| before != genesis) {
        return Err(NodeError::OtherElection {
            held: before.fingerprint(),
            given: genesis.fingerprint(),
        });
    }
    store.set_setting(super::open::ELECTION_SETTING, Some(&genesis.election))?;
    store.set_setting(GENESIS_SETTING, Some(&genesis.to_text()))?;
    Ok(())
}

pub(super) fn load_genesis(store: &Store) -> Result<Option<Genesis>, NodeError> {
    let text = store.setting(GENESIS_SETTING)?;
    text.map(|text| Genesis::from_text(&text))
        .transpose()
        .map_err(|error| NodeError::Table(format!("the founding file kept here: {error}")))
}

/// What this node was told of certificates and revocations.
pub(super) fn load_roster(store: &Store, roster: &mut Roster) -> Result<(), NodeError> {
    for said in store.statements()? {
        if let Err(refused) = roster.take(said) {
            tracing::warn!(%refused, "a kept statement does not hold and is left out");
        }
    }
    Ok(())
}
