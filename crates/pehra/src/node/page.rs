//! The code on a printed page, in this node's name.

use super::{Node, NodeError};
use pehra_ledger::page::{Page, SignedPage};

impl Node {
    /// Signs what a page is with this node's key. It is no entry: a page says what the record says, and changes nothing.
    ///
    /// # Errors
    /// [`NodeError::Table`] when the page's sentence breaks the limit.
    pub fn sign_page(&self, page: Page) -> Result<SignedPage, NodeError> {
        page.sign(&self.inner.key).map_err(|error| NodeError::Table(error.to_string()))
    }
}
