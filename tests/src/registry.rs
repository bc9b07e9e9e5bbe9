//! A real registry on loopback, and a server that answers as a test says.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::program;

/// User of a registry with passwords.
pub const USER: &str = "ann";
/// Their password.
pub const PASSWORD: &str = "correct horse";
/// What `htpasswd -nbB -C 5` makes of the two.
const HTPASSWD: &str = include_str!("registry.htpasswd");

/// How a registry is set up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setup {
    /// Only [`USER`] may.
    pub password: bool,
    /// HTTPS, with a CA that nobody knows.
    pub tls: bool,
}

/// Debian's docker-registry on a port of its own; it ends with the value.
pub struct Registry {
    /// `127.0.0.1:PORT`.
    pub host: String,
    folder: tempfile::TempDir,
    child: Child,
}

impl Registry {
    /// Starts one.
    ///
    /// # Panics
    /// When there is no docker-registry: a test without one proves nothing, so it must not pass.
    pub fn start(setup: Setup) -> Self {
        let program = xtask::registry::find().unwrap_or_else(|| panic!("{}", xtask::registry::MISSING));
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let here = folder.path().display().to_string();
        let mut config = xtask::registry::config(&folder.path().join("data"), port);
        if setup.tls {
            certificates(folder.path());
            config.push_str(&format!("  tls: {{certificate: {here}/server.pem, key: {here}/server.key}}\n"));
        }
        if setup.password {
            fs::write(folder.path().join("htpasswd"), HTPASSWD).expect("written");
            config.push_str(&format!("auth: {{htpasswd: {{realm: test, path: {here}/htpasswd}}}}\n"));
        }
        let file = folder.path().join("config.yml");
        fs::write(&file, config).expect("written");
        let log = fs::File::create(folder.path().join("log")).expect("a log");
        let child = Command::new(program)
            .arg("serve")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("docker-registry runs");
        let registry = Self { host: format!("127.0.0.1:{port}"), folder, child };
        registry.wait();
        registry
    }

