//! The parts of the page behind the figures.

use super::{
    super::{Account, IncidentLine, SuspensionLine, Toll, words},
    Page, chart, moment, number, span,
};
use crate::markup::escape;
use pehra_domain::risk::RiskClass;
use pehra_ops::finding::Phase;
use std::fmt::Write;

/// Lines of a list on the page; the rest stands in the JSON twin.
const SHOWN_MAX: usize = 400;

fn nothing(page: &mut Page) {
    let text = page.say("Nothing on record.", "کچھ درج نہیں۔");
    page.paragraph("none", text);
}

fn more(page: &mut Page, all: usize, shown: usize) {
    if all > shown {
        let text = match page.language {
            super::Language::En => format!("{} more lines stand in the JSON twin.", all - shown),
            super::Language::Ur => format!("مزید {} سطریں JSON فائل میں ہیں۔", all - shown),
        };
        page.paragraph("soft", &text);
    }
}

pub(super) fn timeline(page: &mut Page, account: &Account) {
    page.heading("The hours", "گھنٹے بہ گھنٹے");
    let label = page.say(
        "check-ins heard in each hour above, incidents reported below",
        "اوپر ہر گھنٹے کے حاضری پیغامات، نیچے اطلاع شدہ واقعات",
    );
    page.paragraph("soft", label);
    let drawing = chart::hours(&account.hours, &escape(label));
    page.raw(&drawing);
    page.table(&[
        ("Hour", "گھنٹہ"),
        ("Check-ins", "حاضری پیغامات"),
        ("Opened", "کھلے"),
        ("Closed", "بند ہوئے"),
        ("Bags received", "تھیلے وصول"),
        ("Incidents, severity 5", "واقعات، شدت 5"),
        ("4", "4"),
        ("3", "3"),
        ("2", "2"),
        ("1", "1"),
        ("Toll revisions", "اعداد کی نظرثانی"),
    ]);
    for hour in &account.hours {
        let [one, two, three, four, five] = hour.incidents;
        let counts = [
            hour.check_ins,
            hour.opened,
            hour.closed,
            hour.received,
            five,
            four,
            three,
            two,
            one,
            hour.toll_revisions,
        ];
        if counts.iter().all(|count| *count == 0) {
            continue;
        }
        let mut cells = vec![moment(hour.from_ms)];
        cells.extend(
            counts
                .iter()
                .map(|count| if *count == 0 { "·".to_owned() } else { number(&count.to_string()) }),
        );
        page.cells(&cells);
    }
    page.end_table();
}

/// `12 → 14 → 16`: every revision stands beside the one before.
fn revisions(tolls: &[Toll], of: impl Fn(&Toll) -> [u32; 2]) -> String {
    let one = |toll: &Toll| match of(toll) {
        [low, high] if low == high => low.to_string(),
        [low, high] => format!("{low}–{high}"),
    };
    let all: Vec<String> = tolls.iter().map(one).collect();
    if all.is_empty() { "–".to_owned() } else { number(&all.join(" → ")) }
}

pub(super) fn incidents(page: &mut Page, account: &Account) {
    page.heading("Incidents and their tolls", "واقعات اور ان کا نقصان");
    if account.incidents.is_empty() {
        return nothing(page);
    }
    let mut shown: Vec<&IncidentLine> = account.incidents.iter().collect();
    // The gravest are kept on the page, in the order in which they came.
    if shown.len() > SHOWN_MAX {
        shown.sort_by_key(|it| (std::cmp::Reverse(it.severity), it.at_ms));
        shown.truncate(SHOWN_MAX);
        shown.sort_by_key(|it| it.at_ms);
    }
    page.table(&[
        ("Reported", "اطلاع"),
        ("Severity", "شدت"),
        ("What", "کیا"),
        ("Where", "کہاں"),
        ("State", "حالت"),
        ("Acknowledged after", "وصولی میں وقت"),
        ("Arrived after", "پہنچنے میں وقت"),
        ("Killed", "ہلاک"),
        ("Injured", "زخمی"),
    ]);
    for one in &shown {
        incident(page, one);
    }
    page.end_table();
    more(page, account.incidents.len(), shown.len());
}

