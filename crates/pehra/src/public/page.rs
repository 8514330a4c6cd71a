//! The pages, whole: no script, no picture, nothing from elsewhere, 30 kB at most with all that belongs to them.

use super::{
    look::{self, FOUND_MAX, Found, Notice, Standing, Today, Told},
    write::{Tongue, clock, escape, own},
};
use crate::day::SuspensionRow;
use pehra_domain::{AreaId, station::StationKind};
use pehra_ops::{
    poll::Phase as PollPhase,
    report::{Answer, Phase, TEXT_BYTES_MAX, Topic},
    suspension,
};

/// The style of every page. Its hash stands in the policy: no other style is applied.
pub(super) const STYLE: &str = "\
:root{color-scheme:light dark;--ink:#14211a;--paper:#fbfaf6;--line:#8a948d;--deep:#0b5137;--note:#fff3d6;--bad:#8c1d12}\
@media(prefers-color-scheme:dark){:root{--ink:#eef2ee;--paper:#121a15;--line:#7d8a82;--deep:#8fd6b4;--note:#33290f;--bad:#ffb4a8}}\
*{box-sizing:border-box}\
body{margin:0;background:var(--paper);color:var(--ink);font:1.06rem/1.55 system-ui,'Noto Sans',sans-serif}\
:lang(ur){font-family:'Noto Naskh Arabic','Noto Nastaliq Urdu','Segoe UI',Tahoma,system-ui,sans-serif;line-height:1.85}\
header,main,footer{max-width:44rem;margin:auto;padding:.75rem 1rem}\
header{border-bottom:3px solid var(--deep)}h1{font-size:1.45rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.6rem 0 .4rem}\
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;padding:0;margin:.4rem 0}\
a{color:var(--deep)}a,button,select,input,textarea,summary{min-height:2.6rem}nav a{display:inline-block;padding:.45rem 0}\
label{display:block;margin:.9rem 0 .2rem;font-weight:600}.check label{display:inline;font-weight:400}\
select,input[type=text],textarea{width:100%;font:inherit;padding:.5rem;border:1px solid var(--line);border-radius:.3rem;background:var(--paper);color:var(--ink)}\
input[type=checkbox]{width:1.4rem;height:1.4rem;min-height:0;vertical-align:middle}\
button{font:inherit;font-weight:600;padding:.5rem 1.4rem;margin:1rem 0;border:0;border-radius:.3rem;background:var(--deep);color:var(--paper)}\
:focus-visible{outline:3px solid var(--deep);outline-offset:2px}\
.note,.bad,.syn{border-inline-start:5px solid var(--deep);background:var(--note);padding:.6rem .8rem;margin:.8rem 0}\
.bad{border-color:var(--bad)}.syn{font-weight:700;text-align:center}\
.code{font:700 1.5rem/1.4 ui-monospace,monospace;letter-spacing:.03em;direction:ltr;unicode-bidi:isolate;display:block}\
.small{font-size:.92rem}table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.4rem;border-bottom:1px solid var(--line)}\
.wide{overflow-x:auto}";

/// What stands around every page.
pub(super) struct Frame<'a> {
    pub(super) tongue: Tongue,
    /// Path behind the language: `report`.
    pub(super) path: &'a str,
    /// The id of an exercise or an imagined nation; none in a real election.
    pub(super) not_real: Option<&'a str>,
}

