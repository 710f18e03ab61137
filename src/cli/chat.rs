//! `raif` without a subcommand: the chat.

use std::process::ExitCode;

use super::flags::{ModelFlags, SamplingFlags};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub model: ModelFlags,
    #[command(flatten)]
    pub sampling: SamplingFlags,
    /// How the model is asked: io, cot
    #[arg(long)]
    pub method: Option<String>,
    /// System message
    #[arg(long)]
    pub system: Option<String>,
    /// Continue a saved conversation: its id, or the latest
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    pub resume: Option<String>,
}

pub fn run(_args: Args) -> color_eyre::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
