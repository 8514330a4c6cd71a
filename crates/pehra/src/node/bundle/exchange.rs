//! Bundles handed over by somebody who waits for an answer, at a door where anybody may knock.

use super::{BundleError, Imported, areas, take::SEEN_SETTING};
use crate::node::{Node, ledger_ms, now};
use pehra_ledger::DeviceId;
use pehra_link::bundle::{self, Bundle};

impl Node {
    /// Takes in what enrolled devices signed, for this node or for others, and makes a bundle for whoever signed the
    /// first: what it lacks by its own word. A bundle that was here before is answered with nothing: whoever copied it
    /// on its way makes this node work once and learns nothing.
    ///
    /// # Errors
    /// [`BundleError::NotEnrolled`] when nobody who is enrolled here signed the first; [`BundleError`] otherwise as
    /// [`Node::import_bundle`] and [`Node::export_bundle`].
    pub fn exchange_bundle(&self, file: &[u8]) -> Result<(Imported, Vec<u8>), BundleError> {
        let mut reading = bundle::read(file);
        let Some(first) = reading.bundles.first() else {
            return Err(BundleError::NotEnrolled("nobody".to_owned()));
        };
        let Some(caller) = self.enrolled_issuer(first) else {
            let issuers = first.ticket.issuers().map(|key| key.id().to_string());
            return Err(BundleError::NotEnrolled(issuers.collect::<Vec<_>>().join(", ")));
        };
        let was_here = self.has_seen(&first.ticket.body.bundle.to_string())?;
        reading.bundles.retain(|bundle| self.enrolled_issuer(bundle).is_some());
        let report = self.take_bundles(&reading)?;
        if was_here {
            return Ok((report, Vec::new()));
        }
        let (answer, _) = self.export_bundle(&[self.recipient(&caller.to_string())?], true)?;
        Ok((report, answer))
    }

    fn enrolled_issuer(&self, bundle: &Bundle<'_>) -> Option<DeviceId> {
        let issuer = bundle.ticket.issuers().next()?.id();
        let at = ledger_ms(now());
        let stands = self.roster(|roster| !areas(roster, issuer, at).is_empty());
        stands.then_some(issuer)
    }

    fn has_seen(&self, bundle: &str) -> Result<bool, BundleError> {
        let seen = self.writer().store.setting(SEEN_SETTING)?.unwrap_or_default();
        Ok(seen.lines().any(|line| line.split(' ').next() == Some(bundle)))
    }
}
