//! What a registry can be asked for: blobs, manifests, tags.

use ureq::http::Method;

use crate::artifact::{Artifact, Descriptor, Manifest};
use crate::digest::Digest;
use crate::error::{Cause, OciError};
use crate::reference::Remote;
use crate::session::{Answer, Ask, Options, Session, resolved};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// What a tag may lead to. What is no chart must be seen too, or it would be overwritten.
const ANY_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, \
                            application/vnd.docker.distribution.manifest.v2+json, \
                            application/vnd.docker.distribution.manifest.list.v2+json";

/// A registry. Threads share it.
pub struct Registry {
    session: Session,
    /// What may be done: `pull` or `pull,push`.
    actions: &'static str,
    jobs: usize,
}

impl Registry {
    /// A registry to read from.
    ///
    /// # Errors
    /// When the certificates cannot be read. Nothing is asked yet.
    pub fn to_read(remote: &Remote, options: &Options) -> Result<Self, OciError> {
        Ok(Self { session: Session::new(remote, options)?, actions: "pull", jobs: options.jobs.max(1) })
    }

    /// A registry to write to.
    ///
    /// # Errors
    /// When the certificates cannot be read. Nothing is asked yet.
    pub fn to_write(remote: &Remote, options: &Options) -> Result<Self, OciError> {
        Ok(Self { session: Session::new(remote, options)?, actions: "pull,push", jobs: options.jobs.max(1) })
    }

    pub(crate) fn host(&self) -> &str {
        &self.session.host
    }

    pub(crate) fn jobs(&self) -> usize {
        self.jobs
    }