pub(super) fn whole(frame: &Frame<'_>, title: &str, main: &str) -> String {
    let tongue = frame.tongue;
    let (code, direction, other) = (tongue.code(), tongue.direction(), tongue.other());
    let not_real = frame.not_real.map_or_else(String::new, |id| {
        let says = tongue.say(
            "An exercise with imagined data. Nothing here is real.",
            "یہ مشق ہے، تمام معلومات فرضی ہیں۔ یہاں کچھ بھی حقیقی نہیں۔",
        );
        format!("<p class=syn>{} · {says}</p>", own(id))
    });
    let links = [
        ("", tongue.say("Start", "آغاز")),
        ("station", tongue.say("My station", "میرا پولنگ سٹیشن")),
        ("report", tongue.say("Report something", "اطلاع دیں")),
        ("follow", tongue.say("My receipt code", "میرا رسید نمبر")),
    ];
    let links: String = links
        .iter()
        .map(|(path, name)| {
            let here = if *path == frame.path { " aria-current=page" } else { "" };
            format!("<li><a href=\"/{code}/{path}\"{here}>{name}</a>")
        })
        .collect();
    let name = tongue.say("Safe voting", "محفوظ ووٹنگ");
    let change = other.say("English", "اردو");
    let language = tongue.say("Language and pages", "زبان اور صفحات");
    let foot = tongue.say(
        "This page sets no cookies, runs no programs and writes down nobody's address. Helpline from any fixed line:",
        "یہ صفحہ نہ کوکی رکھتا ہے، نہ کوئی پروگرام چلاتا ہے، نہ کسی کا پتا لکھتا ہے۔ لینڈ لائن سے ہیلپ لائن:",
    );
    format!(
        "<!doctype html><html lang={code} dir={direction}><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\"><meta name=robots content=noindex>\
         <title>{title} · {name}</title><style>{STYLE}</style>\
         <header>{not_real}<p><strong>{name}</strong></p><nav aria-label=\"{language}\"><ul>{links}\
         <li><a href=\"/{}/{}\" lang={} hreflang={}>{change}</a></ul></nav></header>\
         <main><h1>{title}</h1>{main}</main>\
         <footer class=small><p>{foot} <bdi>111-327-000</bdi></p></footer></html>",
        other.code(),
        frame.path,
        other.code(),
        other.code(),
    )
}

fn list(items: &[&str]) -> String {
    let items: String = items.iter().map(|item| format!("<li>{item}")).collect();
    format!("<ul>{items}</ul>")
}

/// The districts as choices; the chosen one stays chosen.
pub(super) fn district_field(
    tongue: Tongue,
    districts: &[(AreaId, String, String)],
    chosen: &str,
) -> String {
    let options: String = districts
        .iter()
        .map(|(area, english, urdu)| {
            let name = tongue.say(english, urdu);
            let selected = if area.as_str() == chosen { " selected" } else { "" };
            format!("<option value=\"{}\"{selected}>{}", escape(area.as_str()), escape(name))
        })
        .collect();
    let choose = tongue.say("Choose", "چنیں");
    format!(
        "<label for=d>{}</label><select id=d name=d required><option value=\"\">{choose}{options}</select>",
        tongue.say("District", "ضلع")
    )
}