fn incident(page: &mut Page, one: &IncidentLine) {
    let mut what = format!("<b class=\"n\">{}</b> {}", one.code, escape(page.of(&one.title)));
    if let Some(inside) = &one.inside {
        let _written = write!(what, "<small><bdi>{}</bdi></small>", escape(&inside.text));
        if !inside.units.is_empty() {
            let _written = write!(
                what,
                "<small>{}: {}</small>",
                page.say("units", "دستے"),
                number(&inside.units.join(", "))
            );
        }
    }
    let mut place = escape(page.of(&one.area_name));
    if let Some(station) = &one.station {
        let _written = write!(place, "<small>{}</small>", number(station));
    }
    let after = |seconds: Option<u64>| {
        seconds.map_or_else(|| "–".to_owned(), |seconds| number(&span(seconds)))
    };
    let state = format!("{}<small>{}</small>", phase(page, one.phase), finding(page, one.finding));
    let mut killed = revisions(&one.tolls, |toll| toll.killed);
    for source in one.tolls.iter().filter_map(|toll| toll.source.as_ref()) {
        let _written = write!(killed, "<small><bdi>{}</bdi></small>", escape(source));
    }
    let cells = [
        moment(one.at_ms),
        number(&one.severity.to_string()),
        what,
        place,
        state,
        after(one.acknowledged_after_s),
        after(one.arrived_after_s),
        killed,
        revisions(&one.tolls, |toll| toll.hurt),
    ];
    page.cells(&cells);
}

fn phase<'a>(page: &Page, phase: &'a str) -> &'a str {
    match phase {
        "reported" => page.say("reported", "اطلاع"),
        "acknowledged" => page.say("acknowledged", "وصول"),
        "assigned" => page.say("assigned", "سپرد"),
        "en-route" => page.say("on the way", "راستے میں"),
        "on-scene" => page.say("on the scene", "موقع پر"),
        "contained" => page.say("contained", "قابو میں"),
        "closed" => page.say("closed", "بند"),
        "reopened" => page.say("reopened", "دوبارہ کھلا"),
        "disputed" => page.say("contradictory", "متضاد"),
        other => other,
    }
}

fn finding<'a>(page: &Page, finding: &'a str) -> &'a str {
    match finding {
        "verified" => page.say("verified", "تصدیق شدہ"),
        "unverified" => page.say("unverified", "غیر تصدیق شدہ"),
        "open" => page.say("not judged", "جانچا نہیں گیا"),
        other => other,
    }
}

pub(super) fn exceptions(page: &mut Page, account: &Account) {
    page.heading("Exceptions of custody", "تحویل کی خلاف ورزیاں");
    if account.exceptions.is_empty() {
        return nothing(page);
    }
    page.table(&[
        ("Since", "کب سے"),
        ("Severity", "شدت"),
        ("Rule", "قاعدہ"),
        ("Station", "اسٹیشن"),
        ("State", "حالت"),
    ]);
    for one in account.exceptions.iter().take(SHOWN_MAX) {
        let mut rule = format!("<b class=\"n\">{}</b> {}", one.rule, number(one.name));
        let mut state = match one.outcome {
            _ if one.open => page.say("open", "کھلی").to_owned(),
            Some(outcome) => format!("{} ({})", page.say("closed", "بند"), number(outcome)),
            None => page.say("closed", "بند").to_owned(),
        };
        if let Some(inside) = &one.inside {
            let _written = write!(rule, "<small><bdi>{}</bdi></small>", escape(&inside.detail));
            if let Some(by) = &inside.resolved_by {
                let note = inside.note.as_deref().unwrap_or_default();
                let _written =
                    write!(state, "<small>{}: <bdi>{}</bdi></small>", number(by), escape(note));
            }
        }
        let place = one.station.as_ref().or(one.contest.as_ref());
        let cells = [
            moment(one.since_ms),
            number(&one.severity.to_string()),
            rule,
            place.map_or_else(|| "–".to_owned(), |it| number(it)),
            state,
        ];
        page.cells(&cells);
    }
    page.end_table();
    more(page, account.exceptions.len(), account.exceptions.len().min(SHOWN_MAX));
}

