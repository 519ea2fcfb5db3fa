//! What a plugin remembers, and its secrets.

use super::{Desk, MOST_REMEMBERED, failure};
use crate::plugins::ops::secret_object;
use async_trait::async_trait;
use kernel::{Cx, Problem, Result};
use plugin_host::delegate::{Failure, FailureCode, KeyValue, SecretValue, Secrets};

#[async_trait]
impl KeyValue for Desk {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        self.value(key).await.map_err(failure)
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), Failure> {
        match self.store(key, value).await.map_err(failure)? {
            true => Ok(()),
            false => Err(Failure::new(FailureCode::OverLimit, "A plugin remembers at most 1 MiB.")),
        }
    }

    async fn delete(&self, key: &str) -> Result<(), Failure> {
        self.remove(key).await.map_err(failure)
    }

    async fn list(&self, prefix: &str, most: usize) -> Result<Vec<String>, Failure> {
        self.keys(prefix, most).await.map_err(failure)
    }
}

impl Desk {
    async fn value(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let cx = self.caller.begin().await?;
        let row = cx.one("SELECT value FROM plugin_values WHERE plugin_id = $1 AND key = $2", [self.plugin.into(), key.into()]).await?;
        Ok(row.map(|row| row.try_get("", "value")).transpose()?)
    }

    /// False: there is no room for it.
    async fn store(&self, key: &str, value: Vec<u8>) -> Result<bool> {
        let cx = self.caller.begin().await?;
        // Two runs at once must not each find the last room. A plugin that was deleted meanwhile has none.
        if cx.one("SELECT id FROM plugins WHERE id = $1 FOR UPDATE", [self.plugin.into()]).await?.is_none() {
            return Ok(false);
        }
        let others = remembered(&cx, self.plugin.into(), key).await?;
        let size = i64::try_from(key.len() + value.len()).map_err(Problem::internal)?;
        if others + size > MOST_REMEMBERED {
            return Ok(false);
        }
        let sql = "INSERT INTO plugin_values (plugin_id, key, value) VALUES ($1, $2, $3) \
                   ON CONFLICT (plugin_id, key) DO UPDATE SET value = excluded.value";
        cx.execute(sql, [self.plugin.into(), key.into(), value.into()]).await?;
        cx.commit().await?;
        Ok(true)
    }

    async fn remove(&self, key: &str) -> Result<()> {
        let cx = self.caller.begin().await?;
        cx.execute("DELETE FROM plugin_values WHERE plugin_id = $1 AND key = $2", [self.plugin.into(), key.into()]).await?;
        cx.commit().await
    }

    async fn keys(&self, prefix: &str, most: usize) -> Result<Vec<String>> {
        let cx = self.caller.begin().await?;
        let sql = "SELECT coalesce(array_agg(key ORDER BY key), '{}') AS keys FROM \
                   (SELECT key FROM plugin_values WHERE plugin_id = $1 AND starts_with(key, $2) ORDER BY key LIMIT $3) k";
        let most = i64::try_from(most).map_err(Problem::internal)?;
        let row = cx.one(sql, [self.plugin.into(), prefix.into(), most.into()]).await?;
        Ok(row.map(|row| row.try_get("", "keys")).transpose()?.unwrap_or_default())
    }
}

/// Bytes that a plugin remembers under other keys than this one.
pub async fn remembered(cx: &Cx, plugin: sea_orm::Value, but: &str) -> Result<i64> {
    let sql = "SELECT coalesce(sum(octet_length(key) + octet_length(value)), 0)::bigint AS bytes FROM plugin_values \
               WHERE plugin_id = $1 AND key <> $2";
    let row = cx.one(sql, [plugin, but.into()]).await?;
    Ok(row.map(|row| row.try_get("", "bytes")).transpose()?.unwrap_or_default())
}

#[async_trait]
impl Secrets for Desk {
    async fn names(&self) -> Result<Vec<String>, Failure> {
        self.secrets().await.map_err(failure)
    }

    async fn value(&self, name: &str) -> Result<Option<SecretValue>, Failure> {
        self.secret(name).await.map_err(failure)
    }
}

impl Desk {
    async fn secrets(&self) -> Result<Vec<String>> {
        let cx = self.caller.begin().await?;
        let sql = "SELECT coalesce(array_agg(name ORDER BY name), '{}') AS names FROM plugin_secrets WHERE plugin_id = $1";
        let row = cx.one(sql, [self.plugin.into()]).await?;
        Ok(row.map(|row| row.try_get("", "names")).transpose()?.unwrap_or_default())
    }

    async fn secret(&self, name: &str) -> Result<Option<SecretValue>> {
        let cx = self.caller.begin().await?;
        let sql = "SELECT sealed FROM plugin_secrets WHERE plugin_id = $1 AND name = $2";
        let Some(row) = cx.one(sql, [self.plugin.into(), name.into()]).await? else { return Ok(None) };
        let sealed: Vec<u8> = row.try_get("", "sealed")?;
        cx.commit().await?;
        let (tenant, object) = (&self.caller.tenant, secret_object(self.plugin, name));
        let value = self.caller.app.tenants.files().open_value(tenant, &object, &sealed).await?;
        Ok(Some(SecretValue::new(String::from_utf8(value).map_err(Problem::internal)?)))
    }
}
