//! Closed lists of words: one macro, so that each has its number in the record, its word, and all of its members in a row.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $number:literal $variant:ident $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            minicbor::Encode, minicbor::Decode, serde::Serialize, serde::Deserialize,
        )]
        #[cbor(index_only)]
        pub enum $name {
            $($(#[$inner])* #[n($number)] #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As it is written in tables and on screens.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.word() == word)
            }
        }
    };
}

pub(crate) use words;
