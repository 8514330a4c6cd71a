//! Situations for a class on one projector: a question, what may be answered, what is to be talked about, the right answer
//! and the rule behind it; and a count of raised hands.

use super::{luck, percent, tell::Text};
use pehra_domain::seed::Seed;
use std::collections::BTreeSet;

/// The situations that the product ships.
const SITUATIONS: &str = include_str!("../../../../data/table_top.txt");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    pub id: String,
    /// The module of training that teaches it, 1 to 13.
    pub module: u8,
    /// The documented case that it is drawn from, `RC16`; none where it is drawn from a rule alone.
    pub case: Option<String>,
    /// Rules of the codes of conduct, R1 to R9.
    pub rules: Vec<String>,
    pub scene: Text,
    pub question: Text,
    /// The first is right.
    pub options: Vec<Text>,
    pub points: Vec<Text>,
    pub why: Text,
}

/// Why a table of situations cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the situations: {what}")]
pub struct SituationError {
    pub line: usize,
    pub what: &'static str,
}

/// The shipped situations.
///
/// # Errors
/// [`SituationError`]; a test keeps the shipped table readable.
pub fn shipped() -> Result<Vec<Situation>, SituationError> {
    parse(SITUATIONS)
}

/// Reads situations: `# id module [case] [rules]`, `:` scene, `?` question, `+` the right answer, `-` others, `*` what is to
/// be talked about, `=` why. Every text in English and Urdu, a bar between.
///
/// # Errors
/// [`SituationError`] names the line.
pub fn parse(text: &str) -> Result<Vec<Situation>, SituationError> {
    let mut all: Vec<Situation> = Vec::new();
    let mut last = 0;
    for (line, row) in (1..).zip(text.lines()) {
        last = line;
        let wrong = |what| SituationError { line, what };
        let Some((sign, rest)) = row.trim().split_at_checked(1) else { continue };
        if sign == "#" {
            finished(&all, line)?;
            all.push(head(rest).ok_or_else(|| wrong("`# T01 M1 RC16 R3 R5` begins a situation"))?);
            continue;
        }
        let texts =
            rest.split_once('|').map(|(en, ur)| (en.trim().to_owned(), ur.trim().to_owned()));
        let (en, ur) = texts.ok_or_else(|| wrong("English and Urdu stand apart by a bar"))?;
        if en.is_empty() || ur.is_empty() {
            return Err(wrong("both languages are needed"));
        }
        let of = all.last_mut().ok_or_else(|| wrong("a situation begins with `#`"))?;
        let said = Text { en, ur };
        match sign {
            ":" => of.scene = said,
            "?" => of.question = said,
            "+" if of.options.is_empty() => of.options.push(said),
            "+" => return Err(wrong("the right answer stands first, once")),
            "-" if !of.options.is_empty() => of.options.push(said),
            "*" => of.points.push(said),
            "=" => of.why = said,
            _ => return Err(wrong("a line begins with # : ? + - * or =")),
        }
    }
    finished(&all, last + 1)?;
    Ok(all)
}

fn head(rest: &str) -> Option<Situation> {
    let mut words = rest.split_whitespace();
    let id = words.next()?.to_owned();
    let module =
        words.next()?.strip_prefix('M')?.parse().ok().filter(|it| (1..=13).contains(it))?;
    let (mut case, mut rules) = (None, Vec::new());
    for word in words {
        if word.starts_with("RC") {
            case = Some(word.to_owned());
        } else {
            rules.push(word.strip_prefix('R').filter(|it| it.len() == 1).map(|_| word.to_owned())?);
        }
    }
    let none = || Text { en: String::new(), ur: String::new() };
    Some(Situation {
        id,
        module,
        case,
        rules,
        scene: none(),
        question: none(),
        options: Vec::new(),
        points: Vec::new(),
        why: none(),
    })
}

fn finished(all: &[Situation], line: usize) -> Result<(), SituationError> {
    let Some(last) = all.last() else { return Ok(()) };
    let whole = !last.scene.en.is_empty()
        && !last.question.en.is_empty()
        && !last.why.en.is_empty()
        && (3..=4).contains(&last.options.len())
        && !last.points.is_empty();
    if whole {
        return Ok(());
    }
    let what = "the situation before it needs a scene, a question, three or four answers, something to talk about, and why";
    Err(SituationError { line, what })
}

