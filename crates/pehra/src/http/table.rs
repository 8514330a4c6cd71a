//! The one route table: method, path, permission, area rule, handler. The router and the OpenAPI document are both
//! built from it and from nothing else, so that no route can escape it.

pub(super) mod need;

use crate::http::{
    about, alerts, assessment, bundles, campaigns, carriers, communications, community, conflicts,
    convoys, custody, day, deletions, devices, dispatch, draws, drill, figures, findings, imports,
    intelligence, jobs, locks, map, net, nodes, observer, orders, packs, parameters, patrols,
    persons, plans, readiness, record, replay, reports, reserves, room::Room, search, session,
    sign, stations, stream, surveys, trainer, training, trust,
};
use axum::routing::MethodRouter;
use utoipa::openapi::{HttpMethod, OpenApi, RefOr, path::Paths, schema::Schema};
use utoipa_axum::router::UtoipaMethodRouter;

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Anybody: only what must work before sign-in.
    Open,
    /// Whoever is signed in, with any role or none.
    Session,
    /// Whoever holds one of these permissions.
    Holds(&'static [&'static str]),
}

impl Door {
    /// The permissions of which one is needed; none for doors that ask for none.
    #[must_use]
    pub fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Open | Self::Session => &[],
            Self::Holds(permissions) => permissions,
        }
    }
}

/// Where the permission must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The route shows or changes nothing that belongs to an area.
    Nowhere,
    /// Something that the node plans for must be within reach, and `?district=` too if it is given; the handler
    /// shows only what is within reach.
    Part,
    /// Everything that the node plans for, by one role.
    All,
    /// The station of the path's `{id}`.
    Station,
    /// The station of the path's `{index}` among those within reach: the handler looks.
    Handler,
}

