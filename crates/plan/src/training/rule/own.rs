//! Nobody trains himself.

use pehra_domain::PersonId;

/// Whether this trainer may train this person.
#[must_use]
pub fn may_train(trainer: &PersonId, person: &PersonId) -> bool {
    trainer != person
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trainer_sits_in_other_peoples_courses_only() {
        let number = |text: &str| PersonId::try_new(text).unwrap();
        for (trainer, person, may) in
            [("T-1", "T-1", false), ("T-1", "T-2", true), ("T-1", "B-1", true)]
        {
            assert_eq!(may_train(&number(trainer), &number(person)), may, "{trainer} {person}");
        }
    }
}
