//! Weights, thresholds and norms: defaults with their source, and the signed changes on top of them.

use super::{Node, load::NEVER};
use crate::{facts, work::WorkError};
use pehra_domain::{
    AreaId, UnixMs,
    norm::{NormProfile, NormRow},
    risk::{Factor, RiskClass},
    station::StationKind,
};
use pehra_ops::{
    Command,
    parameter::{self, Parameter, ParameterKey, Value},
    permission,
};
use pehra_plan::{
    allocate::{Duty, Rules, Seats, Teams},
    assess::model::{Model, Part},
    norm::NormBook,
    patrol::Payoffs,
};

/// A parameter as the room shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterView {
    /// `risk.weight.T1`, `norms.PK-2024-SINDH.most.women.inner`.
    pub key: String,
    /// `weights`, `thresholds`, `exponents`, `travel`, `kernel`, `norms`, `rules`, `patrols`.
    pub group: &'static str,
    pub value: f64,
    pub default: f64,
    pub source: String,
    pub at: UnixMs,
    pub signed_by: String,
    pub conflict: bool,
}

/// One place in the model that a person may change.
struct Slot {
    key: String,
    group: &'static str,
    get: fn(&Model) -> f64,
    set: fn(&mut Model, f64),
}

macro_rules! slots {
    ($($group:literal $key:literal $($path:ident).+;)+) => {
        [$(Slot {
            key: $key.to_owned(),
            group: $group,
            get: |model| model.$($path).+,
            set: |model, value| model.$($path).+ = value,
        }),+]
    };
}

fn slots() -> [Slot; 14] {
    slots! {
        "exponents" "risk.exponent.threat" exponents.threat;
        "exponents" "risk.exponent.vulnerability" exponents.vulnerability;
        "exponents" "risk.exponent.consequence" exponents.consequence;
        "thresholds" "risk.threshold.sensitive" thresholds.sensitive;
        "thresholds" "risk.threshold.most" thresholds.most;
        "thresholds" "risk.floor" floor;
        "kernel" "risk.kernel.radius_m" kernel.radius_m;
        "kernel" "risk.kernel.half_life_days" kernel.half_life_days;
        "kernel" "risk.kernel.half_distance_m" kernel.half_distance_m;
        "kernel" "risk.kernel.coarse_weight" kernel.coarse_weight;
        "travel" "risk.travel.circuity" travel.circuity;
        "travel" "risk.travel.speed_kmh" travel.speed_kmh;
        "travel" "risk.travel.turnout_min" travel.turnout_min;
        "travel" "risk.travel.p90_factor" travel.p90_factor;
    }
}

/// A figure of the rules on top of the allocation; nought switches a rule off.
struct RuleSlot {
    key: &'static str,
    default: u32,
    most: u32,
    source: &'static str,
    set: fn(&mut Rules, u32),
}

const RULES: [RuleSlot; 11] = [
    RuleSlot {
        key: "rule.home",
        default: 1,
        most: 1,
        source: "proposed: nobody guards a poll of their own constituency",
        set: |rules, value| rules.home = value > 0,
    },
    RuleSlot {
        key: "rule.training",
        default: 0,
        most: 1,
        source: "no rule; module M7 at most sensitive places is proposed, as the draw asks",
        set: |rules, value| rules.training = value > 0,
    },
    RuleSlot {
        key: "rule.arrival",
        default: 1,
        most: 1,
        source: "proposed: a unit is where it can be in time",
        set: |rules, value| rules.arrival = value > 0,
    },
    RuleSlot {
        key: "rule.travel_min_max",
        default: 0,
        most: 2_880,
        source: "no rule; 360 minutes are proposed",
        set: |rules, value| rules.travel_s_max = (value > 0).then(|| value * 60),
    },
    RuleSlot {
        key: "rule.duty_min_max",
        default: 0,
        most: 2_880,
        source: "no rule; 1080 minutes (18 hours) are proposed",
        set: |rules, value| {
            rules.duty = (value > 0).then(|| Duty { s_max: value * 60, ..Duty::PROPOSED });
        },
    },
    RuleSlot {
        key: "rule.duty_post_min",
        default: Duty::PROPOSED.post_s / 60,
        most: 1_440,
        source: "proposed: 05:00 to 19:00",
        set: |rules, value| {
            if let Some(duty) = &mut rules.duty {
                duty.post_s = value * 60;
            }
        },
    },
    RuleSlot {
        key: "rule.team_people_min",
        default: 0,
        most: 20,
        source: "no rule; 2 are proposed",
        set: |rules, value| {
            rules.teams = (value > 0).then_some(Teams { people_min: value, women_min: 0 });
        },
    },
    RuleSlot {
        key: "rule.team_women_min",
        default: Teams::PROPOSED.women_min,
        most: 20,
        source: "proposed: no woman alone; counts where teams have a least size",
        set: |rules, value| {
            if let Some(teams) = &mut rules.teams {
                teams.women_min = value;
            }
        },
    },
    RuleSlot {
        key: "rule.leader",
        default: 0,
        most: 1,
        source: "no rule; somebody of at least head constable's rank with module M6 is proposed",
        set: |rules, value| rules.leaders = value > 0,
    },
    RuleSlot {
        key: "rule.seat_trips",
        default: 0,
        most: 20,
        source: "no rule; 2 trips on the eve are proposed",
        set: |rules, value| {
            rules.seats = (value > 0).then_some(Seats { trips: value, ..Seats::PROPOSED });
        },
    },
    RuleSlot {
        key: "rule.walk_m_max",
        default: Seats::PROPOSED.walk_m,
        most: 50_000,
        source: "proposed: within 5 km people walk",
        set: |rules, value| {
            if let Some(seats) = &mut rules.seats {
                seats.walk_m = value;
            }
        },
    },
];

