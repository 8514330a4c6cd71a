//! What every request passes before its handler: host, origin, session, CSRF token, permission, area.

use crate::http::{
    persons,
    problem::{Code, Problem},
    room::Room,
    sign,
    table::{Door, Reach},
    who::{Access, Signed, holdings},
};
use axum::{
    extract::{RawPathParams, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, Uri,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, ORIGIN, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use pehra_domain::AreaId;
use std::net::IpAddr;

pub const SESSION_COOKIE: &str = "pehra_session";
/// Every answer of an exercise's node carries it, with the election's id.
pub const EXERCISE_HEADER: &str = "x-pehra-exercise";
pub const CSRF_HEADER: &str = "x-pehra-csrf";

/// Nothing from another origin. MapLibre starts its worker from a blob and draws icons from data addresses.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; \
    child-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

/// Around everything, files of the screens too.
pub async fn outer(State(room): State<Room>, request: Request, next: Next) -> Response {
    let checked = check_host(request.headers(), request.uri(), &room)
        .and_then(|()| check_origin(request.method(), request.headers()));
    let api = request.uri().path().starts_with("/api");
    let mut response = match checked {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // An answer taken out of its place still says what it is.
    if let Some(election) = room.node().exercise()
        && let Ok(value) = HeaderValue::from_str(election)
    {
        headers.insert(HeaderName::from_static(EXERCISE_HEADER), value);
    }
    if api && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// A page of another site can make a browser believe that its own name means this machine. A literal address cannot
/// be turned that way; names must be known.
fn check_host(headers: &HeaderMap, uri: &Uri, room: &Room) -> Result<(), Problem> {
    let host = match (uri.host(), headers.get(HOST)) {
        (Some(host), _) => host.to_owned(),
        (None, Some(value)) => host_of(value.to_str().unwrap_or_default()).to_owned(),
        (None, None) => return Err(Problem::of(Code::HostUnknown)),
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let known = bare.parse::<IpAddr>().is_ok()
        || bare.eq_ignore_ascii_case("localhost")
        || room.config().hosts.iter().any(|name| name.eq_ignore_ascii_case(bare));
    if known { Ok(()) } else { Err(Problem::of(Code::HostUnknown)) }
}

/// `example.org:80` without its port; `[::1]:80` keeps its brackets.
fn host_of(value: &str) -> &str {
    if value.starts_with('[') {
        return value.split_inclusive(']').next().unwrap_or_default();
    }
    value.rsplit_once(':').map_or(value, |(host, _)| host)
}

/// What changes something must come from this node's own pages, signed in or not.
fn check_origin(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if is_safe(method) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return Err(Problem::of(Code::OriginForeign));
    }
    let origin = text(ORIGIN.as_str());
    let host = text(HOST.as_str()).unwrap_or_default();
    match origin.map(|origin| origin.split_once("://").map_or(origin, |(_, rest)| rest)) {
        Some(of) if !of.eq_ignore_ascii_case(host) => Err(Problem::of(Code::OriginForeign)),
        Some(_) | None => Ok(()),
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Before one route's handler.
pub async fn inner(
    State((room, door, reach)): State<(Room, Door, Reach)>,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if door == Door::Open {
        return Ok(next.run(request).await);
    }
    // A stream that stays open is not a person at work: it does not keep the session alive.
    let touch = !matches!(request.uri().path(), "/api/live" | "/api/day/live");
    let signed = signed(&room, request.headers(), touch)?;
    if !is_safe(request.method()) {
        let given = request.headers().get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        if !signed.session.csrf_matches(given.unwrap_or_default()) {
            return Err(Problem::of(Code::CsrfMissing));
        }
    }
    if !door.permissions().is_empty() {
        let access = admit(&room, &signed, door.permissions())?;
        check_reach(&room, &access, reach, &params, request.uri())?;
        request.extensions_mut().insert(access);
    }
    if !is_safe(request.method()) {
        sign::note(room.node(), &signed.session.person, request.headers())?;
    }
    request.extensions_mut().insert(signed);
    Ok(next.run(request).await)
}

/// Who sends this request.
///
/// # Errors
/// [`Code::SignedOut`] without a session that holds.
pub fn signed(room: &Room, headers: &HeaderMap, touch: bool) -> Result<Signed, Problem> {
    let now = room.node().now();
    let token = session_token(headers).ok_or_else(|| Problem::of(Code::SignedOut))?;
    let session = room.sessions().find(token, now, touch);
    let session = session.ok_or_else(|| Problem::of(Code::SignedOut))?;
    let name = persons::name_of(room.node(), &session.person);
    let holdings = holdings(room.node(), &session.person, now);
    Ok(Signed { token: token.to_owned(), session, name, holdings })
}

/// The session's token in the request's cookies.
#[must_use]
pub fn session_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == SESSION_COOKIE).then_some(value))
}

/// What the person may do with one of the permissions.
///
/// # Errors
/// [`Code::RoleLacksPermission`] when no role holds it.
pub fn admit(room: &Room, signed: &Signed, permissions: &[&str]) -> Result<Access, Problem> {
    let holds = |role| {
        permissions.iter().any(|permission| persons::role_holds(room.node(), role, permission))
    };
    let holdings: Vec<_> =
        signed.holdings.iter().filter(|holding| holds(&holding.role)).cloned().collect();
    if holdings.is_empty() {
        return Err(Problem::about(Code::RoleLacksPermission, permissions.join(" / ")));
    }
    Ok(Access { person: signed.session.person.clone(), name: signed.name.clone(), holdings })
}

fn check_reach(
    room: &Room,
    access: &Access,
    reach: Reach,
    params: &RawPathParams,
    uri: &Uri,
) -> Result<(), Problem> {
    let world = room.node().world();
    match reach {
        Reach::Nowhere | Reach::Handler => Ok(()),
        Reach::All => access.actor_of_all(&world).map(drop),
        Reach::Part => {
            if !access.reaches_any(&world) {
                return Err(Problem::of(Code::OutsideArea));
            }
            match query_value(uri, "district").map(AreaId::try_new) {
                None => Ok(()),
                Some(Err(error)) => Err(error.into()),
                Some(Ok(area)) if access.reaches(&area) => Ok(()),
                Some(Ok(area)) => Err(Problem::about(Code::OutsideArea, area.as_str())),
            }
        }
        Reach::Station => {
            let id = params.iter().find_map(|(name, value)| (name == "id").then_some(value));
            let id = id.unwrap_or_default();
            let table = world.stations.as_ref();
            let station = table.and_then(|table| table.stations.get(table.find(id)?));
            match station {
                // Whoever may not see a place is not told whether it exists.
                None if access.reaches(&AreaId::nation()) => Err(Problem::not_found(id)),
                Some(station) if access.reaches(&station.district) => Ok(()),
                Some(_) | None => Err(Problem::about(Code::OutsideArea, id)),
            }
        }
    }
}

/// A value of the query, decoded; empty ones count as absent.
fn query_value(uri: &Uri, key: &str) -> Option<String> {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs
        .0
        .into_iter()
        .find_map(|(name, value)| (name == key && !value.is_empty()).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_without_its_port() {
        assert_eq!(host_of("example.org:80"), "example.org");
        assert_eq!(host_of("localhost"), "localhost");
        assert_eq!(host_of("[::1]:80"), "[::1]");
    }

    #[test]
    fn a_change_from_another_site_is_refused_before_anything_else() {
        let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
            pairs
                .iter()
                .map(|(name, value)| {
                    (HeaderName::from_static(name), HeaderValue::from_static(value))
                })
                .collect()
        };
        let here = [("host", "127.0.0.1:7000")];
        assert!(check_origin(&Method::POST, &headers(&here)).is_ok());
        let own = [here[0], ("origin", "http://127.0.0.1:7000"), ("sec-fetch-site", "same-origin")];
        assert!(check_origin(&Method::POST, &headers(&own)).is_ok());
        let foreign = [here[0], ("origin", "http://evil.example")];
        assert!(check_origin(&Method::POST, &headers(&foreign)).is_err());
        let opaque = [here[0], ("origin", "null")];
        assert!(check_origin(&Method::POST, &headers(&opaque)).is_err());
        let sister = [here[0], ("sec-fetch-site", "same-site")];
        assert!(check_origin(&Method::DELETE, &headers(&sister)).is_err());
        assert!(check_origin(&Method::GET, &headers(&foreign)).is_ok());
    }

    #[test]
    fn the_session_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers
            .insert(COOKIE, HeaderValue::from_static("a=1; pehra_session=ff; pehra_session_x=2"));
        assert_eq!(session_token(&headers), Some("ff"));
        headers.insert(COOKIE, HeaderValue::from_static("a=1"));
        assert_eq!(session_token(&headers), None);
    }
}
