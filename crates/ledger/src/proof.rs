//! The proof of one entry: its signed header, its place in a node's tree, that node's checkpoint, what witnesses signed,
//! and the certificates of all of them. With the election's founding file it can be checked by anybody, offline; nothing
//! else is needed, and nothing in it needs to be believed.
//!
//! Neither root nor text of the checkpoint travels: both follow from the entry and the path, so that there is nothing
//! that could contradict them.

use crate::armour::{ArmourError, Piece};
use crate::canonical::{CanonicalError, Reader, Writer};
use crate::certificate::{Certificate, STATEMENT_BYTES_MAX};
use crate::checkpoint::{Checkpoint, Origin, witness_name};
use crate::fork::SignedHeader;
use crate::hash::Hash;
use crate::header::{HEADER_BYTES_MAX, Header, HeaderUnreadable, ascending};
use crate::key::{AUTHOR_LABEL, DeviceId, PublicKey, Signature, message};
use crate::note::{Line, Note, Sort, Verifier};
use crate::roster::{Act, Root, Roster, Standing};
use crate::tile;
use crate::tree::{PATH_MAX, SIZE_MAX, root_of_inclusion};

const VERSION: u8 = 1;
/// What the text of a proof says it is.
pub const PIECE: &str = "proof-1";
/// Cosignatures that travel in one proof.
pub const WITNESSES_MAX: usize = 16;
/// Certificates that travel in one proof.
pub const CERTIFICATES_MAX: usize = 64;
/// Longest proof that is looked at.
pub const PROOF_BYTES_MAX: usize = 64 << 10;

/// What one witness signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cosigned {
    pub device: DeviceId,
    /// Unix seconds, by the witness's clock.
    pub time_s: u64,
    pub signature: Signature,
}

/// The proof of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub signed: SignedHeader,
    /// The entry's place in the tree.
    pub index: u64,
    pub path: Vec<Hash>,
    /// Whose tree.
    pub device: DeviceId,
    pub epoch: u32,
    pub size: u64,
    pub log_signature: Signature,
    /// Ascending by device, each once.
    pub witnesses: Vec<Cosigned>,
    /// Of the author, the log, the witnesses and the offices above them; in any order.
    pub certificates: Vec<Certificate>,
}

/// Why a proof proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofRefusal {
    #[error("the proof is not in its canonical form: copy it again")]
    Canonical(#[from] CanonicalError),
    #[error("the proof is longer than {PROOF_BYTES_MAX} bytes")]
    TooLarge,
    #[error(transparent)]
    Header(#[from] HeaderUnreadable),
    #[error("the proof belongs to another election than the founding file")]
    OtherElection,
    #[error("the proof has no certificate of the key {0}")]
    NoKey(DeviceId),
    #[error("a certificate in the proof does not hold")]
    Certificate,
    #[error("the author's signature does not hold")]
    Author,
    #[error("the path does not lead from the entry to a root")]
    Path,
    #[error(
        "the node's signature over its checkpoint does not hold: entry, path or checkpoint was changed"
    )]
    Log,
    #[error("the signature of the witness {0} does not hold")]
    Witness(DeviceId),
}

/// Why a text gives no proof.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofTextError {
    #[error(transparent)]
    Armour(#[from] ArmourError),
    #[error("the text holds no proof: it begins with pehra-{PIECE}")]
    NoProof,
    #[error(transparent)]
    Proof(#[from] ProofRefusal),
}

/// A witness that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    pub device: DeviceId,
    pub name: String,
    pub time_s: u64,
}

/// What a proof shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    pub header: Header,
    pub hash: Hash,
    /// Whether the author had the right, as far as the certificates and revocations at hand say.
    pub standing: Standing,
    pub checkpoint: Checkpoint,
    pub index: u64,
    /// Whether the root stands behind the node whose tree this is.
    pub log_stands: bool,
    pub witnesses: Vec<Witness>,
    /// Cosignatures that hold, of keys that nobody made a witness, or of the author or the node itself.
    pub other_cosignatures: usize,
}

