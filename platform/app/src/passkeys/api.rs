//! Passkeys over HTTP.

use super::ops::{self, PasskeyView};
use crate::{
    callers::{Person, Visitor},
    routes::{NoContent, Tag},
    signin::api::{In, kind, welcome},
};
use kernel::Result;
use poem_openapi::{Object, OpenApi, param::Path, payload::Json, types::Any};
use uuid::Uuid;

/// The passkey endpoints.
pub struct PasskeysApi;

/// One's own passkeys.
#[derive(Object)]
struct Passkeys {
    /// Oldest first.
    items: Vec<PasskeyView>,
}

/// What `navigator.credentials` is called with.
#[derive(Object)]
pub struct ChallengeView {
    /// To send back with the answer.
    pub challenge_id: Uuid,
    /// WebAuthn options in their JSON form.
    pub options: Any<serde_json::Value>,
}

impl From<ops::Challenge> for ChallengeView {
    fn from(c: ops::Challenge) -> Self {
        Self { challenge_id: c.id, options: Any(c.options) }
    }
}

/// A passkey that the browser made.
#[derive(Object)]
struct NewPasskey {
    /// From the challenge.
    challenge_id: Uuid,
    /// As its owner calls it.
    name: String,
    /// The browser's answer in its JSON form.
    credential: Any<serde_json::Value>,
}

/// A passkey's answer.
#[derive(Object)]
struct PasskeyProof {
    /// From the challenge.
    challenge_id: Uuid,
    /// The browser's answer in its JSON form.
    credential: Any<serde_json::Value>,
    /// Stay signed in for 30 days.
    #[oai(default)]
    trust_device: bool,
}

#[OpenApi(tag = "Tag::Passkeys")]
impl PasskeysApi {
    /// One's own passkeys.
    #[oai(path = "/passkeys", method = "get", operation_id = "list_passkeys")]
    async fn list(&self, me: Person) -> Result<Json<Passkeys>> {
        let me = me.signed_in();
        let cx = me.begin().await?;
        Ok(Json(Passkeys { items: ops::list(&cx, &me).await? }))
    }

    /// Begins to add a passkey.
    #[oai(path = "/passkeys/challenge", method = "post", operation_id = "begin_passkey")]
    async fn begin(&self, me: Person) -> Result<Json<ChallengeView>> {
        let me = me.signed_in();
        let cx = me.begin().await?;
        let challenge = ops::begin_registration(&cx, &me).await?;
        cx.commit().await?;
        Ok(Json(challenge.into()))
    }

    /// Adds a passkey.
    #[oai(path = "/passkeys", method = "post", operation_id = "add_passkey")]
    async fn add(&self, me: Person, new: Json<NewPasskey>) -> Result<Json<PasskeyView>> {
        let me = me.signed_in();
        let mut cx = me.begin().await?;
        let view = ops::register(&mut cx, &me, new.0.challenge_id, &new.0.name, new.0.credential.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Removes a passkey.
    #[oai(path = "/passkeys/:passkey", method = "delete", operation_id = "remove_passkey")]
    async fn remove(&self, me: Person, passkey: Path<Uuid>) -> Result<NoContent> {
        let me = me.signed_in();
        let mut cx = me.begin().await?;
        ops::remove(&mut cx, &me, passkey.0).await?;
        cx.commit().await?;
        Ok(NoContent::Done)
    }

    /// Begins to sign in with a passkey.
    #[oai(path = "/session/passkey/challenge", method = "post", tag = "Tag::Session", operation_id = "begin_passkey_sign_in")]
    async fn begin_passkey(&self, Visitor(me): Visitor) -> Result<Json<ChallengeView>> {
        Ok(Json(ops::begin_sign_in(&me).await?.into()))
    }

    /// Signs in with a passkey.
    #[oai(path = "/session/passkey", method = "post", tag = "Tag::Session", operation_id = "redeem_passkey")]
    async fn passkey(&self, Visitor(me): Visitor, body: Json<PasskeyProof>) -> Result<In> {
        let PasskeyProof { challenge_id, credential, trust_device } = body.0;
        welcome(ops::sign_in(&me, kind(&me), challenge_id, credential.0, trust_device).await?).await
    }
}
