//! A trainer trains what he is qualified for, on days that he is free, at one venue a day, so many hours.

use pehra_domain::{
    Date,
    member::Modules,
    training::{Trainer, TrainingModule},
};

/// What a trainer does on one day: where, and for how many hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayOf {
    pub venue: Option<u32>,
    pub hours: u8,
}

/// Whether somebody may train a module.
#[must_use]
pub fn may_train(trainer: &Trainer, module: &TrainingModule) -> bool {
    trainer.modules.includes(Modules::of(&[module.number]))
        && (trainer.woman || !module.woman_trains)
}

#[must_use]
pub fn is_free(trainer: &Trainer, date: Date) -> bool {
    trainer.free.is_empty() || trainer.free.binary_search(&date).is_ok()
}

/// Whether so many hours more at a venue fit a trainer's day.
#[must_use]
pub fn fits(trainer: &Trainer, day: DayOf, venue: u32, hours: u8) -> bool {
    day.venue.is_none_or(|there| there == venue)
        && day.hours.checked_add(hours).is_some_and(|sum| sum <= trainer.hours_day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::{
        AreaId, PersonId, Point,
        training::{Audience, Validity},
    };

    fn trainer(woman: bool, modules: &[u8], free: &[i32]) -> Trainer {
        Trainer {
            number: PersonId::try_new("T-1").unwrap(),
            woman,
            modules: Modules::of(modules),
            district: AreaId::nation(),
            point: Point::try_from_degrees(25.0, 68.0).unwrap(),
            hours_day: 6,
            free: free.iter().map(|&day| Date(day)).collect(),
        }
    }

    #[test]
    fn qualification_sex_days_and_hours_decide_what_a_trainer_takes() {
        let module = |number, woman_trains| TrainingModule {
            number,
            title: String::new(),
            hours: 2,
            audience: Audience::Everybody,
            pass: String::new(),
            validity: Validity::Election,
            woman_trains,
            basis: "assumed".to_owned(),
        };
        for (woman, knows, number, for_women, may) in [
            (false, &[1, 4][..], 1, false, true),
            (false, &[1, 4], 2, false, false),
            (false, &[1, 4], 4, true, false),
            (true, &[1, 4], 4, true, true),
            (true, &[1], 4, true, false),
        ] {
            let found = may_train(&trainer(woman, knows, &[]), &module(number, for_women));
            assert_eq!(found, may, "{woman} {knows:?} {number}");
        }
        assert!(is_free(&trainer(false, &[], &[]), Date(3)));
        assert!(!is_free(&trainer(false, &[], &[2, 4]), Date(3)));
        assert!(is_free(&trainer(false, &[], &[2, 4]), Date(4)));
        for (venue, taken, at, hours, fit) in [
            (None, 0, 7, 6, true),
            (None, 0, 7, 7, false),
            (Some(7), 4, 7, 2, true),
            (Some(7), 4, 7, 3, false),
            (Some(8), 2, 7, 2, false),
        ] {
            let day = DayOf { venue, hours: taken };
            assert_eq!(fits(&trainer(false, &[], &[]), day, at, hours), fit, "{day:?} {at}");
        }
    }
}