impl Proof {
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.array(11).uint(VERSION).bytes(&self.signed.header_bytes).bytes(&self.signed.signature.0);
        w.uint(self.index).bytes(&self.path.iter().flat_map(|hash| hash.0).collect::<Vec<u8>>());
        w.bytes(&self.device.0).uint(self.epoch).uint(self.size).bytes(&self.log_signature.0);
        w.array(self.witnesses.len());
        for witness in &self.witnesses {
            w.array(3).bytes(&witness.device.0).uint(witness.time_s).bytes(&witness.signature.0);
        }
        w.array(self.certificates.len());
        for certificate in &self.certificates {
            w.bytes(&certificate.encode());
        }
        w.finish()
    }

    /// Reads a proof; nothing in it is checked yet.
    ///
    /// # Errors
    /// [`ProofRefusal`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ProofRefusal> {
        if bytes.len() > PROOF_BYTES_MAX {
            return Err(ProofRefusal::TooLarge);
        }
        let mut r = Reader::new(bytes);
        r.array_of(11)?;
        r.constant(VERSION)?;
        let header_bytes = r.bytes(HEADER_BYTES_MAX)?.to_vec();
        let signed = SignedHeader { header_bytes, signature: Signature(r.exact()?) };
        let index = r.uint(SIZE_MAX)?;
        let at = r.at();
        let (path, rest) = r.bytes(PATH_MAX * 32)?.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(CanonicalError::WrongType { at }.into());
        }
        let path = path.iter().copied().map(Hash).collect();
        let (device, epoch) = (DeviceId(r.exact()?), r.u32()?);
        let (size, log_signature) = (r.uint(SIZE_MAX)?, Signature(r.exact()?));
        let witnesses =
            ascending(&mut r, WITNESSES_MAX, read_cosigned, |a, b| a.device < b.device)?;
        let count = r.array(CERTIFICATES_MAX)?;
        let certificate = |_| {
            let certificate = Certificate::decode(r.bytes(STATEMENT_BYTES_MAX)?)?;
            Ok::<_, CanonicalError>(certificate)
        };
        let certificates = (0..count).map(certificate).collect::<Result<_, _>>()?;
        r.end()?;
        Ok(Self {
            signed,
            index,
            path,
            device,
            epoch,
            size,
            log_signature,
            witnesses,
            certificates,
        })
    }

    /// The proof as people copy it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let bytes = self.encode();
        let entry = Header::decode(&self.signed.header_bytes)
            .map_or_else(|_unreadable| String::new(), |header| header.place.to_string());
        let remark = format!(
            "entry {entry}, {} bytes\ncheck it with: pehra prove check FILE --root FOUNDING-FILE",
            bytes.len()
        );
        Piece::new(PIECE, bytes).to_text(&remark)
    }

    /// Reads what [`Proof::to_text`] wrote; nothing in it is checked yet.
    ///
    /// # Errors
    /// [`ProofTextError`].
    pub fn from_text(text: &str) -> Result<Self, ProofTextError> {
        let piece = Piece::all(text)?.into_iter().find(|piece| piece.kind == PIECE);
        Ok(Self::decode(&piece.ok_or(ProofTextError::NoProof)?.bytes)?)
    }

    /// Names the proof.
    #[must_use]
    pub fn name(&self) -> Hash {
        Hash::of(&self.encode())
    }

    /// The checkpoint that the path leads to.
    ///
    /// # Errors
    /// [`ProofRefusal::Header`] and [`ProofRefusal::Path`].
    pub fn checkpoint(&self) -> Result<Checkpoint, ProofRefusal> {
        let header = Header::decode(&self.signed.header_bytes)?;
        let leaf = tile::leaf(&self.signed.hash());
        let root = root_of_inclusion(&leaf, self.index, self.size, &self.path);
        let origin = Origin { election: header.election, device: self.device, epoch: self.epoch };
        Ok(Checkpoint { origin, size: self.size, root: root.ok_or(ProofRefusal::Path)? })
    }

    /// Checks every signature with the keys that the proof itself and the root carry: what holds here holds everywhere,
    /// whatever else somebody knows.
    ///
    /// # Errors
    /// [`ProofRefusal`] names the first that does not hold.
    pub fn holds(&self, root: &Root) -> Result<(Header, Checkpoint), ProofRefusal> {
        if !self.certificates.iter().all(Certificate::holds) {
            return Err(ProofRefusal::Certificate);
        }
        let key = |device: DeviceId| {
            let certified = self.certificates.iter().map(|one| one.body.key);
            let mut keys = certified.chain(root.keys.iter().copied());
            keys.find(|key| key.id() == device).ok_or(ProofRefusal::NoKey(device))
        };
        let header = Header::decode(&self.signed.header_bytes)?;
        let author = key(header.place.device)?;
        let message = message(AUTHOR_LABEL, &self.signed.hash(), &[]);
        if !author.verify(&message, &self.signed.signature) {
            return Err(ProofRefusal::Author);
        }
        let checkpoint = self.checkpoint()?;
        let election = header.election;
        let signed = |name: &str, key: PublicKey, sort: Sort, signature: Vec<u8>| {
            let verifier = Verifier::try_new(name, key, sort).ok()?;
            let line = Line { name: name.to_owned(), id: verifier.id(), signature };
            verifier.signed(&Note::try_new(checkpoint.text(), vec![line]).ok()?)
        };
        let log = key(self.device)?;
        let line = self.log_signature.0.to_vec();
        if signed(&checkpoint.origin.name(), log, Sort::Log, line).is_none() {
            return Err(ProofRefusal::Log);
        }
        for witness in &self.witnesses {
            let line = [&witness.time_s.to_be_bytes()[..], &witness.signature.0].concat();
            let name = witness_name(election, witness.device);
            if signed(&name, key(witness.device)?, Sort::Witness, line).is_none() {
                return Err(ProofRefusal::Witness(witness.device));
            }
        }
        Ok((header, checkpoint))
    }

    /// Checks the proof. `roster` holds the root, and whatever certificates and revocations are known besides; the
    /// proof's own certificates are added for the check.
    ///
    /// # Errors
    /// [`ProofRefusal`].
    pub fn verify(&self, roster: &Roster) -> Result<Proven, ProofRefusal> {
        let (header, checkpoint) = self.holds(roster.root())?;
        if header.election != roster.election() {
            return Err(ProofRefusal::OtherElection);
        }
        let mut roster = roster.clone();
        for certificate in &self.certificates {
            let taken = roster.certify(certificate.clone());
            taken.map_err(|_refused| ProofRefusal::Certificate)?;
        }
        let hash = self.signed.hash();
        let root_key = |device| roster.root().keys.iter().any(|key: &PublicKey| key.id() == device);
        let mut standing = roster.standing(&Act::of(&header, hash));
        if standing == Standing::NoCertificate && root_key(header.place.device) {
            standing = Standing::Good;
        }
        let counts = |witness: &&Cosigned| {
            let parties = [header.place.device, self.device];
            !parties.contains(&witness.device)
                && roster.is_witness(witness.device, witness.time_s.saturating_mul(1_000))
        };
        let name = |device| roster.certificates(device).next().map(|one| one.body.name.clone());
        let witness = |one: &Cosigned| Witness {
            device: one.device,
            name: name(one.device).unwrap_or_default(),
            time_s: one.time_s,
        };
        let witnesses: Vec<_> = self.witnesses.iter().filter(counts).map(witness).collect();
        Ok(Proven {
            hash,
            standing,
            checkpoint,
            index: self.index,
            log_stands: roster.is_chained(self.device) || root_key(self.device),
            other_cosignatures: self.witnesses.len() - witnesses.len(),
            witnesses,
            header,
        })
    }
}

fn read_cosigned(r: &mut Reader<'_>) -> Result<Cosigned, CanonicalError> {
    r.array_of(3)?;
    let (device, time_s) = (DeviceId(r.exact()?), r.uint(u64::MAX)?);
    Ok(Cosigned { device, time_s, signature: Signature(r.exact()?) })
}
