//! A bridge for the nation and a network namespace for each district, joined by a cable that can be pulled.

use std::{error::Error, process::Command};

pub(crate) struct Cable {
    tag: u32,
    spaces: Vec<u16>,
}

fn ip(words: &str) -> bool {
    let output = Command::new("ip").args(words.split(' ')).output();
    output.is_ok_and(|output| output.status.success())
}

impl Cable {
    /// None where the kernel or the rights do not allow it.
    #[must_use]
    pub(crate) fn lay(districts: u16) -> Option<Self> {
        let mut cable = Self { tag: std::process::id() % 100_000, spaces: Vec::new() };
        let bridge = cable.bridge();
        let mut whole = ip(&format!("link add {bridge} type bridge"))
            && ip(&format!("address add 10.84.0.1/16 dev {bridge}"))
            && ip(&format!("link set {bridge} up"));
        for district in 1..=districts {
            if !whole {
                return None;
            }
            let (space, near) = (cable.space(district), cable.near(district));
            let far = format!("pd{}-{district}", cable.tag);
            whole &= ip(&format!("netns add {space}"));
            cable.spaces.push(district);
            let address = format!("10.84.{}.{}", 1 + district / 250, 1 + district % 250);
            for step in [
                format!("link add {near} type veth peer name {far} netns {space}"),
                format!("link set {near} master {bridge} up"),
                format!("-n {space} link set lo up"),
                format!("-n {space} address add {address}/16 dev {far}"),
                format!("-n {space} link set {far} up"),
            ] {
                whole &= ip(&step);
            }
        }
        whole.then_some(cable)
    }

    fn bridge(&self) -> String {
        format!("phd{}", self.tag)
    }

    fn near(&self, district: u16) -> String {
        format!("pc{}-{district}", self.tag)
    }

    /// The name of a district's namespace.
    #[must_use]
    pub(crate) fn space(&self, district: u16) -> String {
        format!("pehra-day-{}-{district}", self.tag)
    }

    /// # Errors
    /// When the kernel refuses.
    pub(crate) fn plug(&self, district: u16, joined: bool) -> Result<(), Box<dyn Error>> {
        let state = if joined { "up" } else { "down" };
        if ip(&format!("link set {} {state}", self.near(district))) {
            Ok(())
        } else {
            Err(format!("the cable of district {district} does not obey").into())
        }
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for &district in &self.spaces {
            ip(&format!("netns delete {}", self.space(district)));
        }
        ip(&format!("link delete {}", self.bridge()));
    }
}
