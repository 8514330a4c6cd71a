//! The sentences of the account, each in English and in Urdu.

use super::Words;
use crate::view::{area_name, area_name_ur};
use pehra_domain::{AreaId, gazetteer::Gazetteer, risk::RiskClass};
use pehra_ops::{
    after_action::{Caveat, Part, Reason},
    check_in::Rung,
    incident::{Severity, Terrain},
};

pub(super) fn both(en: &str, ur: &str) -> Words {
    Words { en: en.to_owned(), ur: ur.to_owned() }
}

pub(super) fn reason(reason: Reason) -> Words {
    let (en, ur) = match reason {
        Reason::NoStations => {
            ("no station of the area votes", "علاقے کا کوئی اسٹیشن ووٹ نہیں ڈالتا")
        }
        Reason::NoCheckIns => ("no check-in is on record", "کوئی حاضری پیغام درج نہیں"),
        Reason::NoPresence => (
            "no station has said how many stood at its posts (A6), or no plan says how many were due; below is what the plan posted",
            "کسی اسٹیشن نے نہیں بتایا کہ چوکیوں پر کتنے کھڑے تھے (A6)، یا کوئی منصوبہ نہیں کہ کتنے درکار تھے؛ نیچے منصوبے کی تعیناتی ہے",
        ),
        Reason::NoIncidents => ("no such incident is on record", "ایسا کوئی واقعہ درج نہیں"),
        Reason::NoUnits => ("no unit on duty is on record", "ڈیوٹی پر کوئی دستہ درج نہیں"),
        Reason::NoCover => (
            "the planner computes cover, and no entry of this record holds it",
            "پہنچ منصوبہ ساز شمار کرتا ہے، اس ریکارڈ کے کسی اندراج میں نہیں",
        ),
        Reason::NoMaterial => ("no polling material is on record", "پولنگ کا کوئی سامان درج نہیں"),
        Reason::NoForms => {
            ("no form that this needs is on record", "اس کے لیے درکار کوئی فارم درج نہیں")
        }
        Reason::NoCameras => {
            ("no camera that this needs is on record", "اس کے لیے درکار کوئی کیمرا درج نہیں")
        }
        Reason::NoSuspension => {
            ("no suspension of service is on record", "سروس کی کوئی بندش درج نہیں")
        }
        Reason::OtherClock => (
            "an exercise: its hours pass at another pace than the clock of its entries, so that no time between entries can be told",
            "مشق: اس کے گھنٹے اندراجات کی گھڑی سے الگ رفتار پر گزرتے ہیں، اس لیے اندراجات کے درمیان وقت نہیں بتایا جا سکتا",
        ),
        Reason::NobodySigned => ("no device signed on the day", "دن کو کسی آلے نے دستخط نہیں کیے"),
        Reason::NoIntelligence => {
            ("no intelligence report is on record", "انٹیلی جنس کی کوئی رپورٹ درج نہیں")
        }
        Reason::NoWarnings => ("no warning was released", "کوئی انتباہ جاری نہیں ہوا"),
        Reason::NoReports => {
            ("no report by a citizen is on record", "شہریوں کی کوئی اطلاع درج نہیں")
        }
        Reason::NoComplaints => (
            "no complaint about security staff is on record",
            "سکیورٹی عملے کے خلاف کوئی شکایت درج نہیں",
        ),
        Reason::NoTraining => {
            ("certificates of training are not on this record", "تربیت کی سندیں اس ریکارڈ میں نہیں")
        }
        Reason::NoAssessment => (
            "no assessment of before the day with stations in its top class is on record",
            "دن سے پہلے کی، بلند ترین درجے کے اسٹیشنوں والی کوئی جانچ درج نہیں",
        ),
        Reason::NoHits => (
            "no incident of severity 3 or more at an assessed station",
            "کسی جانچے گئے اسٹیشن پر شدت 3 یا زیادہ کا کوئی واقعہ نہیں",
        ),
    };
    both(en, ur)
}

pub(super) fn caveat(caveat: Caveat) -> Words {
    let (en, ur) = match caveat {
        Caveat::OpeningOnly => (
            "only late opening is counted: how long a poll stood still later is not recorded",
            "صرف دیر سے کھلنا شمار ہے: بعد میں پولنگ کتنی دیر رکی درج نہیں",
        ),
        Caveat::VictimsTogether => (
            "whether staff, guards or voters were hit is not recorded apart",
            "عملہ، محافظ یا ووٹر، الگ الگ درج نہیں",
        ),
        Caveat::TimeAndPlaceOnly => (
            "time and place are compared, not the kind of threat",
            "وقت اور مقام کا موازنہ ہے، خطرے کی قسم کا نہیں",
        ),
        Caveat::TooFew => (
            "fewer than 30 stations were hit: too few to hold against a target",
            "30 سے کم اسٹیشن متاثر ہوئے: ہدف سے موازنے کے لیے بہت کم",
        ),
        Caveat::AtTheEnd => ("as things stood at the moment named", "مذکورہ لمحے کی صورت حال"),
        Caveat::RefusedAtTheDoor => (
            "an entry with a bad signature is refused at the door and not kept",
            "غلط دستخط والا اندراج دروازے پر رد ہوتا ہے اور رکھا نہیں جاتا",
        ),
        Caveat::SaidWhenReady => (
            "as the stations counted when they said that they were ready (A6): who came or left later is not counted",
            "جیسا اسٹیشنوں نے تیار ہونے پر (A6) گنا: بعد میں کون آیا یا گیا شمار نہیں",
        ),
        Caveat::CertifiedAnywhere => (
            "whoever holds certificates of law and drill counts, posted or not; beside the posts of the plan",
            "قانون اور مشق کی سند والا ہر شخص شمار ہے، تعینات ہو یا نہ ہو؛ منصوبے کی تعیناتیوں کے مقابل",
        ),
    };
    both(en, ur)
}

