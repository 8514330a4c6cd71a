//! How many escorts ride: four; six when a most-sensitive station is on the way (proposed norm for convoys).

use pehra_domain::risk::RiskClass;

pub const ESCORTS: u32 = 4;
pub const ESCORTS_MOST: u32 = 6;

/// Escorts of a convoy that calls at these classes.
#[must_use]
pub fn escorts(classes: &[RiskClass]) -> u32 {
    if classes.contains(&RiskClass::Most) { ESCORTS_MOST } else { ESCORTS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let (normal, sensitive, most) = (RiskClass::Normal, RiskClass::Sensitive, RiskClass::Most);
        let cases: [(&[RiskClass], u32); 5] = [
            (&[], 4),
            (&[normal], 4),
            (&[normal, sensitive], 4),
            (&[normal, most, normal], 6),
            (&[most], 6),
        ];
        for (classes, due) in cases {
            assert_eq!(escorts(classes), due, "{classes:?}");
        }
    }
}
