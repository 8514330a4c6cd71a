//! What the columns of an import are called for people.

/// English and Urdu; a key without a label is shown as it is.
#[must_use]
pub(super) fn of(key: &str) -> (String, String) {
    let known = LABELS.iter().find(|(known, _, _)| *known == key);
    match known {
        Some((_, en, ur)) => ((*en).to_owned(), (*ur).to_owned()),
        None => (key.to_owned(), key.to_owned()),
    }
}

const LABELS: &[(&str, &str, &str)] = &[
    ("acled-date-precision", "date precision (ACLED)", "تاریخ کی درستی (ACLED)"),
    ("acled-place-precision", "place precision (ACLED)", "مقام کی درستی (ACLED)"),
    ("area", "area", "علاقہ"),
    ("as-of", "as of", "بتاریخ"),
    ("assembly", "assembly", "اسمبلی"),
    ("booth-rule", "booth rule", "بوتھ کا قاعدہ"),
    ("booths-men", "men's booths", "مردانہ بوتھ"),
    ("booths-total", "booths", "کل بوتھ"),
    ("booths-women", "women's booths", "زنانہ بوتھ"),
    ("class", "official class", "سرکاری درجہ"),
    ("class-approved-by", "class approved by", "درجہ منظور کرنے والا"),
    ("class-as-of", "class as of", "درجہ بتاریخ"),
    ("class-source", "source of the class", "درجے کا ماخذ"),
    ("constituency", "constituency", "حلقہ"),
    ("coordinates", "latitude and longitude in one column", "عرض بلد و طول بلد ایک کالم میں"),
    ("country", "country", "ملک"),
    ("date", "date", "تاریخ"),
    ("date-end", "last day", "آخری دن"),
    ("deaths", "deaths", "اموات"),
    ("deaths-high", "deaths, highest", "اموات، زیادہ سے زیادہ"),
    ("deaths-low", "deaths, lowest", "اموات، کم سے کم"),
    ("district", "district", "ضلع"),
    ("event-type", "kind of event", "واقعے کی قسم"),
    ("factor", "factor", "عامل"),
    ("from", "from", "سے"),
    ("headline", "headline", "سرخی"),
    ("home", "home constituency", "آبائی حلقہ"),
    ("id", "id", "شناختی کوڈ"),
    ("inner", "inner post per station", "اسٹیشن کی اندرونی نفری"),
    ("kind", "kind", "قسم"),
    ("latitude", "latitude", "عرض بلد"),
    ("line", "line of a route", "راستے کی لکیر"),
    ("longitude", "longitude", "طول بلد"),
    ("measure", "measure", "پیمانہ"),
    ("men", "men", "مرد"),
    ("name", "name", "نام"),
    ("note", "note", "نوٹ"),
    ("on", "day", "دن"),
    ("outer", "outer ring per building", "عمارت کا بیرونی حصار"),
    ("profile", "profile", "نمونہ"),
    ("province", "province", "صوبہ"),
    ("question", "question", "سوال"),
    ("reserve", "reserve", "محفوظ نفری"),
    ("role", "role of the surveyor", "جائزہ لینے والے کا عہدہ"),
    ("score", "score", "نمبر"),
    ("seats", "seats in vehicles", "گاڑیوں میں نشستیں"),
    ("serial", "serial number", "نمبر شمار"),
    ("source", "source", "ماخذ"),
    ("static-outside", "static post outside", "باہر مستقل پوسٹ"),
    ("station-no", "station number", "اسٹیشن نمبر"),
    ("subject", "place or district", "جگہ یا ضلع"),
    ("tier", "tier of force", "فورس کا درجہ"),
    ("total", "total", "کل"),
    ("ucdp-date-precision", "date precision (UCDP)", "تاریخ کی درستی (UCDP)"),
    ("ucdp-place-precision", "place precision (UCDP)", "مقام کی درستی (UCDP)"),
    ("until", "until", "تک"),
    ("value", "value", "قدر"),
    ("vehicles", "vehicles", "گاڑیاں"),
    ("violence", "kind of violence", "تشدد کی قسم"),
    ("visible-armed-max", "most visible armed people", "نظر آنے والی مسلح نفری کی حد"),
    ("voters-men", "men voters", "مرد ووٹر"),
    ("voters-total", "voters", "کل ووٹر"),
    ("voters-women", "women voters", "خواتین ووٹر"),
    ("where", "place in words", "مقام لفظوں میں"),
    ("women", "women", "خواتین"),
    ("women-min", "women's minimum", "خواتین کی کم سے کم نفری"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::import::Kind;

    #[test]
    fn every_column_of_every_kind_has_a_label_in_both_languages() {
        let keys = Kind::ALL.iter().filter_map(|kind| kind.schema()).flat_map(|s| s.fields);
        let bare: Vec<&str> = keys
            .map(|field| field.key)
            .filter(|key| LABELS.iter().all(|(known, _, _)| known != key))
            .collect();
        assert!(bare.is_empty(), "{bare:?}");
    }
}
