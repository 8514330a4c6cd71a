//! The tables of a training plan: CSV files, one workbook of what is short, and one workbook of lists for each room.

use super::{Planned, Training, WorkError};
use crate::work::file::{disk, write as write_file};
use pehra_domain::{
    AreaId, Date, Point,
    member::Modules,
    progress::{Watch, tell},
    training::TrainingModule,
};
use pehra_exchange::export::{self, Cell, Sheet};
use pehra_plan::training::{
    Course, Reason,
    coverage::{self, Coverage},
    need,
};
use std::{collections::BTreeMap, fs, path::Path};

pub(super) fn write(
    training: &Training,
    watermark: Option<&str>,
    out: &Path,
    watch: &mut Watch<'_>,
) -> Result<Vec<String>, WorkError> {
    fs::create_dir_all(out).map_err(|error| disk(out, &error))?;
    let mut folder = Folder { out, watermark, names: Vec::new() };
    let mut book = vec![needs_by_area(training), unfilled(training)];
    folder.csv("needs", &needs(training))?;
    if let Some(planned) = &training.timetable {
        folder.csv("seats", &seats(training, planned))?;
        book.extend([
            timetable(training, planned),
            untrained(training, planned),
            coverage(planned),
            certificate(planned),
        ]);
        lists(&mut folder, training, planned, watch)?;
    }
    for sheet in &book {
        let name = sheet.name.replace(' ', "-");
        folder.csv(&name, sheet)?;
    }
    folder.xlsx("training", &book)?;
    Ok(folder.names)
}

struct Folder<'o> {
    out: &'o Path,
    watermark: Option<&'o str>,
    names: Vec<String>,
}

impl Folder<'_> {
    fn csv(&mut self, name: &str, sheet: &Sheet) -> Result<(), WorkError> {
        let mut bytes = Vec::new();
        sheet.csv(self.watermark, &mut bytes).map_err(of)?;
        self.keep(format!("{name}.csv"), &bytes)
    }

    fn xlsx(&mut self, name: &str, sheets: &[Sheet]) -> Result<(), WorkError> {
        let bytes = export::xlsx(sheets, self.watermark).map_err(of)?;
        self.keep(format!("{name}.xlsx"), &bytes)
    }

    fn keep(&mut self, name: String, bytes: &[u8]) -> Result<(), WorkError> {
        write_file(&self.out.join(&name), bytes)?;
        self.names.push(name);
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn of(error: export::ExportError) -> WorkError {
    WorkError::Input(error.to_string())
}

fn sheet(name: &str, headers: &[&str]) -> Sheet {
    Sheet {
        name: name.to_owned(),
        headers: headers.iter().map(|header| (*header).to_owned()).collect(),
        rows: Vec::new(),
        right_to_left: false,
    }
}

fn text(value: &(impl ToString + ?Sized)) -> Cell {
    Cell::Text(value.to_string())
}

fn whole(value: u64) -> Cell {
    Cell::Whole(i64::try_from(value).unwrap_or(i64::MAX))
}

fn modules(set: Modules) -> Cell {
    let names: Vec<String> = set.numbers().map(|number| format!("M{number}")).collect();
    Cell::Text(names.join(" "))
}

fn module(training: &Training, number: u8) -> Option<&TrainingModule> {
    training.modules.iter().find(|module| module.number == number)
}

fn title(training: &Training, number: u8) -> Cell {
    text(module(training, number).map_or("", |module| module.title.as_str()))
}

fn hours(training: &Training, number: u8) -> Cell {
    whole(module(training, number).map_or(0, |module| u64::from(module.hours)))
}

fn district(place: Option<&(AreaId, Point)>) -> Cell {
    place.map_or(Cell::Empty, |(area, _)| text(area))
}

/// What somebody in the timetable is trained for.
fn need_of<'t>(training: &'t Training, planned: &Planned, person: u32) -> &'t need::Need {
    &training.needs.needs[planned.needs[person as usize]]
}

fn needs(training: &Training) -> Sheet {
    let headers = ["number", "unit", "kind", "district", "task", "class", "asks", "lacks"];
    let mut sheet = sheet("needs", &headers);
    for need in &training.needs.needs {
        let one = &training.people[need.person];
        let class = match need.task {
            need::Task::Post { post } => post.class.title(),
            need::Task::Spare | need::Task::Reserve => "",
        };
        sheet.rows.push(vec![
            text(&one.number),
            text(&one.unit),
            text(&one.kind.word()),
            district(training.places.get(&one.unit)),
            text(&need.task.word()),
            text(&class),
            modules(need.asks),
            modules(need.lacks),
        ]);
    }
    sheet
}

