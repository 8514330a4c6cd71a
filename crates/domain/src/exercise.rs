//! What tells an exercise from an election, before anything else of it is known.

/// Stands above every table, page and message of an exercise, in both languages. Files that bear it are refused where
/// an election is real.
pub const EXERCISE_MARK: &str = "EXERCISE · مشق";
/// Stands beside it where the places themselves are generated.
pub const SYNTHETIC_MARK: &str = "SYNTHETIC DATA";

/// Whether a line above a table says that the table comes from an exercise.
#[must_use]
pub fn is_marked(text: &str) -> bool {
    text.contains(EXERCISE_MARK) || text.contains(SYNTHETIC_MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_marks_are_known_wherever_they_stand_in_the_line() {
        assert!(is_marked("\u{feff}EXERCISE · مشق · as of 2024-02-08"));
        assert!(is_marked("SYNTHETIC DATA"));
        assert!(!is_marked("exercise books, 40 per school"));
    }
}
