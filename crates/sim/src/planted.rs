//! What some planted bugs do to a node; the smaller ones are in [`crate::node`].

use crate::{
    bug::Bug,
    node::{ELECTION, SimNode},
};
use pehra_ledger::{
    DeviceId, Entry, Place,
    certificate::Subject,
    log::LogBook,
    roster::Roster,
    statement::Said,
    sync::{book::Book, holding::Holding, scope::Scope},
};
use std::collections::BTreeMap;

impl SimNode {
    /// The planted bug: whoever signed it is a root from now on.
    pub(crate) fn take_anybodys(&mut self, said: &Said) {
        let issuers: Vec<_> = match said {
            Said::Certificate(it) => it.issuers().collect(),
            Said::Revocation(it) => it.issuers().collect(),
            Said::Receipt(_) => Vec::new(),
        };
        let mut root = self.book.roster.root().clone();
        root.threshold = 1;
        for issuer in issuers {
            if !root.keys.contains(&issuer) {
                root.keys.push(issuer);
            }
        }
        let mut roster = Roster::new(ELECTION, root);
        for known in self.book.roster.statements() {
            let _known = roster.take(known);
        }
        self.book.roster = roster;
        self.company.forget();
    }

    /// The planted bug: a fork that was known begins for ever where it was found.
    pub(crate) fn keep_first_places(&mut self, before: &Book) {
        if !self.has(Bug::ForkBeginsWhereFound) {
            return;
        }
        let mut logs = unmarked(&self.book);
        for (log, at) in self.book.logs.forked() {
            let seq = before.logs.forked().get(log).copied().unwrap_or(*at);
            logs.mark_forked(Place { device: log.0, epoch: log.1, seq });
        }
        self.book.logs = logs;
    }

    /// The planted bugs that keep to the peer's area what everybody must know.
    pub(crate) fn tell_less(&self, scope: &Scope, holding: &mut Holding) {
        let bugs = [
            Bug::WitnessesScoped,
            Bug::OfficesScoped,
            Bug::TakenAwayScoped,
            Bug::OneCertificateTold,
        ];
        if !bugs.into_iter().any(|bug| self.has(bug)) {
            return;
        }
        let roster = &self.book.roster;
        let of_area =
            |key: DeviceId| roster.certificates(key).any(|it| scope.shares(&it.body.area));
        holding.statements.retain(|name| match roster.statement(name) {
            Some(Said::Certificate(it)) if scope.shares(&it.body.area) => true,
            Some(Said::Certificate(it)) if it.body.subject == Subject::ENROLMENT => {
                !self.has(Bug::OfficesScoped)
            }
            Some(Said::Certificate(it)) if roster.is_everybodys(&it) => {
                !self.has(Bug::WitnessesScoped)
            }
            Some(Said::Certificate(_)) => !self.has(Bug::OneCertificateTold),
            Some(Said::Revocation(it)) => of_area(it.body.key) || !self.has(Bug::TakenAwayScoped),
            Some(Said::Receipt(_)) | None => true,
        });
    }

    pub(crate) fn overwrite(&mut self, with: &Entry) {
        let all: Vec<Entry> = self.book.logs.entries().cloned().collect();
        let keys: Vec<_> = self
            .book
            .roster
            .statements()
            .filter_map(|said| match said {
                Said::Certificate(it) if it.body.subject == Subject::DEVICE => Some(it.body.key),
                Said::Certificate(_) | Said::Revocation(_) | Said::Receipt(_) => None,
            })
            .collect();
        let mut logs = LogBook::default();
        keys.into_iter().for_each(|key| logs.know(key));
        for entry in all {
            let same = entry.header().place == with.header().place;
            logs.append(if same { with.clone() } else { entry });
        }
        self.book.logs = logs;
    }

    pub(crate) fn delete_revoked(&mut self) {
        let gone: BTreeMap<DeviceId, ()> = self
            .book
            .logs
            .entries()
            .map(|it| it.header().place.device)
            .filter(|&device| self.book.roster.revoked(device).next().is_some())
            .map(|device| (device, ()))
            .collect();
        let mut logs = unmarked(&self.book);
        let kept: Vec<Entry> = logs
            .entries()
            .filter(|it| !gone.contains_key(&it.header().place.device))
            .cloned()
            .collect();
        let mut empty = self.book.clone();
        empty.logs = LogBook::default();
        logs = unmarked(&empty);
        kept.into_iter().for_each(|entry| logs.append(entry));
        self.book.logs = logs;
    }
}

/// The planted bug: the same logs, and no mark of any fork.
pub(crate) fn unmarked(book: &Book) -> LogBook {
    let mut logs = LogBook::default();
    for said in book.roster.statements() {
        if let Said::Certificate(it) = said {
            logs.know(it.body.key);
        }
    }
    book.logs.entries().for_each(|entry| logs.append(entry.clone()));
    logs
}
