//! Files as such: their length, their line ends, where facts come from.

use super::{Breach, Texts};
use crate::house::Text;

const LINES_MAX: usize = 700;
const SOURCES: &[&str] = &[".rs", ".ts", ".svelte", ".mjs", ".css"];
/// Written by a program from something that is checked.
const GENERATED: &[&str] = &["web/src/api/generated.ts"];

pub(super) fn length(texts: &Texts) -> Vec<Breach> {
    texts
        .below("", SOURCES)
        .filter(|it| !GENERATED.contains(&it.path.as_str()))
        .filter_map(|it| {
            let lines = it.text.lines().count();
            (lines > LINES_MAX).then(|| {
                format!("{} has {lines} lines, at most {LINES_MAX}: part it by noun", it.path)
            })
        })
        .collect()
}

const PLAIN: &[&str] = &[".rs", ".ts", ".svelte", ".mjs", ".css", ".toml", ".md", ".html"];

pub(super) fn plain(texts: &Texts) -> Vec<Breach> {
    texts
        .below("", PLAIN)
        .filter(|it| !GENERATED.contains(&it.path.as_str()))
        .filter_map(|it| fault(it).map(|fault| format!("{}{fault}", it.path)))
        .collect()
}

fn fault(file: &Text) -> Option<String> {
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        return Some(" does not end with a line end".to_owned());
    }
    file.text.split('\n').enumerate().find_map(|(index, line)| {
        let fault = if line.ends_with('\r') {
            "a foreign line end"
        } else if line.ends_with([' ', '\t']) {
            "a space at the line's end"
        } else if line.starts_with('\t') && file.path.ends_with(".rs") {
            "a tab as indentation"
        } else {
            return None;
        };
        Some(format!(":{}: {fault}", index + 1))
    })
}

pub(super) fn sources(texts: &Texts) -> Vec<Breach> {
    let Some(list) = texts.get("data/SOURCES.md") else {
        return vec!["data/SOURCES.md is missing: facts need their source".to_owned()];
    };
    texts
        .below("data/", &[".csv", ".json", ".toml"])
        .filter_map(|it| {
            let name = it.path.strip_prefix("data/")?;
            let folder = name.rsplit_once('/').map(|(folder, _)| format!("`{folder}/"));
            let listed = list.contains(&format!("`{name}`"))
                || folder.is_some_and(|folder| list.contains(&folder));
            (!listed).then(|| format!("{} has no row in data/SOURCES.md", it.path))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_have_700_lines_and_no_more() {
        let (fits, over) = ("x\n".repeat(700), "x\n".repeat(701));
        assert!(length(&Texts::of(&[("a.rs", &fits), ("notes.md", &over)])).is_empty());
        assert_eq!(length(&Texts::of(&[("a.rs", &over), ("b.svelte", &over)])).len(), 2);
    }

    #[test]
    fn invisible_faults_are_named_by_line() {
        let texts = [("a.rs", "x\ny \n"), ("b.ts", "x\r\n"), ("c.md", "x"), ("d.rs", "\tx\n")];
        let found = plain(&Texts::of(&texts));
        assert_eq!(found.len(), 4, "{found:?}");
        assert_eq!(found[0], "a.rs:2: a space at the line's end");
    }

    #[test]
    fn a_table_without_a_source_is_found() {
        let list = "| `a.csv` | x |\n| `norms/` | y |\n";
        let texts = [
            ("data/SOURCES.md", list),
            ("data/a.csv", ""),
            ("data/b.csv", ""),
            ("data/norms/c.csv", ""),
        ];
        assert_eq!(sources(&Texts::of(&texts)), ["data/b.csv has no row in data/SOURCES.md"]);
    }
}
