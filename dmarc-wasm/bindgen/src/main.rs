//! Writes the JavaScript around the linked wasm module: `dmarc-wasm-bindgen MODULE.wasm OUT_DIR`.
//!
//! The work is done by the library behind the command `wasm-bindgen`. Pinned in the workspace, it always
//! has the version of the crate, and it builds in half a minute where the command takes seven.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, out] = arguments.as_slice() else {
        eprintln!("usage: dmarc-wasm-bindgen MODULE.wasm OUT_DIR");
        return ExitCode::from(2);
    };
    match write_all(Path::new(module), Path::new(out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dmarc-wasm-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Both forms of the package: modules that Node loads from disk, and modules that a page fetches.
fn write_all(module: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut node = Bindgen::new();
    node.nodejs_module(true)?;
    write(node, module, &out.join("node"))?;

    let mut web = Bindgen::new();
    web.web(true)?;
    write(web, module, &out.join("web"))
}

fn write(mut bindgen: Bindgen, module: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    bindgen
        .input_path(module)
        .out_name("dmarc_wasm")
        .typescript(true)
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(out)?;
    Ok(())
}