pub(super) fn posted(page: &mut Page, account: &Account) {
    page.heading(
        "Posted by the plan, and asked for by the norm",
        "منصوبے کی تعیناتی اور ضابطے کی ضرورت",
    );
    let Some(posted) = &account.posted else { return nothing(page) };
    let text = page.say(
        "This is what the adopted plan posts. Who stood there on the day is not on record.",
        "یہ منظور شدہ منصوبے کی تعیناتی ہے۔ دن کو وہاں کون کھڑا تھا درج نہیں۔",
    );
    page.paragraph("soft", text);
    page.table(&[("", ""), ("Asked for", "درکار"), ("Posted", "تعینات"), ("Missing", "کمی")]);
    let row = |page: &mut Page, name: String, need: u64, there: u64| {
        let missing = need.saturating_sub(there);
        let cells = [
            name,
            number(&need.to_string()),
            number(&there.to_string()),
            number(&missing.to_string()),
        ];
        page.cells(&cells);
    };
    for (class, [need, there]) in RiskClass::ALL.into_iter().zip(posted.by_class) {
        let name = escape(page.of(&words::class(class)));
        row(page, name, need, there);
    }
    let all = page.say("all", "کل").to_owned();
    row(page, all, posted.need, posted.posted);
    for district in posted.districts.iter().flatten() {
        let name = escape(page.of(&district.name));
        row(page, name, district.need, district.posted);
    }
    page.end_table();
    for (why, count) in &posted.missing {
        let text = match (page.language, why.as_str()) {
            (super::Language::En, why) => format!("{count}: {}", why.replace('-', " ")),
            (super::Language::Ur, why) => format!("{count}: {}", missing_ur(why)),
        };
        page.paragraph("soft", &text);
    }
}

fn missing_ur(why: &str) -> &str {
    match why {
        "nobody-left" => "کوئی باقی نہیں",
        "too-far" => "بہت دور",
        "capped" => "حد مقرر",
        "locked" => "ہاتھ سے مقفل",
        "no-such-unit" => "ایسا کوئی دستہ نہیں",
        "at-home" => "اپنے گھر کے علاقے میں",
        "too-long" => "راستہ یا ڈیوٹی بہت لمبی",
        "together" => "اکیلے یا بغیر سواری",
        other => other,
    }
}

pub(super) fn suspensions(page: &mut Page, account: &Account) {
    page.heading("Suspensions of service", "سروس کی بندشیں");
    if account.suspensions.is_empty() {
        return nothing(page);
    }
    for one in &account.suspensions {
        suspension(page, one);
    }
}

