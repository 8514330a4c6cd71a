//! The model proposed for the general election of 2024; `data/risk_model.toml` is the same as text.

use super::model::{Exponents, FactorParameters, Model, Scales, Thresholds, Travel};
use crate::threat::Kernel;
use pehra_domain::risk::Factor;

type Row = (Factor, &'static str, &'static str, f64, [f64; 5], &'static str);

const RARE: [f64; 5] = [0.80, 0.12, 0.05, 0.02, 0.01];
const LOW: [f64; 5] = [0.55, 0.25, 0.12, 0.06, 0.02];
const MIDDLE: [f64; 5] = [0.15, 0.30, 0.30, 0.18, 0.07];
const POOR: [f64; 5] = [0.05, 0.20, 0.30, 0.30, 0.15];

const ATTACKS: &str = "proposal: 93 attacks in January 2024, 57 of them in Balochistan and KP (PICSS), leave most places without one";
const SURVEYS: &str = "proposal: no survey published; middle values, wide";
const ROADS: &str = "proposal: no official response standard; Rescue 1122 takes 7 minutes in towns, rural reach is unknown";
const LIST: &str = "proposal: mean of 1418 voters and 3.05 booths a station (ECP figures of 2024)";

const ROWS: [Row; 19] = [
    (
        Factor::T1,
        "election incidents at the building at earlier polls",
        "گزشتہ انتخابات میں عمارت پر واقعات",
        0.22,
        RARE,
        ATTACKS,
    ),
    (
        Factor::T2,
        "armed attacks nearby in the last twelve months",
        "گزشتہ بارہ ماہ میں قریب مسلح حملے",
        0.22,
        LOW,
        ATTACKS,
    ),
    (
        Factor::T3,
        "current graded intelligence",
        "تازہ درجہ بند اطلاعات",
        0.22,
        RARE,
        "proposal: prior of fusion .02 (DOMAIN 3e), below the first step for most places",
    ),
    (
        Factor::T4,
        "attacks on election targets in the district since the schedule",
        "شیڈول کے بعد ضلع میں انتخابی اہداف پر حملے",
        0.14,
        LOW,
        "proposal: 21 attacks on elections in January 2024 over 136 districts (PICSS)",
    ),
    (
        Factor::T5,
        "feuds and firing on earlier polling days",
        "گزشتہ پولنگ پر دشمنی یا فائرنگ",
        0.12,
        LOW,
        SURVEYS,
    ),
    (
        Factor::T6,
        "weapons and violent crime in the police station's area",
        "تھانے کی حدود میں اسلحہ اور پرتشدد جرائم",
        0.08,
        MIDDLE,
        SURVEYS,
    ),
    (
        Factor::V1,
        "walls, gates and sight lines",
        "چاردیواری، دروازے اور نظر کی حد",
        0.14,
        MIDDLE,
        SURVEYS,
    ),
    (
        Factor::V2,
        "time until a quick-reaction team arrives",
        "فوری مدد پہنچنے کا وقت",
        0.20,
        MIDDLE,
        ROADS,
    ),
    (
        Factor::V3,
        "communication that works when mobile service is cut",
        "موبائل سروس بند ہونے پر رابطہ",
        0.16,
        POOR,
        "proposal: no list of radios or fixed lines at stations is published; on 8 February 2024 mobile service was cut everywhere",
    ),
    (
        Factor::V4,
        "gap between the force needed and posted",
        "درکار اور تعینات نفری کا فرق",
        0.16,
        POOR,
        "proposal: without a plan the gap is whole; this prior is used for no score",
    ),
    (
        Factor::V5,
        "women's booths without women staff",
        "خواتین کے بوتھ پر خواتین عملے کی کمی",
        0.08,
        MIDDLE,
        "proposal: Lahore .92 and Peshawar .91 policewomen a station in 2024",
    ),
    (Factor::V6, "exposure of the route", "راستے کا خطرہ", 0.14, MIDDLE, ROADS),
    (Factor::V7, "power, light and cameras", "بجلی، روشنی اور کیمرے", 0.06, MIDDLE, SURVEYS),
    (Factor::V8, "share of trained staff", "تربیت یافتہ عملے کا تناسب", 0.06, MIDDLE, SURVEYS),
    (Factor::C1, "number of voters", "ووٹروں کی تعداد", 0.30, MIDDLE, LIST),
    (
        Factor::C2,
        "booths and stations in the building",
        "عمارت میں بوتھ اور اسٹیشن",
        0.20,
        LOW,
        LIST,
    ),
    (
        Factor::C3,
        "women, disabled and displaced voters",
        "خواتین، معذور اور بے گھر ووٹر",
        0.15,
        MIDDLE,
        LIST,
    ),
    (
        Factor::C4,
        "election material kept there",
        "وہاں رکھا انتخابی سامان",
        0.20,
        RARE,
        "proposal: material lies at 859 offices and their stores, against 90675 stations",
    ),
    (
        Factor::C5,
        "distance to another building",
        "متبادل عمارت کا فاصلہ",
        0.15,
        MIDDLE,
        "proposal: section 59 prefers 1 km to a station",
    ),
];

impl Model {
    /// The proposal for Pakistan's general election of 2024. Weights, exponents, floor and thresholds: DOMAIN §3(a).
    #[must_use]
    pub fn default_pk2024() -> Self {
        Self {
            name: "pk2024".to_owned(),
            source: "DOMAIN 3(a), every value a proposal; nobody's official standard".to_owned(),
            floor: 5.0,
            provisional_below_pct: 50,
            spread_points: 2.0,
            pool_min: 5,
            exponents: Exponents { threat: 0.45, vulnerability: 0.30, consequence: 0.25 },
            thresholds: Thresholds { sensitive: 32.0, most: 50.0 },
            kernel: Kernel {
                radius_m: 10_000.0,
                window_days: 365,
                half_life_days: 120.0,
                half_distance_m: 4_000.0,
                coarse_weight: 0.5,
                half_points_at: 1.0,
                building_radius_m: 250.0,
                near_radius_m: 1_000.0,
                election_days_before: 7,
                election_days_after: 2,
            },
            travel: Travel {
                circuity: 1.4,
                speed_kmh: 35.0,
                turnout_min: 5.0,
                p90_factor: 1.5,
                material_radius_m: 150.0,
                town_population_min: 15_000,
            },
            scales: scales(),
            factors: ROWS.into_iter().map(parameters).collect(),
        }
    }
}

fn parameters((code, name, name_ur, weight, prior, source): Row) -> FactorParameters {
    FactorParameters {
        code,
        name: name.to_owned(),
        name_ur: name_ur.to_owned(),
        weight,
        prior,
        prior_source: source.to_owned(),
    }
}

fn scales() -> Scales {
    Scales {
        t3_posterior: vec![[0.0, 0.0], [0.03, 1.0], [0.08, 2.0], [0.2, 3.0], [0.5, 4.0]],
        t4_attacks: vec![[0.0, 0.0], [1.0, 2.0], [2.0, 3.0], [4.0, 4.0]],
        v2_minutes: vec![[10.0, 0.0], [20.0, 1.0], [30.0, 2.0], [45.0, 3.0], [75.0, 4.0]],
        v3_rungs: vec![[0.0, 4.0], [1.0, 3.0], [2.0, 1.5], [3.0, 0.5], [4.0, 0.0]],
        v6_exposure: vec![[2.0, 0.0], [10.0, 1.0], [30.0, 2.0], [80.0, 3.0], [200.0, 4.0]],
        c1_voters: vec![[300.0, 0.0], [700.0, 1.0], [1_500.0, 2.0], [3_000.0, 3.0], [6_000.0, 4.0]],
        c2_load: vec![[1.0, 0.0], [3.0, 1.0], [6.0, 2.0], [12.0, 3.0], [24.0, 4.0]],
        c3_women: vec![[0.0, 0.0], [300.0, 1.0], [700.0, 2.0], [1_300.0, 3.0], [2_000.0, 4.0]],
        c5_km: vec![[0.3, 0.0], [1.0, 1.0], [3.0, 2.0], [6.0, 3.0], [12.0, 4.0]],
    }
}
