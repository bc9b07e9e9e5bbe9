//! Charts in OCI registries.
//!
//! An [`Artifact`] is a packaged chart with the manifest that `helm push` makes of it, byte for byte. [`push_all`] puts
//! artifacts into a registry: first it looks at what is there, then it uploads blobs, and the manifest with its tag last, so
//! that whoever stops it leaves no tag. [`pull`] fetches one and checks every byte against its digest. [`inspect_images`] says what
//! a registry has of an image that a chart names.

mod all;
mod artifact;
mod challenge;
mod credentials;
mod digest;
mod error;
mod image;
mod pull;
mod push;
mod reference;
mod registry;
mod session;
mod tls;

pub use artifact::{Artifact, CHART_LAYER, CONFIG, Descriptor, PROVENANCE_LAYER};
pub use credentials::{Credential, Credentials, helm_config};
pub use digest::Digest;
pub use error::{Cause, OciError};
pub use image::{Image, RemoteImage, inspect_images};
pub use pull::{Pulled, Wanted, pull};
pub use push::{Job, Receipt, State, inspect_all, push_all};
pub use reference::Remote;
pub use registry::Registry;
pub use session::{Options, login};
