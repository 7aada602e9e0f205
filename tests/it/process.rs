//! The real binary as a child process, and HTTP to it byte by byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::database;

pub(crate) const SECRET: &str = "jwt-secret-canary-0123456789abcdef";
pub(crate) const MASKING_KEY: &str = "masking-key-canary-0123456789abcdef";

/// Longer than anything takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// `sudare` with these arguments and nothing of our own environment. Its database is the one that belongs to the data folder.
pub(crate) fn sudare(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sudare"));
    command
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("SUDARE_DATA", data)
        .stdin(Stdio::null());
    let database = database::at(data);
    if database::file(&database).is_none() {
        command.env("SUDARE_DATABASE_URL", database);
    }
    command
}

/// The same, with secrets configured.
pub(crate) fn configured(data: &Path, arguments: &[&str]) -> Command {
    let mut command = sudare(data, arguments);
    command
        .env("SUDARE_JWT_SECRET", SECRET)
        .env("SUDARE_MASKING_KEY", MASKING_KEY);
    command
}

pub(crate) fn run(mut command: Command) -> (Output, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

/// A child process; killed when the test ends.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if it has ended, which is fine.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A running server.
pub(crate) struct Server {
    child: Running,
    pub(crate) address: SocketAddr,
    log: Receiver<String>,
    seen: Vec<String>,
}

impl Server {
    /// Starts `command` and waits until it is ready. It logs for machines unless it is told otherwise.
    pub(crate) fn start(mut command: Command) -> Self {
        if command
            .get_envs()
            .all(|(name, _)| name != "SUDARE_LOG_FORMAT")
        {
            command.env("SUDARE_LOG_FORMAT", "json");
        }
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = Running(command.spawn().unwrap());
        let log = lines(child.0.stderr.take().unwrap());
        let mut server = Self {
            child,
            address: ([127, 0, 0, 1], 0).into(),
            log,
            seen: Vec::new(),
        };
        let starting = server.wait_for("starting");
        server.address = listen(&starting);
        server.wait_for("ready");
        server
    }

    fn wait_for(&mut self, text: &str) -> String {
        loop {
            let line = self
                .log
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("{:#?}", self.seen));
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    /// Tells it to read its policies anew, and waits until the log says what came of it.
    pub(crate) fn reload(&mut self, outcome: &str) -> String {
        self.signal("HUP");
        self.wait_for(outcome)
    }

    fn signal(&self, name: &str) {
        // The shell's own `kill`; a bare Debian has no other.
        let kill = format!("kill -{name} {}", self.child.0.id());
        assert!(
            Command::new("/bin/sh")
                .args(["-c", &kill])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Waits for the end; gives the exit status and the whole log.
    pub(crate) fn ended(mut self) -> (ExitStatus, String) {
        let status = self.child.0.wait().unwrap();
        let rest: Vec<_> = self.log.iter().collect();
        (status, [self.seen.clone(), rest].concat().join("\n"))
    }

    pub(crate) fn connect(&self) -> Connection {
        connect(self.address)
    }
}

/// The address in a line of either form.
fn listen(line: &str) -> SocketAddr {
    let rest = line.split("listen").nth(1).unwrap();
    let address = |c: char| c.is_ascii_digit() || matches!(c, '.' | ':');
    let rest = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    rest.split(|c| !address(c)).next().unwrap().parse().unwrap()
}

/// The lines of a stream as they come.
pub(crate) fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines() {
            if line.map(|line| sender.send(line)).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The next line of a stream.
pub(crate) fn next(lines: &Receiver<String>) -> String {
    lines.recv_timeout(PATIENCE).unwrap()
}

pub(crate) struct Connection(BufReader<TcpStream>);

pub(crate) fn connect(address: SocketAddr) -> Connection {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    Connection(BufReader::new(stream))
}

impl Connection {
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    /// One answer: its status and its body.
    pub(crate) fn answer(&mut self) -> (u16, String) {
        self.try_answer().expect("an answer")
    }

    /// One answer, or `None` if the connection is closed instead.
    pub(crate) fn try_answer(&mut self) -> Option<(u16, String)> {
        let mut line = String::new();
        self.0.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = 0;
        loop {
            let mut header = String::new();
            self.0.read_line(&mut header).unwrap();
            let header = header.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        Some((status, String::from_utf8(body).unwrap()))
    }

    /// Whether the other side closes without another byte.
    pub(crate) fn closes(&mut self) -> bool {
        let mut rest = Vec::new();
        // A connection that is reset is closed, too.
        self.0.read_to_end(&mut rest).map_or(true, |read| read == 0)
    }
}

pub(crate) fn get(address: SocketAddr, path: &str) -> (u16, String) {
    try_get(address, path).expect("an answer")
}

pub(crate) fn try_get(address: SocketAddr, path: &str) -> Option<(u16, String)> {
    let mut connection = connect(address);
    connection.send(format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    ));
    connection.try_answer()
}

pub(crate) fn post(address: SocketAddr, headers: &str, body: &str) -> (u16, String) {
    let mut connection = connect(address);
    connection.send(format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
        {headers}content-length: {}\r\n\r\n{body}",
        body.len()
    ));
    connection.answer()
}

/// Asks again and again until `done`.
pub(crate) fn until(mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "it did not come to pass");
    }
}

impl Server {
    /// CPU time that the process has used so far.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.0.id())).unwrap();
        // The name of the program may hold anything, so that fields are counted from behind it; ticks are 10 ms long.
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        let ticks: u64 = fields[11..13]
            .iter()
            .map(|ticks| ticks.parse::<u64>().unwrap())
            .sum();
        Duration::from_millis(ticks * 10)
    }
}
