//! What the benchmarks of tests/load stand on: many companies over one database server of their own, and a browser that costs little.

mod browser;
mod company;
mod household;
mod stage;

pub use browser::Browser;
pub use company::{Company, PROJECTS, Visit, fingerprint, script};
pub use household::Household;
pub use stage::{Program, Stage};

/// Prints one row of a table and returns its median.
pub fn row(name: &str, values: &mut [f64], decimals: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let (least, median, most) = (values[0], values[values.len() / 2], values[values.len() - 1]);
    println!("{name:<44}{least:>10.decimals$}{median:>10.decimals$}{most:>10.decimals$}");
    median
}

/// The head of such a table.
pub fn head(name: &str) {
    println!("{name:<44}{:>10}{:>10}{:>10}", "minimum", "median", "maximum");
}