/// A figure of what an attack costs and what a team takes away of it.
struct PayoffSlot {
    key: &'static str,
    most: u16,
    source: &'static str,
    get: fn(&Payoffs) -> u16,
    set: fn(&mut Payoffs, u16),
}

const PAYOFFS: [PayoffSlot; 4] = [
    PayoffSlot {
        key: "patrol.takes_permille",
        most: 1_000,
        source: "assumed: no count was found",
        get: |payoffs| payoffs.takes_permille,
        set: |payoffs, value| payoffs.takes_permille = value,
    },
    PayoffSlot {
        key: "patrol.normal_percent",
        most: Payoffs::PERCENT_MAX,
        source: "proposed: the score as it is",
        get: |payoffs| payoffs.percent[0],
        set: |payoffs, value| payoffs.percent[0] = value,
    },
    PayoffSlot {
        key: "patrol.sensitive_percent",
        most: Payoffs::PERCENT_MAX,
        source: "proposed: the score as it is",
        get: |payoffs| payoffs.percent[1],
        set: |payoffs, value| payoffs.percent[1] = value,
    },
    PayoffSlot {
        key: "patrol.most_percent",
        most: Payoffs::PERCENT_MAX,
        source: "proposed: the score as it is",
        get: |payoffs| payoffs.percent[2],
        set: |payoffs, value| payoffs.percent[2] = value,
    },
];

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a signed figure was checked to be whole and within its bounds; anything else leaves the default"
)]
fn whole(value: f64, most: u32, default: u32) -> u32 {
    if value.fract().abs() < f64::EPSILON && (0.0..=f64::from(most)).contains(&value) {
        value as u32
    } else {
        default
    }
}

impl Node {
    /// The rules of the allocation with the signed changes.
    #[must_use]
    pub fn allocation_rules(&self) -> Rules {
        let mut rules = Rules::NONE;
        for slot in &RULES {
            let signed = self.signed(slot.key);
            (slot.set)(
                &mut rules,
                signed.map_or(slot.default, |v| whole(v, slot.most, slot.default)),
            );
        }
        rules
    }

    /// The payoffs of patrols with the signed changes.
    #[must_use]
    pub fn patrol_payoffs(&self) -> Payoffs {
        let mut payoffs = Payoffs::PROPOSED;
        for slot in &PAYOFFS {
            let default = u32::from((slot.get)(&Payoffs::PROPOSED));
            let signed = self.signed(slot.key);
            let value = signed.map_or(default, |value| whole(value, slot.most.into(), default));
            (slot.set)(&mut payoffs, u16::try_from(value).unwrap_or(slot.most));
        }
        payoffs
    }

    /// The risk model with the signed changes. Weights are relative within their part: a change of one moves the
    /// others so that they sum to 1 again.
    ///
    /// # Errors
    /// [`WorkError::Input`] names the parameter that makes the model unsound.
    pub fn risk_model(&self) -> Result<Model, WorkError> {
        let mut model = facts::risk_model().map_err(|error| WorkError::Input(error.to_string()))?;
        for slot in slots() {
            if let Some(value) = self.signed(&slot.key) {
                (slot.set)(&mut model, value);
            }
        }
        for factor in &mut model.factors {
            if let Some(value) = self.signed(&weight_key(factor.code)) {
                factor.weight = value;
            }
        }
        balance(&mut model);
        model.validate().map_err(|error| WorkError::Input(error.to_string()))?;
        Ok(model)
    }

