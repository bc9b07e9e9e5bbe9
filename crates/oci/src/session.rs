//! A connection to one registry: requests, who asks, and another try.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use ureq::Agent;
use ureq::http::header::{AUTHORIZATION, LOCATION, WWW_AUTHENTICATE};
use ureq::http::{Method, Request, StatusCode};

use crate::challenge::Challenge;
use crate::credentials::{self, Credential, Credentials};
use crate::error::{Cause, OciError};
use crate::reference::Remote;

/// The largest answer that is read, in bytes. A chart has at most 100 MiB unpacked.
const LARGEST: u64 = 100 << 20;
/// How often a registry may send us elsewhere.
const HOPS: usize = 5;

/// How to talk to a registry.
#[derive(Debug, Clone)]
pub struct Options {
    /// HTTP in place of HTTPS.
    pub plain_http: bool,
    /// The CA to trust in place of the system's.
    pub ca_file: Option<PathBuf>,
    /// Trust anybody.
    pub insecure: bool,
    /// Who asks.
    pub credentials: Credentials,
    /// How often something is tried again.
    pub retries: u32,
    /// How much is done at a time.
    pub jobs: usize,
}

/// A request.
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
    pub(crate) body: Option<&'a [u8]>,
    /// What may be done with the token: `repository:a/b:pull,push`.
    pub(crate) scope: String,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Where it came from, after all redirects.
    pub(crate) url: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A connection to one registry. Threads share it.
pub(crate) struct Session {
    agent: Agent,
    pub(crate) host: String,
    base: String,
    options: Options,
    /// What goes into `Authorization`, by scope.
    authorizations: Mutex<HashMap<String, String>>,
}

#[derive(Deserialize)]
struct Token {
    token: Option<String>,
    access_token: Option<String>,
}

