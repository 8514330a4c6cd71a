//! First start, sign-in, sign-out.

use crate::{
    auth::{password, same_secret},
    http::{
        given::Given,
        guard::{self, SESSION_COOKIE},
        persons,
        problem::{Code, Fault, Problem},
        room::Room,
        who::Signed,
    },
};
use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, HeaderValue, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
};
use pehra_domain::PersonId;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// What the screens need to know before anybody is signed in.
#[expect(clippy::struct_excessive_bools, reason = "four questions that the door answers apart")]
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SetupState {
    /// There is no account yet: the printed link opens the first one.
    pub first_start: bool,
    pub synthetic: bool,
    /// Said before anybody signs in: nobody mistakes an exercise for the day.
    pub exercise: bool,
    pub demo: bool,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct SetUp {
    /// From the link that the program printed.
    pub token: String,
    pub person: String,
    pub name: String,
    pub password: String,
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct SignIn {
    pub person: String,
    pub password: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoleView {
    pub role: String,
    pub area: String,
    pub expires_ms: Option<i64>,
}

/// Who is signed in, and what they may do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionView {
    pub person: String,
    pub name: String,
    pub roles: Vec<RoleView>,
    /// The widest area that one of the roles reaches; empty without a role.
    pub area: String,
    /// To be sent back as `x-pehra-csrf` with everything that changes something.
    pub csrf: String,
    pub permissions: Vec<String>,
    pub expires_ms: i64,
}

/// What the screens need to know before anybody is signed in.
#[utoipa::path(get, path = "/api/setup", tag = "session", responses((status = 200, body = SetupState)))]
pub async fn setup_state(State(room): State<Room>) -> Result<Json<SetupState>, Problem> {
    let state = tokio::task::spawn_blocking(move || SetupState {
        first_start: room.setup_token().is_some() && room.node().is_first_start(),
        synthetic: crate::http::about::is_synthetic(room.node()),
        exercise: room.node().exercise().is_some(),
        demo: is_demo(&room),
    });
    state.await.map(Json).map_err(Problem::internal)
}

/// Whether the demo's button signs somebody in.
fn is_demo(room: &Room) -> bool {
    crate::http::about::is_synthetic(room.node()) && room.config().demo_person.is_some()
}

/// Opens the first account with the printed one-time token.
#[utoipa::path(post, path = "/api/setup", tag = "session", request_body = SetUp,
    responses((status = 200, body = SessionView), (status = 403, body = Fault),
        (status = 409, body = Fault), (status = 422, body = Fault), (status = 429, body = Fault)))]
pub async fn set_up(
    State(room): State<Room>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Given(wish): Given<SetUp>,
) -> Result<Response, Problem> {
    // A token has 128 bits, yet guesses count like wrong passwords.
    let now = room.node().now();
    hold_back(&room, "", address, now)?;
    let expected = room.setup_token().ok_or_else(|| Problem::of(Code::SetupOver))?;
    if !room.node().is_first_start() {
        room.use_up_setup_token();
        return Err(Problem::of(Code::SetupOver));
    }
    if !same_secret(expected.as_bytes(), wish.token.as_bytes()) {
        room.throttle().failed("", address.ip(), now);
        return Err(Problem::of(Code::SetupTokenWrong));
    }
    let person = PersonId::try_new(wish.person.trim())
        .map_err(|error| Problem::about(Code::ValueRefused, format!("person: {error}")))?;
    password::check(&wish.password, person.as_str())?;
    let hash = hash(&room, wish.password).await?;
    let (node, opened, name) = (room.node().clone(), person.clone(), wish.name.trim().to_owned());
    let done = tokio::task::spawn_blocking(move || -> Result<(), Problem> {
        persons::open_first(&node, &opened, &name)?;
        node.set_password_hash(&opened, &hash)?;
        Ok(())
    });
    done.await.map_err(Problem::internal)??;
    room.use_up_setup_token();
    signed_in(&room, person)
}

/// Signs in.
#[utoipa::path(post, path = "/api/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = SessionView), (status = 401, body = Fault), (status = 429, body = Fault)))]
pub async fn sign_in(
    State(room): State<Room>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Given(wish): Given<SignIn>,
) -> Result<Response, Problem> {
    let now = room.node().now();
    hold_back(&room, &wish.person, address, now)?;
    let person = PersonId::try_new(wish.person.trim()).ok();
    let kept = match &person {
        Some(person) if persons::is_open(room.node(), person) => {
            room.node().get_password_hash(person)?
        }
        Some(_) | None => None,
    };
    let right = verify(&room, wish.password, kept).await?;
    match person {
        Some(person) if right => {
            room.throttle().succeeded(&wish.person);
            signed_in(&room, person)
        }
        Some(_) | None => {
            tracing::warn!(address = %address.ip(), "sign-in refused");
            // The wait counts from the answer, not from before the hashing.
            room.throttle().failed(&wish.person, address.ip(), room.node().now());
            Err(Problem::of(Code::CredentialsWrong))
        }
    }
}

/// Signs in as the demo's planner; only on a demo node.
#[utoipa::path(post, path = "/api/session/demo", tag = "session",
    responses((status = 200, body = SessionView), (status = 404, body = Fault)))]
