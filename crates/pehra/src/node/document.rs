//! Documents that leave the house with this node's signature in them.

use super::Node;
use pehra_ledger::envelope::{EnvelopeError, envelop};

impl Node {
    /// Puts this node's signature into a document, with the certificates that lead from its key to the root.
    ///
    /// # Errors
    /// [`EnvelopeError`] when it is not its own canonical form.
    pub fn sign_document(&self, document: &str) -> Result<String, EnvelopeError> {
        let certificates = self.roster(|roster| roster.chains([self.inner.key.id()]));
        envelop(document, &self.inner.key, &certificates)
    }
}
