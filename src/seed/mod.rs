//! stub
/// x
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum SeedLocale {
    /// x
    En,
    /// x
    ZhCn,
}
/// x
#[derive(Debug)]
pub struct SeedOptions {
    /// x
    pub customers: u64,
    /// x
    pub seed: u64,
    /// x
    pub locale: SeedLocale,
    /// x
    pub append: bool,
    /// x
    pub progress: bool,
}
/// x
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct SeedError;
/// x
pub async fn seed(
    _db: &sea_orm::DatabaseConnection,
    _o: &SeedOptions,
    _stop: impl Future<Output = ()>,
) -> Result<String, SeedError> {
    Err(SeedError)
}
/// x
pub async fn is_empty(_db: &sea_orm::DatabaseConnection) -> Result<bool, SeedError> {
    Err(SeedError)
}
