//! A certificate on paper: what it says, the signed entry's content, and the proof that a stranger checks with the public
//! root alone. The content names everybody of the same course who was certified with it, by service number.

use super::School;
use crate::{
    markup::{escape, moment},
    node::Node,
    work::{WorkError, file},
};
use pehra_domain::{Date, PersonId};
use pehra_ledger::{Hash, base64, paper, payload::Payload, proof::Proof};
use pehra_ops::{
    Decoded, Event, EventRef,
    training::{Certificate, Event as Training, Phase},
};
use std::{fmt::Write as _, fs, path::Path};

const LABEL: &str = "pehra content";

/// The content of a signed entry as it travels beside a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub kind: u32,
    pub payload: Payload,
}

impl Content {
    /// One line: `pehra content 2503 BASE64`.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{LABEL} {} {}", self.kind, base64::encode(self.payload.bytes()))
    }

    /// None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, bytes) = text.trim().strip_prefix(LABEL)?.trim().split_once(' ')?;
        let payload = Payload::from_bytes(base64::decode(bytes.trim())?).ok()?;
        Some(Self { kind: kind.parse().ok()?, payload })
    }

    #[must_use]
    pub fn hash(&self) -> Hash {
        self.payload.hash()
    }

    /// What it says, as far as this program knows its kind.
    #[must_use]
    pub fn event(&self) -> Option<Event> {
        match Event::decode(self.kind, self.payload.body()) {
            Ok(Decoded::Known(event)) => Some(event),
            Ok(Decoded::Unknown) | Err(_) => None,
        }
    }

    /// In a sentence; a certificate with everybody whom it names.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Some(event) = self.event() else {
            return format!("content of kind {}, which this program cannot read", self.kind);
        };
        let Event::Training(Training::Certified(certificate)) = &event else {
            return format!("content: {}", event.name());
        };
        let until = certificate
            .until
            .map_or_else(|| "for this election".to_owned(), |until| format!("until {until}"));
        let numbers: Vec<&str> = certificate.people.iter().collect();
        format!(
            "certificate of module M{}, valid {until}, for service numbers {}",
            certificate.module,
            numbers.join(", ")
        )
    }
}

/// Reads what [`Content::to_text`] wrote.
///
/// # Errors
/// [`WorkError::Input`] when the file cannot be read or holds something else.
pub fn read_content(path: &Path) -> Result<Content, WorkError> {
    let text = fs::read_to_string(path).map_err(|error| file::disk(path, &error))?;
    Content::parse(&text).ok_or_else(|| {
        WorkError::Input(format!(
            "{} holds no content of an entry: it is one line that begins with `{LABEL}`",
            path.display()
        ))
    })
}

/// What one certificate is printed from.
struct Printed {
    certificate: Certificate,
    proof: Proof,
    content: Content,
}

/// Finds a certificate that counts for somebody today, with its proof.
///
/// # Errors
/// [`WorkError::Input`]: there is none, it does not name this person, or it does not count any more.
fn printed(
    node: &Node,
    at: EventRef,
    number: &PersonId,
    today: Date,
) -> Result<Printed, WorkError> {
    let certificate = node.ops(|state| {
        let training = &state.trainings;
        let known = training.certificate(at).zip(training.of(at));
        let (certificate, (_, course)) = known
            .ok_or_else(|| WorkError::Input(format!("{at} is no certificate on this node")))?;
        let phase = training.phase_of(course, at, number.as_str(), today);
        if phase == Phase::Certified {
            return Ok(certificate.0.clone());
        }
        let why = phase.name();
        Err(WorkError::Input(format!("certificate {at} does not count for {number}: {why}")))
    })?;
    let place = crate::node::convert::place(at);
    let stored = node.entry(place)?;
    let payload = stored.entry.payload().cloned();
    let payload =
        payload.ok_or_else(|| WorkError::Input(format!("the content of {at} was deleted")))?;
    let content = Content { kind: stored.entry.header().kind, payload };
    Ok(Printed { certificate, proof: node.prove(place)?, content })
}

