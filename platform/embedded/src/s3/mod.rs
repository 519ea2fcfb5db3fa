//! An object store that speaks S3 on loopback and keeps each object as a file.

mod guard;
mod names;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::folder::{FolderLock, create_private, sync_folder};
use crate::serve::{Served, Stopping, bind};
use guard::Guard;

/// Where the object store keeps its objects and whom it lets in.
#[derive(Clone, Debug)]
pub struct S3Options {
    /// Its folder; objects survive a restart.
    pub dir: PathBuf,
    /// The port on 127.0.0.1; `None` takes a free one.
    pub port: Option<u16>,
    /// The only access key that is let in.
    pub access_key: String,
    /// Its secret; every request's signature is checked with it.
    pub secret_key: String,
    /// The bucket that is made.
    pub bucket: String,
}

/// A running object store.
#[derive(Debug)]
pub struct S3 {
    served: Served,
    bucket: String,
    _lock: FolderLock,
}

impl S3 {
    /// Opens the folder, makes the bucket and listens.
    pub async fn start(options: S3Options) -> Result<S3> {
        let lock = FolderLock::take(&options.dir)?;
        if !names::bucket(&options.bucket) {
            bail!("{:?} is no bucket name: use 3 to 63 of a-z, 0-9 and -", options.bucket);
        }
        let root = options.dir.canonicalize()?.join("objects");
        let bucket = root.join(&options.bucket);
        create_private(&bucket)?;
        sync_folder(&root)?;
        let files = s3s_fs::FileSystem::new(&root)
            .map_err(|error| anyhow!("{error:?}"))
            .with_context(|| format!("cannot keep objects in {}", root.display()))?;
        let mut service = S3ServiceBuilder::new(Guard::new(files, root));
        service.set_auth(SimpleAuth::from_single(options.access_key, options.secret_key));
        let service = service.build();
        let served = Served::start(bind(options.port)?, move |listener, stopping| serve(listener, stopping, service))?;
        Ok(S3 { served, bucket: options.bucket, _lock: lock })
    }

    /// The URL for a client's endpoint setting; buckets are in the path.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.served.address())
    }

    /// The bucket that was made.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Ends the store; the objects stay in the folder.
    pub async fn stop(mut self) {
        self.served.stop().await;
    }
}

async fn serve(listener: TcpListener, mut stopping: Stopping, service: S3Service) {
    let server = Arc::new(Builder::new(TokioExecutor::new()));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.wait() => break,
        };
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = accepted else { continue };
        let (server, service) = (server.clone(), service.clone());
        connections.spawn(async move {
            // A client that goes away in the middle is its own business.
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        });
    }
    connections.shutdown().await;
}
