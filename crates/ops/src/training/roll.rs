//! A list of service numbers, kept in one text: a nation's attendance is two million of them.

use minicbor::{
    Decode, Decoder, Encode, Encoder,
    decode::Error as DecodeError,
    encode::{Error as EncodeError, Write},
};
use pehra_domain::PersonId;

/// What parts the numbers in memory; no well-formed number holds it.
const PART: char = '\n';

/// Service numbers. In bytes an array of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Roll(String);

impl Roll {
    /// The numbers in their order, each once, whatever order they come in.
    #[must_use]
    pub fn of<'a>(numbers: impl IntoIterator<Item = &'a PersonId>) -> Self {
        let mut all: Vec<&str> = numbers.into_iter().map(PersonId::as_str).collect();
        all.sort_unstable();
        all.dedup();
        Self(all.join("\n"))
    }

    /// Those of a roll that are asked for, in their order.
    #[must_use]
    pub fn keep(&self, mut wanted: impl FnMut(&str) -> bool) -> Self {
        let kept: Vec<&str> = self.iter().filter(|number| wanted(number)).collect();
        Self(kept.join("\n"))
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(PART).filter(|number| !number.is_empty())
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub fn contains(&self, number: &str) -> bool {
        self.iter().any(|other| other == number)
    }

    /// Whether the numbers stand in their order, each once.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.iter().zip(self.iter().skip(1)).all(|(a, b)| a < b)
    }
}

impl<C> Encode<C> for Roll {
    fn encode<W: Write>(
        &self,
        encoder: &mut Encoder<W>,
        _context: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        encoder.array(self.len() as u64)?;
        for number in self.iter() {
            encoder.str(number)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Roll {
    fn decode(decoder: &mut Decoder<'b>, _context: &mut C) -> Result<Self, DecodeError> {
        let at = decoder.position();
        let wrong =
            || DecodeError::message("a service number is empty or holds a line's end").at(at);
        let count = decoder
            .array()?
            .ok_or_else(|| DecodeError::message("a list of no known length").at(at))?;
        let mut all = String::new();
        for place in 0..count {
            let number = decoder.str()?;
            if number.is_empty() || number.contains(PART) {
                return Err(wrong());
            }
            if place > 0 {
                all.push(PART);
            }
            all.push_str(number);
        }
        Ok(Self(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roll(numbers: &[&str]) -> Roll {
        let all: Vec<PersonId> = numbers.iter().map(|it| PersonId::try_new(*it).unwrap()).collect();
        Roll::of(&all)
    }

    #[test]
    fn a_roll_is_in_order_whatever_order_it_comes_in_and_survives_its_bytes() {
        let one = roll(&["B-2", "B-1", "ک-7", "B-2"]);
        assert_eq!(one.iter().collect::<Vec<_>>(), ["B-1", "B-2", "ک-7"]);
        assert!(one.is_in_order() && one.contains("B-2") && !one.contains("B"));
        for roll in [one, Roll::default(), roll(&["B-1"])] {
            let bytes = minicbor::to_vec(&roll).unwrap();
            assert_eq!(minicbor::decode::<Roll>(&bytes).unwrap(), roll);
        }
    }

    #[test]
    fn bytes_that_hold_no_numbers_are_an_error() {
        for texts in [vec![""], vec!["B-1\nB-2"]] {
            let bytes = minicbor::to_vec(texts).unwrap();
            assert!(minicbor::decode::<Roll>(&bytes).is_err());
        }
        let backward = minicbor::to_vec(["B-2", "B-1"]).unwrap();
        assert!(!minicbor::decode::<Roll>(&backward).unwrap().is_in_order());
    }
}