    /// The norms: the imported profiles if there are any, else the built-in ones, with the signed changes.
    ///
    /// # Errors
    /// [`WorkError::Input`] when the built-in tables cannot be read.
    pub fn norm_book(&self) -> Result<NormBook, WorkError> {
        let mut book = facts::norms().map_err(|error| WorkError::Input(error.to_string()))?;
        if let Some(imported) = &self.world().norms {
            for profile in &imported.rows {
                place_profile(&mut book, profile);
            }
        }
        let profiles =
            book.by_area.iter_mut().map(|(_, profile)| profile).chain([&mut book.fallback]);
        for profile in profiles {
            let name = profile.name.clone();
            for row in &mut profile.rows {
                for (field, figure) in figures(row) {
                    if let Some(value) = self.signed(&norm_key(&name, row_key(row), field)) {
                        set_figure(row, field, value, figure);
                    }
                }
            }
        }
        Ok(book)
    }

    /// Every parameter with its default, its signed value and who signed it.
    ///
    /// # Errors
    /// [`WorkError::Input`] when a built-in table cannot be read.
    pub fn parameters(&self) -> Result<Vec<ParameterView>, WorkError> {
        let default = facts::risk_model().map_err(|error| WorkError::Input(error.to_string()))?;
        let mut all: Vec<ParameterView> = slots()
            .iter()
            .map(|slot| self.view(&slot.key, slot.group, (slot.get)(&default), &default.source))
            .collect();
        for factor in &default.factors {
            let key = weight_key(factor.code);
            all.push(self.view(&key, "weights", factor.weight, &factor.prior_source));
        }
        let book = facts::norms().map_err(|error| WorkError::Input(error.to_string()))?;
        let profiles = book.by_area.iter().map(|(_, profile)| profile).chain([&book.fallback]);
        for profile in profiles {
            for row in &profile.rows {
                for (field, figure) in figures(row) {
                    let key = norm_key(&profile.name, row_key(row), field);
                    all.push(self.view(&key, "norms", f64::from(figure), &profile.source));
                }
            }
        }
        for slot in &RULES {
            all.push(self.view(slot.key, "rules", f64::from(slot.default), slot.source));
        }
        for slot in &PAYOFFS {
            let default = f64::from((slot.get)(&Payoffs::PROPOSED));
            all.push(self.view(slot.key, "patrols", default, slot.source));
        }
        Ok(all)
    }

    /// Signs a change of one parameter.
    ///
    /// # Errors
    /// [`WorkError`]: no such parameter, a value that makes the model unsound, or a refusal.
    pub fn set_parameter(
        &self,
        person: &pehra_domain::PersonId,
        key: &str,
        value: f64,
        source: &str,
        reason: &str,
    ) -> Result<(), WorkError> {
        let known =
            self.parameters()?.into_iter().find(|view| view.key == key).ok_or_else(|| {
                WorkError::Input(format!(
                    "there is no parameter `{key}`: see the list of parameters"
                ))
            })?;
        self.try_value(&known, value)?;
        let needed = if known.group == "norms" || known.group == "rules" {
            permission::NORMS_EDIT
        } else {
            permission::PARAMETER_EDIT
        };
        let actor = self.acting(person, needed)?;
        let command = parameter::Command::Set {
            key: ParameterKey { area: AreaId::nation(), key: key.to_owned() },
            parameter: Parameter {
                value: Value::Text(value.to_string()),
                source: source.to_owned(),
            },
            reason: reason.to_owned(),
        };
        self.execute(&actor, Command::Parameter(command))?;
        Ok(())
    }

