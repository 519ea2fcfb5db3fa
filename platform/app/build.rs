//! The folders that npm fills are embedded into the program; before the first npm build they exist, but empty.
use std::path::Path;

fn main() {
    for folder in ["assets/dist", "../../admin-ui/dist"] {
        let made = std::fs::create_dir_all(Path::new(folder));
        if let Err(error) = made {
            println!("cargo:warning={folder} cannot be made: {error}");
        }
        println!("cargo:rerun-if-changed={folder}");
    }
    println!("cargo:rerun-if-changed=templates");
}