/// The first page.
pub(super) fn start(
    tongue: Tongue,
    districts: &[(AreaId, String, String)],
    (notices, campaigns): (&[Notice], &[Told]),
    suspensions: &[SuspensionRow],
) -> String {
    let say = |en, ur| tongue.say(en, ur);
    let vote = list(&[
        say(
            "Find your station before the day and write its number down: telephones may not work.",
            "پولنگ کے دن سے پہلے اپنا سٹیشن معلوم کر کے نمبر لکھ لیں: ممکن ہے فون نہ چلیں۔",
        ),
        say(
            "Nobody may ask how you vote. You vote alone behind the screen.",
            "کوئی نہیں پوچھ سکتا کہ آپ نے کسے ووٹ دیا۔ آپ پردے کے پیچھے اکیلے ووٹ ڈالتے ہیں۔",
        ),
        say(
            "Whoever is old, disabled or pregnant may be helped to the front of the queue. Women are searched by women only.",
            "بزرگ، معذور اور حاملہ ووٹر قطار میں مدد لے سکتے ہیں۔ خواتین کی تلاشی صرف خواتین لیتی ہیں۔",
        ),
        say(
            "If something is wrong, tell the presiding officer first; then report it here, on the helpline or at the desk of the district returning officer.",
            "کچھ غلط ہو تو پہلے پریذائیڈنگ افسر کو بتائیں؛ پھر یہاں، ہیلپ لائن پر یا ضلعی ریٹرننگ افسر کے ڈیسک پر اطلاع دیں۔",
        ),
    ]);
    let guards = list(&[
        say(
            "ask you for your papers or turn you away",
            "آپ سے شناختی کاغذات مانگنا یا آپ کو واپس بھیجنا",
        ),
        say(
            "stand inside the station without being called by the presiding officer",
            "پریذائیڈنگ افسر کے بلائے بغیر سٹیشن کے اندر کھڑا ہونا",
        ),
        say(
            "take ballots, forms or other material into their hands",
            "بیلٹ، فارم یا دوسرا انتخابی سامان اپنے ہاتھ میں لینا",
        ),
        say(
            "take part in the count or argue with agents, observers or reporters",
            "گنتی میں حصہ لینا یا ایجنٹوں، مبصروں یا صحافیوں سے الجھنا",
        ),
        say(
            "arrest somebody in the station unless the presiding officer says so",
            "پریذائیڈنگ افسر کی ہدایت کے بغیر سٹیشن میں کسی کو گرفتار کرنا",
        ),
    ]);
    format!(
        "<h2>{}</h2>{vote}<h2>{}</h2><p>{}</p>{guards}<p><a href=\"/{}/report\">{}</a></p>\
         <h2>{}</h2><form action=\"/{}/today\" method=get>{}<button>{}</button></form>\
         <h2>{}</h2>{}{}<h2>{}</h2>{}",
        say("How to vote safely", "محفوظ ووٹ کیسے دیں"),
        say("What guards may not do", "حفاظتی عملہ کیا نہیں کر سکتا"),
        say(
            "Police stand outside the station. Guards, police and soldiers may not",
            "پولیس سٹیشن کے باہر کھڑی ہوتی ہے۔ محافظوں، پولیس اور فوجیوں کو اجازت نہیں:",
        ),
        tongue.code(),
        say("Report something", "اطلاع دیں"),
        say("What works today at my place", "آج میرے علاقے میں کیا کھلا ہے"),
        tongue.code(),
        district_field(tongue, districts, ""),
        say("Show", "دکھائیں"),
        say("Notices", "اعلانات"),
        self::campaigns(tongue, campaigns),
        self::notices(tongue, notices),
        say("Telephone and internet", "ٹیلی فون اور انٹرنیٹ"),
        self::suspensions(tongue, suspensions),
    )
}

/// What approved campaigns say while they run, with corrections of rumours marked as such.
fn campaigns(tongue: Tongue, told: &[Told]) -> String {
    let one = |one: &Told| {
        let mark = if one.correction {
            format!("<strong>{}</strong> ", tongue.say("Correction:", "تصحیح:"))
        } else {
            String::new()
        };
        let place = if one.area == AreaId::nation() {
            String::new()
        } else {
            format!(" <span class=small>({})</span>", own(one.area.name()))
        };
        format!("<p class=note>{mark}{}{place}</p>", escape(&one.text))
    };
    told.iter().map(one).collect()
}

fn notices(tongue: Tongue, notices: &[Notice]) -> String {
    if notices.is_empty() {
        let none =
            tongue.say("No poll is put off or repeated.", "کوئی پولنگ ملتوی یا دوبارہ نہیں ہے۔");
        return format!("<p>{none}</p>");
    }
    let rows: String = notices
        .iter()
        .take(FOUND_MAX)
        .map(|one| {
            let what = match one.phase {
                PollPhase::Postponed => tongue.say("put off", "ملتوی"),
                PollPhase::Adjourned => tongue.say("broken off", "روک دی گئی"),
                PollPhase::Repeated
                | PollPhase::Unknown
                | PollPhase::Scheduled
                | PollPhase::Held
                | PollPhase::Disputed => tongue.say("is repeated", "دوبارہ ہوگی"),
            };
            let place = one.station.as_deref().unwrap_or(&one.constituency);
            let on = match one.goes_on {
                Some(date) => format!("{} <bdi>{date}</bdi>", tongue.say("goes on", "نئی تاریخ")),
                None => {
                    tongue.say("new date not ordered yet", "نئی تاریخ ابھی مقرر نہیں").to_owned()
                }
            };
            format!(
                "<li>{} · <bdi>{}</bdi> · {what} · {on} <span class=small>({})</span>",
                own(place),
                one.on,
                own(&one.instrument)
            )
        })
        .collect();
    format!("<ul>{rows}</ul>")
}

