//! `raif bench`.
mod machine;

use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(_args: Args) -> color_eyre::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
