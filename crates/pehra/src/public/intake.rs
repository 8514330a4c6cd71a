//! The one way in for what a citizen tells, whichever door it comes through: cleaned, looked at for what would lead to a
//! person, sealed where it speaks of those who guard, and signed by the node or by the operator who wrote it down.

use super::flood::Buckets;
use crate::node::{Node, NodeError};
use pehra_domain::{AreaId, ConstituencyId, PersonId, StationId, UnixMs};
use pehra_ops::{
    Actor, Command, EventRef,
    incident::Matter,
    permission,
    report::{
        self, CONTACT_READER, Door, HOUR_MS, Language, On, READERS, Report, Text, Topic,
        receipt::Receipt, word,
    },
};
use pehra_seal::{
    chance::Chance,
    compartment::{Binding, CompartmentId, RECIPIENTS_MAX, SealError, Sealed},
    hybrid::SealingPublic,
};

/// Kinds of the entries that carry sealed words.
pub const KIND_TEXT: u32 = 2020;
pub const KIND_CONTACT: u32 = 2021;
/// All complaints of an election are one compartment, and all contacts another.
pub const COMPARTMENT_TEXT: CompartmentId = CompartmentId(*b"pehra/complaint1");
pub const COMPARTMENT_CONTACT: CompartmentId = CompartmentId(*b"pehra/contact/1\0");
/// Longest contact, in bytes.
pub const CONTACT_BYTES_MAX: usize = 200;

/// What somebody tells.
#[derive(Clone, Debug)]
pub struct Telling {
    pub door: Door,
    pub topic: Topic,
    /// The reporter says that it is about those who guard.
    pub about_guards: bool,
    /// A district.
    pub area: AreaId,
    pub constituency: Option<ConstituencyId>,
    pub station: Option<StationId>,
    /// When it happened; kept to the hour.
    pub at: Option<UnixMs>,
    pub language: Language,
    pub text: String,
    /// How the reporter wants to be reached; empty if not at all.
    pub contact: String,
}

/// Why nothing was kept.
#[derive(Debug)]
pub enum Turned {
    Empty,
    TooLong,
    /// A number or an address stands in the text: here it is with these replaced.
    LeadsToSomebody(String),
    /// Nobody has named a key to which it could be sealed.
    NoReader,
    /// Too many at once; seconds to wait.
    Busy(u32),
    /// There is no such district here.
    NoSuchPlace,
    Failed(NodeError),
}

/// What was kept.
#[derive(Debug)]
pub struct Taken {
    /// The reporter's, and kept nowhere.
    pub receipt: Receipt,
    /// Away from every control room.
    pub sealed: bool,
}

impl From<NodeError> for Turned {
    fn from(error: NodeError) -> Self {
        Self::Failed(error)
    }
}

/// Takes a telling in. `actor` is who wrote it down; none where a machine took it.
///
/// # Errors
/// [`Turned`]: nothing was kept.
pub fn take(
    node: &Node,
    buckets: &Buckets,
    actor: Option<&Actor>,
    telling: &Telling,
) -> Result<Taken, Turned> {
    let text = word::clean(&telling.text);
    let contact = word::clean(&telling.contact);
    if text.is_empty() {
        return Err(Turned::Empty);
    }
    if text.len() > report::TEXT_BYTES_MAX || contact.len() > CONTACT_BYTES_MAX {
        return Err(Turned::TooLong);
    }
    let masked = word::mask(&text);
    if masked != text {
        return Err(Turned::LeadsToSomebody(masked));
    }
    if !node.gazetteer().districts.iter().any(|district| district.area == telling.area) {
        return Err(Turned::NoSuchPlace);
    }
    buckets.report(telling.door, &telling.area, node.now()).map_err(Turned::Busy)?;
    let complaint =
        telling.about_guards || telling.topic == Topic::Guards || word::names_guards(&text);
    let receipt = Receipt::draw(node.random()?);
    let hour = telling.at.map(|at| UnixMs(at.0.div_euclid(HOUR_MS) * HOUR_MS));
    let (matter, text, station) = if complaint {
        let inside = inside(&text, telling.station.as_ref());
        let sealed = seal(node, &telling.area, &READERS, KIND_TEXT, COMPARTMENT_TEXT, &inside)?;
        (Matter::Complaint, Text::Sealed(sealed), None)
    } else {
        (Matter::Incident, Text::Plain(text), telling.station.clone())
    };
    let sealed_contact = if contact.is_empty() {
        None
    } else {
        let to = [CONTACT_READER];
        Some(seal(node, &telling.area, &to, KIND_CONTACT, COMPARTMENT_CONTACT, contact.as_bytes())?)
    };
    let report = Report {
        receipt: receipt.hash(&node.ledger_election()),
        door: telling.door,
        topic: telling.topic,
        matter,
        constituency: telling.constituency.clone(),
        station,
        hour,
        language: telling.language,
        text,
    };
    let itself;
    let actor = match actor {
        Some(actor) => actor,
        None => {
            itself = node.itself(permission::REPORT_RECEIVE)?;
            &itself
        }
    };
    let command = report::Command::Receive { area: telling.area.clone(), report };
    let entry = node.execute(actor, Command::Report(command))?;
    if let (Some(sealed), Some(report)) = (sealed_contact, entry.first()) {
        let on = On { report: *report, matter };
        node.execute(actor, Command::Report(report::Command::LeaveContact { on, sealed }))?;
    }
    Ok(Taken { receipt, sealed: complaint })
}