/// One row.
pub struct Row {
    pub method: HttpMethod,
    pub path: String,
    pub door: Door,
    pub reach: Reach,
    pub router: MethodRouter<Room>,
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

fn row(door: Door, reach: Reach, routes: UtoipaMethodRouter<Room>) -> Option<Row> {
    let (schemas, paths, router) = routes;
    let (path, item) = paths.paths.iter().next()?;
    let method = method_of(item)?;
    Some(Row { method, path: path.clone(), door, reach, router, paths, schemas })
}

/// The one method that an item of the document has.
fn method_of(item: &utoipa::openapi::PathItem) -> Option<HttpMethod> {
    methods(item).into_iter().next()
}

/// The methods that an item of the document has.
#[must_use]
pub fn methods(item: &utoipa::openapi::PathItem) -> Vec<HttpMethod> {
    [
        (HttpMethod::Get, item.get.is_some()),
        (HttpMethod::Post, item.post.is_some()),
        (HttpMethod::Put, item.put.is_some()),
        (HttpMethod::Delete, item.delete.is_some()),
        (HttpMethod::Patch, item.patch.is_some()),
        (HttpMethod::Head, item.head.is_some()),
        (HttpMethod::Options, item.options.is_some()),
        (HttpMethod::Trace, item.trace.is_some()),
    ]
    .into_iter()
    .filter_map(|(method, there)| there.then_some(method))
    .collect()
}

macro_rules! rows {
    ($($door:expr, $reach:expr, $handler:path;)+) => {
        [$(row($door, $reach, utoipa_axum::routes!($handler))),+].into_iter().flatten().collect()
    };
}

/// Every route of the room.
#[must_use]
pub fn table() -> Vec<Row> {
    let mut rows = account_rows();
    rows.extend(trust_rows());
    rows.extend(room_rows());
    rows.extend(carrier_rows());
    rows.extend(station_rows());
    rows.extend(model_rows());
    rows.extend(import_rows());
    rows.extend(plan_rows());
    rows.extend(reserve_rows());
    rows.extend(pack_rows());
    rows.extend(convoy_rows());
    rows.extend(communication_rows());
    rows.extend(survey_rows());
    rows.extend(day_rows());
    rows.extend(net_rows());
    rows.extend(replay_rows());
    rows.extend(observer_rows());
    rows.extend(order_rows());
    rows.extend(report_rows());
    rows.extend(custody_rows());
    rows.extend(intelligence_rows());
    rows.extend(deletion_rows());
    rows.extend(draw_rows());
    rows.extend(patrol_rows());
    rows.extend(alert_rows());
    rows.extend(device_rows());
    rows.extend(dispatch_rows());
    rows.extend(drill_rows());
    rows.extend(trainer_rows());
    rows.extend(readiness_rows());
    rows.extend(finding_rows());
    rows.extend(training_rows());
    rows.extend(campaign_rows());
    rows.extend(community_rows());
    rows
}

fn account_rows() -> Vec<Row> {
    rows![
        Door::Open, Reach::Nowhere, session::setup_state;
        Door::Open, Reach::Nowhere, session::set_up;
        Door::Open, Reach::Nowhere, session::sign_in;
        Door::Open, Reach::Nowhere, session::sign_in_demo;
        Door::Session, Reach::Nowhere, session::current;
        Door::Session, Reach::Nowhere, session::sign_out;
        Door::Session, Reach::Nowhere, session::change_password;
        Door::Holds(need::ACCOUNTS), Reach::Nowhere, persons::list;
        Door::Holds(need::OPEN_ACCOUNT), Reach::All, persons::open;
        Door::Holds(need::GRANT), Reach::Handler, persons::grant;
        Door::Holds(need::GRANT_APPROVE), Reach::Handler, persons::approve;
        Door::Holds(need::GRANT_APPROVE), Reach::Handler, persons::refuse;
        Door::Holds(need::REVOKE), Reach::Handler, persons::revoke;
        Door::Holds(need::OPEN_ACCOUNT), Reach::All, persons::close;
    ]
}

fn trust_rows() -> Vec<Row> {
    rows![
        Door::Session, Reach::Nowhere, sign::list;
        Door::Session, Reach::Nowhere, sign::hand_in;
        Door::Session, Reach::Nowhere, trust::show;
        Door::Session, Reach::Nowhere, trust::phones;
        Door::Session, Reach::Nowhere, trust::own_key;
        Door::Session, Reach::Nowhere, trust::ask;
        Door::Session, Reach::Nowhere, trust::device_request;
        Door::Session, Reach::Nowhere, trust::chain;
        Door::Holds(need::ENROL), Reach::Handler, trust::certify;
        Door::Holds(need::ENROL), Reach::Nowhere, trust::take;
        Door::Holds(need::ENROL), Reach::Nowhere, trust::carry;
        Door::Holds(need::ENROL), Reach::Nowhere, trust::open_office;
        Door::Holds(need::ENROL), Reach::Nowhere, trust::close_office;
        Door::Session, Reach::Nowhere, trust::draw;
        Door::Session, Reach::Nowhere, trust::read_code;
        Door::Holds(need::REVOKE_KEY), Reach::Handler, trust::revoke;
    ]
}

fn room_rows() -> Vec<Row> {
    rows![
        Door::Session, Reach::Nowhere, about::node;
        Door::Session, Reach::Nowhere, stream::live;
        Door::Holds(need::LOOK), Reach::Part, jobs::list;
        Door::Holds(need::LOOK), Reach::Part, jobs::one;
        Door::Holds(need::SOLVE), Reach::Handler, jobs::cancel;
        Door::Holds(need::LOOK), Reach::Part, conflicts::conflicts;
        Door::Holds(need::LOOK), Reach::Part, conflicts::withheld;
        Door::Holds(need::RECORD), Reach::Part, record::list;
        Door::Holds(need::RECORD), Reach::Handler, record::prove;
        Door::Open, Reach::Nowhere, record::founding;
        Door::Holds(need::FIGURES), Reach::Nowhere, figures::list;
        Door::Holds(need::LOOK), Reach::Part, search::search;
    ]
}

fn carrier_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::LOOK), Reach::Part, carriers::paths;
        Door::Holds(need::LOOK), Reach::Part, nodes::list;
        Door::Holds(need::LOOK), Reach::Part, carriers::attested;
        Door::Holds(need::LOOK), Reach::Part, carriers::sms;
        Door::Holds(need::CARRY), Reach::Nowhere, carriers::switch_sms;
        Door::Holds(need::EXPORT), Reach::Nowhere, carriers::address;
        Door::Holds(need::EXPORT), Reach::All, carriers::show;
        Door::Holds(need::EXPORT), Reach::All, carriers::shown;
        Door::Holds(need::IMPORT), Reach::All, carriers::seen;
        Door::Holds(need::EXPORT), Reach::All, bundles::make;
        Door::Holds(need::IMPORT), Reach::All, bundles::read;
    ]
}

