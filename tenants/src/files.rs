//! The sealed files: streams in and out of the bucket, sealed under the tenant's key on the way. The only place that talks to S3.

use crate::{KeyError, Keys, StorageConfig, Tenant};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use aws_sdk_s3::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig, timeout::TimeoutConfig},
    error::{DisplayErrorContext, SdkError},
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use bytes::{Bytes, BytesMut};
use envelope::{Context, FRAME_LEN, Header, Parsed, Sealer};
use futures::{Stream, StreamExt, stream::BoxStream};
use std::{io, ops::Range, pin::pin, time::Duration};
use thiserror::Error;
use uuid::Uuid;

mod open;
mod value;

/// Which version of which object, and what for. All of it is authenticated with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectRef {
    /// A generated id.
    pub object: Uuid,
    /// Its version, from 1.
    pub version: i32,
    /// For example `document`.
    pub purpose: &'static str,
}

impl ObjectRef {
    /// Rebuilt from the database row for every use: a row that points at another object's bytes cannot open them.
    pub fn context(&self, tenant: &Tenant) -> Context {
        Context::from([
            ("object".into(), self.object.to_string()),
            ("purpose".into(), self.purpose.into()),
            ("tenant".into(), tenant.id.to_string()),
            ("version".into(), self.version.to_string()),
        ])
    }

    /// The key in the bucket: generated ids under the tenant's prefix, never user text.
    pub fn key(&self, tenant: &Tenant) -> String {
        format!("{}{}/{}", tenant.object_prefix(), self.object.simple(), self.version)
    }
}

/// What was sealed; the caller keeps it in the row.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// Length of the plaintext.
    pub bytes: u64,
    /// SHA-256 of the plaintext.
    pub sha256: [u8; 32],
    /// The message header: with it a read needs one request to the bucket.
    pub header: Vec<u8>,
    /// The first bytes of the plaintext, to tell the type by.
    pub head: Vec<u8>,
}

/// Why a file could not be kept or read.
#[derive(Debug, Error)]
pub enum FilesError {
    /// The tenant's key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The sender stopped or its stream broke.
    #[error("the upload broke off: {0}")]
    Body(#[source] io::Error),
    /// More bytes than allowed.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// Nothing is stored under this key.
    #[error("the stored object is missing")]
    Missing,
    /// The store did not answer or refused.
    #[error("the object store failed: {0}")]
    Store(String),
    /// The stored bytes are not what was sealed.
    #[error("the stored object is damaged: {0}")]
    Damaged(String),
}

/// The bucket. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    client: Client,
    bucket: String,
    keys: Keys,
}

/// One part of a multipart upload, and the size up to which an object goes in one request. S3 wants at least 5 MiB.
const PART: usize = 8 << 20;
const HEAD: usize = 8 << 10;

