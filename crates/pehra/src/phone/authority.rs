//! The node's own certificate authority: a browser gives keys, storage and a camera only to a page that it trusts, and on
//! a cable without internet nobody outside can vouch for one.
//!
//! The authority may vouch for private addresses and for names under `.local` and `.home.arpa`, and for nothing else: that
//! stands in its certificate, and browsers hold it to that. A phone that installed it can be shown a false page of this
//! office by whoever steals its key, and no other page.

use crate::auth::hex;
use pehra_domain::Date;
use pehra_ledger::{
    Hash,
    canonical::{CanonicalError, Reader, Writer},
};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, PKCS_ECDSA_P256_SHA256, SanType, date_time_ymd, string::Ia5String,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    version::TLS13,
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
};
use zeroize::Zeroizing;

/// An election is prepared, held and archived within this.
const AUTHORITY_DAYS: i32 = 730;
/// A page's certificate holds so long; it is made anew when half of that is over.
pub const PAGE_DAYS: i32 = 14;
/// Phones' clocks are wrong by hours.
const BEFORE_DAYS: i32 = 2;
/// Longest key and certificate that are read back.
const PART_BYTES_MAX: usize = 8_192;
/// Names under which a page may be called.
pub const NAMES: [&str; 2] = ["local", "home.arpa"];
/// RFC 1918, RFC 3927.
const V4: [(Ipv4Addr, u8); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
];
/// RFC 4193, RFC 4291 §2.5.6.
const V6: [(Ipv6Addr, u8); 2] = [
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
];

/// Why there is no authority, or no certificate of a page.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("a certificate could not be made")]
    Made(#[from] rcgen::Error),
    #[error("the kept authority cannot be read")]
    Kept(#[from] CanonicalError),
    #[error("a page's certificate could not be taken into use")]
    Tls(#[from] rustls::Error),
    #[error("{0} is no private address: phones' browsers would not believe this node there")]
    NotPrivate(IpAddr),
    #[error("the calendar has no such day")]
    Calendar,
}

/// The authority: its key, and the certificate that phones install.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authority({})", self.fingerprint())
    }
}

impl Authority {
    /// Makes an authority with a fresh key.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn found(name: &str, today: Date) -> Result<Self, AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let certificate = params_of(name, today)?.self_signed(&key)?.der().clone();
        Self::of(name, key, certificate)
    }

    fn of(
        name: &str,
        key: KeyPair,
        certificate: CertificateDer<'static>,
    ) -> Result<Self, AuthorityError> {
        // The issuer's name and key are all that a page's certificate takes over: the day does not matter here.
        Ok(Self { issuer: Issuer::new(params_of(name, Date(0))?, key), certificate })
    }

    /// What is kept in secret.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut w = Writer::default();
        w.array(2).bytes(self.issuer.key().serialized_der()).bytes(&self.certificate);
        Zeroizing::new(w.finish())
    }

    /// Reads back what was kept.
    ///
    /// # Errors
    /// [`AuthorityError::Kept`] or [`AuthorityError::Made`] when it was damaged.
    pub fn decode(name: &str, bytes: &[u8]) -> Result<Self, AuthorityError> {
        let mut r = Reader::new(bytes);
        r.array_of(2)?;
        let key = Zeroizing::new(r.bytes(PART_BYTES_MAX)?.to_vec());
        let certificate = CertificateDer::from(r.bytes(PART_BYTES_MAX)?.to_vec());
        r.end()?;
        Self::of(name, KeyPair::try_from(key.as_slice())?, certificate)
    }

    /// The certificate that phones install.
    #[must_use]
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// SHA-256 of the certificate, as phones show it before they install one.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digits = hex(&Hash::of(&self.certificate).0).to_uppercase();
        let pairs: Vec<&str> =
            (0..digits.len()).step_by(2).filter_map(|at| digits.get(at..at + 2)).collect();
        pairs.join(":")
    }

    /// How a page at an address and under some names proves itself, from today on for [`PAGE_DAYS`].
    ///
    /// # Errors
    /// [`AuthorityError::NotPrivate`] for an address for which the authority may not vouch.
    pub fn page(
        &self,
        address: IpAddr,
        names: &[String],
        today: Date,
    ) -> Result<Arc<ServerConfig>, AuthorityError> {
        if !covers(address) {
            return Err(AuthorityError::NotPrivate(address));
        }
        self.sign(address, names, today)
    }

    /// Signs whatever is asked: that others are not believed is the browsers' part.
    fn sign(
        &self,
        address: IpAddr,
        names: &[String],
        today: Date,
    ) -> Result<Arc<ServerConfig>, AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named(&address.to_string());
        params.subject_alt_names.push(SanType::IpAddress(address));
        for name in names {
            params.subject_alt_names.push(SanType::DnsName(Ia5String::try_from(name.as_str())?));
        }
        holds(&mut params, today.0 - BEFORE_DAYS, today.0 + PAGE_DAYS)?;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        let page = params.signed_by(&key, &self.issuer)?.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])?
            .with_no_client_auth()
            .with_single_cert(vec![page, self.certificate.clone()], key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// Whether the authority may vouch for a page there.
#[must_use]
pub fn covers(address: IpAddr) -> bool {
    let v4 = |it: Ipv4Addr, (net, bits): (Ipv4Addr, u8)| {
        it.to_bits() >> (32 - bits) == net.to_bits() >> (32 - bits)
    };
    let v6 = |it: Ipv6Addr, (net, bits): (Ipv6Addr, u8)| {
        it.to_bits() >> (128 - bits) == net.to_bits() >> (128 - bits)
    };
    match address {
        IpAddr::V4(it) => V4.into_iter().any(|net| v4(it, net)),
        IpAddr::V6(it) => V6.into_iter().any(|net| v6(it, net)),
    }
}

fn params_of(name: &str, today: Date) -> Result<CertificateParams, AuthorityError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(&format!("Pehra {name}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let v4 = V4.map(|(net, bits)| CidrSubnet::from_v4_prefix(net.octets(), bits));
    let v6 = V6.map(|(net, bits)| CidrSubnet::from_v6_prefix(net.octets(), bits));
    let names = NAMES.map(|name| GeneralSubtree::DnsName(name.to_owned()));
    let addresses = v4.into_iter().chain(v6).map(GeneralSubtree::IpAddress);
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.into_iter().chain(addresses).collect(),
        excluded_subtrees: Vec::new(),
    });
    holds(&mut params, today.0 - BEFORE_DAYS, today.0 + AUTHORITY_DAYS)?;
    Ok(params)
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// From the beginning of a day to that of another.
fn holds(params: &mut CertificateParams, from: i32, until: i32) -> Result<(), AuthorityError> {
    let at = |days: i32| {
        let (year, month, day) = Date(days).civil();
        let small = |part: u32| u8::try_from(part).map_err(|_large| AuthorityError::Calendar);
        Ok::<_, AuthorityError>(date_time_ymd(year, small(month)?, small(day)?))
    };
    params.not_before = at(from)?;
    params.not_after = at(until)?;
    Ok(())
}

#[cfg(test)]
mod tests;
