//! The one channel between processes, outside of any transaction: a NOTIFY inside a business transaction would make all
//! commits wait for one another. What is said on it holds no data, only which schema has news.

use crate::{Tenants, pool};
use anyhow::{Context, Result};
use sea_orm::DbErr;
use sqlx::postgres::PgListener;

const CHANNEL: &str = "plumbline";

/// Hears what any process says about one database.
pub struct Listener(PgListener);

impl Listener {
    /// The next word. None says that the connection was lost and made again: something may have been missed.
    pub async fn next(&mut self) -> Result<Option<String>> {
        Ok(self.0.try_recv().await?.map(|said| said.payload().to_owned()))
    }
}

impl Tenants {
    /// The databases that tenants live in.
    pub fn databases(&self) -> Vec<String> {
        self.pools().keys().cloned().collect()
    }

    /// Says something, at most 8,000 bytes, to every process that listens to this database.
    pub async fn say(&self, database: &str, words: &str) -> Result<(), DbErr> {
        let pool = self.pools().get(database).ok_or_else(|| DbErr::Custom(format!("no database {database:?} is configured")))?;
        let sent = sqlx::query("SELECT pg_catalog.pg_notify($1, $2)").bind(CHANNEL).bind(words).execute(pool).await;
        sent.map(drop).map_err(|error| DbErr::Custom(error.to_string()))
    }

    /// Listens on a connection of its own, beside the pool's.
    pub async fn listen(&self, database: &str) -> Result<Listener> {
        anyhow::ensure!(self.pools().contains_key(database), "no database {database:?} is configured");
        let pool = pool::listener(self.config())?;
        let mut listener = PgListener::connect_with(&pool).await.context("the database does not answer")?;
        listener.listen(CHANNEL).await?;
        Ok(Listener(listener))
    }
}