/// Recorded suspensions as they were ordered and observed.
fn suspensions(tongue: Tongue, rows: &[SuspensionRow]) -> String {
    if rows.is_empty() {
        let none = tongue.say(
            "No suspension of service is on record. What does not work near you may still be broken.",
            "سروس کی کوئی بندش ریکارڈ پر نہیں۔ آپ کے قریب خرابی پھر بھی ہو سکتی ہے۔",
        );
        return format!("<p>{none}</p>");
    }
    let rows: String = rows
        .iter()
        .take(FOUND_MAX)
        .map(|row| {
            let services: Vec<&str> = row.services.iter().map(|one| service(tongue, one)).collect();
            let mut when = String::new();
            if let Some(at) = row.effective {
                when += &format!(" {} {}", tongue.say("observed since", "مشاہدہ از"), clock(at));
            }
            if let Some(at) = row.restored {
                when += &format!(" {} {}", tongue.say("restored", "بحال"), clock(at));
            }
            format!(
                "<li>{} · {} · {}{when}",
                own(row.area.name()),
                services.join(tongue.say(", ", "، ")),
                phase(tongue, row.phase)
            )
        })
        .collect();
    format!("<ul>{rows}</ul>")
}

fn service(tongue: Tongue, name: &str) -> &'static str {
    match name {
        "voice" => tongue.say("calls", "فون کالیں"),
        "sms" => tongue.say("text messages", "پیغامات"),
        "data" => tongue.say("mobile internet", "موبائل انٹرنیٹ"),
        "broadband" => tongue.say("fixed internet", "تار والا انٹرنیٹ"),
        _ => tongue.say("a site or an application", "کوئی ویب سائٹ یا ایپ"),
    }
}

fn phase(tongue: Tongue, phase: suspension::Phase) -> &'static str {
    use suspension::Phase as P;
    match phase {
        P::Restored => tongue.say("works again", "دوبارہ چل رہا ہے"),
        P::PartlyRestored => tongue.say("works in part", "جزوی طور پر بحال"),
        P::InEffect => tongue.say("does not work", "بند ہے"),
        P::Announced | P::Ordered => {
            tongue.say("a stop was announced or ordered", "بندش کا اعلان یا حکم ہوا ہے")
        }
        P::Disputed => tongue.say("sources contradict each other", "ذرائع میں اختلاف ہے"),
        P::Open | P::Unknown => tongue.say("said to be cut", "بندش کی اطلاع ہے"),
    }
}

