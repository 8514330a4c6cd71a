//! Weights, thresholds and edits of norms: values with a source and a reason, one register per key and area.

use crate::{
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    event,
    refusal::{Refusal, RefusalCode},
    register::{Head, Reading, Register},
    stamp::{Context, Decided, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode, bytes::ByteVec};
use pehra_domain::AreaId;
use std::collections::BTreeMap;

/// A key such as `risk.weight.T1`, for the area in which it holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct ParameterKey {
    #[n(0)]
    pub area: AreaId,
    #[n(1)]
    pub key: String,
}

impl std::fmt::Display for ParameterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.area, self.key)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Value {
    #[n(0)]
    Text(#[n(0)] String),
    #[n(1)]
    Whole(#[n(0)] i64),
    /// Canonical bytes of a larger value, for example a norms profile.
    #[n(2)]
    Bytes(#[n(0)] ByteVec),
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Parameter {
    #[n(0)]
    pub value: Value,
    /// Who says so: a law, a paper, an order, with its date.
    #[n(1)]
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Set {
        key: ParameterKey,
        parameter: Parameter,
        reason: String,
    },
    /// Back to the value above: of the area above, or the built-in default.
    Clear {
        key: ParameterKey,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(400)]
    Set {
        #[n(0)]
        key: ParameterKey,
        #[n(1)]
        parameter: Parameter,
        #[n(2)]
        reason: String,
    },
    #[n(401)]
    Cleared {
        #[n(0)]
        key: ParameterKey,
        #[n(1)]
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Default,
    Set,
    Disputed,
}

impl Event {
    pub(crate) fn key(&self) -> &ParameterKey {
        match self {
            Self::Set { key, .. } | Self::Cleared { key, .. } => key,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::Area(&self.key().area));
        see(Piece::Name(&self.key().key));
        match self {
            Self::Set { parameter, reason, .. } => {
                see(Piece::Required(reason));
                see(Piece::Required(&parameter.source));
                if let Value::Text(text) = &parameter.value {
                    see(Piece::Optional(text));
                }
            }
            Self::Cleared { reason, .. } => see(Piece::Required(reason)),
        }
    }
}

impl Describe for Option<Parameter> {
    fn word(&self) -> &'static str {
        if self.is_some() { "set" } else { "cleared" }
    }
    fn detail(&self) -> String {
        match self.as_ref().map(|parameter| &parameter.value) {
            None => String::new(),
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Whole(number)) => number.to_string(),
            Some(Value::Bytes(bytes)) => format!("{} B", bytes.len()),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Parameters {
    #[n(0)]
    values: BTreeMap<ParameterKey, Register<Option<Parameter>>>,
}

impl Parameters {
    #[must_use]
    pub fn phase(&self, key: &ParameterKey) -> Phase {
        match self.values.get(key).map(Register::reading) {
            None | Some(Reading::Empty | Reading::Agreed(None)) => Phase::Default,
            Some(Reading::Agreed(Some(_))) => Phase::Set,
            Some(Reading::Disputed) => Phase::Disputed,
        }
    }

    /// The value set for exactly this area; none by default or while disputed.
    #[must_use]
    pub fn own(&self, key: &ParameterKey) -> Option<&Parameter> {
        self.values.get(key)?.agreed()?.as_ref()
    }

    /// The value that holds in an area: its own, else that of the nearest area above. A disputed value is passed
    /// over and stays visible as a conflict.
    #[must_use]
    pub fn in_area(&self, area: &AreaId, key: &str) -> Option<&Parameter> {
        let mut area = Some(area.clone());
        while let Some(here) = area {
            let above = here.parent();
            if let Some(found) = self.own(&ParameterKey { area: here, key: key.to_owned() }) {
                return Some(found);
            }
            area = above;
        }
        None
    }

    /// All values that are set and undisputed, with who set them and when.
    pub fn all(&self) -> impl Iterator<Item = (&ParameterKey, &Parameter, &Mark)> {
        self.values.iter().filter_map(|(key, register)| {
            let parameter = register.agreed()?.as_ref()?;
            let mark = register.heads().map(|(_, head)| &head.mark).next()?;
            Some((key, parameter, mark))
        })
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let (value, note) = match event {
            Event::Set { parameter, reason, .. } => (Some(parameter.clone()), reason.clone()),
            Event::Cleared { reason, .. } => (None, reason.clone()),
        };
        let head = Head { mark: stamped.mark(), value, note };
        let register = self.values.entry(event.key().clone()).or_default();
        register.write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        self.values
            .iter()
            .filter_map(|(key, register)| conflict::of_register(Noun::Parameter, key, register))
            .collect()
    }
}

pub(crate) fn decide(
    state: &State,
    _context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    let values = &state.parameters.values;
    let (event, key) = match command {
        Command::Set { key, parameter, reason } => {
            if state.parameters.own(key) == Some(parameter) {
                return Ok(Vec::new());
            }
            let (parameter, reason) = (parameter.clone(), reason.clone());
            (Event::Set { key: key.clone(), parameter, reason }, key)
        }
        Command::Clear { key, reason } => {
            if state.parameters.phase(key) == Phase::Default {
                return Err(Refusal::of(RefusalCode::ParameterUnset, key));
            }
            (Event::Cleared { key: key.clone(), reason: reason.clone() }, key)
        }
    };
    let refs = values.get(key).map(Register::refs).unwrap_or_default();
    Ok(Decided::over(&event::Event::Parameter(event), &key.area, &refs))
}

#[cfg(test)]
mod tests;
