//! An entry about an area outside its author's own lies with the author's district, to which no order of the other area
//! comes.

use super::{forks::signs, *};
use crate::node::tests::lan::by_root;
use pehra_ops::{
    deletion::Command as Deletion,
    incident::Matter,
    report::{Command as Telling, Door, Language, On, Report, Text, Topic},
};

#[test]
fn what_was_written_about_an_area_outside_its_author_s_own_is_deleted_where_its_author_s_log_is() {
    let dirs = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [nation, district] = dirs.each_ref().map(member);
    let papers = [certificate(&nation, "pk"), certificate(&district, "pk/sindh/sukkur")];
    for node in [&nation, &district] {
        node.learn(papers.to_vec()).unwrap();
        node.first_account("second", "Second person", &["PEC"]).unwrap();
    }
    let mut author = Other::new(&nation, 7);
    let paper = by_root(author.certificate(&["PEC"], "pk/sindh/sukkur"));
    nation.learn(vec![paper]).unwrap();
    let written = signs(&mut author, "pk/sindh/larkana", WORDS);
    let place = Entry::decode(&written).unwrap().header().place;
    nation.receive(&[written]).unwrap();
    let hub = presence(&nation, &[]);
    let _near = presence(&district, &[hub.watch().address().unwrap()]);
    until("the author's district holds the words", || says(&district));
    delete(&nation, &[place]);
    assert_eq!(nation.deletions()[0].by.area.as_str(), "pk/sindh", "above both of them");
    until("the author's district has deleted them and said so", || {
        !says(&district) && nation.deletions()[0].done.len() == 2
    });
    assert!(!says(&nation));
}

/// A report of an area that the node itself takes in, and where the contact stands that is left with it.
fn contact(node: &Node, area: &str, number: u8) -> Place {
    let actor = node.itself("report.receive").unwrap();
    let report = Report {
        receipt: Hash32([number; 32]),
        door: Door::Page,
        topic: Topic::Closed,
        matter: Matter::Incident,
        constituency: None,
        station: None,
        hour: None,
        language: Language::Urdu,
        text: Text::Plain("The gate is locked".to_owned()),
    };
    let receive = Telling::Receive { area: AreaId::try_new(area).unwrap(), report };
    let report = node.execute(&actor, Command::Report(receive)).unwrap()[0];
    let on = On { report, matter: Matter::Incident };
    let leave = Telling::LeaveContact { on, sealed: vec![1; 30] };
    convert::place(node.execute(&actor, Command::Report(leave)).unwrap()[0])
}

#[test]
fn a_contact_that_the_standing_order_does_not_reach_holds_up_no_other() {
    let dir = tempfile::tempdir().unwrap();
    // The poll is long over. Nobody judges a node that stands alone: it may write outside its own areas.
    let node = Node::open(dir.path(), &OpenOptions::default()).unwrap();
    node.first_account("second", "Second person", &["PEC"]).unwrap();
    for area in ["pk/sindh/sukkur", "pk/sindh/larkana/one"] {
        let body = Other::new(&node, 7).certificate(&["PEC"], area);
        let body = CertificateBody { key: node.public_key(), ..body };
        node.enrol(node.certify(body).unwrap()).unwrap();
    }
    let outside = contact(&node, "pk/sindh/larkana", 1);
    let inside = contact(&node, "pk/sindh/larkana/one", 2);
    let stand = Deletion::Stand {
        area: AreaId::try_new("pk/sindh/larkana").unwrap(),
        instrument: "contacts, D+30".to_owned(),
        reason: "promised on the form".to_owned(),
    };
    let console = node.deleting_console().unwrap();
    let standing = node.execute(&console, Command::Deletion(stand)).unwrap()[0];
    let approve = Deletion::ApproveStanding { standing };
    node.execute(&second(&node), Command::Deletion(approve)).unwrap();
    assert_eq!(node.delete_due().unwrap(), 1);
    assert_eq!(state_of(&node, inside), Some(PayloadState::Deleted));
    assert_eq!(state_of(&node, outside), Some(PayloadState::Here), "a person must order it");
    assert_eq!(node.delete_due().unwrap(), 0);
}
