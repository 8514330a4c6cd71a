//! The closed words of the Common Alerting Protocol 1.2 (OASIS, 1 July 2010, §3.2), spelled as it spells them.

use crate::word::words;
use minicbor::{Decode, Encode};

words! {
    /// What sort of thing happens.
    Category {
        Safety = 0 "Safety",
        Security = 1 "Security",
        Rescue = 2 "Rescue",
        Fire = 3 "Fire",
        Health = 4 "Health",
        Transport = 5 "Transport",
        Infrastructure = 6 "Infra",
        Weather = 7 "Met",
        Geophysical = 8 "Geo",
        Other = 9 "Other",
    }
}

words! {
    /// What whoever reads it shall do.
    Response {
        Shelter = 0 "Shelter",
        Evacuate = 1 "Evacuate",
        Prepare = 2 "Prepare",
        /// Carry out what was planned for this.
        Execute = 3 "Execute",
        Avoid = 4 "Avoid",
        Monitor = 5 "Monitor",
        Assess = 6 "Assess",
        AllClear = 7 "AllClear",
        Nothing = 8 "None",
    }
}

words! {
    Urgency {
        Immediate = 0 "Immediate",
        /// Within the hour.
        Expected = 1 "Expected",
        Future = 2 "Future",
        Past = 3 "Past",
        Unknown = 4 "Unknown",
    }
}

words! {
    Severity {
        Extreme = 0 "Extreme",
        Severe = 1 "Severe",
        Moderate = 2 "Moderate",
        Minor = 3 "Minor",
        Unknown = 4 "Unknown",
    }
}

words! {
    Certainty {
        Observed = 0 "Observed",
        /// More likely than not.
        Likely = 1 "Likely",
        Possible = 2 "Possible",
        Unlikely = 3 "Unlikely",
        Unknown = 4 "Unknown",
    }
}

words! {
    /// Whom it is for.
    Scope {
        /// Anybody.
        Public = 0 "Public",
        /// Those whom the restriction names as a kind: "responders".
        Restricted = 1 "Restricted",
        /// The offices that it is addressed to.
        Private = 2 "Private",
    }
}

words! {
    /// Whether anybody shall act on it. It follows from the nature of the election and is chosen by nobody.
    Status {
        Actual = 0 "Actual",
        Exercise = 1 "Exercise",
        /// Generated places.
        Test = 2 "Test",
    }
}

impl Status {
    /// Only a real election can warn anybody of anything.
    #[must_use]
    pub fn of(nature: crate::election::Nature) -> Self {
        match nature {
            crate::election::Nature::Real => Self::Actual,
            crate::election::Nature::Exercise => Self::Exercise,
            crate::election::Nature::Synthetic => Self::Test,
        }
    }
}

words! {
    Kind {
        Alert = 0 "Alert",
        Update = 1 "Update",
        Cancel = 2 "Cancel",
    }
}