fn station_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::LOOK), Reach::Part, map::points;
        Door::Holds(need::LOOK), Reach::Part, map::districts;
        Door::Holds(need::GROUND), Reach::Nowhere, map::towns;
        Door::Holds(need::GROUND), Reach::Nowhere, map::boundaries;
        Door::Holds(need::LOOK), Reach::Part, map::station_ids;
        Door::Holds(need::LOOK), Reach::Part, map::at;
        Door::Holds(need::LOOK), Reach::Station, stations::one;
        Door::Holds(need::LOOK), Reach::Station, stations::why;
        Door::Holds(need::LOOK), Reach::Station, stations::what_if;
        Door::Holds(need::RAISE), Reach::Station, stations::set_override;
        Door::Holds(need::LIFT), Reach::Station, stations::lift_override;
        Door::Holds(need::CLASS), Reach::Station, stations::set_official;
        Door::Holds(need::CLASS_APPROVE), Reach::Station, stations::approve_official;
        Door::Holds(need::CLASS_APPROVE), Reach::Station, stations::reject_official;
        Door::Holds(need::LOOK), Reach::Part, stations::list;
        Door::Holds(need::EXPORT), Reach::Part, stations::csv;
        Door::Holds(need::EXPORT), Reach::Part, stations::xlsx;
    ]
}

fn model_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::LOOK), Reach::Part, assessment::summary;
        Door::Holds(need::ASSESS), Reach::All, assessment::start;
        Door::Holds(need::ASSESS), Reach::All, assessment::backtest;
        Door::Holds(need::LOOK), Reach::Nowhere, parameters::list;
        Door::Holds(need::PARAMETER), Reach::All, parameters::set;
    ]
}

fn import_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::IMPORT), Reach::Nowhere, imports::kinds;
        Door::Holds(need::IMPORT), Reach::All, imports::upload;
        Door::Holds(need::IMPORT), Reach::All, imports::one;
        Door::Holds(need::IMPORT), Reach::All, imports::map_columns;
        Door::Holds(need::IMPORT), Reach::All, imports::check;
        Door::Holds(need::IMPORT), Reach::All, imports::findings;
        Door::Holds(need::IMPORT), Reach::All, imports::findings_csv;
        Door::Holds(need::IMPORT), Reach::All, imports::pairs;
        Door::Holds(need::IMPORT), Reach::All, imports::sign;
        Door::Holds(need::IMPORT), Reach::All, imports::discard;
    ]
}

