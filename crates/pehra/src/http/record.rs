//! The record, entry by entry, and the proof of one of them: what a stranger needs, and what this node knows besides.

use crate::{
    http::{
        problem::{Fault, Problem},
        reply,
        room::Room,
        sight::Sight,
        who::Access,
    },
    node::{Node, NodeError, convert, record::Beside},
};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::header::CONTENT_TYPE,
    response::IntoResponse,
};
use pehra_ledger::{DeviceId, Entry, Place, header::Relation, paper, roster::Standing};
use pehra_ops::event::kind_name;
use pehra_store::{PayloadState, Stored};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Entries of one answer.
const PAGE: usize = 100;

/// One entry, as its header states it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RecordRow {
    /// `device/epoch/number`: what `pehra prove event` takes.
    pub place: String,
    /// What people call the device; none without a certificate.
    pub device: Option<String>,
    pub at_ms: u64,
    pub received_ms: u64,
    /// The number in the header, and its name where this version knows it.
    pub kind: u32,
    pub word: Option<&'static str>,
    pub person: String,
    pub role: String,
    pub area: String,
    /// Kept and shown, without effect.
    pub withheld: bool,
    /// `here`, `absent` or `deleted`.
    pub content: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RecordPage {
    /// The newest first.
    pub entries: Vec<RecordRow>,
    /// Where to read on; none at the record's beginning.
    pub before: Option<i64>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordQuery {
    /// From here back, as an earlier page said it.
    pub before: Option<i64>,
    /// Part of a person, role, area, device or kind; all of them when it is empty.
    pub find: Option<String>,
}

/// A signature beside the author's.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BesideView {
    /// `actor`, `second-person`, or a newer part.
    pub part: String,
    pub key: String,
    pub name: String,
    pub holds: bool,
    pub stands: bool,
}

/// An entry that answers this one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AnswerView {
    pub row: RecordRow,
    /// It stands in this one's stead.
    pub replaces: bool,
}

/// The proof of one entry, and what this node knows besides.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProofView {
    pub row: RecordRow,
    /// Number of the entry among those that this node received, from 1.
    pub received: i64,
    /// The proof as text, as `pehra prove event` prints it.
    pub text: String,
    /// The lines of its codes.
    pub codes: Vec<String>,
    /// The election's founding file, with which alone it is checked.
    pub founding: String,
    /// Witnesses that a proof needs.
    pub needed: usize,
    /// By all that this node knows now, revocations too: `good` or what is missing.
    pub standing: &'static str,
    /// Why it has no effect here, in both languages.
    pub withheld_en: Option<String>,
    pub withheld_ur: Option<String>,
    pub beside: Vec<BesideView>,
    /// A person acted and no key of their own signed.
    pub attested_by_node: bool,
    pub answers: Vec<AnswerView>,
    /// The places before and after it in its device's log, where this node holds them.
    pub before: Option<String>,
    pub after: Option<String>,
    /// The device signed two histories, and this entry stands at or behind the fork.
    pub forked: bool,
}

type Names = BTreeMap<DeviceId, String>;

/// What people call the devices that wrote entries.
fn names<'a>(node: &Node, entries: impl IntoIterator<Item = &'a Stored>) -> Names {
    node.device_names(entries.into_iter().map(|stored| stored.entry.header().place.device))
}

fn row(names: &Names, stored: &Stored) -> RecordRow {
    let header = stored.entry.header();
    RecordRow {
        place: header.place.to_string(),
        device: names.get(&header.place.device).cloned(),
        at_ms: header.clock.ms,
        received_ms: stored.received_ms,
        kind: header.kind,
        word: kind_name(header.kind),
        person: header.person.clone(),
        role: header.role.clone(),
        area: header.area.clone(),
        withheld: stored.standing != 0,
        content: match stored.payload_state {
            PayloadState::Here => "here",
            PayloadState::Withheld => "absent",
            PayloadState::Deleted => "deleted",
        },
    }
}

/// The record from its newest entry back, within reach.
#[utoipa::path(get, path = "/api/record", tag = "record", params(RecordQuery),
    responses((status = 200, body = RecordPage), (status = 403, body = Fault)))]
pub async fn list(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<RecordQuery>,
) -> Result<Json<RecordPage>, Problem> {
    let node = room.node().clone();
    let page = tokio::task::spawn_blocking(move || {
        let sight = Sight::of(&node, access);
        let find = asked.find.unwrap_or_default().trim().to_lowercase();
        let wanted = |stored: &Stored| {
            let header = stored.entry.header();
            let place = header.place.to_string();
            let word = kind_name(header.kind).unwrap_or_default();
            let texts = [header.person.as_str(), &header.role, &header.area, &place, word];
            let found = find.is_empty() || texts.iter().any(|it| it.to_lowercase().contains(&find));
            found && sight.entry(&stored.entry)
        };
        let leaf = node.leaf(asked.before, PAGE, &wanted)?;
        let names = names(&node, &leaf.entries);
        let entries = leaf.entries.iter().map(|stored| row(&names, stored)).collect();
        Ok::<_, NodeError>(RecordPage { entries, before: leaf.before })
    });
    Ok(Json(page.await.map_err(Problem::internal)??))
}

