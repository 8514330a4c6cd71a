//! The account on one page: plain HTML without a script, nothing fetched from anywhere, in either direction of script, fit
//! for paper.

mod chart;
mod section;

use super::{Account, Edition, Figure, Value, Words};
use crate::markup::{self, escape};
use pehra_domain::UnixMs;
use pehra_ledger::base64;
use std::fmt::Write;

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "lowercase")]
pub enum Language {
    En,
    Ur,
}

impl Language {
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ur => "ur",
        }
    }
}

const STYLE: &str = "\
:root{--ink:#14202b;--soft:#4c5b68;--line:#c9d2d9;--paper:#fff;--band:#eef3f2;--deep:#0f4c4a;--good:#1b6b3a;--bad:#9c1f1f}\
*{box-sizing:border-box}body{margin:0 auto;max-width:72rem;padding:1.2rem 1.4rem 3rem;background:var(--paper);color:var(--ink);\
font:15px/1.5 system-ui,'Noto Sans',sans-serif}\
:lang(ur){font-family:'Noto Naskh Arabic','Noto Nastaliq Urdu','Segoe UI',Tahoma,system-ui,sans-serif;line-height:1.8}\
bdi,.n{unicode-bidi:isolate}.n{direction:ltr;white-space:nowrap;font-variant-numeric:tabular-nums}\
.n.wrap{white-space:normal}.mark{position:sticky;top:0;text-align:center;font-weight:700;background:#ffd166;padding:.3rem;\
margin:0 -1.4rem 1rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}\
h1{font-size:1.7rem;margin:.2rem 0 .1rem;color:var(--deep)}h2{font-size:1.2rem;margin:2.2rem 0 .5rem;color:var(--deep);\
border-bottom:2px solid var(--deep);padding-bottom:.15rem;break-after:avoid}h3{font-size:1rem;margin:1.2rem 0 .3rem;break-after:avoid}\
p{margin:.35rem 0}.soft{color:var(--soft);font-size:.9em}.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));\
gap:.7rem;margin:1.2rem 0}.tile{border:1px solid var(--line);border-inline-start:5px solid var(--deep);padding:.6rem .8rem;\
border-radius:.3rem;break-inside:avoid}.tile b{display:block;font-size:1.55rem;line-height:1.2;font-variant-numeric:tabular-nums}\
.tile b.none{font-size:1.05rem;font-style:normal;padding:.35rem 0}.tile span{color:var(--soft);font-size:.88em}.tile.bad{border-inline-start-color:var(--bad)}.tile.good{border-inline-start-color:var(--good)}\
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.4rem 0}\
th,td{text-align:start;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--line)}\
thead th{background:var(--band);font-size:.86em;border-bottom:2px solid var(--line);print-color-adjust:exact;-webkit-print-color-adjust:exact}\
tr{break-inside:avoid}td small{display:block;color:var(--soft)}ul.v{list-style:none;margin:0;padding:0}\
ul.v li{display:flex;gap:.6rem;justify-content:space-between;border-bottom:1px dotted var(--line)}ul.v li:last-child{border:0}\
.met{font-weight:700;white-space:nowrap}.met.yes{color:var(--good)}.met.no{color:var(--bad)}\
.none{color:var(--soft);font-style:italic}:lang(ur) .none{font-style:normal}svg{width:100%;height:auto;display:block;direction:ltr}\
svg text{font:11px system-ui,sans-serif;fill:var(--soft)}.bar{fill:var(--deep)}.bar.due{fill:var(--line)}.bar.hit{fill:var(--bad)}\
@media(max-width:40rem){body{padding:.8rem .8rem 2rem;font-size:14px}.mark{margin:0 -.8rem .8rem}th,td{padding:.3rem}}\
@media print{body{max-width:none;padding:0;font-size:10pt}.mark{position:static;margin:0 0 .6rem}h2{margin-top:1.2rem}.scroll{overflow:visible}\
thead{display:table-header-group}@page{size:A4;margin:14mm}}";

/// Letters of Urdu, as WOFF2: upright and bold.
#[derive(Clone, Debug, Default)]
pub struct Fonts {
    pub regular: Option<Vec<u8>>,
    pub bold: Option<Vec<u8>>,
}

