//! Writes every sample of every page and mail into a folder, with the built files beside them, to be looked at:
//! `cargo run -p platform --example render -- target/pages`, then `npm run look` in assets/.
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use kernel::assets::Assets;
use platform::pages::{PortalFiles, all, load};

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/pages".to_owned()));
    let files = folder.join("assets");
    for name in PortalFiles::iter() {
        let file = PortalFiles::get(&name).with_context(|| format!("{name} vanished"))?;
        let path = files.join(&*name);
        std::fs::create_dir_all(path.parent().context("a folder")?)?;
        std::fs::write(path, file.data)?;
    }
    let pages = load(&Assets::default().with::<PortalFiles>("", None))?;
    for sample in all() {
        let name = sample.name.replace(".html", "").replace(['/', '#'], "-");
        let html = (sample.render)(&pages).with_context(|| sample.name.clone())?;
        std::fs::write(folder.join(format!("{name}.html")), html)?;
    }
    println!("{} pages in {}", all().len(), folder.display());
    Ok(())
}
