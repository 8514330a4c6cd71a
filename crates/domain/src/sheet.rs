//! A sheet of paper before it is typeset: what stands on it, in two languages, without a word about how it looks. And
//! the lines in which whoever plans and whoever typesets talk to each other.

use serde::{Deserialize, Serialize};

/// What is said: the same in every language (a name, a call sign), or in English and in Urdu.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Words {
    Same(String),
    Two { en: String, ur: String },
}

impl Words {
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        Self::Same(text.into())
    }

    #[must_use]
    pub fn two(en: impl Into<String>, ur: impl Into<String>) -> Self {
        Self::Two { en: en.into(), ur: ur.into() }
    }

    /// The words in one language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match (self, language) {
            (Self::Same(text), _) => text,
            (Self::Two { ur, .. }, Language::Urdu) => ur,
            (Self::Two { en, .. }, Language::English) => en,
        }
    }
}

/// In which language a sheet is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Language {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "ur")]
    Urdu,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Urdu];

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Urdu => "ur",
        }
    }
}

/// One cell of a table. A blank one is filled in by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    Number(i64),
    Words(Words),
    Blank(()),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    Start,
    Centre,
    End,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub head: Words,
    /// Its share of the width; 0: as wide as what stands in it.
    pub weight: u16,
    pub align: Align,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// What its twins for other programs are called: plain letters, digits and hyphens.
    pub name: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub label: Words,
    /// None: the plan does not know it; a line to fill in by hand.
    pub value: Option<Words>,
}

/// One mark on a sketch, in thousandths of its width and height from the upper left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub x: u16,
    pub y: u16,
    /// 0 normal, 1 sensitive, 2 most sensitive, 3 an office or a unit.
    pub shape: u8,
    /// The place that the sheet is about.
    pub here: bool,
    pub label: String,
}

/// Places as they lie to each other. No boundary, no road: nobody navigates by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    pub caption: Words,
    /// Height in thousandths of the width.
    pub height: u16,
    pub marks: Vec<Mark>,
    /// What the bar of scale says, and its length in thousandths of the width.
    pub scale: (String, u16),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Block {
    Heading {
        words: Words,
    },
    Paragraph {
        words: Words,
    },
    /// Framed and heavy: what must not be overlooked.
    Notice {
        words: Words,
    },
    Facts {
        facts: Vec<Fact>,
    },
    List {
        items: Vec<Words>,
        numbered: bool,
    },
    Table {
        table: Table,
    },
    /// Ruled lines for handwriting.
    Lines {
        label: Words,
        count: u8,
    },
    Signatures {
        labels: Vec<Words>,
    },
    Sketch {
        sketch: Sketch,
    },
    /// Codes for a camera, each a text.
    Codes {
        texts: Vec<String>,
        words: Words,
    },
    /// Two columns beside each other.
    Beside {
        first: Vec<Block>,
        second: Vec<Block>,
    },
    /// For a wall: letters that are read from three metres.
    Large {
        words: Words,
    },
    NewPage,
}

/// What stands on the paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Of the file, without its ending.
    pub name: String,
    pub title: Words,
    pub subtitle: Words,
    pub landscape: bool,
    pub blocks: Vec<Block>,
}

/// What stands at the edge of every page: of which plan it is, and what to scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Plan, entry, version and short hash.
    pub version: Words,
    /// Of an exercise or a generated nation: across every page.
    pub mark: Option<String>,
    /// What the code on each page holds.
    pub code: Option<String>,
}

impl Sheet {
    /// Every table of the sheet, those in columns included.
    #[must_use]
    pub fn tables(&self) -> Vec<&Table> {
        fn within<'b>(blocks: &'b [Block], found: &mut Vec<&'b Table>) {
            for block in blocks {
                match block {
                    Block::Table { table } => found.push(table),
                    Block::Beside { first, second } => {
                        within(first, found);
                        within(second, found);
                    }
                    Block::Heading { .. }
                    | Block::Paragraph { .. }
                    | Block::Notice { .. }
                    | Block::Facts { .. }
                    | Block::List { .. }
                    | Block::Lines { .. }
                    | Block::Signatures { .. }
                    | Block::Sketch { .. }
                    | Block::Codes { .. }
                    | Block::Large { .. }
                    | Block::NewPage => {}
                }
            }
        }
        let mut found = Vec::new();
        within(&self.blocks, &mut found);
        found
    }
}

/// One line to the typesetter: one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub number: u64,
    pub sheet: Sheet,
    pub issue: Issue,
    pub language: Language,
    /// Where the document goes; it appears there whole or not at all.
    pub to: String,
}

/// One line from the typesetter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Reply {
    /// The first line: it understands these lines.
    Ready {
        protocol: u32,
        version: String,
    },
    Done {
        number: u64,
        pages: u32,
        bytes: u64,
        sha256: String,
    },
    Failed {
        number: u64,
        reason: String,
    },
}

/// Of [`Job`] and [`Reply`]; a typesetter of another one is refused.
pub const PROTOCOL: u32 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_kind_on_the_way() {
        let cells = vec![
            Cell::Number(7),
            Cell::Words(Words::same("D001 S02 03")),
            Cell::Words(Words::two("gate", "پھاٹک")),
            Cell::Blank(()),
        ];
        let table = Table { name: "posts".into(), columns: Vec::new(), rows: vec![cells] };
        let block = Block::Beside { first: vec![Block::Table { table }], second: Vec::new() };
        let sheet = Sheet {
            name: "x".into(),
            title: Words::same("x"),
            subtitle: Words::same(""),
            landscape: false,
            blocks: vec![block],
        };
        assert_eq!(sheet.tables().len(), 1);
        assert_eq!(Words::two("gate", "پھاٹک").of(Language::Urdu), "پھاٹک");
    }
}
