//! The verbs of passkeys. The only writer of `passkeys` and `passkey_challenges`.

use crate::{
    callers::SignedIn,
    events::Event,
    signin::ops::{Entered, enter},
    urls,
};
use chrono::{DateTime, Duration, Utc};
use kernel::{Caller, Cx, Problem, Result, limits::Limit, session::PersonKind};
use poem_openapi::Object;
use sea_orm::{FromQueryResult, Value};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn,
    WebauthnBuilder,
};

/// A passkey.
#[derive(Clone, Debug, Object, FromQueryResult)]
pub struct PasskeyView {
    /// Its id.
    pub id: Uuid,
    /// As its owner calls it.
    pub name: String,
    /// Added.
    pub created_at: DateTime<Utc>,
    /// Last signed in with.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What the browser's `navigator.credentials` is called with.
pub struct Challenge {
    /// To send back with the answer.
    pub id: Uuid,
    /// The options, as the WebAuthn standard writes them in JSON.
    pub options: serde_json::Value,
}

#[derive(FromQueryResult)]
struct Kept {
    id: Uuid,
    credential: serde_json::Value,
}

const CHALLENGE_MINUTES: i64 = 5;

/// One's own passkeys.
pub async fn list(cx: &Cx, me: &SignedIn) -> Result<Vec<PasskeyView>> {
    let sql = "SELECT id, name, created_at, last_used_at FROM passkeys WHERE person_id = $1 AND person_kind = $2 ORDER BY id";
    Ok(cx.rows::<PasskeyView>(sql, [me.session.person_id.into(), me.kind.name().into()]).await?)
}

/// Begins to add a passkey.
pub async fn begin_registration(cx: &Cx, me: &SignedIn) -> Result<Challenge> {
    let known = kept(cx, me.session.person_id, me.kind).await?;
    let known = known.iter().map(|(_, p)| p.cred_id().clone()).collect();
    let name = me.actor.name();
    let (options, state) = webauthn(me)?.start_passkey_registration(me.session.person_id, name, name, Some(known)).map_err(refused)?;
    let mut options = serde_json::to_value(options).map_err(Problem::internal)?;
    // A passkey that the device can offer by itself: signing in then needs no address.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = "required".into();
    options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = true.into();
    let id = keep_state(cx, "register", Some(me.session.person_id), serde_json::to_value(state).map_err(Problem::internal)?).await?;
    Ok(Challenge { id, options })
}

/// Adds the passkey that the browser made.
pub async fn register(cx: &mut Cx, me: &SignedIn, challenge: Uuid, name: &str, answer: serde_json::Value) -> Result<PasskeyView> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Problem::invalid("name", "length", "Give the passkey a name of at most 80 letters."));
    }
    let state: PasskeyRegistration = take_state(cx, "register", challenge, Some(me.session.person_id)).await?;
    let answer: RegisterPublicKeyCredential = parse(answer)?;
    let passkey = webauthn(me)?.finish_passkey_registration(&answer, &state).map_err(refused)?;
    let view = PasskeyView { id: cx.new_uuid(), name: name.to_owned(), created_at: cx.now(), last_used_at: None };
    let sql = "INSERT INTO passkeys (id, person_kind, person_id, credential_id, name, credential, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values: [Value; 7] = [
        view.id.into(),
        me.kind.name().into(),
        me.session.person_id.into(),
        passkey.cred_id().to_vec().into(),
        name.into(),
        serde_json::to_value(&passkey).map_err(Problem::internal)?.into(),
        cx.now().into(),
    ];
    let known = || Problem::conflict("passkey_known", "This passkey is here already.");
    cx.execute(sql, values).await.map_err(|e| Problem::on_constraint(e, "passkeys_credential_id_key", known))?;
    cx.record(&Event::PasskeyAdded { person: me.session.person_id, passkey: view.id, name: view.name.clone() }).await?;
    Ok(view)
}

/// Removes one of one's own passkeys.
pub async fn remove(cx: &mut Cx, me: &SignedIn, id: Uuid) -> Result<()> {
    let passkey = list(cx, me).await?.into_iter().find(|p| p.id == id).ok_or_else(|| Problem::not_found("passkey"))?;
    cx.execute("DELETE FROM passkeys WHERE id = $1 AND person_id = $2", [id.into(), me.session.person_id.into()]).await?;
    cx.record(&Event::PasskeyRemoved { person: me.session.person_id, passkey: id, name: passkey.name }).await.map(drop)
}