fn plan_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::SOLVE), Reach::All, plans::start;
        Door::Holds(need::LOOK), Reach::Part, plans::list;
        Door::Holds(need::LOOK), Reach::Part, plans::compare;
        Door::Holds(need::LOOK), Reach::Part, plans::one;
        Door::Holds(need::LOOK), Reach::Part, plans::districts;
        Door::Holds(need::LOOK), Reach::Part, plans::buildings;
        Door::Holds(need::LOOK), Reach::Part, plans::units;
        Door::Holds(need::LOOK), Reach::Part, plans::more;
        Door::Holds(need::EXPORT), Reach::Part, plans::csv;
        Door::Holds(need::EXPORT), Reach::Part, plans::xlsx;
        Door::Holds(need::SOLVE), Reach::All, plans::propose;
        Door::Holds(need::APPROVE), Reach::All, plans::approve;
        Door::Holds(need::APPROVE), Reach::All, plans::reject;
        Door::Holds(need::ADOPT), Reach::All, plans::adopt;
        Door::Holds(need::WITHDRAW), Reach::All, plans::withdraw;
        Door::Holds(need::LOOK), Reach::Part, locks::list;
        Door::Holds(need::LOCK), Reach::Handler, locks::set;
        Door::Holds(need::LOCK), Reach::Handler, locks::lift;
    ]
}

fn reserve_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::SOLVE), Reach::All, reserves::start;
        Door::Holds(need::LOOK), Reach::Part, reserves::list;
        Door::Holds(need::LOOK), Reach::Part, reserves::compare;
        Door::Holds(need::LOOK), Reach::Part, reserves::one;
        Door::Holds(need::LOOK), Reach::Part, reserves::map;
        Door::Holds(need::LOOK), Reach::Part, reserves::what_if;
        Door::Holds(need::EXPORT), Reach::Part, reserves::bases_csv;
        Door::Holds(need::EXPORT), Reach::Part, reserves::bases_xlsx;
        Door::Holds(need::EXPORT), Reach::Part, reserves::stations_csv;
        Door::Holds(need::EXPORT), Reach::Part, reserves::stations_xlsx;
        Door::Holds(need::SOLVE), Reach::All, reserves::propose;
        Door::Holds(need::APPROVE), Reach::All, reserves::approve;
        Door::Holds(need::APPROVE), Reach::All, reserves::reject;
        Door::Holds(need::ADOPT), Reach::All, reserves::adopt;
        Door::Holds(need::WITHDRAW), Reach::All, reserves::withdraw;
    ]
}

fn pack_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::PACKS), Reach::Part, packs::list;
        Door::Holds(need::PACK_PRINT), Reach::Handler, packs::start;
        Door::Holds(need::PACKS), Reach::Handler, packs::sheets;
        Door::Holds(need::PACKS), Reach::Handler, packs::document;
        Door::Holds(need::PACKS), Reach::Handler, packs::archive;
    ]
}

fn convoy_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::CONVOYS), Reach::Part, convoys::list;
        Door::Holds(need::CONVOY_PLAN), Reach::Handler, convoys::start;
        Door::Holds(need::CONVOY_KNOW), Reach::Handler, convoys::one;
        Door::Holds(need::CONVOY_KNOW), Reach::Handler, convoys::calls_csv;
        Door::Holds(need::CONVOY_KNOW), Reach::Handler, convoys::plan_xlsx;
    ]
}

fn communication_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::LOOK), Reach::Part, communications::show;
        Door::Holds(need::LOOK), Reach::Part, communications::district_plan;
        Door::Holds(need::EXPORT), Reach::Part, communications::csv;
        Door::Holds(need::EXPORT), Reach::Part, communications::xlsx;
    ]
}

fn survey_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::SURVEY_LOOK), Reach::Nowhere, surveys::forms;
        Door::Holds(need::SURVEY_LOOK), Reach::Nowhere, surveys::paper;
        Door::Holds(need::SURVEY_LOOK), Reach::Part, surveys::coverage;
        Door::Holds(need::SURVEY_LOOK), Reach::Part, surveys::places;
        Door::Holds(need::SURVEY_LOOK), Reach::Handler, surveys::seen;
        Door::Holds(need::SURVEY), Reach::Handler, surveys::record;
        Door::Holds(need::SURVEY), Reach::Handler, surveys::take;
        Door::Holds(need::SURVEY_LOOK), Reach::Handler, surveys::photograph;
    ]
}