fn suspension(page: &mut Page, one: &SuspensionLine) {
    let title = format!("{} · {}", page.of(&one.area_name), one.services.join(", "));
    let _written = write!(page.out, "<h3><bdi>{}</bdi></h3>", escape(&title));
    let none = page.say("unknown", "نامعلوم").to_owned();
    let at = |ms: Option<i64>| ms.map_or_else(|| none.clone(), moment);
    let lasted = one.minutes.map_or_else(|| none.clone(), |it| number(&span(it * 60)));
    let signed = if one.countersigned {
        page.say("countersigned by the monitor", "مبصر کے تصدیقی دستخط شدہ")
    } else {
        page.say("not countersigned", "تصدیقی دستخط نہیں")
    };
    let line = format!(
        "<p>{}: {} · {}: {} · {}: {} · {}: {lasted} · {signed}</p>",
        page.say("ordered", "حکم"),
        at(one.ordered_ms),
        page.say("effect observed", "اثر مشاہدہ"),
        at(one.effective_ms),
        page.say("restoration observed", "بحالی مشاہدہ"),
        at(one.restored_ms),
        page.say("lasted", "مدت"),
    );
    page.raw(&line);
    let cost = &one.cost;
    let line = format!(
        "<p>{}: {} {} · {} / {} {} · {} {}</p>",
        page.say("What the record shows of its cost", "ریکارڈ کے مطابق قیمت"),
        number(&cost.stations_dark.to_string()),
        page.say("stations went dark in that time", "اسٹیشن اس دوران خاموش ہوئے"),
        number(&cost.check_ins_missed.to_string()),
        number(&cost.check_ins_due.to_string()),
        page.say("check-ins due were not heard in time", "واجب پیغامات بروقت نہ سنے گئے"),
        number(&cost.cellular.to_string()),
        page.say("came by mobile telephone all the same", "پھر بھی موبائل فون سے آئے"),
    );
    page.raw(&line);
    if one.statements.is_empty() {
        return;
    }
    page.table(&[
        ("Statement", "بیان"),
        ("When", "کب"),
        ("What was stated", "کیا کہا گیا"),
        ("Source", "ماخذ"),
    ]);
    for said in &one.statements {
        let cells = [
            number(said.what),
            said.at_ms.map_or_else(|| "–".to_owned(), moment),
            format!("<bdi>{}</bdi>", escape(&said.detail)),
            format!("<bdi>{}</bdi>", escape(&said.source)),
        ];
        page.cells(&cells);
    }
    page.end_table();
}

pub(super) fn model(page: &mut Page, account: &Account) {
    page.heading("The risk model against the day", "خطرے کا ماڈل اور یہ دن");
    let Some(figure) = account.figures.iter().find(|it| it.id == "K31") else { return };
    let text = super::values(page, figure);
    page.raw(&format!("<div>{text}</div>"));
    let text = page.say(
        "Capture: of the stations with an incident of severity 3 or more, the share that the model had in its top class. Lift: capture over the share of all stations in that class. The intervals hold the middle 95 % of 2,000 drawings of whole districts.",
        "گرفت: شدت 3 یا زیادہ کے واقعے والے اسٹیشنوں میں سے ماڈل کے بلند ترین درجے کا حصہ۔ لفٹ: گرفت تقسیم اس درجے کے کل اسٹیشنوں کا حصہ۔ وقفوں میں پورے ضلعوں کی 2,000 قرعہ اندازیوں کا درمیانی 95 فیصد ہے۔",
    );
    page.paragraph("soft", text);
}

pub(super) fn repolls(page: &mut Page, account: &Account) {
    page.heading("Stations that vote again", "دوبارہ ووٹ ڈالنے والے اسٹیشن");
    if account.repolls.is_empty() {
        return nothing(page);
    }
    page.table(&[
        ("Constituency", "حلقہ"),
        ("Station", "اسٹیشن"),
        ("Held", "پولنگ"),
        ("Again", "دوبارہ"),
        ("Order", "حکم"),
        ("Grave incidents there", "وہاں کے سنگین واقعات"),
    ]);
    for one in account.repolls.iter().take(SHOWN_MAX) {
        let all = page.say("all", "تمام").to_owned();
        let order = format!(
            "<bdi>{}</bdi>, <bdi>{}</bdi>, {}",
            escape(&one.authority),
            escape(&one.instrument),
            number(&one.dated)
        );
        let cells = [
            number(&one.constituency),
            one.station.as_ref().map_or(all, |it| number(it)),
            number(&one.held),
            one.again.as_ref().map_or_else(|| "–".to_owned(), |it| number(it)),
            order,
            if one.causes.is_empty() { "–".to_owned() } else { number(&one.causes.join(", ")) },
        ];
        page.cells(&cells);
    }
    page.end_table();
    more(page, account.repolls.len(), account.repolls.len().min(SHOWN_MAX));
}

