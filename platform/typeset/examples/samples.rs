//! Writes a sample of every kind on every paper in every brand, and the odd ones: `cargo run -p typeset --example samples -- FOLDER`.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::{error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder: PathBuf = std::env::args_os().nth(1).ok_or("the folder is missing")?.into();
    fs::create_dir_all(&folder)?;
    for (name, order) in samples::all() {
        let pdf = typeset::render_here(&order).map_err(|failure| format!("{name}: {failure}"))?;
        fs::write(folder.join(format!("{name}.pdf")), &pdf.bytes)?;
        println!("{name}: {} pages, {} KB", pdf.pages, pdf.bytes.len() / 1024);
    }
    Ok(())
}