fn order_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::ORDERS), Reach::Nowhere, orders::list;
        Door::Holds(need::ORDER), Reach::Nowhere, orders::addressees;
        Door::Holds(need::ORDER), Reach::Handler, orders::give;
        Door::Holds(need::ANSWER), Reach::Handler, orders::read;
        Door::Holds(need::ANSWER), Reach::Handler, orders::act;
        Door::Holds(need::ORDER), Reach::Handler, orders::withdraw;
    ]
}

fn deletion_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::DELETIONS), Reach::Handler, deletions::list;
        Door::Holds(need::DELETE), Reach::All, deletions::order;
        Door::Holds(need::DELETE_APPROVE), Reach::Handler, deletions::approve;
        Door::Holds(need::DELETE), Reach::All, deletions::stand;
        Door::Holds(need::DELETE_APPROVE), Reach::Handler, deletions::approve_standing;
        Door::Holds(need::DELETE), Reach::Handler, deletions::end_standing;
    ]
}

fn draw_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::DRAWS), Reach::Nowhere, draws::list;
        Door::Holds(need::DRAW), Reach::Handler, draws::act;
        Door::Holds(need::ROSTER), Reach::Handler, draws::roster;
    ]
}

fn alert_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::ALERTS), Reach::Nowhere, alerts::list;
        Door::Holds(need::ALERT_DRAFT), Reach::Handler, alerts::seed::seed;
        Door::Holds(need::ALERT_DRAFT), Reach::Handler, alerts::draft;
        Door::Holds(need::ALERT_ACT), Reach::Handler, alerts::act;
        Door::Holds(need::ALERTS), Reach::Handler, alerts::message;
        Door::Open, Reach::Nowhere, alerts::feed;
        Door::Open, Reach::Nowhere, alerts::file;
    ]
}

fn patrol_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::PATROLS), Reach::Nowhere, patrols::list;
        Door::Holds(need::PATROLS), Reach::Handler, patrols::one;
        Door::Holds(need::PATROL_OPEN), Reach::Handler, patrols::open;
        Door::Holds(need::PATROL_SEAL), Reach::Handler, patrols::seal;
        Door::Holds(need::PATROL_ACT), Reach::Handler, patrols::act;
        Door::Holds(need::PATROLS), Reach::Handler, patrols::check;
        Door::Holds(need::PATROLS), Reach::Handler, patrols::csv;
        Door::Holds(need::PATROL_SEAL), Reach::Handler, patrols::coverage::start;
        Door::Holds(need::PATROL_SEAL), Reach::Handler, patrols::coverage::one;
        Door::Holds(need::LOOK), Reach::Part, patrols::coverage::points;
        Door::Holds(need::LOOK), Reach::Part, patrols::coverage::at;
        Door::Holds(need::PATROL_SEAL), Reach::Handler, patrols::coverage::csv;
    ]
}

fn report_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::REPORTS), Reach::Nowhere, reports::list;
        Door::Holds(need::CONTACTS), Reach::Nowhere, reports::contacts;
        Door::Holds(need::HEAR_REPORT), Reach::Handler, reports::hear;
        Door::Holds(need::READ_SEALED), Reach::Handler, reports::name_reader;
        Door::Holds(need::READ_SEALED), Reach::Handler, reports::end_reader;
        Door::Holds(need::REPORTS), Reach::Handler, reports::one;
        Door::Holds(need::REPORTS_ACT), Reach::Handler, reports::act;
        Door::Holds(need::REPORTS_ACT), Reach::Handler, reports::make_incident;
        Door::Holds(need::CONTACT), Reach::Handler, reports::contact;
    ]
}

fn custody_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::CUSTODY), Reach::Nowhere, custody::board;
        Door::Holds(need::CUSTODY), Reach::Handler, custody::area;
        Door::Holds(need::CUSTODY), Reach::Handler, custody::items;
        Door::Holds(need::CUSTODY), Reach::Handler, custody::item;
        Door::Holds(need::CUSTODY), Reach::Handler, custody::fire;
        Door::Holds(need::CUSTODY), Reach::Handler, custody::desk;
        Door::Holds(need::CUSTODY_ACT), Reach::Handler, custody::act::act;
    ]
}

