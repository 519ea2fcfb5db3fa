//! Sessions: server-side rows with device, last seen and address; the cookie holds a random token, the row its hash.

use crate::{cx::Cx, ids::SessionId, problem::Result};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;
use poem::web::cookie::{Cookie, SameSite};
use sea_orm::FromQueryResult;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Who can be signed in. Each kind has a cookie of its own, so that somebody can be staff and customer in one browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Works for the company.
    Staff,
    /// Is a client of the company.
    Customer,
    /// Runs the deployment.
    Operator,
}

impl PersonKind {
    /// As in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Customer => "customer",
            Self::Operator => "operator",
        }
    }

    /// From the tables.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Staff, Self::Customer, Self::Operator].into_iter().find(|k| k.name() == text)
    }

    /// The `__Host-` prefix binds the cookie to this host, to TLS (or loopback) and to the path `/`.
    pub fn cookie_name(self) -> &'static str {
        match self {
            Self::Staff => "__Host-pl-staff",
            Self::Customer => "__Host-pl-customer",
            Self::Operator => "__Host-pl-operator",
        }
    }
}

/// The cookie that tells the browser that asked for a link from the others.
pub const BROWSER_COOKIE: &str = "__Host-pl-browser";

/// A signed-in device.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Session {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub person_id: Uuid,
    /// A readable browser and system.
    pub device: String,
    /// IP address at sign-in.
    pub address: String,
    /// Stays signed in for 30 days instead of 30 minutes without use.
    pub trusted: bool,
    /// Signed in.
    pub created_at: DateTime<Utc>,
    /// Last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, person_id, device, address, trusted, created_at, last_seen_at";
/// Alive: not revoked, within its absolute life, used recently enough. $1 now, $2 idle since, $3 idle since on a trusted device.
const ALIVE: &str = "revoked_at IS NULL AND expires_at > $1 AND last_seen_at > CASE WHEN trusted THEN $3 ELSE $2 END";
const TOUCH_EVERY: Duration = Duration::seconds(60);

/// A random token in the URL-safe alphabet.
pub fn new_token(cx: &Cx) -> String {
    BASE64URL_NOPAD.encode(&cx.caller().app.random::<32>())
}

/// What is kept of a token.
pub fn token_hash(token: &str) -> Vec<u8> {
    digest(&SHA256, token.as_bytes()).as_ref().to_vec()
}

/// A session that was just made, with the token that only its browser gets.
pub struct Issued {
    /// Which.
    pub id: SessionId,
    kind: PersonKind,
    token: String,
    life: Option<std::time::Duration>,
}

impl Issued {
    /// The cookie to set; without a trusted device it ends with the browser.
    pub fn cookie(self) -> Cookie {
        cookie(self.kind.cookie_name(), self.token, self.life)
    }
}

/// Signs a person in on the device of this request.
pub async fn create(cx: &Cx, kind: PersonKind, person: Uuid, trusted: bool) -> Result<Issued> {
    let token = new_token(cx);
    let id = cx.new_uuid();
    let auth = &cx.caller().app.config.auth;
    let expires = cx.now() + Duration::days(i64::from(auth.session_absolute_days));
    cx.execute(
        "INSERT INTO sessions (id, token_hash, person_kind, person_id, device, address, trusted, created_at, last_seen_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
        [
            id.into(),
            token_hash(&token).into(),
            kind.name().into(),
            person.into(),
            cx.origin().device.as_str().into(),
            cx.origin().address.as_str().into(),
            trusted.into(),
            cx.now().into(),
            expires.into(),
        ],
    )
    .await?;
    let life = trusted.then(|| std::time::Duration::from_secs(u64::from(auth.session_trusted_days) * 86_400));
    Ok(Issued { id: SessionId(id), kind, token, life })
}

/// The living session of a token, touched at most once a minute.
pub async fn find(cx: &Cx, kind: PersonKind, token: &str) -> Result<Option<Session>> {
    let [now, idle, idle_trusted] = limits(cx);
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE {ALIVE} AND token_hash = $4 AND person_kind = $5");
    let values = [now.into(), idle.into(), idle_trusted.into(), token_hash(token).into(), kind.name().into()];
    let found = cx.row::<Session>(&sql, values).await?;
    if let Some(session) = &found
        && now - session.last_seen_at > TOUCH_EVERY
    {
        cx.execute("UPDATE sessions SET last_seen_at = $2 WHERE id = $1", [session.id.0.into(), now.into()]).await?;
    }
    Ok(found)
}

