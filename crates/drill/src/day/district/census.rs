//! Where everything is: every bag, person, vehicle and message is somewhere, at every moment.

use super::{Holder, Local};
use crate::day::Shared;

/// Counts of one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Stations with a poll, and where their material is.
    pub bags: u64,
    pub bags_at_office: u64,
    pub bags_on_road: u64,
    pub bags_at_station: u64,
    pub bags_at_desk: u64,
    pub bags_received: u64,
    pub bags_destroyed: u64,
    pub bags_snatched: u64,
    /// Guards posted by the plan, and where they are.
    pub guards: u64,
    pub guards_present: u64,
    pub guards_off_duty: u64,
    pub guards_ill: u64,
    pub guards_left: u64,
    pub guards_hurt: u64,
    pub guards_killed: u64,
    /// Vehicles of convoys.
    pub vehicles: u64,
    pub vehicles_on_road: u64,
    pub vehicles_home: u64,
    pub vehicles_lost: u64,
    /// Messages said, and what became of them.
    pub messages: u64,
    pub messages_delivered: u64,
    pub messages_lost: u64,
    pub messages_under_way: u64,
    /// Quick-reaction teams.
    pub teams: u64,
    pub teams_free: u64,
    pub teams_out: u64,
    pub voted: u64,
}

impl Census {
    /// Whether everything adds up.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.bags
            == self.bags_at_office
                + self.bags_on_road
                + self.bags_at_station
                + self.bags_at_desk
                + self.bags_received
                + self.bags_destroyed
                + self.bags_snatched
            && self.guards
                == self.guards_present
                    + self.guards_off_duty
                    + self.guards_ill
                    + self.guards_left
                    + self.guards_hurt
                    + self.guards_killed
            && self.vehicles == self.vehicles_on_road + self.vehicles_home + self.vehicles_lost
            && self.messages
                == self.messages_delivered + self.messages_lost + self.messages_under_way
            && self.teams == self.teams_free + self.teams_out
    }

    pub(in crate::day) fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.bags, other.bags),
            (&mut self.bags_at_office, other.bags_at_office),
            (&mut self.bags_on_road, other.bags_on_road),
            (&mut self.bags_at_station, other.bags_at_station),
            (&mut self.bags_at_desk, other.bags_at_desk),
            (&mut self.bags_received, other.bags_received),
            (&mut self.bags_destroyed, other.bags_destroyed),
            (&mut self.bags_snatched, other.bags_snatched),
            (&mut self.guards, other.guards),
            (&mut self.guards_present, other.guards_present),
            (&mut self.guards_off_duty, other.guards_off_duty),
            (&mut self.guards_ill, other.guards_ill),
            (&mut self.guards_left, other.guards_left),
            (&mut self.guards_hurt, other.guards_hurt),
            (&mut self.guards_killed, other.guards_killed),
            (&mut self.vehicles, other.vehicles),
            (&mut self.vehicles_on_road, other.vehicles_on_road),
            (&mut self.vehicles_home, other.vehicles_home),
            (&mut self.vehicles_lost, other.vehicles_lost),
            (&mut self.messages, other.messages),
            (&mut self.messages_delivered, other.messages_delivered),
            (&mut self.messages_lost, other.messages_lost),
            (&mut self.messages_under_way, other.messages_under_way),
            (&mut self.teams, other.teams),
            (&mut self.teams_free, other.teams_free),
            (&mut self.teams_out, other.teams_out),
            (&mut self.voted, other.voted),
        ];
        for (sum, part) in pairs {
            *sum += part;
        }
    }
}

impl Local {
    /// Each thing is counted from its own state; the totals come from the plan and from what was begun.
    pub(in crate::day) fn census(&self, w: &Shared) -> Census {
        let mut census = Census::default();
        let here = &w.plan.districts[self.district as usize];
        let listed = &w.plan.stations[here.stations.range()];
        for (post, _) in self.posts.iter().zip(listed).filter(|(_, listed)| !listed.postponed) {
            census.bags += 1;
            *match post.bag {
                Holder::Office => &mut census.bags_at_office,
                Holder::Convoy(_) => &mut census.bags_on_road,
                Holder::Station => &mut census.bags_at_station,
                Holder::Desk => &mut census.bags_at_desk,
                Holder::Received => &mut census.bags_received,
                Holder::Destroyed => &mut census.bags_destroyed,
                Holder::Snatched => &mut census.bags_snatched,
            } += 1;
            census.voted += post.lines.iter().map(|line| u64::from(line.voted)).sum::<u64>();
        }
        for (guards, building) in self.guards.iter().zip(&w.plan.buildings[here.buildings.range()])
        {
            census.guards += u64::from(building.posted);
            *if guards.on_duty {
                &mut census.guards_present
            } else {
                &mut census.guards_off_duty
            } += u64::from(guards.present);
            census.guards_ill += u64::from(guards.ill);
            census.guards_left += u64::from(guards.left);
            census.guards_hurt += u64::from(guards.hurt);
            census.guards_killed += u64::from(guards.killed);
        }
        for (column, convoy) in self.columns.iter().zip(&w.plan.convoys[here.convoys.range()]) {
            census.vehicles += u64::from(convoy.vehicles);
            let whole = u64::from(convoy.vehicles - column.lost_vehicles);
            census.vehicles_lost += u64::from(column.lost_vehicles);
            *if column.out { &mut census.vehicles_on_road } else { &mut census.vehicles_home } +=
                whole;
        }
        census.teams = here.teams.len() as u64;
        census.teams_out = self.reserves.iter().filter(|team| team.busy).count() as u64;
        census.teams_free = self.reserves.iter().filter(|team| !team.busy).count() as u64;
        census.messages = self.tally.said;
        census.messages_delivered = self.tally.delivered;
        census.messages_lost = self.tally.lost;
        census.messages_under_way = self.messages.iter().filter(|it| it.alive).count() as u64;
        census
    }
}