/// How things stand in a district.
pub(super) fn today(tongue: Tongue, name: &str, today: Option<&Today>) -> String {
    let Some(today) = today else {
        let none = tongue.say(
            "No list of stations of this district has been published here yet.",
            "اس ضلع کے پولنگ سٹیشنوں کی فہرست ابھی یہاں شائع نہیں ہوئی۔",
        );
        return format!("<p>{none}</p>");
    };
    let say = |en, ur| tongue.say(en, ur);
    let count =
        |label: &str, number: u32| format!("<tr><th scope=row>{label}<td><bdi>{number}</bdi>");
    let age = match today.heard {
        Some(at) => {
            format!("{} {}", say("Newest word of an officer:", "افسران کی آخری خبر:"), clock(at))
        }
        None => say("No officer has reported yet.", "ابھی کسی افسر کی خبر نہیں آئی۔").to_owned(),
    };
    let over = if look::is_over(today) {
        format!(
            "<p>{}</p>",
            say("The usual hours of voting are over.", "ووٹنگ کا معمول کا وقت ختم ہو چکا ہے۔")
        )
    } else {
        String::new()
    };
    format!(
        "<p>{} · <bdi>{}</bdi> · {} {}</p>{over}<table>{}{}{}{}</table><p class=small>{age} {}</p><h2>{}</h2>{}",
        own(name),
        today.poll,
        say("as of", "بوقت"),
        clock(today.now),
        count(say("Stations", "پولنگ سٹیشن"), today.stations),
        count(say("open, by their officers' word", "کھلے ہیں، افسران کے مطابق"), today.opened),
        count(say("late: no word of opening yet", "تاخیر: کھلنے کی خبر نہیں آئی"), today.no_word),
        count(say("voting has ended", "ووٹنگ ختم ہو چکی"), today.ended),
        say(
            "A station without word may be open all the same: telephones may not work there.",
            "جس سٹیشن کی خبر نہیں وہ بھی کھلا ہو سکتا ہے: ممکن ہے وہاں فون نہ چلتے ہوں۔",
        ),
        say("Telephone and internet", "ٹیلی فون اور انٹرنیٹ"),
        suspensions(tongue, &today.suspensions),
    )
}

/// The search for a station, with what was found.
pub(super) fn station(
    tongue: Tongue,
    districts: &[(AreaId, String, String)],
    (chosen, words): (&str, &str),
    found: Option<(usize, &[Found])>,
) -> String {
    let say = |en, ur| tongue.say(en, ur);
    let mut out = format!(
        "<p>{}</p><form method=get>{}<label for=q>{}</label><input type=text id=q name=q maxlength=60 value=\"{}\">\
         <button>{}</button></form>",
        say(
            "By the list that the commission published. Choose the district and write a part of the station's name, its number or the constituency (NA-40).",
            "الیکشن کمیشن کی شائع کردہ فہرست کے مطابق۔ ضلع چنیں اور سٹیشن کے نام کا کچھ حصہ، نمبر یا حلقہ (NA-40) لکھیں۔",
        ),
        district_field(tongue, districts, chosen),
        say("Name, number or constituency", "نام، نمبر یا حلقہ"),
        escape(words),
        say("Search", "تلاش کریں"),
    );
    let Some((count, found)) = found else { return out };
    if count == 0 {
        out += &format!(
            "<p role=status>{}</p>",
            say("No station of this district reads so.", "اس ضلع میں ایسا کوئی سٹیشن نہیں ملا۔")
        );
        return out;
    }
    out += &format!(
        "<h2 role=status>{} <bdi>{count}</bdi></h2>",
        say("Stations found:", "ملنے والے سٹیشن:")
    );
    if count > found.len() {
        out += &format!(
            "<p>{}</p>",
            say(
                "The first of them; write more of the name.",
                "یہ ابتدائی سٹیشن ہیں؛ نام کا مزید حصہ لکھیں۔"
            )
        );
    }
    let rows: String = found.iter().map(|one| row(tongue, one)).collect();
    out += &format!(
        "<div class=wide><table><tr><th scope=col>{}<th scope=col>{}<th scope=col>{}<th scope=col>{}{rows}</table></div>",
        say("Station", "سٹیشن"),
        say("Number", "نمبر"),
        say("For", "برائے"),
        say("Now", "اب"),
    );
    out
}

fn row(tongue: Tongue, one: &Found) -> String {
    let kind = match one.kind {
        StationKind::Men => tongue.say("men", "مرد"),
        StationKind::Women => tongue.say("women", "خواتین"),
        StationKind::Combined => tongue.say("men and women", "مرد و خواتین"),
    };
    let numbers: Vec<String> =
        one.contests.iter().map(|(seat, number)| own(&format!("{seat} / {number}"))).collect();
    let numbers = if numbers.is_empty() { own(one.id.as_str()) } else { numbers.join("<br>") };
    let now = match one.standing {
        Standing::Open => tongue.say("open", "کھلا ہے"),
        Standing::Ended => tongue.say("voting has ended", "ووٹنگ ختم"),
        Standing::NoWord => tongue.say("no word of opening yet", "کھلنے کی خبر نہیں آئی"),
        Standing::NotYet => tongue.say("not yet time", "ابھی وقت نہیں ہوا"),
    };
    format!("<tr><td>{}<td>{numbers}<td>{kind}<td>{now}", own(&one.name))
}

