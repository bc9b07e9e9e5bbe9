//! Embeds every data file of `chart-blocks/` and `presets/` into the library.
//!
//! A sorted table of `include_bytes!`: deterministic, without a dependency, and a new file is
//! seen without a clean build (rust-deps 9).

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    write_table(&root, &out.join("blocks.rs"))?;
    write_table(&root.join("../presets"), &out.join("presets.rs"))
}

fn write_table(root: &Path, out: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    collect(root, root, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for (name, path) in &files {
        code.push_str(&format!("    ({name:?}, include_bytes!({path:?})),\n"));
    }
    code.push_str("]\n");
    fs::write(out, code)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_none_or(|e| e != "rs") && path.file_name().is_none_or(|n| n != "Cargo.toml") {
            println!("cargo::rerun-if-changed={}", path.display());
            let name = path.strip_prefix(root).map_err(io::Error::other)?;
            files.push((name.display().to_string(), path.display().to_string()));
        }
    }
    Ok(())
}