/// What is sealed of a complaint: the text, and the station, which nobody else is to know.
fn inside(text: &str, station: Option<&StationId>) -> Vec<u8> {
    let body = serde_json::json!({ "text": text, "station": station.map(StationId::as_str) });
    body.to_string().into_bytes()
}

fn seal(
    node: &Node,
    area: &AreaId,
    roles: &[&str],
    kind: u32,
    compartment: CompartmentId,
    plain: &[u8],
) -> Result<Vec<u8>, Turned> {
    let keys: Vec<SealingPublic> = readers(node, area, roles)
        .into_iter()
        .map(|reader| SealingPublic(reader.key))
        .take(RECIPIENTS_MAX)
        .collect();
    let binding = binding(node, kind, compartment);
    let chance = Chance::from_bytes(node.random()?);
    match Sealed::seal(&binding, &keys, plain, chance) {
        Ok(sealed) => Ok(sealed.encode()),
        Err(SealError::NoRecipient | SealError::WeakKey(_) | SealError::TooMany(_)) => {
            Err(Turned::NoReader)
        }
        Err(SealError::TooLong(_)) => Err(Turned::TooLong),
    }
}

/// What sealed words that this node writes belong to.
#[must_use]
pub fn binding(node: &Node, kind: u32, compartment: CompartmentId) -> Binding {
    Binding { election: node.ledger_election(), author: node.device(), kind, compartment }
}

/// A key that stands, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingKey {
    pub entry: EventRef,
    pub key: [u8; 32],
    pub person: PersonId,
    pub role: String,
    pub area: AreaId,
    pub since: UnixMs,
}

/// The keys of those who hold one of the roles now, for an area. The newest first.
#[must_use]
pub fn readers(node: &Node, area: &AreaId, roles: &[&str]) -> Vec<ReadingKey> {
    let mut found = standing_readers(node);
    found.retain(|one| roles.contains(&one.role.as_str()) && one.area.contains(area));
    found
}

/// Every key whose holder still has the role in which they named it. The newest first.
#[must_use]
pub fn standing_readers(node: &Node) -> Vec<ReadingKey> {
    let now = node.now();
    let mut found: Vec<ReadingKey> = node.ops(|state| {
        let all = state.reports.readers();
        all.filter(|(_, _, mark)| {
            let standing = state.standing(&mark.person);
            standing.holdings.iter().any(|one| {
                one.role == mark.role && one.is_in_force(now) && one.area.contains(&mark.area)
            })
        })
        .map(|(entry, key, mark)| ReadingKey {
            entry,
            key: *key,
            person: mark.person.clone(),
            role: mark.role.as_str().to_owned(),
            area: mark.area.clone(),
            since: mark.clock_ms,
        })
        .collect()
    });
    found.sort_by_key(|one| (std::cmp::Reverse(one.since), one.entry));
    found
}
