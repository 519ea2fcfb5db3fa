//! The tenants' keys: one KMS key a tenant, one data key an object version. The only place that talks to KMS.

use crate::{KmsConfig, Tenant, TenantId};
use aws_lc_rs::digest::{SHA256, digest};
use aws_sdk_kms::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig, timeout::TimeoutConfig},
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    primitives::Blob,
    types::{DataKeySpec, Tag},
};
use envelope::{Context, DataKey, EncryptedDataKey};
use moka::sync::Cache;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use thiserror::Error;

/// Why a key could not be used.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The tenant's key is disabled, pending deletion or gone: nothing can be sealed or opened until that changes.
    #[error("the key is not usable: {0}")]
    Unusable(String),
    /// The key service did not answer or is throttling.
    #[error("the key service does not answer: {0}")]
    Unavailable(String),
    /// The wrapped key is not this tenant's, not for this object, or was tampered with.
    #[error("the key service refuses this data key: {0}")]
    Refused(String),
}

/// The key service. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    client: Client,
    deletion_days: i32,
    opened: Cache<CacheKey, Arc<Opened>>,
}

/// Tenant first, so that one tenant's keys can be dropped together; then everything that the unwrapping depended on, hashed.
type CacheKey = (TenantId, [u8; 32]);

struct Opened {
    key: Arc<DataKey>,
    uses: AtomicU32,
}

/// An unwrapped data key serves this many reads and this long before KMS is asked again.
const CACHED_USES: u32 = 1000;
const CACHED_FOR: Duration = Duration::from_secs(300);

