//! A signature inside an XML document, as W3C XML Signature 1.1 foresees it (enveloped, §6.6.4) with Ed25519 (RFC 9231
//! §2.3.12), SHA-256 and Exclusive Canonicalization 1.0.
//!
//! Only documents are signed whose bytes are their own canonical form: elements without attributes besides the root's
//! namespace, no comment, no instruction, three escapes. So canonicalising is comparing, there is nothing to transform,
//! and a reader that canonicalises arrives at the same bytes. What was re-indented on its way no longer holds.
//!
//! What is signed begins with `<SignedInfo `, has no zero byte and ends with no new line, so that it can be taken neither
//! for an entry or statement nor for a signed note.

use crate::{
    base64,
    certificate::{Certificate, STATEMENT_BYTES_MAX, Subject},
    hash::Hash,
    key::{DeviceId, PublicKey, Signature, SigningKey},
    roster::{Root, Roster},
};

/// Longest signed document.
pub const DOCUMENT_BYTES_MAX: usize = 1 << 20;
/// Certificates that travel in one signature.
pub const CERTIFICATES_MAX: usize = 16;
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const OPEN: &str = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">";
const CLOSE: &str = "</Signature>";
/// The DER of an Ed25519 public key up to the key itself (RFC 8410 §4).
const DER: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
const CERTIFICATE: &str = "<Certificate xmlns=\"urn:pehra:certificate:1\">";

/// Why a document is not signed, or not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("the document is longer than {DOCUMENT_BYTES_MAX} bytes")]
    TooLarge,
    #[error("byte {0} is not as the canonical form has it: the document was changed on its way")]
    NotCanonical(usize),
    #[error("there is no signature before the end of the root element")]
    NoSignature,
    #[error("the signature is not of the form that is signed here")]
    Form,
    #[error("the document is not the one that was signed: its SHA-256 differs")]
    Digest,
    #[error("the signature does not hold under the key that it names")]
    Signature,
    #[error("a certificate in the signature does not hold, or is of another election")]
    Certificate,
    #[error("nobody whom the root stands behind has certified the key {0}")]
    NoKey(DeviceId),
    #[error("the key {0} is certified, but not as a node at the time that the document names")]
    NotThen(DeviceId),
}

/// A document and the signature that stood in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enveloped {
    /// The root element without the signature.
    pub document: String,
    pub key: PublicKey,
    pub signature: Signature,
    /// Of the key and of the offices above it.
    pub certificates: Vec<Certificate>,
}

/// Whose signature it is, by what the document carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBy {
    pub device: DeviceId,
    /// What people call the node; empty where the key is the root's own.
    pub name: String,
    /// The area for which it speaks; none where the key is the root's own.
    pub area: Option<String>,
}

/// Signs a document: its root element, without a declaration.
///
/// # Errors
/// [`EnvelopeError::TooLarge`] and [`EnvelopeError::NotCanonical`].
pub fn envelop(
    document: &str,
    key: &SigningKey,
    certificates: &[Certificate],
) -> Result<String, EnvelopeError> {
    let close = closing_tag(document)?;
    let digest = Hash::of(document.as_bytes());
    let signature = key.sign(signed_info(&digest, true).as_bytes());
    let some = certificates.get(..CERTIFICATES_MAX).unwrap_or(certificates);
    let element = element(&digest, &signature, &key.public(), some);
    let (body, end) = document.split_at(close);
    Ok(format!("{DECLARATION}{body}{element}{end}\n"))
}

fn signed_info(digest: &Hash, alone: bool) -> String {
    let namespace = if alone { " xmlns=\"http://www.w3.org/2000/09/xmldsig#\"" } else { "" };
    let digest = base64::encode(&digest.0);
    format!(
        "<SignedInfo{namespace}>\
         <CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></CanonicalizationMethod>\
         <SignatureMethod Algorithm=\"http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519\"></SignatureMethod>\
         <Reference URI=\"\"><Transforms>\
         <Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></Transform>\
         <Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></Transform>\
         </Transforms><DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></DigestMethod>\
         <DigestValue>{digest}</DigestValue></Reference></SignedInfo>"
    )
}