fn needs_by_area(training: &Training) -> Sheet {
    let headers =
        ["area", "module", "title", "hours", "men need", "men lack", "women need", "women lack"];
    let mut sheet = sheet("needs by area", &headers);
    let place = |unit: &pehra_domain::UnitId| training.places.get(unit).cloned();
    for ((area, number), line) in need::by_area(&training.people, &training.needs.needs, &place) {
        sheet.rows.push(vec![
            text(&area),
            text(&format!("M{number}")),
            title(training, number),
            hours(training, number),
            whole(u64::from(line.men)),
            whole(u64::from(line.men_lack)),
            whole(u64::from(line.women)),
            whole(u64::from(line.women_lack)),
        ]);
    }
    sheet
}

fn unfilled(training: &Training) -> Sheet {
    let mut sheet =
        sheet("posts nobody can take", &["unit", "kind", "district", "duty", "class", "posts"]);
    for one in &training.needs.unfilled {
        let duty = need::Task::Post { post: one.post }.word();
        sheet.rows.push(vec![
            text(&one.unit),
            text(&one.kind.word()),
            district(training.places.get(&one.unit)),
            text(&duty),
            text(&one.post.class.title()),
            whole(u64::from(one.count)),
        ]);
    }
    sheet
}

/// As `--keep` reads it back.
fn seats(training: &Training, planned: &Planned) -> Sheet {
    let headers = ["number", "date", "begins", "venue", "module", "trainer", "unit", "area"];
    let mut sheet = sheet("seats", &headers);
    for course in &planned.timetable.courses {
        for &person in &course.people {
            let seeker = &planned.input.seekers[person as usize];
            let need = need_of(training, planned, person);
            sheet.rows.push(vec![
                text(&seeker.number),
                text(&course.date),
                text(&clock(course.begins_h)),
                text(&planned.input.venues[course.venue as usize].id),
                text(&format!("M{}", course.module)),
                text(&planned.input.trainers[course.trainer as usize].number),
                text(&training.people[need.person].unit),
                text(&planned.input.venues[course.venue as usize].district),
            ]);
        }
    }
    sheet
}

/// Rooms open at nine.
fn clock(begins_h: u8) -> String {
    format!("{:02}:00", u32::from(begins_h) + OPENS_H)
}

const OPENS_H: u32 = 9;

fn timetable(training: &Training, planned: &Planned) -> Sheet {
    let headers = [
        "venue", "district", "date", "begins", "module", "title", "hours", "for", "trainer",
        "people", "seats",
    ];
    let mut sheet = sheet("timetable", &headers);
    for course in &planned.timetable.courses {
        let venue = &planned.input.venues[course.venue as usize];
        sheet.rows.push(vec![
            text(&venue.id),
            text(&venue.district),
            text(&course.date),
            text(&clock(course.begins_h)),
            text(&format!("M{}", course.module)),
            title(training, course.module),
            hours(training, course.module),
            text(&course.sitting.word()),
            text(&planned.input.trainers[course.trainer as usize].number),
            whole(course.people.len() as u64),
            whole(u64::from(venue.seats)),
        ]);
    }
    sheet
}

/// A reason in words.
fn reason(reason: Reason) -> String {
    match reason {
        Reason::NoPlace => "the unit is not on record: nobody knows where it stands".to_owned(),
        Reason::TooFar => "no venue of the province within the longest way".to_owned(),
        Reason::NoDays => {
            "no venue within reach is open long enough, on enough days that still count".to_owned()
        }
        Reason::NoTrainer { module } => {
            format!("nobody who may train M{module} comes to a venue within reach")
        }
        Reason::Full => "the venues within reach are full".to_owned(),
        Reason::TrainersBusy => "there is room, but every trainer is elsewhere".to_owned(),
    }
}

fn untrained(training: &Training, planned: &Planned) -> Sheet {
    let mut sheet =
        sheet("untrained", &["number", "unit", "district", "task", "lacks", "why", "code"]);
    for &(person, why) in &planned.timetable.untrained {
        let seeker = &planned.input.seekers[person as usize];
        let need = need_of(training, planned, person);
        sheet.rows.push(vec![
            text(&seeker.number),
            text(&training.people[need.person].unit),
            district(seeker.place.as_ref()),
            text(&need.task.word()),
            modules(seeker.lacks),
            text(&reason(why)),
            text(&code(why)),
        ]);
    }
    sheet
}

/// A reason as a short name.
pub fn code(reason: Reason) -> &'static str {
    match reason {
        Reason::NoPlace => "no-place",
        Reason::TooFar => "too-far",
        Reason::NoDays => "no-days",
        Reason::NoTrainer { .. } => "no-trainer",
        Reason::Full => "full",
        Reason::TrainersBusy => "trainers-busy",
    }
}

