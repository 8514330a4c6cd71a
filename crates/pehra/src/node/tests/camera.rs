//! Where cameras are: kept sealed on this node, and nothing is written by who only asks.

use super::*;
use pehra_camera::Address;
use pehra_domain::EquipmentId;

#[test]
fn addresses_are_kept_over_a_restart_and_a_node_without_cameras_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let area = AreaId::try_new("pk/sindh/sukkur").unwrap();
    let [one, two] = ["CAM-1", "CAM-2"].map(|id| EquipmentId::try_new(id).unwrap());
    let address =
        |host: &str| Address::try_new(&format!("rtsp://{host}/stream"), "watch", "secret").unwrap();
    {
        let node = open(&dir);
        assert!(node.cameras().unwrap().is_empty());
        assert_eq!(node.reader().secret("cameras-ring").unwrap(), None);
        node.set_camera(&area, &one, Some(&address("10.1.2.3"))).unwrap();
        node.set_camera(&area, &two, Some(&address("10.1.2.4"))).unwrap();
        node.set_camera(&area, &two, Some(&address("10.1.2.5"))).unwrap();
    }
    let node = open(&dir);
    let kept = node.cameras().unwrap();
    let hosts: Vec<_> =
        kept.iter().map(|((_, id), at)| (id.as_str(), at.url.host_str().unwrap())).collect();
    assert_eq!(hosts, [("CAM-1", "10.1.2.3"), ("CAM-2", "10.1.2.5")]);
    assert!(
        kept.values().all(|at| (at.user.as_str(), at.password.as_str()) == ("watch", "secret"))
    );
    node.set_camera(&area, &one, None).unwrap();
    assert_eq!(node.cameras().unwrap().into_keys().map(|(_, id)| id).collect::<Vec<_>>(), [two]);
}
