//! Answers on their way out: compressed where it pays, and named when they are files.

use crate::http::problem::Problem;
use axum::{
    Json,
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    http::{
        HeaderMap, HeaderValue,
        header::{
            ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
            VARY,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

/// Below this the head of a gzip stream costs more than it saves.
const COMPRESS_BYTES_MIN: u64 = 1_400;
/// From here on compressing is taken off the async threads.
const COMPRESS_APART_BYTES: usize = 64 * 1024;

/// Does what reads the disk or folds entries where no other request waits behind it.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

/// An answer that is worked out off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<Json<T>, Problem> {
    apart(work).await.map(Json)
}

/// Whether the caller reads gzip.
#[must_use]
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
            let refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            named && !refused
        })
}

/// Gzip of `bytes`; `level` 1 to 9.
///
/// # Errors
/// None in practice: it writes to memory.
pub fn gzip(bytes: &[u8], level: u32) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), Compression::new(level));
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Compresses texts of known length; streams and what is compressed already pass as they are.
pub async fn compress(request: Request, next: Next) -> Response {
    let wanted = accepts_gzip(request.headers());
    let response = next.run(request).await;
    let length = response.body().size_hint().exact();
    let worth = length.is_some_and(|length| length >= COMPRESS_BYTES_MIN);
    if !wanted || !worth || !is_plain_text(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::internal("a body of known length broke off").into_response();
    };
    let packed = if bytes.len() < COMPRESS_APART_BYTES {
        gzip(&bytes, 4).ok()
    } else {
        let bytes = bytes.clone();
        tokio::task::spawn_blocking(move || gzip(&bytes, 4).ok()).await.ok().flatten()
    };
    parts.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    let Some(packed) = packed else { return Response::from_parts(parts, Body::from(bytes)) };
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(packed))
}

fn is_plain_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    !headers.contains_key(CONTENT_ENCODING)
        && matches!(kind, "application/json" | "application/geo+json" | "text/csv" | "text/html")
}

/// A file to be saved under `name` (plain ASCII, made by the caller).
pub fn file(name: &str, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = body.into().into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let disposition = format!("attachment; filename=\"{name}\"");
    if let Ok(value) = HeaderValue::try_from(disposition) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

pub const CSV: &str = "text/csv; charset=utf-8";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn gzip_is_sent_only_to_who_reads_it() {
        let accepts = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(text));
            accepts_gzip(&headers)
        };
        assert!(accepts("gzip, deflate, br") && accepts("br;q=1, GZIP;q=0.5"));
        assert!(!accepts("br") && !accepts("gzip;q=0") && !accepts("xgzip"));
    }

    #[test]
    fn gzip_reads_back() {
        let text = b"abc".repeat(10_000);
        let packed = gzip(&text, 4).unwrap();
        let mut out = Vec::new();
        GzDecoder::new(packed.as_slice()).read_to_end(&mut out).unwrap();
        assert_eq!(out, text);
        assert!(packed.len() < text.len() / 50);
    }
}
