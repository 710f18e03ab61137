//! `raif completions`.

use std::process::ExitCode;

use clap::CommandFactory;

use super::output::print;

#[derive(Debug, clap::Args)]
pub struct Args {
    shell: clap_complete::Shell,
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::Cli::command(), "raif", &mut script);
    Ok(print(&String::from_utf8_lossy(&script)))
}