    /// Refuses a value before it is signed when no sound model could be built with it.
    fn try_value(&self, known: &ParameterView, value: f64) -> Result<(), WorkError> {
        let unsound =
            |why: String| WorkError::Input(format!("{} cannot be {value}: {why}", known.key));
        let rule = RULES.iter().find(|slot| slot.key == known.key).map(|slot| slot.most);
        let payoff = PAYOFFS.iter().find(|slot| slot.key == known.key);
        if let Some(most) = rule.or_else(|| payoff.map(|slot| slot.most.into())) {
            // A team that takes nothing away, or a class without a cost, would leave nothing to plan.
            let least = u32::from(payoff.is_some());
            return if (least..=most).contains(&whole(value, most, u32::MAX)) {
                Ok(())
            } else {
                Err(unsound(format!("it is a whole number from {least} to {most}")))
            };
        }
        if known.group == "norms" {
            let whole = value.fract().abs() < f64::EPSILON && (0.0..=1_000.0).contains(&value);
            return if whole {
                Ok(())
            } else {
                Err(unsound("a norm is a whole number of people, at most 1,000".to_owned()))
            };
        }
        let mut model = self.risk_model()?;
        for slot in slots().iter().filter(|slot| slot.key == known.key) {
            (slot.set)(&mut model, value);
        }
        for factor in &mut model.factors {
            if weight_key(factor.code) == known.key {
                factor.weight = value;
            }
        }
        if !value.is_finite() || value < 0.0 {
            return Err(unsound("it must be a number that is not negative".to_owned()));
        }
        balance(&mut model);
        model.validate().map_err(|error| unsound(error.to_string()))
    }

    fn signed(&self, key: &str) -> Option<f64> {
        self.ops(|state| match &state.parameter(&AreaId::nation(), key)?.value {
            Value::Text(text) => text.parse().ok(),
            Value::Whole(_) | Value::Bytes(_) => None,
        })
    }

    fn view(&self, key: &str, group: &'static str, default: f64, source: &str) -> ParameterView {
        let own = ParameterKey { area: AreaId::nation(), key: key.to_owned() };
        self.ops(|state| {
            let signed = state.parameters.all().find(|(known, ..)| **known == own);
            let conflict = state.parameters.phase(&own) == parameter::Phase::Disputed;
            let base = ParameterView {
                key: key.to_owned(),
                group,
                value: default,
                default,
                source: source.to_owned(),
                at: NEVER,
                signed_by: String::new(),
                conflict,
            };
            match signed {
                Some((_, parameter, mark)) => ParameterView {
                    value: match &parameter.value {
                        Value::Text(text) => text.parse().unwrap_or(default),
                        Value::Whole(_) | Value::Bytes(_) => default,
                    },
                    source: parameter.source.clone(),
                    at: mark.clock_ms,
                    signed_by: mark.person.as_str().to_owned(),
                    ..base
                },
                None => base,
            }
        })
    }
}

/// Makes the weights of each part sum to 1 again.
fn balance(model: &mut Model) {
    for part in [Part::Threat, Part::Vulnerability, Part::Consequence] {
        let of_part = |code: Factor| Part::of(code) == part;
        let sum: f64 = model.factors.iter().filter(|f| of_part(f.code)).map(|f| f.weight).sum();
        if sum > 0.0 && (sum - 1.0).abs() > 1e-12 {
            for factor in model.factors.iter_mut().filter(|f| of_part(f.code)) {
                factor.weight /= sum;
            }
        }
    }
}

/// An imported profile takes the place of the built-in one of its name; another becomes the one used wherever no
/// area has its own.
fn place_profile(book: &mut NormBook, profile: &NormProfile) {
    match book.by_area.iter_mut().find(|(_, known)| known.name == profile.name) {
        Some((_, known)) => *known = profile.clone(),
        None => book.fallback = profile.clone(),
    }
}

fn weight_key(code: Factor) -> String {
    format!("risk.weight.{}", code.code())
}

fn norm_key(profile: &str, row: (RiskClass, StationKind), field: &str) -> String {
    let class = row.0.word();
    let kind = match row.1 {
        StationKind::Men => "men",
        StationKind::Women => "women",
        StationKind::Combined => "combined",
    };
    format!("norms.{profile}.{class}.{kind}.{field}")
}

fn row_key(row: &NormRow) -> (RiskClass, StationKind) {
    (row.class, row.kind)
}

fn figures(row: &NormRow) -> [(&'static str, u32); 4] {
    [
        ("inner", row.inner_per_station),
        ("outer", row.outer_per_building),
        ("women_min", row.women_min),
        ("static_outside", row.static_outside),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a signed norm was checked to be a whole number up to 1,000; anything else leaves the default"
)]
fn set_figure(row: &mut NormRow, field: &str, value: f64, default: u32) {
    let figure = if (0.0..=1_000.0).contains(&value) { value as u32 } else { default };
    match field {
        "inner" => row.inner_per_station = figure,
        "outer" => row.outer_per_building = figure,
        "women_min" => row.women_min = figure,
        "static_outside" => row.static_outside = figure,
        _ => {}
    }
}
