//! The register's first worked example: the suspension of 8 February 2024, as newspapers and courts had it. Facts with
//! their sources, no opinion; what nobody established is not stated.

use super::{Command, Service, Statement};
use pehra_domain::{AreaId, Date, SuspensionId, UnixMs, id::IdError};

/// 8 February 2024.
const DAY: Date = Date(19_761);

fn at(hour: i64, minute: i64) -> UnixMs {
    UnixMs(DAY.midnight_pkt().0 + (hour * 60 + minute) * 60_000)
}

/// Opens the record of 8 February 2024 and states what is known of it.
///
/// # Errors
/// [`IdError`] never in practice: the names are constants that a test proves well formed.
pub fn of_2024() -> Result<Vec<Command>, IdError> {
    let (area, suspension) = (AreaId::nation(), SuspensionId::try_new("2024-02-08-cellular")?);
    let mut all = vec![Command::Open {
        area: area.clone(),
        suspension: suspension.clone(),
        services: vec![Service::Voice, Service::Sms, Service::Data],
        at: at(5, 39),
    }];
    all.extend(statements().into_iter().chain(seen()).map(|(statement, source)| Command::State {
        area: area.clone(),
        suspension: suspension.clone(),
        statement,
        source: source.to_owned(),
    }));
    Ok(all)
}

fn statements() -> Vec<(Statement, &'static str)> {
    let text = str::to_owned;
    let court = |court, dated: Date, words, status| Statement::CourtOrder {
        court: text(court),
        dated: Some(dated),
        text: text(words),
        status: text(status),
    };
    vec![
        (Statement::Ordered(at(5, 39)), "Dawn 1819511"),
        (
            Statement::Authority(text("Ministry of Interior, through the regulator PTA")),
            "Dawn 1819511",
        ),
        (
            Statement::Instrument {
                number: text("letter of the Ministry of Interior"),
                dated: Some(DAY),
                copy: None,
            },
            "Dawn 1819511",
        ),
        (Statement::ReasonGiven(text("surge in terrorist activities")), "Dawn 1819511"),
        (
            Statement::Extent(text(
                "whole country except Gilgit-Baltistan and Azad Jammu and Kashmir; fixed lines not in the order",
            )),
            "Dawn 1819511",
        ),
        (
            Statement::LegalBasisClaimed(text(
                "Pakistan Telecommunication (Re-organisation) Act 1996, s. 54(2)",
            )),
            "The Jago Times",
        ),
        (
            court(
                "Sindh High Court",
                DAY.plus_days(-15),
                "interim order against disruption of internet services unless relevant provisions apply",
                "extended on 29 January with a hearing on 6 February; whether it bound on the day is not established",
            ),
            "newsx; thetruthinternational",
        ),
        (
            court(
                "Sindh High Court",
                DAY.plus_days(13),
                "asked for the reasons of the suspension",
                "made",
            ),
            "newsx",
        ),
        (
            court(
                "Supreme Court, CA 977-978/2018",
                Date(18_374),
                "a suspension must be in the public interest, reasonable and fair, measured against the threat",
                "in force",
            ),
            "Tribune 2257839",
        ),
    ]
}

/// What was seen, and how people went on.
fn seen() -> Vec<(Statement, &'static str)> {
    let text = str::to_owned;
    vec![
        (Statement::RestoredObserved { at: at(20, 0), partly: true }, "newspapers of 9 February"),
        (
            Statement::Extent(text(
                "restored first: Taxila, Gujar Khan, Chakri, Bhakkar, Sargodha, Loralai, Sibi, Jhal Magsi, Sindh without Karachi and Malir",
            )),
            "newspapers of 9 February",
        ),
        (
            Statement::AlternativeUsed(text("fixed lines of the returning officers' offices")),
            "Aaj English 30350925",
        ),
        (
            Statement::AlternativeUsed(text("presiding officers travelled to the offices by road")),
            "Aaj English 30350925",
        ),
    ]
}