pub(super) fn readiness(page: &mut Page, account: &Account) {
    page.heading("Readiness and stop orders", "تیاری اور روکنے کے احکام");
    if account.readiness.is_empty() {
        return nothing(page);
    }
    page.table(&[
        ("Area", "علاقہ"),
        ("State", "حالت"),
        ("Last drill", "آخری مشق"),
        ("Paths: answered of asked", "راستے: جواب / پوچھے گئے"),
        ("Failures, open", "ناکامیاں، کھلی"),
        ("Stop orders, lifted", "روکنے کے احکام، اٹھائے گئے"),
    ]);
    for one in &account.readiness {
        let path = |(name, asked, answered): &(String, u32, u32)| {
            format!("<bdi>{}</bdi> {}", escape(name), number(&format!("{answered}/{asked}")))
        };
        let paths: Vec<String> = one.paths.iter().map(path).collect();
        let mut stops = number(&format!("{}, {}", one.stops, one.stops_lifted));
        for stop in one.inside.iter().flatten() {
            let _written = write!(
                stops,
                "<small><bdi>{}</bdi> · {} ({})</small>",
                escape(&stop.reason),
                number(&stop.by),
                number(&stop.role)
            );
        }
        let cells = [
            escape(page.of(&one.area_name)),
            ready(page, one.phase).to_owned(),
            one.drill
                .as_ref()
                .map_or_else(|| "–".to_owned(), |it| format!("<bdi>{}</bdi>", escape(it))),
            if paths.is_empty() { "–".to_owned() } else { paths.join("<br>") },
            number(&format!("{}, {}", one.failures, one.open)),
            stops,
        ];
        page.cells(&cells);
    }
    page.end_table();
}

fn ready<'a>(page: &Page, phase: &'a str) -> &'a str {
    match phase {
        "untried" => page.say("never drilled", "کبھی مشق نہیں ہوئی"),
        "short" => page.say("drilled in part", "جزوی مشق"),
        "blocked" => page.say("blocked by failures", "ناکامیوں سے رکا"),
        "ready" => page.say("ready", "تیار"),
        "stopped" => page.say("stopped", "روکا گیا"),
        other => other,
    }
}

pub(super) fn findings(page: &mut Page, account: &Account) {
    page.heading("Findings and actions", "نتائج اور اقدامات");
    let text = page.say(
        "Every figure that missed its target stands here, with whoever was charged with what follows by a signed entry, and what else was found wanting. Nothing is closed by its owner's word alone.",
        "ہر وہ عدد جو ہدف سے چوکا یہاں درج ہے، اور دستخط شدہ اندراج کے مطابق وہ بھی جسے ذمہ داری دی گئی، نیز جو اور خامیاں پائی گئیں۔ کچھ بھی صرف ذمہ دار کے کہنے پر بند نہیں ہوتا۔",
    );
    page.paragraph("soft", text);
    if account.findings.is_empty() {
        return nothing(page);
    }
    page.table(&[
        ("Figure", "عدد"),
        ("Found", "نتیجہ"),
        ("Action", "اقدام"),
        ("Owner", "ذمہ دار"),
        ("Until", "تک"),
        ("Stands", "حالت"),
    ]);
    let none = format!("<span class=\"none\">{}</span>", page.say("not recorded", "درج نہیں"));
    for one in &account.findings {
        let cell = |text: Option<&String>| text.map_or_else(|| none.clone(), |text| escape(text));
        let name = escape(page.of(&one.name));
        let found = match one.figure {
            Some(_) => format!("{name}: {}", page.say("target missed", "ہدف پورا نہ ہوا")),
            None => name,
        };
        let stands = one.phase.and_then(Phase::read).map(Phase::said);
        let cells = [
            one.figure.as_deref().map(number).unwrap_or_default(),
            found,
            cell(one.action.as_ref()),
            cell(one.owner.as_ref()),
            cell(one.due.as_ref()),
            stands.map_or_else(|| none.clone(), |(en, ur)| page.say(en, ur).to_owned()),
        ];
        page.cells(&cells);
    }
    page.end_table();
}
