//! The closed words of the desk. Each has a code for data and screens.

use minicbor::{Decode, Encode};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $word:ident = $number:literal $code:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum $name { $($(#[$inner])* #[n($number)] $word),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$word),+];

            /// A word for data and screens.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$word => $code),+ }
            }

            /// Reads what [`Self::code`] writes.
            #[must_use]
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    )+};
}

words! {
    /// Who collected it. An office, never a person.
    Service {
        Police = 0 "police",
        SpecialBranch = 1 "special-branch",
        CounterTerrorism = 2 "counter-terrorism",
        IntelligenceBureau = 3 "intelligence-bureau",
        InterServices = 4 "inter-services",
        CivilArmedForces = 5 "civil-armed-forces",
        Army = 6 "army",
        CounterTerrorismAuthority = 7 "counter-terrorism-authority",
        CivilAdministration = 8 "civil-administration",
        Commission = 9 "commission",
    }
    /// What sort of source. A category, never a name.
    SourceKind {
        Human = 0 "human",
        Technical = 1 "technical",
        Open = 2 "open",
        Official = 3 "official",
        Public = 4 "public",
        Liaison = 5 "liaison",
    }
    /// What is threatened.
    Target {
        Station = 0 "station",
        Convoy = 1 "convoy",
        Route = 2 "route",
        /// A returning officer's or the commission's.
        Office = 3 "office",
        Store = 4 "store",
        /// A rally, a candidate's office: the place and the hour, not the person.
        Gathering = 5 "gathering",
        PollingStaff = 6 "polling-staff",
        Forces = 7 "forces",
        Communications = 8 "communications",
        Area = 9 "area",
    }
    Threat {
        ArmedAttack = 0 "armed-attack",
        Explosive = 1 "explosive",
        RoadsideDevice = 2 "roadside-device",
        SuicideAttack = 3 "suicide-attack",
        Grenade = 4 "grenade",
        Capture = 5 "capture",
        Abduction = 6 "abduction",
        Arson = 7 "arson",
        Unrest = 8 "unrest",
        Intimidation = 9 "intimidation",
        Sabotage = 10 "sabotage",
    }
    /// How near it is, and so how fast it grows old.
    Horizon {
        Imminent = 0 "imminent",
        Planning = 1 "planning",
        Capability = 2 "capability",
    }
    /// P may be shared with those who need it; C only under its caveats.
    Handling {
        Share = 0 "P",
        Conditions = 1 "C",
    }
    /// Conditions of handling. Words of a list: a free text would tell what it protects.
    Caveat {
        /// Nothing is done on it alone.
        NotForAction = 0 "not-for-action",
        AskOriginator = 1 "ask-originator",
        NoForeign = 2 "no-foreign",
        NoCopy = 3 "no-copy",
        /// Acting on it could show where it came from.
        SourceAtRisk = 4 "source-at-risk",
    }
    Compartment {
        Open = 0 "OPEN",
        Police = 1 "LEA",
        CounterTerrorism = 2 "CTD",
        Source = 3 "SOURCE",
        Candidates = 4 "CAND",
        Gender = 5 "GENDER",
    }
    /// How far a source can be trusted.
    Reliability {
        A = 0 "A",
        B = 1 "B",
        C = 2 "C",
        D = 3 "D",
        E = 4 "E",
        /// Cannot be judged.
        F = 5 "F",
    }
    /// How likely an item is.
    Credibility {
        Confirmed = 0 "1",
        ProbablyTrue = 1 "2",
        PossiblyTrue = 2 "3",
        Doubtful = 3 "4",
        Improbable = 4 "5",
        /// Cannot be judged.
        Unknown = 5 "6",
    }
    /// What became of it, for the service that gave it.
    Feedback {
        Used = 0 "used",
        Useful = 1 "useful",
        Wrong = 2 "wrong",
        Late = 3 "late",
    }
    /// How a question ended.
    Outcome {
        Answered = 0 "answered",
        NothingKnown = 1 "nothing-known",
        Dropped = 2 "dropped",
    }
}

impl Reliability {
    #[must_use]
    pub fn letter(self) -> &'static str {
        self.code()
    }

    /// The share of an item's weight that counts.
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::A => 1.0,
            Self::B => 0.8,
            Self::C => 0.6,
            Self::D | Self::F => 0.3,
            Self::E => 0.1,
        }
    }
}

impl Credibility {
    #[must_use]
    pub fn number(self) -> &'static str {
        self.code()
    }

    /// How much likelier such an item is when the threat is real than when it is not.
    #[must_use]
    pub fn likelihood_ratio(self) -> f64 {
        match self {
            Self::Confirmed => 8.0,
            Self::ProbablyTrue => 4.0,
            Self::PossiblyTrue => 2.0,
            Self::Doubtful => 0.7,
            Self::Improbable => 0.3,
            Self::Unknown => 1.0,
        }
    }
}

impl Horizon {
    /// After so long an item weighs half.
    #[must_use]
    pub fn half_life_ms(self) -> i64 {
        const HOUR: i64 = 3_600_000;
        match self {
            Self::Imminent => 48 * HOUR,
            Self::Planning => 7 * 24 * HOUR,
            Self::Capability => 30 * 24 * HOUR,
        }
    }
}
