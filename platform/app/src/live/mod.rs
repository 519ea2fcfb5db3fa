//! Live updates: what happens shows on open pages without a reload.
