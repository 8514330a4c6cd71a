//! Women sit in courses of their own, where the rule is on.

use serde::Serialize;

/// Who sits in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sitting {
    Men,
    Women,
    All,
}

impl Sitting {
    /// The course that somebody sits in.
    #[must_use]
    pub fn of(woman: bool, women_apart: bool) -> Self {
        match (women_apart, woman) {
            (false, _) => Self::All,
            (true, false) => Self::Men,
            (true, true) => Self::Women,
        }
    }

    #[must_use]
    pub fn takes(self, woman: bool) -> bool {
        match self {
            Self::Men => !woman,
            Self::Women => woman,
            Self::All => true,
        }
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Men => "men",
            Self::Women => "women",
            Self::All => "all",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn women_sit_apart_where_the_rule_is_on() {
        for (woman, apart, sitting) in [
            (true, true, Sitting::Women),
            (false, true, Sitting::Men),
            (true, false, Sitting::All),
            (false, false, Sitting::All),
        ] {
            assert_eq!(Sitting::of(woman, apart), sitting);
            assert!(sitting.takes(woman));
        }
        assert!(!Sitting::Men.takes(true) && !Sitting::Women.takes(false));
    }
}