fn element(
    digest: &Hash,
    signature: &Signature,
    key: &PublicKey,
    certificates: &[Certificate],
) -> String {
    let der = [&DER[..], &key.0].concat();
    let certificate =
        |one: &Certificate| format!("{CERTIFICATE}{}</Certificate>", base64::encode(&one.encode()));
    format!(
        "{OPEN}{}<SignatureValue>{}</SignatureValue><KeyInfo><KeyName>{}</KeyName>\
         <DEREncodedKeyValue xmlns=\"http://www.w3.org/2009/xmldsig11#\">{}</DEREncodedKeyValue>{}</KeyInfo>{CLOSE}",
        signed_info(digest, false),
        base64::encode(&signature.0),
        key.id(),
        base64::encode(&der),
        certificates.iter().map(certificate).collect::<String>(),
    )
}

impl Enveloped {
    /// Reads a signed document: its form, its canonical bytes, its digest and its signature are checked with the key
    /// that it names itself. Whose key that is, [`Self::check`] says.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn read(text: &str) -> Result<Self, EnvelopeError> {
        if text.len() > DOCUMENT_BYTES_MAX {
            return Err(EnvelopeError::TooLarge);
        }
        let text = text.strip_prefix(DECLARATION).unwrap_or(text);
        let text = text.strip_suffix('\n').unwrap_or(text);
        let (before, rest) = text.split_once(OPEN).ok_or(EnvelopeError::NoSignature)?;
        let (inner, end) = rest.split_once(CLOSE).ok_or(EnvelopeError::NoSignature)?;
        let document = format!("{before}{end}");
        if closing_tag(&document)? != before.len() {
            return Err(EnvelopeError::NoSignature);
        }
        let between = |open: &str, close: &str| {
            let (_, rest) = inner.split_once(open)?;
            rest.split_once(close).map(|(value, _)| value)
        };
        let bytes = |open: &str, close: &str| between(open, close).and_then(base64::decode);
        let form = || EnvelopeError::Form;
        let digest = bytes("<DigestValue>", "</DigestValue>").and_then(|it| it.try_into().ok());
        let digest = Hash(digest.ok_or_else(form)?);
        let signature =
            bytes("<SignatureValue>", "</SignatureValue>").and_then(|it| it.try_into().ok());
        let signature = Signature(signature.ok_or_else(form)?);
        let der = bytes("xmldsig11#\">", "</DEREncodedKeyValue>").ok_or_else(form)?;
        let key = der.strip_prefix(&DER).and_then(|key| key.try_into().ok());
        let key = PublicKey(key.ok_or_else(form)?);
        let certificates = certificates(inner)?;
        // Whatever else stands in it, an attribute or a space, makes it another text than the one that is signed here.
        let written = element(&digest, &signature, &key, &certificates);
        if written.strip_prefix(OPEN).and_then(|it| it.strip_suffix(CLOSE)) != Some(inner) {
            return Err(EnvelopeError::Form);
        }
        if Hash::of(document.as_bytes()) != digest {
            return Err(EnvelopeError::Digest);
        }
        if !key.verify(signed_info(&digest, true).as_bytes(), &signature) {
            return Err(EnvelopeError::Signature);
        }
        Ok(Self { document, key, signature, certificates })
    }

    /// Whose signature it is: the root's own key, or a node's that the root stood behind at a moment.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn check(
        &self,
        election: [u8; 16],
        root: &Root,
        at_ms: u64,
    ) -> Result<SignedBy, EnvelopeError> {
        let device = self.key.id();
        if root.keys.contains(&self.key) {
            return Ok(SignedBy { device, name: String::new(), area: None });
        }
        let mut roster = Roster::new(election, root.clone());
        for certificate in &self.certificates {
            let of_election = certificate.body.election == election;
            let taken = roster.certify(certificate.clone());
            if !of_election || taken.is_err() {
                return Err(EnvelopeError::Certificate);
            }
        }
        if !roster.is_chained(device) {
            return Err(EnvelopeError::NoKey(device));
        }
        let then = |one: &&Certificate| {
            one.body.subject == Subject::DEVICE
                && roster.stands(one)
                && (one.body.not_before_ms..=one.body.not_after_ms).contains(&at_ms)
        };
        let found = roster.certificates(device).find(then);
        let body = &found.ok_or(EnvelopeError::NotThen(device))?.body;
        Ok(SignedBy { device, name: body.name.clone(), area: Some(body.area.clone()) })
    }
}

