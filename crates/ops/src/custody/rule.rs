//! The twenty-four rules. What each looks at is in [`super::exception`]; a table of cases holds each to its word.

/// Whose matter an exception is until somebody takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    ReturningOfficer,
    /// The gravest go to the district at once.
    DistrictReturning,
}

impl Owner {
    /// The code of the role.
    #[must_use]
    pub fn role(self) -> &'static str {
        match self {
            Self::ReturningOfficer => "RO",
            Self::DistrictReturning => "DRO",
        }
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $word:literal $severity:literal),+ $(,)?) => {
        /// A rule by its number.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[$doc])* $name),+ }

        impl Rule {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// `X03`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            /// A word for data and screens.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// 1, a note, to 5.
            #[must_use]
            pub fn severity(self) -> u8 {
                match self { $(Self::$name => $severity),+ }
            }
        }
    };
}

rules! {
    /// No custodian's signature covers an interval.
    X01 "gap" 4,
    /// A seal number that was not issued, or not to this station.
    X02 "seal_unknown" 4,
    /// The seal read differs from the last recorded, or was not read.
    X03 "seal_mismatch" 4,
    /// One seal number on two items.
    X04 "seal_reused" 5,
    /// Arrival later than 95 of 100 comparable trips.
    X05 "late" 3,
    /// More than 2 km, or a tenth of the way, off the corridor.
    X06 "off_route" 3,
    /// A stop of more than 10 minutes that was not planned.
    X07 "halt" 3,
    /// Items of one station in two vehicles or hands without a record of a split.
    X08 "split" 4,
    /// A hand-over with only one signature.
    X09 "single_signer" 4,
    /// Giver and receiver are one person, or signed with one device's key.
    X10 "same_person" 4,
    /// Times that move backwards, or clocks more than 5 minutes apart.
    X11 "clock" 2,
    /// Received is not issued and unissued together.
    X12 "count_R" 4,
    /// Issued is not what is in the box, spoilt and unaccounted together.
    X13 "count_I" 4,
    /// In the box is not valid and rejected together.
    X14 "count_B" 4,
    /// Issued is not what is marked in the roll.
    X15 "roll" 3,
    /// The two contests of one station differ by more than 5 %.
    X16 "na_pa" 2,
    /// A form further on is not the station's.
    X17 "form_identity" 5,
    /// More papers in the box than voters.
    X18 "over" 5,
    /// Women are less than a tenth of a contest.
    X19 "women" 4,
    /// No agent signed and no reason is written.
    X20 "missing_sig" 2,
    /// The result of the count was not posted or handed out.
    X21 "not_posted" 3,
    /// Two signed acts follow the same one for one item.
    X22 "fork" 5,
    /// One serial at two stations.
    X23 "dup_serial" 5,
    /// Sent, and never received within its time and six hours.
    X24 "unreceived" 5,
}

impl Rule {
    #[must_use]
    pub fn owner(self) -> Owner {
        if self.severity() >= 5 { Owner::DistrictReturning } else { Owner::ReturningOfficer }
    }
}
