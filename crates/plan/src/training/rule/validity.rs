//! A module counts if it is passed before the day and not so early that it has run out by then.

use pehra_domain::{Date, training::TrainingModule};

/// Whether a course on this date still counts on the day of the election.
#[must_use]
pub fn counts(module: &TrainingModule, date: Date, election: Date) -> bool {
    module.validity.counts_from(election) <= date && date < election
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::training::{Audience, Validity};

    #[test]
    fn what_is_passed_counts_from_its_validity_until_the_eve() {
        let election = Date::parse("2024-02-08").unwrap();
        for (validity, date, count) in [
            (Validity::Election, "2024-02-07", true),
            (Validity::Election, "2024-02-08", false),
            (Validity::Election, "2022-01-01", true),
            (Validity::Months(6), "2023-08-07", false),
            (Validity::Months(6), "2023-08-08", true),
            (Validity::Months(24), "2022-02-07", false),
            (Validity::Months(24), "2022-02-08", true),
        ] {
            let module = TrainingModule {
                number: 9,
                title: String::new(),
                hours: 4,
                audience: Audience::Reserve,
                pass: String::new(),
                validity,
                woman_trains: false,
                basis: "assumed".to_owned(),
            };
            assert_eq!(counts(&module, Date::parse(date).unwrap(), election), count, "{date}");
        }
    }
}