fn intelligence_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::INTEL), Reach::Handler, intelligence::desk;
        Door::Holds(need::WARNED), Reach::Handler, intelligence::warned;
        Door::Holds(need::INTEL_WRITE), Reach::Handler, intelligence::act::write;
        Door::Holds(need::INTEL_ACT), Reach::Handler, intelligence::act::act;
        Door::Holds(need::INTEL_FULL), Reach::Handler, intelligence::act::open;
        Door::Holds(need::INTEL_FULL), Reach::Handler, intelligence::near::near;
        Door::Holds(need::INTEL_FULL), Reach::Nowhere, intelligence::stix::read;
        Door::Holds(need::WARNED), Reach::Handler, intelligence::stix::bundle;
    ]
}

fn device_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::DEVICES), Reach::Nowhere, devices::board;
        Door::Holds(need::DEVICE_ACT), Reach::Handler, devices::act::act;
        Door::Holds(need::DEVICE_WATCH), Reach::Handler, devices::act::heard;
        Door::Holds(need::DEVICE_WATCH), Reach::Handler, devices::act::watch;
        Door::Holds(need::DEVICE_MANAGE), Reach::Handler, devices::act::camera;
        Door::Holds(need::CCTV_VIEW), Reach::Handler, devices::still;
        Door::Holds(need::CCTV_EXPORT), Reach::Handler, devices::frame;
    ]
}

fn dispatch_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::DISPATCH), Reach::Nowhere, dispatch::board;
        Door::Holds(need::DISPATCH), Reach::Handler, dispatch::suggestion;
        Door::Holds(need::DISPATCH_DUTY), Reach::Handler, dispatch::act::duty;
        Door::Holds(need::DISPATCH_SEND), Reach::Handler, dispatch::act::send;
        Door::Holds(need::DISPATCH_ACT), Reach::Handler, dispatch::act::act;
        Door::Holds(need::DISPATCH_APPROVE), Reach::Handler, dispatch::act::answer;
        Door::Holds(need::DISPATCH_FLOOR), Reach::Handler, dispatch::act::floor;
    ]
}

fn day_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::DAY), Reach::Part, day::now;
        Door::Holds(need::DAY), Reach::Part, day::stream::live;
        Door::Holds(need::DAY), Reach::Nowhere, day::tables;
        Door::Holds(need::DAY), Reach::Part, day::timeline;
        Door::Holds(need::DAY), Reach::Station, day::station;
        Door::Holds(need::INCIDENT_LOOK), Reach::Handler, day::incident::one;
        Door::Holds(need::REPORT), Reach::Handler, day::act::report;
        Door::Holds(need::INCIDENT), Reach::Handler, day::act::act;
        Door::Holds(need::INCIDENT), Reach::Handler, day::act::take_alarm;
        Door::Holds(need::METHANE), Reach::Handler, day::methane::tell;
        Door::Holds(need::CHECK_IN), Reach::Handler, day::act::check_in;
    ]
}

fn net_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::CHECK_IN), Reach::Part, net::roll;
        Door::Holds(need::CHECK_IN), Reach::Handler, net::look;
        Door::Holds(need::NET), Reach::Handler, net::hear;
        Door::Holds(need::STRIKE), Reach::Handler, net::strike;
    ]
}

fn replay_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::DAY), Reach::Part, replay::at;
        Door::Holds(need::DAY), Reach::Part, replay::course;
        Door::Holds(need::DAY), Reach::Part, replay::later;
    ]
}

fn observer_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::OBSERVER), Reach::Handler, observer::list;
        Door::Holds(need::OBSERVER), Reach::Handler, observer::prove;
        Door::Holds(need::OBSERVER), Reach::Handler, observer::bundle;
    ]
}

