//! The parameters of the risk index: data with a source, editable, signed when changed.

use crate::threat::Kernel;
use pehra_domain::risk::{FACTOR_COUNT, Factor, RiskClass};
use serde::{Deserialize, Serialize};

/// One of the three parts of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Threat,
    Vulnerability,
    Consequence,
}

impl Part {
    pub const ALL: [Self; 3] = [Self::Threat, Self::Vulnerability, Self::Consequence];

    /// The part a factor belongs to: the first letter of its code.
    #[must_use]
    pub fn of(factor: Factor) -> Self {
        match factor.index() {
            0..=5 => Self::Threat,
            6..=13 => Self::Vulnerability,
            _ => Self::Consequence,
        }
    }

    /// Position in [`Part::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Threat => "threat",
            Self::Vulnerability => "vulnerability",
            Self::Consequence => "consequence",
        }
    }
}

/// How strongly each part counts; the three sum to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exponents {
    pub threat: f64,
    pub vulnerability: f64,
    pub consequence: f64,
}

impl Exponents {
    /// In the order of [`Part::ALL`].
    #[must_use]
    pub fn array(self) -> [f64; 3] {
        [self.threat, self.vulnerability, self.consequence]
    }
}

/// Scores from which a class begins, on the scale 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    pub sensitive: f64,
    pub most: f64,
}

/// One factor: its weight within its part and the prior that stands in when nobody knows anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactorParameters {
    pub code: Factor,
    pub name: String,
    pub name_ur: String,
    pub weight: f64,
    /// Probability of the levels 0, 1, 2, 3, 4; sums to 1, and its mean is never 0.
    pub prior: [f64; 5],
    pub prior_source: String,
}

/// How measured quantities become points from 0 to 4: `[measure, points]` with a straight line between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scales {
    /// Posterior probability of an attack → points, as steps (the highest step reached counts).
    pub t3_posterior: Vec<[f64; 2]>,
    /// Attacks on election targets in the district since the schedule.
    pub t4_attacks: Vec<[f64; 2]>,
    /// Minutes until a quick-reaction team arrives, 90th percentile.
    pub v2_minutes: Vec<[f64; 2]>,
    /// Working rungs of communication that survive a suspension of cellular service.
    pub v3_rungs: Vec<[f64; 2]>,
    /// Exposure of the route: road kilometres times (1 + mean attack intensity along it).
    pub v6_exposure: Vec<[f64; 2]>,
    /// Registered voters; straight lines in the logarithm.
    pub c1_voters: Vec<[f64; 2]>,
    /// Booths in the building plus one for each further station in it.
    pub c2_load: Vec<[f64; 2]>,
    /// Registered women at the station.
    pub c3_women: Vec<[f64; 2]>,
    /// Kilometres to the nearest other building with stations.
    pub c5_km: Vec<[f64; 2]>,
}

/// Travel and place assumptions behind V2, V6 and C4.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Travel {
    /// Road length over straight line.
    pub circuity: f64,
    pub speed_kmh: f64,
    pub turnout_min: f64,
    /// 90th percentile over the mean.
    pub p90_factor: f64,
    /// A place where material lies counts for a station within this distance.
    pub material_radius_m: f64,
    /// A town from which material may come, when no returning officer's office is known.
    pub town_population_min: u32,
}

/// The whole model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    pub name: String,
    pub source: String,
    /// Least value of a part, so that one empty part does not wipe out the others.
    pub floor: f64,
    /// Below this completeness the class is provisional.
    pub provisional_below_pct: u8,
    /// Half-width in points of the spread of a value in which nobody has any confidence.
    pub spread_points: f64,
    /// Least number of observed stations from which an area's distribution is drawn.
    pub pool_min: u32,
    pub exponents: Exponents,
    pub thresholds: Thresholds,
    pub kernel: Kernel,
    pub travel: Travel,
    pub scales: Scales,
    /// In the order of [`Factor::ALL`].
    #[serde(rename = "factor")]
    pub factors: Vec<FactorParameters>,
}

