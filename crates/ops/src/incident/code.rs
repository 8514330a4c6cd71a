//! The taxonomy: 38 codes in 16 families, with severity, lead, first actions and targets as data.

use minicbor::{Decode, Encode};

macro_rules! codes {
    ($($name:ident = $number:literal $text:literal),+ $(,)?) => {
        /// What kind of incident.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(index_only)]
        pub enum Code { $(#[n($number)] $name),+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// `ARM.PST`: family and kind.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

codes! {
    ArmPst = 0 "ARM.PST",
    ArmCon = 1 "ARM.CON",
    IedPst = 2 "IED.PST",
    IedRte = 3 "IED.RTE",
    IedCam = 4 "IED.CAM",
    IedEmb = 5 "IED.EMB",
    GrePst = 6 "GRE.PST",
    GreOff = 7 "GRE.OFF",
    CanKil = 8 "CAN.KIL",
    CanAtt = 9 "CAN.ATT",
    CapPst = 10 "CAP.PST",
    CapCnt = 11 "CAP.CNT",
    PubCla = 12 "PUB.CLA",
    PubCro = 13 "PUB.CRO",
    PubFir = 14 "PUB.FIR",
    VotInt = 15 "VOT.INT",
    VotWom = 16 "VOT.WOM",
    VotAcc = 17 "VOT.ACC",
    StfThr = 18 "STF.THR",
    StfMis = 19 "STF.MIS",
    CusGap = 20 "CUS.GAP",
    CusSea = 21 "CUS.SEA",
    CusSna = 22 "CUS.SNA",
    CusDes = 23 "CUS.DES",
    CusCnt = 24 "CUS.CNT",
    LogMat = 25 "LOG.MAT",
    LogOpn = 26 "LOG.OPN",
    LogRes = 27 "LOG.RES",
    ComChk = 28 "COM.CHK",
    ComSus = 29 "COM.SUS",
    ComNet = 30 "COM.NET",
    ComRes = 31 "COM.RES",
    DevCam = 32 "DEV.CAM",
    DevRad = 33 "DEV.RAD",
    MedCas = 34 "MED.CAS",
    NatHaz = 35 "NAT.HAZ",
    InfRum = 36 "INF.RUM",
    SysSec = 37 "SYS.SEC",
}

impl Code {
    /// Reads `ARM.PST`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name().eq_ignore_ascii_case(text.trim()))
    }

    /// `ARM`.
    #[must_use]
    pub fn family(self) -> &'static str {
        self.name().split('.').next().unwrap_or_default()
    }

    /// Voters intimidated, misconduct of security staff: goes to the returning officer of the district and the
    /// commission's monitor, and past the accused's commanders.
    #[must_use]
    pub fn matter(self) -> Matter {
        if matches!(self, Self::VotInt | Self::StfMis) {
            Matter::Complaint
        } else {
            Matter::Incident
        }
    }
}

/// Whose business it is. Stands in every act, so that the right to act can be judged from the act alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Matter {
    #[n(0)]
    Incident,
    /// About those who guard: control rooms neither see nor answer it.
    #[n(1)]
    Complaint,
}

/// 5 is death, capture, material destroyed or national effect; 1 is a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Severity {
    #[n(1)]
    One = 1,
    #[n(2)]
    Two = 2,
    #[n(3)]
    Three = 3,
    #[n(4)]
    Four = 4,
    #[n(5)]
    Five = 5,
}

impl Severity {
    pub const ALL: [Self; 5] = [Self::One, Self::Two, Self::Three, Self::Four, Self::Five];

    #[must_use]
    pub fn of(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.number() == number)
    }

    #[must_use]
    pub fn number(self) -> u8 {
        self as u8
    }
}

/// How far help has to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Terrain {
    #[n(0)]
    Urban,
    #[n(1)]
    Rural,
    #[n(2)]
    Remote,
}

/// Minutes from the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Targets {
    pub acknowledge: u32,
    pub dispatch: u32,
    /// Urban, rural, remote; none where nobody has to go.
    pub arrive: Option<[u32; 3]>,
}

impl Targets {
    #[must_use]
    pub fn arrive_in(&self, terrain: Terrain) -> Option<u32> {
        let [urban, rural, remote] = self.arrive?;
        Some(match terrain {
            Terrain::Urban => urban,
            Terrain::Rural => rural,
            Terrain::Remote => remote,
        })
    }
}

/// One row of the taxonomy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    pub code: Code,
    pub severity: Severity,
    pub lead: String,
    /// Highest level that is told at once: `district`, `provincial`, `national`.
    pub up_to: String,
    pub targets: Targets,
    pub title: String,
    pub title_ur: String,
    pub first_actions: String,
    pub first_actions_ur: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taxonomy {
    kinds: Vec<Kind>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaxonomyError {
    #[error("line {0} of the incidents' table is not a row of thirteen cells with whole minutes")]
    Line(usize),
    #[error("line {0} of the incidents' table breaks the order of the codes; each stands once")]
    Order(usize),
    #[error("line {0} gives a severity other targets than a line before it")]
    Targets(usize),
}

impl Taxonomy {
    /// Reads `code,severity,up_to,ack_min,dispatch_min,urban_min,rural_min,remote_min,title,title_ur,lead,first_actions,
    /// first_actions_ur`.
    ///
    /// # Errors
    /// [`TaxonomyError`] names the line, comments counted.
    pub fn parse(csv: &str) -> Result<Self, TaxonomyError> {
        let mut kinds: Vec<Kind> = Vec::with_capacity(Code::ALL.len());
        let mut last = 1;
        for (line, cells) in crate::permission::rows(csv).skip(1) {
            last = line;
            let kind = kind(&cells).ok_or(TaxonomyError::Line(line))?;
            if Code::ALL.get(kinds.len()) != Some(&kind.code) {
                return Err(TaxonomyError::Order(line));
            }
            let alike = |other: &&Kind| other.severity == kind.severity;
            if kinds.iter().find(alike).is_some_and(|other| other.targets != kind.targets) {
                return Err(TaxonomyError::Targets(line));
            }
            kinds.push(kind);
        }
        if kinds.len() != Code::ALL.len() {
            return Err(TaxonomyError::Order(last));
        }
        Ok(Self { kinds })
    }

    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    #[must_use]
    pub fn kind(&self, code: Code) -> Option<&Kind> {
        self.kinds.get(code as usize)
    }

    /// What a severity asks for.
    #[must_use]
    pub fn targets(&self, severity: Severity) -> Option<Targets> {
        self.kinds.iter().find(|kind| kind.severity == severity).map(|kind| kind.targets)
    }
}

fn kind(cells: &[String]) -> Option<Kind> {
    let [code, severity, up_to, minutes @ .., title, title_ur, lead, first, first_ur] = cells
    else {
        return None;
    };
    let minutes: Vec<u32> = minutes.iter().map(|cell| cell.parse().ok()).collect::<Option<_>>()?;
    let [acknowledge, dispatch, urban, rural, remote] = minutes.as_slice() else { return None };
    let arrive = [*urban, *rural, *remote];
    Some(Kind {
        code: Code::parse(code)?,
        severity: Severity::of(severity.parse().ok()?)?,
        lead: lead.clone(),
        up_to: up_to.clone(),
        targets: Targets {
            acknowledge: *acknowledge,
            dispatch: *dispatch,
            arrive: (arrive != [0; 3]).then_some(arrive),
        },
        title: title.clone(),
        title_ur: title_ur.clone(),
        first_actions: first.clone(),
        first_actions_ur: first_ur.clone(),
    })
}
