//! A feed of messages: RFC 4287.

use super::{MEDIA_TYPE, escape, stamp};
use pehra_domain::UnixMs;
use std::fmt::Write as _;

/// One message in the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// An IRI that is this message's for ever.
    pub id: String,
    /// In each language.
    pub titles: Vec<String>,
    pub sent: UnixMs,
    /// The office that speaks.
    pub office: String,
    /// `Actual`, `Exercise` or `Test`, and whether it alerts, updates or cancels.
    pub terms: Vec<String>,
    pub summary: String,
    /// Where the message is, from the feed's own place on.
    pub href: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    pub id: String,
    pub title: String,
    /// The feed's own place.
    pub href: String,
    /// The newest first.
    pub entries: Vec<Linked>,
    /// What the feed says when nothing ever went out.
    pub since: UnixMs,
}

/// Text between the quotes of an attribute.
fn quoted(text: &str) -> String {
    escape(text).replace('"', "&quot;").replace('\n', " ")
}

impl Feed {
    #[must_use]
    pub fn write(&self) -> String {
        let updated = self.entries.iter().map(|entry| entry.sent).max().unwrap_or(self.since);
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.push_str("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
        // Writing to memory cannot fail.
        let _ = writeln!(out, "<id>{}</id>", escape(&self.id));
        let _ = writeln!(out, "<title>{}</title>", escape(&self.title));
        let _ = writeln!(out, "<updated>{}</updated>", stamp(updated));
        let _ = writeln!(out, "<author><name>{}</name></author>", escape(&self.title));
        let _ = writeln!(
            out,
            "<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>",
            quoted(&self.href)
        );
        for entry in &self.entries {
            let _ = writeln!(out, "<entry>\n<id>{}</id>", escape(&entry.id));
            let _ = writeln!(out, "<title>{}</title>", escape(&entry.titles.join(" · ")));
            let sent = stamp(entry.sent);
            let _ = writeln!(out, "<updated>{sent}</updated>\n<published>{sent}</published>");
            let _ = writeln!(out, "<author><name>{}</name></author>", escape(&entry.office));
            for term in &entry.terms {
                let _ = writeln!(out, "<category term=\"{}\"/>", quoted(term));
            }
            let _ = writeln!(out, "<summary>{}</summary>", escape(&entry.summary));
            let _ = writeln!(
                out,
                "<link rel=\"alternate\" type=\"{MEDIA_TYPE}\" href=\"{}\"/>\n</entry>",
                quoted(&entry.href)
            );
        }
        out.push_str("</feed>\n");
        out
    }
}
