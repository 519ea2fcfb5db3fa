//! Stands before the file store: refuses names that would leave the bucket, and puts on the disk what is acknowledged.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use s3s::dto::*;
use s3s::{S3, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;

use super::names;
use crate::folder::sync_folder;

type Answer<T> = S3Result<S3Response<T>>;

/// The file store behind its checks. Operations that are not here are not implemented.
pub struct Guard {
    files: FileSystem,
    root: PathBuf,
}

impl Guard {
    /// Guards a file store with the given root.
    pub fn new(files: FileSystem, root: PathBuf) -> Guard {
        Guard { files, root }
    }

    fn bucket(&self, bucket: &str) -> S3Result<()> {
        match names::bucket(bucket) {
            false => Err(s3_error!(InvalidBucketName)),
            true if !self.root.join(bucket).is_dir() => Err(s3_error!(NoSuchBucket)),
            true => Ok(()),
        }
    }

    fn key(&self, bucket: &str, key: &str) -> S3Result<()> {
        self.bucket(bucket)?;
        match names::key(bucket, key) {
            true => Ok(()),
            false => Err(s3_error!(InvalidArgument, "the key is too long or would not stay inside its bucket")),
        }
    }

    fn source(&self, source: &CopySource) -> S3Result<()> {
        match source {
            CopySource::Bucket { bucket, key, .. } => self.key(bucket, key),
            _ => Err(s3_error!(NotImplemented)),
        }
    }

    /// The object, what is beside it, and every folder up to the root reach the disk.
    async fn keep(&self, bucket: &str, key: &str) -> S3Result<()> {
        let (root, bucket, key) = (self.root.clone(), bucket.to_owned(), key.to_owned());
        on_disk(move || {
            let object = root.join(&bucket).join(&key);
            File::open(&object)?.sync_all()?;
            for file in names::companions(&root, &bucket, &key) {
                match File::open(file) {
                    Ok(file) => file.sync_all()?,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            folders(&object, &root).try_for_each(sync_folder)
        })
        .await
    }

    /// What is beside a deleted object goes too, and the deletion reaches the disk.
    async fn forget(&self, bucket: &str, keys: Vec<String>) -> S3Result<()> {
        let (root, bucket) = (self.root.clone(), bucket.to_owned());
        on_disk(move || {
            for key in keys {
                let object = root.join(&bucket).join(&key);
                for file in names::companions(&root, &bucket, &key) {
                    if !object.exists() && file.exists() {
                        std::fs::remove_file(file)?;
                    }
                }
                folders(&object, &root).filter(|folder| folder.is_dir()).try_for_each(sync_folder)?;
            }
            Ok(())
        })
        .await
    }
}

/// The folders from an object's own up to the root.
fn folders<'a>(object: &'a Path, root: &'a Path) -> impl Iterator<Item = &'a Path> {
    object.ancestors().skip(1).take_while(move |folder| folder.starts_with(root))
}

async fn on_disk(work: impl FnOnce() -> io::Result<()> + Send + 'static) -> S3Result<()> {
    let done = tokio::task::spawn_blocking(work).await;
    match done.map_err(io::Error::other) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) | Err(error) => {
            tracing::error!(%error, "the object store cannot write");
            Err(s3_error!(InternalError, "the object could not be kept"))
        }
    }
}

#[async_trait::async_trait]
impl S3 for Guard {
    async fn put_object(&self, req: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
        let (bucket, key) = (req.input.bucket.clone(), req.input.key.clone());
        self.key(&bucket, &key)?;
        let answer = self.files.put_object(req).await;
        match &answer {
            Ok(_) => self.keep(&bucket, &key).await?,
            // The file store finds a wrong checksum only after the object is in place.
            Err(error) if *error.code() == S3ErrorCode::BadDigest => {
                let object = self.root.join(&bucket).join(&key);
                on_disk(move || std::fs::remove_file(object)).await?;
                self.forget(&bucket, vec![key]).await?;
            }
            Err(_) => {}
        }
        answer
    }

    async fn complete_multipart_upload(&self, req: S3Request<CompleteMultipartUploadInput>) -> Answer<CompleteMultipartUploadOutput> {
        let (bucket, key) = (req.input.bucket.clone(), req.input.key.clone());
        self.key(&bucket, &key)?;
        let answer = self.files.complete_multipart_upload(req).await?;
        self.keep(&bucket, &key).await?;
        Ok(answer)
    }

    async fn copy_object(&self, req: S3Request<CopyObjectInput>) -> Answer<CopyObjectOutput> {
        let (bucket, key) = (req.input.bucket.clone(), req.input.key.clone());
        self.key(&bucket, &key)?;
        self.source(&req.input.copy_source)?;
        let answer = self.files.copy_object(req).await?;
        self.keep(&bucket, &key).await?;
        Ok(answer)
    }

    async fn delete_object(&self, req: S3Request<DeleteObjectInput>) -> Answer<DeleteObjectOutput> {
        let (bucket, key) = (req.input.bucket.clone(), req.input.key.clone());
        self.key(&bucket, &key)?;
        let answer = self.files.delete_object(req).await?;
        self.forget(&bucket, vec![key]).await?;
        Ok(answer)
    }

    async fn delete_objects(&self, req: S3Request<DeleteObjectsInput>) -> Answer<DeleteObjectsOutput> {
        let bucket = req.input.bucket.clone();
        let keys: Vec<String> = req.input.delete.objects.iter().map(|object| object.key.clone()).collect();
        self.bucket(&bucket)?;
        keys.iter().try_for_each(|key| self.key(&bucket, key))?;
        let answer = self.files.delete_objects(req).await?;
        self.forget(&bucket, keys).await?;
        Ok(answer)
    }

    async fn get_object(&self, req: S3Request<GetObjectInput>) -> Answer<GetObjectOutput> {
        self.key(&req.input.bucket, &req.input.key)?;
        self.files.get_object(req).await
    }

    async fn head_object(&self, req: S3Request<HeadObjectInput>) -> Answer<HeadObjectOutput> {
        self.key(&req.input.bucket, &req.input.key)?;
        self.files.head_object(req).await
    }

    async fn head_bucket(&self, req: S3Request<HeadBucketInput>) -> Answer<HeadBucketOutput> {
        self.bucket(&req.input.bucket)?;
        self.files.head_bucket(req).await
    }

    async fn list_objects(&self, req: S3Request<ListObjectsInput>) -> Answer<ListObjectsOutput> {
        self.bucket(&req.input.bucket)?;
        self.files.list_objects(req).await
    }

    async fn list_objects_v2(&self, req: S3Request<ListObjectsV2Input>) -> Answer<ListObjectsV2Output> {
        self.bucket(&req.input.bucket)?;
        self.files.list_objects_v2(req).await
    }

    async fn create_multipart_upload(&self, req: S3Request<CreateMultipartUploadInput>) -> Answer<CreateMultipartUploadOutput> {
        self.key(&req.input.bucket, &req.input.key)?;
        self.files.create_multipart_upload(req).await
    }

    async fn upload_part(&self, req: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
        self.key(&req.input.bucket, &req.input.key)?;
        self.files.upload_part(req).await
    }

    async fn upload_part_copy(&self, req: S3Request<UploadPartCopyInput>) -> Answer<UploadPartCopyOutput> {
        self.key(&req.input.bucket, &req.input.key)?;
        self.source(&req.input.copy_source)?;
        self.files.upload_part_copy(req).await
    }

    async fn list_parts(&self, req: S3Request<ListPartsInput>) -> Answer<ListPartsOutput> {
        self.key(&req.input.bucket, &req.input.key)?;
        self.files.list_parts(req).await
    }

    async fn abort_multipart_upload(&self, req: S3Request<AbortMultipartUploadInput>) -> Answer<AbortMultipartUploadOutput> {
        self.key(&req.input.bucket, &req.input.key)?;
        self.files.abort_multipart_upload(req).await
    }
}
