//! The security context of a pod or a container.

use crate::read::Node;

/// A security context. An absent one equals an empty one for every check.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Context<'a> {
    pub(crate) run_as_user: Option<i64>,
    pub(crate) run_as_non_root: Option<bool>,
    pub(crate) se_linux: Option<SeLinux<'a>>,
    pub(crate) seccomp: Option<Profile<'a>>,
    /// The type of the AppArmor profile.
    pub(crate) app_armor: Option<&'a str>,
    /// Windows only.
    pub(crate) host_process: Option<bool>,
    // From here on of containers only.
    pub(crate) privileged: Option<bool>,
    pub(crate) allow_privilege_escalation: Option<bool>,
    pub(crate) read_only_root_filesystem: Option<bool>,
    pub(crate) capabilities: Option<Capabilities<'a>>,
    pub(crate) proc_mount: Option<&'a str>,
}

/// SELinux options; what is absent is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SeLinux<'a> {
    pub(crate) user: &'a str,
    pub(crate) role: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) level: &'a str,
}

/// A seccomp profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile<'a> {
    pub(crate) kind: &'a str,
    pub(crate) localhost: Option<&'a str>,
}

/// Added and dropped capabilities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Capabilities<'a> {
    pub(crate) add: Vec<&'a str>,
    pub(crate) drop: Vec<&'a str>,
}

impl<'a> Context<'a> {
    pub(super) fn of_pod(node: &Node<'a, '_>) -> Self {
        Context {
            run_as_user: node.int("runAsUser"),
            run_as_non_root: node.bool("runAsNonRoot"),
            se_linux: node.object("seLinuxOptions").map(|options| SeLinux::read(&options)),
            seccomp: node.object("seccompProfile").map(|profile| Profile::read(&profile)),
            app_armor: node.object("appArmorProfile").map(|profile| profile.text("type").unwrap_or_default()),
            host_process: node.object("windowsOptions").and_then(|options| options.bool("hostProcess")),
            ..Context::default()
        }
    }

    pub(super) fn of_container(node: &Node<'a, '_>) -> Self {
        Context {
            privileged: node.bool("privileged"),
            allow_privilege_escalation: node.bool("allowPrivilegeEscalation"),
            read_only_root_filesystem: node.bool("readOnlyRootFilesystem"),
            capabilities: node.object("capabilities").map(|capabilities| Capabilities::read(&capabilities)),
            proc_mount: node.text("procMount"),
            ..Context::of_pod(node)
        }
    }
}

impl<'a> SeLinux<'a> {
    fn read(node: &Node<'a, '_>) -> Self {
        let text = |key| node.text(key).unwrap_or_default();
        SeLinux { user: text("user"), role: text("role"), kind: text("type"), level: text("level") }
    }
}

impl<'a> Profile<'a> {
    fn read(node: &Node<'a, '_>) -> Self {
        Profile { kind: node.text("type").unwrap_or_default(), localhost: node.text("localhostProfile") }
    }
}

impl<'a> Capabilities<'a> {
    fn read(node: &Node<'a, '_>) -> Self {
        Capabilities { add: node.texts("add").unwrap_or_default(), drop: node.texts("drop").unwrap_or_default() }
    }
}