impl Keys {
    pub(crate) async fn new(config: &KmsConfig) -> Self {
        let base = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(config.region.clone()));
        let base = match &config.access {
            Some(a) => base.credentials_provider(Credentials::new(&a.access_key, &a.secret_key, None, None, "config")),
            None => base,
        };
        let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(3)).operation_timeout(Duration::from_secs(10)).build();
        let base = base.timeout_config(timeouts).retry_config(RetryConfig::standard().with_max_attempts(3));
        let mut builder = aws_sdk_kms::config::Builder::from(&base.load().await);
        builder.set_endpoint_url(config.endpoint.clone());
        let opened = Cache::builder().max_capacity(10_000).time_to_live(CACHED_FOR).support_invalidation_closures().build();
        Self { client: Client::from_conf(builder.build()), deletion_days: config.deletion_days, opened }
    }

    /// Makes the tenant's key, or finds the one that an interrupted attempt made. Answers its ARN.
    pub async fn create(&self, tenant: TenantId) -> Result<String, KeyError> {
        let alias = format!("alias/plumbline/{}", tenant.0.simple());
        match self.client.describe_key().key_id(&alias).send().await {
            Ok(answer) => return arn(answer.key_metadata),
            Err(e) if code(&e) == Some("NotFoundException") => {}
            Err(e) => return Err(key_error(e)),
        }
        let tag = Tag::builder().tag_key("plumbline:tenant").tag_value(tenant.to_string()).build();
        let tag = tag.map_err(|e| KeyError::Refused(e.to_string()))?;
        let made = self.client.create_key().description(format!("Plumbline tenant {tenant}")).tags(tag).send().await.map_err(key_error)?;
        let arn = arn(made.key_metadata)?;
        self.client.create_alias().alias_name(alias).target_key_id(&arn).send().await.map_err(key_error)?;
        Ok(arn)
    }

    /// Schedules the end of a key that was never used for anything that is kept.
    pub async fn schedule_deletion(&self, arn: &str) -> Result<(), KeyError> {
        let request = self.client.schedule_key_deletion().key_id(arn).pending_window_in_days(self.deletion_days);
        match request.send().await {
            Ok(_) => Ok(()),
            Err(e) if matches!(code(&e), Some("NotFoundException" | "KMSInvalidStateException")) => Ok(()),
            Err(e) => Err(key_error(e)),
        }
    }

    /// A fresh data key, wrapped by the tenant's key for this context only. One call.
    pub(crate) async fn data_key(&self, tenant: &Tenant, context: &Context) -> Result<(DataKey, EncryptedDataKey), KeyError> {
        let mut request = self.client.generate_data_key().key_id(&tenant.key_arn).key_spec(DataKeySpec::Aes256);
        for (k, v) in context {
            request = request.encryption_context(k, v);
        }
        let answer = request.send().await.map_err(key_error)?;
        let plain = answer.plaintext.ok_or_else(|| KeyError::Refused("no data key in the answer".into()))?;
        let wrapped = answer.ciphertext_blob.ok_or_else(|| KeyError::Refused("no wrapped key in the answer".into()))?;
        let key = data_key(plain)?;
        Ok((key, EncryptedDataKey { provider: "aws-kms".into(), key_id: tenant.key_arn.clone(), blob: wrapped.into_inner() }))
    }

    /// Unwraps a data key with the tenant's own key and no other.
    pub(crate) async fn open(&self, tenant: &Tenant, wrapped: &[EncryptedDataKey], context: &Context) -> Result<Arc<DataKey>, KeyError> {
        let wrapped = wrapped.iter().find(|k| k.provider == "aws-kms" && k.key_id == tenant.key_arn);
        let wrapped = wrapped.ok_or_else(|| KeyError::Refused("the object is not sealed under this tenant's key".into()))?;
        let cache_key = (tenant.id, fingerprint(wrapped, context));
        if let Some(opened) = self.opened.get(&cache_key) {
            if opened.uses.fetch_add(1, Ordering::Relaxed) < CACHED_USES {
                return Ok(opened.key.clone());
            }
            self.opened.invalidate(&cache_key);
        }
        let mut request = self.client.decrypt().key_id(&tenant.key_arn).ciphertext_blob(Blob::new(wrapped.blob.clone()));
        for (k, v) in context {
            request = request.encryption_context(k, v);
        }
        let answer = request.send().await.map_err(key_error)?;
        if answer.key_id.as_deref() != Some(tenant.key_arn.as_str()) {
            return Err(KeyError::Refused("another key answered".into()));
        }
        let key = Arc::new(data_key(answer.plaintext.ok_or_else(|| KeyError::Refused("no data key in the answer".into()))?)?);
        self.opened.insert(cache_key, Arc::new(Opened { key: key.clone(), uses: AtomicU32::new(1) }));
        Ok(key)
    }

    /// Drops the unwrapped keys of a tenant: it was suspended, or its key changed.
    pub fn forget(&self, tenant: TenantId) {
        // Only a cache without invalidation closures refuses this, and ours has them.
        let _ = self.opened.invalidate_entries_if(move |(of, _), _| *of == tenant);
    }
}

fn fingerprint(wrapped: &EncryptedDataKey, context: &Context) -> [u8; 32] {
    let mut text = Vec::with_capacity(512);
    let mut put = |bytes: &[u8]| {
        text.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        text.extend_from_slice(bytes);
    };
    put(b"0478");
    put(wrapped.key_id.as_bytes());
    put(&wrapped.blob);
    for (k, v) in context {
        put(k.as_bytes());
        put(v.as_bytes());
    }
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, &text).as_ref());
    out
}

fn data_key(plain: Blob) -> Result<DataKey, KeyError> {
    let bytes = zeroize::Zeroizing::new(plain.into_inner());
    let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| KeyError::Refused("the data key has not 32 bytes".into()))?;
    Ok(DataKey::new(key))
}

fn arn(metadata: Option<aws_sdk_kms::types::KeyMetadata>) -> Result<String, KeyError> {
    metadata.and_then(|m| m.arn).ok_or_else(|| KeyError::Refused("no key in the answer".into()))
}

fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

fn key_error<E, R>(error: SdkError<E, R>) -> KeyError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let words = DisplayErrorContext(&error).to_string();
    match code(&error) {
        Some("DisabledException" | "KMSInvalidStateException" | "NotFoundException" | "KeyUnavailableException") => {
            KeyError::Unusable(words)
        }
        Some("InvalidCiphertextException" | "IncorrectKeyException" | "AccessDeniedException" | "ValidationException") => {
            KeyError::Refused(words)
        }
        _ => KeyError::Unavailable(words),
    }
}