pub async fn sign_in_demo(State(room): State<Room>) -> Result<Response, Problem> {
    let person = room.config().demo_person.clone().filter(|_| is_demo(&room));
    signed_in(&room, person.ok_or_else(|| Problem::not_found("demo"))?)
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/session", tag = "session",
    responses((status = 200, body = SessionView), (status = 401, body = Fault)))]
pub async fn current(State(room): State<Room>, signed: Signed) -> Json<SessionView> {
    Json(view(&room, &signed))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "session",
    responses((status = 204), (status = 401, body = Fault)))]
pub async fn sign_out(State(room): State<Room>, signed: Signed) -> Response {
    room.sessions().close(&signed.token);
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(value) = HeaderValue::try_from(cookie("", 0)) {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

#[derive(Deserialize, utoipa::ToSchema)]
pub struct PasswordWish {
    /// The password as it is now.
    pub old: String,
    pub new: String,
}

/// Changes the own password. Every other session of the account ends; this one is opened anew.
#[utoipa::path(put, path = "/api/session/password", tag = "session", request_body = PasswordWish,
    responses((status = 200, body = SessionView), (status = 401, body = Fault), (status = 403, body = Fault),
        (status = 422, body = Fault), (status = 429, body = Fault)))]
pub async fn change_password(
    State(room): State<Room>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    signed: Signed,
    Given(wish): Given<PasswordWish>,
) -> Result<Response, Problem> {
    let person = signed.session.person;
    hold_back(&room, person.as_str(), address, room.node().now())?;
    // Who guesses at an open screen is held back like who guesses at the door.
    let kept = room.node().get_password_hash(&person)?;
    if !verify(&room, wish.old, kept).await? {
        room.throttle().failed(person.as_str(), address.ip(), room.node().now());
        return Err(Problem::of(Code::PasswordWrong));
    }
    room.throttle().succeeded(person.as_str());
    set_password(&room, &person, wish.new).await?;
    signed_in(&room, person)
}

fn hold_back(
    room: &Room,
    account: &str,
    address: SocketAddr,
    now: pehra_domain::UnixMs,
) -> Result<(), Problem> {
    match room.throttle().blocked_until(account, address.ip(), now) {
        None => Ok(()),
        Some(until) => {
            let seconds = u64::try_from((until.0 - now.0).max(0)).unwrap_or(0).div_ceil(1_000);
            Err(Problem::about(Code::TooManyTries, format!("{seconds} s")).retry_after(seconds))
        }
    }
}

/// Hashing takes 19 MiB and a core: a few at a time, away from the async threads.
async fn hash(room: &Room, password: String) -> Result<String, Problem> {
    let _turn = room.hashing().acquire().await.map_err(Problem::internal)?;
    let salt = room.node().random::<16>()?;
    let hashed = tokio::task::spawn_blocking(move || password::hash(&password, salt)).await;
    Ok(hashed.map_err(Problem::internal)??)
}

async fn verify(room: &Room, password: String, kept: Option<String>) -> Result<bool, Problem> {
    let _turn = room.hashing().acquire().await.map_err(Problem::internal)?;
    let verified =
        tokio::task::spawn_blocking(move || password::verify(&password, kept.as_deref())).await;
    verified.map_err(Problem::internal)
}

/// A new password for an account that somebody with the right opened.
///
/// # Errors
/// When the password is too weak or cannot be kept.
pub async fn set_password(room: &Room, person: &PersonId, password: String) -> Result<(), Problem> {
    password::check(&password, person.as_str())?;
    let hash = hash(room, password).await?;
    room.node().set_password_hash(person, &hash)?;
    room.sessions().close_all(person);
    Ok(())
}

fn signed_in(room: &Room, person: PersonId) -> Result<Response, Problem> {
    let node = room.node();
    let (secret, csrf) = (node.random::<32>()?, node.random::<32>()?);
    let (token, _) = room.sessions().open(person, node.now(), secret, csrf);
    let mut headers = HeaderMap::new();
    let set = HeaderValue::try_from(format!("{SESSION_COOKIE}={}", token.0));
    headers.insert(axum::http::header::COOKIE, set.map_err(Problem::internal)?);
    let signed = guard::signed(room, &headers, false)?;
    let mut response = Json(view(room, &signed)).into_response();
    let value = cookie(&token.0, crate::auth::session::ABSOLUTE_MS / 1_000);
    let value = HeaderValue::try_from(value).map_err(Problem::internal)?;
    response.headers_mut().insert(SET_COOKIE, value);
    Ok(response)
}

fn cookie(value: &str, seconds: i64) -> String {
    format!("{SESSION_COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}")
}

fn view(room: &Room, signed: &Signed) -> SessionView {
    let widest = signed.holdings.iter().min_by_key(|holding| holding.area.depth());
    SessionView {
        person: signed.session.person.to_string(),
        name: signed.name.clone(),
        roles: signed
            .holdings
            .iter()
            .map(|holding| RoleView {
                role: holding.role.as_str().to_owned(),
                area: holding.area.to_string(),
                expires_ms: holding.expires.map(|expires| expires.0),
            })
            .collect(),
        area: widest.map(|holding| holding.area.to_string()).unwrap_or_default(),
        csrf: signed.session.csrf.clone(),
        permissions: persons::permissions_of(room.node(), &signed.holdings),
        expires_ms: signed.session.expires().0,
    }
}
