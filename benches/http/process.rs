//! Programs that are measured: started, looked at through `/proc`, and ended whatever happens.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// A tick of `/proc/PID/stat`: Linux shows a hundred of them a second on every machine.
const TICK: Duration = Duration::from_millis(10);

/// How long a program may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running program, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts it without standard input. It is told to end, too, should the benchmark be killed.
    pub(crate) fn start(program: &Path, arrange: impl FnOnce(&mut Command)) -> Outcome<Self> {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM"]).arg(program);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        arrange(&mut command);
        let child = command
            .spawn()
            .map_err(|error| format!("cannot start `{}`: {error}", program.display()))?;
        Ok(Self { child })
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tries until it works, as long as the program runs and patience lasts; how long that took.
    pub(crate) async fn until<T>(
        &mut self,
        mut ready: impl AsyncFnMut() -> Outcome<T>,
    ) -> Outcome<T> {
        let start = Instant::now();
        loop {
            let error = match ready().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("a server ended while it started: {status}").into());
            }
            if start.elapsed() > PATIENCE {
                return Err(format!("a server does not answer: {error}").into());
            }
            // Between two looks at a server that starts; nothing is decided by it.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) {
        self.child.wait().ok();
    }

    /// CPU time since it started.
    pub(crate) fn cpu(&self) -> Duration {
        ticks(self.id(), [11, 12]).unwrap_or_default()
    }

    /// CPU time of the processes that it started, those that have ended among them.
    pub(crate) fn cpu_of_children(&self) -> Duration {
        let ended = ticks(self.id(), [13, 14]).unwrap_or_default();
        let Ok(entries) = std::fs::read_dir("/proc") else {
            return ended;
        };
        let running = entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|id| parent(*id) == Some(self.id()))
            .filter_map(|id| ticks(id, [11, 12]));
        ended + running.sum::<Duration>()
    }

    /// Forgets the peak of memory.
    pub(crate) fn forget_peak(&self) -> Outcome<()> {
        Ok(std::fs::write(
            format!("/proc/{}/clear_refs", self.id()),
            "5",
        )?)
    }

    /// The most memory that it had, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    /// The memory that it has, in bytes.
    pub(crate) fn resident(&self) -> u64 {
        self.memory("VmRSS:")
    }

    fn memory(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()));
        status
            .unwrap_or_default()
            .lines()
            .find_map(|line| {
                line.strip_prefix(name)?
                    .split_whitespace()
                    .next()?
                    .parse::<u64>()
                    .ok()
            })
            .unwrap_or_default()
            * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Whoever has ended already needs no end.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A port that nobody has.
pub(crate) fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The fields of `/proc/PID/stat` after the name, which may hold blanks itself.
fn stat(id: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    Some(fields.split(' ').map(str::to_owned).collect())
}

fn parent(id: u32) -> Option<u32> {
    stat(id)?.get(1)?.parse().ok()
}

/// The sum of two of the fields: time as a user, and time in the kernel.
fn ticks(id: u32, fields: [usize; 2]) -> Option<Duration> {
    let stat = stat(id)?;
    fields
        .into_iter()
        .map(|field| Some(TICK * stat.get(field)?.parse().ok()?))
        .sum()
}