/// Whether a session that was found earlier still lives: long downloads and sockets ask again.
pub async fn is_alive(cx: &Cx, id: SessionId) -> Result<bool> {
    let [now, idle, idle_trusted] = limits(cx);
    let sql = format!("SELECT 1 AS one FROM sessions WHERE {ALIVE} AND id = $4");
    let values = [now.into(), idle.into(), idle_trusted.into(), id.0.into()];
    Ok(cx.one(&sql, values).await?.is_some())
}

/// Which of these sessions still live, by one question for all open sockets of a company.
pub async fn alive(cx: &Cx, ids: impl IntoIterator<Item = SessionId>) -> Result<HashSet<SessionId>> {
    let [now, idle, idle_trusted] = limits(cx);
    let ids: Vec<Uuid> = ids.into_iter().map(|id| id.0).collect();
    let sql = format!("SELECT id FROM sessions WHERE {ALIVE} AND id = ANY($4)");
    let rows = cx.rows::<Id>(&sql, [now.into(), idle.into(), idle_trusted.into(), ids.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(FromQueryResult)]
struct Id {
    id: SessionId,
}

/// A person's living sessions, last used first.
pub async fn list(cx: &Cx, kind: PersonKind, person: Uuid) -> Result<Vec<Session>> {
    let [now, idle, idle_trusted] = limits(cx);
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE {ALIVE} AND person_id = $4 AND person_kind = $5 ORDER BY last_seen_at DESC LIMIT 100"
    );
    let values = [now.into(), idle.into(), idle_trusted.into(), person.into(), kind.name().into()];
    Ok(cx.rows::<Session>(&sql, values).await?)
}

#[derive(FromQueryResult)]
struct LastSeen {
    person_id: Uuid,
    at: DateTime<Utc>,
}

/// When each of these people was last here, on whatever device, signed out since or not.
pub async fn last_seen(cx: &Cx, kind: PersonKind, people: Vec<Uuid>) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    let sql = "SELECT person_id, max(last_seen_at) AS at FROM sessions WHERE person_id = ANY($1) AND person_kind = $2 GROUP BY person_id";
    let rows = cx.rows::<LastSeen>(sql, [people.into(), kind.name().into()]).await?;
    Ok(rows.into_iter().map(|row| (row.person_id, row.at)).collect())
}

/// Ends one session of this person. Answers whether there was one.
pub async fn revoke(cx: &Cx, person: Uuid, id: SessionId) -> Result<bool> {
    let sql = "UPDATE sessions SET revoked_at = $3 WHERE id = $1 AND person_id = $2 AND revoked_at IS NULL";
    Ok(cx.execute(sql, [id.0.into(), person.into(), cx.now().into()]).await? > 0)
}

/// Ends all sessions of this person but one. Answers how many.
pub async fn revoke_others(cx: &Cx, person: Uuid, keep: Option<SessionId>) -> Result<u64> {
    let sql = "UPDATE sessions SET revoked_at = $3 WHERE person_id = $1 AND id IS DISTINCT FROM $2 AND revoked_at IS NULL";
    Ok(cx.execute(sql, [person.into(), keep.map(|k| k.0).into(), cx.now().into()]).await?)
}

/// A cookie as all of ours are: this host only, no script, TLS or loopback only, not sent with foreign posts.
pub fn cookie(name: &str, value: String, life: Option<std::time::Duration>) -> Cookie {
    let mut cookie = Cookie::new_with_str(name, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_secure(true);
    cookie.set_same_site(SameSite::Lax);
    if let Some(life) = life {
        cookie.set_max_age(life);
    }
    cookie
}

/// The cookie that removes another.
pub fn removal(name: &str) -> Cookie {
    cookie(name, String::new(), Some(std::time::Duration::ZERO))
}

/// `Firefox on Windows`: enough to know one's own devices by.
pub fn device_name(user_agent: &str) -> String {
    let find = |table: &[(&str, &'static str)]| table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    let browser = find(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = find(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "Chromebook"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(b), Some(s)) => format!("{b} on {s}"),
        (Some(one), None) | (None, Some(one)) => one.into(),
        (None, None) => "Unknown device".into(),
    }
}

fn limits(cx: &Cx) -> [DateTime<Utc>; 3] {
    let auth = &cx.caller().app.config.auth;
    let idle = Duration::minutes(i64::from(auth.session_idle_minutes));
    let trusted = Duration::days(i64::from(auth.session_trusted_days));
    [cx.now(), cx.now() - idle, cx.now() - trusted]
}

#[cfg(test)]
mod tests {
    use super::device_name;

    #[test]
    fn devices_have_names_that_people_know() {
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(device_name(iphone), "Safari on iPhone");
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(device_name(edge), "Edge on Windows");
        assert_eq!(device_name(""), "Unknown device");
    }
}
