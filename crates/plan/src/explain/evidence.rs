//! Where a value comes from, as a sentence for each kind of evidence.

use super::Sentence;
use crate::assess::{Evidence, Model, RouteStart};

fn km(metres: f64) -> String {
    format!("{:.1} km", metres / 1_000.0)
}

fn km_ur(metres: f64) -> String {
    format!("{:.1} کلومیٹر", metres / 1_000.0)
}

fn count(n: u32, one: &str, many: &str) -> String {
    match n {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        _ => format!("{n} {many}"),
    }
}

pub(super) fn told(model: &Model, evidence: Evidence) -> Sentence {
    match evidence {
        Evidence::Missing => Sentence::new("not known", "معلوم نہیں"),
        Evidence::EarlierPolls { incidents, fatal, nearest_m, polls } => {
            earlier_polls(incidents, fatal, nearest_m, polls)
        }
        Evidence::Attacks { within, nearest_m, newest_days, spread } => {
            attacks(model, within, nearest_m.zip(newest_days), spread)
        }
        Evidence::Intelligence { permille } => intelligence(permille),
        Evidence::ElectionTargets { attacks } => election_targets(attacks),
        Evidence::Survey { answers, on } => Sentence::new(
            format!("survey of the building on {on}, {}", count(answers, "answer", "answers")),
            format!("{on} کو عمارت کا جائزہ، {answers} جواب"),
        ),
        Evidence::DistrictSurvey { answers, on } => Sentence::new(
            format!("checklist of the district on {on}, {}", count(answers, "answer", "answers")),
            format!("{on} کو ضلع کی جانچ فہرست، {answers} جواب"),
        ),
        Evidence::QuickReaction { minutes, distance_m } => quick_reaction(minutes, distance_m),
        Evidence::NoQuickReaction => Sentence::new(
            "no quick-reaction team within 150 km",
            "150 کلومیٹر کے اندر کوئی فوری ردعمل ٹیم نہیں",
        ),
        Evidence::ForceGap { need, posted } => force_gap(need, posted),
        Evidence::NoPlan => Sentence::new(
            "no plan yet, nobody is posted",
            "ابھی کوئی منصوبہ نہیں، کوئی تعینات نہیں",
        ),
        Evidence::NoWomen => Sentence::new("no women vote here", "یہاں خواتین کا پولنگ بوتھ نہیں"),
        Evidence::Route { km, intensity, from } => route(km, intensity, from),
        Evidence::Voters { registered } => Sentence::new(
            format!("{registered} registered voters"),
            format!("{registered} رجسٹرڈ ووٹر"),
        ),
        Evidence::Load { booths, stations } => load(booths, stations),
        Evidence::Women { registered } => women(registered),
        Evidence::Material { office } => material(office),
        Evidence::NoMaterial => Sentence::new(
            "no election material is concentrated here",
            "یہاں انتخابی سامان جمع نہیں کیا جاتا",
        ),
        Evidence::Alternative { km } => Sentence::new(
            format!("the next building with stations is {km:.1} km away"),
            format!("اگلی پولنگ عمارت {km:.1} کلومیٹر دور ہے"),
        ),
        Evidence::NoAlternative => Sentence::new(
            "no other building with stations within 50 km",
            "50 کلومیٹر کے اندر کوئی دوسری پولنگ عمارت نہیں",
        ),
    }
}

fn earlier_polls(incidents: u32, fatal: u32, nearest_m: Option<f64>, polls: u32) -> Sentence {
    let at = count(polls, "earlier poll", "earlier polls");
    let Some(nearest) = nearest_m else {
        return Sentence::new(
            format!("no incident recorded within 1 km at {at}"),
            format!("گزشتہ {polls} انتخابات میں ایک کلومیٹر کے اندر کوئی واقعہ درج نہیں"),
        );
    };
    Sentence::new(
        format!(
            "{} within 1 km at {at}, {fatal} of them fatal, nearest {}",
            count(incidents, "incident", "incidents"),
            km(nearest),
        ),
        format!(
            "گزشتہ {polls} انتخابات میں ایک کلومیٹر کے اندر {incidents} واقعات، جن میں {fatal} جان لیوا، قریب ترین {}",
            km_ur(nearest),
        ),
    )
}

fn ago(days: i32) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ => format!("{days} days ago"),
    }
}

fn ago_ur(days: i32) -> String {
    match days {
        0 => "آج".to_owned(),
        1 => "ایک دن پہلے".to_owned(),
        _ => format!("{days} دن پہلے"),
    }
}

fn intelligence(permille: u16) -> Sentence {
    let share = f64::from(permille) / 10.0;
    Sentence::new(
        format!("graded intelligence gives an attack a probability of {share:.1} %"),
        format!("درجہ بند اطلاعات کے مطابق حملے کا امکان {share:.1} فیصد ہے"),
    )
}