/// Begins to sign in by passkey. Says nothing about anybody: the browser looks for a passkey of this host.
pub async fn begin_sign_in(caller: &Caller) -> Result<Challenge> {
    caller.app.limits.check_address(Limit::CodeAddress, &caller.origin.address)?;
    let (options, state) = webauthn(caller)?.start_discoverable_authentication().map_err(refused)?;
    let mut options = serde_json::to_value(options).map_err(Problem::internal)?;
    // The mediation is the page's choice.
    if let Some(options) = options.as_object_mut() {
        options.remove("mediation");
    }
    let cx = caller.begin().await?;
    let id = keep_state(&cx, "sign_in", None, serde_json::to_value(state).map_err(Problem::internal)?).await?;
    cx.commit().await?;
    Ok(Challenge { id, options })
}

/// Signs in by passkey.
pub async fn sign_in(caller: &Caller, kind: PersonKind, challenge: Uuid, answer: serde_json::Value, trust_device: bool) -> Result<Entered> {
    caller.app.limits.check_address(Limit::CodeAddress, &caller.origin.address)?;
    let mut cx = caller.begin().await?;
    let state: DiscoverableAuthentication = take_state(&cx, "sign_in", challenge, None).await?;
    let answer: PublicKeyCredential = parse(answer)?;
    let webauthn = webauthn(caller)?;
    let (person, credential) = webauthn.identify_discoverable_authentication(&answer).map_err(refused)?;
    let known = kept(&cx, person, kind).await?;
    let (row, mut passkey) = known.into_iter().find(|(_, p)| p.cred_id().as_slice() == credential).ok_or_else(unknown)?;
    let result = webauthn.finish_discoverable_authentication_v2(&answer, state, &passkey).map_err(refused)?;
    passkey.update_credential(&result);
    let sql = "UPDATE passkeys SET last_used_at = $2, credential = $3 WHERE id = $1";
    let credential = serde_json::to_value(&passkey).map_err(Problem::internal)?;
    cx.execute(sql, [row.into(), cx.now().into(), credential.into()]).await?;
    let entered = enter(&mut cx, kind, person, trust_device, "passkey").await?;
    cx.commit().await?;
    Ok(entered)
}

/// Bound to this host: a passkey of one company's host is of no use on another's.
fn webauthn(caller: &Caller) -> Result<Webauthn> {
    let origin = Url::parse(&urls::home(caller)).map_err(Problem::internal)?;
    let host = origin.host_str().unwrap_or_default().to_owned();
    WebauthnBuilder::new(&host, &origin).and_then(|b| b.rp_name(&caller.tenant.name).build()).map_err(Problem::internal)
}

async fn kept(cx: &Cx, person: Uuid, kind: PersonKind) -> Result<Vec<(Uuid, Passkey)>> {
    let sql = "SELECT id, credential FROM passkeys WHERE person_id = $1 AND person_kind = $2";
    let rows = cx.rows::<Kept>(sql, [person.into(), kind.name().into()]).await?;
    rows.into_iter().map(|r| Ok((r.id, serde_json::from_value(r.credential).map_err(Problem::internal)?))).collect()
}

async fn keep_state(cx: &Cx, purpose: &str, person: Option<Uuid>, state: serde_json::Value) -> Result<Uuid> {
    let id = cx.new_uuid();
    let expires = cx.now() + Duration::minutes(CHALLENGE_MINUTES);
    cx.execute("DELETE FROM passkey_challenges WHERE expires_at < $1", [cx.now().into()]).await?;
    let sql = "INSERT INTO passkey_challenges (id, purpose, person_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)";
    cx.execute(sql, [id.into(), purpose.into(), person.into(), state.into(), expires.into()]).await?;
    Ok(id)
}

/// A challenge is for one answer.
async fn take_state<T: DeserializeOwned>(cx: &Cx, purpose: &str, id: Uuid, person: Option<Uuid>) -> Result<T> {
    let sql = "DELETE FROM passkey_challenges WHERE id = $1 AND purpose = $2 AND person_id IS NOT DISTINCT FROM $3 AND expires_at > $4 RETURNING state";
    let row = cx.one(sql, [id.into(), purpose.into(), person.into(), cx.now().into()]).await?;
    let row = row.ok_or_else(|| Problem::gone("challenge_expired", "That took too long. Try again."))?;
    serde_json::from_value(row.try_get("", "state")?).map_err(Problem::internal)
}

fn parse<T: DeserializeOwned>(answer: serde_json::Value) -> Result<T> {
    serde_json::from_value(answer)
        .map_err(|e| Problem::invalid("credential", "passkey_malformed", "The browser's answer could not be read.").caused_by(e))
}

fn refused(error: webauthn_rs::prelude::WebauthnError) -> Problem {
    Problem::invalid("credential", "passkey_refused", "The passkey was not accepted. Try again, or sign in by mail.")
        .caused_by(anyhow::anyhow!("{error:?}"))
}

fn unknown() -> Problem {
    Problem::invalid("credential", "passkey_unknown", "This passkey is not known here any more. Sign in by mail.")
}
