//! Who is believed: the root, the roster, own keys, enrolment and revocation.

mod phones;
mod photograph;
mod view;

pub use phones::*;

pub use view::{
    CertifiedView, ContributionView, DepositView, ForkView, FoundedView, QuarantineView,
    ReleasedView, RequestView, RevocationView, SideView, TrustView, request_view, statement_text,
    view,
};

use crate::{
    auth::hex,
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        reply::blocking,
        room::Room,
        sign::unhex_exact,
        who::{Access, Signed},
    },
    node::{Node, Secret},
};
use axum::{
    Json,
    body::Bytes,
    extract::{
        Path, Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
};
use pehra_ledger::{
    DeviceId, PublicKey, Signature,
    armour::Piece,
    certificate::{Body, Certificate, CertificateBody, Revocation, RevocationBody, Subject},
    hash::unhex,
    request::{self, Grant, Request, Wish},
    statement::Said,
};
use pehra_seal::keyfile::KeyFile;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OwnKeyWish {
    /// The public key that this browser holds: 64 hexadecimal digits.
    pub key: String,
}

/// What the key must sign to prove that its holder asks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnKeyDraft {
    /// The wish's canonical bytes, hexadecimal.
    pub body: String,
    /// The exact bytes to sign, hexadecimal.
    pub to_sign: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct OwnKeyRequest {
    pub body: String,
    /// 128 hexadecimal digits.
    pub signature: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CertifyWish {
    /// The request as text, or the id of a key whose request waits here.
    pub request: String,
    pub area: String,
    pub roles: Vec<String>,
    pub not_after_ms: u64,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct RevokeWish {
    pub key: String,
    pub reason: String,
    /// Believe what this node holds of the device up to now; otherwise nothing of it is believed.
    pub believe_held: bool,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct StatementsText {
    /// One or more certificates and revocations as text.
    pub text: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Learned {
    /// How many statements were new here.
    pub new: usize,
}

/// Whom this node believes, and who asks to be enrolled.
#[utoipa::path(get, path = "/api/trust", tag = "trust",
    responses((status = 200, body = TrustView), (status = 401, body = Fault)))]
pub async fn show(State(room): State<Room>) -> Result<Json<TrustView>, Problem> {
    blocking(move || Ok(view(room.node())?)).await
}

/// Prepares the request for a certificate of the key in the signed-in person's browser.
#[utoipa::path(post, path = "/api/trust/own-key", tag = "trust", request_body = OwnKeyWish,
    responses((status = 200, body = OwnKeyDraft), (status = 401, body = Fault), (status = 422, body = Fault)))]
pub async fn own_key(
    State(room): State<Room>,
    signed: Signed,
    Given(wish): Given<OwnKeyWish>,
) -> Result<Json<OwnKeyDraft>, Problem> {
    blocking(move || {
        let key = PublicKey(unhex_exact(&wish.key, "key")?);
        let widest = signed.holdings.iter().min_by_key(|holding| holding.area.depth());
        let area = widest.map(|holding| holding.area.as_str().to_owned());
        let mut roles: Vec<String> =
            signed.holdings.iter().map(|holding| holding.role.as_str().to_owned()).collect();
        roles.sort();
        roles.dedup();
        let expires = signed.holdings.iter().filter_map(|holding| holding.expires).max();
        let now = u64::try_from(room.node().now().0).unwrap_or_default();
        let until = expires.and_then(|at| u64::try_from(at.0).ok()).unwrap_or(now);
        let body = Wish(CertificateBody {
            election: room.node().ledger_election(),
            subject: Subject::PERSON,
            key,
            name: signed.session.person.as_str().to_owned(),
            area: area.ok_or_else(|| Problem::of(Code::RoleLacksPermission))?,
            roles,
            not_before_ms: now,
            not_after_ms: until,
            sealing: None,
        });
        let to_sign = Request::to_sign(&body);
        Ok(OwnKeyDraft { body: hex(&body.encode()), to_sign: hex(&to_sign) })
    })
    .await
}

/// Keeps the signed request, so that whoever enrols sees it.
#[utoipa::path(post, path = "/api/trust/requests", tag = "trust", request_body = OwnKeyRequest,
    responses((status = 200, body = RequestView), (status = 401, body = Fault), (status = 422, body = Fault)))]
