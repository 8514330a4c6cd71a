//! A request to be enrolled: what a device or person would like their certificate to say, signed by the key itself, so
//! that nobody enrols a key whose holder does not have it.

use crate::canonical::CanonicalError;
use crate::certificate::{Body, Certificate, CertificateBody, NotWritable, Statement};
use crate::hash::LABEL_BYTES;
use crate::key::SigningKey;

const REQUEST_LABEL: &[u8; LABEL_BYTES] = b"pehra/reques/1\0";
/// What the text says it is.
pub const PIECE: &str = "request-1";
/// What a certificate's text says it is.
pub const CERTIFICATE_PIECE: &str = "certificate-1";
/// What a revocation's text says it is.
pub const REVOCATION_PIECE: &str = "revocation-1";

/// The certificate that is asked for. Who grants it may narrow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish(pub CertificateBody);

impl Body for Wish {
    const LABEL: &'static [u8; LABEL_BYTES] = REQUEST_LABEL;

    fn is_writable(&self) -> bool {
        self.0.is_writable()
    }

    fn encode(&self) -> Vec<u8> {
        self.0.encode()
    }

    fn decode(bytes: &[u8]) -> Result<Self, CanonicalError> {
        CertificateBody::decode(bytes).map(Self)
    }
}

pub type Request = Statement<Wish>;

impl Request {
    /// Asks for a certificate with the key that is to be certified.
    ///
    /// # Errors
    /// [`NotWritable`] when the wish breaks a limit of its format.
    pub fn ask(wish: CertificateBody, key: &SigningKey) -> Result<Self, NotWritable> {
        Self::sign(Wish(CertificateBody { key: key.public(), ..wish }), &[key])
    }

    /// Whether the holder of the key made this request, and nobody else.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.holds() && self.issuers().eq([self.body.0.key])
    }
}

/// What somebody who grants a request changes in it: fewer roles, a smaller area, a shorter time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub area: String,
    /// In ascending order without repeats.
    pub roles: Vec<String>,
    pub not_before_ms: u64,
    pub not_after_ms: u64,
}

impl Grant {
    /// The body to sign for a request.
    #[must_use]
    pub fn body(self, request: &Request) -> CertificateBody {
        let Self { area, roles, not_before_ms, not_after_ms } = self;
        CertificateBody { area, roles, not_before_ms, not_after_ms, ..request.body.0.clone() }
    }

    /// Signs the certificate with the keys of those who grant it.
    ///
    /// # Errors
    /// [`NotWritable`] when the body breaks a limit or there are no keys.
    pub fn sign(self, request: &Request, keys: &[&SigningKey]) -> Result<Certificate, NotWritable> {
        Certificate::sign(self.body(request), keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::Subject;

    fn wish() -> CertificateBody {
        CertificateBody {
            election: *b"a test's electio",
            subject: Subject::DEVICE,
            key: SigningKey::from_seed([1; 32]).public(),
            name: "station phone".to_owned(),
            area: "pk/sindh/sukkur".to_owned(),
            roles: vec!["PO".to_owned()],
            not_before_ms: 5,
            not_after_ms: 9,
            sealing: Some([3; 32]),
        }
    }

    #[test]
    fn only_the_holder_of_a_key_asks_for_it() {
        let (own, other) = (SigningKey::from_seed([2; 32]), SigningKey::from_seed([3; 32]));
        let request = Request::ask(wish(), &own).unwrap();
        assert!(request.is_own());
        assert_eq!(request.body.0.key, own.public());
        let read = Request::decode(&request.encode()).unwrap();
        assert_eq!(read, request);
        let stolen = Wish(CertificateBody { key: own.public(), ..wish() });
        assert!(!Request::sign(stolen.clone(), &[&other]).unwrap().is_own());
        assert!(!Request::sign(stolen, &[&own, &other]).unwrap().is_own());
    }

    #[test]
    fn whoever_grants_may_narrow_and_a_request_is_never_a_certificate() {
        let (own, office) = (SigningKey::from_seed([2; 32]), SigningKey::from_seed([4; 32]));
        let request = Request::ask(wish(), &own).unwrap();
        let grant = Grant {
            area: "pk/sindh/sukkur/rohri".to_owned(),
            roles: Vec::new(),
            not_before_ms: 6,
            not_after_ms: 8,
        };
        let certificate = grant.sign(&request, &[&office]).unwrap();
        assert!(certificate.holds());
        assert_eq!(certificate.body.key, own.public());
        assert_eq!(certificate.body.sealing, Some([3; 32]));
        assert_eq!(certificate.body.area, "pk/sindh/sukkur/rohri");
        let passed_off = Certificate::decode(&request.encode()).unwrap();
        assert!(!passed_off.holds());
    }
}