fn drill_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::DRILL_LOOK), Reach::Part, drill::show;
        Door::Holds(need::DRILL), Reach::All, drill::pace;
        Door::Holds(need::DRILL), Reach::All, drill::inject;
        Door::Holds(need::DRILL), Reach::All, drill::players;
        Door::Holds(need::DRILL), Reach::All, drill::branch;
        Door::Holds(need::DRILL), Reach::All, drill::evaluation;
        Door::Holds(need::DRILL), Reach::All, drill::hot_wash;
        Door::Holds(need::DRILL), Reach::All, drill::measured;
    ]
}

fn trainer_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::TRAINER), Reach::Part, trainer::net;
        Door::Holds(need::TRAINER), Reach::Part, trainer::judge_net;
        Door::Holds(need::TRAINER), Reach::Part, trainer::watch;
        Door::Holds(need::TRAINER), Reach::Part, trainer::judge_watch;
        Door::Holds(need::TRAINER), Reach::Part, trainer::class;
        Door::Holds(need::TRAINER), Reach::Part, trainer::count_class;
    ]
}

fn readiness_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::READINESS), Reach::Handler, readiness::list;
        Door::Holds(need::READINESS), Reach::Handler, readiness::one;
        Door::Holds(need::READINESS_RECORD), Reach::Handler, readiness::record;
        Door::Holds(need::READINESS_MEND), Reach::Handler, readiness::mend;
        Door::Holds(need::READINESS_WAIVE), Reach::Handler, readiness::waive;
        Door::Holds(need::READINESS_STOP), Reach::Handler, readiness::stop;
        Door::Holds(need::READINESS_STOP), Reach::Handler, readiness::lift;
    ]
}

fn finding_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::FINDINGS), Reach::Handler, findings::list;
        Door::Holds(need::FINDINGS), Reach::Handler, findings::csv;
        Door::Holds(need::FINDINGS), Reach::Handler, findings::xlsx;
        Door::Holds(need::FINDING_RECORD), Reach::Handler, findings::record;
        Door::Holds(need::FINDING_CHARGE), Reach::Handler, findings::charge;
        Door::Holds(need::FINDING_ANSWER), Reach::Handler, findings::finish;
        Door::Holds(need::FINDING_CHARGE), Reach::Handler, findings::send_back;
        Door::Holds(need::FINDING_CLOSE), Reach::Handler, findings::close;
        Door::Holds(need::FINDING_CHARGE), Reach::Handler, findings::drop;
        Door::Holds(need::FINDING_AIM), Reach::Handler, findings::aim;
        Door::Holds(need::FINDING_AIM), Reach::Handler, findings::judge;
    ]
}

fn campaign_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::CAMPAIGNS), Reach::Handler, campaigns::list;
        Door::Holds(need::CAMPAIGNS), Reach::Handler, campaigns::plan;
        Door::Holds(need::CAMPAIGNS), Reach::Handler, campaigns::script;
        Door::Holds(need::CAMPAIGNS), Reach::Handler, campaigns::poster;
        Door::Holds(need::CAMPAIGN_EDIT), Reach::Handler, campaigns::draft;
        Door::Holds(need::CAMPAIGN_EDIT), Reach::Handler, campaigns::write;
        Door::Holds(need::CAMPAIGN_READ), Reach::Handler, campaigns::sign;
        Door::Holds(need::CAMPAIGN_READ), Reach::Handler, campaigns::fault;
        Door::Holds(need::CAMPAIGN_APPROVE), Reach::Handler, campaigns::approve;
        Door::Holds(need::CAMPAIGN_APPROVE), Reach::Handler, campaigns::refuse;
        Door::Holds(need::CAMPAIGN_STOP), Reach::Handler, campaigns::stop;
        Door::Holds(need::CAMPAIGN_MEASURE), Reach::Handler, campaigns::measure;
    ]
}

