//! The maker's library, the tokens it finds, and a key on one of them.

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use pehra_ledger::signer::{Labelled, Signer, SignerError};
use pehra_ledger::{PublicKey, Signature};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// `edwards25519` as a DER PrintableString: how PKCS #11 v3.0 names the curve.
const EDWARDS25519: [u8; 14] = *b"\x13\x0cedwards25519";
/// DER head of an OCTET STRING of 32 bytes, in which a public point may be wrapped.
const OCTETS_32: [u8; 2] = [0x04, 0x20];

/// The number that unlocks a token. Wiped when dropped, never printed.
pub struct Pin(AuthPin);

impl Pin {
    #[must_use]
    pub fn new(pin: String) -> Self {
        Self(AuthPin::new(pin.into_boxed_str()))
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// Why a token cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("`{path}` is no PKCS#11 module that can be loaded: {cause}")]
    Module { path: PathBuf, cause: Error },
    #[error(
        "no token `{0}` is plugged in: look at its label, and whether its reader's service runs"
    )]
    NoToken(String),
    #[error("{count} tokens have the label `{label}`: plug in one of them only")]
    Ambiguous { label: String, count: usize },
    #[error("the token does not take this PIN: it locks itself after a few wrong ones")]
    WrongPin,
    #[error(
        "the token has locked itself after too many wrong PINs: its administrator can unlock it"
    )]
    Locked,
    #[error("the token holds no Ed25519 key `{0}`")]
    NoKey(String),
    #[error("the token holds {count} keys `{label}`: give each its own label")]
    SeveralKeys { label: String, count: usize },
    #[error("the token already holds a key `{0}`: it is not replaced")]
    KeyExists(String),
    #[error("the public key of `{0}` on the token is not an Ed25519 key of 32 bytes")]
    PublicKey(String),
    #[error("the token does not do what is asked: {0}")]
    Token(#[from] Error),
}

/// A maker's library, loaded once in a process.
#[derive(Debug)]
pub struct Module {
    context: Pkcs11,
}

/// A key on a token, ready to sign until it is dropped or pulled out.
pub struct Token {
    session: Mutex<Session>,
    key: ObjectHandle,
    public: PublicKey,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token({})", self.public.id())
    }
}

impl Module {
    /// Loads the library at a path.
    ///
    /// # Errors
    /// [`TokenError::Module`].
    pub fn open(path: &Path) -> Result<Self, TokenError> {
        let failed = |cause| TokenError::Module { path: path.to_owned(), cause };
        let context = Pkcs11::new(path).map_err(failed)?;
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {
                Ok(Self { context })
            }
            Err(cause) => Err(failed(cause)),
        }
    }

    /// Labels of the tokens that are plugged in and set up.
    ///
    /// # Errors
    /// [`TokenError::Token`].
    pub fn tokens(&self) -> Result<Vec<String>, TokenError> {
        Ok(self.slots()?.into_iter().map(|(label, _)| label).collect())
    }

    fn slots(&self) -> Result<Vec<(String, Slot)>, TokenError> {
        let mut found = Vec::new();
        for slot in self.context.get_slots_with_initialized_token()? {
            let label = self.context.get_token_info(slot)?.label().trim_end().to_owned();
            found.push((label, slot));
        }
        Ok(found)
    }

    /// Opens the Ed25519 key of a label on the token of a label.
    ///
    /// # Errors
    /// [`TokenError`] says what is missing or refused.
    pub fn key(&self, token: &str, key: &str, pin: &Pin) -> Result<Token, TokenError> {
        let session = self.session(token, pin, false)?;
        let private = one(&session, ObjectClass::PRIVATE_KEY, key)?;
        let public = public_key(&session, key)?;
        Ok(Token { session: Mutex::new(session), key: private, public })
    }

    /// Makes a new Ed25519 key on the token, which never gives it away, and opens it.
    ///
    /// # Errors
    /// [`TokenError::KeyExists`] rather than replace one.
    pub fn generate(&self, token: &str, key: &str, pin: &Pin) -> Result<Token, TokenError> {
        let session = self.session(token, pin, true)?;
        if !keys(&session, ObjectClass::PRIVATE_KEY, key)?.is_empty() {
            return Err(TokenError::KeyExists(key.to_owned()));
        }
        let label = || Attribute::Label(key.as_bytes().to_vec());
        let public = [
            Attribute::Token(true),
            Attribute::Private(false),
            Attribute::Verify(true),
            Attribute::EcParams(EDWARDS25519.to_vec()),
            label(),
        ];
        let private = [
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
            label(),
        ];
        let (_, handle) =
            session.generate_key_pair(&Mechanism::EccEdwardsKeyPairGen, &public, &private)?;
        let public = public_key(&session, key)?;
        Ok(Token { session: Mutex::new(session), key: handle, public })
    }

    fn session(&self, token: &str, pin: &Pin, write: bool) -> Result<Session, TokenError> {
        let slots: Vec<Slot> = self
            .slots()?
            .into_iter()
            .filter_map(|(label, slot)| (label == token).then_some(slot))
            .collect();
        let slot = match slots[..] {
            [] => return Err(TokenError::NoToken(token.to_owned())),
            [slot] => slot,
            _ => {
                let (label, count) = (token.to_owned(), slots.len());
                return Err(TokenError::Ambiguous { label, count });
            }
        };
        let session = if write {
            self.context.open_rw_session(slot)?
        } else {
            self.context.open_ro_session(slot)?
        };
        match session.login(UserType::User, Some(&pin.0)) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
            Err(Error::Pkcs11(RvError::PinIncorrect | RvError::PinLenRange, _)) => {
                Err(TokenError::WrongPin)
            }
            Err(Error::Pkcs11(RvError::PinLocked, _)) => Err(TokenError::Locked),
            Err(other) => Err(TokenError::Token(other)),
        }
    }
}

