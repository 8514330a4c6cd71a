//! What leaves the node of a pack: one document, or many as an archive that is written while it is read.

use super::opened;
use crate::{
    http::{
        problem::{Fault, Problem},
        reply::{self, apart},
        room::Room,
        who::Access,
    },
    work::pack::{
        Kind,
        shelf::{self, Item, Part},
    },
};
use axum::{
    body::Body,
    extract::{Query, State},
    response::Response,
};
use clap::ValueEnum;
use futures_util::stream;
use pehra_domain::sheet::Language;
use pehra_exchange::archive::Archive;
use serde::Deserialize;
use std::io::{self, Write};
use tokio::sync::mpsc::{Sender, channel};

const PDF: &str = "application/pdf";
const ZIP: &str = "application/zip";
/// Parts of an archive that wait for whoever reads it.
const WAITING: usize = 8;
const PART_BYTES: usize = 64 * 1024;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct DocumentQuery {
    pub area: String,
    /// A sheet's name, or `changes` for the change sheet.
    pub sheet: String,
    /// `en` or `ur`.
    #[param(value_type = String)]
    pub language: Language,
}

/// One document of a pack.
#[utoipa::path(get, path = "/api/packs/document", tag = "packs", params(DocumentQuery),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn document(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<DocumentQuery>,
) -> Result<Response, Problem> {
    apart(move || {
        let (area, folder, manifest) = opened(&room, &access, &query.area)?;
        let found = shelf::document(&manifest, &folder, &query.sheet, query.language);
        let (path, version) = found.ok_or_else(|| Problem::not_found(&query.sheet))?;
        let bytes = std::fs::read(path).map_err(Problem::internal)?;
        tracing::info!(person = %access.person, %area, sheet = query.sheet, "a document of a pack was taken");
        let language = query.language.code();
        Ok(reply::file(&format!("pehra-{}-v{version}-{language}.pdf", query.sheet), PDF, bytes))
    })
    .await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct ArchiveQuery {
    pub area: String,
    /// `en` or `ur`.
    #[param(value_type = String)]
    pub language: Language,
    /// `all`, `changed`, `tables`, or a kind of sheet.
    pub part: String,
}

/// Many documents of a pack in one language as a ZIP archive, with the two files that their codes are checked with; or the
/// tables as workbooks and CSV.
#[utoipa::path(get, path = "/api/packs/archive", tag = "packs", params(ArchiveQuery),
    responses((status = 200, content_type = "application/zip", body = Vec<u8>), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn archive(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<ArchiveQuery>,
) -> Result<Response, Problem> {
    let part = match query.part.as_str() {
        "all" => Part::All,
        "changed" => Part::Changed,
        "tables" => Part::Tables,
        kind => Part::Of(Kind::from_str(kind, false).map_err(|_strange| Problem::refused("part"))?),
    };
    let name = {
        let last = query.area.rsplit('/').next().unwrap_or_default();
        format!("pehra-pack-{last}-{}-{}.zip", query.part, query.language.code())
    };
    let items = apart(move || {
        let (area, folder, manifest) = opened(&room, &access, &query.area)?;
        let items = shelf::items(&manifest, &folder, part, query.language);
        if !items.iter().any(|(name, _)| name.contains('/')) {
            return Err(Problem::not_found(query.part));
        }
        tracing::info!(person = %access.person, %area, part = query.part, "a pack was taken");
        Ok(items)
    })
    .await?;
    let (parts, left) = channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let pipe = Pipe { parts: parts.clone(), held: Vec::new() };
        if let Err(cause) = pack(pipe, &items) {
            // Whoever reads sees that it broke off, not an archive that looks whole.
            let _left_already = parts.blocking_send(Err(cause));
        }
    });
    let body = stream::unfold(left, async |mut left| left.recv().await.map(|part| (part, left)));
    Ok(reply::file(&name, ZIP, Body::from_stream(body)))
}

fn pack(pipe: Pipe, items: &[Item]) -> io::Result<()> {
    let mut archive = Archive::begin(pipe);
    for (name, path) in items {
        // Whoever has left ends it here.
        archive.add(name, &std::fs::read(path)?)?;
    }
    archive.finish()
}

/// Hands on what is written, in parts.
struct Pipe {
    parts: Sender<io::Result<Vec<u8>>>,
    held: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PART_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let part = std::mem::take(&mut self.held);
        if part.is_empty() {
            return Ok(());
        }
        self.parts.blocking_send(Ok(part)).map_err(|_left| io::ErrorKind::BrokenPipe.into())
    }
}
