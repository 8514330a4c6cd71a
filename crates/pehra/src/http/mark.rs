//! Who did something, and when.

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
