//! What the benchmarks of plugins give to a host: the component is at hand, and no run is kept.

use async_trait::async_trait;
use plugin_host::{
    Recording, Run,
    author::sample::{SampleProjects, SampleSecrets, SampleStore},
    delegate::{Delegate, Failure, RunRecords, Uploads},
};
use std::{hint::black_box, sync::Arc};

struct Nothing(Vec<u8>);

#[async_trait]
impl Uploads for Nothing {
    async fn component(&self, _: &str) -> Result<Vec<u8>, Failure> {
        Ok(self.0.clone())
    }
}

#[async_trait]
impl RunRecords for Nothing {
    async fn keep(&self, run: &Run, recording: &Recording) -> Result<(), Failure> {
        black_box((run, recording));
        Ok(())
    }
}

/// For a company whose only plugin this is.
pub fn delegate(wasm: Vec<u8>) -> Delegate {
    let nothing = Arc::new(Nothing(wasm));
    Delegate {
        uploads: Arc::clone(&nothing) as Arc<dyn Uploads>,
        projects: Arc::new(SampleProjects),
        kv: Arc::new(SampleStore::default()),
        secrets: Arc::new(SampleSecrets(Vec::new())),
        records: nothing,
        dry: false,
    }
}
