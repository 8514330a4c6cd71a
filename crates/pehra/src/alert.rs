//! Alerts on their way out: each message as a file of the Common Alerting Protocol with this node's signature in it, and
//! the feed of what everybody may read.

pub mod outline;

use crate::node::{Node, NodeError, convert};
use pehra_domain::{AreaId, UnixMs};
use pehra_exchange::cap::{self, Area, Feed, Info, Linked, Reference};
use pehra_ledger::envelope::EnvelopeError;
use pehra_ops::{
    EventRef,
    alert::{Draft, Kind, Message, Status, Words},
};

/// Messages that the feed links, the newest first.
pub const FEED_MAX: usize = 100;
/// Names the area's path among geocodes.
pub const GEOCODE: &str = "PEHRA-AREA";
/// Name the entry that let the message out, and its hash.
pub const ENTRY: &str = "PEHRA-ENTRY";
pub const ENTRY_HASH: &str = "PEHRA-ENTRY-SHA256";

/// Why there is no message to serve.
#[derive(Debug, thiserror::Error)]
pub enum AlertError {
    #[error("no message {0} went out, or not to everybody")]
    NotOut(EventRef),
    #[error(transparent)]
    Node(#[from] NodeError),
    #[error("the message {0} could not be signed")]
    Sign(EventRef, #[source] EnvelopeError),
}

/// Who may see a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Anybody,
    /// Whose right was looked at elsewhere.
    Admitted,
}

/// The name of the election's messages: unique, as its founding is.
#[must_use]
pub fn sender(node: &Node) -> String {
    use std::fmt::Write as _;
    let mut name = String::from("pehra:");
    for byte in node.ledger_election() {
        // Writing to memory cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// The signed file of one message.
///
/// # Errors
/// [`AlertError`].
pub fn file(node: &Node, id: EventRef, reader: Reader) -> Result<String, AlertError> {
    let sender = sender(node);
    let found = node.ops(|state| {
        let status = Status::of(state.elections.nature().ok()?);
        let message = state.alerts.message(id)?;
        let seen = reader == Reader::Admitted || message.draft.is_public();
        seen.then(|| (alert(&sender, status, &message), message.entry))
    });
    let (mut alert, entry) = found.ok_or(AlertError::NotOut(id))?;
    let place = convert::place(entry);
    if let Some(hash) = node.hash_of(place)? {
        for info in &mut alert.infos {
            info.parameters.push((ENTRY.to_owned(), place.to_string()));
            info.parameters.push((ENTRY_HASH.to_owned(), hash.to_string()));
        }
    }
    node.sign_document(&alert.write()).map_err(|error| AlertError::Sign(id, error))
}

/// The feed of what everybody may read.
#[must_use]
pub fn feed(node: &Node) -> Feed {
    let sender = sender(node);
    let entries = node.ops(|state| {
        let Ok(nature) = state.elections.nature() else { return Vec::new() };
        let status = Status::of(nature);
        let messages = state.alerts.messages();
        let public = messages.iter().filter(|message| message.draft.is_public());
        public.take(FEED_MAX).map(|message| linked(&sender, status, message)).collect()
    });
    Feed {
        id: format!("urn:{sender}"),
        title: "Pehra · Alerts · انتباہات".to_owned(),
        href: "atom.xml".to_owned(),
        entries,
        since: UnixMs(0),
    }
}

fn linked(sender: &str, status: Status, message: &Message<'_>) -> Linked {
    let alert = alert(sender, status, message);
    let titles = alert.infos.iter().map(|info| info.headline.clone()).collect();
    let (office, summary) = match alert.infos.first() {
        Some(info) => (info.sender_name.clone(), info.description.clone()),
        None => (String::new(), String::new()),
    };
    Linked {
        id: format!("urn:{sender}:{}", alert.identifier),
        titles,
        sent: message.sent,
        office,
        terms: vec![alert.status, alert.kind],
        summary,
        href: format!("{}.cap.xml", message.id),
    }
}

/// A message in the protocol's shape, without the entry that bears it.
#[must_use]
pub fn alert(sender: &str, status: Status, message: &Message<'_>) -> cap::Alert {
    let draft = message.draft;
    let reference = |(id, sent): &(EventRef, UnixMs)| Reference {
        sender: sender.to_owned(),
        identifier: id.to_string(),
        sent: *sent,
    };
    let said = |english: bool| {
        let (language, words) =
            if english { ("en-PK", &draft.english) } else { ("ur-PK", &draft.urdu) };
        let taken_back =
            message.cancel.map(|it| if english { it.english.as_str() } else { it.urdu.as_str() });
        info(language, words, taken_back, message)
    };
    cap::Alert {
        identifier: message.id.to_string(),
        sender: sender.to_owned(),
        sent: message.sent,
        status: status.name().to_owned(),
        kind: message.kind.name().to_owned(),
        scope: draft.scope.name().to_owned(),
        restriction: Some(draft.restriction.clone()).filter(|text| !text.is_empty()),
        addresses: draft.addresses.clone(),
        note: message.cancel.map(|it| format!("{} · {}", it.english, it.urdu)),
        references: message.references.iter().map(reference).collect(),
        infos: vec![said(true), said(false)],
    }
}

/// What a message says in one language. A cancellation says that it is over, and why.
fn info(language: &str, words: &Words, cancelled: Option<&str>, message: &Message<'_>) -> Info {
    let draft = message.draft;
    let over = message.kind == Kind::Cancel;
    let word = |holds: &str, then: &str| if over { then.to_owned() } else { holds.to_owned() };
    let urdu = language == "ur-PK";
    let headline = match (over, urdu) {
        (false, _) => words.headline.clone(),
        (true, false) => format!("CANCELLED: {}", words.headline),
        (true, true) => format!("منسوخ: {}", words.headline),
    };
    Info {
        language: language.to_owned(),
        category: draft.category.name().to_owned(),
        event: words.event.clone(),
        response: word(draft.response.name(), "AllClear"),
        urgency: word(draft.urgency.name(), "Past"),
        severity: word(draft.severity.name(), "Minor"),
        certainty: word(draft.certainty.name(), "Unlikely"),
        onset: draft.onset.filter(|_| !over),
        expires: Some(draft.expires),
        sender_name: words.office.clone(),
        headline,
        description: cancelled.unwrap_or(&words.description).to_owned(),
        instruction: Some(words.instruction.clone()).filter(|text| !text.is_empty() && !over),
        parameters: Vec::new(),
        area: area(words, draft, &message.mark.area),
    }
}

fn area(words: &Words, draft: &Draft, area: &AreaId) -> Area {
    Area {
        description: words.place.clone(),
        polygons: draft.polygons.clone(),
        circles: draft.circles.iter().map(|it| (it.centre, it.radius_m)).collect(),
        geocodes: vec![(GEOCODE.to_owned(), area.to_string())],
    }
}
