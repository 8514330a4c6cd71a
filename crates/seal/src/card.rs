//! A card with the public keys of a person, office or custodian, signed by its own key: what people hand to each other
//! before an election is founded, a credential deposited or a watch sealed.

use crate::credential::{Credential, NAME_BYTES_MAX, is_name};
use crate::hybrid::SealingPublic;
use crate::text::{TextError, only};
use pehra_ledger::PublicKey;
use pehra_ledger::armour::Piece;
use pehra_ledger::canonical::{CanonicalError, Reader, Writer};
use pehra_ledger::certificate::{Body, Statement};
use pehra_ledger::hash::LABEL_BYTES;
use pehra_ledger::signer::{self, Signer, SignerError};

const VERSION: u8 = 1;
const CARD_KIND: &str = "card-1";
const CARD_LABEL: &[u8; LABEL_BYTES] = b"pehra/keycrd/1\0";

#[derive(Clone, Debug, PartialEq, Eq)]
struct CardBody {
    name: String,
    key: PublicKey,
    /// Absent where the key lies on a token: few tokens open what is sealed.
    sealing: Option<SealingPublic>,
}

/// The card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card(Statement<CardBody>);

/// Why a card cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    #[error("the name is empty, longer than {NAME_BYTES_MAX} bytes or not plain text")]
    Name,
    #[error("the card is not signed by the key that stands on it: ask for it again")]
    NotOwn,
    #[error("this is no card of this version: {0}")]
    Form(#[from] CanonicalError),
    #[error(transparent)]
    Signer(#[from] SignerError),
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Body for CardBody {
    const LABEL: &'static [u8; LABEL_BYTES] = CARD_LABEL;

    fn is_writable(&self) -> bool {
        is_name(&self.name)
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(160);
        w.array(4).uint(VERSION).text(&self.name).bytes(&self.key.0);
        match &self.sealing {
            Some(sealing) => w.bytes(&sealing.0),
            None => w.null(),
        };
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        let mut r = Reader::new(bytes);
        r.array_of(4)?;
        r.constant(VERSION)?;
        let at = r.at();
        let name = r.text(NAME_BYTES_MAX)?.to_owned();
        if !is_name(&name) {
            return Err(CanonicalError::WrongType { at });
        }
        let key = PublicKey(r.exact()?);
        let sealing = if r.is_null()? { None } else { Some(SealingPublic(r.exact()?)) };
        r.end()?;
        Ok(Self { name, key, sealing })
    }
}

impl Card {
    /// The card of a key file's keys.
    ///
    /// # Errors
    /// [`CardError::Name`].
    pub fn of(name: &str, credential: &Credential) -> Result<Self, CardError> {
        Self::write(name, &credential.signing(), Some(credential.opening().public()))
    }

    /// The card of whatever signs, for example a token.
    ///
    /// # Errors
    /// [`CardError`]: the name, or what the token said.
    pub fn write(
        name: &str,
        signer: &dyn Signer,
        sealing: Option<SealingPublic>,
    ) -> Result<Self, CardError> {
        if !is_name(name) {
            return Err(CardError::Name);
        }
        let body = CardBody { name: name.to_owned(), key: signer.public(), sealing };
        Ok(Self(signer::state(body, &[signer])?))
    }

    /// Whose keys these are, as the card says: nobody but its reader can know that it is true.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.body.name
    }

    #[must_use]
    pub fn key(&self) -> PublicKey {
        self.0.body.key
    }

    /// What others seal to; none for a token.
    #[must_use]
    pub fn sealing(&self) -> Option<SealingPublic> {
        self.0.body.sealing
    }

    #[must_use]
    pub fn to_text(&self) -> String {
        let remark = format!("{}: {}", self.name(), self.key().id());
        Piece::new(CARD_KIND, self.0.encode()).to_text(&remark)
    }

    /// # Errors
    /// [`CardError`] with the line that cannot be read, or [`CardError::NotOwn`].
    pub fn from_text(text: &str) -> Result<Self, CardError> {
        let card = Statement::<CardBody>::decode(&only(text, CARD_KIND)?)?;
        if card.holds() && card.issuers().eq([card.body.key]) {
            Ok(Self(card))
        } else {
            Err(CardError::NotOwn)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use pehra_ledger::SigningKey;
    use proptest::prelude::*;

    fn credential(seed: u8) -> Credential {
        Credential::generate(Chance::from_bytes([seed; 32]))
    }

    #[test]
    fn a_card_comes_back_and_nobody_else_can_write_it() {
        let own = credential(1);
        let card = Card::of("judge of Sukkur", &own).unwrap();
        assert_eq!(Card::from_text(&card.to_text()), Ok(card.clone()));
        assert_eq!((card.key(), card.sealing()), (own.public(), Some(own.opening().public())));
        let forged = CardBody {
            name: "judge of Sukkur".to_owned(),
            key: own.public(),
            sealing: Some(credential(2).opening().public()),
        };
        let forged = Card(Statement::sign(forged, &[&credential(2).signing()]).unwrap());
        assert_eq!(Card::from_text(&forged.to_text()), Err(CardError::NotOwn));
    }

    #[test]
    fn a_token_has_a_card_without_a_sealing_key() {
        let key = SigningKey::from_seed([7; 32]);
        let card = Card::write("token of the office", &key, None).unwrap();
        assert_eq!(Card::from_text(&card.to_text()).unwrap().sealing(), None);
        assert_eq!(Card::write("", &key, None), Err(CardError::Name));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            let text = Piece::new(CARD_KIND, bytes).to_text("");
            prop_assert!(Card::from_text(&text).is_err());
        }
    }
}
