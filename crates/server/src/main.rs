//! The `televisit` binary.

fn main() -> std::process::ExitCode {
    televisit::cli::main()
}
