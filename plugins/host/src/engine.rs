//! The engine's configuration: the same in the process that runs plugins and in the one that translates them.

use crate::limits::Limits;
use crate::manifest::Language;
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// A script runtime's component has some forty core instances.
const CORE_INSTANCES: u32 = 64;
const MEMORIES: u32 = 4;
const TABLES: u32 = 20;
/// What a memory keeps between runs instead of giving it back to the machine: most plugins touch no more.
const RESIDENT: usize = 256 << 10;

/// For everything: deterministic, measured, and with nothing that plugins do not need.
fn config() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .consume_fuel(true)
        .epoch_interruption(true)
        // The same bits everywhere, so that a run can be repeated on another machine.
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        .wasm_memory64(false)
        .max_wasm_stack(512 << 10)
        .wasm_backtrace_max_frames(None);
    config
}

/// Translates and runs nothing; with all processors or with one.
pub(crate) fn for_compiling(parallel: bool) -> wasmtime::Result<Engine> {
    let mut config = config();
    config.parallel_compilation(parallel);
    Engine::new(&config)
}

/// Runs, at most so many at once.
pub(crate) fn for_running(runs: u32) -> wasmtime::Result<Engine> {
    let largest = Limits::new(crate::limits::Budget::Document, Language::Python);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(runs)
        .total_core_instances(runs * CORE_INSTANCES)
        .total_memories(runs * MEMORIES)
        .total_tables(runs * TABLES)
        .total_stacks(runs)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(TABLES)
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .max_memory_size(largest.memory)
        .table_elements(largest.tables)
        .linear_memory_keep_resident(RESIDENT)
        .table_keep_resident(RESIDENT)
        .async_stack_keep_resident(64 << 10);
    let mut config = config();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config)
}

/// Changes with everything that makes translated code of one engine unusable by another.
pub(crate) fn compatibility(engine: &Engine) -> String {
    struct Collect(Sha256);
    impl Hasher for Collect {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut collect = Collect(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut collect);
    data_encoding::HEXLOWER.encode(&collect.0.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_one_translates_the_other_runs() {
        assert_eq!(compatibility(&for_compiling(true).unwrap()), compatibility(&for_running(1).unwrap()));
    }
}
