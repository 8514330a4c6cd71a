//! Who did something, and when.

use pehra_domain::UnixMs;
use pehra_ops::stamp::Mark;
use serde::Serialize;

/// A person's act.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MarkView {
    pub person: String,
    pub role: String,
    pub at_ms: i64,
}

impl MarkView {
    #[must_use]
    pub fn of(mark: &Mark) -> Self {
        Self {
            person: mark.person.to_string(),
            role: mark.role.as_str().to_owned(),
            at_ms: mark.clock_ms.0,
        }
    }
}

/// A person's act, and whether the person's own key is under it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DoneBy {
    pub person: String,
    pub role: String,
    pub at_ms: i64,
    /// The node signed in the person's place.
    pub attested_by_node: bool,
}

impl DoneBy {
    #[must_use]
    pub fn of(mark: &Mark) -> Self {
        Self::at(mark, mark.clock_ms)
    }

    /// As [`Self::of`], done at another moment than it was written down.
    #[must_use]
    pub fn at(mark: &Mark, at: UnixMs) -> Self {
        let MarkView { person, role, .. } = MarkView::of(mark);
        Self { person, role, at_ms: at.0, attested_by_node: mark.attested_by_node }
    }
}
