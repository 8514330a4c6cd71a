use super::*;
use crate::testing::{role, rules};

/// Rows that commands ask for.
const NEEDED: &[&str] = &[
    ACCOUNT_BOOTSTRAP,
    ACCOUNT_MANAGE,
    ALERT_DRAFT,
    ALERT_RELEASE,
    ALERT_RELEASE_PUBLIC,
    ALERT_VIEW,
    ASSESS_COMMIT,
    AUDIT_READ_ALL,
    CHECKIN_HEAR,
    CHECKIN_SEND,
    CHECKIN_STRIKE,
    CAMPAIGN_APPROVE,
    CAMPAIGN_EDIT,
    CAMPAIGN_MEASURE,
    CAMPAIGN_READ,
    CAMPAIGN_STOP,
    CAMPAIGN_VIEW,
    CARRIER_SWITCH,
    CCTV_EXPORT,
    CCTV_EXPORT_APPROVE,
    CCTV_VIEW,
    CLASS_APPROVE,
    CLASS_PROPOSE,
    COMPLAINT_HANDLE,
    COMMUNITY_ENLIST,
    COMMUNITY_FORM,
    COMMUNITY_LEAD,
    COMMUNITY_TELL,
    COMMUNITY_VET,
    COMMUNITY_VIEW,
    CONVOY_KNOW,
    CONVOY_PLAN,
    CUSTODY_COMPARE,
    CUSTODY_RECORD,
    CUSTODY_REGISTER,
    CUSTODY_RELEASE,
    CUSTODY_RESOLVE,
    CUSTODY_SIGN_IN,
    CUSTODY_SIGN_OUT,
    CUSTODY_VIEW,
    CUSTODY_WITNESS,
    DEVICE_CONFIRM_MASK,
    DEVICE_MANAGE,
    DEVICE_REPORT,
    DEVICE_VIEW,
    DEVICE_WATCH,
    DISPATCH_APPROVE,
    DISPATCH_DUTY,
    DISPATCH_FLOOR,
    DISPATCH_REPORT,
    DISPATCH_VIEW,
    DRILL_DIRECT,
    ELECTION_OPEN,
    FINDING_AIM,
    FINDING_ANSWER,
    FINDING_CHARGE,
    FINDING_CLOSE,
    FINDING_RECORD,
    FINDING_VIEW,
    IMPORT_COMMIT,
    IMPORT_THREAT,
    INCIDENT_ACKNOWLEDGE,
    INCIDENT_BYPASS,
    INCIDENT_CLOSE,
    INCIDENT_DISPATCH,
    INCIDENT_MERGE,
    INCIDENT_METHANE,
    INCIDENT_PROGRESS,
    INCIDENT_RECLASSIFY,
    INCIDENT_REPORT,
    INCIDENT_VERIFY,
    INTEL_ADMIT,
    INTEL_ASSESS,
    INTEL_FEEDBACK,
    INTEL_GRADE,
    INTEL_READ_FULL,
    INTEL_READ_SANITISED,
    INTEL_RELEASE,
    INTEL_SANITISE,
    INTEL_TASK,
    INTEL_WATCH,
    INTEL_WRITE,
    LOCK_SET,
    NORMS_EDIT,
    OBSERVER_VIEW,
    ORDER_ANSWER,
    ORDER_GIVE,
    OVERRIDE_RAISE,
    OVERRIDE_WITHDRAW,
    PARAMETER_EDIT,
    PAYLOAD_DELETE,
    PAYLOAD_DELETE_APPROVE,
    PLAN_ADOPT,
    PLAN_APPROVE,
    PLAN_EDIT,
    PLAN_WITHDRAW,
    PATROL_SEAL,
    PATROL_SHOW,
    POLL_RECORD,
    POLL_REPEAT,
    READINESS_MEND,
    READINESS_RECORD,
    READINESS_STOP,
    READINESS_VIEW,
    READINESS_WAIVE,
    REPORTER_CONTACT,
    REPORT_HANDLE,
    REPORT_READ,
    REPORT_READER,
    REPORT_RECEIVE,
    REPORT_STAFF_HANDLE,
    ROLE_APPROVE,
    ROLE_GRANT,
    ROLE_REVOKE,
    SURVEY_RECORD,
    SUSPENSION_COUNTERSIGN,
    SUSPENSION_RECORD,
    TRAINING_CERTIFY,
    TRAINING_RECORD,
    TRAINING_VIEW,
];

#[test]
fn the_shipped_table_has_the_28_roles_and_every_row_that_commands_need() {
    let table = rules().permissions;
    assert_eq!(table.roles().count(), 28);
    for &permission in NEEDED {
        assert!(table.has_row(permission), "{permission}");
        let held = table.roles().any(|code| table.allows(&role(code), permission));
        assert_eq!(held, permission != ACCOUNT_BOOTSTRAP, "{permission}");
    }
}

