//! Messages of the Common Alerting Protocol 1.2 (OASIS Standard, 1 July 2010) and feeds of them in Atom (RFC 4287).
//!
//! What is written is its own canonical XML: elements without attributes besides the namespace, three escapes, a line
//! feed after each element of the first two levels. A signature can so stand over the bytes themselves. The reader takes
//! that form alone, with the order, the words and the moments that the standard's schema prescribes.

mod atom;
mod read;

pub use atom::{Feed, Linked};
pub use read::{CapError, read};

use pehra_domain::{Date, Point, UnixMs};
use std::fmt::Write as _;

pub const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";
pub const MEDIA_TYPE: &str = "application/cap+xml";
/// What Pakistan's clocks show.
const OFFSET_MS: i64 = 5 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

pub const STATUSES: &[&str] = &["Actual", "Exercise", "System", "Test", "Draft"];
pub const KINDS: &[&str] = &["Alert", "Update", "Cancel", "Ack", "Error"];
pub const SCOPES: &[&str] = &["Public", "Restricted", "Private"];
pub const CATEGORIES: &[&str] = &[
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
];
pub const RESPONSES: &[&str] = &[
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None",
];
pub const URGENCIES: &[&str] = &["Immediate", "Expected", "Future", "Past", "Unknown"];
pub const SEVERITIES: &[&str] = &["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
pub const CERTAINTIES: &[&str] = &["Observed", "Likely", "Possible", "Unlikely", "Unknown"];

/// A message that an earlier one is named by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub sender: String,
    pub identifier: String,
    pub sent: UnixMs,
}

/// One message. Moments are kept to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub identifier: String,
    pub sender: String,
    pub sent: UnixMs,
    pub status: String,
    pub kind: String,
    pub scope: String,
    /// Where the scope is Restricted.
    pub restriction: Option<String>,
    /// Where the scope is Private.
    pub addresses: Vec<String>,
    pub note: Option<String>,
    pub references: Vec<Reference>,
    /// One for each language.
    pub infos: Vec<Info>,
}

/// What one language says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// RFC 3066: `en-PK`, `ur-PK`.
    pub language: String,
    pub category: String,
    pub event: String,
    pub response: String,
    pub urgency: String,
    pub severity: String,
    pub certainty: String,
    pub onset: Option<UnixMs>,
    pub expires: Option<UnixMs>,
    pub sender_name: String,
    pub headline: String,
    pub description: String,
    pub instruction: Option<String>,
    pub parameters: Vec<(String, String)>,
    pub area: Area,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    pub description: String,
    /// Corners in order, not closed.
    pub polygons: Vec<Vec<Point>>,
    /// Centre and radius in metres.
    pub circles: Vec<(Point, u32)>,
    pub geocodes: Vec<(String, String)>,
}

/// `2024-02-08T14:05:00+05:00`.
#[must_use]
pub fn stamp(at: UnixMs) -> String {
    let seconds = at.0.saturating_add(OFFSET_MS).rem_euclid(DAY_MS) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{}T{hours:02}:{minutes:02}:{seconds:02}+05:00", Date::of_pkt(at))
}

/// Ten-millionths of a degree, without trailing noughts.
fn degrees(e7: i32) -> String {
    let sign = if e7 < 0 { "-" } else { "" };
    let whole = e7.unsigned_abs();
    let text = format!("{sign}{}.{:07}", whole / 10_000_000, whole % 10_000_000);
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

fn pair(point: Point) -> String {
    format!("{},{}", degrees(point.lat_e7), degrees(point.lon_e7))
}

/// Kilometres of a radius in metres.
fn kilometres(radius_m: u32) -> String {
    let text = format!("{}.{:03}", radius_m / 1_000, radius_m % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text between tags. Signs that no XML holds become a space.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' => out.push('\n'),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            sign if sign.is_control() => out.push(' '),
            sign => out.push(sign),
        }
    }
    out
}

/// Elements, one after the other.
struct Out(String);

impl Out {
    fn element(&mut self, name: &str, text: &str) {
        // Writing to memory cannot fail.
        let _ = writeln!(self.0, "<{name}>{}</{name}>", escape(text));
    }

    fn some(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.element(name, text);
        }
    }

    fn moment(&mut self, name: &str, at: Option<UnixMs>) {
        self.some(name, at.map(stamp).as_deref());
    }

    fn named(&mut self, name: &str, values: &[(String, String)]) {
        for (value_name, value) in values {
            self.open(name);
            self.element("valueName", value_name);
            self.element("value", value);
            self.close(name);
        }
    }

    fn open(&mut self, name: &str) {
        let _ = writeln!(self.0, "<{name}>");
    }

    fn close(&mut self, name: &str) {
        let _ = writeln!(self.0, "</{name}>");
    }
}

impl Alert {
    /// The root element, as it is signed. A `Restricted` or `Private` one says for whom.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = Out(format!("<alert xmlns=\"{NAMESPACE}\">\n"));
        out.element("identifier", &self.identifier);
        out.element("sender", &self.sender);
        out.element("sent", &stamp(self.sent));
        out.element("status", &self.status);
        out.element("msgType", &self.kind);
        out.element("scope", &self.scope);
        out.some("restriction", self.restriction.as_deref());
        if !self.addresses.is_empty() {
            let quoted = |address: &String| {
                if address.contains(char::is_whitespace) {
                    format!("\"{address}\"")
                } else {
                    address.clone()
                }
            };
            let all: Vec<String> = self.addresses.iter().map(quoted).collect();
            out.element("addresses", &all.join(" "));
        }
        out.some("note", self.note.as_deref());
        if !self.references.is_empty() {
            let one =
                |it: &Reference| format!("{},{},{}", it.sender, it.identifier, stamp(it.sent));
            let all: Vec<String> = self.references.iter().map(one).collect();
            out.element("references", &all.join(" "));
        }
        for info in &self.infos {
            info.write(&mut out);
        }
        out.0.push_str("</alert>");
        out.0
    }

    /// The message's name as references give it.
    #[must_use]
    pub fn reference(&self) -> Reference {
        let (sender, identifier) = (self.sender.clone(), self.identifier.clone());
        Reference { sender, identifier, sent: self.sent }
    }
}

impl Info {
    fn write(&self, out: &mut Out) {
        out.open("info");
        out.element("language", &self.language);
        out.element("category", &self.category);
        out.element("event", &self.event);
        out.element("responseType", &self.response);
        out.element("urgency", &self.urgency);
        out.element("severity", &self.severity);
        out.element("certainty", &self.certainty);
        out.moment("onset", self.onset);
        out.moment("expires", self.expires);
        out.some("senderName", Some(&self.sender_name));
        out.some("headline", Some(&self.headline));
        out.some("description", Some(&self.description));
        out.some("instruction", self.instruction.as_deref());
        out.named("parameter", &self.parameters);
        out.open("area");
        out.element("areaDesc", &self.area.description);
        for polygon in &self.area.polygons {
            let closed = polygon.iter().chain(polygon.first());
            let corners: Vec<String> = closed.map(|corner| pair(*corner)).collect();
            out.element("polygon", &corners.join(" "));
        }
        for (centre, radius_m) in &self.area.circles {
            out.element("circle", &format!("{} {}", pair(*centre), kilometres(*radius_m)));
        }
        out.named("geocode", &self.area.geocodes);
        out.close("area");
        out.close("info");
    }
}

#[cfg(test)]
mod tests;
