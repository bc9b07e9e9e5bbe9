//! `sparkyard local` against programs that answer as minikube, kind, Docker, Podman, kubectl and helm do: tests/fakes.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use sparkyard_tests::catalogue::catalogue;
use sparkyard_tests::{helm, program};

/// What Docker says without its daemon.
const NO_DAEMON: &str =
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n";
const ALL: [&str; 5] = ["minikube", "kind", "docker", "kubectl", "helm"];
/// Programs that the fakes are made of.
const SHELL: [&str; 9] = ["bash", "cat", "cut", "cp", "grep", "rm", "sed", "sleep", "touch"];

/// A machine with some programs on it, and what they know.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    /// With these programs, 2 CPUs and 8 GiB for Docker, and two images of the stack.
    fn with(programs: &[&str]) -> Self {
        let machine = Self { folder: tempfile::tempdir().expect("a folder") };
        let bin = machine.path("bin");
        fs::create_dir(&bin).expect("made");
        for name in programs {
            symlink(xtask::place::root().join("tests/fakes").join(name), bin.join(name)).expect("linked");
        }
        for name in SHELL.iter().chain(&["sha256sum"]) {
            let real = xtask::place::program(name).unwrap_or_else(|| panic!("no {name} on PATH"));
            symlink(real, bin.join(name)).expect("linked");
        }
        symlink(program::sparkyard(), bin.join("sparkyard")).expect("linked");
        machine.know("docker.cpus", "2");
        machine.know("docker.memory", &(8_u64 << 30).to_string());
        machine.know("storage", "");
        let images = machine.images();
        machine.know("docker.images", &format!("{}\n{}\nexample.com/other:1\n", images[0], images[1]));
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn know(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn forget(&self, name: &str) {
        fs::remove_file(self.path(name)).expect("removed");
    }

    fn knows(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default().trim().to_owned()
    }

    fn command(&self, program: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.folder.path()).env_clear().env("PATH", self.path("bin"));
        command.env("FAKE", self.folder.path()).env("HELM", helm::helm()).env("NO_COLOR", "1");
        command.env("HOME", self.folder.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(&program::sparkyard(), args).output().expect("sparkyard runs")
    }

    /// Runs what must end with this code; returns all that it said.
    fn says(&self, args: &[&str], code: i32) -> String {
        let output = self.run(args);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{said}\n{}", self.knows("log"));
        said
    }

    /// The commands so far that change something, and forgets them.
    fn changes(&self) -> Vec<String> {
        let asks = [
            "minikube profile",
            "minikube status",
            "kind get",
            "docker i",
            "podman i",
            "kubectl",
            "helm list",
            "helm get",
        ];
        let is_ask = |line: &str| {
            asks.iter().any(|ask| line.trim_start_matches("KIND_EXPERIMENTAL_PROVIDER=podman ").starts_with(ask))
        };
        let log = self.knows("log");
        let _ = fs::remove_file(self.path("log"));
        log.lines().filter(|line| !is_ask(line) || line.contains(" wait ")).map(str::to_owned).collect()
    }

    /// What `sparkyard images` lists.
    fn images(&self) -> Vec<String> {
        let output = self.run(&["images", "minikube"]);
        let text = String::from_utf8(output.stdout).expect("text");
        text.lines()
            .filter(|line| line.starts_with("image "))
            .map(|line| line.split(' ').nth(2).expect("a name").to_owned())
            .collect()
    }

    fn loads(&self, step: impl Fn(&str) -> String) -> Vec<String> {
        self.images()[..2].iter().map(|image| step(image)).collect()
    }
}

fn minikube_loads(machine: &Machine) -> Vec<String> {
    machine.loads(|image| format!("minikube image load {image} --profile sparkyard"))
}

fn kind_loads(machine: &Machine) -> Vec<String> {
    machine.loads(|image| format!("kind load docker-image {image} --name sparkyard"))
}

/// Commands: those that start the cluster, the images, and the install in a context.
fn steps(start: &[&str], loads: Vec<String>, context: &str) -> Vec<String> {
    let set = "--set global.credentials.generate=false --set global.credentials.existingSecret=minikube-credentials";
    let chart = format!("spark-{}-{}.tgz", catalogue().lines.last().expect("a line").slug(), catalogue().version);
    let install = format!("helm upgrade --install minikube {chart} {set} --namespace spark --kube-context {context}");
    start.iter().map(|word| (*word).to_owned()).chain(loads).chain([install]).collect()
}

#[test]
fn minikube_from_nothing_to_a_table() {
    let machine = Machine::with(&ALL);
    let said = machine.says(&["local", "up", "minikube"], 0);
    let start = "minikube start --profile sparkyard --interactive=false --driver=docker --cpus=2 --memory=6144mb";
    assert_eq!(machine.changes(), steps(&[start], minikube_loads(&machine), "sparkyard"));
    assert!(said.contains("jupyter") && said.contains("healthy: 1 of 1 ready"), "{said}");
    assert!(said.contains("svc/minikube-jupyter 8888:8888"), "{said}");
    assert!(said.contains("kubectl --context sparkyard -n spark"), "{said}");
    // The second time nothing is started.
    let said = machine.says(&["local", "up", "minikube"], 0);
    assert_eq!(machine.changes(), steps(&[], minikube_loads(&machine), "sparkyard"));
    assert!(said.contains("the minikube cluster `sparkyard` runs"), "{said}");
    // What the tools print is no result of ours.
    let output = machine.run(&["local", "up", "minikube", "-o", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON alone");
    assert_eq!(document["stack"], "minikube");
}

#[test]
fn minikube_that_sleeps_is_woken_as_it_was() {
    let machine = Machine::with(&ALL);
    machine.know("minikube", "stopped");
    machine.says(&["local", "up", "minikube"], 0);
    let start = "minikube start --profile sparkyard --interactive=false";
    assert_eq!(machine.changes(), steps(&[start], minikube_loads(&machine), "sparkyard"));
}

#[test]
fn minikube_that_was_cut_off_is_made_anew_after_asking() {
    let machine = Machine::with(&ALL);
    machine.know("minikube", "invalid");
    let said = machine.says(&["local", "up", "minikube"], 1);
    assert!(said.contains("must be made anew, and nobody is there to ask") && said.contains("--yes"), "{said}");
    assert_eq!(machine.changes(), Vec::<String>::new());
    machine.says(&["local", "up", "minikube", "--yes"], 0);
    let made = machine.changes();
    assert_eq!(made[0], "minikube delete --profile sparkyard");
    assert!(made[1].starts_with("minikube start --profile sparkyard"), "{made:?}");
}

#[test]
fn kind_from_nothing_to_a_table() {
    let machine = Machine::with(&ALL);
    machine.says(&["local", "up", "kind"], 0);
    let create = "kind create cluster --name sparkyard --wait=5m";
    assert_eq!(machine.changes(), steps(&[create], kind_loads(&machine), "kind-sparkyard"));
    let wait = "kubectl(kind-sparkyard) wait --for=condition=Ready nodes --all --timeout=120s";
    let export = "kind export kubeconfig --name sparkyard";
    machine.says(&["local", "up", "kind"], 0);
    assert_eq!(machine.changes(), steps(&[export, wait], kind_loads(&machine), "kind-sparkyard"));
    machine.know("kind", "stopped");
    machine.says(&["local", "up", "kind"], 0);
    let wake = "docker start sparkyard-control-plane";
    assert_eq!(machine.changes(), steps(&[wake, export, wait], kind_loads(&machine), "kind-sparkyard"));
}

#[test]
fn kind_that_was_cut_off_is_made_anew_after_asking() {
    for state in ["half", "bare"] {
        let machine = Machine::with(&ALL);
        machine.know("kind", state);
        let said = machine.says(&["local", "up", "kind"], 1);
        assert!(said.contains("must be made anew, and nobody is there to ask"), "{state}: {said}");
        machine.changes();
        machine.says(&["local", "up", "kind", "--yes"], 0);
        let made = machine.changes();
        let anew = ["kind delete cluster --name sparkyard", "kind create cluster --name sparkyard --wait=5m"];
        assert!(made.windows(2).any(|pair| pair == anew), "{state}: {made:?}");
    }
}

/// A cluster that has held a stack and does not come up is never taken for one that was cut off.
#[test]
fn kind_that_holds_data_is_left_alone() {
    let machine = Machine::with(&ALL);
    machine.says(&["local", "up", "kind"], 0);
    machine.changes();
    machine.know("kind", "bare");
    // The second time by an account that remembers nothing.
    for account in ["mine", "another"] {
        let said = machine.says(&["local", "up", "kind", "--yes"], 1);
        assert!(said.contains("ended with exit status: 1"), "{account}: {said}");
        assert!(!machine.changes().iter().any(|line| line.contains("delete")), "{account}: {said}");
        let _ = fs::remove_dir_all(machine.path(".local"));
    }
}

/// Ctrl-C reaches every program of the terminal.
#[test]
fn what_ctrl_c_leaves_the_next_run_mends() {
    for (tool, mended) in [("minikube", "minikube start --profile sparkyard"), ("kind", "kind delete cluster")] {
        let machine = Machine::with(&ALL);
        machine.know("hang", "");
        let mut command = machine.command(&program::sparkyard(), &["local", "up", tool]);
        let mut child =
            command.process_group(0).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sparkyard runs");
        let patience = Instant::now() + Duration::from_secs(60);
        while !machine.path("hangs").exists() {
            assert!(Instant::now() < patience, "{tool} was not started");
            std::thread::sleep(Duration::from_millis(20));
        }
        let group = format!("-{}", child.id());
        assert!(Command::new("kill").args(["-INT", "--", &group]).status().expect("kill runs").success());
        assert!(!child.wait().expect("it ends").success());
        machine.forget("hang");
        machine.changes();
        machine.says(&["local", "up", tool, "--yes"], 0);
        let made = machine.changes();
        assert!(made[0].starts_with(mended), "{tool}: {made:?}");
        assert!(made.last().is_some_and(|line| line.starts_with("helm upgrade")), "{tool}: {made:?}");
    }
}

#[test]
fn a_default_storage_class_is_made() {
    for (tool, made) in [
        (
            "minikube",
            &[
                "minikube addons enable storage-provisioner --profile sparkyard",
                "minikube addons enable default-storageclass --profile sparkyard",
            ][..],
        ),
        (
            "kind",
            &[
                "docker exec sparkyard-control-plane kubectl --kubeconfig=/etc/kubernetes/admin.conf apply -f /kind/manifests/default-storage.yaml",
            ],
        ),
    ] {
        let machine = Machine::with(&ALL);
        machine.forget("storage");
        machine.says(&["local", "up", tool], 0);
        let changes = machine.changes();
        let before = changes.len() - 1 - made.len();
        assert_eq!(&changes[before..changes.len() - 1], made, "{tool}");
    }
}

#[test]
fn an_image_that_cannot_be_loaded_is_left_to_the_cluster() {
    for tool in ["minikube", "kind"] {
        let machine = Machine::with(&ALL);
        machine.know("load-fails", "");
        let said = machine.says(&["local", "up", tool], 0);
        assert_eq!(said.matches("is left for the cluster to pull").count(), 2, "{said}");
    }
}

#[test]
fn a_machine_that_is_too_small_is_told_so_before_anything_starts() {
    for tool in ["minikube", "kind"] {
        let machine = Machine::with(&ALL);
        let said = machine.says(&["local", "up", tool, "--preset", "quickstart"], 1);
        assert!(said.contains("Docker has 2 CPUs, the preset and Kubernetes ask for 3"), "{said}");
        machine.know("docker.memory", &(3_u64 << 30).to_string());
        let said = machine.says(&["local", "up", tool], 1);
        assert!(said.contains("Docker has 3.0 GiB of memory") && said.contains("smaller preset"), "{said}");
        assert_eq!(machine.changes(), Vec::<String>::new(), "{tool}");
        machine.know("docker.memory", &(5_u64 << 30).to_string());
        let said = machine.says(&["local", "up", tool], 0);
        assert!(said.contains("5.0 GiB is there, all pods together may use"), "{said}");
        assert!(tool == "kind" || machine.changes()[0].ends_with("--memory=5120mb"));
    }
}

#[test]
fn a_cluster_that_is_too_small_is_said_to_stay_so() {
    let machine = Machine::with(&ALL);
    machine.know("docker.cpus", "8");
    machine.know("minikube", "running");
    let said = machine.says(&["local", "up", "minikube", "--preset", "quickstart"], 1);
    assert!(said.contains("the cluster `sparkyard` has 2 CPUs") && said.contains("local down minikube"), "{said}");
    // 0 is `--memory=no-limit`.
    machine.know("minikube.cpus", "0");
    machine.know("minikube.memory", "0");
    machine.says(&["local", "up", "minikube"], 0);
}

#[test]
fn a_program_that_is_missing_is_named_with_what_installs_it() {
    for (missing, tool, parts) in [
        ("minikube", "minikube", ["there is no `minikube` on PATH", "minikube-linux-amd64"]),
        ("kind", "kind", ["there is no `kind` on PATH", "sigs.k8s.io/kind@latest"]),
        ("docker", "kind", ["there is no `docker` on PATH", "https://get.docker.com"]),
        ("docker", "minikube", ["there is no `docker` on PATH", "Podman"]),
        ("kubectl", "kind", ["there is no `kubectl` on PATH", "kubernetes.io/docs/tasks/tools"]),
        ("helm", "minikube", ["there is no `helm` on PATH", "helm.sh/docs/intro/install"]),
    ] {
        let there: Vec<&str> = ALL.into_iter().filter(|name| *name != missing).collect();
        let machine = Machine::with(&there);
        let said = machine.says(&["local", "up", tool], 1);
        assert!(cfg!(target_os = "macos") || parts.iter().all(|part| said.contains(part)), "{missing}: {said}");
        assert_eq!(machine.changes(), Vec::<String>::new(), "{missing}");
        // The commands can be seen all the same.
        assert!(machine.says(&["local", "up", tool, "--dry-run"], 0).contains("helm upgrade --install minikube"));
    }
}

#[test]
fn a_docker_that_does_not_answer_is_said() {
    let machine = Machine::with(&ALL);
    for (says, parts) in [
        (NO_DAEMON, ["Docker does not answer: Cannot connect", "start"]),
        ("permission denied while trying to connect to the Docker daemon socket\n", ["permission denied", "usermod"]),
    ] {
        machine.know("docker.down", says);
        for tool in ["minikube", "kind"] {
            let said = machine.says(&["local", "up", tool], 1);
            assert!(parts.iter().all(|part| said.contains(part)), "{said}");
        }
        // That there is no cluster would be a guess.
        let said = machine.says(&["local", "down", "kind", "--yes"], 1);
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
        assert_eq!(machine.changes(), Vec::<String>::new());
    }
}

#[test]
fn podman_in_place_of_docker() {
    let machine = Machine::with(&["minikube", "kind", "podman", "kubectl", "helm"]);
    machine.says(&["local", "up", "kind"], 0);
    let create = "KIND_EXPERIMENTAL_PROVIDER=podman kind create cluster --name sparkyard --wait=5m";
    // Neither tool reads the images of Podman.
    assert_eq!(machine.changes(), steps(&[create], Vec::new(), "kind-sparkyard"));
    let script = machine.says(&["local", "down", "kind", "--driver", "podman", "--dry-run"], 0);
    assert_eq!(script, "KIND_EXPERIMENTAL_PROVIDER=podman kind delete cluster --name sparkyard\n");
    // Who has told kind already is not told again; who has told it something else is.
    for (own, asked, says) in [("podman", "podman", ""), ("podman", "docker", "KIND_EXPERIMENTAL_PROVIDER=docker ")] {
        let args = ["local", "down", "kind", "--dry-run", "--driver", asked];
        let mut command = machine.command(&program::sparkyard(), &args);
        let output = command.env("KIND_EXPERIMENTAL_PROVIDER", own).output().expect("sparkyard runs");
        let script = String::from_utf8(output.stdout).expect("text");
        assert_eq!(script, format!("{says}kind delete cluster --name sparkyard\n"));
    }
    machine.says(&["local", "up", "minikube"], 0);
    assert!(machine.changes()[0].contains("--driver=podman"));
    let said = machine.says(&["local", "up", "kind", "--driver", "kvm2"], 1);
    assert!(said.contains("take docker or podman"), "{said}");
}

#[test]
fn another_driver_of_minikube_is_left_to_it() {
    let machine = Machine::with(&ALL);
    let said = machine.says(&["local", "up", "minikube", "--driver", "kvm2"], 0);
    assert!(said.contains("the size of kvm2 is left to minikube"), "{said}");
    let start = "minikube start --profile sparkyard --interactive=false --driver=kvm2 --cpus=2 --memory=6144mb";
    assert_eq!(machine.changes(), steps(&[start], Vec::new(), "sparkyard"));
}

/// The commands of a dry run, in a shell, do what the run does.
#[test]
fn a_dry_run_can_be_pasted() {
    for (tool, state) in [
        ("minikube", ""),
        ("minikube", "stopped"),
        ("minikube", "invalid"),
        ("kind", ""),
        ("kind", "half"),
        ("kind", "stopped"),
    ] {
        let machine = || {
            let machine = Machine::with(&ALL);
            if !state.is_empty() {
                machine.know(tool, state);
            }
            machine.forget("storage");
            machine
        };
        let (pasted, ran) = (machine(), machine());
        let output = pasted.run(&["local", "up", tool, "--dry-run"]);
        assert_eq!(pasted.changes(), Vec::<String>::new(), "{tool} {state}: a dry run changes nothing");
        let script = String::from_utf8(output.stdout).expect("text");
        let own = script.lines().take_while(|line| !line.starts_with("sparkyard build")).collect::<Vec<_>>().join("\n");
        let bash = xtask::place::program("bash").expect("bash");
        let done = pasted.command(&bash, &["-ec", &own]).output().expect("bash runs");
        assert!(done.status.success(), "{own}\n{}", String::from_utf8_lossy(&done.stderr));
        ran.says(&["local", "up", tool, "--yes"], 0);
        let mut made = ran.changes();
        assert!(made.pop().is_some_and(|line| line.starts_with("helm upgrade")));
        assert_eq!(pasted.changes(), made, "{tool} {state}");
    }
}

#[test]
fn down_says_what_goes_and_asks() {
    for (tool, delete) in
        [("minikube", "minikube delete --profile sparkyard"), ("kind", "kind delete cluster --name sparkyard")]
    {
        let machine = Machine::with(&ALL);
        assert_eq!(machine.says(&["local", "down", tool, "--dry-run"], 0), format!("{delete}\n"));
        let said = machine.says(&["local", "down", tool], 0);
        assert_eq!(said, format!("There is no {tool} cluster `sparkyard`.\n"));
        machine.know(tool, "running");
        let said = machine.says(&["local", "down", tool], 1);
        assert!(said.contains("spark/data-minikube-seaweedfs-0") && said.contains("nobody is there to ask"), "{said}");
        assert_eq!(machine.changes(), Vec::<String>::new(), "{tool}");
        let said = machine.says(&["local", "down", tool, "--yes"], 0);
        assert!(said.contains("is removed, with the volumes spark/data-minikube-seaweedfs-0"), "{said}");
        assert_eq!(machine.changes(), [delete]);
        assert!(machine.says(&["local", "down", tool, "--yes"], 0).contains("There is no"));
    }
}

#[test]
fn what_is_refused_is_refused_before_a_cluster_is_started() {
    let machine = Machine::with(&ALL);
    machine.know("root.yaml", "seaweedfs: {pod: {securityContext: {runAsUser: 0, runAsNonRoot: false}}}\n");
    let said = machine.says(&["local", "up", "kind", "-f", "root.yaml"], 1);
    assert!(said.contains("pod-admission") && said.contains("nothing was done"), "{said}");
    assert!(machine.says(&["local", "up", "kind", "--preset", "minikub"], 1).contains("did you mean `minikube`?"));
    machine.says(&["local", "up", "k3d"], 2);
    machine.says(&["local"], 2);
    assert_eq!(machine.knows("log"), "");
}

/// Another terminal may change the current context, and helm's environment may name another one.
#[test]
fn one_context_from_the_first_call_to_the_last() {
    let machine = Machine::with(&ALL);
    machine.know("context", "mine");
    let mut command = machine.command(&program::sparkyard(), &["up", "minikube", "--yes"]);
    let output = command.env("HELM_KUBECONTEXT", "other").output().expect("sparkyard runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = machine.knows("log");
    let is_pinned = |line: &&str| {
        line.starts_with("kubectl(mine)")
            || line.ends_with("--kube-context mine")
            || line.ends_with("config current-context")
    };
    let loose: Vec<&str> = log.lines().filter(|line| !is_pinned(line)).collect();
    assert!(loose.is_empty() && log.contains("helm upgrade"), "{loose:?}");
    // What is to be pasted is as the person types it.
    assert!(String::from_utf8_lossy(&output.stdout).contains("kubectl -n spark port-forward"));
}

#[test]
fn what_down_cannot_remove_is_said_to_stay() {
    let machine = Machine::with(&ALL);
    machine.know("context", "mine");
    machine.says(&["up", "minikube", "--yes"], 0);
    let said = machine.says(&["down", "minikub", "--delete-data", "--yes"], 1);
    assert!(said.contains("unknown-stack") && said.contains("did you mean `minikube`?"), "{said}");
    machine.know("forbidden", "");
    let said = machine.says(&["down", "minikube", "--delete-data", "--yes"], 1);
    assert!(said.contains("Kept of minikube, with all data: secret/minikube-credentials"), "{said}");
    assert!(said.contains("cannot delete"), "{said}");
    machine.forget("forbidden");
    let said = machine.says(&["down", "minikube", "--delete-data", "--yes"], 0);
    assert!(said.contains("deleted") && !said.contains("Kept of"), "{said}");
    let said = machine.says(&["down", "minikube", "--delete-data", "--yes"], 1);
    assert!(said.contains("unknown-stack"), "{said}");
}
