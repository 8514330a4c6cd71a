//! Patrols from the command line: shares with reasons, and lists that follow from the secret and the day alone;
//! and sealed on record until their hour.

mod room;
mod sealed;

use crate::{
    command::{done, run},
    sample,
};
use pehra::{
    node::{Node, OpenOptions},
    work,
};
use std::{fs, ops::ControlFlow};

#[test]
fn a_days_list_follows_from_the_secret_and_the_day_and_from_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    let node = Node::open(&data, &OpenOptions::default()).unwrap();
    sample::fill(&node);
    let options = work::assess::Options { seed: 1, draws: 20, ..work::assess::Options::default() };
    let actor = node.operator().unwrap();
    work::assess::run(&node, &actor, options, &mut |_| ControlFlow::Continue(())).unwrap();
    drop(node);
    let secret = folder.path().join("secret");
    fs::write(&secret, "a7".repeat(32)).unwrap();
    let secret = secret.to_str().unwrap();

    let shares = done(&data, &["plan", "patrol", "--teams", "2"]);
    assert!(shares.out.contains("6 buildings, 2 teams"), "{}", shares.out);
    assert!(shares.out.contains("of 1,000 drawn days"), "{}", shares.out);
    let urdu = done(&data, &["plan", "patrol", "--teams", "2", "--urdu"]);
    assert!(urdu.out.contains("قرعے کے"), "{}", urdu.out);

    // What a team takes away is a signed figure: what is planned afterwards says so, in both languages.
    assert!(shares.out.contains("takes away 700 of every 1,000"), "{}", shares.out);
    {
        let node = Node::open(&data, &OpenOptions::default()).unwrap();
        let sign = |key: &str, value| {
            node.set_parameter(&actor.person, key, value, "a test", "an order of the province")
        };
        sign("patrol.takes_permille", 650.0).unwrap();
        sign("patrol.most_percent", 150.0).unwrap();
        for (key, value) in [("patrol.takes_permille", 0.0), ("patrol.most_percent", 501.0)] {
            let refused = sign(key, value).unwrap_err().to_string();
            assert!(refused.contains("whole number from 1 to"), "{refused}");
        }
    }
    let other = done(&data, &["plan", "patrol", "--teams", "2", "--urdu"]);
    assert!(other.out.contains("650") && other.out.contains("150 فیصد"), "{}", other.out);
    let once = done(&data, &["plan", "patrol", "--teams", "2", "--takes", "300"]);
    assert!(once.out.contains("takes away 300 of every 1,000"), "{}", once.out);
    assert_ne!(
        once.out.lines().nth(1),
        done(&data, &["plan", "patrol", "--teams", "2"]).out.lines().nth(1)
    );

    let list = |day: &str| {
        let said =
            done(&data, &["plan", "patrol", "--teams", "2", "--day", day, "--secret", secret]);
        assert!(said.out.contains(": 2 buildings are drawn"), "{}", said.out);
        said.out
    };
    let days: Vec<String> = (1..9).map(|day| list(&format!("2024-02-0{day}"))).collect();
    assert_eq!(list("2024-02-01"), days[0]);
    let body = |text: &String| text.lines().skip(3).collect::<Vec<_>>().join("\n");
    assert!(days.iter().any(|other| body(other) != body(&days[0])), "eight days are not all alike");

    let tours =
        ["plan", "patrol", "--tours", "--teams", "3", "--day", "2024-02-07", "--secret", secret];
    let said = done(&data, &tours);
    assert!(said.out.contains("6 buildings, 3 teams from 3 bases, 8 hours out"), "{}", said.out);
    assert!(said.out.contains("(0.00 % apart)"), "small bases are exact: {}", said.out);
    assert!(said.out.contains(" · 1 · 1 · B-"), "a team's first stop: {}", said.out);
    assert_eq!(done(&data, &tours).out, said.out);

    let nowhere = run(&data, &["plan", "patrol", "--teams", "2", "--area", "pk/punjab"]);
    assert_eq!(nowhere.code, Some(1));
    assert!(nowhere.err.contains("no assessed building in pk/punjab"), "{}", nowhere.err);
}
