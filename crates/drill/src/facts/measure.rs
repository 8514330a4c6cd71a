//! The closed list of what `data/ge2024.csv` may count.

/// On what ground a figure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// As a source printed it.
    Published,
    /// Computed from published figures.
    Derived,
    /// Declared, for want of a source: the row says why.
    Assumed,
}

impl Basis {
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "published" => Some(Self::Published),
            "derived" => Some(Self::Derived),
            "assumed" => Some(Self::Assumed),
            _ => None,
        }
    }

    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
        }
    }
}

macro_rules! measures {
    ($($name:ident $code:literal),+ $(,)?) => {
        /// What a figure counts. Names ending in `permille` are thousandths.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Measure { $($name),+ }

        impl Measure {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word in the table: `stations_men`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|measure| measure.code() == code)
            }
        }
    };
}

measures! {
    Stations "stations",
    StationsMen "stations_men",
    StationsWomen "stations_women",
    StationsCombined "stations_combined",
    Booths "booths",
    BoothsMen "booths_men",
    BoothsWomen "booths_women",
    Voters "voters",
    VotersMen "voters_men",
    VotersWomen "voters_women",
    SeatsNa "seats_na",
    SeatsPa "seats_pa",
    ClassNormal "class_normal",
    ClassSensitive "class_sensitive",
    ClassMost "class_most",
    Buildings "buildings",
    Police "police",
    PoliceWomenPermille "police_women_permille",
    PoliceWomenUrbanPermille "police_women_urban_permille",
    PoliceQrfPermille "police_qrf_permille",
    ArmyCafQrf "army_caf_qrf",
    ArmyCafStatic "army_caf_static",
    ArmyShareOfQrfPermille "army_share_of_qrf_permille",
    Postponed "postponed",
    AttacksJanuary "attacks_january",
    AttacksJanuaryOnElection "attacks_january_on_election",
    AttacksFirstWeekFebruary "attacks_first_week_february",
    AttacksFirstWeekFebruaryOnElection "attacks_first_week_february_on_election",
    AttacksMonthEarlier "attacks_month_earlier",
    AttacksPoll2013 "attacks_poll_2013",
    AttacksPoll2018 "attacks_poll_2018",
    AttacksReported "attacks_reported",
    MergedDistrict "merged_district",
}
