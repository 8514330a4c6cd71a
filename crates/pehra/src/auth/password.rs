//! Passwords: Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest password, in bytes: more would only cost hashing time.
pub const PASSWORD_BYTES_MAX: usize = 256;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Verified against when an account does not exist, so that the answer takes as long as for one that does.
/// It is the hash of a value that nobody kept.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$ZRrZ1Vt6cyW3k0mZ4v0sFA$2qm6NGE0uNn6gVxgQ8e1c0n8m8vX1m3m4bq1c7y6W2s";

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    #[error("the password has fewer than {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    #[error("the password has more than {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    #[error("the password repeats itself or contains the account's name")]
    TooPlain,
    #[error("the password could not be hashed")]
    Hash,
}

/// Whether a new password may be used by `person`.
///
/// # Errors
/// [`PasswordError`] says what is wrong with it.
pub fn check(password: &str, person: &str) -> Result<(), PasswordError> {
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return Err(PasswordError::TooShort);
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(PasswordError::TooLong);
    }
    let mut letters: Vec<char> = password.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let named = person.len() >= 3 && password.to_lowercase().contains(&person.to_lowercase());
    if letters.len() < 5 || named { Err(PasswordError::TooPlain) } else { Ok(()) }
}

/// The hash to keep, with its parameters and salt in it. Takes tens of milliseconds: not on an async thread.
///
/// # Errors
/// [`PasswordError::Hash`] when the parameters are not accepted.
pub fn hash(password: &str, salt: [u8; 16]) -> Result<String, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(hash_failed)?;
    let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(hash_failed)?;
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed. `None` (no such account) costs the same time and is never
/// right.
#[must_use]
pub fn verify(password: &str, kept: Option<&str>) -> bool {
    if password.len() > PASSWORD_BYTES_MAX {
        return false;
    }
    let Ok(parsed) = PasswordHash::new(kept.unwrap_or(NOBODY)) else { return false };
    let right = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    right && kept.is_some()
}

fn hash_failed(cause: impl std::fmt::Display) -> PasswordError {
    tracing::error!(%cause, "argon2");
    PasswordError::Hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_opens() {
        let kept = hash("correct horse battery", [7; 16]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify("correct horse battery", Some(&kept)));
        assert!(!verify("correct horse batterz", Some(&kept)));
        assert!(!verify("correct horse battery", None));
        assert!(!verify("correct horse battery", Some("not a hash")));
    }

    #[test]
    fn the_hash_for_nobody_is_a_real_one() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&parsed).unwrap();
        assert_eq!((params.m_cost(), params.t_cost()), (MEMORY_KIB, PASSES));
        assert!(parsed.salt.is_some() && parsed.hash.is_some());
    }

    #[test]
    fn short_plain_and_endless_passwords_are_refused() {
        assert_eq!(check("short", "planner"), Err(PasswordError::TooShort));
        assert_eq!(check(&"ab".repeat(10), "planner"), Err(PasswordError::TooPlain));
        assert_eq!(check("my-PLANNER-password", "planner"), Err(PasswordError::TooPlain));
        assert_eq!(check(&"abcdefg".repeat(60), "planner"), Err(PasswordError::TooLong));
        assert_eq!(check("کبوتر دریا پہاڑ سڑک", "planner"), Ok(()));
    }
}
