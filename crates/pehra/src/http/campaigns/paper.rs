//! What is read out and what is put up: scripts for the radio as text, posters as pages to print. Only of languages that are
//! out: two native readers have signed them, and another person has approved.

use super::{about, language};
use crate::{
    http::{problem::Problem, reply, room::Room, who::Access},
    markup::escape,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use pehra_domain::campaign::Language;
use pehra_ops::campaign::{LanguageState, Phase};

/// Letters that an announcer reads in a minute, unhurried. Assumed.
const LETTERS_A_MINUTE: usize = 750;

struct Sheet {
    name: String,
    text: String,
    from: String,
    until: String,
    watermark: Option<String>,
    id: String,
}

fn sheet(room: &Room, access: &Access, id: &str, language: Language) -> Result<Sheet, Problem> {
    let (campaign, _) = about(room, access, id)?;
    let node = room.node();
    let today = pehra_domain::Date::of_pkt(node.now());
    let found = node.ops(|state| {
        let record = state.campaigns.get(campaign)?;
        let (draft, _) = record.told()?;
        let may = record.language(language) == LanguageState::Out
            && matches!(record.phase(today), Phase::Approved | Phase::Running)
            && record.is_grounded(state);
        let text = record.text(language).filter(|_| may)?;
        Some(Sheet {
            name: draft.name.clone(),
            text: text.to_owned(),
            from: draft.from.to_string(),
            until: draft.until.to_string(),
            watermark: node.watermark(),
            id: id.to_owned(),
        })
    });
    found.ok_or_else(|| Problem::not_found(id))
}

/// The script that an announcer reads: how long it takes, when, and the signed words alone.
#[utoipa::path(get, path = "/api/campaigns/{id}/script/{language}", tag = "campaigns",
    params(("id" = String, Path), ("language" = String, Path)),
    responses((status = 200, content_type = "text/plain", body = String), (status = 404, body = crate::http::problem::Fault)))]
pub async fn script(
    State(room): State<Room>,
    access: Access,
    Path((id, code)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let language = language(&code)?;
    let sheet = sheet(&room, &access, &id, language)?;
    let letters = sheet.text.chars().filter(|c| !c.is_whitespace()).count();
    let seconds = (letters * 60).div_ceil(LETTERS_A_MINUTE).max(1);
    let mut out = String::from("\u{feff}");
    for line in sheet.watermark.iter().map(String::as_str).chain([
        &*format!("{} · {}", sheet.name, language.name()),
        &*format!(
            "{} – {} · about {seconds} s · read as it stands, nothing added",
            sheet.from, sheet.until
        ),
        &*format!("record {}", sheet.id),
        "",
        &sheet.text,
    ]) {
        out.push_str(line);
        out.push_str("\r\n");
    }
    let name = format!("pehra-radio-{}.txt", language.code());
    Ok(reply::file(&name, "text/plain; charset=utf-8", out.into_bytes()))
}

/// A poster of one page to print: no script, no picture, nothing from elsewhere.
#[utoipa::path(get, path = "/api/campaigns/{id}/poster/{language}", tag = "campaigns",
    params(("id" = String, Path), ("language" = String, Path)),
    responses((status = 200, content_type = "text/html", body = String), (status = 404, body = crate::http::problem::Fault)))]
pub async fn poster(
    State(room): State<Room>,
    access: Access,
    Path((id, code)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let language = language(&code)?;
    let sheet = sheet(&room, &access, &id, language)?;
    let page = page(&sheet, language);
    let name = format!("pehra-poster-{}.html", language.code());
    Ok(reply::file(&name, "text/html; charset=utf-8", page.into_bytes()))
}

fn page(sheet: &Sheet, language: Language) -> String {
    let direction = if language.is_right_to_left() { "rtl" } else { "ltr" };
    // A long text is set smaller, so that it stays one page.
    let size = match sheet.text.chars().count() {
        0..=120 => 44,
        121..=320 => 32,
        321..=700 => 23,
        _ => 16,
    };
    let paragraphs: String =
        sheet.text.lines().map(|line| format!("<p>{}</p>", escape(line))).collect();
    let mark = sheet.watermark.as_deref().map(|it| format!("<p class=syn>{}</p>", escape(it)));
    format!(
        "<!doctype html><html lang={code} dir={direction}><meta charset=utf-8><title>{title}</title><style>\
         @page{{size:A3;margin:18mm}}body{{margin:0;font-family:'Noto Naskh Arabic','Noto Sans Arabic','Noto Sans',sans-serif;color:#000;background:#fff}}\
         main{{border:6px solid #0b5137;border-radius:12px;padding:12mm 14mm;min-height:75vh;display:grid;align-content:center;font-size:{size}pt;line-height:1.7}}\
         p{{margin:.3em 0}}footer,.syn{{font-size:12pt;text-align:center}}.syn{{font-weight:700}}</style>\
         {mark}<main>{paragraphs}</main><footer><p><bdi>{from} – {until}</bdi> · <bdi>111-327-000</bdi></p>\
         <p dir=ltr>{id}</p></footer></html>\n",
        code = language.code(),
        title = escape(&sheet.name),
        mark = mark.unwrap_or_default(),
        from = sheet.from,
        until = sheet.until,
        id = escape(&sheet.id),
    )
}