/// What is wrong; nothing where nothing is.
fn alert(wrong: Option<&str>) -> String {
    wrong.map_or_else(String::new, |words| format!("<div class=bad role=alert>{words}</div>"))
}

/// What somebody typed so far, and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed<'a> {
    pub(super) district: &'a str,
    pub(super) place: &'a str,
    pub(super) topic: &'a str,
    pub(super) when: &'a str,
    pub(super) guards: bool,
    pub(super) text: &'a str,
    pub(super) contact: &'a str,
    pub(super) wrong: Option<String>,
}

/// The topics as choices.
fn topic_options(tongue: Tongue, chosen: &str) -> String {
    let option = |topic: &Topic| {
        let selected = if topic.name() == chosen { " selected" } else { "" };
        format!("<option value={}{selected}>{}", topic.name(), topic_words(tongue, *topic))
    };
    Topic::ALL.iter().map(option).collect()
}

/// When it happened, as coarse as it is kept or coarser.
fn when_options(tongue: Tongue, chosen: &str) -> String {
    let say = |en, ur| tongue.say(en, ur);
    let whens = [
        ("0", say("in the last hour", "پچھلے ایک گھنٹے میں")),
        ("2", say("some hours ago", "چند گھنٹے پہلے")),
        ("24", say("yesterday", "کل")),
        ("x", say("I would rather not say", "نہیں بتانا چاہتا/چاہتی")),
    ];
    let option = |(value, name): &(&str, &str)| {
        let selected = if *value == chosen { " selected" } else { "" };
        format!("<option value={value}{selected}>{name}")
    };
    whens.iter().map(option).collect()
}

/// What a reporter should know before the first word.
fn before_telling(tongue: Tongue) -> String {
    let say = |en, ur| tongue.say(en, ur);
    let known = list(&[
        say(
            "You need not say who you are, and nobody can find out from this page.",
            "آپ کو اپنی شناخت بتانے کی ضرورت نہیں، اور اس صفحے سے کوئی معلوم نہیں کر سکتا۔",
        ),
        say(
            "Do not write names, identity numbers, telephone numbers, or how anybody votes.",
            "نام، شناختی نمبر، فون نمبر یا کسی کا ووٹ نہ لکھیں۔",
        ),
        say(
            "What you tell of guards, police or soldiers is sealed: their commanders and control rooms cannot read it.",
            "محافظوں، پولیس یا فوجیوں کے بارے میں آپ کی بات مہر بند رہتی ہے: ان کے افسران اور کنٹرول روم اسے نہیں پڑھ سکتے۔",
        ),
        say(
            "You get a code to ask for the answer. The aim is an answer within the hour.",
            "جواب دیکھنے کے لیے آپ کو ایک نمبر ملے گا۔ کوشش ہے کہ ایک گھنٹے میں جواب ملے۔",
        ),
    ]);
    let danger = say("In danger? Call 15 first.", "خطرے میں ہیں؟ پہلے 15 پر فون کریں۔");
    format!("<div class=note>{known}<p><strong>{danger}</strong></p></div>")
}

