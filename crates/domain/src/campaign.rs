//! Public awareness: in which languages, by which channels, and what of these still works while mobile networks are off.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// A language of a campaign.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
pub enum Language {
    #[n(0)]
    #[serde(rename = "ur")]
    Urdu,
    #[n(1)]
    #[serde(rename = "sd")]
    Sindhi,
    #[n(2)]
    #[serde(rename = "ps")]
    Pashto,
    #[n(3)]
    #[serde(rename = "pa")]
    Punjabi,
    #[n(4)]
    #[serde(rename = "bal")]
    Balochi,
    #[n(5)]
    #[serde(rename = "skr")]
    Saraiki,
    #[n(6)]
    #[serde(rename = "en")]
    English,
}

impl Language {
    pub const ALL: [Self; 7] = [
        Self::Urdu,
        Self::Sindhi,
        Self::Pashto,
        Self::Punjabi,
        Self::Balochi,
        Self::Saraiki,
        Self::English,
    ];

    /// By ISO 639: `ur`, `skr`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Urdu => "ur",
            Self::Sindhi => "sd",
            Self::Pashto => "ps",
            Self::Punjabi => "pa",
            Self::Balochi => "bal",
            Self::Saraiki => "skr",
            Self::English => "en",
        }
    }

    /// In English.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Urdu => "Urdu",
            Self::Sindhi => "Sindhi",
            Self::Pashto => "Pashto",
            Self::Punjabi => "Punjabi",
            Self::Balochi => "Balochi",
            Self::Saraiki => "Saraiki",
            Self::English => "English",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Written from right to left.
    #[must_use]
    pub fn is_right_to_left(self) -> bool {
        self != Self::English
    }
}

/// How a message reaches people.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    #[n(0)]
    Radio,
    /// Of mosques and communities: neutral text alone.
    #[n(1)]
    Loudspeaker,
    /// At schools and stations.
    #[n(2)]
    Poster,
    /// From door to door; to women by lady health workers.
    #[n(3)]
    Leaflet,
    /// A line of text below the picture.
    #[n(4)]
    Tv,
    #[n(5)]
    Helpline,
    #[n(6)]
    Sms,
    /// Messengers, pages and apps.
    #[n(7)]
    Web,
    /// A recorded voice that calls.
    #[n(8)]
    Ivr,
    /// Of the district returning officer.
    #[n(9)]
    Desk,
    /// Paper with a code, kept by presiding officers and carried by couriers.
    #[n(10)]
    Card,
}

impl Channel {
    pub const ALL: [Self; 11] = [
        Self::Radio,
        Self::Loudspeaker,
        Self::Poster,
        Self::Leaflet,
        Self::Tv,
        Self::Helpline,
        Self::Sms,
        Self::Web,
        Self::Ivr,
        Self::Desk,
        Self::Card,
    ];

    /// As tables write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Radio => "radio",
            Self::Loudspeaker => "loudspeaker",
            Self::Poster => "poster",
            Self::Leaflet => "leaflet",
            Self::Tv => "tv",
            Self::Helpline => "helpline",
            Self::Sms => "sms",
            Self::Web => "web",
            Self::Ivr => "ivr",
            Self::Desk => "desk",
            Self::Card => "card",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_it_is_written() {
        for language in Language::ALL {
            assert_eq!(Language::parse(language.code()), Some(language));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.word()), Some(channel));
        }
        assert_eq!((Language::parse("hi"), Channel::parse("")), (None, None));
    }
}