/// The name of an area; where no Urdu one is known, the English in both.
pub(super) fn area(gazetteer: &Gazetteer, area: &AreaId) -> Words {
    let en = area_name(gazetteer, area);
    let ur = area_name_ur(gazetteer, area).unwrap_or_else(|| en.clone());
    Words { en, ur }
}

pub(super) fn class(class: RiskClass) -> Words {
    match class {
        RiskClass::Normal => both("normal", "عام"),
        RiskClass::Sensitive => both("sensitive", "حساس"),
        RiskClass::Most => both("most sensitive", "انتہائی حساس"),
    }
}

fn severity(severity: Severity) -> Words {
    let number = severity.number();
    Words { en: format!("severity {number}"), ur: format!("شدت {number}") }
}

fn terrain(terrain: Terrain) -> (&'static str, Words) {
    match terrain {
        Terrain::Urban => ("urban", both("urban", "شہری")),
        Terrain::Rural => ("rural", both("rural", "دیہی")),
        Terrain::Remote => ("remote", both("remote", "دور دراز")),
    }
}

fn rung(rung: Rung) -> Words {
    match rung {
        Rung::Radio => both("radio", "ریڈیو"),
        Rung::Fixed => both("fixed line", "لینڈ لائن"),
        Rung::Courier => both("courier", "ہرکارہ"),
        Rung::InPerson => both("in person", "خود آ کر"),
        Rung::Cellular => both("mobile telephone", "موبائل فون"),
        Rung::Satellite => both("satellite", "سیٹلائٹ"),
    }
}

fn join(one: &Words, other: &Words) -> Words {
    Words { en: format!("{}, {}", one.en, other.en), ur: format!("{}، {}", one.ur, other.ur) }
}

/// The name of a row for machines, and for people in both languages.
pub(super) fn part(part: &Part, gazetteer: &Gazetteer) -> (String, Words) {
    let named = |key: &str, en: &str, ur: &str| (key.to_owned(), both(en, ur));
    match part {
        Part::All => named("all", "all", "کل"),
        Part::Unsaid => named("unsaid", "nothing said", "کچھ نہیں کہا گیا"),
        Part::Planned => named("planned", "as planned, all", "منصوبے کے مطابق، کل"),
        Part::Class(it) => (format!("class:{}", it.word()), class(*it)),
        Part::PlannedClass(it) => {
            let label = join(&both("as planned", "منصوبے کے مطابق"), &class(*it));
            (format!("planned:{}", it.word()), label)
        }
        Part::Severity(it) => (format!("severity:{}", it.number()), severity(*it)),
        Part::Unanswered(it) => {
            let label = join(&severity(*it), &both("never acknowledged", "کبھی وصول نہ ہوئے"));
            (format!("unanswered:{}", it.number()), label)
        }
        Part::Terrain(grade, land) => {
            let (word, label) = terrain(*land);
            (format!("severity:{}:{word}", grade.number()), join(&severity(*grade), &label))
        }
        Part::District(it) => (format!("area:{it}"), area(gazetteer, it)),
        Part::Registered => {
            named("registered", "registered, no step yet", "درج، ابھی کوئی مرحلہ نہیں")
        }
        Part::Step(step) => (format!("step:{}", step.name()), both(step.name(), step.name())),
        Part::Open(rule) => {
            let label = join(&both(rule.code(), rule.code()), &both("open", "کھلی"));
            (format!("open:{}", rule.code()), label)
        }
        Part::Closed(rule) => {
            let label = join(&both(rule.code(), rule.code()), &both("closed", "بند"));
            (format!("closed:{}", rule.code()), label)
        }
        Part::HandOver => {
            named("hand-over", "by two-person hand-overs", "دو افراد کی حوالگی کے مطابق")
        }
        Part::Receipt => {
            named("receipt", "by reported receipts (A17)", "بتائی گئی رسیدوں (A17) کے مطابق")
        }
        Part::Rung(it) => (format!("rung:{}", it.name()), rung(*it)),
        Part::Minutes => named("minutes", "in effect", "اثر میں"),
        Part::LegalBasis => named("legal-basis", "legal basis stated", "قانونی بنیاد درج"),
        Part::Countersigned => named("countersigned", "countersigned", "تصدیقی دستخط شدہ"),
        Part::ToGrade => named("to-grade", "to grading", "درجہ بندی تک"),
        Part::ToBrief => named("to-brief", "to release", "اجرا تک"),
        Part::Hit => named("hit", "hit", "درست"),
        Part::Miss => named("miss", "missed, severity 4 and 5", "چوک، شدت 4 اور 5"),
        Part::FalseAlarm => named("false-alarm", "false alarm", "غلط انتباہ"),
        Part::Verified => named("verified", "found true", "درست پائی گئیں"),
        Part::ToAnswer => named("to-answer", "answered", "جواب دیا گیا"),
        Part::Attacks => named("attacks", "attacks", "حملے"),
        Part::Killed => named("killed", "killed", "ہلاک"),
        Part::Injured => named("injured", "injured", "زخمی"),
        Part::Views => named("views", "views", "دیکھنے کے واقعات"),
        Part::WithoutReason => named("without-reason", "without a reason", "بغیر وجہ"),
        Part::Capture => named("capture", "capture", "گرفت"),
        Part::Lift => named("lift", "lift, times the base rate", "بنیادی شرح کا کتنے گنا"),
        Part::Forks => named("forks", "forks", "شاخیں"),
        Part::Withheld => named("without-effect", "entries without effect", "بے اثر اندراجات"),
    }
}