/// The form in which something is told.
pub(super) fn report(
    tongue: Tongue,
    districts: &[(AreaId, String, String)],
    typed: &Typed<'_>,
) -> String {
    let say = |en, ur| tongue.say(en, ur);
    let wrong = alert(typed.wrong.as_deref());
    let checked = if typed.guards { " checked" } else { "" };
    format!(
        "{}{wrong}<form method=post autocomplete=off>{}\
         <label for=p>{}</label><input type=text id=p name=p maxlength=40 value=\"{}\" autocomplete=off>\
         <label for=t>{}</label><select id=t name=t required><option value=\"\">{}{}</select>\
         <p class=check><input type=checkbox id=g name=g value=1{checked}> <label for=g>{}</label></p>\
         <label for=w>{}</label><select id=w name=w>{}</select>\
         <label for=x>{}</label><textarea id=x name=x rows=7 required maxlength={} autocomplete=off>{}</textarea>\
         <label for=c>{}</label><input type=text id=c name=c maxlength=80 value=\"{}\" autocomplete=off aria-describedby=cs>\
         <p class=small id=cs>{}</p><button>{}</button></form>",
        before_telling(tongue),
        district_field(tongue, districts, typed.district),
        say(
            "Station or constituency, if you know it (NA-40-15 or NA-40)",
            "پولنگ سٹیشن یا حلقہ، اگر معلوم ہو (NA-40-15 یا NA-40)"
        ),
        escape(typed.place),
        say("What is it about?", "بات کس بارے میں ہے؟"),
        say("Choose", "چنیں"),
        topic_options(tongue, typed.topic),
        say(
            "It is about a guard, the police or a soldier",
            "بات کسی محافظ، پولیس یا فوجی کے بارے میں ہے"
        ),
        say("When?", "کب؟"),
        when_options(tongue, typed.when),
        say("What happened?", "کیا ہوا؟"),
        TEXT_BYTES_MAX / 2,
        escape(typed.text),
        say(
            "How can the public desk reach you? Leave empty if you do not want to be reached.",
            "عوامی ڈیسک آپ سے کیسے رابطہ کرے؟ رابطہ نہیں چاہتے تو خالی چھوڑ دیں۔"
        ),
        escape(typed.contact),
        say(
            "It is sealed apart from your words, can be opened by the public desk alone, with a reason, and may be deleted thirty days after the poll.",
            "یہ آپ کی بات سے الگ مہر بند ہوتا ہے، صرف عوامی ڈیسک وجہ لکھ کر کھول سکتا ہے، اور پولنگ کے تیس دن بعد مٹایا جا سکتا ہے۔"
        ),
        say("Send", "بھیجیں"),
    )
}

pub(super) fn topic_words(tongue: Tongue, topic: Topic) -> &'static str {
    match topic {
        Topic::Closed => {
            tongue.say("The station is closed or opens late", "سٹیشن بند ہے یا دیر سے کھلا")
        }
        Topic::TurnedAway => tongue.say("Somebody was turned away", "کسی کو واپس بھیج دیا گیا"),
        Topic::Women => tongue.say("Women are kept from voting", "خواتین کو ووٹ سے روکا جا رہا ہے"),
        Topic::Violence => tongue.say("Violence or a threat", "تشدد یا دھمکی"),
        Topic::Guards => tongue
            .say("What a guard, the police or a soldier did", "کسی محافظ، پولیس یا فوجی کا رویہ"),
        Topic::Access => {
            tongue.say("No way in for disabled or old people", "معذور یا بزرگ افراد کے لیے رکاوٹ")
        }
        Topic::Material => {
            tongue.say("Ballots or other material are missing", "بیلٹ یا دوسرا سامان کم ہے")
        }
        Topic::Crowd => {
            tongue.say("A crowd, or a queue that does not move", "ہجوم، یا قطار رکی ہوئی ہے")
        }
        Topic::Rumour => {
            tongue.say("A rumour that should be looked at", "کوئی افواہ جس کی تصدیق ہونی چاہیے")
        }
        Topic::Other => tongue.say("Something else", "کچھ اور"),
    }
}

