//! The hot wash on paper: one page of plain HTML, marked on every sheet, that a browser prints.

use super::evaluate::{Evaluation, by_severity};
use crate::markup::{escape, moment};
use pehra_domain::UnixMs;
use std::fmt::Write;

/// The page in a language (`ur` for Urdu, anything else English).
#[must_use]
pub fn html(evaluation: &Evaluation, language: &str) -> String {
    let urdu = language == "ur";
    let word = |en: &'static str, ur: &'static str| if urdu { ur } else { en };
    let mut out = String::with_capacity(16_384);
    let direction = if urdu { "rtl" } else { "ltr" };
    let language = if urdu { "ur" } else { "en" };
    let title = word("Hot wash", "مشق کا فوری جائزہ");
    // Writing into a string cannot fail.
    let _ok = write!(
        out,
        "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <title>{} · {title}</title><style>{STYLE}</style></head><body><div class=\"mark\">{}</div><h1>{title}</h1>",
        escape(&evaluation.mark),
        escape(&evaluation.mark),
    );
    let status = &evaluation.status;
    let _ok = write!(
        out,
        "<p>{} · {} · {} {} · {}</p>",
        escape(&evaluation.election),
        escape(&status.scenario),
        word("seed", "بیج"),
        status.seed,
        moment(UnixMs(status.now_ms)),
    );
    summary(&mut out, evaluation, &word);
    objectives(&mut out, evaluation, &word);
    expected(&mut out, evaluation, &word);
    warned(&mut out, evaluation, &word);
    decisions(&mut out, evaluation, &word);
    findings(&mut out, evaluation, &word);
    out.push_str("</body></html>\n");
    out
}

const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:3rem auto 2rem;padding:0 1rem;color:#111}\
    h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}\
    td,th{border-bottom:1px solid #bbb;padding:.25rem .5rem;text-align:start;vertical-align:top}\
    .mark{position:fixed;top:0;left:0;right:0;text-align:center;font-weight:700;background:#ffd166;padding:.2rem;\
    print-color-adjust:exact}";

type Word<'a> = &'a dyn Fn(&'static str, &'static str) -> &'static str;

fn summary(out: &mut String, evaluation: &Evaluation, word: Word<'_>) {
    let tally = &evaluation.status.tally;
    let lines: [(&str, String); 9] = [
        (word("Expected actions in time", "بروقت متوقع اقدامات"), evaluation.in_time.to_string()),
        (word("late", "تاخیر سے"), evaluation.late.to_string()),
        (word("missing", "جو نہیں ہوئے"), evaluation.missing.to_string()),
        (word("Incidents that happened", "پیش آنے والے واقعات"), tally.incidents.to_string()),
        (
            word("Grave incidents that nobody reported", "سنگین واقعات جن کی اطلاع نہیں آئی"),
            evaluation.never_heard.to_string(),
        ),
        (
            word("Median seconds until the first report", "پہلی اطلاع تک درمیانی وقت (سیکنڈ)"),
            evaluation.heard_after_s.map_or_else(|| "–".to_owned(), |it| it.to_string()),
        ),
        (
            word(
                "Warned of before it happened / too late / not at all",
                "پہلے سے خبردار / تاخیر سے / بالکل نہیں",
            ),
            format!(
                "{} / {} / {}",
                evaluation.warned_before, evaluation.warned_after, evaluation.unwarned
            ),
        ),
        (
            word("Stations that were dark", "اسٹیشن جن سے رابطہ ٹوٹا"),
            tally.dark_stations.to_string(),
        ),
        (
            word(
                "Record behind the clock, at most, s",
                "اندراج گھڑی سے زیادہ سے زیادہ پیچھے، سیکنڈ",
            ),
            evaluation.status.lag_s_max.to_string(),
        ),
    ];
    out.push_str("<table>");
    for (name, value) in lines {
        let _ok = write!(out, "<tr><td>{name}</td><td>{value}</td></tr>");
    }
    out.push_str("</table>");
}

fn objectives(out: &mut String, evaluation: &Evaluation, word: Word<'_>) {
    let _ok = write!(out, "<h2>{}</h2><table>", word("Objectives", "مقاصد"));
    for objective in &evaluation.objectives {
        let verdict = match objective.verdict.as_str() {
            "met" => word("met", "پورا ہوا"),
            "missed" => word("missed", "پورا نہیں ہوا"),
            _ => word("open", "باقی"),
        };
        let _ok = write!(out, "<tr><td>{}</td><td>{verdict}</td></tr>", escape(&objective.text));
    }
    out.push_str("</table>");
}

fn expected(out: &mut String, evaluation: &Evaluation, word: Word<'_>) {
    let _ok = write!(
        out,
        "<h2>{}</h2><table><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
        word("Expected actions", "متوقع اقدامات"),
        word("Severity", "شدت"),
        word("Action", "اقدام"),
        word("in time", "بروقت"),
        word("late", "تاخیر سے"),
        word("missing", "نہیں ہوا"),
        word("not yet due", "وقت باقی"),
    );
    for ((severity, what), [in_time, late, missing, open]) in by_severity(&evaluation.expected) {
        let what = match what.as_str() {
            "acknowledge" => word("acknowledge", "وصولی"),
            "dispatch" => word("dispatch", "روانگی"),
            _ => word("arrive", "پہنچنا"),
        };
        let _ok = write!(
            out,
            "<tr><td>{severity}</td><td>{what}</td><td>{in_time}</td><td>{late}</td><td>{missing}</td><td>{open}</td></tr>"
        );
    }
    out.push_str("</table>");
}

fn warned(out: &mut String, evaluation: &Evaluation, word: Word<'_>) {
    if evaluation.warned.is_empty() {
        return;
    }
    let _ok = write!(
        out,
        "<h2>{}</h2><table><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
        word("Warnings, by root", "انتباہات، ماخذ کے لحاظ سے"),
        word("Root", "ماخذ"),
        word("What", "کیا"),
        word("Area", "علاقہ"),
        word("Reports", "اطلاعات"),
        word("Heard", "پہلی اطلاع"),
        word("Warned", "انتباہ"),
        word("Met", "تعمیل"),
        word("Happened", "پیش آیا"),
    );
    let when = |at: Option<i64>| at.map_or_else(|| "–".to_owned(), |ms| moment(UnixMs(ms)));
    for row in &evaluation.warned {
        let verdict = match row.verdict.as_str() {
            "before" => word("warned before", "پہلے خبردار کیا"),
            "after" => word("warned too late", "تاخیر سے خبردار کیا"),
            "unwarned" => word("nobody was warned", "کسی کو خبردار نہیں کیا"),
            "nothing" => word("nothing happened", "کچھ نہیں ہوا"),
            _ => word("window open", "وقت باقی"),
        };
        let _ok = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{} ({})</td><td>{}</td><td>{}</td><td>{}</td><td>{} · {verdict}</td></tr>",
            escape(&row.root),
            escape(&row.code),
            escape(&row.area),
            row.reports,
            row.graded,
            when(Some(row.heard_ms)),
            when(row.released_ms),
            when(row.confirmed_ms),
            when(row.occurred_ms),
        );
    }
    out.push_str("</table>");
}

