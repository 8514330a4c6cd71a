//! What a browser sends from a form: `application/x-www-form-urlencoded`, read with limits.

/// Longest form.
pub const FORM_BYTES_MAX: usize = 32 * 1024;
/// Most fields of one form.
pub const FIELDS_MAX: usize = 32;

/// Fields in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

/// Why a form is none. What stood in it is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    #[error("the form has {0} bytes, at most {FORM_BYTES_MAX} are read: shorten it")]
    TooLong(usize),
    #[error("the form has more than {FIELDS_MAX} fields")]
    TooMany,
    #[error("field {0} is not written as forms are: a percent sign without two digits, or no text")]
    Malformed(usize),
}

impl Form {
    /// Reads a form's bytes.
    ///
    /// # Errors
    /// [`FormError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, FormError> {
        if bytes.len() > FORM_BYTES_MAX {
            return Err(FormError::TooLong(bytes.len()));
        }
        let mut fields = Vec::new();
        let parts = bytes.split(|byte| *byte == b'&').filter(|part| !part.is_empty());
        for (place, part) in parts.enumerate() {
            if place == FIELDS_MAX {
                return Err(FormError::TooMany);
            }
            let mut sides = part.splitn(2, |byte| *byte == b'=');
            let side = |side: Option<&[u8]>| {
                text(side.unwrap_or_default()).ok_or(FormError::Malformed(place))
            };
            fields.push((side(sides.next())?, side(sides.next())?));
        }
        Ok(Self(fields))
    }

    /// The first value of a field; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// As a browser would send it.
    #[must_use]
    pub fn encode(&self) -> String {
        let pairs =
            self.0.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// The bytes of a query's first field of a name, which need not be text; none where it is absent or not written as
/// queries are.
#[must_use]
pub fn value(query: &str, name: &str) -> Option<Vec<u8>> {
    let pairs = query.split('&').take(FIELDS_MAX);
    let mut found = pairs.filter_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name));
    found.next().and_then(|(_, value)| unescape(value.as_bytes()))
}

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(unescape(bytes)?).ok()
}

fn unescape(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => nibble(*rest.next()?)? << 4 | nibble(*rest.next()?)?,
            plain => *plain,
        });
    }
    Some(out)
}

fn nibble(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn escape(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*".contains(&byte);
    let escape =
        |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    word.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let form =
            Form::decode("text=%D9%BE%DB%81%D8%B1%DB%81+a%26b&lang=ur&&flag".as_bytes()).unwrap();
        assert_eq!((form.get("text"), form.get("lang")), ("پہرہ a&b", "ur"));
        assert_eq!((form.get("flag"), form.get("nothing")), ("", ""));
        assert_eq!(Form::decode(form.encode().as_bytes()), Ok(form));
    }

    #[test]
    fn a_field_of_a_query_may_hold_any_bytes() {
        assert_eq!(value("a=1&text=%06%2F+x&text=y", "text"), Some(vec![6, b'/', b' ', b'x']));
        assert_eq!(value("text=%4", "text"), None);
        assert_eq!(value("b=1", "text"), None);
    }

    #[test]
    fn what_is_no_form_says_why_and_repeats_nothing() {
        assert_eq!(Form::decode(b"a=%4"), Err(FormError::Malformed(0)));
        assert_eq!(Form::decode(b"a=1&b=%zz"), Err(FormError::Malformed(1)));
        assert_eq!(Form::decode(b"a=%ff"), Err(FormError::Malformed(0)), "no text");
        let long = vec![b'a'; FORM_BYTES_MAX + 1];
        assert_eq!(Form::decode(&long), Err(FormError::TooLong(long.len())));
        let many = "a=1&".repeat(FIELDS_MAX + 1);
        assert_eq!(Form::decode(many.as_bytes()), Err(FormError::TooMany));
        let deep = "%25".repeat(8_000);
        assert_eq!(Form::decode(format!("a={deep}").as_bytes()).unwrap().get("a").len(), 8_000);
    }
}