pub async fn ask(
    State(room): State<Room>,
    signed: Signed,
    Given(wish): Given<OwnKeyRequest>,
) -> Result<Json<RequestView>, Problem> {
    blocking(move || {
        let body = unhex(&wish.body).and_then(|bytes| Wish::decode(&bytes).ok());
        let body = body.ok_or_else(|| Problem::about(Code::Malformed, "body"))?;
        let signature = Signature(unhex_exact(&wish.signature, "signature")?);
        let key = body.0.key;
        let is_own = body.0.name == signed.session.person.as_str()
            && body.0.subject == Subject::PERSON
            && body.0.election == room.node().ledger_election();
        let request = Request::from_signatures(body, vec![(key, signature)]);
        if !is_own || !request.is_own() {
            return Err(Problem::about(Code::ValueRefused, "signature"));
        }
        room.node().keep_request(&request)?;
        Ok(request_view(&request))
    })
    .await
}

/// Keeps requests that somebody carried here, so that whoever enrols sees what they ask for.
#[utoipa::path(post, path = "/api/trust/requests/carried", tag = "trust", request_body = CodeWish,
    responses((status = 200, body = TrustView), (status = 401, body = Fault), (status = 403, body = Fault),
        (status = 422, body = Fault)))]
pub async fn carry(
    State(room): State<Room>,
    Given(wish): Given<CodeWish>,
) -> Result<Json<TrustView>, Problem> {
    blocking(move || {
        // A phone asks twice in one code: for itself, and for the key of whoever carries it.
        for request in read_requests(&wish.text)? {
            if request.body.0.election != room.node().ledger_election() {
                return Err(Problem::about(Code::ValueRefused, "election"));
            }
            room.node().keep_request(&request)?;
        }
        Ok(view(room.node())?)
    })
    .await
}

/// Grants a request. On a node that stands alone its own key signs; in a founded election the enrolment office's key
/// must be open here.
#[utoipa::path(post, path = "/api/trust/certificates", tag = "trust", request_body = CertifyWish,
    responses((status = 200, body = TrustView), (status = 401, body = Fault), (status = 403, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault)))]
pub async fn certify(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<CertifyWish>,
) -> Result<Json<TrustView>, Problem> {
    blocking(move || {
        let node = room.node();
        let request = find_request(node, &wish.request)?;
        let area = pehra_domain::AreaId::try_new(wish.area.as_str())?;
        if !access.reaches(&area) {
            return Err(Problem::about(Code::OutsideArea, area.as_str()));
        }
        let mut roles = wish.roles;
        roles.sort();
        roles.dedup();
        let now = u64::try_from(node.now().0).unwrap_or_default();
        let grant = Grant {
            area: area.as_str().to_owned(),
            roles,
            not_before_ms: now,
            not_after_ms: wish.not_after_ms,
        };
        if wish.not_after_ms <= now {
            return Err(Problem::about(Code::ValueRefused, "not_after_ms"));
        }
        node.grant(&request, grant)?;
        Ok(view(node)?)
    })
    .await
}

/// Takes a key back. One person is enough: a lost phone cannot wait for two.
#[utoipa::path(post, path = "/api/trust/revocations", tag = "trust", request_body = RevokeWish,
    responses((status = 200, body = TrustView), (status = 401, body = Fault), (status = 403, body = Fault),
        (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn revoke(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<RevokeWish>,
) -> Result<Json<TrustView>, Problem> {
    blocking(move || {
        let node = room.node();
        let key = DeviceId(unhex_exact(&wish.key, "key")?);
        let found = node.roster(|roster| roster.certificates(key).next().cloned());
        let found = found.ok_or_else(|| Problem::not_found(wish.key.as_str()))?;
        let area = pehra_domain::AreaId::try_new(found.body.area.as_str())?;
        if !access.reaches(&area) {
            return Err(Problem::about(Code::OutsideArea, area.as_str()));
        }
        let last = if wish.believe_held { node.believed(key)? } else { Vec::new() };
        let body = RevocationBody {
            election: node.ledger_election(),
            key,
            last,
            at_ms: u64::try_from(node.now().0).unwrap_or_default(),
            reason: wish.reason.trim().to_owned(),
            witnessed_before_ms: None,
        };
        node.take_back(body)?;
        Ok(view(node)?)
    })
    .await
}

/// Takes certificates and revocations in that somebody carried here.
#[utoipa::path(post, path = "/api/trust/statements", tag = "trust", request_body = StatementsText,
    responses((status = 200, body = Learned), (status = 401, body = Fault), (status = 403, body = Fault),
        (status = 422, body = Fault)))]
