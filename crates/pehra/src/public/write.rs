//! Writing a page: every word that comes from outside is escaped, and stands in an isolate of its own so that its
//! direction turns nothing else.

use crate::markup;
pub(super) use crate::markup::escape;
use pehra_domain::{UnixMs, campaign::Language};

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    English,
    Urdu,
}

impl Tongue {
    pub(super) fn of_path(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "ur" => Some(Self::Urdu),
            _ => None,
        }
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Urdu => "ur",
        }
    }

    /// As campaigns name it.
    pub(super) fn language(self) -> Language {
        match self {
            Self::English => Language::English,
            Self::Urdu => Language::Urdu,
        }
    }

    pub(super) fn other(self) -> Self {
        match self {
            Self::English => Self::Urdu,
            Self::Urdu => Self::English,
        }
    }

    pub(super) fn direction(self) -> &'static str {
        match self {
            Self::English => "ltr",
            Self::Urdu => "rtl",
        }
    }

    /// The sentence in this language.
    pub(super) fn say<'a>(self, english: &'a str, urdu: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Urdu => urdu,
        }
    }
}

/// Escaped, with a direction of its own.
pub(super) fn own(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

/// Hour and minute in Pakistan.
pub(super) fn clock(at: UnixMs) -> String {
    format!("<bdi>{}</bdi>", markup::clock(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letter_of_a_visitor_becomes_part_of_the_page() {
        let hostile = r#"</textarea><script>alert('x')</script>"&<img onerror=x>"#;
        let written = own(hostile);
        let inside = written.strip_prefix("<bdi>").unwrap().strip_suffix("</bdi>").unwrap();
        assert!(!inside.contains(['<', '>', '"', '\'']), "{inside}");
    }

    #[test]
    fn the_clock_is_pakistans() {
        assert_eq!(clock(UnixMs(0)), "<bdi>05:00</bdi>");
        assert_eq!(clock(UnixMs(-1)), "<bdi>04:59</bdi>");
    }
}
