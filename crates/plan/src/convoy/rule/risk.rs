//! Travel weighed by danger: a leg counts for more when it leads to or from a dangerous place (proposed weights).

use pehra_domain::risk::RiskClass;

/// Thousandths that one end of a leg adds.
#[must_use]
pub fn weight_permille(class: Option<RiskClass>) -> u32 {
    match class {
        None | Some(RiskClass::Normal) => 0,
        Some(RiskClass::Sensitive) => 125,
        Some(RiskClass::Most) => 250,
    }
}

/// Seconds that a leg counts for; the office's class is none.
#[must_use]
pub fn weighed_s(time_s: u32, from: Option<RiskClass>, to: Option<RiskClass>) -> u32 {
    let weight = 1_000 + weight_permille(from) + weight_permille(to);
    u32::try_from(u64::from(time_s) * u64::from(weight) / 1_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let (sensitive, most) = (Some(RiskClass::Sensitive), Some(RiskClass::Most));
        let cases = [
            (1_000, None, Some(RiskClass::Normal), 1_000),
            (1_000, None, sensitive, 1_125),
            (1_000, sensitive, most, 1_375),
            (1_000, most, most, 1_500),
            (0, most, most, 0),
        ];
        for (time_s, from, to, due) in cases {
            assert_eq!(weighed_s(time_s, from, to), due);
        }
    }
}