pub async fn take(
    State(room): State<Room>,
    Given(given): Given<StatementsText>,
) -> Result<Json<Learned>, Problem> {
    blocking(move || {
        let said = read_statements(&given.text)?;
        let mut new = 0;
        for one in said {
            new += usize::from(room.node().publish(one)?);
        }
        Ok(Learned { new })
    })
    .await
}

/// The request of this device, as text and for a code on the screen.
#[utoipa::path(get, path = "/api/trust/device-request", tag = "trust",
    responses((status = 200, body = RequestView), (status = 401, body = Fault)))]
pub async fn device_request(State(room): State<Room>) -> Result<Json<RequestView>, Problem> {
    blocking(move || {
        let node = room.node();
        let area = pehra_domain::AreaId::nation();
        let roles: Vec<String> = node.rules().permissions.roles().map(str::to_owned).collect();
        let request = node.request(&node.info().name, &area, &roles)?;
        Ok(request_view(&request))
    })
    .await
}

/// One certificate with all that stands above it, as text: for the device that was enrolled.
#[utoipa::path(get, path = "/api/trust/certificates/{key}", tag = "trust",
    params(("key" = String, Path, description = "The key's id, 32 hexadecimal digits")),
    responses((status = 200, body = StatementsView), (status = 401, body = Fault), (status = 404, body = Fault)))]
pub async fn chain(
    State(room): State<Room>,
    Path(key): Path<String>,
) -> Result<Json<StatementsView>, Problem> {
    blocking(move || {
        let id = DeviceId(unhex_exact(&key, "key")?);
        let chain = room.node().roster(|roster| roster.chain(id));
        if chain.is_empty() {
            return Err(Problem::not_found(key));
        }
        let text = chain.iter().map(statement_text).collect();
        Ok(StatementsView { text })
    })
    .await
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct OfficeWish {
    /// The office's key file, as text.
    pub file: String,
    pub passphrase: String,
}

/// Opens an enrolment office's key on this node until it is closed or the program ends.
#[utoipa::path(post, path = "/api/trust/office", tag = "trust", request_body = OfficeWish,
    responses((status = 200, body = TrustView), (status = 401, body = Fault), (status = 403, body = Fault),
        (status = 422, body = Fault)))]
pub async fn open_office(
    State(room): State<Room>,
    Given(wish): Given<OfficeWish>,
) -> Result<Json<TrustView>, Problem> {
    // Opening takes 64 MiB and a core: in turn with the sign-ins.
    let _turn = room.hashing().acquire().await.map_err(Problem::internal)?;
    let room = room.clone();
    blocking(move || {
        let wrong = |what: &str| Problem::about(Code::ValueRefused, what);
        let file = KeyFile::from_text(&wish.file).map_err(|_unreadable| wrong("file"))?;
        let passphrase = Secret::new(wish.passphrase);
        let opened = file.open(passphrase.text()).map_err(|_not_opened| wrong("passphrase"))?;
        room.node().open_office(file.name(), opened.signing());
        Ok(view(room.node())?)
    })
    .await
}

/// Closes the office's key on this node.
#[utoipa::path(delete, path = "/api/trust/office", tag = "trust",
    responses((status = 200, body = TrustView), (status = 401, body = Fault), (status = 403, body = Fault)))]
