//! Texts of reports: sealed to the desks before they are written down, opened again for whoever may read them and has
//! said why.

use super::{Node, NodeError, convert};
use pehra_domain::AreaId;
use pehra_ledger::{Hash, SigningKey, canonical::Writer, certificate::Subject, roster::Standing};
use pehra_ops::{
    Event, EventRef, Refusal, RefusalCode,
    event::Decoded,
    intelligence::{self, Compartment, Report},
};
use pehra_seal::{
    chance::Chance,
    compartment::{Binding, CompartmentId, Sealed},
    hybrid::SealingPublic,
};
use std::collections::BTreeSet;

/// The kind under which a report's text is sealed: that of the entry that carries it.
const WRITTEN: u32 = 1600;
const CHANCE_LABEL: &[u8; 15] = b"pehra/inttxt/1\0";
const NAME_LABEL: &[u8; 15] = b"pehra/intnam/1\0";
/// Roles whose devices are desks.
const DESK_ROLES: [&str; 2] = ["INTEL-AN", "INTEL-MGR"];

impl Node {
    /// The report with its text sealed to the desks of an area. The same report and text give the same bytes, because an
    /// act that a person's own key signs is given twice.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when the text may not be kept or no desk is known; [`NodeError::Table`] when it is too long.
    pub fn seal_report(
        &self,
        area: &AreaId,
        report: &Report,
        text: &str,
    ) -> Result<Report, NodeError> {
        self.seal_report_by(&self.inner.key, area, report, text)
    }

    /// As [`Self::seal_report`], for another device whose entry will carry it.
    ///
    /// # Errors
    /// As [`Self::seal_report`].
    pub(crate) fn seal_report_by(
        &self,
        author: &SigningKey,
        area: &AreaId,
        report: &Report,
        text: &str,
    ) -> Result<Report, NodeError> {
        pehra_ops::content::check_text(text)?;
        let desks = self.desks(area);
        if desks.is_empty() {
            return Err(Refusal::of(RefusalCode::TextSealedElsewhere, area.as_str()).into());
        }
        let election = self.inner.election;
        let binding = Binding {
            election,
            author: author.id(),
            kind: WRITTEN,
            compartment: name_of(election, report.compartment),
        };
        let mut w = Writer::default();
        w.array(4).bytes(&author.seed()).text(area.as_str()).text(text);
        w.bytes(&Event::Intelligence(intelligence::Event::Written(report.clone())).encode());
        let chance = Chance::from_bytes(Hash::labelled(CHANCE_LABEL, &w.finish()).0);
        let sealed = Sealed::seal(&binding, &desks, text.as_bytes(), chance)
            .map_err(|error| NodeError::Table(error.to_string()))?;
        Ok(Report { sealed: sealed.encode(), ..report.clone() })
    }

    /// The text of a report. Whoever asks has the right and said why: that is another entry.
    ///
    /// # Errors
    /// [`NodeError::Refused`] when it was sealed to other desks, or is not here any more.
    pub fn open_report(&self, at: EventRef) -> Result<String, NodeError> {
        let elsewhere = || Refusal::of(RefusalCode::TextSealedElsewhere, at);
        let stored = self.entry(convert::place(at))?;
        let header = stored.entry.header();
        let payload = stored.entry.payload().ok_or_else(elsewhere)?;
        let event = Event::decode(header.kind, payload.body());
        let Ok(Decoded::Known(Event::Intelligence(intelligence::Event::Written(report)))) = event
        else {
            return Err(elsewhere().into());
        };
        let sealed = Sealed::decode(&report.sealed).map_err(|_no_detail| elsewhere())?;
        let binding = Binding::of(header, name_of(self.inner.election, report.compartment));
        let opened =
            sealed.open(&binding, &self.opening_key(), &[]).map_err(|_shut| elsewhere())?;
        let text = std::str::from_utf8(&opened.plaintext).map_err(|_bytes| elsewhere())?;
        Ok(text.to_owned())
    }

    /// The keys of the desks that read reports of an area: enrolled devices, and this one if it is such a desk.
    fn desks(&self, area: &AreaId) -> Vec<SealingPublic> {
        let is_desk = |role: &&str| self.device_standing(area, role) == Standing::Good;
        let mut keys = BTreeSet::new();
        if DESK_ROLES.iter().any(is_desk) {
            keys.insert(self.opening_key().public());
        }
        let desks = self.enrolled(area, |body| {
            let reads = |role: &String| DESK_ROLES.contains(&role.as_str());
            body.subject == Subject::DEVICE && body.roles.iter().any(reads)
        });
        keys.extend(desks.into_iter().map(|(_, key)| key));
        keys.into_iter().take(pehra_seal::compartment::RECIPIENTS_MAX).collect()
    }
}

/// The name under which a compartment's texts are sealed.
fn name_of(election: [u8; 16], compartment: Compartment) -> CompartmentId {
    CompartmentId::of_text(NAME_LABEL, election, compartment.code())
}
