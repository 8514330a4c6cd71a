//! Reads a message: the canonical form alone, in the order of the standard's schema.

use super::{
    Alert, Area, CATEGORIES, CERTAINTIES, Info, KINDS, NAMESPACE, RESPONSES, Reference, SCOPES,
    SEVERITIES, STATUSES, URGENCIES,
};
use pehra_domain::{Date, Point, UnixMs};
use std::iter::Peekable;

/// Longest message that is looked at.
const BYTES_MAX: usize = 1 << 20;
const ELEMENTS_MAX: usize = 20_000;

/// Why bytes are no message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CapError {
    #[error("the message is longer than {BYTES_MAX} bytes or has more than {ELEMENTS_MAX} parts")]
    TooLarge,
    #[error("byte {0} does not belong to a message in its canonical form: fetch it again")]
    Form(usize),
    #[error("`{0}` is missing, or stands where it does not belong")]
    Missing(&'static str),
    #[error("`{name}` says `{value}`, which the standard does not know")]
    Word { name: &'static str, value: String },
    #[error("`{0}` is not a moment, a place or a list as the standard writes it")]
    Value(&'static str),
    #[error("`{0}` does not belong to a message, or not there")]
    Extra(String),
}

/// A part of the message: a tag or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Open(String),
    Close(String),
    Text(String),
}

/// Reads the root element, without declaration and signature.
///
/// # Errors
/// [`CapError`] names the first thing that is wrong.
pub fn read(text: &str) -> Result<Alert, CapError> {
    if text.len() > BYTES_MAX {
        return Err(CapError::TooLarge);
    }
    let root = format!("<alert xmlns=\"{NAMESPACE}\">");
    let inside = text.strip_prefix(root.as_str()).ok_or(CapError::Missing("alert"))?;
    let inside = inside.strip_suffix("</alert>").ok_or(CapError::Missing("alert"))?;
    let parts = parts(inside, root.len())?;
    let mut reader = Reader { parts: parts.into_iter().peekable() };
    let alert = reader.alert()?;
    match reader.parts.next() {
        None => Ok(alert),
        Some(Part::Open(name) | Part::Close(name) | Part::Text(name)) => Err(CapError::Extra(name)),
    }
}

fn parts(text: &str, from: usize) -> Result<Vec<Part>, CapError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if found.len() >= ELEMENTS_MAX {
            return Err(CapError::TooLarge);
        }
        let wrong = || CapError::Form(from + at);
        if let Some(tag) = rest.strip_prefix('<') {
            let (inside, _) = tag.split_once('>').ok_or_else(wrong)?;
            let name = inside.strip_prefix('/').unwrap_or(inside);
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(wrong());
            }
            let closes = inside.len() > name.len();
            let part = if closes { Part::Close } else { Part::Open };
            found.push(part(name.to_owned()));
            at += inside.len() + 2;
        } else {
            let length = rest.find('<').unwrap_or(rest.len());
            let written = rest.get(..length).unwrap_or_default();
            let unescaped = unescape(written).ok_or_else(wrong)?;
            // Between elements stands a line feed and nothing else; a text is kept as it is.
            let in_element = matches!(found.last(), Some(Part::Open(_)))
                && rest.get(length..).is_some_and(|rest| rest.starts_with("</"));
            if in_element || !unescaped.trim().is_empty() {
                found.push(Part::Text(unescaped));
            }
            at += length;
        }
    }
    Ok(found)
}

fn unescape(text: &str) -> Option<String> {
    let mut parts = text.split('&');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (sign, rest) = [("amp;", '&'), ("lt;", '<'), ("gt;", '>')]
            .into_iter()
            .find_map(|(name, sign)| part.strip_prefix(name).map(|rest| (sign, rest)))?;
        out.push(sign);
        out.push_str(rest);
    }
    Some(out)
}

struct Reader {
    parts: Peekable<std::vec::IntoIter<Part>>,
}

impl Reader {
    fn is_next(&mut self, name: &str) -> bool {
        matches!(self.parts.peek(), Some(Part::Open(next)) if next == name)
    }

