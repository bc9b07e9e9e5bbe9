//! The program `sparkyard`; see the library for what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    sparkyard_cli::main()
}