impl Fonts {
    fn faces(&self) -> String {
        let mut out = String::new();
        for (bytes, weight) in [(&self.regular, "400"), (&self.bold, "600 700")] {
            if let Some(bytes) = bytes {
                let _written = write!(
                    out,
                    "@font-face{{font-family:'Noto Naskh Arabic';font-weight:{weight};\
                     src:url(data:font/woff2;base64,{}) format('woff2')}}",
                    base64::encode(bytes)
                );
            }
        }
        out
    }
}

/// A writer that knows its language.
pub(super) struct Page {
    out: String,
    language: Language,
}

impl Page {
    pub(super) fn say<'a>(&self, en: &'a str, ur: &'a str) -> &'a str {
        match self.language {
            Language::En => en,
            Language::Ur => ur,
        }
    }

    pub(super) fn of<'a>(&self, words: &'a Words) -> &'a str {
        self.say(&words.en, &words.ur)
    }

    pub(super) fn raw(&mut self, html: &str) {
        self.out.push_str(html);
    }

    pub(super) fn heading(&mut self, en: &str, ur: &str) {
        let text = escape(self.say(en, ur));
        let _written = write!(self.out, "<h2>{text}</h2>");
    }

    pub(super) fn paragraph(&mut self, class: &str, text: &str) {
        let _written = write!(self.out, "<p class=\"{class}\">{}</p>", escape(text));
    }

    /// The head of a table, whose rows follow.
    pub(super) fn table(&mut self, heads: &[(&str, &str)]) {
        self.raw("<div class=\"scroll\"><table><thead><tr>");
        for (en, ur) in heads {
            let text = escape(self.say(en, ur));
            let _written = write!(self.out, "<th scope=\"col\">{text}</th>");
        }
        self.raw("</tr></thead><tbody>");
    }

    /// One row; the cells are HTML already.
    pub(super) fn cells(&mut self, cells: &[String]) {
        self.raw("<tr>");
        for cell in cells {
            let _written = write!(self.out, "<td>{cell}</td>");
        }
        self.raw("</tr>");
    }

    pub(super) fn end_table(&mut self) {
        self.raw("</tbody></table></div>");
    }
}

/// The account as a page. Letters of Urdu come from the fonts that are given, so that a machine without any shows them;
/// without them the machine's own are used.
#[must_use]
pub fn html(account: &Account, language: Language, fonts: &Fonts) -> String {
    let mut page = Page { out: String::with_capacity(64 * 1_024), language };
    head(&mut page, account, fonts);
    tiles(&mut page, account);
    figures(&mut page, account);
    section::timeline(&mut page, account);
    section::incidents(&mut page, account);
    section::exceptions(&mut page, account);
    section::posted(&mut page, account);
    section::suspensions(&mut page, account);
    section::model(&mut page, account);
    section::repolls(&mut page, account);
    section::readiness(&mut page, account);
    section::findings(&mut page, account);
    foot(&mut page, account);
    page.out
}

