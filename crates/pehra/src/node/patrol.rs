//! Schedules of patrols: who may open them before their hour, and the sealing itself.

use super::{Node, NodeError, convert, ledger_ms, now};
use pehra_domain::AreaId;
use pehra_ledger::{
    Hash,
    canonical::Writer,
    certificate::{CertificateBody, Subject},
    roster::contains,
};
use pehra_ops::{
    Event, EventRef,
    event::Decoded,
    patrol::{self, Schedule},
};
use pehra_seal::{
    chance::Chance,
    compartment::{Binding, CompartmentId, OpenError, RECIPIENTS_MAX, Sealed},
    hybrid::{OpeningKey, SealingPublic},
};
use zeroize::Zeroizing;

/// The kind under which everything in a schedule is sealed: that of the entry that carries it.
const SEALED: u32 = 2400;
const NAME_LABEL: &[u8; 15] = b"pehra/patnam/1\0";
/// Roles whose devices are the duty officer's.
const DUTY_ROLES: [&str; 3] = ["CTRL-D", "CTRL-N", "CTRL-P"];

impl Node {
    /// The keys of the duty officer of an area with the names of the devices: those of the control room that is nearest
    /// above it, and of no other. An election without enrolment has one node, which is it.
    #[must_use]
    pub fn duty_desk(&self, area: &AreaId) -> (Vec<SealingPublic>, Vec<String>) {
        if self.inner.genesis.is_none() {
            return (vec![self.opening_key().public()], vec![self.inner.name.clone()]);
        }
        let mut found = self.enrolled(area, |body| {
            let is_duty = |role: &String| DUTY_ROLES.contains(&role.as_str());
            body.subject == Subject::DEVICE && body.roles.iter().any(is_duty)
        });
        let nearest = found.iter().map(|(body, _)| body.area.len()).max().unwrap_or(0);
        found.retain(|(body, _)| body.area.len() == nearest);
        found.truncate(RECIPIENTS_MAX / 2);
        found.into_iter().map(|(body, key)| (key, body.name)).unzip()
    }

    /// The keys of a team: of what is enrolled in its area under its name, or under its base's.
    #[must_use]
    pub fn team_keys(&self, area: &AreaId, team: &str) -> Vec<SealingPublic> {
        let base = team.split('/').next().unwrap_or(team);
        let own = self.enrolled(area, |body| body.name == team);
        let found =
            if own.is_empty() { self.enrolled(area, |body| body.name == base) } else { own };
        found.into_iter().map(|(_, key)| key).take(RECIPIENTS_MAX / 2).collect()
    }

    /// What stands on the roster for an area now and has a key to which can be sealed.
    fn enrolled(
        &self,
        area: &AreaId,
        wanted: impl Fn(&CertificateBody) -> bool,
    ) -> Vec<(CertificateBody, SealingPublic)> {
        let at = ledger_ms(now());
        self.roster(|roster| {
            let all = roster.all_certificates().map(|(_, certificate)| certificate);
            all.filter_map(|certificate| {
                let body = &certificate.body;
                let good = roster.stands(certificate)
                    && (body.not_before_ms..=body.not_after_ms).contains(&at)
                    && roster.revoked(body.key.id()).next().is_none()
                    && contains(&body.area, area.as_str());
                let key = body.sealing.filter(|_| good && wanted(body)).map(SealingPublic)?;
                Some((body.clone(), key))
            })
            .collect()
        })
    }

    /// Seals a text of a schedule that this node is about to put on record.
    ///
    /// # Errors
    /// [`NodeError::Table`] when it is too long or a key is none.
    pub fn seal_patrol(
        &self,
        tie: &str,
        to: &[SealingPublic],
        text: &[u8],
        chance: Chance,
    ) -> Result<Vec<u8>, NodeError> {
        let election = self.inner.election;
        let (author, kind) = (self.inner.key.id(), SEALED);
        let binding = Binding { election, author, kind, compartment: name_of(election, tie) };
        let sealed = Sealed::seal(&binding, to, text, chance);
        sealed.map(|sealed| sealed.encode()).map_err(|error| NodeError::Table(error.to_string()))
    }

    /// Opens a text of a schedule with a key that is given, or else with this node's own; none when it is for others.
    ///
    /// # Errors
    /// [`NodeError`]: the entry is not here, or what is sealed was altered.
    pub fn open_patrol(
        &self,
        at: EventRef,
        tie: &str,
        sealed: &[u8],
        key: Option<&OpeningKey>,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, NodeError> {
        let stored = self.entry(convert::place(at))?;
        let binding = Binding::of(stored.entry.header(), name_of(self.inner.election, tie));
        let bad = |why: &dyn std::fmt::Display| NodeError::Table(why.to_string());
        let sealed = Sealed::decode(sealed).map_err(|error| bad(&error))?;
        let own;
        let key = if let Some(key) = key {
            key
        } else {
            own = self.opening_key();
            &own
        };
        match sealed.open(&binding, key, &[]) {
            Ok(opened) => Ok(Some(opened.plaintext)),
            Err(OpenError::NotARecipient { .. }) => Ok(None),
            Err(error) => Err(bad(&error)),
        }
    }

    /// The schedule as its entry holds it; none when its content was deleted.
    ///
    /// # Errors
    /// [`NodeError::NoEntry`] when the entry is not here.
    pub fn patrol_entry(&self, at: EventRef) -> Result<Option<Schedule>, NodeError> {
        let stored = self.entry(convert::place(at))?;
        let kind = stored.entry.header().kind;
        let event = stored.entry.payload().map(|payload| Event::decode(kind, payload.body()));
        let Some(Ok(Decoded::Known(Event::Patrol(patrol::Event::Sealed(schedule))))) = event else {
            return Ok(None);
        };
        Ok(Some(schedule))
    }
}

/// The name under which a text of a schedule is sealed.
fn name_of(election: [u8; 16], tie: &str) -> CompartmentId {
    let mut w = Writer::default();
    w.array(2).bytes(&election).text(tie);
    let hash = Hash::labelled(NAME_LABEL, &w.finish()).0;
    let mut name = [0; 16];
    name.copy_from_slice(hash.get(..16).unwrap_or(&[0; 16]));
    CompartmentId(name)
}
