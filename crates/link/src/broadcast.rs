//! Orders to everybody at once, one way: the object's hash is signed once, its frames flow without end.

use crate::fountain::{Binding, NotSendable, OBJECT_BYTES_MAX, Sender};
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use pehra_ledger::certificate::{Body, NotWritable, Statement};
use pehra_ledger::hash::LABEL_BYTES;
use pehra_ledger::{Hash, PublicKey, SigningKey};

/// What is signed: that this content goes to an area, until a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BroadcastBody {
    pub election: [u8; 16],
    pub area: String,
    /// SHA-256 of the content.
    pub content: Hash,
    pub made_ms: u64,
    pub expires_ms: u64,
}

const VERSION: u8 = 1;
const AREA_BYTES_MAX: usize = 64;
const TICKET_BYTES_MAX: usize = 512;

impl Body for BroadcastBody {
    const LABEL: &'static [u8; LABEL_BYTES] = b"pehra/bcast1/1\0";

    fn is_writable(&self) -> bool {
        !self.area.is_empty()
            && self.area.len() <= AREA_BYTES_MAX
            && pehra_ledger::canonical::is_plain(&self.area)
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(6).uint(VERSION).bytes(&self.election).text(&self.area).bytes(&self.content.0);
        w.uint(self.made_ms).uint(self.expires_ms);
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(6)?;
        r.constant(VERSION)?;
        let body = Self {
            election: r.exact()?,
            area: r.text(AREA_BYTES_MAX)?.to_owned(),
            content: Hash(r.exact()?),
            made_ms: r.uint(u64::MAX)?,
            expires_ms: r.uint(u64::MAX)?,
        };
        r.end()?;
        Ok(body)
    }
}

/// A signed broadcast and its content: entries, an order, a list of revocations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broadcast {
    pub ticket: Statement<BroadcastBody>,
    pub content: Vec<u8>,
}

/// Why bytes are not a broadcast that can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BroadcastRefused {
    #[error("the broadcast is not in its canonical form")]
    Canonical(#[from] CanonicalError),
    #[error("the content is not the one that was signed")]
    Content,
    #[error("the signature does not hold")]
    Signature,
    #[error("it belongs to another election")]
    Election,
    #[error("it expired at {0} (Unix milliseconds)")]
    Expired(u64),
}

/// Why a broadcast cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotBroadcast {
    #[error(transparent)]
    Ticket(#[from] NotWritable),
    #[error(transparent)]
    Object(#[from] NotSendable),
}

impl Broadcast {
    /// Signs content for an area.
    ///
    /// # Errors
    /// [`NotWritable`] when the area is empty, too long or not plain.
    pub fn sign(
        key: &SigningKey,
        election: [u8; 16],
        area: &str,
        content: Vec<u8>,
        made_ms: u64,
        expires_ms: u64,
    ) -> Result<Self, NotWritable> {
        let body = BroadcastBody {
            election,
            area: area.to_owned(),
            content: Hash::of(&content),
            made_ms,
            expires_ms,
        };
        Ok(Self { ticket: Statement::sign(body, &[key])?, content })
    }

    /// The object that the fountain cuts: ticket and content.
    #[must_use]
    pub fn object(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(self.content.len() + 256);
        w.array(2).bytes(&self.ticket.encode()).bytes(&self.content);
        w.finish()
    }

    /// The frames.
    ///
    /// # Errors
    /// [`NotSendable`].
    pub fn sender(&self, frame_bytes: usize, binding: Binding) -> Result<Sender, NotSendable> {
        Sender::try_new(&self.object(), frame_bytes, binding)
    }

    /// Opens a decoded object and checks everything but the signer's right, which is asked of the roster.
    ///
    /// # Errors
    /// [`BroadcastRefused`].
    pub fn open(
        object: &[u8],
        election: &[u8; 16],
        now_ms: u64,
    ) -> Result<(Self, Vec<PublicKey>), BroadcastRefused> {
        let mut r = Reader::new(object);
        r.array_of(2)?;
        let ticket = Statement::<BroadcastBody>::decode(r.bytes(TICKET_BYTES_MAX)?)?;
        let content = r.bytes(OBJECT_BYTES_MAX)?.to_vec();
        r.end()?;
        if ticket.body.election != *election {
            return Err(BroadcastRefused::Election);
        }
        if Hash::of(&content) != ticket.body.content {
            return Err(BroadcastRefused::Content);
        }
        if !ticket.holds() {
            return Err(BroadcastRefused::Signature);
        }
        if ticket.body.expires_ms < now_ms {
            return Err(BroadcastRefused::Expired(ticket.body.expires_ms));
        }
        let signers = ticket.issuers().collect();
        Ok((Self { ticket, content }, signers))
    }
}

#[cfg(test)]
mod tests;
