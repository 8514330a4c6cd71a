//! The closed lists of the day.

use super::word::words;
use pehra_plan::communication::bearer::Bearer;

words! {
    /// Over what a message went. The first eleven are the bearers of the communication plan.
    Path {
        0 Uhf "uhf", 1 Vhf "vhf", 2 VhfBase "vhf-base", 3 Hf "hf", 4 FixedLine "fixed-line", 5 Fibre "fibre",
        6 Satellite "satellite", 7 Courier "courier", 8 Runner "runner", 9 CellularVoice "cellular-voice",
        10 CellularData "cellular-data",
        /// The sector's car, sent because the station was silent.
        11 SectorCar "sector-car",
        /// By hand, with the material: the person who carries the bag is also the network.
        12 ByHand "by-hand",
    }
}

impl Path {
    #[must_use]
    pub fn of(bearer: Bearer) -> Self {
        match bearer {
            Bearer::Uhf => Self::Uhf,
            Bearer::Vhf => Self::Vhf,
            Bearer::VhfBase => Self::VhfBase,
            Bearer::Hf => Self::Hf,
            Bearer::FixedLine => Self::FixedLine,
            Bearer::Fibre => Self::Fibre,
            Bearer::Satellite => Self::Satellite,
            Bearer::Courier => Self::Courier,
            Bearer::Runner => Self::Runner,
            Bearer::CellularVoice => Self::CellularVoice,
            Bearer::CellularData => Self::CellularData,
        }
    }
}

words! {
    /// The codes of the incident taxonomy (DOMAIN §3(c)).
    Trouble {
        0 ArmPst "ARM.PST", 1 ArmCon "ARM.CON", 2 IedPst "IED.PST", 3 IedRte "IED.RTE", 4 IedCam "IED.CAM",
        5 IedEmb "IED.EMB", 6 GrePst "GRE.PST", 7 GreOff "GRE.OFF", 8 CanKil "CAN.KIL", 9 CanAtt "CAN.ATT",
        10 CapPst "CAP.PST", 11 CapCnt "CAP.CNT", 12 PubCla "PUB.CLA", 13 PubCro "PUB.CRO", 14 PubFir "PUB.FIR",
        15 VotInt "VOT.INT", 16 VotWom "VOT.WOM", 17 VotAcc "VOT.ACC", 18 StfThr "STF.THR", 19 StfMis "STF.MIS",
        20 CusGap "CUS.GAP", 21 CusSea "CUS.SEA", 22 CusSna "CUS.SNA", 23 CusDes "CUS.DES", 24 CusCnt "CUS.CNT",
        25 LogMat "LOG.MAT", 26 LogOpn "LOG.OPN", 27 LogRes "LOG.RES", 28 ComChk "COM.CHK", 29 ComSus "COM.SUS",
        30 ComNet "COM.NET", 31 ComRes "COM.RES", 32 DevCam "DEV.CAM", 33 DevRad "DEV.RAD", 34 MedCas "MED.CAS",
        35 NatHaz "NAT.HAZ", 36 InfRum "INF.RUM", 37 SysSec "SYS.SEC",
    }
}

impl Trouble {
    /// The severity that the taxonomy proposes: 5 death, capture, destruction or national effect, 1 a note.
    #[must_use]
    pub fn severity(self) -> u8 {
        match self {
            Self::ArmPst
            | Self::ArmCon
            | Self::IedPst
            | Self::IedRte
            | Self::IedCam
            | Self::IedEmb
            | Self::CanKil
            | Self::CapPst
            | Self::CapCnt
            | Self::StfThr
            | Self::CusSna
            | Self::CusDes => 5,
            Self::GrePst
            | Self::CanAtt
            | Self::VotInt
            | Self::VotWom
            | Self::StfMis
            | Self::CusSea
            | Self::LogMat
            | Self::ComSus
            | Self::SysSec => 4,
            Self::GreOff
            | Self::PubCla
            | Self::PubCro
            | Self::PubFir
            | Self::VotAcc
            | Self::CusGap
            | Self::CusCnt
            | Self::ComNet
            | Self::DevRad
            | Self::MedCas
            | Self::NatHaz => 3,
            Self::LogOpn | Self::LogRes | Self::ComChk | Self::DevCam | Self::InfRum => 2,
            Self::ComRes => 1,
        }
    }

    /// An attack with arms, as the published counts of attacks have it.
    #[must_use]
    pub fn is_attack(self) -> bool {
        matches!(
            self,
            Self::ArmPst
                | Self::ArmCon
                | Self::IedPst
                | Self::IedRte
                | Self::IedCam
                | Self::IedEmb
                | Self::GrePst
                | Self::GreOff
                | Self::CanKil
                | Self::CanAtt
        )
    }
}

words! {
    /// Why something is late, absent, lost or broken.
    Cause {
        0 Illness "illness", 1 Delay "delay", 2 Breakdown "breakdown", 3 Road "road", 4 Error "human error",
        5 Fear "fear", 6 Bribe "bribe", 7 Attack "attack", 8 Crowd "crowd", 9 Material "material missing",
        10 Staff "staff missing", 11 Guards "guards missing", 12 Weather "weather", 13 Suspension "suspension",
        14 Outage "outage", 15 Battery "battery", 16 Busy "busy", 17 Range "out of range", 18 Credentials "credentials",
        19 Clash "clash", 20 Order "order",
    }
}

words! {
    /// What stands at a station and can fail.
    Device {
        0 Camera "camera", 1 Generator "generator", 2 Verification "verification", 3 Radio "radio",
    }
}

words! {
    /// Steps of custody (DOMAIN §3(d)) that the day sees.
    Step {
        5 Issued "C05", 6 Carried "C06", 7 Overnight "C07", 8 Opened "C08", 9 SecondBox "C09", 10 Counted "C10",
        11 Packed "C11", 12 Returned "C12", 13 Received "C13",
    }
}

words! {
    /// Who holds a thing or speaks.
    Role {
        0 ReturningOfficer "returning officer", 1 DeputyOfficer "deputy returning officer",
        2 PresidingOfficer "presiding officer", 3 AssistantOfficer "assistant presiding officer",
        4 StationGuard "station guard", 5 SectorOfficer "sector", 6 Escort "escort", 7 Courier "courier",
        8 Team "quick-reaction team", 9 Citizen "citizen", 10 Unknown "unknown", 11 Service "service",
    }
}

words! {
    /// What a citizen's report is worth; the room does not see this.
    Truth {
        0 True "true", 1 Mistaken "mistaken", 2 Malicious "malicious",
    }
}

words! {
    /// How a citizen reached the desk.
    Channel {
        0 Telephone "telephone", 1 Sms "sms", 2 Paper "paper", 3 WalkIn "walk-in",
    }
}

words! {
    /// Services that somebody suspends, or that fail over an area.
    Service {
        0 Voice "voice", 1 Sms "sms", 2 Data "data", 3 Broadband "broadband", 4 Exchange "telephone exchange",
        5 Mast "district mast", 6 Power "power",
    }
}

words! {
    /// What a person or thing at a building is doing.
    Absence {
        0 Ill "ill", 1 Late "late", 2 LeftPost "left the post", 3 Hurt "hurt", 4 Killed "killed",
    }
}
