//! One piece of armoured text: how people hand over what this crate makes.

use pehra_ledger::armour::{ArmourError, Piece};

/// Why a text is not the piece that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("the text cannot be read: {0}")]
    Armour(#[from] ArmourError),
    #[error("the text holds no piece that begins with `pehra-{kind}`")]
    Absent { kind: &'static str },
    #[error("the text holds {count} pieces that begin with `pehra-{kind}`: give one")]
    Several { kind: &'static str, count: usize },
}

/// The bytes of the only piece of a kind; pieces of other kinds may stand beside it.
pub(crate) fn only(text: &str, kind: &'static str) -> Result<Vec<u8>, TextError> {
    let mut found: Vec<Piece> =
        Piece::all(text)?.into_iter().filter(|piece| piece.kind == kind).collect();
    match (found.pop(), found.len()) {
        (Some(piece), 0) => Ok(piece.bytes),
        (Some(_), more) => Err(TextError::Several { kind, count: more + 1 }),
        (None, _) => Err(TextError::Absent { kind }),
    }
}