/// Why a model cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("the risk model cannot be read: {0}; correct the line it names")]
    Syntax(String),
    #[error(
        "the risk model lists factor {found} where {expected} belongs; list T1 to C5 in order, each once"
    )]
    Order { expected: &'static str, found: &'static str },
    #[error("the risk model has {0} factors; it needs exactly {FACTOR_COUNT}, T1 to C5")]
    Count(usize),
    #[error("the weights of {part} sum to {sum}; make them sum to 1")]
    Weights { part: &'static str, sum: String },
    #[error("the exponents sum to {0}; make them sum to 1")]
    Exponents(String),
    #[error("the thresholds must rise: 0 < sensitive < most <= 100")]
    Thresholds,
    #[error(
        "the prior of {0} must be five shares of 0 or more that sum to 1, and not all at level 0"
    )]
    Prior(&'static str),
    #[error("the prior of {0} names no source; say where it comes from")]
    PriorSource(&'static str),
    #[error("{field} is {value}; it must be {must}")]
    Range { field: &'static str, value: String, must: &'static str },
    #[error("the scale {0} needs at least one pair, measures rising, points from 0 to 4")]
    Scale(&'static str),
}

const CLOSE: f64 = 1e-9;

/// False for what is not a number, too.
fn is_one(sum: f64) -> bool {
    (1.0 - CLOSE..=1.0 + CLOSE).contains(&sum)
}

impl Model {
    /// Reads and checks a model written in TOML.
    ///
    /// # Errors
    /// [`ModelError`] says what is wrong and what to do.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let model: Self =
            toml::from_str(text).map_err(|error| ModelError::Syntax(error.to_string()))?;
        model.validate()?;
        Ok(model)
    }

    /// Writes the model as TOML that [`Model::parse`] reads back.
    ///
    /// # Errors
    /// [`ModelError::Syntax`] when a value has no place in TOML (not a number).
    pub fn to_toml(&self) -> Result<String, ModelError> {
        toml::to_string(self).map_err(|error| ModelError::Syntax(error.to_string()))
    }

    /// Checks every rule that the index relies on.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ModelError> {
        self.check_factors()?;
        self.check_numbers()?;
        self.kernel.validate()?;
        self.check_scales()
    }

    fn check_factors(&self) -> Result<(), ModelError> {
        if self.factors.len() != FACTOR_COUNT {
            return Err(ModelError::Count(self.factors.len()));
        }
        let mut sums = [0.0; 3];
        for (given, expected) in self.factors.iter().zip(Factor::ALL) {
            if given.code != expected {
                let (expected, found) = (expected.code(), given.code.code());
                return Err(ModelError::Order { expected, found });
            }
            let code = expected.code();
            if !(0.0..=1.0).contains(&given.weight) {
                return Err(ModelError::Range {
                    field: code,
                    value: given.weight.to_string(),
                    must: "a weight from 0 to 1",
                });
            }
            sums[Part::of(expected).index()] += given.weight;
            let total: f64 = given.prior.iter().sum();
            let shares = given.prior.iter().all(|share| (0.0..=1.0).contains(share));
            if !shares || !is_one(total) || given.prior[0] > 1.0 - CLOSE {
                return Err(ModelError::Prior(code));
            }
            if given.prior_source.trim().is_empty() {
                return Err(ModelError::PriorSource(code));
            }
        }
        for (part, sum) in Part::ALL.into_iter().zip(sums) {
            if !is_one(sum) {
                return Err(ModelError::Weights { part: part.name(), sum: sum.to_string() });
            }
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), ModelError> {
        let exponents = self.exponents.array();
        let sum: f64 = exponents.iter().sum();
        if !is_one(sum) || exponents.iter().any(|e| !(0.0..=1.0).contains(e)) {
            return Err(ModelError::Exponents(sum.to_string()));
        }
        let Thresholds { sensitive, most } = self.thresholds;
        if !(0.0 < sensitive && sensitive < most && most <= 100.0) {
            return Err(ModelError::Thresholds);
        }
        let travel = &self.travel;
        let ranges = [
            ("floor", self.floor, 0.01, 50.0, "from 0.01 to 50"),
            ("spread_points", self.spread_points, 0.0, 4.0, "from 0 to 4"),
            ("pool_min", f64::from(self.pool_min), 1.0, 1e6, "at least 1"),
            (
                "provisional_below_pct",
                f64::from(self.provisional_below_pct),
                0.0,
                100.0,
                "0 to 100",
            ),
            ("travel.circuity", travel.circuity, 1.0, 5.0, "from 1 to 5"),
            ("travel.speed_kmh", travel.speed_kmh, 1.0, 150.0, "from 1 to 150"),
            ("travel.turnout_min", travel.turnout_min, 0.0, 120.0, "from 0 to 120"),
            ("travel.p90_factor", travel.p90_factor, 1.0, 5.0, "from 1 to 5"),
            ("travel.material_radius_m", travel.material_radius_m, 0.0, 5_000.0, "0 to 5000"),
        ];
        for (field, value, low, high, must) in ranges {
            if !(low..=high).contains(&value) {
                return Err(ModelError::Range { field, value: value.to_string(), must });
            }
        }
        Ok(())
    }

    fn check_scales(&self) -> Result<(), ModelError> {
        let s = &self.scales;
        let named = [
            ("t3_posterior", &s.t3_posterior),
            ("t4_attacks", &s.t4_attacks),
            ("v2_minutes", &s.v2_minutes),
            ("v3_rungs", &s.v3_rungs),
            ("v6_exposure", &s.v6_exposure),
            ("c1_voters", &s.c1_voters),
            ("c2_load", &s.c2_load),
            ("c3_women", &s.c3_women),
            ("c5_km", &s.c5_km),
        ];
        for (name, pairs) in named {
            let rising = pairs.windows(2).all(|pair| pair[0][0] < pair[1][0]);
            let bounded = pairs
                .iter()
                .all(|p| p[0].is_finite() && p[0] >= 0.0 && (0.0..=4.0).contains(&p[1]));
            if pairs.is_empty() || !rising || !bounded {
                return Err(ModelError::Scale(name));
            }
        }
        if s.c1_voters[0][0] <= 0.0 {
            return Err(ModelError::Scale("c1_voters"));
        }
        Ok(())
    }

    /// The class of a score in hundredths.
    #[must_use]
    pub fn class_of(&self, score_centi: u16) -> RiskClass {
        let score = f64::from(score_centi) / 100.0;
        if score >= self.thresholds.most {
            RiskClass::Most
        } else if score >= self.thresholds.sensitive {
            RiskClass::Sensitive
        } else {
            RiskClass::Normal
        }
    }

    /// The parameters of one factor.
    #[must_use]
    pub fn factor(&self, factor: Factor) -> &FactorParameters {
        &self.factors[factor.index()]
    }
}

/// Straight lines between the pairs, flat beyond both ends.
#[must_use]
pub fn interpolate(pairs: &[[f64; 2]], measure: f64) -> f64 {
    let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else { return 0.0 };
    if measure <= first[0] {
        return first[1];
    }
    for pair in pairs.windows(2) {
        let ([x0, y0], [x1, y1]) = (pair[0], pair[1]);
        if measure <= x1 {
            return y0 + (y1 - y0) * (measure - x0) / (x1 - x0);
        }
    }
    last[1]
}

/// The points of the highest step whose measure is reached; 0 below the first.
#[must_use]
pub fn step(pairs: &[[f64; 2]], measure: f64) -> f64 {
    pairs.iter().rev().find(|pair| measure >= pair[0]).map_or(0.0, |pair| pair[1])
}

/// As [`interpolate`], with straight lines in the logarithm of the measure.
#[must_use]
pub fn interpolate_log(pairs: &[[f64; 2]], measure: f64) -> f64 {
    if measure <= 0.0 {
        return pairs.first().map_or(0.0, |pair| pair[1]);
    }
    let logs: Vec<[f64; 2]> = pairs.iter().map(|pair| [libm::log(pair[0]), pair[1]]).collect();
    interpolate(&logs, libm::log(measure))
}