fn keys(
    session: &Session,
    class: ObjectClass,
    label: &str,
) -> Result<Vec<ObjectHandle>, TokenError> {
    Ok(session.find_objects(&[
        Attribute::Class(class),
        Attribute::KeyType(KeyType::EC_EDWARDS),
        Attribute::Label(label.as_bytes().to_vec()),
    ])?)
}

fn one(session: &Session, class: ObjectClass, label: &str) -> Result<ObjectHandle, TokenError> {
    match keys(session, class, label)?[..] {
        [] => Err(TokenError::NoKey(label.to_owned())),
        [key] => Ok(key),
        ref several => {
            Err(TokenError::SeveralKeys { label: label.to_owned(), count: several.len() })
        }
    }
}

fn public_key(session: &Session, label: &str) -> Result<PublicKey, TokenError> {
    let object = one(session, ObjectClass::PUBLIC_KEY, label)?;
    let attributes = session.get_attributes(object, &[AttributeType::EcPoint])?;
    let point = attributes.iter().find_map(|attribute| {
        if let Attribute::EcPoint(point) = attribute { Some(&point[..]) } else { None }
    });
    point.and_then(unwrapped).ok_or_else(|| TokenError::PublicKey(label.to_owned()))
}

/// The point alone: some tokens give it wrapped in an OCTET STRING, some bare.
fn unwrapped(point: &[u8]) -> Option<PublicKey> {
    let bare = point.strip_prefix(&OCTETS_32).filter(|rest| rest.len() == 32).unwrap_or(point);
    <[u8; 32]>::try_from(bare).ok().map(PublicKey)
}

impl Signer for Token {
    fn public(&self) -> PublicKey {
        self.public
    }

    fn sign_labelled(&self, message: &Labelled) -> Result<Signature, SignerError> {
        // A panic while signing leaves nothing half done in the session: the token answers or it does not.
        let session = self.session.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let pure = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        let signature = session
            .sign(&pure, self.key, message.bytes())
            .map_err(|cause| SignerError::Refused(cause.to_string()))?;
        <[u8; 64]>::try_from(signature).map(Signature).map_err(|_not_64| {
            SignerError::Refused("its signature does not have 64 bytes".to_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_wrapped_and_bare() {
        let bare = [7; 32];
        let wrapped = [&OCTETS_32[..], &bare].concat();
        assert_eq!(unwrapped(&bare), Some(PublicKey(bare)));
        assert_eq!(unwrapped(&wrapped), Some(PublicKey(bare)));
        // A bare point that happens to begin like the wrapping.
        let mut alike = [7; 32];
        alike[..2].copy_from_slice(&OCTETS_32);
        assert_eq!(unwrapped(&alike), Some(PublicKey(alike)));
        for wrong in [&wrapped[..33], &[], &[4, 0x20]] {
            assert_eq!(unwrapped(wrong), None);
        }
    }

    #[test]
    fn a_pin_does_not_print_itself() {
        assert_eq!(format!("{:?}", Pin::new("1234".to_owned())), "Pin(…)");
    }

    #[test]
    fn a_file_that_is_no_module_is_named() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let said = Module::open(&here).unwrap_err().to_string();
        assert!(said.contains("Cargo.toml` is no PKCS#11 module"), "{said}");
    }
}