/// Proves one entry. Where no checkpoint covers it yet this node signs one, so it is no mere look.
#[utoipa::path(post, path = "/api/record/{device}/{epoch}/{seq}/proof", tag = "record",
    params(("device" = String, Path), ("epoch" = String, Path), ("seq" = String, Path)),
    responses((status = 200, body = ProofView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn prove(
    State(room): State<Room>,
    access: Access,
    Path((device, epoch, seq)): Path<(String, String, String)>,
) -> Result<Json<ProofView>, Problem> {
    let text = format!("{device}/{epoch}/{seq}");
    proven(room, access, text, |sight, entry| sight.entry(entry)).await
}

/// The proof of an entry by its place, for whoever may see it. Whoever may not is not told whether it exists.
pub(super) async fn proven(
    room: Room,
    access: Access,
    text: String,
    may_see: impl FnOnce(&Sight, &Entry) -> bool + Send + 'static,
) -> Result<Json<ProofView>, Problem> {
    reply::blocking(move || {
        let node = room.node();
        let missing = || Problem::not_found(&text);
        let place: Place = text.parse().map_err(|_no_place| missing())?;
        let sight = Sight::of(node, access);
        let stored = match node.entry(place) {
            Ok(stored) if may_see(&sight, &stored.entry) => stored,
            Ok(_) | Err(NodeError::NoEntry(_)) => return Err(missing()),
            Err(cause) => return Err(cause.into()),
        };
        Ok(proof_view(node, &sight, place, &stored)?)
    })
    .await
}

fn proof_view(
    node: &Node,
    sight: &Sight,
    place: Place,
    stored: &Stored,
) -> Result<ProofView, NodeError> {
    let proof = node.prove(place)?;
    let header = stored.entry.header();
    let act = pehra_ledger::roster::Act::of(header, stored.entry.hash());
    let standing = node.roster(|roster| {
        let root = roster.root().keys.iter().any(|key| key.id() == place.device);
        let standing = roster.standing(&act);
        if root && standing == Standing::NoCertificate { Standing::Good } else { standing }
    });
    let beside = node.beside(stored)?;
    let own = beside.iter().any(|one| one.part == pehra_ledger::statement::ACTOR && one.holds);
    let is_person = !header.person.is_empty() && header.person != convert::NODE_PERSON;
    let reference = stored.entry.reference();
    let mut answers = node.answers(stored)?;
    answers.retain(|one| sight.entry(&one.entry));
    let names = names(node, answers.iter().chain([stored]));
    let answer = |one: &Stored| AnswerView {
        replaces: one
            .entry
            .header()
            .causes
            .iter()
            .any(|cause| cause.entry == reference && cause.relation == Relation::SUPERSEDES),
        row: row(&names, one),
    };
    let beside_place = |seq: Option<u64>| {
        let place = Place { seq: seq?, ..place };
        node.entry(place).is_ok().then(|| place.to_string())
    };
    let withheld = node.withheld_at(place);
    let forks = node.heads()?;
    let forked_at = forks.iter().find_map(|head| {
        let same = (head.place.device, head.place.epoch) == (place.device, place.epoch);
        same.then_some(head.forked_at).flatten()
    });
    Ok(ProofView {
        row: row(&names, stored),
        received: stored.receipt.0,
        codes: paper::parts(&proof.encode()),
        text: proof.to_text(),
        founding: node.public_root()?.to_text(),
        needed: pehra_ledger::checkpoint::WITNESSES,
        standing: standing_word(standing),
        withheld_en: withheld.as_ref().map(|one| one.reason_en.clone()),
        withheld_ur: withheld.map(|one| one.reason_ur),
        attested_by_node: is_person && !own,
        beside: beside.into_iter().map(beside_view).collect(),
        answers: answers.iter().map(answer).collect(),
        before: beside_place(place.seq.checked_sub(1)),
        after: beside_place(place.seq.checked_add(1)),
        forked: forked_at.is_some_and(|at| place.seq >= at),
    })
}

fn beside_view(one: Beside) -> BesideView {
    let Beside { part, key, name, holds, stands } = one;
    BesideView { part, key, name, holds, stands }
}

fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Good => "good",
        Standing::NoCertificate => "no-certificate",
        Standing::NotChained => "not-chained",
        Standing::IssuerRevoked => "issuer-revoked",
        Standing::Revoked => "revoked",
        Standing::OutsideTime => "outside-time",
        Standing::OutsideArea => "outside-area",
        Standing::RoleNotHeld => "role-not-held",
    }
}

/// The election's founding file. Public: whoever checks a proof needs it, and compares its digits with a source of
/// their own before believing it.
#[utoipa::path(get, path = "/api/founding", tag = "record",
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = Fault)))]
pub async fn founding(State(room): State<Room>) -> Result<impl IntoResponse, Problem> {
    // A node whose election nobody has named yet has none.
    let root = room.node().public_root().map_err(|_unnamed| Problem::not_found("founding"))?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], root.to_text()))
}
