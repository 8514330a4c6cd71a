//! Provinces by the codes and names lists use.

use pehra_domain::AreaId;
use std::collections::BTreeMap;

/// A province or the capital territory. The former tribal areas (code 10, "FATA") belong to Khyber Pakhtunkhwa
/// since 2018.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Province {
    Punjab,
    Sindh,
    KhyberPakhtunkhwa,
    Balochistan,
    Islamabad,
}

impl Province {
    pub const ALL: [Self; 5] =
        [Self::Punjab, Self::Sindh, Self::KhyberPakhtunkhwa, Self::Balochistan, Self::Islamabad];

    /// The name as the census writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Punjab => "Punjab",
            Self::Sindh => "Sindh",
            Self::KhyberPakhtunkhwa => "Khyber Pakhtunkhwa",
            Self::Balochistan => "Balochistan",
            Self::Islamabad => "Islamabad Capital Territory",
        }
    }

    /// The area of that name below the nation.
    #[must_use]
    pub fn area(self) -> AreaId {
        AreaId::nation().below(self.name())
    }

    /// Prefix of its assembly's seats; the capital has none.
    #[must_use]
    pub fn seat_prefix(self) -> Option<&'static str> {
        match self {
            Self::Punjab => Some("PP"),
            Self::Sindh => Some("PS"),
            Self::KhyberPakhtunkhwa => Some("PK"),
            Self::Balochistan => Some("PB"),
            Self::Islamabad => None,
        }
    }

    /// The province whose assembly's seats have that prefix.
    #[must_use]
    pub fn of_prefix(prefix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|province| province.seat_prefix() == Some(prefix))
    }

    /// Reads a code of the commission's 2018 pages (9, 10, 12) or a name in English, short or Urdu; `more` holds
    /// further spellings from a mapping file.
    #[must_use]
    pub fn read(cell: &str, more: &BTreeMap<String, String>) -> Option<Self> {
        match cell {
            "12" => return Some(Self::Sindh),
            "9" | "10" => return Some(Self::KhyberPakhtunkhwa),
            _ => {}
        }
        if let Some(other) = more.get(cell) {
            return Self::by_name(other);
        }
        Self::by_name(cell)
    }

    fn by_name(text: &str) -> Option<Self> {
        let plain: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        match plain.as_str() {
            "punjab" | "panjab" | "pb" | "پنجاب" => Some(Self::Punjab),
            "sindh" | "sind" | "سندھ" => Some(Self::Sindh),
            "khyberpakhtunkhwa"
            | "khyberpukhtunkhwa"
            | "khyberpakhtoonkhwa"
            | "kp"
            | "kpk"
            | "nwfp"
            | "fata"
            | "exfata"
            | "kpfata"
            | "خیبرپختونخوا"
            | "فاٹا" => Some(Self::KhyberPakhtunkhwa),
            "balochistan" | "baluchistan" | "بلوچستان" => Some(Self::Balochistan),
            "islamabad" | "islamabadcapitalterritory" | "ict" | "federalcapital" | "اسلامآباد" => {
                Some(Self::Islamabad)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_names_and_further_spellings_are_read() {
        let none = BTreeMap::new();
        assert_eq!(Province::read("9", &none), Some(Province::KhyberPakhtunkhwa));
        assert_eq!(Province::read("10", &none), Some(Province::KhyberPakhtunkhwa));
        assert_eq!(Province::read("12", &none), Some(Province::Sindh));
        assert_eq!(Province::read("سندھ", &none), Some(Province::Sindh));
        assert_eq!(Province::read("Khyber-Pakhtunkhwa", &none), Some(Province::KhyberPakhtunkhwa));
        assert_eq!(Province::read("11", &none), None);
        let more = BTreeMap::from([("11".to_owned(), "Punjab".to_owned())]);
        assert_eq!(Province::read("11", &more), Some(Province::Punjab));
        assert_eq!(Province::of_prefix("PB"), Some(Province::Balochistan));
        assert_eq!(Province::Sindh.area().as_str(), "pk/sindh");
    }
}