impl Files {
    pub(crate) async fn new(config: &StorageConfig, keys: Keys) -> Self {
        let base = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(config.region.clone()));
        let base = match &config.access {
            Some(a) => base.credentials_provider(Credentials::new(&a.access_key, &a.secret_key, None, None, "config")),
            None => base,
        };
        let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(3)).read_timeout(Duration::from_secs(30)).build();
        let base = base.timeout_config(timeouts).retry_config(RetryConfig::standard().with_max_attempts(3));
        let mut builder = aws_sdk_s3::config::Builder::from(&base.load().await).force_path_style(config.path_style);
        builder.set_endpoint_url(config.endpoint.clone());
        Self { client: Client::from_conf(builder.build()), bucket: config.bucket.clone(), keys }
    }

    /// Seals a stream into the bucket, at most `max_bytes` of it, in constant memory. Nothing is left behind when it fails.
    pub async fn seal(
        &self,
        tenant: &Tenant,
        object: &ObjectRef,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
        max_bytes: u64,
    ) -> Result<Sealed, FilesError> {
        let context = object.context(tenant);
        let (key, wrapped) = self.keys.data_key(tenant, &context).await?;
        let mut message_id = [0; 32];
        aws_lc_rs::rand::fill(&mut message_id).map_err(|_| FilesError::Store("no randomness".into()))?;
        let sealer = Sealer::new(&key, &context, &[wrapped], FRAME_LEN, message_id);
        let (mut sealer, header) = sealer.map_err(|e| FilesError::Damaged(e.to_string()))?;

        let mut upload = Upload::new(self, object.key(tenant));
        let mut out = BytesMut::with_capacity(PART + (1 << 20));
        out.extend_from_slice(&header);
        let (mut bytes, mut digest, mut head) = (0_u64, Digest::new(&SHA256), Vec::new());
        let mut body = pin!(body);
        let result = async {
            while let Some(chunk) = body.next().await {
                let chunk = chunk.map_err(FilesError::Body)?;
                bytes += chunk.len() as u64;
                if bytes > max_bytes {
                    return Err(FilesError::TooLarge(max_bytes));
                }
                digest.update(&chunk);
                if head.len() < HEAD {
                    head.extend_from_slice(&chunk[..chunk.len().min(HEAD - head.len())]);
                }
                sealer.update(&chunk, &mut out).map_err(|e| FilesError::Damaged(e.to_string()))?;
                while out.len() >= PART {
                    upload.part(out.split_to(PART).freeze()).await?;
                }
            }
            sealer.finish(&mut out).map_err(|e| FilesError::Damaged(e.to_string()))?;
            upload.finish(out.freeze()).await
        }
        .await;
        if let Err(error) = result {
            upload.abort().await;
            return Err(error);
        }
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest.finish().as_ref());
        Ok(Sealed { bytes, sha256, header: header.to_vec(), head })
    }

    /// Opens a sealed object, or the range of its plaintext. The key is unwrapped and the header authenticated before the
    /// stream is answered; every byte that comes out of it is authenticated.
    pub async fn open(
        &self,
        tenant: &Tenant,
        object: &ObjectRef,
        header: &[u8],
        bytes: u64,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, FilesError>>, FilesError> {
        let context = object.context(tenant);
        let parsed = match Header::parse(header) {
            Ok(Parsed::Whole { header, .. }) => header,
            Ok(_) => return Err(FilesError::Damaged("its header is cut short".into())),
            Err(e) => return Err(FilesError::Damaged(e.to_string())),
        };
        if parsed.context() != &context {
            return Err(FilesError::Damaged("it is sealed for another object".into()));
        }
        let key = self.keys.open(tenant, parsed.data_keys(), &context).await?;
        open::stream(self, object.key(tenant), &parsed, &key, bytes, range).await
    }

    /// Removes an object. Removing what is not there is no error.
    pub async fn delete(&self, tenant: &Tenant, object: &ObjectRef) -> Result<(), FilesError> {
        self.client.delete_object().bucket(&self.bucket).key(object.key(tenant)).send().await.map(drop).map_err(store_error)
    }
}

/// One request for a small object, a multipart upload for a large one; decided when the first part is full.
struct Upload<'a> {
    files: &'a Files,
    key: String,
    id: Option<String>,
    parts: Vec<CompletedPart>,
}

impl<'a> Upload<'a> {
    fn new(files: &'a Files, key: String) -> Self {
        Self { files, key, id: None, parts: Vec::new() }
    }

    async fn part(&mut self, bytes: Bytes) -> Result<(), FilesError> {
        let Files { client, bucket, .. } = self.files;
        if self.id.is_none() {
            let made = client.create_multipart_upload().bucket(bucket).key(&self.key).send().await.map_err(store_error)?;
            self.id = made.upload_id;
        }
        let number = i32::try_from(self.parts.len() + 1).map_err(|_| FilesError::Store("too many parts".into()))?;
        let request = client.upload_part().bucket(bucket).key(&self.key).set_upload_id(self.id.clone()).part_number(number);
        let done = request.body(ByteStream::from(bytes)).send().await.map_err(store_error)?;
        self.parts.push(CompletedPart::builder().part_number(number).set_e_tag(done.e_tag).set_checksum_crc32(done.checksum_crc32).build());
        Ok(())
    }

    async fn finish(&mut self, rest: Bytes) -> Result<(), FilesError> {
        let Files { client, bucket, .. } = self.files;
        if self.id.is_none() {
            let put = client.put_object().bucket(bucket).key(&self.key).body(ByteStream::from(rest));
            return put.send().await.map(drop).map_err(store_error);
        }
        if !rest.is_empty() {
            self.part(rest).await?;
        }
        let parts = CompletedMultipartUpload::builder().set_parts(Some(std::mem::take(&mut self.parts))).build();
        let request = client.complete_multipart_upload().bucket(bucket).key(&self.key).set_upload_id(self.id.clone());
        request.multipart_upload(parts).send().await.map(drop).map_err(store_error)?;
        self.id = None;
        Ok(())
    }

    async fn abort(&mut self) {
        let Files { client, bucket, .. } = self.files;
        if let Some(id) = self.id.take() {
            let aborted = client.abort_multipart_upload().bucket(bucket).key(&self.key).upload_id(id).send().await;
            if let Err(error) = aborted {
                tracing::warn!(error = %DisplayErrorContext(&error), "an upload that failed could not be aborted; the bucket's lifecycle rule will");
            }
        }
    }
}

fn store_error<E, R>(error: SdkError<E, R>) -> FilesError
where
    E: std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    FilesError::Store(DisplayErrorContext(&error).to_string())
}
