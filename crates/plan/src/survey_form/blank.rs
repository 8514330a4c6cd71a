//! Blank forms for paper: plain text, one HTML page that needs nothing else, and CSV for a spreadsheet.

use super::{Form, Language, Question};
use std::fmt::Write as _;

const LANGUAGES: [Language; 2] = [Language::English, Language::Urdu];

fn labels(language: Language) -> [&'static str; 4] {
    match language {
        Language::English => ["Place", "Date", "Role of the surveyor (no name)", "Note"],
        Language::Urdu => ["مقام", "تاریخ", "جائزہ لینے والے کا عہدہ (نام نہیں)", "نوٹ"],
    }
}

/// Plain text in one language, for a terminal or a simple printer.
#[must_use]
pub fn blank_text(form: Form, language: Language) -> String {
    let mut out = String::new();
    let [place, date, role, note] = labels(language);
    push(&mut out, &format!("{}\n\n{}\n", form.title(language), form.instruction(language)));
    push(
        &mut out,
        &format!("{place}: ______________  {date}: ____________  {role}: ______________\n"),
    );
    for (number, question) in (1..).zip(form.questions()) {
        push(&mut out, &format!("{number}. {} [{}]", question.text(language), question.key));
        for choice in question.choices {
            push(&mut out, &format!("   [ ] {} {}", choice.key, choice.text(language)));
        }
        push(&mut out, &format!("   {note}: ____________________________________________\n"));
    }
    out
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// One page with both languages side by side, for any browser and any printer. It holds no script and asks no network.
#[must_use]
pub fn blank_html(form: Form) -> String {
    let mut out =
        String::from("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
    out.push_str(&escape(form.title(Language::English)));
    out.push_str(
        "</title><style>body{font-family:sans-serif;margin:1.5cm;font-size:11pt}table{border-collapse:collapse;width:100%}\
         td,th{border:1px solid #000;padding:4px 6px;vertical-align:top}td[lang=ur],p[lang=ur],h1[lang=ur]{direction:rtl;text-align:right}\
         tr{break-inside:avoid}ul{list-style:none;margin:0;padding:0}</style></head><body>\n",
    );
    for (language, code) in LANGUAGES.into_iter().zip(["en", "ur"]) {
        let (title, text) = (escape(form.title(language)), escape(form.instruction(language)));
        let blanks: Vec<String> = labels(language)
            .iter()
            .take(3)
            .map(|label| format!("{}: ____________", escape(label)))
            .collect();
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "<h1 lang=\"{code}\">{title}</h1><p lang=\"{code}\">{text}</p><p lang=\"{code}\">{}</p>",
            blanks.join(" &emsp; ")
        );
    }
    out.push_str("<table>\n");
    for (number, question) in (1..).zip(form.questions()) {
        let _ = writeln!(
            out,
            "<tr><td>{number}<br><code>{}</code></td><td lang=\"en\">{}{}</td><td lang=\"ur\">{}{}</td></tr>",
            escape(question.key),
            escape(question.en),
            boxes(question, Language::English),
            escape(question.ur),
            boxes(question, Language::Urdu),
        );
    }
    out.push_str("</table></body></html>\n");
    out
}

fn boxes(question: &Question, language: Language) -> String {
    let lines: String = question
        .choices
        .iter()
        .map(|choice| format!("<li>☐ {} {}</li>", choice.key, escape(choice.text(language))))
        .collect();
    format!("<ul>{lines}</ul>")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A table to fill in: key, question in both languages, allowed answers, answer, note.
#[must_use]
pub fn blank_csv(form: Form) -> String {
    let mut out = String::from("question,text,text_ur,allowed,answer,note\n");
    for question in form.questions() {
        let allowed: Vec<String> =
            question.choices.iter().map(|c| format!("{}={}", c.key, c.en)).collect();
        let cells = [question.key, question.en, question.ur, &allowed.join("; "), "", ""];
        let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        push(&mut out, &line.join(","));
    }
    out
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
