//! Acts that wait for the signed-in person's own key.
//!
//! An act that needs it is answered with 428 and the headers to sign. The page signs them and gives the same request
//! again with `x-pehra-signed: DRAFT:SIGNATURE,…`, or, for long work that waits by itself, hands the signatures in.

use crate::{
    auth::hex,
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        room::Room,
        who::Signed,
    },
    node::{Node, ToSign},
};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use pehra_domain::PersonId;
use pehra_ledger::{DeviceId, Signature, hash::unhex};
use serde::{Deserialize, Serialize};

/// `DRAFT:SIGNATURE,…`: an act given again with its signatures.
pub const SIGNED_HEADER: &str = "x-pehra-signed";
/// The id of the key that the page holds.
pub const KEY_HEADER: &str = "x-pehra-key";
const SIGNATURES_MAX: usize = 64;

/// One header to be signed: `label ‖ SHA-256(header label ‖ header) ‖ part`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SignPartView {
    pub part: String,
    /// Canonical bytes, hexadecimal.
    pub header: String,
    /// What the header's payload hash stands for, hexadecimal.
    pub payload: Option<String>,
}

/// What the person's key must sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SignView {
    pub draft: String,
    /// The id of the key that must sign.
    pub key: String,
    pub parts: Vec<SignPartView>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct Signatures {
    /// In the order of the parts, 128 hexadecimal digits each.
    pub signatures: Vec<String>,
}

impl From<&ToSign> for SignView {
    fn from(to_sign: &ToSign) -> Self {
        let part = |part: &crate::node::SignPart| SignPartView {
            part: part.part.to_owned(),
            header: hex(&part.header),
            payload: part.payload.as_deref().map(hex),
        };
        Self {
            draft: to_sign.draft.clone(),
            key: to_sign.key.to_string(),
            parts: to_sign.parts.iter().map(part).collect(),
        }
    }
}

/// Acts that wait for the own key.
#[utoipa::path(get, path = "/api/drafts", tag = "trust",
    responses((status = 200, body = [SignView]), (status = 401, body = Fault)))]
pub async fn list(State(room): State<Room>, signed: Signed) -> Json<Vec<SignView>> {
    Json(room.node().unsigned(&signed.session.person).iter().map(SignView::from).collect())
}

/// Hands in the signatures of an act that waits.
#[utoipa::path(post, path = "/api/drafts/{id}", tag = "trust", request_body = Signatures,
    params(("id" = String, Path, description = "The draft")),
    responses((status = 204), (status = 401, body = Fault), (status = 404, body = Fault),
        (status = 422, body = Fault)))]
pub async fn hand_in(
    State(room): State<Room>,
    Path(id): Path<String>,
    signed: Signed,
    Given(given): Given<Signatures>,
) -> Result<StatusCode, Problem> {
    let signatures = read(given.signatures.iter().map(String::as_str))?;
    let found = room.node().deposit(&signed.session.person, &id, signatures);
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found(id)) }
}

/// Takes note of the key that the page holds and of signatures that came with the request.
///
/// # Errors
/// [`Code::Malformed`] names the header that cannot be read.
pub fn note(node: &Node, person: &PersonId, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(key) = text(KEY_HEADER) {
        node.choose_key(person, DeviceId(unhex_exact(key, KEY_HEADER)?));
    }
    if let Some(signed) = text(SIGNED_HEADER) {
        let malformed = || Problem::about(Code::Malformed, SIGNED_HEADER);
        let (draft, signatures) = signed.split_once(':').ok_or_else(malformed)?;
        let signatures = read(signatures.split(',').take(SIGNATURES_MAX))?;
        // A draft that is no longer there makes the act wait for a signature again.
        node.deposit(person, draft, signatures);
    }
    Ok(())
}

fn read<'a>(signatures: impl Iterator<Item = &'a str>) -> Result<Vec<Signature>, Problem> {
    signatures.map(|text| unhex_exact(text, "signatures").map(Signature)).collect()
}

/// Bytes of a fixed length from hexadecimal digits.
///
/// # Errors
/// [`Code::Malformed`] about the field.
pub fn unhex_exact<const N: usize>(text: &str, field: &str) -> Result<[u8; N], Problem> {
    let bytes = unhex(text.trim()).and_then(|bytes| <[u8; N]>::try_from(bytes).ok());
    bytes.ok_or_else(|| Problem::about(Code::Malformed, field))
}
