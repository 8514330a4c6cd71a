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

pub(super) fn hazard(tongue: Tongue, hazard: Hazard) -> &'static str {
    let (english, urdu) = match hazard {
        Hazard::Fire => ("fire", "آگ"),
        Hazard::Collapse => ("building may fall", "عمارت گرنے کا خطرہ"),
        Hazard::Device => ("device not gone off", "بم جو پھٹا نہیں"),
        Hazard::SecondDevice => ("second device", "دوسرا بم"),
        Hazard::Gunfire => ("gunfire", "فائرنگ"),
        Hazard::Crowd => ("crowd", "ہجوم"),
        Hazard::Gas => ("gas", "گیس"),
        Hazard::Electricity => ("live wires", "بجلی کی ننگی تاریں"),
        Hazard::Fuel => ("fuel", "ایندھن"),
        Hazard::Chemical => ("chemicals", "کیمیائی مواد"),
        Hazard::Flood => ("water", "سیلابی پانی"),
        Hazard::Slide => ("slide on the road", "راستے پر تودہ"),
        Hazard::Traffic => ("traffic", "ٹریفک"),
    };
    tongue.say(english, urdu)
}

pub(super) fn service(tongue: Tongue, service: Service) -> &'static str {
    let (english, urdu) = match service {
        Service::Police => ("police", "پولیس"),
        Service::Rescue => ("rescue 1122", "ریسکیو 1122"),
        Service::FireBrigade => ("fire brigade", "فائر بریگیڈ"),
        Service::Ambulance => ("ambulances", "ایمبولینس"),
        Service::BombDisposal => ("bomb disposal", "بم ڈسپوزل"),
        Service::CounterTerrorism => ("counter-terrorism", "انسداد دہشت گردی"),
        Service::CivilArmedForces => ("civil armed forces", "سول آرمڈ فورسز"),
        Service::Army => ("army", "فوج"),
        Service::CivilDefence => ("civil defence", "شہری دفاع"),
        Service::Hospital => ("hospital teams", "ہسپتال کی ٹیمیں"),
        Service::Utility => ("utility teams", "بجلی، گیس یا پانی کا عملہ"),
        Service::WomenPolice => ("women police", "خواتین پولیس"),
    };
    tongue.say(english, urdu)
}