    fn wait(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(&self.host).is_err() {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "docker-registry does not listen: {log}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The CA of its certificate.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// `oci://HOST/PATH`.
    pub fn place(&self, path: &str) -> String {
        format!("oci://{}/{path}", self.host)
    }

    /// The manifest of a tag, as `GET` gives it.
    pub fn manifest(&self, repository: &str, tag: &str) -> Vec<u8> {
        let accept = "Accept: application/vnd.oci.image.manifest.v1+json\r\n";
        self.ask("GET", &format!("/v2/{repository}/manifests/{tag}"), accept, "", 200)
    }

    /// Puts a manifest under a tag.
    pub fn put_manifest(&self, repository: &str, tag: &str, media_type: &str, body: &str) {
        self.ask(
            "PUT",
            &format!("/v2/{repository}/manifests/{tag}"),
            &format!("Content-Type: {media_type}\r\n"),
            body,
            201,
        );
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &str, wanted: u16) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.host).expect("it listens");
        let (host, length) = (&self.host, body.len());
        write!(stream, "{method} {path} HTTP/1.0\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
            .expect("asked");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
        let said = text(&answer[..head]);
        let status = said.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
        assert_eq!(status, Some(wanted), "{method} {path}: {}", text(&answer));
        answer.split_off(head + 4)
    }

    /// `REPOSITORY:TAG` of every tag below a path, as they lie on its disk.
    pub fn tags(&self, path: &str) -> Vec<String> {
        let root = self.folder.path().join("data/docker/registry/v2/repositories").join(path);
        let mut tags = Vec::new();
        for chart in fs::read_dir(root).into_iter().flatten().flatten() {
            for tag in fs::read_dir(chart.path().join("_manifests/tags")).into_iter().flatten().flatten() {
                if tag.path().join("current/link").is_file() {
                    tags.push(format!("{}:{}", chart.file_name().display(), tag.file_name().display()));
                }
            }
        }
        tags.sort();
        tags
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// A CA, and a certificate of it for 127.0.0.1.
fn certificates(folder: &Path) {
    let openssl = |args: &[&str]| {
        let output = Command::new("openssl").args(args).current_dir(folder).output();
        let output = output.unwrap_or_else(|error| panic!("openssl: {error}; install it: apt-get install openssl"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    openssl(&[&new[..], &["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=a test's CA"]].concat());
    let server = [
        "-keyout",
        "server.key",
        "-out",
        "server.pem",
        "-subj",
        "/CN=a registry",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ];
    openssl(&[&new[..], &server[..]].concat());
}

/// Whoever runs programs: a home of their own, and the environment that tests set.
pub struct Person {
    /// Their home and working folder.
    pub home: tempfile::TempDir,
    /// More of the environment.
    pub env: Vec<(&'static str, String)>,
}

impl Default for Person {
    fn default() -> Self {
        Self { home: tempfile::tempdir().expect("a folder"), env: Vec::new() }
    }
}

impl Person {
    /// A command with their environment.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.home.path())
            .env_clear()
            .env("HOME", self.home.path())
            .env("NO_COLOR", "1")
            .env("TZ", "UTC");
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs sparkyard.
    pub fn sparkyard(&self, args: &[&str]) -> Output {
        self.command(&program::sparkyard()).args(args).output().expect("sparkyard runs")
    }

    /// Runs sparkyard, which must succeed and print JSON.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let output = self.sparkyard(&[args, &["-o", "json"]].concat());
        assert!(output.status.success(), "{args:?}: {}{}", text(&output.stdout), text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", text(&output.stdout)))
    }

    /// Runs sparkyard, which must end with 1 and say all of `parts`.
    pub fn refused(&self, args: &[&str], parts: &[&str]) {
        let output = self.sparkyard(args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}\n{said}");
        for part in parts {
            assert!(said.contains(part), "{args:?}: `{part}` is missing:\n{said}");
        }
    }

    /// Runs helm, which must succeed; what it printed.
    pub fn helm(&self, args: &[&str]) -> String {
        let output = self.command(crate::helm::helm()).args(args).output().expect("helm runs");
        assert!(output.status.success(), "helm {args:?}: {}", text(&output.stderr));
        text(&[output.stdout, output.stderr].concat())
    }

    /// Runs a program with something on its standard input.
    pub fn with_input(&self, program: &Path, args: &[&str], input: &str) -> Output {
        let mut command = self.command(program);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
        child.wait_with_output().expect("it ends")
    }
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A request that a [`Scripted`] server got.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET /v2/`.
    pub line: String,
    /// `Host`.
    pub host: String,
    /// `Authorization`, or nothing.
    pub authorization: String,
    /// The body.
    pub body: Vec<u8>,
}

/// A server that answers as a function says, and remembers what it was asked.
pub struct Scripted {
    /// `127.0.0.1:PORT`.
    pub host: String,
    asked: Arc<Mutex<Vec<Request>>>,
}

/// An answer: status, headers, body.
pub type Answer = (u16, Vec<(String, String)>, Vec<u8>);

impl Scripted {
    /// Starts one; it ends with the test process. The function gets the request and how many came before it.
    pub fn start(answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (asked.clone(), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answer) = (kept.clone(), answer.clone());
                thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Self { host, asked }
    }

    /// What it was asked until now.
    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("no panic").clone()
    }
}

/// One request a connection: the client has to come again.
fn serve(stream: TcpStream, kept: &Mutex<Vec<Request>>, answer: &dyn Fn(&Request, usize) -> Answer) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let line = line.rsplit_once(' ')?.0.to_owned();
    let mut request = Request { line, host: String::new(), authorization: String::new(), body: Vec::new() };
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "host" => request.host = value.to_owned(),
            "authorization" => request.authorization = value.to_owned(),
            _ => {}
        }
    }
    request.body.resize(length, 0);
    reader.read_exact(&mut request.body).ok()?;
    let before = {
        let mut kept = kept.lock().ok()?;
        kept.push(request.clone());
        kept.len() - 1
    };
    let (status, headers, body) = answer(&request, before);
    let mut head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = reader.into_inner();
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(b"\r\n").ok()?;
    if !request.line.starts_with("HEAD ") {
        stream.write_all(&body).ok()?;
    }
    stream.flush().ok()
}