impl Session {
    pub(crate) fn new(remote: &Remote, options: &Options) -> Result<Self, OciError> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // Followed here, so that no password goes to another host.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("sparkyard/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(120)))
            .max_idle_connections_per_host(options.jobs.max(1))
            .max_idle_connections(options.jobs.max(1) * 2);
        if !options.plain_http {
            config = config.tls_config(crate::tls::config(options.ca_file.as_deref(), options.insecure)?);
        }
        let scheme = if options.plain_http { "http" } else { "https" };
        Ok(Self {
            agent: config.build().new_agent(),
            host: remote.host.clone(),
            base: format!("{scheme}://{}", remote.api_host()),
            options: options.clone(),
            authorizations: Mutex::default(),
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Tries until it works, or will not.
    pub(crate) fn again<T>(&self, mut act: impl FnMut() -> Result<T, OciError>) -> Result<T, OciError> {
        let mut wait = Duration::from_millis(200);
        for _ in 0..self.options.retries {
            match act() {
                Err(error) if error.is_transient() => thread::sleep(wait),
                done => return done,
            }
            wait = (wait * 2).min(Duration::from_secs(10));
        }
        act()
    }

    /// Asks once; a registry that wants to know who asks is told, and redirects are followed.
    pub(crate) fn send(&self, ask: &Ask<'_>) -> Result<Answer, OciError> {
        // A registry may name another host for an upload or a further page: that host is not told who asks.
        let is_ours = same_origin(&ask.url, &self.base);
        let answer = self.follow(ask, self.authorization(&ask.scope).filter(|_| is_ours))?;
        if answer.status != StatusCode::UNAUTHORIZED.as_u16() || !is_ours {
            return Ok(answer);
        }
        let challenge = answer.header(WWW_AUTHENTICATE.as_str()).and_then(Challenge::parse);
        let Some(challenge) = challenge else { return Ok(answer) };
        let Some(authorization) = self.answer(&challenge, &ask.scope)? else { return Err(self.anonymous()) };
        if let Ok(mut known) = self.authorizations.lock() {
            known.insert(ask.scope.clone(), authorization.clone());
        }
        let answer = self.follow(ask, Some(authorization))?;
        if answer.status == StatusCode::UNAUTHORIZED.as_u16() { Err(self.denied(&answer)) } else { Ok(answer) }
    }

    fn authorization(&self, scope: &str) -> Option<String> {
        self.authorizations.lock().ok()?.get(scope).cloned()
    }

    fn anonymous(&self) -> OciError {
        let message = format!("{} wants to know who you are, and there are no credentials for it", self.host);
        OciError::new(Cause::Denied, message).help(self.how_to_log_in())
    }

    fn how_to_log_in(&self) -> String {
        format!("log in: sparkyard login {} (or `helm registry login`, or `docker login`)", self.host)
    }

    fn denied(&self, answer: &Answer) -> OciError {
        let user = self.options.credentials.find(&self.host).ok().flatten();
        let user = user.as_ref().and_then(Credential::user).map_or_else(String::new, |user| format!(" for `{user}`"));
        let reason = OciError::status("", "", answer.status, &answer.body).message;
        let reason = reason.split_once(": ").map_or("", |(_, reason)| reason);
        OciError::new(Cause::Denied, format!("{} does not accept the credentials{user}: {reason}", self.host))
            .help(self.how_to_log_in())
    }

    /// What to put into `Authorization`; `None` when nobody is known and none is wanted.
    fn answer(&self, challenge: &Challenge, scope: &str) -> Result<Option<String>, OciError> {
        let credential = self.options.credentials.find(&self.host)?;
        match challenge {
            Challenge::Basic => Ok(credential.map(|credential| credential.basic())),
            Challenge::Bearer { realm, service, scope: asked } => {
                let scope = if scope.is_empty() { asked } else { scope };
                self.token(realm, service, scope, credential.as_ref()).map(Some)
            }
        }
    }

    /// A token of the registry's own server for them. Without credentials an anonymous one.
    fn token(
        &self,
        realm: &str,
        service: &str,
        scope: &str,
        credential: Option<&Credential>,
    ) -> Result<String, OciError> {
        if credential.is_some() && !realm.starts_with("https://") && !self.options.plain_http {
            let message = format!("{} wants the password sent to {realm}, where anybody could read it", self.host);
            return Err(
                OciError::new(Cause::Denied, message).help("tell who runs the registry: its realm must be HTTPS")
            );
        }
        let mut pairs = vec![("service", service)];
        if !scope.is_empty() {
            pairs.push(("scope", scope));
        }
        let (method, url, body, authorization) = match credential {
            Some(Credential::Identity(token)) => {
                pairs.extend([("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "sparkyard")]);
                (Method::POST, realm.to_owned(), Some(form(&pairs)), None)
            }
            other => {
                let mark = if realm.contains('?') { '&' } else { '?' };
                let url = format!("{realm}{mark}{}", form(&pairs));
                (Method::GET, url, None, other.map(Credential::basic))
            }
        };
        let headers =
            if body.is_some() { vec![("Content-Type", "application/x-www-form-urlencoded")] } else { Vec::new() };
        let ask = Ask { method, url, headers, body: body.as_deref().map(str::as_bytes), scope: String::new() };
        let answer = self.follow(&ask, authorization)?;
        match answer.status {
            200..300 => {
                let token: Option<Token> = serde_json::from_slice(&answer.body).ok();
                let token =
                    token.and_then(|token| token.token.or(token.access_token)).filter(|token| !token.is_empty());
                let bad = || OciError::new(Cause::Bad, format!("{realm} answers without a token"));
                Ok(format!("Bearer {}", token.ok_or_else(bad)?))
            }
            400 | 401 | 403 if credential.is_some() => Err(self.denied(&answer)),
            400 | 401 | 403 => Err(self.anonymous()),
            status => Err(OciError::status(realm, "give a token", status, &answer.body)),
        }
    }

    fn follow(&self, ask: &Ask<'_>, mut authorization: Option<String>) -> Result<Answer, OciError> {
        let mut url = ask.url.clone();
        for _ in 0..=HOPS {
            let answer = self.once(ask, &url, authorization.as_deref())?;
            let next = answer.header(LOCATION.as_str()).map(str::to_owned);
            match (answer.status, next) {
                (301 | 302 | 303 | 307 | 308, Some(next)) => {
                    let next = resolved(&url, &next);
                    if !same_origin(&next, &url) {
                        authorization = None;
                    }
                    url = next;
                }
                _ => return Ok(answer),
            }
        }
        Err(OciError::new(Cause::Bad, format!("{} sends from one place to the next without end", self.host)))
    }

    fn once(&self, ask: &Ask<'_>, url: &str, authorization: Option<&str>) -> Result<Answer, OciError> {
        let host = origin(url).split_once("://").map_or(url, |(_, host)| host).to_owned();
        let host = if self.base.ends_with(&host) { self.host.clone() } else { host };
        let failed = |error: ureq::Error| OciError::transport(&host, &error);
        let mut request = Request::builder().method(ask.method.clone()).uri(url);
        for (name, value) in &ask.headers {
            request = request.header(*name, *value);
        }
        if let Some(value) = authorization {
            request = request.header(AUTHORIZATION, value);
        }
        let bad =
            |error: ureq::http::Error| OciError::new(Cause::Bad, format!("{host}: {url} cannot be asked: {error}"));
        let mut response = match ask.body {
            Some(body) => self.agent.run(request.body(body).map_err(bad)?),
            None => self.agent.run(request.body(()).map_err(bad)?),
        }
        .map_err(failed)?;
        let body = response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(failed)?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body,
            url: url.to_owned(),
        })
    }
}

/// Checks a user's password with the registry, and keeps it where helm finds it.
///
/// # Errors
/// What the registry says, and why the password cannot be kept.
pub fn login(remote: &Remote, options: &Options, path: &std::path::Path) -> Result<(), OciError> {
    let Credentials::Fixed(Credential::Password { user, password }) = &options.credentials else {
        return Err(OciError::new(Cause::Config, "no password was given"));
    };
    let session = Session::new(remote, options)?;
    let ask =
        || Ask { method: Method::GET, url: session.url("/v2/"), headers: Vec::new(), body: None, scope: String::new() };
    let answer = session.again(|| session.send(&ask()))?;
    if answer.status != 200 {
        return Err(OciError::status(&session.host, "log in", answer.status, &answer.body));
    }
    credentials::store(path, &session.host, user, password)
}

/// `https://host:port` of an address.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?']).map_or(url.len(), |at| start + at);
    &url[..end]
}

/// Whether two addresses are of one host, by the same scheme and port.
fn same_origin(one: &str, other: &str) -> bool {
    let plain = |url| {
        let origin: &str = origin(url);
        let usual = if origin.starts_with("https:") { ":443" } else { ":80" };
        origin.strip_suffix(usual).unwrap_or(origin).to_ascii_lowercase()
    };
    plain(one) == plain(other)
}

/// Where a `Location` leads.
pub(crate) fn resolved(url: &str, location: &str) -> String {
    if location.contains("://") {
        location.to_owned()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("{}://{rest}", url.split("://").next().unwrap_or("https"))
    } else {
        format!("{}/{}", origin(url), location.trim_start_matches('/'))
    }
}

/// `a=b&c=d`, escaped.
fn form(pairs: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect()
    };
    pairs.iter().map(|(key, value)| format!("{key}={}", escaped(value))).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved() {
        assert_eq!(origin("https://h:1/a?b"), "https://h:1");
        assert_eq!(resolved("https://h/v2/x", "/v2/y?z"), "https://h/v2/y?z");
        assert_eq!(resolved("https://h/v2/x", "http://o/y"), "http://o/y");
        assert!(same_origin("https://H:443/v2/x?y", "https://h"));
        assert!(!same_origin("http://h/v2/x", "https://h"));
        assert!(!same_origin("https://h:444/v2/x", "https://h"));
        assert_eq!(form(&[("scope", "repository:a/b:pull,push")]), "scope=repository%3Aa%2Fb%3Apull%2Cpush");
    }
}
