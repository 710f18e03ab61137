//! `raif completions`.

use std::process::ExitCode;

use clap::CommandFactory;

#[derive(Debug, clap::Args)]
pub struct Args {
    shell: clap_complete::Shell,
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    clap_complete::generate(
        args.shell,
        &mut super::Cli::command(),
        "raif",
        &mut std::io::stdout(),
    );
    Ok(ExitCode::SUCCESS)
}
