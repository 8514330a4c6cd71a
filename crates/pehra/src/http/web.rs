//! The screens' files, carried in the binary.

use crate::http::{
    problem::Problem,
    reply::{accepts_gzip, gzip},
};
use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{
            ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
        },
    },
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Files packed once, by path; only texts are worth it.
static PACKED: Mutex<BTreeMap<String, Bytes>> = Mutex::new(BTreeMap::new());

/// A font that the screens carry, by the beginning of its name.
#[must_use]
pub fn font(stem: &str) -> Option<Vec<u8>> {
    let begins = format!("assets/{stem}");
    let name = Files::iter().find(|name| name.starts_with(&begins) && name.ends_with(".woff2"))?;
    Files::get(&name).map(|file| file.data.into_owned())
}

const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Pehra</title><p>The screens are not built into \
    this program. Run <code>cargo xtask web</code> and build it again.<p lang=ur dir=rtl>اس پروگرام میں صفحے \
    شامل نہیں۔ <code>cargo xtask web</code> چلا کر دوبارہ بنائیں۔";

/// Everything that is not under `/api`: a file, or the room's page for the screens' own addresses.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::not_found(path).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let name = path.trim_start_matches('/');
    let wants_page = headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let candidates = [name.to_owned(), format!("{name}.html")];
    let found = candidates
        .into_iter()
        .filter(|name| !name.is_empty())
        .find_map(|name| Files::get(&name).map(|file| (name, file)));
    let found = found.or_else(|| {
        let page = name.is_empty() || (wants_page && !name.contains('.'));
        let index = page.then(|| Files::get("index.html")).flatten();
        index.map(|file| ("index.html".to_owned(), file))
    });
    match found {
        Some((name, file)) => answer(&name, &file, &headers),
        None if name.is_empty() || wants_page => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(CONTENT_TYPE, "text/html; charset=utf-8")],
            NOT_BUILT,
        )
            .into_response(),
        None => Problem::not_found(path).into_response(),
    }
}

fn answer(name: &str, file: &rust_embed::EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag = format!("\"{}\"", crate::auth::hex(hash.get(..16).unwrap_or_default()));
    // Built files carry a hash in their name and never change under it.
    let caching = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        whole(name, file, headers)
    };
    let out = response.headers_mut();
    out.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        out.insert(ETAG, tag);
    }
    response
}

fn whole(name: &str, file: &rust_embed::EmbeddedFile, headers: &HeaderMap) -> Response {
    let kind = kind_of(name);
    let text = !matches!(kind, "font/woff2" | "image/png" | "application/octet-stream");
    if text && accepts_gzip(headers) {
        let mut packed = PACKED.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = match packed.get(name) {
            Some(bytes) => Some(bytes.clone()),
            None => gzip(&file.data, 9).ok().map(Bytes::from),
        };
        if let Some(bytes) = bytes {
            // While developing, files are read from disk and may change: keep packed only what is in the binary.
            if !cfg!(debug_assertions) {
                packed.insert(name.to_owned(), bytes.clone());
            }
            drop(packed);
            let mut response = Body::from(bytes).into_response();
            let out = response.headers_mut();
            out.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            out.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            return response;
        }
    }
    let mut response = Body::from(file.data.to_vec()).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