fn head(page: &mut Page, account: &Account, fonts: &Fonts) {
    let faces = if page.language == Language::Ur { fonts.faces() } else { String::new() };
    let (code, direction) = match page.language {
        Language::En => ("en", "ltr"),
        Language::Ur => ("ur", "rtl"),
    };
    let title = page.say("After-action report", "کارروائی کے بعد کی رپورٹ");
    let place = escape(page.of(&account.area_name));
    let _written = write!(
        page.out,
        "<!doctype html>\n<html lang=\"{code}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title} · {place}</title><style>{faces}{STYLE}</style></head><body>"
    );
    if let Some(mark) = &account.mark {
        let _written = write!(page.out, "<div class=\"mark\">{}</div>", escape(mark));
    }
    let edition = match account.edition {
        Edition::Public => page.say("public edition", "عوامی اشاعت"),
        Edition::Internal => page.say("internal edition", "داخلی اشاعت"),
    };
    let as_of = page.say("as of", "بتاریخ");
    let stations = page.say("stations that vote", "ووٹ ڈالنے والے اسٹیشن");
    let poll = page.say("poll of", "پولنگ");
    let _written = write!(
        page.out,
        "<header><h1>{title}: {place}</h1><p><bdi>{}</bdi> (<bdi>{}</bdi>) · {poll} {} · <b>{edition}</b></p>\
         <p class=\"soft\">{as_of} {} · {} {stations}</p></header>",
        escape(&account.election_name),
        escape(&account.election),
        number(&account.poll),
        moment(account.as_of_ms),
        number(&account.stations.to_string()),
    );
    let text = match account.edition {
        Edition::Public => page.say(
            "Names of persons and units, the words of reports, intelligence, complaints about those who guard, and forces by district are not in this edition.",
            "افراد اور دستوں کے نام، رپورٹوں کے الفاظ، انٹیلی جنس، محافظوں کے خلاف شکایات اور ضلع وار نفری اس اشاعت میں نہیں۔",
        ),
        Edition::Internal => page.say(
            "For official use. Complaints about those who guard are counted here and told nowhere.",
            "سرکاری استعمال کے لیے۔ محافظوں کے خلاف شکایات یہاں صرف گنی گئی ہیں، بیان کہیں نہیں کی گئیں۔",
        ),
    };
    page.paragraph("soft", text);
}

/// The first look: six figures.
fn tiles(page: &mut Page, account: &Account) {
    const SHOWN: [&str; 6] = ["K01", "K03", "K04", "K27", "K13", "K14"];
    page.raw("<div class=\"tiles\">");
    for figure in SHOWN.iter().filter_map(|id| account.figures.iter().find(|it| it.id == *id)) {
        let class = match figure.met {
            Some(true) => "tile good",
            Some(false) => "tile bad",
            None => "tile",
        };
        let (kind, first) = figure.values.first().map_or_else(
            || ("none", page.say("not recorded", "درج نہیں").to_owned()),
            |value| ("n", short(value)),
        );
        let name = escape(page.of(&figure.name));
        let _written = write!(
            page.out,
            "<div class=\"{class}\"><b class=\"{kind}\">{first}</b><span>{name}</span></div>"
        );
    }
    page.raw("</div>");
}

fn figures(page: &mut Page, account: &Account) {
    page.heading("The thirty-two figures", "بتیس اعداد");
    page.table(&[
        ("No.", "نمبر"),
        ("Figure and formula", "عدد اور فارمولا"),
        ("Value", "قدر"),
        ("Target", "ہدف"),
        ("Met", "پورا ہوا"),
        ("Age of the data", "ڈیٹا کی عمر"),
    ]);
    for figure in &account.figures {
        let cells = [
            number(&figure.id),
            format!(
                "<b>{}</b><small>{}</small>",
                escape(page.of(&figure.name)),
                escape(page.of(&figure.formula))
            ),
            values(page, figure),
            escape(page.of(&figure.target)),
            met(page, figure),
            age(figure),
        ];
        page.cells(&cells);
    }
    page.end_table();
}

fn values(page: &Page, figure: &Figure) -> String {
    if figure.withheld {
        let text = page.say("not in the public edition", "عوامی اشاعت میں نہیں");
        return format!("<span class=\"none\">{text}</span>");
    }
    let mut out = String::new();
    if let Some(reason) = &figure.reason {
        let _written = write!(
            out,
            "<span class=\"none\">{}: {}</span>",
            page.say("not recorded", "درج نہیں"),
            escape(page.of(reason))
        );
    }
    if !figure.values.is_empty() {
        out.push_str("<ul class=\"v\">");
        for value in &figure.values {
            let _written = write!(
                out,
                "<li><span>{}</span>{}</li>",
                escape(page.of(&value.label)),
                long(page, value)
            );
        }
        out.push_str("</ul>");
    }
    for caveat in &figure.caveats {
        let _written = write!(out, "<small>{}</small>", escape(page.of(caveat)));
    }
    out
}

fn met(page: &Page, figure: &Figure) -> String {
    // Colour, shape and word.
    match figure.met {
        Some(true) => format!("<span class=\"met yes\">✓ {}</span>", page.say("met", "پورا")),
        Some(false) => format!("<span class=\"met no\">✗ {}</span>", page.say("missed", "چوک")),
        None => "–".to_owned(),
    }
}