#[test]
fn every_duty_that_is_kept_apart_is_a_row_of_the_permission_table() {
    let rules = rules();
    assert!(rules.separation.pairs().count() >= 15);
    for (a, b, _) in rules.separation.pairs() {
        assert!(rules.permissions.has_row(a) && rules.permissions.has_row(b), "{a}, {b}");
    }
    assert!(rules.separation.ever().any(|pair| pair == ("system.config", "audit.read_all_log")));
    let against: Vec<_> = rules.separation.against(PLAN_APPROVE).collect();
    assert_eq!(against, [(PLAN_EDIT, Reach::SameThing)]);
}

#[test]
fn only_the_commission_orders_a_repoll_and_guards_never_plan() {
    let table = rules().permissions;
    let holders: Vec<_> =
        table.roles().filter(|code| table.allows(&role(code), POLL_REPEAT)).collect();
    assert_eq!(holders, ["ECP-NAT"]);
    for code in ["CAF", "ARMY", "STN-SEC", "QRF", "OBS", "AUDITOR", "TRAINER", "PUBDESK"] {
        let role = role(code);
        let changes: Vec<_> = table
            .of_role(&role)
            .filter(|name| name.starts_with("plan.") || name.starts_with("class."))
            .filter(|name| *name != "plan.view")
            .collect();
        assert_eq!(changes, Vec::<&str>::new(), "{code}");
    }
}

#[test]
fn a_broken_table_says_which_line_and_why() {
    let wrong = |csv: &str| PermissionTable::parse(csv).unwrap_err();
    assert_eq!(wrong(""), TableError::Header("permission"));
    assert_eq!(wrong("role,A\n"), TableError::Header("permission"));
    let narrow = wrong("# note\npermission,A,B\n\nplan.edit,x\n");
    assert_eq!(narrow, TableError::Width { line: 4, found: 2, expected: 3 });
    let cell = wrong("permission,A\nplan.edit,yes\n");
    assert_eq!(cell, TableError::Cell { line: 2, cell: "yes".to_owned() });
    let twice = wrong("permission,A\nplan.edit,x\nplan.edit,\n");
    assert_eq!(twice, TableError::Name { line: 3, name: "plan.edit".to_owned() });
    assert!(matches!(wrong("permission,A,A\n"), TableError::Name { line: 1, .. }));

    let wrong = |csv: &str| Separation::parse(csv).unwrap_err();
    assert_eq!(wrong("a,b,c\n"), TableError::Header("permission_a"));
    let header = "permission_a,permission_b,scope\n";
    let narrow = wrong(&format!("{header}a,b\n"));
    assert_eq!(narrow, TableError::Width { line: 2, found: 2, expected: 3 });
    let twice = wrong(&format!("{header}a,b,same person\na,b,same person\n"));
    assert!(matches!(twice, TableError::Name { line: 3, .. }));
}

#[test]
fn a_table_from_a_spreadsheet_reads_the_same() {
    let plain = PermissionTable::parse("permission,A,B\nplan.edit,x,\n").unwrap();
    let saved = PermissionTable::parse("\u{feff}permission,A,B\r\n\"plan.edit\", x ,\r\n").unwrap();
    assert_eq!(plain, saved);
    let quoted =
        "permission_a,permission_b,scope\na,b,\"same person, same step\"\nc,d,same person ever\n";
    let separation = Separation::parse(quoted).unwrap();
    assert_eq!(separation.ever().collect::<Vec<_>>(), [("c", "d")]);
}

#[expect(clippy::print_stdout, reason = "says that it was skipped")]
#[test]
fn the_shipped_tables_keep_every_line_they_started_from() {
    let shared = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/domain");
    let Some(start) = read(&shared.join("permissions.csv")) else {
        println!("shared data absent: skipped");
        return;
    };
    let start = PermissionTable::parse(&start).unwrap();
    let ours = rules();
    assert_eq!(start.roles().collect::<Vec<_>>(), ours.permissions.roles().collect::<Vec<_>>());
    for permission in start.permissions() {
        for code in start.roles() {
            let role = role(code);
            let (was, is) =
                (start.allows(&role, permission), ours.permissions.allows(&role, permission));
            assert_eq!(was, is, "{permission} {code}");
        }
    }
    let start =
        Separation::parse(&read(&shared.join("separation_of_duties.csv")).unwrap()).unwrap();
    for pair in start.pairs() {
        assert!(ours.separation.pairs().any(|other| other == pair), "{pair:?}");
    }
}

#[expect(clippy::disallowed_methods, reason = "a test may read the tables it is held to")]
fn read(path: &std::path::Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}
