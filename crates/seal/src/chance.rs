//! Chance for one call: 32 fresh bytes in, as many as the call needs out.
//!
//! The bytes come from the caller's generator, once for every call. They are extracted by HKDF-SHA256 (RFC 5869)
//! together with a digest of what the call works on. If a generator ever gives the same bytes twice (a restored
//! machine image), two different inputs still get unrelated keys; only equal inputs give equal results.

use hkdf::Hkdf;
use pehra_ledger::Hash;
use rand_core::{TryCryptoRng, TryRng};
use sha2::Sha256;
use std::convert::Infallible;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 32 fresh random bytes for one call. Can be neither copied nor used twice.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Chance([u8; 32]);

impl std::fmt::Debug for Chance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chance(…)")
    }
}

impl Chance {
    /// Takes over bytes straight from the system's generator.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Opens the stream of a call: `purpose` keeps two sorts of call apart, `context` two calls of one sort.
    pub(crate) fn draw<'a>(
        self,
        purpose: &str,
        context: impl IntoIterator<Item = &'a [u8]>,
    ) -> Draw {
        // Each part under its own digest: moving a byte from one part to the next gives another context.
        let parts: Vec<Hash> = context.into_iter().map(Hash::of).collect();
        let context = Hash::of_parts(parts.iter().map(|part| &part.0[..]));
        let mut material = Zeroizing::new([0_u8; 64]);
        for (to, from) in material.iter_mut().zip(self.0.iter().chain(&context.0)) {
            *to = *from;
        }
        let (mut prk, _) = Hkdf::<Sha256>::extract(Some(purpose.as_bytes()), &material[..]);
        let draw = Draw { prk: Zeroizing::new(prk.into()), block: 0 };
        prk.zeroize();
        draw
    }
}

/// The stream of one call: block `n` is HKDF-Expand(prk, n as 8 bytes, 32).
pub(crate) struct Draw {
    prk: Zeroizing<[u8; 32]>,
    block: u64,
}

impl Draw {
    /// The next secret bytes.
    pub(crate) fn secret<const N: usize>(&mut self) -> Zeroizing<[u8; N]> {
        let mut bytes = Zeroizing::new([0; N]);
        self.fill(&mut bytes[..]);
        bytes
    }

    /// The next bytes that will stand in the open: salts, nonces, filler.
    pub(crate) fn open<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    pub(crate) fn fill(&mut self, to: &mut [u8]) {
        for chunk in to.chunks_mut(32) {
            let block = expand::<32>(&self.prk, &self.block.to_be_bytes());
            chunk.iter_mut().zip(block.iter()).for_each(|(to, from)| *to = *from);
            self.block = self.block.wrapping_add(1);
        }
    }
}

/// What key material is used for: `N` bytes of HKDF-Expand(key, info), `N` at most 255 × 32.
pub(crate) fn expand<const N: usize>(key: &[u8; 32], info: &[u8]) -> Zeroizing<[u8; N]> {
    const { assert!(N <= 255 * 32, "HKDF-SHA256 gives no more") };
    let mut bytes = Zeroizing::new([0; N]);
    // Both errors are ruled out: the key has the digest's length, and N is checked where the program is compiled.
    let done = Hkdf::<Sha256>::from_prk(key).map(|hkdf| hkdf.expand(info, &mut bytes[..]));
    debug_assert!(matches!(done, Ok(Ok(()))), "lengths are settled by the types");
    bytes
}

impl TryRng for Draw {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.open()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.open()))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        self.fill(to);
        Ok(())
    }
}

impl TryCryptoRng for Draw {}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(purpose: &str, context: &[&[u8]]) -> [u8; 48] {
        Chance::from_bytes([7; 32]).draw(purpose, context.iter().copied()).open()
    }

    #[test]
    fn equal_chance_gives_different_streams_for_different_inputs() {
        let one = first("seal", &[b"ab", b"c"]);
        assert_eq!(one, first("seal", &[b"ab", b"c"]));
        assert_ne!(one, first("seal", &[b"a", b"bc"]), "a byte moved between the parts");
        assert_ne!(one, first("key file", &[b"ab", b"c"]), "another purpose");
    }

    #[test]
    fn blocks_of_a_stream_differ() {
        let bytes = first("seal", &[]);
        assert_ne!(bytes[..16], bytes[32..]);
    }

    #[test]
    fn expansion_is_that_of_the_standards_first_vector() {
        // RFC 5869, appendix A.1.
        let prk: Hash =
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5".parse().unwrap();
        let info = [0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9];
        let shown: Hash =
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf".parse().unwrap();
        assert_eq!(*expand::<32>(&prk.0, &info), shown.0);
    }
}