    /// The text of an element, if it stands next.
    fn some(&mut self, name: &'static str) -> Result<Option<String>, CapError> {
        if !self.is_next(name) {
            return Ok(None);
        }
        self.parts.next();
        let mut text = String::new();
        if let Some(Part::Text(_)) = self.parts.peek()
            && let Some(Part::Text(found)) = self.parts.next()
        {
            text = found;
        }
        self.closes(name)?;
        Ok(Some(text))
    }

    fn closes(&mut self, name: &'static str) -> Result<(), CapError> {
        match self.parts.next() {
            Some(Part::Close(found)) if found == name => Ok(()),
            Some(Part::Open(found) | Part::Close(found)) => Err(CapError::Extra(found)),
            Some(Part::Text(_)) | None => Err(CapError::Missing(name)),
        }
    }

    fn one(&mut self, name: &'static str) -> Result<String, CapError> {
        self.some(name)?.ok_or(CapError::Missing(name))
    }

    fn word(&mut self, name: &'static str, known: &[&str]) -> Result<String, CapError> {
        let value = self.one(name)?;
        if known.contains(&value.as_str()) {
            Ok(value)
        } else {
            Err(CapError::Word { name, value })
        }
    }

    fn moment(&mut self, name: &'static str) -> Result<Option<UnixMs>, CapError> {
        let text = self.some(name)?;
        text.map(|text| moment(&text).ok_or(CapError::Value(name))).transpose()
    }

    fn named(&mut self, name: &'static str) -> Result<Vec<(String, String)>, CapError> {
        let mut all = Vec::new();
        while self.is_next(name) {
            self.parts.next();
            all.push((self.one("valueName")?, self.one("value")?));
            self.closes(name)?;
        }
        Ok(all)
    }

    fn alert(&mut self) -> Result<Alert, CapError> {
        let plain = |text: String, name| {
            let odd = |sign: char| sign.is_whitespace() || matches!(sign, ',' | '<' | '&');
            if text.is_empty() || text.contains(odd) {
                Err(CapError::Value(name))
            } else {
                Ok(text)
            }
        };
        let identifier = plain(self.one("identifier")?, "identifier")?;
        let sender = plain(self.one("sender")?, "sender")?;
        let sent = self.moment("sent")?.ok_or(CapError::Missing("sent"))?;
        let status = self.word("status", STATUSES)?;
        let kind = self.word("msgType", KINDS)?;
        let scope = self.word("scope", SCOPES)?;
        let restriction = self.some("restriction")?;
        let addresses = self.some("addresses")?.map(|text| addresses(&text)).unwrap_or_default();
        let note = self.some("note")?;
        let references = match self.some("references")? {
            Some(text) => references(&text).ok_or(CapError::Value("references"))?,
            None => Vec::new(),
        };
        if (scope == "Restricted") != restriction.is_some() {
            return Err(CapError::Missing("restriction"));
        }
        if (scope == "Private") == addresses.is_empty() {
            return Err(CapError::Missing("addresses"));
        }
        if matches!(kind.as_str(), "Update" | "Cancel" | "Ack" | "Error") && references.is_empty() {
            return Err(CapError::Missing("references"));
        }
        let mut infos = Vec::new();
        while self.is_next("info") {
            infos.push(self.info()?);
        }
        Ok(Alert {
            identifier,
            sender,
            sent,
            status,
            kind,
            scope,
            restriction,
            addresses,
            note,
            references,
            infos,
        })
    }

    fn info(&mut self) -> Result<Info, CapError> {
        self.parts.next();
        let info = Info {
            language: self.one("language")?,
            category: self.word("category", CATEGORIES)?,
            event: self.one("event")?,
            response: self.word("responseType", RESPONSES)?,
            urgency: self.word("urgency", URGENCIES)?,
            severity: self.word("severity", SEVERITIES)?,
            certainty: self.word("certainty", CERTAINTIES)?,
            onset: self.moment("onset")?,
            expires: self.moment("expires")?,
            sender_name: self.some("senderName")?.unwrap_or_default(),
            headline: self.some("headline")?.unwrap_or_default(),
            description: self.some("description")?.unwrap_or_default(),
            instruction: self.some("instruction")?,
            parameters: self.named("parameter")?,
            area: self.area()?,
        };
        self.closes("info")?;
        Ok(info)
    }

