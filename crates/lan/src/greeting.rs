//! The first message of each side: which election, and why this key may speak.

use pehra_ledger::{
    canonical::{CanonicalError, Reader, Writer},
    certificate::STATEMENT_BYTES_MAX,
    statement::{NotSaid, Said},
};

const VERSION: u8 = 1;
/// A device's own certificates and a chain of offices.
pub const CREDENTIALS_MAX: usize = 32;

/// What one side says first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Greeting {
    pub election: [u8; 16],
    pub credentials: Vec<Said>,
}

/// Why a greeting is not understood.
#[derive(Debug, thiserror::Error)]
pub enum GreetingError {
    #[error("the greeting is not in its canonical form: {0}")]
    Form(#[from] CanonicalError),
    #[error(transparent)]
    Said(#[from] NotSaid),
}

impl Greeting {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        let told = self.credentials.get(..CREDENTIALS_MAX).unwrap_or(&self.credentials);
        w.array(3).uint(VERSION).bytes(&self.election).array(told.len());
        for said in told {
            w.array(2).uint(said.kind()).bytes(&said.body());
        }
        w.finish()
    }

    /// # Errors
    /// [`GreetingError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, GreetingError> {
        let mut r = Reader::new(bytes);
        r.array_of(3)?;
        r.constant(VERSION)?;
        let election = r.exact()?;
        let count = r.array(CREDENTIALS_MAX)?;
        let mut credentials = Vec::with_capacity(count);
        for _ in 0..count {
            r.array_of(2)?;
            let kind = r.u32()?;
            credentials.push(Said::decode(kind, r.bytes(2 * STATEMENT_BYTES_MAX)?)?);
        }
        r.end()?;
        Ok(Self { election, credentials })
    }
}