/// A situation as a class meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub situation: Situation,
    /// The options in the order in which they are shown.
    pub order: Vec<usize>,
    /// Where among them the right one stands, from 0.
    pub right: usize,
}

/// So many situations by a seed, of some modules or of all when none is named; answers in an order that the seed gives.
#[must_use]
pub fn lesson(all: &[Situation], seed: u64, modules: &BTreeSet<u8>, count: usize) -> Vec<Asked> {
    let mut luck = luck(seed, 2);
    let wanted = |it: &&Situation| modules.is_empty() || modules.contains(&it.module);
    let mut left: Vec<&Situation> = all.iter().filter(wanted).collect();
    shuffle(&mut luck, &mut left);
    left.truncate(count);
    left.into_iter()
        .map(|situation| {
            let mut order: Vec<usize> = (0..situation.options.len()).collect();
            shuffle(&mut luck, &mut order);
            let right = order.iter().position(|it| *it == 0).unwrap_or(0);
            Asked { situation: situation.clone(), order, right }
        })
        .collect()
}

fn shuffle<T>(luck: &mut Seed, all: &mut [T]) {
    for last in (1..all.len()).rev() {
        let with = usize::try_from(luck.below(last as u64 + 1)).unwrap_or(0);
        all.swap(last, with);
    }
}

/// Hands for each option of one situation, as shown.
pub type Hands = Vec<u32>;

/// One line of the class's sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub id: String,
    pub module: u8,
    pub hands: Hands,
    pub right: u32,
    pub all: u32,
    /// Of a hundred; none where nobody raised a hand.
    pub percent: Option<u32>,
    /// More hands went up for another answer than for the right one.
    pub misled: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub lines: Vec<Counted>,
    pub right: u32,
    pub all: u32,
    pub percent: u32,
    /// Modules by their share of right hands, the weakest first: what the class is to hear again.
    pub again: Vec<(u8, u32)>,
}

/// Below this share of right hands a module is to be heard again: the pass mark of the modules' tests.
pub const ENOUGH_PERCENT: u32 = 75;

/// The sheet of a class. Situations that were not counted have no hands.
#[must_use]
pub fn count(asked: &[Asked], hands: &[Hands]) -> Sheet {
    let mut lines = Vec::new();
    for (at, one) in asked.iter().enumerate() {
        let mut raised: Hands = hands.get(at).cloned().unwrap_or_default();
        raised.resize(one.order.len(), 0);
        let right = raised.get(one.right).copied().unwrap_or(0);
        let all = raised.iter().fold(0_u32, |sum, it| sum.saturating_add(*it));
        lines.push(Counted {
            id: one.situation.id.clone(),
            module: one.situation.module,
            misled: raised.iter().any(|it| *it > right),
            percent: (all > 0).then(|| percent(right, all)),
            right,
            all,
            hands: raised,
        });
    }
    let sum = |of: &dyn Fn(&Counted) -> u32, module: Option<u8>| {
        let here = lines.iter().filter(|it| module.is_none_or(|module| it.module == module));
        here.fold(0_u32, |sum, it| sum.saturating_add(of(it)))
    };
    let (right, all) = (sum(&|it| it.right, None), sum(&|it| it.all, None));
    let modules: BTreeSet<u8> = lines.iter().filter(|it| it.all > 0).map(|it| it.module).collect();
    let share = |module: u8| {
        (module, percent(sum(&|it| it.right, Some(module)), sum(&|it| it.all, Some(module))))
    };
    let mut again: Vec<(u8, u32)> =
        modules.into_iter().map(share).filter(|(_, share)| *share < ENOUGH_PERCENT).collect();
    again.sort_by_key(|(module, share)| (*share, *module));
    Sheet { right, all, percent: percent(right, all), again, lines }
}

#[cfg(test)]
#[path = "tests/class.rs"]
mod tests;