    fn area(&mut self) -> Result<Area, CapError> {
        if !self.is_next("area") {
            return Err(CapError::Missing("area"));
        }
        self.parts.next();
        let description = self.one("areaDesc")?;
        let mut polygons = Vec::new();
        while let Some(text) = self.some("polygon")? {
            polygons.push(polygon(&text).ok_or(CapError::Value("polygon"))?);
        }
        let mut circles = Vec::new();
        while let Some(text) = self.some("circle")? {
            circles.push(circle(&text).ok_or(CapError::Value("circle"))?);
        }
        let geocodes = self.named("geocode")?;
        self.closes("area")?;
        Ok(Area { description, polygons, circles, geocodes })
    }
}

/// `2024-02-08T14:05:00+05:00`, in any offset of whole minutes.
fn moment(text: &str) -> Option<UnixMs> {
    let (day, time) = text.split_once('T')?;
    let date = Date::parse(day)?;
    let bytes = time.as_bytes();
    let sign = match bytes.get(8)? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let shape = [2, 5, 11].into_iter().all(|place| bytes.get(place) == Some(&b':'));
    if !shape || bytes.len() != 14 {
        return None;
    }
    let two = |place: usize, below: i64| {
        let digits = time.get(place..place + 2)?;
        let number = digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse().ok().filter(|value: &i64| number && *value < below)
    };
    let (hours, minutes, seconds) = (two(0, 24)?, two(3, 60)?, two(6, 60)?);
    let offset = sign * (two(9, 15)? * 60 + two(12, 60)?);
    // Midnight in Pakistan is five hours before the day's in UTC.
    let midnight_utc = date.midnight_pkt().0 + super::OFFSET_MS;
    let of_day = (hours * 3_600 + minutes * 60 + seconds - offset * 60) * 1_000;
    Some(UnixMs(midnight_utc + of_day))
}

fn point(text: &str) -> Option<Point> {
    let (lat, lon) = text.split_once(',')?;
    let number = |text: &str| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
        text.parse::<f64>().ok().filter(|_| plain)
    };
    Point::try_from_degrees(number(lat)?, number(lon)?)
}

fn polygon(text: &str) -> Option<Vec<Point>> {
    let mut corners: Vec<Point> = text.split(' ').map(point).collect::<Option<_>>()?;
    if corners.len() < 4 || corners.first() != corners.last() {
        return None;
    }
    corners.pop();
    Some(corners)
}

fn circle(text: &str) -> Option<(Point, u32)> {
    let (centre, radius) = text.split_once(' ')?;
    let (whole, part) = radius.split_once('.').unwrap_or((radius, ""));
    if part.len() > 3 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let metres: u32 = format!("{part:0<3}").parse().ok()?;
    let radius_m = whole.parse::<u32>().ok()?.checked_mul(1_000)?.checked_add(metres)?;
    Some((point(centre)?, radius_m))
}

fn addresses(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Every second piece between quotation marks stood in them.
    for (place, piece) in text.split('"').enumerate() {
        if place % 2 == 1 {
            found.push(piece.to_owned());
        } else {
            found.extend(piece.split_whitespace().map(str::to_owned));
        }
    }
    found
}

fn references(text: &str) -> Option<Vec<Reference>> {
    text.split_whitespace()
        .map(|one| {
            let mut parts = one.split(',');
            let (sender, identifier, sent) = (parts.next()?, parts.next()?, parts.next()?);
            let whole = parts.next().is_none();
            let (sender, identifier) = (sender.to_owned(), identifier.to_owned());
            whole.then_some(Reference { sender, identifier, sent: moment(sent)? })
        })
        .collect()
}
