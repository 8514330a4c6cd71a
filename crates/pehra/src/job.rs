//! Long work that a person can watch and stop.