fn community_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::COMMUNITY), Reach::Handler, community::list;
        Door::Holds(need::COMMUNITY), Reach::Handler, community::committees;
        Door::Holds(need::COMMUNITY), Reach::Handler, community::one;
        Door::Holds(need::COMMUNITY_NUMBERS), Reach::Handler, community::volunteers;
        Door::Holds(need::COMMUNITY_NUMBERS), Reach::Handler, community::rota;
        Door::Holds(need::COMMUNITY_NUMBERS), Reach::Handler, community::rota_csv;
        Door::Holds(need::COMMUNITY_NUMBERS), Reach::Handler, community::rota_xlsx;
        Door::Holds(need::COMMUNITY_NUMBERS), Reach::Handler, community::roster_csv;
        Door::Holds(need::COMMUNITY_NUMBERS), Reach::Handler, community::roster_xlsx;
        Door::Holds(need::COMMUNITY_FORM), Reach::Handler, community::form;
        Door::Holds(need::COMMUNITY_ENLIST), Reach::Handler, community::enlist;
        Door::Holds(need::COMMUNITY_VET), Reach::Handler, community::vet;
        Door::Holds(need::COMMUNITY_ENLIST), Reach::Handler, community::release;
        Door::Holds(need::COMMUNITY_LEAD), Reach::Handler, community::brief;
        Door::Holds(need::COMMUNITY_LEAD), Reach::Handler, community::plan;
        Door::Holds(need::COMMUNITY_TELL), Reach::Handler, community::tell;
        Door::Holds(need::COMMUNITY_LEAD), Reach::Handler, community::answer;
        Door::Holds(need::COMMUNITY_FORM), Reach::Handler, community::dissolve;
    ]
}

fn training_rows() -> Vec<Row> {
    rows![
        Door::Holds(need::TRAINING), Reach::Handler, training::view;
        Door::Holds(need::TRAINING), Reach::Handler, training::one;
        Door::Holds(need::TRAINING), Reach::Handler, training::who;
        Door::Holds(need::TRAINING), Reach::Handler, training::paper;
        Door::Holds(need::TRAINING_RECORD), Reach::Handler, training::attend;
        Door::Holds(need::TRAINING_RECORD), Reach::Handler, training::quiz;
        Door::Holds(need::TRAINING_RECORD), Reach::Handler, training::practical;
        Door::Holds(need::TRAINING_CERTIFY), Reach::Handler, training::certify;
        Door::Holds(need::TRAINING_CERTIFY), Reach::Handler, training::withdraw;
    ]
}

/// The document of the whole table.
#[must_use]
pub fn document(rows: Vec<Row>) -> OpenApi {
    let mut document = crate::http::base_document();
    let components = document.components.get_or_insert_default();
    components.schemas.extend(crate::phone::shapes());
    for row in rows {
        components.schemas.extend(row.schemas);
        for (path, mut item) in row.paths.paths {
            annotate(&mut item, row.door, row.reach);
            match document.paths.paths.get_mut(&path) {
                Some(known) => known.merge_operations(item),
                None => {
                    document.paths.paths.insert(path, item);
                }
            }
        }
    }
    document
}

/// Writes door and reach into the document, so that a reader of it sees who may call.
fn annotate(item: &mut utoipa::openapi::PathItem, door: Door, reach: Reach) {
    let permission = match door {
        Door::Open => "open".to_owned(),
        Door::Session => "session".to_owned(),
        Door::Holds(permissions) => permissions.join(" | "),
    };
    let reach = match reach {
        Reach::Nowhere => "nowhere",
        Reach::Part => "part",
        Reach::All => "all",
        Reach::Station => "station",
        Reach::Handler => "handler",
    };
    for operation in
        [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten()
    {
        let extensions = operation.extensions.get_or_insert_default();
        // One entry alone: the map behind it has no order of its own.
        let row = serde_json::json!({ "permission": permission, "reach": reach });
        extensions.insert("x-pehra".to_owned(), row);
    }
}
