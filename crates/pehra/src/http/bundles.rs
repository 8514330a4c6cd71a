//! Bundles from the browser: made for a stick, and read from one.

use crate::{
    http::{
        carriers::{BundleWish, problem},
        given::Given,
        problem::{Code, Fault, Problem},
        room::Room,
        who::Access,
    },
    node::bundle::Imported,
};
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::State,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};

/// Longest bundle that the browser may hand in; larger ones go by the command line.
const FILE_BYTES_MAX: usize = 256 << 20;
/// How many entries went into a bundle.
const ENTRIES_HEADER: &str = "x-pehra-entries";

/// Makes a bundle for its receivers, as a file.
#[utoipa::path(post, path = "/api/link/bundles", tag = "carriers", request_body = BundleWish,
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 422, body = Fault)))]
pub async fn make(
    State(room): State<Room>,
    _: Access,
    Given(wish): Given<BundleWish>,
) -> Result<Response, Problem> {
    let node = room.node().clone();
    let made = tokio::task::spawn_blocking(move || {
        let recipients: Result<Vec<_>, _> = wish.to.iter().map(|to| node.recipient(to)).collect();
        node.export_bundle(&recipients.map_err(problem)?, true).map_err(problem)
    });
    let (bytes, report) = made.await.map_err(Problem::internal)??;
    let headers = [
        (CONTENT_TYPE.as_str(), "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION.as_str(), "attachment; filename=\"pehra.bundle\"".to_owned()),
        (ENTRIES_HEADER, report.entries.to_string()),
    ];
    Ok((headers, bytes).into_response())
}

/// Reads a bundle that somebody carried here. One for others is kept and goes along with the next.
#[utoipa::path(post, path = "/api/link/bundles/read", tag = "carriers",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Imported), (status = 413, body = Fault), (status = 422, body = Fault)))]
pub async fn read(
    State(room): State<Room>,
    _: Access,
    body: Body,
) -> Result<Json<Imported>, Problem> {
    let bytes = to_bytes(body, FILE_BYTES_MAX).await;
    let bytes = bytes.map_err(|_too_large_or_broken| Problem::of(Code::TooLarge))?;
    let node = room.node().clone();
    let taken = tokio::task::spawn_blocking(move || node.import_bundle(&bytes));
    taken.await.map_err(Problem::internal)?.map(Json).map_err(problem)
}
