//! What the phone's page asks: three requests, and the page's own files. Another office hands its bundles over here, too.

use super::{
    door::Door,
    look::{self, PhoneHello, PhoneOwn, PhoneTaken, PhoneWish},
};
use crate::{
    http::{
        carriers,
        given::Given,
        problem::{Code, Problem},
        reply::{self, blocking},
        sign::unhex_exact,
        web,
    },
    link::https,
    node::phone::PARCEL_BYTES_MAX,
};
use axum::{
    Json, Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, DefaultBodyLimit, Request, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use pehra_ledger::{DeviceId, Signature};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::time::timeout;

/// Nothing from another origin; a camera's pictures are shown as they come.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob: mediastream:; object-src 'none'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A whole bundle comes in this time.
const BUNDLE_READ: Duration = Duration::from_secs(300);
/// Files of the page; no other is handed out here.
const FILES: [&str; 4] = ["/phone", "/before.js", "/mark.svg", "/page-worker.js"];

/// The router behind TLS.
pub(super) fn router(door: &Door) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/phone") }))
        .route("/api/phone/hello", get(hello))
        .route("/api/phone/parcels", post(parcels))
        .route("/api/phone/own", post(own))
        .route(https::PATH, post(bundles))
        .fallback(files)
        .layer(DefaultBodyLimit::max(PARCEL_BYTES_MAX))
        .layer(from_fn(reply::compress))
        .layer(from_fn_with_state(door.clone(), outer))
        .with_state(door.clone())
}

async fn files(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") || FILES.contains(&path) {
        return web::serve(
            request.method().clone(),
            request.uri().clone(),
            request.headers().clone(),
        )
        .await;
    }
    (StatusCode::NOT_FOUND, "").into_response()
}

/// A page of another site can make a browser believe that its own name means this machine: names must be known.
async fn outer(State(door): State<Door>, request: Request, next: Next) -> Response {
    let called = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let known = called.is_some_and(|host| is_own(host, door.names()));
    let api = request.uri().path().starts_with("/api");
    let mut response = if known {
        next.run(request).await
    } else {
        Problem::of(Code::HostUnknown).into_response()
    };
    set_headers(response.headers_mut(), POLICY);
    if api {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn is_own(host: &str, names: &[String]) -> bool {
    let bare = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    bare.parse::<IpAddr>().is_ok() || names.iter().any(|name| name.eq_ignore_ascii_case(bare))
}

pub(super) fn set_headers(headers: &mut HeaderMap, policy: &'static str) {
    for (name, value) in [
        ("content-security-policy", policy),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// A request that costs something takes a place of its address.
fn admit(door: &Door, from: &ConnectInfo<SocketAddr>) -> Result<(), Problem> {
    door.admit(from.0.ip())
        .map_err(|seconds| Problem::about(Code::TooManyTries, format!("{seconds} s")))
}

async fn hello(State(door): State<Door>) -> Result<Json<PhoneHello>, Problem> {
    blocking(move || {
        let number = door.number(door.node().now());
        Ok(look::hello(door.node(), &number, door.authority().fingerprint()))
    })
    .await
}

/// Takes what a phone wrote or carries. Every entry proves itself, or is refused.
async fn parcels(
    State(door): State<Door>,
    from: ConnectInfo<SocketAddr>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<PhoneTaken>, Problem> {
    admit(&door, &from)?;
    let body = body.map_err(|_too_long_or_broken| Problem::of(Code::TooLarge))?;
    blocking(move || {
        let taken = door.node().take_parcel(&body)?;
        Ok(look::taken(door.node(), taken))
    })
    .await
}

/// Takes a bundle of another office and answers with one. The body is read when there is a place to work at it.
async fn bundles(
    State(door): State<Door>,
    from: ConnectInfo<SocketAddr>,
    body: Body,
) -> Result<Response, Problem> {
    admit(&door, &from)?;
    let Some(place) = door.place_for_bundle() else {
        return Err(Problem::about(Code::TooManyTries, "10 s".to_owned()));
    };
    let read = timeout(BUNDLE_READ, to_bytes(body, https::BYTES_MAX)).await;
    let bytes = read.map_err(|_slow| Problem::of(Code::TooLarge))?;
    let bytes = bytes.map_err(|_too_long_or_broken| Problem::of(Code::TooLarge))?;
    let node = door.node().clone();
    let exchanged = tokio::task::spawn_blocking(move || {
        let _until_done = place;
        node.exchange_bundle(&bytes)
    });
    let (_, answer) = exchanged.await.map_err(Problem::internal)?.map_err(carriers::problem)?;
    if answer.len() > https::BYTES_MAX {
        return Err(Problem::of(Code::TooLarge));
    }
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], answer).into_response())
}

/// Tells a phone what concerns it.
async fn own(
    State(door): State<Door>,
    from: ConnectInfo<SocketAddr>,
    Given(wish): Given<PhoneWish>,
) -> Result<Json<PhoneOwn>, Problem> {
    admit(&door, &from)?;
    blocking(move || {
        let device = DeviceId(unhex_exact(&wish.device, "device")?);
        let signature = Signature(unhex_exact(&wish.signature, "signature")?);
        let number = unhex_exact::<40>(&wish.number, "number")?;
        let holder =
            door.node().phone(device).ok_or_else(|| Problem::not_found(wish.device.as_str()))?;
        if !door.proves(device, &holder.key, &number, &signature) {
            return Err(Problem::about(Code::ValueRefused, "signature"));
        }
        Ok(look::own(door.node(), &holder, &wish)?)
    })
    .await
}
