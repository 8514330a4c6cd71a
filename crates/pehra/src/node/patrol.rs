//! Schedules of patrols: who may open them before their hour, and the sealing itself.

use super::{Node, NodeError, convert};
use pehra_domain::AreaId;
use pehra_ledger::{Header, certificate::Subject};
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

    /// The keys of a team: of what is enrolled in its area under its name, or else under its base's.
    #[must_use]
    pub fn team_keys(&self, area: &AreaId, names: [&str; 2]) -> Vec<SealingPublic> {
        let mut found = names.iter().map(|name| self.enrolled(area, |body| body.name == *name));
        let found = found.find(|found| !found.is_empty()).unwrap_or_default();
        found.into_iter().map(|(_, key)| key).take(RECIPIENTS_MAX / 2).collect()
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
        let compartment = CompartmentId::of_text(NAME_LABEL, election, tie);
        let binding = Binding { election, author, kind, compartment };
        let sealed = Sealed::seal(&binding, to, text, chance);
        sealed.map(|sealed| sealed.encode()).map_err(|error| NodeError::Table(error.to_string()))
    }

    /// Opens a text of a schedule; none when it is for others.
    ///
    /// # Errors
    /// [`NodeError::Table`] when what is sealed was altered.
    pub fn open_patrol(
        &self,
        header: &Header,
        tie: &str,
        sealed: &[u8],
        key: &OpeningKey,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, NodeError> {
        let compartment = CompartmentId::of_text(NAME_LABEL, self.inner.election, tie);
        let binding = Binding::of(header, compartment);
        let bad = |why: &dyn std::fmt::Display| NodeError::Table(why.to_string());
        let sealed = Sealed::decode(sealed).map_err(|error| bad(&error))?;
        match sealed.open(&binding, key, &[]) {
            Ok(opened) => Ok(Some(opened.plaintext)),
            Err(OpenError::NotARecipient { .. }) => Ok(None),
            Err(error) => Err(bad(&error)),
        }
    }

    /// The schedule as its entry holds it, with the entry's header; none when its content was deleted.
    ///
    /// # Errors
    /// [`NodeError::NoEntry`] when the entry is not here.
    pub fn patrol_entry(&self, at: EventRef) -> Result<Option<(Header, Schedule)>, NodeError> {
        let stored = self.entry(convert::place(at))?;
        let header = stored.entry.header();
        let event =
            stored.entry.payload().map(|payload| Event::decode(header.kind, payload.body()));
        let Some(Ok(Decoded::Known(Event::Patrol(patrol::Event::Sealed(schedule))))) = event else {
            return Ok(None);
        };
        Ok(Some((header.clone(), schedule)))
    }
}
