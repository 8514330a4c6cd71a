//! The screens: no request leaves the node's own origin, and one style sheet serves both directions of writing.

use super::{Breach, Texts};

const SHIPPED: &[&str] = &[".ts", ".svelte", ".css", ".html", ".mjs", ".js", ".svg", ".json"];
/// Names that look like addresses and are never fetched, and the reader's own machine.
const NEVER_FETCHED: &[&str] =
    &["http://www.w3.org/", "https://www.w3.org/", "http://localhost", "http://127.0.0.1"];

pub(super) fn own_origin(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let shipped = texts
        .below("web/src/", SHIPPED)
        .chain(texts.below("web/public/", SHIPPED))
        .chain(texts.below("web/index", &[".html"]));
    for file in shipped {
        for (index, line) in file.text.lines().enumerate() {
            let mut rest = line.to_owned();
            for known in NEVER_FETCHED {
                rest = rest.replace(known, "");
            }
            if rest.contains("http://") || rest.contains("https://") || rest.contains("url(//") {
                breaches.push(format!("{}:{}: an address outside", file.path, index + 1));
            }
        }
    }
    breaches
}

/// Physical sides of a box; `inline-start` and its kin turn round with the language.
const PHYSICAL: &[&str] = &[
    "margin-left:",
    "margin-right:",
    "padding-left:",
    "padding-right:",
    "border-left:",
    "border-right:",
    "text-align: left",
    "text-align: right",
    "float: left",
    "float: right",
];

/// A line that must not turn round (a scale, a compass) says so: `/* physical: why */`.
const REASONED: &str = "/* physical: ";

pub(super) fn logical(texts: &Texts) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in texts.below("web/src/", &[".css", ".svelte"]) {
        for (index, line) in file.text.lines().enumerate() {
            let reasoned = line.contains(REASONED);
            if let Some(side) = PHYSICAL.iter().find(|side| !reasoned && line.contains(*side)) {
                breaches.push(format!(
                    "{}:{}: {side} stays where it is in Urdu: use the inline form, or say why with `/* physical: … */`",
                    file.path,
                    index + 1
                ));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_address_is_found_and_a_namespace_is_not() {
        let texts = [
            (
                "web/src/a.ts",
                "const ns = \"http://www.w3.org/2000/svg\";\nfetch(\"https://cdn.example/x\");\n",
            ),
            ("web/scripts/a.mjs", "https://elsewhere.example\n"),
        ];
        assert_eq!(own_origin(&Texts::of(&texts)), ["web/src/a.ts:2: an address outside"]);
    }

    #[test]
    fn a_side_that_does_not_turn_is_found() {
        let texts = [(
            "web/src/a.css",
            "a { margin-left: 1px; margin-inline-start: 1px }\nb { margin-left: 1px } /* physical: x */\n",
        )];
        assert_eq!(logical(&Texts::of(&texts)).len(), 1);
    }
}