/// The page, the proof and the content of somebody's certificate. `draw` makes a picture of codes.
///
/// # Errors
/// [`WorkError`]: there is no such certificate, or it cannot be proven.
pub fn certificate_page(
    node: &Node,
    school: &School,
    (at, number): (EventRef, &PersonId),
    today: Date,
    draw: &dyn Fn(&[String]) -> Option<String>,
) -> Result<[String; 3], WorkError> {
    let printed = printed(node, at, number, today)?;
    let (proof, content) = (printed.proof.to_text(), printed.content.to_text());
    let html = page(node, school, (at, number), &printed, draw);
    Ok([html, proof, content])
}

fn page(
    node: &Node,
    school: &School,
    (at, number): (EventRef, &PersonId),
    printed: &Printed,
    draw: &dyn Fn(&[String]) -> Option<String>,
) -> String {
    let certificate = &printed.certificate;
    let module = certificate.module;
    let (until_en, until_ur) = certificate.until.map_or_else(
        || ("for this election".to_owned(), "اس انتخاب کے لیے".to_owned()),
        |until| (format!("until {until}"), format!("{until} تک")),
    );
    let signed = node.ops(|state| {
        let mark = state.trainings.certificate(at).map(|(_, mark)| mark);
        mark.map(|mark| {
            (mark.person.to_string(), mark.role.as_str().to_owned(), moment(mark.clock_ms))
        })
    });
    let (person, role, when) = signed.unwrap_or_default();
    let mut html = String::from(HEAD);
    if let Some(mark) = node.watermark() {
        let _ = write!(html, "<p class=\"mark\">{}</p>", escape(&mark));
    }
    // Writing to memory cannot fail.
    let _ = write!(
        html,
        "<h1>Certificate of training</h1><h1 class=\"ur\" lang=\"ur\">تربیت کی سند</h1>\
         <p>Service number <b><bdi>{number}</bdi></b> has passed module <b>M{module}</b> ({title}). Valid {until_en}.</p>\
         <p class=\"ur\" lang=\"ur\">سروس نمبر <b><bdi>{number}</bdi></b> نے تربیتی حصہ <b><bdi>M{module}</bdi></b> پاس کیا ہے۔ مدت: {until_ur}۔</p>\
         <p>Signed by <bdi>{person}</bdi> as {role}, {when}. Entry <code>{at}</code>.</p>\
         <p>To check it without a network: save the lines of both codes as files, and run \
         <code>pehra prove check PROOF --root ROOT --content CONTENT</code> with the election's public root.</p>\
         <p class=\"ur\" lang=\"ur\">نیٹ ورک کے بغیر جانچ: دونوں کوڈ کی سطریں فائلوں میں رکھیں اور انتخاب کی عوامی جڑ کے ساتھ یہی حکم چلائیں۔</p>",
        number = escape(number.as_str()),
        title = escape(school.title(module)),
        person = escape(&person),
        role = escape(&role),
        when = escape(&when),
    );
    let codes = [
        ("Proof · ثبوت", paper::parts(&printed.proof.encode())),
        ("Content · مواد", vec![printed.content.to_text()]),
    ];
    for (title, lines) in codes {
        let _ = write!(html, "<h2>{title}</h2>");
        match draw(&lines) {
            Some(svg) => html.push_str(&svg),
            None => html.extend(lines.iter().map(|line| format!("<pre>{}</pre>", escape(line)))),
        }
    }
    html.push_str("</body></html>\n");
    html
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Certificate · سند</title><style>\
body{font:12pt/1.5 sans-serif;margin:14mm}h1{margin:0}h2{font-size:11pt}svg{width:100%;max-width:170mm;height:auto}\
.ur{direction:rtl;text-align:right;font-family:'Noto Naskh Arabic',serif}.mark{color:#666}\
pre{white-space:pre-wrap;word-break:break-all}</style></head><body>\n";