pub async fn close_office(State(room): State<Room>) -> Result<Json<TrustView>, Problem> {
    blocking(move || {
        room.node().close_office();
        Ok(view(room.node())?)
    })
    .await
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CodeWish {
    /// A request or statements as text.
    pub text: String,
}

/// A code for another device's camera.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CodeView {
    /// What the code says: it can be pasted like the text.
    pub code: String,
    /// The drawing.
    pub svg: String,
}

/// Draws a text as a code for another device's camera.
#[utoipa::path(post, path = "/api/trust/code", tag = "trust", request_body = CodeWish,
    responses((status = 200, body = CodeView), (status = 401, body = Fault), (status = 422, body = Fault)))]
pub async fn draw(Given(wish): Given<CodeWish>) -> Result<Json<CodeView>, Problem> {
    let refused = |what: String| Problem::about(Code::ValueRefused, what);
    let pieces = Piece::all(&wish.text).map_err(|error| refused(error.to_string()))?;
    let code = Piece::to_code(&pieces);
    let drawn = qrcode::QrCode::with_error_correction_level(&code, qrcode::EcLevel::L)
        .map_err(|error| refused(format!("text: {error}")))?;
    let svg = drawn
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(280, 280)
        .quiet_zone(true)
        .build();
    Ok(Json(CodeView { code, svg }))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PhotographSize {
    /// Pixels in a row; the body holds one byte of brightness for each.
    pub width: usize,
}

/// Reads the codes of a photograph: the browser gives its brightness, byte by byte, and nothing leaves this node.
#[utoipa::path(post, path = "/api/trust/code/read", tag = "trust", params(PhotographSize),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = StatementsView), (status = 400, body = Fault), (status = 401, body = Fault),
        (status = 413, body = Fault), (status = 422, body = Fault)))]
pub async fn read_code(
    size: Result<Query<PhotographSize>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<StatementsView>, Problem> {
    let Query(size) = size.map_err(|_unreadable| Problem::about(Code::Malformed, "width"))?;
    let body = body.map_err(|_more_than_a_request| photograph::too_large())?;
    blocking(move || Ok(StatementsView { text: photograph::read(&body, size.width)? })).await
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StatementsView {
    pub text: String,
}

fn find_request(node: &Node, given: &str) -> Result<Request, Problem> {
    let waiting = node.requests();
    if let Some(found) = waiting.into_iter().find(|one| one.body.0.key.id().to_string() == given) {
        return Ok(found);
    }
    let first = read_requests(given)?.into_iter().next();
    first.ok_or_else(|| Problem::about(Code::ValueRefused, "request"))
}

/// Reads requests from text, each made by the holder of its key; at least one.
fn read_requests(text: &str) -> Result<Vec<Request>, Problem> {
    let refused = || Problem::about(Code::ValueRefused, "request");
    let pieces = Piece::all(text)
        .map_err(|error| Problem::about(Code::ValueRefused, format!("request: {error}")))?;
    let requests = pieces.iter().filter(|piece| piece.kind == request::PIECE);
    let read = |piece: &Piece| {
        Request::decode(&piece.bytes).ok().filter(Request::is_own).ok_or_else(refused)
    };
    let requests: Vec<Request> = requests.map(read).collect::<Result<_, _>>()?;
    if requests.is_empty() { Err(refused()) } else { Ok(requests) }
}

/// Reads certificates and revocations from text.
///
/// # Errors
/// [`Code::ValueRefused`] names the line.
fn read_statements(text: &str) -> Result<Vec<Said>, Problem> {
    let refused = |what: String| Problem::about(Code::ValueRefused, what);
    let pieces = Piece::all(text).map_err(|error| refused(error.to_string()))?;
    let read = |piece: &Piece| match piece.kind.as_str() {
        request::CERTIFICATE_PIECE => Certificate::decode(&piece.bytes)
            .map(Said::Certificate)
            .map_err(|error| refused(format!("{}: {error}", piece.kind))),
        request::REVOCATION_PIECE => Revocation::decode(&piece.bytes)
            .map(Said::Revocation)
            .map_err(|error| refused(format!("{}: {error}", piece.kind))),
        other => Err(refused(format!("pehra-{other}"))),
    };
    pieces.iter().map(read).collect()
}
