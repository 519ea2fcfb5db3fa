//! A key service that speaks the AWS KMS JSON 1.1 protocol on loopback and keeps its keys in one private file.

mod auth;
mod blob;
mod data_keys;
mod keys;
mod store;
mod wire;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, anyhow};
use poem::{EndpointExt, Request, Response};
use serde_json::Value;

use crate::folder::FolderLock;
use crate::serve::{Served, bind};
use store::Store;
use wire::{Failure, Outcome};

/// Where the key service keeps its keys and whom it lets in.
#[derive(Clone, Debug)]
pub struct KmsOptions {
    /// Its folder; keys survive a restart.
    pub dir: PathBuf,
    /// The port on 127.0.0.1; `None` takes a free one.
    pub port: Option<u16>,
    /// The region in the ARNs; requests must be signed for it.
    pub region: String,
    /// The twelve digits of the account in the ARNs.
    pub account: String,
    /// The only access key that is let in.
    pub access_key: String,
}

/// What every request sees.
struct Shared {
    store: Store,
    region: String,
    access_key: String,
    calls: Mutex<BTreeMap<String, u64>>,
}

/// A running key service.
#[derive(Debug)]
pub struct Kms {
    shared: Arc<Shared>,
    served: Served,
    _lock: FolderLock,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("region", &self.region).finish_non_exhaustive()
    }
}

impl Kms {
    /// Opens the folder and listens.
    pub async fn start(options: KmsOptions) -> Result<Kms> {
        let lock = FolderLock::take(&options.dir)?;
        let store = Store::open(&options.dir, &options.region, &options.account)?;
        let shared = Arc::new(Shared { store, region: options.region, access_key: options.access_key, calls: Mutex::default() });
        let state = shared.clone();
        let endpoint = poem::endpoint::make(move |request| answer(state.clone(), request)).boxed();
        let served = Served::http(bind(options.port)?, endpoint)?;
        Ok(Kms { shared, served, _lock: lock })
    }

    /// The URL for a client's endpoint setting.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.served.address())
    }

    /// Turns a key off (by ARN, id or alias), as an administrator would.
    pub fn disable(&self, key: &str) -> Result<()> {
        self.shared.store.set_enabled(key, false).map_err(|failure| anyhow!("{}", failure.message))
    }

    /// Turns a key on again.
    pub fn enable(&self, key: &str) -> Result<()> {
        self.shared.store.set_enabled(key, true).map_err(|failure| anyhow!("{}", failure.message))
    }

    /// How often each operation was called since the start, refused calls included.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.shared.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the service; the keys stay in the folder.
    pub async fn stop(mut self) {
        self.served.stop().await;
    }
}

async fn answer(shared: Arc<Shared>, mut request: Request) -> poem::Result<Response> {
    let body = request.take_body();
    let outcome = match auth::check(&request, &shared.access_key, &shared.region) {
        Err(failure) => Err(failure),
        Ok(()) => match body.into_bytes_limit(1 << 20).await {
            Err(_) => Err(Failure::serialization("the body is missing or too long")),
            Ok(body) => run(shared, operation(&request), body.to_vec()).await,
        },
    };
    Ok(wire::respond(outcome))
}

/// The name behind `X-Amz-Target: TrentService.<name>`.
fn operation(request: &Request) -> String {
    let target = request.header("x-amz-target").unwrap_or_default();
    target.strip_prefix("TrentService.").unwrap_or_default().to_owned()
}

async fn run(shared: Arc<Shared>, operation: String, body: Vec<u8>) -> Outcome {
    let input = wire::parse(&body)?;
    // Writing the key file waits for the disk.
    tokio::task::spawn_blocking(move || {
        let outcome = perform(&shared.store, &operation, input);
        if !matches!(&outcome, Err(failure) if failure.kind == wire::UNKNOWN) {
            let mut calls = shared.calls.lock().unwrap_or_else(PoisonError::into_inner);
            *calls.entry(operation).or_default() += 1;
        }
        outcome
    })
    .await
    .unwrap_or_else(|_| Err(Failure::internal("the operation broke off")))
}

fn perform(store: &Store, operation: &str, input: Value) -> Outcome {
    match operation {
        "CreateKey" => keys::create(store, wire::typed(input)?),
        "DescribeKey" => keys::describe(store, wire::typed(input)?),
        "ListKeys" => keys::list(store, wire::typed(input)?),
        "CreateAlias" => keys::create_alias(store, wire::typed(input)?),
        "ListAliases" => keys::list_aliases(store, wire::typed(input)?),
        "EnableKey" => keys::set_enabled(store, wire::typed(input)?, true),
        "DisableKey" => keys::set_enabled(store, wire::typed(input)?, false),
        "ScheduleKeyDeletion" => keys::schedule_deletion(store, wire::typed(input)?),
        "CancelKeyDeletion" => keys::cancel_deletion(store, wire::typed(input)?),
        "TagResource" => keys::tag(store, wire::typed(input)?),
        "ListResourceTags" => keys::list_tags(store, wire::typed(input)?),
        "Encrypt" => data_keys::encrypt(store, wire::typed(input)?),
        "Decrypt" => data_keys::decrypt(store, wire::typed(input)?),
        "ReEncrypt" => data_keys::re_encrypt(store, wire::typed(input)?),
        "GenerateDataKey" => data_keys::generate(store, wire::typed(input)?, true),
        "GenerateDataKeyWithoutPlaintext" => data_keys::generate(store, wire::typed(input)?, false),
        _ => Err(Failure::new(wire::UNKNOWN, "this stand-in does not know that operation")),
    }
}
