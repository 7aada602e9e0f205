//! A database server, as the drivers want to hear of it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions as _, Executor as _};
use sudare_entities::migration::MARIADB_COLLATION;

use super::PoolSettings;
use super::tls::{TlsError, client};

/// A server and one of its databases.
#[derive(Clone, Debug)]
pub struct Server {
    pub(super) host: Host,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: Option<SecretString>,
    pub(super) database: String,
    pub(super) encryption: Encryption,
}

/// A PostgreSQL server.
#[derive(Clone, Debug)]
pub struct Postgres(pub(super) Server);

/// A MariaDB server, or one of MySQL 8.
#[derive(Clone, Debug)]
pub struct MariaDb(pub(super) Server);

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// A name or an address.
    Name(String),
    /// A socket of this machine: a folder for PostgreSQL, a file for MariaDB.
    Socket(PathBuf),
}

/// Whether others can read along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// They can.
    None,
    /// They cannot, and the server has proved its name to be the host's.
    Verified {
        /// Certificates of those whose word is taken; none are those whom the system trusts.
        roots: Option<PathBuf>,
    },
}

impl Host {
    /// Whether nothing that is sent there leaves this machine.
    pub(super) fn is_this_machine(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Name(name) => {
                name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
            }
        }
    }
}

/// Without user and password.
impl fmt::Display for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Name(name) if name.contains(':') => write!(out, "[{name}]:{}", self.port)?,
            Host::Name(name) => write!(out, "{name}:{}", self.port)?,
            Host::Socket(path) => write!(out, "({})", path.display())?,
        }
        write!(out, "/{}", self.database)
    }
}

impl Postgres {
    /// For sqlx, and SeaORM on it.
    #[must_use]
    pub fn sqlx_options(&self) -> PgConnectOptions {
        let server = &self.0;
        let mut options = PgConnectOptions::new_without_pgpass()
            .port(server.port)
            .username(&server.user)
            .database(&server.database)
            .application_name(APPLICATION)
            .disable_statement_logging();
        options = match &server.host {
            Host::Name(name) => options.host(name),
            Host::Socket(folder) => options.socket(folder),
        };
        if let Some(password) = &server.password {
            options = options.password(password.expose_secret());
        }
        match &server.encryption {
            Encryption::None => options.ssl_mode(PgSslMode::Disable),
            Encryption::Verified { roots: None } => options.ssl_mode(PgSslMode::VerifyFull),
            Encryption::Verified { roots: Some(file) } => {
                options.ssl_mode(PgSslMode::VerifyFull).ssl_root_cert(file)
            }
        }
    }

    /// For tokio-postgres, which reads. [`Self::tls`] goes with it.
    #[must_use]
    pub fn driver_config(&self) -> tokio_postgres::Config {
        use tokio_postgres::config::SslMode;
        let server = &self.0;
        let mut config = tokio_postgres::Config::new();
        config
            .port(server.port)
            .user(&server.user)
            .dbname(&server.database)
            .application_name(APPLICATION)
            .options("-c TimeZone=UTC -c DateStyle=ISO");
        match &server.host {
            Host::Name(name) => config.host(name),
            Host::Socket(folder) => config.host_path(folder),
        };
        if let Some(password) = &server.password {
            config.password(password.expose_secret());
        }
        config.ssl_mode(match &server.encryption {
            Encryption::None => SslMode::Disable,
            Encryption::Verified { .. } => SslMode::Require,
        });
        config
    }

    /// How tokio-postgres encrypts; none where [`Self::driver_config`] is not encrypted.
    ///
    /// # Errors
    /// [`TlsError`] if there is nobody to trust.
    pub fn tls(&self) -> Result<Option<rustls::ClientConfig>, TlsError> {
        tls(&self.0.encryption)
    }

    /// SeaORM's pool.
    pub(super) async fn pool(&self, settings: &PoolSettings) -> Result<PgPool, sqlx::Error> {
        let pool = PgPoolOptions::new()
            .max_connections(settings.max_connections)
            .acquire_timeout(settings.connect_timeout)
            .idle_timeout(settings.idle_timeout)
            .max_lifetime(settings.max_lifetime)
            .connect_with(self.sqlx_options())
            .await;
        match pool {
            Err(sqlx::Error::PoolTimedOut) => {
                Err(reason(self.sqlx_options().connect(), settings).await)
            }
            pool => pool,
        }
    }
}

impl MariaDb {
    /// For sqlx, and SeaORM on it. Connections of [`Self::pool`] have more settings, of the session.
    #[must_use]
    pub fn sqlx_options(&self) -> MySqlConnectOptions {
        let server = &self.0;
        let mut options = MySqlConnectOptions::new()
            .port(server.port)
            .username(&server.user)
            .database(&server.database)
            .charset("utf8mb4")
            .collation(MARIADB_COLLATION)
            .disable_statement_logging();
        options = match &server.host {
            Host::Name(name) => options.host(name),
            Host::Socket(file) => options.socket(file),
        };
        if let Some(password) = &server.password {
            options = options.password(password.expose_secret());
        }
        match &server.encryption {
            Encryption::None => options.ssl_mode(MySqlSslMode::Disabled),
            Encryption::Verified { roots: None } => options.ssl_mode(MySqlSslMode::VerifyIdentity),
            Encryption::Verified { roots: Some(file) } => {
                options.ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca(file)
            }
        }
    }

    /// What [`Self::sqlx_options`] trusts.
    ///
    /// # Errors
    /// [`TlsError`] if that is nobody.
    pub fn tls(&self) -> Result<Option<rustls::ClientConfig>, TlsError> {
        tls(&self.0.encryption)
    }

    /// A pool whose connections mean the same on every server, however that is set up.
    ///
    /// # Errors
    /// The driver's, if there is no connection to be had.
    pub async fn pool(&self, settings: &PoolSettings) -> Result<MySqlPool, sqlx::Error> {
        let pool = MySqlPoolOptions::new()
            .max_connections(settings.max_connections)
            .acquire_timeout(settings.connect_timeout)
            .idle_timeout(settings.idle_timeout)
            .max_lifetime(settings.max_lifetime)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(SQL_MODE).await.map(|_| ()) })
            })
            .connect_with(self.sqlx_options())
            .await;
        match pool {
            Err(sqlx::Error::PoolTimedOut) => {
                Err(reason(self.sqlx_options().connect(), settings).await)
            }
            pool => pool,
        }
    }
}

/// Why a pool has no connection: it tries again and again until its time is up, and tells no more than that.
async fn reason<C>(
    connect: impl Future<Output = Result<C, sqlx::Error>>,
    settings: &PoolSettings,
) -> sqlx::Error {
    match tokio::time::timeout(settings.connect_timeout, connect).await {
        Ok(Err(error)) => error,
        Ok(Ok(_)) | Err(_) => sqlx::Error::PoolTimedOut,
    }
}

/// What servers list us as.
const APPLICATION: &str = "sudare";

/// How MariaDB reads statements and values. Some servers cut texts that are too long and take bad dates for others (no strict
/// mode), or read quotes and backslashes in other ways than statements are written here.
pub(crate) const SQL_MODE: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,\
    ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT'";

fn tls(encryption: &Encryption) -> Result<Option<rustls::ClientConfig>, TlsError> {
    match encryption {
        Encryption::None => Ok(None),
        Encryption::Verified { roots } => client(roots.as_deref()).map(Some),
    }
}