/// One row an area, with its provinces and the nation, and how many will be ready at the end of each day of training.
fn coverage(planned: &Planned) -> Sheet {
    let mut areas: BTreeMap<AreaId, Coverage> = BTreeMap::new();
    for (area, line) in coverage::by_area(&planned.input, &planned.timetable) {
        let mut above = area.parent();
        areas.entry(area).or_default().add(&line);
        while let Some(area) = above {
            above = area.parent();
            areas.entry(area).or_default().add(&line);
        }
    }
    let mut dates: Vec<Date> = planned.timetable.courses.iter().map(|one| one.date).collect();
    dates.sort_unstable();
    dates.dedup();
    let fixed = ["area", "lack something", "of them women", "trained", "of them women", "percent"];
    let mut sheet = sheet("coverage", &fixed);
    sheet.headers.extend(dates.iter().map(ToString::to_string));
    for (area, line) in areas {
        let percent = (line.trained * 1_000).checked_div(line.people).unwrap_or(1_000);
        let mut row = vec![
            text(&area),
            whole(line.people),
            whole(line.women),
            whole(line.trained),
            whole(line.women_trained),
            text(&format!("{}.{}", percent / 10, percent % 10)),
        ];
        row.extend(dates.iter().map(|&date| whole(line.by(date))));
        sheet.rows.push(row);
    }
    sheet
}

fn certificate(planned: &Planned) -> Sheet {
    let said = planned.timetable.certificate;
    let mut sheet = sheet("certificate", &["what", "figure"]);
    for (what, figure) in [
        ("people who lack something", said.people),
        ("trained before the day", said.trained),
        ("weight of those trained (4, 2, 1 by class)", said.weight),
        ("no timetable trains more weight than", said.weight_bound),
        ("metres travelled, there and back", said.travel_m),
        ("no timetable that trains as much travels less than", said.travel_bound_m),
        ("courses", said.courses),
        ("the same people where they sit need at least", said.courses_bound_there),
        ("the same people anywhere need at least", said.courses_bound),
    ] {
        sheet.rows.push(vec![text(&what), whole(figure)]);
    }
    sheet
}

/// For each room a workbook with a sheet a day: who comes, to be ticked and signed.
fn lists(
    folder: &mut Folder<'_>,
    training: &Training,
    planned: &Planned,
    watch: &mut Watch<'_>,
) -> Result<(), WorkError> {
    let mut rooms: BTreeMap<u32, BTreeMap<Date, Vec<&Course>>> = BTreeMap::new();
    for course in &planned.timetable.courses {
        rooms.entry(course.venue).or_default().entry(course.date).or_default().push(course);
    }
    let path = folder.out.join("lists");
    fs::create_dir_all(&path).map_err(|error| disk(&path, &error))?;
    let total = rooms.len() as u64;
    for (done, (venue, days)) in (0_u64..).zip(rooms) {
        tell(watch, "attendance lists", done, total)?;
        let sheets: Vec<Sheet> = days
            .into_iter()
            .map(|(date, courses)| list(training, planned, date, &courses))
            .collect();
        let name = file_name(&planned.input.venues[venue as usize].id);
        folder.xlsx(&format!("lists/{name}"), &sheets)?;
    }
    Ok(())
}

fn list(training: &Training, planned: &Planned, date: Date, courses: &[&Course]) -> Sheet {
    let headers = [
        "begins",
        "module",
        "title",
        "trainer",
        "number",
        "unit",
        "present",
        "passed",
        "signature",
    ];
    let mut sheet = sheet(&date.to_string(), &headers);
    for course in courses {
        for &person in &course.people {
            let need = need_of(training, planned, person);
            sheet.rows.push(vec![
                text(&clock(course.begins_h)),
                text(&format!("M{}", course.module)),
                title(training, course.module),
                text(&planned.input.trainers[course.trainer as usize].number),
                text(&planned.input.seekers[person as usize].number),
                text(&training.people[need.person].unit),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
            ]);
        }
    }
    sheet
}

/// A venue's name as a file's: whatever a file system could take amiss becomes a hyphen; names that would then be one
/// are kept apart by a number of the name itself.
fn file_name(id: &str) -> String {
    let plain: String = id
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' })
        .collect();
    if plain == id {
        return plain;
    }
    let mark =
        id.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    format!("{plain}-{mark:08x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_whose_name_is_no_file_name_gets_one_of_its_own() {
        assert_eq!(file_name("V-thatta-1"), "V-thatta-1");
        assert_ne!(file_name("a/b"), file_name("a:b"));
        assert!(!file_name("../x").contains(['/', '.']));
    }
}
