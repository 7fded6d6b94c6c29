//! Has the server built again when the pages inside it have changed.

fn main() {
    let pages = "../../web/dist";
    // A folder that is missing would be embedded as missing for good, and would count as changed on every build.
    // Where it cannot be made, the pages are left out, and the server says so.
    let _ = std::fs::create_dir_all(pages);
    println!("cargo:rerun-if-changed={pages}");
    println!("cargo:rerun-if-changed=build.rs");
}
