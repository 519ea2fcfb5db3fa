//! Idempotency-Key: a write that was sent twice happens once, and the second gets the first one's answer.

use crate::{
    cx::Cx,
    problem::{Problem, Result},
};
use aws_lc_rs::digest::{SHA256, digest};
use serde::{Serialize, de::DeserializeOwned};

/// Runs `work` at most once for this actor and key. Key and answer are kept in the same transaction as the work; two at the
/// same time are serialised by the row. A key that comes with another request is refused.
pub async fn once<T: Serialize + DeserializeOwned>(
    cx: &mut Cx,
    key: Option<&str>,
    operation: &'static str,
    request: &impl Serialize,
    work: impl AsyncFnOnce(&mut Cx) -> Result<T>,
) -> Result<T> {
    let Some(key) = key else { return work(cx).await };
    if key.is_empty() || key.len() > 200 {
        return Err(Problem::invalid("Idempotency-Key", "idempotency_key_length", "An Idempotency-Key has 1 to 200 characters."));
    }
    let actor = cx.actor().id().map_or_else(|| cx.actor().kind().to_owned(), |id| id.to_string());
    let hash = digest(&SHA256, &serde_json::to_vec(request).map_err(Problem::internal)?).as_ref().to_vec();
    let inserted = cx.execute("INSERT INTO idempotency_keys (actor, key, operation, request_hash, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING", [actor.as_str().into(), key.into(), operation.into(), hash.clone().into(), cx.now().into()])
        .await?;
    if inserted == 0 {
        return replay(cx, &actor, key, operation, &hash).await;
    }
    let answer = work(cx).await?;
    let stored = serde_json::to_value(&answer).map_err(Problem::internal)?;
    cx.execute("UPDATE idempotency_keys SET answer = $3 WHERE actor = $1 AND key = $2", [actor.into(), key.into(), stored.into()]).await?;
    Ok(answer)
}

/// Forgets keys of more than a day ago; a client that still repeats a request then has long lost its person.
pub async fn sweep(cx: &Cx) -> Result<()> {
    let before = cx.now() - chrono::Duration::days(1);
    let sql = "DELETE FROM idempotency_keys WHERE created_at < $1";
    cx.execute(sql, [before.into()]).await?;
    Ok(())
}

async fn replay<T: DeserializeOwned>(cx: &Cx, actor: &str, key: &str, operation: &str, hash: &[u8]) -> Result<T> {
    let row = cx
        .one("SELECT operation, request_hash, answer FROM idempotency_keys WHERE actor = $1 AND key = $2", [actor.into(), key.into()])
        .await?
        .ok_or_else(|| {
            Problem::conflict("idempotency_key_busy", "The first request with this key is still running. Try again in a moment.")
        })?;
    let (known_operation, known_hash): (String, Vec<u8>) = (row.try_get("", "operation")?, row.try_get("", "request_hash")?);
    if known_operation != operation || known_hash != hash {
        return Err(Problem::conflict("idempotency_key_reused", "This Idempotency-Key was used for another request. Use a fresh one."));
    }
    let answer: serde_json::Value = row.try_get("", "answer")?;
    serde_json::from_value(answer).map_err(Problem::internal)
}
