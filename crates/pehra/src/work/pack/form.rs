//! Sheets that are filled in by hand, and the one for the wall.

use super::{
    noun::{BLANK, column, fact, heading, paragraph, table, text, words},
    order::signatures,
    texts::{fill, same, t},
};
use crate::{facts, work::WorkError};
use pehra_domain::sheet::{Align, Block, Cell, Sheet, Words};

/// From this severity on first actions stand on the form.
const GRAVE: u8 = 5;
/// Lines for those who were told.
const TOLD: usize = 4;

/// The form for when everything electronic is gone. It is the same everywhere.
pub(super) fn incident() -> Result<Sheet, WorkError> {
    let lines = |key: &str, count| Block::Lines { label: t(key), count };
    let beside = |first: &str, second: &str| Block::Beside {
        first: vec![lines(first, 3)],
        second: vec![lines(second, 3)],
    };
    let mut blocks = vec![
        Block::Notice { words: t("text.form") },
        Block::Beside {
            first: vec![Block::Facts {
                facts: vec![fact("place", None), fact("number", None), fact("call_sign", None)],
            }],
            second: vec![Block::Facts {
                facts: vec![fact("time", None), fact("reporter", None), fact("code", None)],
            }],
        },
        heading("what"),
        Block::Paragraph { words: t("text.severity") },
        lines("line.what", 3),
        beside("line.injured", "line.material"),
        beside("line.done", "line.needed"),
        heading("told"),
        told(),
        Block::Paragraph { words: t("text.complaint") },
    ];
    blocks.extend(signatures(&["sign.commander", "sign.presiding"]));
    blocks.extend([Block::NewPage, heading("incident"), actions()?]);
    Ok(Sheet {
        name: "incident-form".to_owned(),
        title: t("title.incident_form"),
        subtitle: same(""),
        landscape: false,
        blocks,
    })
}

fn told() -> Block {
    let columns = vec![
        column("who", 2, Align::Start),
        column("time", 1, Align::Start),
        column("what", 3, Align::Start),
    ];
    let mut rows: Vec<Vec<Cell>> = ["sign.presiding", "sign.sector"]
        .iter()
        .map(|key| vec![words(t(key)), BLANK, BLANK])
        .collect();
    rows.resize(TOLD, vec![BLANK, BLANK, BLANK]);
    table("told", columns, rows)
}

/// First actions of the gravest kinds, from the table of incidents, in both languages.
fn actions() -> Result<Block, WorkError> {
    let taxonomy = facts::taxonomy().map_err(|error| WorkError::Input(error.to_string()))?;
    let rows = taxonomy
        .kinds()
        .iter()
        .filter(|kind| kind.severity.number() >= GRAVE)
        .map(|kind| {
            vec![
                text(kind.code.name()),
                words(Words::two(kind.title.as_str(), kind.title_ur.as_str())),
                words(Words::two(kind.first_actions.as_str(), kind.first_actions_ur.as_str())),
            ]
        })
        .collect();
    let columns = vec![
        column("code", 0, Align::Start),
        column("title", 2, Align::Start),
        column("first", 4, Align::Start),
    ];
    Ok(table("first-actions", columns, rows))
}

/// For the gate of every station: what guards may not do, and whom to tell.
pub(super) fn poster() -> Sheet {
    let numbered = |n: u8| Block::Large {
        words: fill("rule.numbered", &[("n", same(n)), ("rule", t(&format!("rule.r{n}")))]),
    };
    let mut blocks: Vec<Block> = (1..=9).map(numbered).collect();
    blocks.push(Block::Notice { words: t("text.poster") });
    blocks.push(Block::Lines { label: t("fact.telephone"), count: 1 });
    Sheet {
        name: "poster".to_owned(),
        title: t("title.poster"),
        subtitle: same(""),
        landscape: false,
        blocks,
    }
}

/// The proof of the plan's entry as codes: with it a page is checked from paper alone.
pub(super) fn record(codes: Vec<String>, area: &str) -> Sheet {
    Sheet {
        name: format!("record-{area}"),
        title: t("heading.proof"),
        subtitle: same(area),
        landscape: false,
        blocks: vec![paragraph("proof"), Block::Codes { texts: codes, words: t("heading.proof") }],
    }
}
