//! TLS 1.3 with raw public keys: the peer is its ledger key, and proves it.
//!
//! What a handshake signs begins with 64 spaces and the name of its context (RFC 8446 §4.4.3); what a ledger signs begins
//! with the label of what it is. Neither can be taken for the other, so one key does for both.

use pehra_ledger::{DeviceId, PublicKey};
use rustls::{
    ClientConfig, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme,
    client::{AlwaysResolvesClientRawPublicKeys, danger},
    crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key},
    pki_types::{
        CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer,
        UnixTime,
    },
    server::{AlwaysResolvesServerRawPublicKeys, danger as server_danger},
    sign::CertifiedKey,
    version::TLS13,
};
use std::sync::Arc;

/// RFC 8410: an Ed25519 public key as a SubjectPublicKeyInfo is these bytes and the key.
const SPKI_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// RFC 8410: an Ed25519 private key as PKCS#8 is these bytes and the seed.
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Both roles of one node.
#[derive(Clone)]
pub struct Identity {
    pub client: Arc<ClientConfig>,
    pub server: Arc<ServerConfig>,
    pub device: DeviceId,
}

/// The device's key cannot be used for a handshake.
#[derive(Debug, thiserror::Error)]
#[error("the device's key cannot be used for a handshake: {0}")]
pub struct IdentityError(#[from] Error);

impl Identity {
    /// # Errors
    /// [`IdentityError`].
    pub fn of_seed(seed: [u8; 32]) -> Result<Self, IdentityError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key =
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from([&PKCS8_PREFIX[..], &seed].concat()));
        let key = provider.key_provider.load_private_key(key)?;
        let public =
            key.public_key().ok_or(Error::General("the key shows no public half".to_owned()))?;
        let chain = vec![CertificateDer::from(public.as_ref().to_vec())];
        let device = peer_key(Some(&chain)).map(|key| key.id());
        let device = device.ok_or(Error::General("not an Ed25519 key".to_owned()))?;
        let own = Arc::new(CertifiedKey::new(chain, key));
        let anybody = Arc::new(AnyKey(provider.signature_verification_algorithms));
        let mut client = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&anybody) as _)
            .with_client_cert_resolver(Arc::new(AlwaysResolvesClientRawPublicKeys::new(
                Arc::clone(&own),
            )));
        // Nothing is resumed: every conversation proves both keys.
        client.resumption = rustls::client::Resumption::disabled();
        let mut server = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])?
            .with_client_cert_verifier(anybody)
            .with_cert_resolver(Arc::new(AlwaysResolvesServerRawPublicKeys::new(own)));
        server.send_tls13_tickets = 0;
        Ok(Self { client: Arc::new(client), server: Arc::new(server), device })
    }
}

/// The key that the other side has proven to hold.
#[must_use]
pub fn peer_key(shown: Option<&[CertificateDer<'_>]>) -> Option<PublicKey> {
    let spki: &[u8] = shown?.first()?.as_ref();
    let key = spki.strip_prefix(&SPKI_PREFIX[..])?;
    Some(PublicKey(key.try_into().ok()?))
}

/// Lets in whoever proves an Ed25519 key; the roster then says what that key may ask.
#[derive(Debug)]
struct AnyKey(WebPkiSupportedAlgorithms);

impl AnyKey {
    fn is_ours(shown: &CertificateDer<'_>) -> Result<(), Error> {
        match peer_key(Some(std::slice::from_ref(shown))) {
            Some(_) => Ok(()),
            None => Err(Error::General("the peer does not show an Ed25519 key".to_owned())),
        }
    }

    fn proves(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<danger::HandshakeSignatureValid, Error> {
        let key = SubjectPublicKeyInfoDer::from(shown.as_ref());
        verify_tls13_signature_with_raw_key(message, &key, signed, &self.0)
    }
}

fn only_tls13() -> Error {
    Error::General("only TLS 1.3 is spoken here".to_owned())
}

impl danger::ServerCertVerifier for AnyKey {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _rest: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<danger::ServerCertVerified, Error> {
        Self::is_ours(shown).map(|()| danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _shown: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<danger::HandshakeSignatureValid, Error> {
        Err(only_tls13())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<danger::HandshakeSignatureValid, Error> {
        self.proves(message, shown, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

impl server_danger::ClientCertVerifier for AnyKey {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _rest: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<server_danger::ClientCertVerified, Error> {
        Self::is_ours(shown).map(|()| server_danger::ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _shown: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<danger::HandshakeSignatureValid, Error> {
        Err(only_tls13())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<danger::HandshakeSignatureValid, Error> {
        self.proves(message, shown, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}
