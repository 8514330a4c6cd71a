//! The table of modules.

use pehra_domain::{
    member::{MODULES, Modules},
    training::{Audience, TrainingModule, Validity},
};

/// Longest module that the table may hold: longer ones are two modules.
pub const HOURS_MAX: u8 = 12;

/// What is wrong with a table of modules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table of modules: {what}")]
pub struct ModuleError {
    pub line: usize,
    pub what: &'static str,
}

/// Reads `code,title,hours,audience,pass,validity,trainer,basis`, the modules in the order of their numbers.
///
/// # Errors
/// [`ModuleError`] names the line.
pub fn parse(text: &str) -> Result<Vec<TrainingModule>, ModuleError> {
    let mut modules = Vec::new();
    for (at, row) in text.lines().enumerate().skip(1) {
        let line = at + 1;
        let module = read(row).map_err(|what| ModuleError { line, what })?;
        if usize::from(module.number) != modules.len() + 1 {
            return Err(ModuleError { line, what: "modules stand in the order of their numbers" });
        }
        modules.push(module);
    }
    if modules.len() == usize::from(MODULES) {
        return Ok(modules);
    }
    Err(ModuleError { line: modules.len() + 1, what: "there are thirteen modules" })
}

fn read(row: &str) -> Result<TrainingModule, &'static str> {
    let cells = cells(row);
    let [code, title, hours, audience, pass, validity, trainer, basis] = cells.as_slice() else {
        return Err("eight cells are needed");
    };
    let number = code.strip_prefix('M').and_then(|digits| digits.parse().ok());
    let hours: u8 = hours.parse().map_err(|_not| "hours are a whole number")?;
    if !(1..=HOURS_MAX).contains(&hours) {
        return Err("a module has 1 to 12 hours");
    }
    let woman_trains = match trainer.as_str() {
        "any" => false,
        "woman" => true,
        _ => return Err("the trainer is `any` or `woman`"),
    };
    if basis.is_empty() {
        return Err("a figure has a source, or is `assumed`");
    }
    Ok(TrainingModule {
        number: number.ok_or("a module is called M1 to M13")?,
        title: title.clone(),
        hours,
        audience: Audience::ALL
            .into_iter()
            .find(|known| known.word() == audience)
            .ok_or("nobody knows this audience")?,
        pass: pass.clone(),
        validity: validity_of(validity).ok_or("a module counts for `election` or `6 months`")?,
        woman_trains,
        basis: basis.clone(),
    })
}

fn validity_of(text: &str) -> Option<Validity> {
    if text == "election" {
        return Some(Validity::Election);
    }
    let months = text.strip_suffix(" months")?.parse().ok()?;
    (months > 0).then_some(Validity::Months(months))
}

/// The cells of a line: commas inside quotation marks do not part them.
pub(crate) fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in row.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(other);
                }
            }
        }
    }
    cells
}

/// Hours by module number less one.
#[derive(Clone, Copy)]
pub(super) struct Hours(pub(super) [u8; MODULES as usize]);

impl Hours {
    pub(super) fn new(modules: &[TrainingModule]) -> Self {
        let mut hours = [0; MODULES as usize];
        for module in modules {
            if let Some(slot) =
                usize::from(module.number).checked_sub(1).and_then(|at| hours.get_mut(at))
            {
                *slot = module.hours;
            }
        }
        Self(hours)
    }

    /// Of one module; what is no module fits no day.
    pub(super) fn of(&self, module: u8) -> u8 {
        let at = usize::from(module).checked_sub(1);
        at.and_then(|at| self.0.get(at)).copied().unwrap_or(u8::MAX)
    }

    pub(super) fn sum(&self, modules: Modules) -> u32 {
        modules.numbers().map(|module| u32::from(self.of(module))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("../../../../data/training_modules.csv");

    #[test]
    fn the_table_has_thirteen_modules_of_thirty_five_hours() {
        let modules = parse(TABLE).unwrap();
        assert_eq!(modules.iter().map(|one| u32::from(one.hours)).sum::<u32>(), 35);
        assert_eq!(
            modules[0].title,
            "Election law, neutrality, code of conduct (what you may not do)"
        );
        let for_women: Vec<u8> =
            modules.iter().filter(|one| one.woman_trains).map(|one| one.number).collect();
        assert_eq!(for_women, [4]);
        assert_eq!(modules[8].validity, Validity::Months(6));
        // The path of a constable: law, drill, force.
        assert_eq!(Hours::new(&modules).sum(Modules::of(&[1, 2, 3])), 6);
        for audience in Audience::ALL {
            assert!(modules.iter().any(|one| one.audience == audience), "{audience:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_table_is_named_with_its_line() {
        for (from, to, line, what) in [
            ("M2,", "M9,", 3, "modules stand in the order of their numbers"),
            ("M2,", "X2,", 3, "a module is called M1 to M13"),
            (",3,one in four", ",0,one in four", 9, "a module has 1 to 12 hours"),
            (",3,one in four", ",three,one in four", 9, "hours are a whole number"),
            ("one in four", "one in five", 9, "nobody knows this audience"),
            ("6 months", "half a year", 10, "a module counts for `election` or `6 months`"),
            (",woman,", ",lady,", 5, "the trainer is `any` or `woman`"),
            (
                "24 months,any,assumed\nM9",
                "24 months,any,\nM9",
                9,
                "a figure has a source, or is `assumed`",
            ),
            ("M13,", "M13,x,", 14, "eight cells are needed"),
            ("M13,", "\nM13,", 14, "eight cells are needed"),
        ] {
            let bent = TABLE.replacen(from, to, 1);
            assert_ne!(bent, TABLE, "{from}");
            assert_eq!(parse(&bent), Err(ModuleError { line, what }), "{to}");
        }
        let short = TABLE.lines().take(13).collect::<Vec<_>>().join("\n");
        assert_eq!(parse(&short).unwrap_err().what, "there are thirteen modules");
    }
}
