use super::*;
use crate::certificate::CertificateBody;
use proptest::prelude::*;

const ELECTION: [u8; 16] = [3; 16];
const DOCUMENT: &str = "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n<headline>A &amp; B &lt; C — راستہ بند</headline>\n<note></note></alert>";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

fn certificate(subject: Subject, seed: u8, issuer: u8) -> Certificate {
    let body = CertificateBody {
        election: ELECTION,
        subject,
        key: key(seed).public(),
        name: format!("node {seed}"),
        area: "pk/sindh".to_owned(),
        roles: vec!["CTRL-P".to_owned()],
        not_before_ms: 1_000,
        not_after_ms: 9_000,
        sealing: None,
    };
    Certificate::sign(body, &[&key(issuer)]).unwrap()
}

fn root() -> Root {
    Root { keys: vec![key(1).public()], threshold: 1 }
}

fn signed() -> String {
    let chain = [certificate(Subject::ENROLMENT, 2, 1), certificate(Subject::DEVICE, 3, 2)];
    envelop(DOCUMENT, &key(3), &chain).unwrap()
}

#[test]
fn a_signed_document_is_read_with_the_root_alone() {
    let read = Enveloped::read(&signed()).unwrap();
    assert_eq!(read.document, DOCUMENT);
    let by = read.check(ELECTION, &root(), 5_000).unwrap();
    assert_eq!((by.device, by.name.as_str()), (key(3).id(), "node 3"));
    assert_eq!(by.area.as_deref(), Some("pk/sindh"));
    let alone = Enveloped::read(&envelop(DOCUMENT, &key(1), &[]).unwrap()).unwrap();
    assert_eq!(alone.check(ELECTION, &root(), 0).unwrap().area, None);
}

#[test]
fn a_key_that_nobody_stands_behind_at_that_time_is_refused() {
    let read = Enveloped::read(&signed()).unwrap();
    let stranger = key(3).id();
    assert_eq!(read.check(ELECTION, &root(), 9_001), Err(EnvelopeError::NotThen(stranger)));
    assert_eq!(read.check([4; 16], &root(), 5_000), Err(EnvelopeError::Certificate));
    let other = Root { keys: vec![key(9).public()], threshold: 1 };
    assert_eq!(read.check(ELECTION, &other, 5_000), Err(EnvelopeError::NoKey(stranger)));
    let alone = Enveloped::read(&envelop(DOCUMENT, &key(3), &[]).unwrap()).unwrap();
    assert_eq!(alone.check(ELECTION, &root(), 5_000), Err(EnvelopeError::NoKey(stranger)));
    // A person's own key signs acts, not what a node serves.
    let chain = [certificate(Subject::ENROLMENT, 2, 1), certificate(Subject::PERSON, 3, 2)];
    let person = Enveloped::read(&envelop(DOCUMENT, &key(3), &chain).unwrap()).unwrap();
    assert_eq!(person.check(ELECTION, &root(), 5_000), Err(EnvelopeError::NotThen(stranger)));
}

#[test]
fn a_document_of_which_any_byte_was_changed_is_refused() {
    let signed = signed();
    for at in DECLARATION.len()..signed.len() - 1 {
        let mut bytes = signed.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else { continue };
        let holds = Enveloped::read(&changed)
            .is_ok_and(|read| read.check(ELECTION, &root(), 5_000).is_ok());
        assert!(!holds, "byte {at}");
    }
}

#[test]
fn what_stands_behind_or_beside_the_signature_is_not_signed_and_refused() {
    let signed = signed();
    let inside = signed.replace("</Signature></alert>", "</Signature><note>more</note></alert>");
    assert_eq!(Enveloped::read(&inside), Err(EnvelopeError::NoSignature));
    let twice = signed.replace("</alert>", "</alert><alert xmlns=\"urn:x\"></alert>");
    assert!(Enveloped::read(&twice).is_err());
    let attribute = signed.replace("<SignedInfo>", "<SignedInfo Id=\"a\">");
    assert_eq!(Enveloped::read(&attribute), Err(EnvelopeError::Form));
    assert_eq!(Enveloped::read(DOCUMENT), Err(EnvelopeError::NoSignature));
}

#[test]
fn only_what_is_its_own_canonical_form_is_signed() {
    for (document, why) in [
        ("<a xmlns=\"u\"><b/></a>", "an empty element has two tags"),
        ("<a xmlns=\"u\"><b x=\"1\"></b></a>", "attributes are not used"),
        ("<a xmlns=\"u\"><!-- x --></a>", "comments are lost"),
        ("<a xmlns=\"u\"><![CDATA[x]]></a>", "sections are unfolded"),
        ("<a xmlns=\"u\">&quot;</a>", "a quotation mark stands for itself"),
        ("<a xmlns=\"u\">&#10;</a>", "references are resolved"),
        ("<a xmlns=\"u\">a > b</a>", "a greater sign is escaped"),
        ("<a xmlns=\"u\">\r\n</a>", "line ends are one sign"),
        ("<a xmlns=\"u\"></a> ", "nothing follows the root"),
        ("<a xmlns=\"u\"></a><a></a>", "there is one root"),
        ("<a xmlns=\"u\"><b></a></b>", "tags are nested"),
        ("<a xmlns=\"u\">", "tags are closed"),
        ("<a></a>", "the root has a namespace"),
        ("<a xmlns=\"u\" ></a>", "tags have no spaces"),
        ("x<a xmlns=\"u\"></a>", "nothing stands before the root"),
        ("<?xml version=\"1.0\"?><a xmlns=\"u\"></a>", "a declaration is added, not given"),
        ("", "there is a root"),
    ] {
        let refused = envelop(document, &key(1), &[]);
        assert!(matches!(refused, Err(EnvelopeError::NotCanonical(_))), "{why}: {document}");
    }
    assert!(envelop("<a xmlns=\"u\">\n<b>x\ty</b>&gt;</a>", &key(1), &[]).is_ok());
    let long = format!("<a xmlns=\"u\">{}</a>", "x".repeat(DOCUMENT_BYTES_MAX));
    assert_eq!(envelop(&long, &key(1), &[]), Err(EnvelopeError::TooLarge));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_stumble(text in "[<>/a&;=\"# \n]{0,60}", cut in 0_usize..2_000) {
        let _ = Enveloped::read(&text);
        let _ = envelop(&text, &key(1), &[]);
        let signed = signed();
        if let Some(start) = signed.get(..cut) {
            let _ = Enveloped::read(&format!("{start}{text}"));
        }
    }
}
