//! A node with its room, opened for one story and torn down after it.

use crate::{client::Browser, sample};
use pehra::{
    http::{Config, Server},
    node::{Node, OpenOptions},
    work,
};
use serde_json::json;
use std::{net::SocketAddr, ops::ControlFlow, sync::mpsc, thread::JoinHandle};
use tempfile::TempDir;
use tokio::sync::oneshot;

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const PASSWORD: &str = "quiet river stone seven";

pub(crate) struct House {
    pub(crate) node: Node,
    pub(crate) address: SocketAddr,
    /// Where the public door listens.
    pub(crate) public: SocketAddr,
    /// Where a gateway hands in text messages.
    pub(crate) public_sms: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
    _folder: TempDir,
}

impl House {
    /// A node for a real election, empty.
    pub(crate) fn empty() -> Self {
        Self::open(&OpenOptions::default(), |_| {})
    }

    /// A node for a real election with six stations in three districts, assessed and posted.
    pub(crate) fn planned() -> Self {
        Self::planned_with(|_| {})
    }

    /// The same with other settings.
    pub(crate) fn planned_with(change: impl FnOnce(&mut Config)) -> Self {
        let house = Self::open(&OpenOptions::default(), change);
        sample::fill(&house.node);
        let actor = house.node.operator().unwrap();
        let mut go_on = |_| ControlFlow::Continue(());
        let options =
            work::assess::Options { seed: 1, draws: 20, ..work::assess::Options::default() };
        work::assess::run(&house.node, &actor, options, &mut go_on).unwrap();
        let kept = work::dispatch::RoadsKept::default();
        let options = work::allocate::Options::default();
        work::allocate::run(&house.node, &actor, &options, &kept, &mut go_on, &mut |_| {}).unwrap();
        house
    }

    pub(crate) fn open(options: &OpenOptions, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let node = Node::open(folder.path(), options).unwrap();
        Self::of(node, folder, change)
    }

    /// A room on a node that is open already, whose folder somebody else keeps.
    pub(crate) fn on(node: Node) -> Self {
        Self::on_with(node, |_| {})
    }

    /// The same with other settings.
    pub(crate) fn on_with(node: Node, change: impl FnOnce(&mut Config)) -> Self {
        Self::of(node, tempfile::tempdir().unwrap(), change)
    }

    fn of(node: Node, folder: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::local(0, folder.path().join("uploads"));
        config.setup_token = Some(TOKEN.to_owned());
        config.public = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        config.public_sms = config.public;
        change(&mut config);
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let served = node.clone();
        let serving = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let server = Server::bind(served, config).await.unwrap();
                let [page, messages] = [server.public(), server.public_sms()].map(Option::unwrap);
                tell.send((server.address(), page, messages)).unwrap();
                let stop = async { stopped.await.unwrap_or(()) };
                server.run(stop).await;
            });
        });
        let (address, public, public_sms) = told.recv().unwrap();
        Self {
            node,
            address,
            public,
            public_sms,
            stop: Some(stop),
            serving: Some(serving),
            _folder: folder,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// Opens the first account: it grants roles and plans.
    pub(crate) fn first(&self) -> Browser {
        let wish =
            json!({ "token": TOKEN, "person": "first", "name": "Planner", "password": PASSWORD });
        let browser = self.browser();
        let answer = browser.post("/api/setup", &wish);
        browser.keep(&answer)
    }

    /// Gives a new person roles for an area, granted by one and approved by another; answers them signed in.
    pub(crate) fn person(
        &self,
        first: &Browser,
        name: &str,
        roles: &[&str],
        area: &str,
    ) -> Browser {
        // The account that is opened next after the first is the one that approves.
        let second = self.second(first);
        let wish = json!({ "person": name, "name": name, "password": PASSWORD });
        let opened = first.post("/api/persons", &wish);
        assert_eq!(opened.status, 200, "{}", opened.text());
        give(first, &second, name, roles, area);
        first.sign_in(name, PASSWORD)
    }

    /// Gives roles for an area to a person who has an account, granted by one and approved by another.
    pub(crate) fn grant(&self, first: &Browser, name: &str, roles: &[&str], area: &str) {
        give(first, &self.second(first), name, roles, area);
    }

    /// The second account, which approves; opened by the first.
    pub(crate) fn second(&self, first: &Browser) -> Browser {
        let known = first.get("/api/persons").json();
        let there = known.as_array().unwrap().iter().any(|person| person["person"] == "second");
        if !there {
            let wish = json!({ "person": "second", "name": "Approver", "password": PASSWORD });
            let opened = first.post("/api/persons", &wish);
            assert_eq!(opened.status, 200, "{}", opened.text());
        }
        first.sign_in("second", PASSWORD)
    }

    /// Asks the room to stop and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        if let Some(serving) = self.serving.take() {
            serving.join().unwrap();
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        if let Some(serving) = self.serving.take() {
            let _a_panic_was_shown_already = serving.join();
        }
    }
}

/// Roles that one grants and the other approves.
fn give(first: &Browser, second: &Browser, name: &str, roles: &[&str], area: &str) {
    for role in roles {
        let wish = json!({ "role": role, "area": area, "reason": "for the story" });
        let granted = first.post(&format!("/api/persons/{name}/roles"), &wish);
        assert_eq!(granted.status, 200, "{}", granted.text());
        let grant = pending(&granted.json(), name, role);
        let path = format!("/api/persons/{name}/roles/{grant}/approve");
        let approved = second.post(&path, &json!({}));
        assert_eq!(approved.status, 200, "{}", approved.text());
    }
}

/// The name of a grant that waits for approval.
fn pending(persons: &serde_json::Value, name: &str, role: &str) -> String {
    let person = persons.as_array().unwrap().iter().find(|person| person["person"] == name);
    let roles = person.unwrap()["roles"].as_array().unwrap();
    let grant = roles.iter().find(|grant| grant["state"] == "granted" && grant["role"] == role);
    grant.unwrap()["grant"].as_str().unwrap().to_owned()
}