    fn ask<'a>(&self, repository: &str, method: Method, url: String, body: Option<&'a [u8]>) -> Ask<'a> {
        let scope = format!("repository:{repository}:{}", self.actions);
        Ask { method, url, headers: Vec::new(), body, scope }
    }

    fn refused(&self, what: &str, answer: &Answer) -> OciError {
        OciError::status(self.host(), what, answer.status, &answer.body)
    }

    /// The bytes of a manifest by tag or digest. `None` if there is none.
    pub(crate) fn manifest(&self, repository: &str, reference: &str) -> Result<Option<Vec<u8>>, OciError> {
        let url = self.session.url(&format!("/v2/{repository}/manifests/{reference}"));
        let mut ask = self.ask(repository, Method::GET, url, None);
        ask.headers.push(("Accept", ANY_MANIFEST));
        self.session.again(|| {
            let answer = self.session.send(&ask)?;
            match answer.status {
                200 => Ok(Some(answer.body)),
                404 => Ok(None),
                _ => Err(self.refused(&format!("show {repository}:{reference}"), &answer)),
            }
        })
    }

    /// Puts a blob there unless it is.
    pub(crate) fn upload(&self, repository: &str, blob: &Descriptor, bytes: &[u8]) -> Result<(), OciError> {
        let what = format!("take a blob of {repository}");
        self.session.again(|| {
            let url = self.session.url(&format!("/v2/{repository}/blobs/{}", blob.digest));
            if self.session.send(&self.ask(repository, Method::HEAD, url, None))?.status == 200 {
                return Ok(());
            }
            let url = self.session.url(&format!("/v2/{repository}/blobs/uploads/"));
            let begun = self.session.send(&self.ask(repository, Method::POST, url, Some(&[])))?;
            if begun.status != 202 {
                return Err(self.unwritable(repository, &what, &begun));
            }
            let Some(location) = begun.header("location") else {
                return Err(OciError::new(Cause::Bad, format!("{} does not say where to upload", self.host())));
            };
            let mut url = resolved(&begun.url, location);
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("digest={}", blob.digest));
            let mut ask = self.ask(repository, Method::PUT, url, Some(bytes));
            ask.headers.push(("Content-Type", "application/octet-stream"));
            let done = self.session.send(&ask)?;
            if done.status == 201 { Ok(()) } else { Err(self.unwritable(repository, &what, &done)) }
        })
    }

    /// Puts the manifest there and its tag on it.
    pub(crate) fn tag(&self, repository: &str, artifact: &Artifact) -> Result<(), OciError> {
        let tag = artifact.tag();
        let url = self.session.url(&format!("/v2/{repository}/manifests/{tag}"));
        let mut ask = self.ask(repository, Method::PUT, url, Some(&artifact.manifest));
        ask.headers.push(("Content-Type", MANIFEST));
        self.session.again(|| {
            let answer = self.session.send(&ask)?;
            if answer.status != 201 {
                return Err(self.unwritable(repository, &format!("tag {repository}:{tag}"), &answer));
            }
            match answer.header("docker-content-digest").and_then(Digest::parse) {
                Some(there) if there != artifact.digest => Err(OciError::new(
                    Cause::Bad,
                    format!("{} has changed {repository}:{tag} on its way: it has {there}", self.host()),
                )),
                _ => Ok(()),
            }
        })
    }

    fn unwritable(&self, repository: &str, what: &str, answer: &Answer) -> OciError {
        let error = self.refused(what, answer);
        match error.cause {
            Cause::NotFound => error.help(format!(
                "some registries want a repository to be made first: make {repository}, and check the path"
            )),
            Cause::Denied => {
                error.help(format!("you may read there but not write: ask for push rights on {repository}"))
            }
            _ => error,
        }
    }

    /// A blob, checked against its digest.
    pub(crate) fn blob(&self, repository: &str, blob: &Descriptor) -> Result<Vec<u8>, OciError> {
        let url = self.session.url(&format!("/v2/{repository}/blobs/{}", blob.digest));
        let ask = self.ask(repository, Method::GET, url, None);
        self.session.again(|| {
            let answer = self.session.send(&ask)?;
            if answer.status != 200 {
                return Err(self.refused(&format!("give a blob of {repository}"), &answer));
            }
            let found = Digest::of(&answer.body);
            if found != blob.digest {
                let message = format!("{} gave other bytes for {repository} than it names: {found}", self.host());
                return Err(OciError::new(Cause::Bad, message).help("do not use it; tell who runs the registry"));
            }
            Ok(answer.body)
        })
    }

    /// Every tag of a repository. `None` if there is no such repository.
    pub(crate) fn tags(&self, repository: &str) -> Result<Option<Vec<String>>, OciError> {
        #[derive(serde::Deserialize)]
        struct Tags {
            tags: Option<Vec<String>>,
        }
        let mut url = self.session.url(&format!("/v2/{repository}/tags/list"));
        let mut all = Vec::new();
        loop {
            let answer = self.session.again(|| {
                let answer = self.session.send(&self.ask(repository, Method::GET, url.clone(), None))?;
                match answer.status {
                    200 | 404 => Ok(answer),
                    _ => Err(self.refused(&format!("list the tags of {repository}"), &answer)),
                }
            })?;
            if answer.status == 404 {
                return Ok(None);
            }
            let bad = |_| OciError::new(Cause::Bad, format!("{} gave no list of tags", self.host()));
            let page: Tags = serde_json::from_slice(&answer.body).map_err(bad)?;
            all.extend(page.tags.unwrap_or_default());
            // `Link: </v2/...?last=x>; rel="next"`
            let next =
                answer.header("link").and_then(|link| Some(link.split_once('<')?.1.split_once('>')?.0.to_owned()));
            match next {
                Some(next) if all.len() < 100_000 => url = resolved(&answer.url, &next),
                _ => return Ok(Some(all)),
            }
        }
    }

    /// A manifest as a chart's.
    pub(crate) fn chart_manifest(&self, repository: &str, bytes: &[u8]) -> Result<Manifest, OciError> {
        let manifest: Option<Manifest> = serde_json::from_slice(bytes).ok();
        manifest.filter(|manifest| manifest.config.media_type == crate::CONFIG).ok_or_else(|| {
            OciError::new(Cause::Bad, format!("{}/{repository} holds something that is no Helm chart", self.host()))
        })
    }
}