fn election_targets(attacks: u32) -> Sentence {
    Sentence::new(
        format!(
            "{} on election targets in the district since the schedule",
            count(attacks, "attack", "attacks")
        ),
        match attacks {
            0 => "شیڈول کے بعد ضلع میں انتخابی اہداف پر کوئی حملہ نہیں ہوا".to_owned(),
            1 => "شیڈول کے بعد ضلع میں انتخابی ہدف پر ایک حملہ ہوا".to_owned(),
            _ => format!("شیڈول کے بعد ضلع میں انتخابی اہداف پر {attacks} حملے ہوئے"),
        },
    )
}

fn attacks(
    model: &Model,
    within: u32,
    nearest_and_newest: Option<(f64, i32)>,
    spread: bool,
) -> Sentence {
    let radius_km = model.kernel.radius_m / 1_000.0;
    let days = model.kernel.window_days;
    let (period, period_ur) = if days == 365 {
        ("12 months".to_owned(), "12 ماہ".to_owned())
    } else {
        (format!("{days} days"), format!("{days} دن"))
    };
    let mut en =
        format!("{} within {radius_km:.0} km in {period}", count(within, "attack", "attacks"));
    let mut ur = match within {
        0 => format!("گزشتہ {period_ur} میں {radius_km:.0} کلومیٹر کے اندر کوئی حملہ نہیں"),
        1 => format!("گزشتہ {period_ur} میں {radius_km:.0} کلومیٹر کے اندر ایک حملہ"),
        _ => format!("گزشتہ {period_ur} میں {radius_km:.0} کلومیٹر کے اندر {within} حملے"),
    };
    if let Some((nearest, newest)) = nearest_and_newest {
        en.push_str(&format!(", nearest {}, newest {}", km(nearest), ago(newest)));
        ur.push_str(&format!("، قریب ترین {}، تازہ ترین {}", km_ur(nearest), ago_ur(newest)));
    }
    if spread {
        en.push_str("; further attacks are placed only to the district or province");
        ur.push_str("؛ مزید حملوں کی جگہ صرف ضلع یا صوبے تک معلوم ہے");
    }
    Sentence::new(en, ur)
}

fn quick_reaction(minutes: u32, distance_m: f64) -> Sentence {
    Sentence::new(
        format!(
            "nearest quick-reaction team {} away, about {minutes} minutes (estimate, nine times in ten)",
            km(distance_m)
        ),
        format!(
            "قریب ترین فوری ردعمل ٹیم {} دور، تقریباً {minutes} منٹ (اندازہ، دس میں سے نو بار)",
            km_ur(distance_m)
        ),
    )
}

fn force_gap(need: u32, posted: u32) -> Sentence {
    Sentence::new(
        format!("the plan posts {posted} of {need} people due (the inherent score counts none)"),
        format!(
            "منصوبے میں درکار {need} میں سے {posted} اہلکار تعینات ہیں (بنیادی اسکور میں یہ شمار نہیں)"
        ),
    )
}

fn route(length_km: f64, intensity: f64, from: RouteStart) -> Sentence {
    let (start, start_ur) = match from {
        RouteStart::ReturningOffice => ("the returning officer's office", "ریٹرننگ افسر کے دفتر"),
        RouteStart::Town => ("the nearest town", "قریب ترین شہر"),
        RouteStart::DistrictCentre => ("the district's centre", "ضلع کے مرکز"),
    };
    let (along, along_ur) = if intensity > 0.005 {
        ("attacks lie along the way", "راستے کے قریب حملے ہو چکے ہیں")
    } else {
        ("no attack lies along the way", "راستے کے قریب کوئی حملہ درج نہیں")
    };
    Sentence::new(
        format!("about {length_km:.0} km of road from {start}; {along}"),
        format!("{start_ur} سے تقریباً {length_km:.0} کلومیٹر سڑک؛ {along_ur}"),
    )
}

fn load(booths: u32, stations: u32) -> Sentence {
    Sentence::new(
        format!(
            "{} and {} in the building",
            count(booths, "booth", "booths"),
            count(stations, "station", "stations")
        ),
        format!("عمارت میں {booths} بوتھ اور {stations} پولنگ اسٹیشن"),
    )
}

fn women(registered: u32) -> Sentence {
    Sentence::new(
        format!(
            "{registered} women registered; disabled and displaced voters are not counted in the lists"
        ),
        format!(
            "{registered} خواتین ووٹر رجسٹرڈ؛ معذور اور بے گھر ووٹروں کی تعداد فہرستوں میں نہیں"
        ),
    )
}

fn material(office: bool) -> Sentence {
    if office {
        Sentence::new(
            "a returning officer's office is in or beside the building",
            "عمارت میں یا ساتھ ریٹرننگ افسر کا دفتر ہے",
        )
    } else {
        Sentence::new(
            "a store or distribution point of election material is in or beside the building",
            "عمارت میں یا ساتھ انتخابی سامان کا گودام یا تقسیم کا مرکز ہے",
        )
    }
}
