//! The lines of the two forms.

use super::{Choice, Question};
use pehra_domain::risk::Factor;

const fn choice(key: &'static str, en: &'static str, ur: &'static str, centi: u16) -> Choice {
    Choice { key, en, ur, centi }
}

const fn ask(
    key: &'static str,
    en: &'static str,
    ur: &'static str,
    choices: &'static [Choice],
    feeds: Option<Factor>,
) -> Question {
    Question { key, en, ur, choices, feeds }
}

const CONDITION: &[Choice] = &[
    choice("a", "good", "اچھی", 0),
    choice("b", "small faults", "معمولی خرابی", 100),
    choice("c", "gaps", "جگہ جگہ خرابی", 200),
    choice("d", "bad", "خراب", 300),
    choice("e", "none", "موجود نہیں", 400),
];

const RUNG: &[Choice] = &[
    choice("a", "worked in a test today", "آج آزمایا، کام کیا", 0),
    choice("b", "present, worked with trouble", "موجود، مشکل سے کام کیا", 150),
    choice("c", "present, not tested", "موجود، آزمایا نہیں", 280),
    choice("d", "failed or absent", "ناکام یا موجود نہیں", 400),
];

const SUPPLY: &[Choice] = &[
    choice("a", "all the time, with a reserve", "مسلسل، متبادل کے ساتھ", 0),
    choice("b", "mostly", "زیادہ تر", 130),
    choice("c", "some hours", "کچھ گھنٹے", 270),
    choice("d", "none", "بالکل نہیں", 400),
];

const SHARE: &[Choice] = &[
    choice("a", "all", "سب", 0),
    choice("b", "more than three quarters", "تین چوتھائی سے زیادہ", 100),
    choice("c", "about half", "تقریباً نصف", 200),
    choice("d", "less than a quarter", "ایک چوتھائی سے کم", 320),
    choice("e", "nobody", "کوئی نہیں", 400),
];

const EXTENT: &[Choice] = &[
    choice("a", "none known", "کوئی معلوم نہیں", 0),
    choice("b", "rare", "کبھی کبھار", 100),
    choice("c", "some", "کچھ", 200),
    choice("d", "common", "عام", 300),
    choice("e", "severe", "شدید", 400),
];

/// The survey of a building.
pub const BUILDING: &[Question] = &[
    ask(
        "walls",
        "Boundary wall around the building",
        "عمارت کے گرد چاردیواری",
        CONDITION,
        Some(Factor::V1),
    ),
    ask(
        "gates",
        "Gates that close and can be watched",
        "بند ہونے والے اور نگرانی کے قابل دروازے",
        CONDITION,
        Some(Factor::V1),
    ),
    ask(
        "sight-lines",
        "View from the gate over the approach, without cover for an attacker",
        "دروازے سے راستے کا صاف منظر، حملہ آور کے لیے آڑ نہ ہو",
        CONDITION,
        Some(Factor::V1),
    ),
    ask(
        "overlooking",
        "Safe distance from higher roofs and hills",
        "اونچی چھتوں اور پہاڑیوں سے محفوظ فاصلہ",
        CONDITION,
        Some(Factor::V1),
    ),
    ask(
        "women-queue",
        "Separate covered queue and entrance for women",
        "خواتین کے لیے الگ پردے دار قطار اور داخلہ",
        CONDITION,
        Some(Factor::V5),
    ),
    ask(
        "women-staff",
        "Women staff named for the women's booths",
        "خواتین کے بوتھ کے لیے نامزد خواتین عملہ",
        SHARE,
        Some(Factor::V5),
    ),
    ask(
        "light",
        "Light at the gate and the counting room after dark",
        "اندھیرے میں دروازے اور گنتی کے کمرے میں روشنی",
        SUPPLY,
        Some(Factor::V7),
    ),
    ask("power", "Electric power", "بجلی", SUPPLY, Some(Factor::V7)),
    ask(
        "cameras",
        "Working cameras on gate and queue (never on the screened compartment)",
        "دروازے اور قطار پر چلتے کیمرے (پردے والی جگہ پر ہرگز نہیں)",
        SUPPLY,
        Some(Factor::V7),
    ),
    ask("radio-test", "Radio to the sector", "سیکٹر سے وائرلیس رابطہ", RUNG, Some(Factor::V3)),
    ask(
        "fixed-line",
        "Fixed telephone or broadband in or beside the building",
        "عمارت میں یا ساتھ لینڈ لائن یا براڈ بینڈ",
        RUNG,
        Some(Factor::V3),
    ),
    ask(
        "courier",
        "Courier with a motorcycle who knows the way",
        "راستہ جاننے والا موٹر سائیکل قاصد",
        RUNG,
        Some(Factor::V3),
    ),
    ask(
        "second-radio",
        "Second means that fails for another reason: HF radio, satellite, police post within sight",
        "دوسرا ذریعہ جو الگ وجہ سے بند ہو: ایچ ایف ریڈیو، سیٹلائٹ، نظر آتی پولیس چوکی",
        RUNG,
        Some(Factor::V3),
    ),
    ask(
        "guards-trained",
        "Assigned guards trained in the code of conduct",
        "تعینات اہلکار ضابطہ اخلاق میں تربیت یافتہ",
        SHARE,
        Some(Factor::V8),
    ),
    ask(
        "poll-day-firing",
        "Firing or fights here on earlier polling days",
        "گزشتہ پولنگ کے دنوں میں یہاں فائرنگ یا لڑائی",
        EXTENT,
        Some(Factor::T5),
    ),
    ask(
        "access",
        "Step-free way for voters with a disability",
        "معذور ووٹروں کے لیے ہموار راستہ",
        CONDITION,
        None,
    ),
    ask(
        "vehicle-space",
        "Space to stop vehicles away from the queue",
        "قطار سے دور گاڑیاں روکنے کی جگہ",
        CONDITION,
        None,
    ),
    ask(
        "second-exit",
        "Second way out for voters and staff",
        "ووٹروں اور عملے کے لیے دوسرا راستہ",
        CONDITION,
        None,
    ),
    ask(
        "approach-road",
        "Road passable after rain or snow",
        "بارش یا برف کے بعد سڑک قابل استعمال",
        CONDITION,
        None,
    ),
];