/// What the reporter gets.
pub(super) fn receipt(tongue: Tongue, code: &str, sealed: bool) -> String {
    let say = |en, ur| tongue.say(en, ur);
    let kept = if sealed {
        say(
            "It is sealed for the public desk, the commission's monitor and the district returning officer. Nobody else can read it.",
            "یہ صرف عوامی ڈیسک، کمیشن کے نگران اور ضلعی ریٹرننگ افسر کے لیے مہر بند ہے۔ کوئی اور اسے نہیں پڑھ سکتا۔",
        )
    } else {
        say(
            "The public desk and the control room of your district have it before them.",
            "یہ عوامی ڈیسک اور آپ کے ضلع کے کنٹرول روم کے سامنے ہے۔",
        )
    };
    format!(
        "<p role=status>{}</p><p>{}<strong class=code>{code}</strong></p><p>{kept}</p>\
         <div class=note>{}</div><p><a href=\"/{}/follow\">{}</a></p>",
        say("Your report was received. Thank you.", "آپ کی اطلاع مل گئی۔ شکریہ۔"),
        say("Your receipt code", "آپ کا رسید نمبر"),
        say(
            "Write the code down and close this page: the code is shown once. Whoever has it can read the answer, but not your words.",
            "یہ نمبر لکھ لیں اور صفحہ بند کر دیں: نمبر ایک ہی بار دکھایا جاتا ہے۔ جس کے پاس یہ ہو وہ جواب دیکھ سکتا ہے، آپ کی بات نہیں۔",
        ),
        tongue.code(),
        say("Look for the answer", "جواب دیکھیں"),
    )
}

/// The question for a code, with what was wrong with the one before.
pub(super) fn follow(tongue: Tongue, wrong: Option<&str>) -> String {
    let wrong = alert(wrong);
    format!(
        "{wrong}<form method=post autocomplete=off><label for=k>{}</label>\
         <input type=text id=k name=k inputmode=numeric maxlength=40 required autocomplete=off dir=ltr>\
         <button>{}</button></form>",
        tongue.say("Receipt code, sixteen digits", "رسید نمبر، سولہ ہندسے"),
        tongue.say("Show", "دکھائیں"),
    )
}

/// How far a report has come: nothing of what was told stands here.
pub(super) fn fate(tongue: Tongue, phase: Phase, answers: &[(Answer, String, String)]) -> String {
    let say = |en, ur| tongue.say(en, ur);
    let stands = match phase {
        Phase::Unknown | Phase::Received => {
            say("Received; nobody has looked at it yet.", "مل گئی؛ ابھی کسی نے نہیں دیکھی۔")
        }
        Phase::Triaged | Phase::Disputed => {
            say("Somebody is looking at it.", "اس پر کام ہو رہا ہے۔")
        }
        Phase::Answered => say("It was answered.", "جواب دے دیا گیا۔"),
        Phase::Closed => say("It was answered and is closed.", "جواب دے کر بند کر دی گئی۔"),
    };
    let answers: String = answers
        .iter()
        .map(|(answer, note, at)| {
            let note =
                if note.is_empty() { String::new() } else { format!("<p>{}</p>", own(note)) };
            format!("<div class=note><p>{at} · {}</p>{note}</div>", answer_words(tongue, *answer))
        })
        .collect();
    format!("<p role=status>{stands}</p>{answers}")
}

pub(super) fn answer_words(tongue: Tongue, answer: Answer) -> &'static str {
    match answer {
        Answer::Passed => tongue.say(
            "Those who are responsible have it before them.",
            "معاملہ ذمہ دار افسران کے سامنے ہے۔",
        ),
        Answer::Acted => tongue.say("Something was done about it.", "اس پر کارروائی ہو چکی ہے۔"),
        Answer::NotConfirmed => tongue.say(
            "It was looked into and could not be confirmed.",
            "جانچ کی گئی مگر تصدیق نہ ہو سکی۔",
        ),
        Answer::MoreNeeded => tongue.say(
            "More is needed: please report it again with place and hour.",
            "مزید معلومات درکار ہیں: جگہ اور وقت کے ساتھ دوبارہ اطلاع دیں۔",
        ),
        Answer::Explained => tongue.say("It is as the rules have it.", "یہ قواعد کے مطابق ہے۔"),
    }
}
