//! The first step: the file's bytes, streamed to the node's own folder and never held whole in memory.

use super::{
    ImportView,
    registry::{Import, Step, remove_file},
    view,
};
use crate::{
    http::{
        problem::{Code, Fault, Problem},
        room::Room,
        who::Access,
    },
    work::import::{self, Kind},
};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Query, State},
    http::{HeaderMap, header::CONTENT_LENGTH},
};
use futures_util::StreamExt;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};
use tokio::sync::mpsc;

/// Pieces waiting between the network and the disk.
const WAITING_PIECES: usize = 16;
const NAME_CHARS_MAX: usize = 120;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// `stations`, `forces`, `events`, `norms`, `figures`, `boundaries`, `surveys`, `places`.
    pub kind: String,
    /// The file's own name.
    pub name: String,
}

/// Takes a file in; its columns are guessed and shown.
#[utoipa::path(post, path = "/api/imports", tag = "imports", params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = ImportView), (status = 413, body = Fault), (status = 422, body = Fault), (status = 507, body = Fault)))]
pub async fn upload(
    State(room): State<Room>,
    _: Access,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<ImportView>, Problem> {
    let kind = Kind::from_word(&query.kind)
        .ok_or_else(|| Problem::about(Code::ValueRefused, format!("kind: {}", query.kind)))?;
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let bytes_max = room.imports().bytes_max();
    if announced.is_some_and(|bytes: u64| bytes > bytes_max) {
        return Err(too_large(bytes_max));
    }
    let id = crate::auth::hex(&room.node().random::<16>()?);
    let path = room.imports().path_of(&id);
    let received = receive(body, path.clone(), bytes_max).await;
    let (bytes, sha256) = received.inspect_err(|_| remove_file(&path))?;
    let looked_at = path.clone();
    let inspection = tokio::task::spawn_blocking(move || import::inspect(kind, &looked_at)).await;
    let inspection = inspection.map_err(Problem::internal)?.map_err(|error| {
        remove_file(&path);
        Problem::about(Code::FileUnreadable, without_path(&error.to_string(), &path, &query.name))
    })?;
    let import = Import {
        id,
        kind,
        name: plain_name(&query.name),
        bytes,
        sha256,
        path,
        step: Step::Columns,
        inspection,
        mapping: None,
        checked: None,
        error: None,
        job: None,
    };
    let shown = view(&import);
    room.imports().add(import)?;
    Ok(Json(shown))
}

fn too_large(bytes_max: u64) -> Problem {
    Problem::about(Code::TooLarge, format!("at most {} MB", bytes_max / 1_000_000))
}

/// Hands the pieces to a thread that writes and hashes them. A slow disk slows the sender, not the node.
async fn receive(body: Body, path: PathBuf, bytes_max: u64) -> Result<(u64, [u8; 32]), Problem> {
    let (send, pieces) = mpsc::channel::<Bytes>(WAITING_PIECES);
    let writing = tokio::task::spawn_blocking(move || write(&path, pieces));
    let mut stream = body.into_data_stream();
    let mut bytes = 0_u64;
    let mut broken = None;
    while let Some(piece) = stream.next().await {
        let Ok(piece) = piece else {
            broken = Some(Problem::of(Code::UploadBroken));
            break;
        };
        bytes += piece.len() as u64;
        if bytes > bytes_max {
            broken = Some(too_large(bytes_max));
            break;
        }
        if send.send(piece).await.is_err() {
            // The writer has given up; it says why.
            break;
        }
    }
    drop(send);
    let written = writing.await.map_err(Problem::internal)?;
    if let Some(problem) = broken {
        return Err(problem);
    }
    let sha256 = written.map_err(|cause| {
        tracing::error!(%cause, "an upload cannot be written");
        Problem::of(Code::DiskFull)
    })?;
    if bytes == 0 { Err(Problem::of(Code::UploadBroken)) } else { Ok((bytes, sha256)) }
}

fn write(path: &Path, mut pieces: mpsc::Receiver<Bytes>) -> std::io::Result<[u8; 32]> {
    let mut file = File::options().write(true).create_new(true).open(path)?;
    let mut hash = Sha256::new();
    while let Some(piece) = pieces.blocking_recv() {
        hash.update(&piece);
        file.write_all(&piece)?;
    }
    file.flush()?;
    Ok(hash.finalize().into())
}

/// The name without folders and control characters; it goes into the record as the data's source.
fn plain_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String =
        last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect::<String>();
    let name = name.trim();
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// The person sees the name of their file, not where it is kept here.
fn without_path(text: &str, path: &Path, name: &str) -> String {
    text.replace(&path.display().to_string(), &plain_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_loses_its_folders_and_tricks() {
        assert_eq!(plain_name("../../etc/list.csv"), "list.csv");
        assert_eq!(plain_name("C:\\data\\فہرست.xlsx"), "فہرست.xlsx");
        assert_eq!(plain_name("\u{7}\n"), "file");
        assert_eq!(plain_name(&"x".repeat(500)).len(), NAME_CHARS_MAX);
    }

    #[tokio::test]
    async fn bytes_arrive_whole_and_hashed_and_too_many_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.upload");
        let (bytes, hash) = receive(Body::from("abc"), path.clone(), 3).await.unwrap();
        assert_eq!((bytes, std::fs::read(&path).unwrap().as_slice()), (3, b"abc".as_slice()));
        assert_eq!(hash, <[u8; 32]>::from(Sha256::digest(b"abc")));
        let other = folder.path().join("b.upload");
        let refused = receive(Body::from("abcd"), other, 3).await.unwrap_err();
        assert_eq!(refused.fault.code, "too-large");
        let nowhere = folder.path().join("no/such/folder");
        let refused = receive(Body::from("abc"), nowhere, 3).await.unwrap_err();
        assert_eq!(refused.fault.code, "disk-full");
        let empty = receive(Body::empty(), folder.path().join("c.upload"), 3).await.unwrap_err();
        assert_eq!(empty.fault.code, "upload-broken");
    }
}
