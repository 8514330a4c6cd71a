//! `pehra plan form`: paper for those who go and look.

use crate::verb::printer::Printer;
use clap::{Args, ValueEnum};
use pehra_plan::survey_form::{self, Language};

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    /// Walls, gates, sight lines, light, power, radio test, women's queue of one building.
    Building,
    /// The district checklist.
    District,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shape {
    Text,
    /// One page for the printer, both languages.
    Html,
    /// The columns that `plan import surveys` reads.
    Csv,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct Form {
    which: Which,
    #[arg(long, default_value = "text")]
    shape: Shape,
    /// Text in Urdu.
    #[arg(long)]
    urdu: bool,
}

impl Form {
    pub(in crate::verb) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let form = match self.which {
            Which::Building => survey_form::Form::Building,
            Which::District => survey_form::Form::District,
        };
        let language = if self.urdu { Language::Urdu } else { Language::English };
        let text = match self.shape {
            Shape::Text => survey_form::blank_text(form, language),
            Shape::Html => survey_form::blank_html(form),
            Shape::Csv => survey_form::blank_csv(form),
        };
        printer.line(text.trim_end());
        Ok(())
    }
}