/// The checklist of a district.
pub const DISTRICT: &[Question] = &[
    ask(
        "feuds",
        "Feuds that led to firing on earlier polling days",
        "دشمنیاں جن سے گزشتہ پولنگ پر فائرنگ ہوئی",
        EXTENT,
        Some(Factor::T5),
    ),
    ask(
        "weapons",
        "Weapons carried or shown in public",
        "اسلحہ لے کر چلنا یا نمائش",
        EXTENT,
        Some(Factor::T6),
    ),
    ask(
        "violent-crime",
        "Violent crime: robbery, abduction, extortion",
        "پرتشدد جرائم: ڈکیتی، اغوا، بھتہ",
        EXTENT,
        Some(Factor::T6),
    ),
    ask(
        "staff-trained",
        "Share of polling and security staff trained",
        "تربیت یافتہ انتخابی اور حفاظتی عملہ",
        SHARE,
        Some(Factor::V8),
    ),
    ask(
        "non-state-groups",
        "Armed groups outside the state",
        "ریاست سے باہر مسلح گروہ",
        EXTENT,
        None,
    ),
    ask(
        "organised-crime",
        "Organised crime with a stake in local affairs",
        "مقامی معاملات میں منظم جرائم کا اثر",
        EXTENT,
        None,
    ),
    ask(
        "social-economic",
        "Social and economic grievances that bring people to the street",
        "سماجی اور معاشی شکایات جو لوگوں کو سڑک پر لائیں",
        EXTENT,
        None,
    ),
    ask(
        "exclusion",
        "Communities kept from registering or voting",
        "اندراج یا ووٹ سے روکی گئی آبادیاں",
        EXTENT,
        None,
    ),
    ask(
        "gender-violence",
        "Pressure or violence against women who vote or stand",
        "ووٹ ڈالنے یا انتخاب لڑنے والی خواتین پر دباؤ یا تشدد",
        EXTENT,
        None,
    ),
    ask(
        "past-atrocity",
        "Past mass violence that still divides",
        "ماضی کا بڑا تشدد جس کی تقسیم باقی ہے",
        EXTENT,
        None,
    ),
    ask(
        "rights",
        "Arbitrary arrests or bans on assembly",
        "من مانی گرفتاریاں یا اجتماع پر پابندی",
        EXTENT,
        None,
    ),
    ask(
        "environment",
        "Flood, snow, drought or heat that cuts off places",
        "سیلاب، برف، خشک سالی یا گرمی جو علاقے کاٹ دے",
        EXTENT,
        None,
    ),
    ask(
        "media",
        "Rumours and incitement in media and online",
        "ذرائع ابلاغ اور آن لائن افواہیں اور اشتعال",
        EXTENT,
        None,
    ),
    ask(
        "power-shift",
        "Boundaries, seats or offices in dispute",
        "حلقہ بندی، نشست یا عہدے پر تنازع",
        EXTENT,
        None,
    ),
    ask(
        "legal",
        "Court cases open on the poll here",
        "یہاں انتخاب پر زیر سماعت مقدمات",
        EXTENT,
        None,
    ),
    ask(
        "planning",
        "Gaps in the district's own plan and budget",
        "ضلع کے منصوبے اور بجٹ میں خلا",
        EXTENT,
        None,
    ),
    ask(
        "operations",
        "Doubts about transport, material or staff arriving in time",
        "سواری، سامان یا عملہ بروقت پہنچنے میں شبہ",
        EXTENT,
        None,
    ),
];