fn decisions(out: &mut String, evaluation: &Evaluation, word: Word<'_>) {
    let _ok = write!(
        out,
        "<h2>{}</h2><table><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
        word("Decisions, and what the room knew then", "فیصلے، اور اس وقت کمرے کو کیا معلوم تھا"),
        word("Time", "وقت"),
        word("Who", "کون"),
        word("What", "کیا"),
        word("Known then", "اس وقت معلوم"),
    );
    for decision in &evaluation.decisions {
        let knew = decision.knew.map_or_else(String::new, |it| {
            format!(
                "{}: {} · {}: {} · {}: {}",
                word("open", "کھلے"),
                it.open,
                word("grave", "سنگین"),
                it.grave_open,
                word("not acknowledged", "غیر وصول شدہ"),
                it.unacknowledged
            )
        });
        let _ok = write!(
            out,
            "<tr><td>{}</td><td>{} ({})</td><td>{}</td><td>{knew}</td></tr>",
            decision.at_ms.map_or_else(|| "–".to_owned(), |ms| moment(UnixMs(ms))),
            escape(&decision.person),
            escape(&decision.role),
            escape(&decision.act),
        );
    }
    out.push_str("</table>");
}

fn findings(out: &mut String, evaluation: &Evaluation, word: Word<'_>) {
    let _ok = write!(
        out,
        "<h2>{}</h2><table><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
        word("Findings and actions", "نتائج اور اقدامات"),
        word("Found", "نتیجہ"),
        word("Action", "اقدام"),
        word("Owner", "ذمہ دار"),
        word("Until", "تک"),
        word("Stands", "حالت"),
    );
    for finding in &evaluation.findings {
        let _ok = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&finding.text),
            escape(&finding.action),
            escape(&finding.owner),
            escape(&finding.due),
            stands(&finding.phase, word),
        );
    }
    out.push_str("</table>");
}

fn stands(phase: &str, word: Word<'_>) -> &'static str {
    let (english, urdu) =
        pehra_ops::finding::Phase::read(phase).map(|it| it.said()).unwrap_or_default();
    word(english, urdu)
}
