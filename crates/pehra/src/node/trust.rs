//! Which election this node belongs to, whom it believes, and what it tells others of itself.

use super::{Node, NodeError, Writer, fold::Judge, ledger_ms, now, open::received_ms, random};
use pehra_domain::{AreaId, UnixMs};
use pehra_ledger::{
    ClockQuality, Draft, Entry, Hash, Payload, Place, PublicKey,
    certificate::{Certificate, CertificateBody, Revocation, Subject},
    genesis::Genesis,
    request::Request,
    roster::{Act, Roster, RosterEpoch, Standing},
    statement::Said,
};
use pehra_ops::{Actor, Refusal, RefusalCode};
use pehra_store::{Batch, Store};

/// The founding file of the election that this node has joined.
pub(super) const GENESIS_SETTING: &str = "genesis";
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
            sealing: None,
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
            received_ms: received_ms(),
            devices: vec![self.inner.key.public()],
            entries: vec![(entry.clone(), 0)],
            ..Batch::default()
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
        let hash_at = |place: Place| super::intake::hash_at(writer, place);
        let judge = self.judge(&writer.roster, &hash_at);
        let mut fold = self.inner.fold.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        for entry in entries {
            fold.take(entry, &judge);
        }
    }

    pub(super) fn judge<'a>(
        &'a self,
        roster: &'a Roster,
        hash_at: &'a dyn Fn(Place) -> Option<Hash>,
    ) -> Judge<'a> {
        Judge { rules: &self.inner.rules, roster, own: self.inner.key.id(), hash_at }
    }
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
