use super::*;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConnection, pki_types::ServerName,
};

const TODAY: Date = Date(19_761);

/// The machine's own clock judges certificates here, as in a browser.
fn today() -> Date {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Date(i32::try_from(since.as_secs() / 86_400).unwrap())
}

/// Whether somebody who installed the authority believes a page under a name.
fn believes(authority: &Authority, page: Arc<ServerConfig>, name: &str) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut server = ServerConnection::new(page).unwrap();
    for _ in 0..4 {
        let (mut out, mut back) = (Vec::new(), Vec::new());
        client.write_tls(&mut out).unwrap();
        server.read_tls(&mut out.as_slice()).unwrap();
        server.process_new_packets().map_err(|error| error.to_string())?;
        server.write_tls(&mut back).unwrap();
        client.read_tls(&mut back.as_slice()).unwrap();
        client.process_new_packets().map_err(|error| error.to_string())?;
    }
    if client.is_handshaking() { Err("it never ended".to_owned()) } else { Ok(()) }
}

#[test]
fn a_private_address_and_a_local_name_are_believed_and_nothing_else_is() {
    let authority = Authority::found("desk", today()).unwrap();
    let address: IpAddr = "192.168.7.9".parse().unwrap();
    let names = ["pehra-desk.local".to_owned()];
    let page = || authority.page(address, &names, today()).unwrap();
    for name in ["192.168.7.9", "pehra-desk.local"] {
        assert_eq!(believes(&authority, page(), name), Ok(()), "{name}");
    }
    for other in ["192.168.7.10", "other.local"] {
        assert!(believes(&authority, page(), other).is_err(), "{other} is another page");
    }
    // Whoever steals the key signs what they like; whoever installed the authority does not believe it.
    for (address, name) in [
        ("192.168.7.9", "bank.example"),
        ("192.168.7.9", "local.example"),
        ("8.8.8.8", "8.8.8.8"),
        ("2001:db8::1", "2001:db8::1"),
    ] {
        let address: IpAddr = address.parse().unwrap();
        let names: Vec<String> = Some(name)
            .filter(|it| it.parse::<IpAddr>().is_err())
            .map(str::to_owned)
            .into_iter()
            .collect();
        let forged = authority.sign(address, &names, today()).unwrap();
        let refused = believes(&authority, forged, name).unwrap_err();
        assert!(refused.contains("NameConstraintViolation"), "{name}: {refused}");
    }
}

#[test]
fn a_page_without_a_private_address_is_not_signed() {
    let authority = Authority::found("desk", TODAY).unwrap();
    for address in ["8.8.8.8", "127.0.0.1", "172.32.0.1", "192.169.0.1", "2001:db8::1", "::1"] {
        let address: IpAddr = address.parse().unwrap();
        assert!(!covers(address));
        let refused = authority.page(address, &[], TODAY).unwrap_err();
        assert!(matches!(refused, AuthorityError::NotPrivate(it) if it == address));
    }
    for address in
        ["10.0.0.1", "172.31.255.255", "192.168.0.1", "169.254.3.4", "fd00::1", "fe80::1"]
    {
        assert!(covers(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn an_authority_that_was_kept_is_the_same_and_goes_on_signing() {
    let made = Authority::found("desk", today()).unwrap();
    let read = Authority::decode("desk", &made.encode()).unwrap();
    assert_eq!(read.fingerprint(), made.fingerprint());
    let page = read.page("10.1.2.3".parse().unwrap(), &[], today()).unwrap();
    assert_eq!(believes(&made, page, "10.1.2.3"), Ok(()));
    let other = Authority::found("desk", today()).unwrap();
    let page = other.page("10.1.2.3".parse().unwrap(), &[], today()).unwrap();
    assert!(believes(&made, page, "10.1.2.3").is_err(), "another authority of the same name");
}

#[test]
fn a_page_that_was_signed_long_ago_is_believed_no_more() {
    let authority = Authority::found("desk", today()).unwrap();
    let address: IpAddr = "10.1.2.3".parse().unwrap();
    let old = authority.page(address, &[], Date(today().0 - PAGE_DAYS - 1)).unwrap();
    let refused = believes(&authority, old, "10.1.2.3").unwrap_err();
    assert!(refused.contains("expired"), "{refused}");
}
