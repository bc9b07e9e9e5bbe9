//! Which certificates are trusted.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use crate::error::{Cause, OciError};

/// The TLS of a session: a CA of one's own, or those of the system (which `SSL_CERT_FILE` replaces, as for helm).
pub(crate) fn config(ca_file: Option<&Path>, insecure: bool) -> Result<TlsConfig, OciError> {
    let roots = match ca_file {
        Some(path) => from_file(path)?,
        None if insecure => Vec::new(),
        None => system()?,
    };
    Ok(TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .disable_verification(insecure)
        .build())
}

fn from_file(path: &Path) -> Result<Vec<Certificate<'static>>, OciError> {
    let bad = |what: String| OciError::new(Cause::Config, format!("cannot use {} as a CA: {what}", path.display()));
    let text = fs::read(path).map_err(|error| bad(sparkyard_pack::cause(&error)))?;
    let mut roots = Vec::new();
    for item in parse_pem(&text) {
        match item {
            Ok(PemItem::Certificate(certificate)) => roots.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(bad(error.to_string())),
        }
    }
    if roots.is_empty() {
        return Err(bad("it holds no certificate".to_owned()).help("a CA file holds `-----BEGIN CERTIFICATE-----`"));
    }
    Ok(roots)
}

fn system() -> Result<Vec<Certificate<'static>>, OciError> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        let why = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
        return Err(OciError::new(Cause::Config, format!("this system has no CA certificates{why}"))
            .help("install the package ca-certificates, or give the CA with --ca-file FILE"));
    }
    Ok(found.certs.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned()).collect())
}