fn age(figure: &Figure) -> String {
    let Some((newest, age)) = figure.newest_ms.zip(figure.age_s) else { return "–".to_owned() };
    format!("{}<small>{}</small>", moment(newest), number(&span(age.unsigned_abs())))
}

/// The most telling number of a value, as text.
fn short(value: &Value) -> String {
    match (value.sort, value.numerator, value.denominator) {
        ("share", Some(of), Some(all)) => {
            value.per_mille.map_or_else(|| format!("{of}/{all}"), percent)
        }
        ("seconds", ..) => value.p90_s.map_or_else(String::new, span),
        ("range", ..) => range(value.low, value.high),
        ("estimate", ..) => value.per_mille.map_or_else(String::new, thousandths),
        _ => value.count.map_or_else(String::new, |it| it.to_string()),
    }
}

/// A value with all that it consists of, as HTML.
fn long(page: &Page, value: &Value) -> String {
    let text = match (value.sort, value.numerator, value.denominator) {
        ("share", Some(of), Some(all)) => match value.per_mille {
            Some(it) => format!("{} ({of} / {all})", percent(it)),
            None => format!("{of} / {all}"),
        },
        ("seconds", ..) => {
            let (p50, p90) = (value.p50_s.unwrap_or(0), value.p90_s.unwrap_or(0));
            let mut text = format!("p50 {} · p90 {}", span(p50), span(p90));
            if let Some(target) = value.target_s {
                let _written = write!(text, " ≤ {}", span(target));
            }
            let _written = write!(text, " (n {})", value.count.unwrap_or(0));
            text
        }
        ("minutes", ..) => {
            format!("{} {}", value.count.unwrap_or(0), page.say("min", "منٹ"))
        }
        ("estimate", ..) => {
            let ends = (value.low.unwrap_or(0), value.high.unwrap_or(0));
            format!("{} ({}–{})", short(value), thousandths(ends.0), thousandths(ends.1))
        }
        _ => short(value),
    };
    format!("<span class=\"n\">{}</span>", escape(&text))
}

fn foot(page: &mut Page, account: &Account) {
    page.heading("How to check this", "اس کی جانچ کیسے ہو");
    let text = page
        .say(
            "Every figure is computed from signed entries; the JSON twin beside this page holds the same numbers. Two runs over the same record give identical bytes. The record itself is checked with `pehra prove verify`.",
            "ہر عدد دستخط شدہ اندراجات سے شمار ہوا ہے؛ ساتھ کی JSON فائل میں یہی اعداد ہیں۔ ایک ہی ریکارڈ پر دو بار چلانے سے بائٹ بہ بائٹ ایک ہی رپورٹ ملتی ہے۔ ریکارڈ کی جانچ `pehra prove verify` سے ہوتی ہے۔",
        );
    page.paragraph("", text);
    let list = account.station_list.clone().unwrap_or_default();
    let entries = page.say("entries on this record", "اس ریکارڈ میں اندراجات");
    let stations = page.say("station list, SHA-256", "اسٹیشن فہرست، SHA-256");
    let _written = writeln!(
        page.out,
        "<p class=\"soft\">{entries}: {} · {stations}: <span class=\"n wrap\">{list}</span></p></body></html>",
        number(&account.entries.to_string())
    );
}

/// `2024-02-08 09:30` in Pakistan, kept from turning round.
pub(super) fn moment(ms: i64) -> String {
    number(&markup::moment(UnixMs(ms)))
}

pub(super) fn number(text: &str) -> String {
    format!("<span class=\"n\">{}</span>", escape(text))
}

/// `2 h 05 min`, `4 min`, `35 s`.
pub(super) fn span(seconds: u64) -> String {
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

fn percent(per_mille: i64) -> String {
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

fn thousandths(value: i64) -> String {
    format!("{}.{:03}", value / 1_000, value.rem_euclid(1_000))
}

fn range(low: Option<i64>, high: Option<i64>) -> String {
    match (low.unwrap_or(0), high.unwrap_or(0)) {
        (low, high) if low == high => low.to_string(),
        (low, high) => format!("{low}–{high}"),
    }
}
