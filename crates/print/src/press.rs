//! From a sheet to a document: the template reads the sheet as data, so that nothing on it is ever taken for a command.

use crate::{
    code::Code,
    font::{Fonts, missing},
};
use pehra_domain::sheet::{Block, Issue, Language, Sheet, Words};
use serde::Serialize;
use std::sync::OnceLock;
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    ecow::EcoVec,
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

const TEMPLATE: &str = include_str!("sheet.typ");
/// What the cache remembers besides the last sheets is thrown away.
const REMEMBERED: usize = 2;
/// Codes on one sheet.
const CODES_MAX: usize = 64;

/// Why a sheet is not printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PressError {
    #[error("no font here has the letter {letter:?} ({codes}): write the word otherwise")]
    Letter { letter: String, codes: String },
    #[error("a code is too long for a square that a camera reads")]
    Code,
    #[error("the sheet cannot be set: {0}")]
    Set(String),
    #[error("the document cannot be written: {0}")]
    Write(String),
}

/// A document.
pub struct Printed {
    pub bytes: Vec<u8>,
    pub pages: usize,
}

/// What all sheets share.
struct Shop {
    library: LazyHash<Library>,
    fonts: Fonts,
    main: FileId,
    data: FileId,
    source: Source,
    codes: Vec<FileId>,
}

fn file(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn shop() -> Result<&'static Shop, PressError> {
    static SHOP: OnceLock<Option<Shop>> = OnceLock::new();
    let open = || {
        let (main, data) = (file("/sheet.typ")?, file("/sheet.json")?);
        let codes = (0..=CODES_MAX).map(|n| file(&format!("/code-{n}"))).collect::<Option<_>>()?;
        Some(Shop {
            library: LazyHash::new(Library::builder().build()),
            fonts: Fonts::embedded(),
            main,
            data,
            source: Source::new(main, TEMPLATE.to_owned()),
            codes,
        })
    };
    let shop = SHOP.get_or_init(open).as_ref();
    shop.ok_or_else(|| PressError::Set("the template's files have no names".to_owned()))
}

/// What the template sees.
struct Desk {
    shop: &'static Shop,
    data: Bytes,
    codes: Vec<Bytes>,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.fonts.book
    }

    fn main(&self) -> FileId {
        self.shop.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.shop.main {
            Ok(self.shop.source.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shop.data {
            return Ok(self.data.clone());
        }
        let code = self.shop.codes.iter().position(|code| *code == id);
        code.and_then(|n| self.codes.get(n).cloned()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.all.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[derive(Serialize)]
struct Drawn<'a> {
    text: &'a str,
    /// In modules.
    width: usize,
}

#[derive(Serialize)]
struct Given<'a> {
    language: Language,
    sheet: &'a Sheet,
    issue: &'a Issue,
    /// The page's code, then those of the sheet in their order.
    codes: Vec<Drawn<'a>>,
    has_code: bool,
}

/// Sets and writes one document, tagged, with its fonts inside. The same sheet gives the same bytes.
///
/// # Errors
/// [`PressError`].
pub fn print(sheet: &Sheet, issue: &Issue, language: Language) -> Result<Printed, PressError> {
    let shop = shop()?;
    let mut texts: Vec<&str> = vec![issue.code.as_deref().unwrap_or_default()];
    texts.extend(inner_codes(&sheet.blocks));
    if texts.len() > CODES_MAX {
        return Err(PressError::Code);
    }
    let codes: Vec<Code> = texts
        .iter()
        .map(|text| Code::of(text).ok_or(PressError::Code))
        .collect::<Result<_, _>>()?;
    let drawn = texts.iter().zip(&codes).map(|(text, code)| Drawn { text, width: code.width });
    let drawn = drawn.collect();
    let given = Given { language, sheet, issue, codes: drawn, has_code: issue.code.is_some() };
    let data = serde_json::to_vec(&given).map_err(|error| PressError::Set(error.to_string()))?;
    let codes = codes.into_iter().map(|code| Bytes::new(code.pixels)).collect();
    let desk = Desk { shop, data: Bytes::new(data), codes };
    let printed = set(&desk, sheet);
    typst::comemo::evict(REMEMBERED);
    printed
}

/// Prints an empty sheet for nobody, so that everything that is made once is made.
pub fn warm() {
    let empty = || Words::same("");
    let blocks = Vec::new();
    let sheet =
        Sheet { name: "warm".into(), title: empty(), subtitle: empty(), landscape: false, blocks };
    let issue = Issue { version: empty(), mark: None, code: None };
    let _for_nobody = print(&sheet, &issue, Language::English);
}

fn set(desk: &Desk, sheet: &Sheet) -> Result<Printed, PressError> {
    let set = typst::compile::<PagedDocument>(desk);
    let document = set.output.map_err(|errors| PressError::Set(told(&errors)))?;
    if let Some(letter) = document.pages().iter().find_map(|page| missing(&page.frame)) {
        let codes: Vec<String> =
            letter.chars().map(|letter| format!("U+{:04X}", u32::from(letter))).collect();
        return Err(PressError::Letter { letter, codes: codes.join(" ") });
    }
    // A font that is not there is told as a warning: here it is an error.
    if !set.warnings.is_empty() {
        return Err(PressError::Set(told(&set.warnings)));
    }
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| PressError::Write(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(sheet.name.clone()),
        creator: Smart::Custom(Some("Pehra".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let bytes =
        typst_pdf::pdf(&document, &options).map_err(|errors| PressError::Write(told(&errors)))?;
    Ok(Printed { bytes, pages: document.pages().len() })
}

fn inner_codes(blocks: &[Block]) -> Vec<&str> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Codes { texts, .. } => found.extend(texts.iter().map(String::as_str)),
            Block::Beside { first, second } => {
                found.extend(inner_codes(first));
                found.extend(inner_codes(second));
            }
            Block::Heading { .. }
            | Block::Paragraph { .. }
            | Block::Notice { .. }
            | Block::Facts { .. }
            | Block::List { .. }
            | Block::Table { .. }
            | Block::Lines { .. }
            | Block::Signatures { .. }
            | Block::Sketch { .. }
            | Block::Large { .. }
            | Block::NewPage => {}
        }
    }
    found
}

fn told(found: &EcoVec<SourceDiagnostic>) -> String {
    let said: Vec<&str> = found.iter().map(|one| one.message.as_str()).collect();
    said.join("; ")
}
