//! Papers for a quiz: a page for each candidate in both languages, to be printed without a network, and the key for
//! whoever marks. What is right stands on the key alone.

use super::School;
use crate::{
    markup::escape,
    work::{WorkError, file},
};
use pehra_domain::PersonId;
use pehra_exchange::export;
use pehra_plan::training::quiz::letter;
use serde::Serialize;
use std::{fmt::Write as _, fs, path::Path};

/// One question as a candidate sees it: nothing says which answer is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Sheet {
    pub question_en: String,
    pub question_ur: String,
    /// English and Urdu, A first.
    pub answers: Vec<[String; 2]>,
}

impl School {
    /// The paper of a candidate without what is right; none for a module without a quiz.
    #[must_use]
    pub fn sheet(&self, module: u8, seed: u64, number: &PersonId) -> Option<Vec<Sheet>> {
        let (bank, test) = (self.bank(module)?, self.test(module)?);
        let paper = bank.paper(seed, number, test.questions);
        let asked = paper.asked.iter().filter_map(|asked| {
            let item = bank.items.get(asked.item)?;
            let answers = asked.order.iter().filter_map(|at| item.answers.get(*at));
            Some(Sheet {
                question_en: item.question.en.clone(),
                question_ur: item.question.ur.clone(),
                answers: answers.map(|text| [text.en.clone(), text.ur.clone()]).collect(),
            })
        });
        Some(asked.collect())
    }
}

/// Writes `papers.html`, a page for each candidate, and `key.csv` for whoever marks; gives their names.
///
/// # Errors
/// [`WorkError`]: the module has no quiz, or a file cannot be written.
pub fn papers(
    school: &School,
    (module, seed): (u8, u64),
    people: &[PersonId],
    watermark: Option<&str>,
    out: &Path,
) -> Result<Vec<String>, WorkError> {
    let (Some(bank), Some(test)) = (school.bank(module), school.test(module)) else {
        return Err(WorkError::Input(format!("M{module} is no module with a quiz")));
    };
    fs::create_dir_all(out).map_err(|error| file::disk(out, &error))?;
    let mut html = String::from(HEAD);
    let mut keys = Vec::new();
    for number in people {
        let Some(sheets) = school.sheet(module, seed, number) else { continue };
        page(
            &mut html,
            &format!("M{module} · {}", school.title(module)),
            number,
            &sheets,
            watermark,
        );
        let key = bank.paper(seed, number, test.questions).key();
        keys.push(vec![number.to_string(), key]);
    }
    html.push_str("</body></html>\n");
    file::write(&out.join("papers.html"), html.as_bytes())?;
    let mut csv = Vec::new();
    export::csv(&["number", "key"], &mut keys.into_iter(), watermark, &mut csv)
        .map_err(|error| WorkError::Input(error.to_string()))?;
    file::write(&out.join("key.csv"), &csv)?;
    Ok(vec!["papers.html".to_owned(), "key.csv".to_owned()])
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Quiz · امتحان</title><style>\
body{font:11pt/1.35 sans-serif;margin:0}section{page-break-after:always;padding:12mm}\
h1{font-size:13pt;margin:0 0 4mm}li{margin:0 0 3mm;break-inside:avoid}p{margin:0}\
.ur{direction:rtl;text-align:right;font-family:'Noto Naskh Arabic',serif}\
.answer{display:flex;gap:4mm;justify-content:space-between}.answer b{min-width:8mm}.mark{color:#666}\
</style></head><body>\n";

fn page(
    html: &mut String,
    title: &str,
    number: &PersonId,
    sheets: &[Sheet],
    watermark: Option<&str>,
) {
    let said = |text: &str| escape(text);
    // Writing to memory cannot fail.
    let _ = write!(
        html,
        "<section><h1>{} · <bdi>{}</bdi></h1>{}<p>Ring one letter. · <span lang=\"ur\">ایک حرف پر دائرہ لگائیں۔</span></p><ol>",
        said(title),
        said(number.as_str()),
        watermark.map(|mark| format!("<p class=\"mark\">{}</p>", said(mark))).unwrap_or_default()
    );
    for sheet in sheets {
        let _ = write!(
            html,
            "<li><p>{}</p><p class=\"ur\" lang=\"ur\">{}</p>",
            said(&sheet.question_en),
            said(&sheet.question_ur)
        );
        for (place, [en, ur]) in sheet.answers.iter().enumerate() {
            let _ = write!(
                html,
                "<div class=\"answer\"><b>{}</b><span>{}</span><span class=\"ur\" lang=\"ur\">{}</span></div>",
                letter(place),
                said(en),
                said(ur)
            );
        }
        html.push_str("</li>");
    }
    html.push_str("</ol></section>\n");
}
