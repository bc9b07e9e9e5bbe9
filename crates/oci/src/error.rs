//! What can go wrong between a chart and a registry.

/// Why something did not work, as far as it decides what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Nobody answers, or the line broke; another try may help.
    Unreachable,
    /// No such host.
    NoHost,
    /// The certificate is not trusted.
    Certificate,
    /// One side speaks HTTP, the other HTTPS.
    Scheme,
    /// Wrong credentials, none, or too few rights.
    Denied,
    /// The repository, tag or blob does not exist.
    NotFound,
    /// The registry says that it is busy or broken; another try may help.
    Busy,
    /// What came is not what was asked for.
    Bad,
    /// A file of credentials or certificates is wrong.
    Config,
    /// The registry refuses for a reason of its own.
    Refused,
}

/// What went wrong with a registry: a sentence, and what to do.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct OciError {
    /// What kind of failure it is.
    pub cause: Cause,
    /// What is wrong.
    pub message: String,
    /// What to do, where that is known.
    pub help: Option<String>,
}

impl OciError {
    pub(crate) fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self { cause, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether the same may work a moment later.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self.cause, Cause::Unreachable | Cause::Busy)
    }

    /// Whether it will be the same with every other chart.
    pub(crate) fn stops_all(&self) -> bool {
        matches!(
            self.cause,
            Cause::Unreachable | Cause::NoHost | Cause::Certificate | Cause::Scheme | Cause::Denied | Cause::Config
        )
    }

    /// A request that got no answer.
    pub(crate) fn transport(host: &str, error: &ureq::Error) -> Self {
        let broken = |what: &str| Self::new(Cause::Unreachable, format!("cannot reach {host}: {what}"));
        match error {
            ureq::Error::HostNotFound => Self::new(Cause::NoHost, format!("cannot reach {host}: no such host"))
                .help("check the name, and that this machine's DNS knows it"),
            ureq::Error::Timeout(_) => broken("it does not answer in time"),
            ureq::Error::Rustls(tls) => Self::tls(host, tls),
            ureq::Error::Io(io) => {
                if let Some(tls) = io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    return Self::tls(host, tls);
                }
                match io.kind() {
                    std::io::ErrorKind::ConnectionRefused => broken("nobody listens there (connection refused)")
                        .help("check the port, and that the registry runs"),
                    _ if io.to_string().contains("failed to lookup address") => {
                        Self::new(Cause::NoHost, format!("cannot reach {host}: no such host"))
                            .help("check the name, and that this machine's DNS knows it")
                    }
                    _ => broken(&sparkyard_pack::cause(io)),
                }
            }
            other => broken(&other.to_string()),
        }
    }

    fn tls(host: &str, error: &rustls::Error) -> Self {
        use rustls::CertificateError as C;
        match error {
            rustls::Error::InvalidCertificate(bad) => {
                let (what, help) = match bad {
                    C::UnknownIssuer => (
                        "was signed by a CA that this machine does not know".to_owned(),
                        "give the CA with --ca-file FILE, or install it into the system's certificates",
                    ),
                    C::Expired | C::ExpiredContext { .. } => {
                        ("has expired".to_owned(), "renew it, and check this machine's clock")
                    }
                    C::NotValidForName | C::NotValidForNameContext { .. } => {
                        ("is for another name".to_owned(), "use the name that the certificate is for")
                    }
                    other => (
                        format!("is not accepted: {other:?}"),
                        "give the CA with --ca-file FILE; --insecure-skip-tls-verify trusts anybody",
                    ),
                };
                Self::new(Cause::Certificate, format!("the certificate of {host} {what}")).help(help)
            }
            rustls::Error::InvalidMessage(_) => Self::new(Cause::Scheme, format!("{host} does not speak HTTPS"))
                .help("add --plain-http if it is meant to be so"),
            other => Self::new(Cause::Certificate, format!("no secure connection to {host}: {other}")),
        }
    }

    /// An answer that is a refusal.
    pub(crate) fn status(host: &str, what: &str, status: u16, body: &[u8]) -> Self {
        let said = said(body);
        let reason = if said.is_empty() { format!("HTTP {status}") } else { format!("{said} (HTTP {status})") };
        let (cause, help) = match status {
            400 if said.contains("HTTPS server") => {
                return Self::new(Cause::Scheme, format!("{host} speaks HTTPS")).help("leave out --plain-http");
            }
            401 | 403 => (Cause::Denied, None),
            404 => (Cause::NotFound, None),
            408 | 429 | 500 | 502 | 503 | 504 => (Cause::Busy, None),
            405 | 409 => (Cause::Refused, Some("the registry may keep tags as they are: take another version")),
            413 => (Cause::Refused, Some("raise the largest body that the proxy before the registry lets through")),
            _ => (Cause::Refused, None),
        };
        let error = Self::new(cause, format!("{host} refuses to {what}: {reason}"));
        match help {
            Some(help) => error.help(help),
            None => error,
        }
    }
}

/// What a registry says in its body, or a line of it.
fn said(body: &[u8]) -> String {
    if let Ok(document) = serde_json::from_slice::<serde_json::Value>(body) {
        let one = |error: &serde_json::Value| {
            let text = |key: &str| error.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            let (code, message) = (text("code"), text("message"));
            if message.is_empty() { code } else { message }
        };
        let list = document.get("errors").and_then(serde_json::Value::as_array);
        return list.map(|errors| errors.iter().map(one).collect::<Vec<_>>().join("; ")).unwrap_or_default();
    }
    let text = String::from_utf8_lossy(body);
    let line = text.lines().next().unwrap_or_default().trim();
    // A page of HTML says nothing on one line.
    if line.starts_with('<') { String::new() } else { line.chars().filter(|c| !c.is_control()).take(200).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_registry_says_is_said() {
        let body = br#"{"errors":[{"code":"DENIED","message":"requested access is denied"},{"code":"X"}]}"#;
        let error = OciError::status("h", "push demo", 403, body);
        assert_eq!(error.message, "h refuses to push demo: requested access is denied; X (HTTP 403)");
        assert_eq!(OciError::status("h", "x", 502, b"<html>").message, "h refuses to x: HTTP 502");
        assert!(OciError::status("h", "x", 502, b"").is_transient());
        let error = OciError::status("h", "x", 400, b"Client sent an HTTP request to an HTTPS server.\n");
        assert_eq!(error.cause, Cause::Scheme);
    }
}
