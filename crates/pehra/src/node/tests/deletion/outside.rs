//! An entry about an area outside its author's own lies with the author's district, to which no order of the other area
//! comes.

use super::{forks::signs, *};
use crate::node::tests::lan::by_root;

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
