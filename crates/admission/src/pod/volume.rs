//! A volume and where it comes from.

use crate::read::Node;

/// A volume. One that names no source is an emptyDir: the API server makes it one before admission.
#[derive(Debug)]
pub(crate) struct Volume<'a> {
    pub(crate) name: &'a str,
    /// In the order in which OpenShift looks for them; a valid volume has one.
    pub(crate) sources: Vec<Source>,
    pub(crate) flex_driver: &'a str,
    /// Whether it is a projected volume of nothing but what the API server itself gives to every pod: the
    /// service account's token, the cluster's certificates, the name of the namespace.
    pub(crate) only_token: bool,
}

macro_rules! sources {
    ($($variant:ident $name:literal,)+) => {
        /// Where a volume comes from.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Source { $($variant),+ }

        impl Source {
            pub(crate) const ALL: &[Source] = &[$(Source::$variant),+];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Source::$variant => $name),+ }
            }

            fn of(key: &str) -> Option<Self> {
                match key { $($name => Some(Source::$variant),)+ _ => None }
            }
        }
    };
}

sources! {
    HostPath "hostPath",
    EmptyDir "emptyDir",
    GcePersistentDisk "gcePersistentDisk",
    AwsElasticBlockStore "awsElasticBlockStore",
    GitRepo "gitRepo",
    Secret "secret",
    Nfs "nfs",
    Iscsi "iscsi",
    Glusterfs "glusterfs",
    PersistentVolumeClaim "persistentVolumeClaim",
    Rbd "rbd",
    FlexVolume "flexVolume",
    Cinder "cinder",
    CephFs "cephfs",
    Flocker "flocker",
    DownwardApi "downwardAPI",
    Fc "fc",
    AzureFile "azureFile",
    ConfigMap "configMap",
    VsphereVolume "vsphereVolume",
    Quobyte "quobyte",
    AzureDisk "azureDisk",
    PhotonPersistentDisk "photonPersistentDisk",
    Projected "projected",
    PortworxVolume "portworxVolume",
    ScaleIo "scaleIO",
    StorageOs "storageos",
    Csi "csi",
    Ephemeral "ephemeral",
    Image "image",
}

impl Source {
    /// The name that security context constraints use, which is not always the pod's.
    pub(crate) fn in_constraints(self) -> &'static str {
        match self {
            Source::CephFs => "cephFS",
            Source::StorageOs => "storageOS",
            Source::VsphereVolume => "vsphere",
            _ => self.name(),
        }
    }
}

impl<'a> Volume<'a> {
    pub(super) fn read(node: &Node<'a, '_>) -> Self {
        let mut volume = Volume {
            name: node.text("name").unwrap_or_default(),
            sources: Vec::new(),
            flex_driver: "",
            only_token: false,
        };
        for key in node.keys() {
            let Some((source, inner)) = Source::of(key).and_then(|source| Some((source, node.object(key)?))) else {
                continue;
            };
            volume.sources.push(source);
            match source {
                Source::FlexVolume => volume.flex_driver = inner.text("driver").unwrap_or_default(),
                Source::Projected => volume.only_token = only_token(&inner),
                _ => {}
            }
        }
        volume.sources.sort_unstable();
        if volume.sources.is_empty() {
            volume.sources.push(Source::EmptyDir);
        }
        volume
    }
}

/// Reads every source to its end, so that what cannot be decoded is found.
fn only_token(projected: &Node<'_, '_>) -> bool {
    projected.objects("sources").fold(true, |all, source| {
        let token = source.object("serviceAccountToken").map(|token| {
            token.text("path").unwrap_or_default() == "token" && token.text("audience").unwrap_or_default().is_empty()
        });
        let map = source.object("configMap").map(|map| {
            let items: Vec<_> = map.objects("items").map(|item| (item.text("key"), item.text("path"))).collect();
            let file = match map.text("name") {
                Some("kube-root-ca.crt") => "ca.crt",
                Some("openshift-service-ca.crt") => "service-ca.crt",
                _ => return false,
            };
            items == [(Some(file), Some(file))]
        });
        let api = source.object("downwardAPI").map(|api| {
            api.objects("items").fold(true, |all, item| {
                let field = item.object("fieldRef").is_some_and(|field| {
                    // The API server writes `v1` where nothing is.
                    let version = field.text("apiVersion").unwrap_or_default();
                    matches!(version, "" | "v1") && field.text("fieldPath") == Some("metadata.namespace")
                });
                all & (item.text("path") == Some("namespace")) & field
            })
        });
        let something = token.is_some() || map.is_some() || api.is_some();
        all & something & token.unwrap_or(true) & map.unwrap_or(true) & api.unwrap_or(true)
    })
}
