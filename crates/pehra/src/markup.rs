//! What every page that is written here needs: words from outside that stay words, and moments as people in Pakistan read
//! them.

use pehra_domain::{Date, UnixMs};

/// Text as it may stand in an element or between the quotes of an attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// `09:30` in Pakistan.
#[must_use]
pub fn clock(at: UnixMs) -> String {
    let minutes = at.0.saturating_add(5 * 3_600_000).rem_euclid(86_400_000) / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `2024-02-08 09:30` in Pakistan.
#[must_use]
pub fn moment(at: UnixMs) -> String {
    format!("{} {}", Date::of_pkt(at), clock(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_pakistans() {
        assert_eq!(moment(UnixMs(0)), "1970-01-01 05:00");
        assert_eq!(moment(UnixMs(-1)), "1970-01-01 04:59");
        assert_eq!(moment(UnixMs(19 * 3_600_000)), "1970-01-02 00:00");
    }
}
