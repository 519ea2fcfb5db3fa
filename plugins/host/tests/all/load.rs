//! Many runs leave nothing behind.

use crate::{
    examples,
    hostile::resident,
    product::{host, installed},
};
use plugin_host::Outcome;

/// 2,000 runs here; `bin/bench plugin-call` does many more.
#[tokio::test]
async fn many_runs_do_not_grow_the_process() {
    let plugin = installed(host(), examples::ROOFING).await;
    let run = async |times: usize| {
        for _ in 0..times {
            assert_eq!(plugin.run(host()).await.report.outcome, Outcome::Done);
        }
    };
    // Other tests run beside this one: the smallest growth of a few rounds is this one's.
    run(300).await;
    let mut growth = usize::MAX;
    for _ in 0..4 {
        let before = resident();
        run(500).await;
        growth = growth.min(resident().saturating_sub(before) * 100 / before);
    }
    assert!(growth <= 5, "{growth} %");
}