fn certificates(inner: &str) -> Result<Vec<Certificate>, EnvelopeError> {
    let parts = inner.split(CERTIFICATE).skip(1);
    let read = |part: &str| {
        let (text, _) = part.split_once("</Certificate>")?;
        let bytes = base64::decode(text).filter(|bytes| bytes.len() <= STATEMENT_BYTES_MAX)?;
        Certificate::decode(&bytes).ok()
    };
    let all: Option<Vec<Certificate>> = parts.take(CERTIFICATES_MAX + 1).map(read).collect();
    all.filter(|all| all.len() <= CERTIFICATES_MAX).ok_or(EnvelopeError::Form)
}

/// Where the root's closing tag begins, of a document that is its own canonical form.
fn closing_tag(document: &str) -> Result<usize, EnvelopeError> {
    if document.len() > DOCUMENT_BYTES_MAX {
        return Err(EnvelopeError::TooLarge);
    }
    let mut open: Vec<&str> = Vec::new();
    let mut at = 0;
    let mut begun = false;
    while let Some(rest) = document.get(at..).filter(|rest| !rest.is_empty()) {
        let wrong = EnvelopeError::NotCanonical(at);
        let Some(tag) = rest.strip_prefix('<') else {
            // Text, and only inside the root.
            let length = rest.find('<').unwrap_or(rest.len());
            let text = rest.get(..length).unwrap_or_default();
            if open.is_empty() || !is_canonical_text(text) {
                return Err(wrong);
            }
            at += length;
            continue;
        };
        let (inside, _) = tag.split_once('>').ok_or(wrong.clone())?;
        if let Some(name) = inside.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(wrong);
            }
            if open.is_empty() {
                let ends = at + inside.len() + 2 == document.len();
                return if ends { Ok(at) } else { Err(wrong) };
            }
        } else {
            let name = if begun { Some(inside) } else { root_name(inside) };
            let name = name.filter(|name| is_name(name)).ok_or(wrong)?;
            begun = true;
            open.push(name);
        }
        at += inside.len() + 2;
    }
    Err(EnvelopeError::NotCanonical(at))
}

/// The name in `name xmlns="…"`.
fn root_name(inside: &str) -> Option<&str> {
    let (name, namespace) = inside.split_once(" xmlns=\"")?;
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'&' | b'>');
    let namespace = namespace.strip_suffix('"')?;
    (!namespace.is_empty() && namespace.bytes().all(plain)).then_some(name)
}

fn is_name(name: &str) -> bool {
    name.bytes().next().is_some_and(|first| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Text with its three escapes, and no sign that a reader would change.
fn is_canonical_text(text: &str) -> bool {
    let plain = text.chars().all(|sign| match sign {
        '\n' | '\t' => true,
        '>' | '\u{fffe}' | '\u{ffff}' => false,
        sign => !sign.is_control(),
    });
    let mut escapes = text.split('&').skip(1);
    plain && escapes.all(|rest| ["amp;", "lt;", "gt;"].iter().any(|it| rest.starts_with(it)))
}

#[cfg(test)]
mod tests;
