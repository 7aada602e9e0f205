//! How much of a request is over before its first statement leaves: both ends of the gateway are listened in on.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::Outcome;
use crate::gateway::{Gateway, Policies};
use crate::load::Target;
use crate::query::QUERIES;
use crate::throughput::median;

/// Requests of a query, one after the other, and those before them that warm what is to be warm.
const REQUESTS: usize = 500;
const WARM: usize = 50;

/// Asks each query many times over, as a role that sees everything.
pub(crate) async fn measure(database: &str) -> Outcome<()> {
    let config: tokio_postgres::Config = database.parse()?;
    let port = *config.get_ports().first().ok_or("no port")?;
    let statements = Tap::before(port).await?;
    let through = database.replace(&port.to_string(), &statements.port.to_string());
    let gateway = Gateway::start(&through, Policies::Demo).await?;
    let direct = gateway.target("admin")?;
    let url = reqwest::Url::parse(&direct.url)?;
    let requests = Tap::before(url.port().ok_or("no port")?).await?;
    let url = format!("http://127.0.0.1:{}{}", requests.port, url.path());
    let target = Target::new(url, direct.token);

    let mut out = std::io::stdout();
    writeln!(
        out,
        "\nbefore the first statement leaves, one request at a time"
    )?;
    for query in &QUERIES {
        let mut samples = Vec::new();
        for number in 0..WARM + REQUESTS {
            statements.forget();
            requests.forget();
            target.ask(query.body(&(number + 1).to_string())).await?;
            let (asked, answered) = requests.seen().ok_or("no request went by")?;
            let (sent, _) = statements.seen().ok_or("no statement went by")?;
            let micros = |to: Instant| to.duration_since(asked).as_secs_f64() * 1e6;
            samples.push((micros(sent), micros(answered)));
        }
        let of = |value: fn(&(f64, f64)) -> f64| median(samples.iter().skip(WARM).map(value));
        writeln!(
            out,
            "{:<24}{:>8.0} us of {:>6.0} us, {:>5.1} %{}",
            query.name,
            of(|(before, _)| *before),
            of(|(_, whole)| *whole),
            100.0 * of(|(before, whole)| before / whole),
            if query.name == "Q1" {
                ""
            } else {
                " (goal: below 5)"
            },
        )?;
    }
    Ok(())
}

/// When bytes went by: the first towards the server, and the last towards the client.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    up: Option<Instant>,
    down: Option<Instant>,
}

/// Stands before a server and hands on what goes by.
#[derive(Debug)]
struct Tap {
    port: u16,
    times: Arc<Mutex<Times>>,
}

impl Tap {
    async fn before(server: u16) -> Outcome<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let times = Arc::<Mutex<Times>>::default();
        let tap = Self {
            port,
            times: Arc::clone(&times),
        };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let times = Arc::clone(&times);
                // A connection that ends is one of the gateway's or of ours: whoever asks sees it.
                tokio::spawn(async move { connect(client, server, &times).await.ok() });
            }
        });
        Ok(tap)
    }

    fn forget(&self) {
        *self.times.lock().unwrap_or_else(PoisonError::into_inner) = Times::default();
    }

    fn seen(&self) -> Option<(Instant, Instant)> {
        let times = *self.times.lock().unwrap_or_else(PoisonError::into_inner);
        Some((times.up?, times.down?))
    }
}

async fn connect(client: TcpStream, server: u16, times: &Mutex<Times>) -> std::io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ((from_client, to_client), (from_server, to_server)) =
        (client.into_split(), server.into_split());
    let up = hand_on(from_client, to_server, times, |times, now| {
        times.up.get_or_insert(now);
    });
    let down = hand_on(from_server, to_client, times, |times, now| {
        times.down = Some(now);
    });
    tokio::try_join!(up, down).map(drop)
}

async fn hand_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    times: &Mutex<Times>,
    mark: fn(&mut Times, Instant),
) -> std::io::Result<()> {
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        mark(
            &mut times.lock().unwrap_or_else(PoisonError::into_inner),
            Instant::now(),
        );
        to.write_all(buffer.get(..length).unwrap_or_default())
            .await?;
    }
}
