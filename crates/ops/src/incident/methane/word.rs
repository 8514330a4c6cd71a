//! The words of the form as they are spoken.

use super::{Hazard, Service, spoken::Tongue};

/// A letter by its word of the spelling alphabet; anything else is said as nothing.
pub(super) fn letter(tongue: Tongue, letter: char) -> &'static str {
    let (english, urdu) = match letter.to_ascii_uppercase() {
        'A' => ("Alfa", "الفا"),
        'B' => ("Bravo", "براوو"),
        'C' => ("Charlie", "چارلی"),
        'D' => ("Delta", "ڈیلٹا"),
        'E' => ("Echo", "ایکو"),
        'F' => ("Foxtrot", "فاکسٹراٹ"),
        'G' => ("Golf", "گالف"),
        'H' => ("Hotel", "ہوٹل"),
        'I' => ("India", "انڈیا"),
        'J' => ("Juliett", "جولیٹ"),
        'K' => ("Kilo", "کلو"),
        'L' => ("Lima", "لیما"),
        'M' => ("Mike", "مائیک"),
        'N' => ("November", "نومبر"),
        'O' => ("Oscar", "آسکر"),
        'P' => ("Papa", "پاپا"),
        'Q' => ("Quebec", "کیوبک"),
        'R' => ("Romeo", "رومیو"),
        'S' => ("Sierra", "سیرا"),
        'T' => ("Tango", "ٹینگو"),
        'U' => ("Uniform", "یونیفارم"),
        'V' => ("Victor", "وکٹر"),
        'W' => ("Whiskey", "وسکی"),
        'X' => ("X-ray", "ایکس رے"),
        'Y' => ("Yankee", "ینکی"),
        'Z' => ("Zulu", "زولو"),
        _ => ("", ""),
    };
    tongue.say(english, urdu)
}

pub(super) fn figure(tongue: Tongue, digit: u32) -> &'static str {
    let (english, urdu) = match digit {
        0 => ("zero", "صفر"),
        1 => ("one", "ایک"),
        2 => ("two", "دو"),
        3 => ("three", "تین"),
        4 => ("four", "چار"),
        5 => ("five", "پانچ"),
        6 => ("six", "چھ"),
        7 => ("seven", "سات"),
        8 => ("eight", "آٹھ"),
        9 => ("nine", "نو"),
        _ => ("", ""),
    };
    tongue.say(english, urdu)
}

impl Hazard {
    /// As it is said.
    #[must_use]
    pub fn word(self, tongue: Tongue) -> &'static str {
        let (english, urdu) = match self {
            Self::Fire => ("fire", "آگ"),
            Self::Collapse => ("building may fall", "عمارت گرنے کا خطرہ"),
            Self::Device => ("device not gone off", "بم جو پھٹا نہیں"),
            Self::SecondDevice => ("second device", "دوسرا بم"),
            Self::Gunfire => ("gunfire", "فائرنگ"),
            Self::Crowd => ("crowd", "ہجوم"),
            Self::Gas => ("gas", "گیس"),
            Self::Electricity => ("live wires", "بجلی کی ننگی تاریں"),
            Self::Fuel => ("fuel", "ایندھن"),
            Self::Chemical => ("chemicals", "کیمیائی مواد"),
            Self::Flood => ("water", "سیلابی پانی"),
            Self::Slide => ("slide on the road", "راستے پر تودہ"),
            Self::Traffic => ("traffic", "ٹریفک"),
        };
        tongue.say(english, urdu)
    }
}

impl Service {
    /// As it is said.
    #[must_use]
    pub fn word(self, tongue: Tongue) -> &'static str {
        let (english, urdu) = match self {
            Self::Police => ("police", "پولیس"),
            Self::Rescue => ("rescue 1122", "ریسکیو 1122"),
            Self::FireBrigade => ("fire brigade", "فائر بریگیڈ"),
            Self::Ambulance => ("ambulances", "ایمبولینس"),
            Self::BombDisposal => ("bomb disposal", "بم ڈسپوزل"),
            Self::CounterTerrorism => ("counter-terrorism", "انسداد دہشت گردی"),
            Self::CivilArmedForces => ("civil armed forces", "سول آرمڈ فورسز"),
            Self::Army => ("army", "فوج"),
            Self::CivilDefence => ("civil defence", "شہری دفاع"),
            Self::Hospital => ("hospital teams", "ہسپتال کی ٹیمیں"),
            Self::Utility => ("utility teams", "بجلی، گیس یا پانی کا عملہ"),
            Self::WomenPolice => ("women police", "خواتین پولیس"),
        };
        tongue.say(english, urdu)
    }
}
