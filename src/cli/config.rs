//! `raif config`.

use std::fmt::Write;
use std::process::ExitCode;

use super::output::{failed, print};
use crate::chat::sanitize;
use crate::config::{self, Config};
use crate::dirs::Dirs;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print where the settings file is, or would be
    Path,
    /// Write a settings file with every setting explained and switched off
    Init,
    /// Print every setting in force and where it was set
    Show {
        #[arg(long)]
        json: bool,
    },
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let dirs = match Dirs::find() {
        Ok(dirs) => dirs,
        Err(error) => return Ok(failed(&error)),
    };
    let path = dirs.config_file();
    let code = match args.command {
        Command::Path => print(&format!("{}\n", path.display())),
        Command::Init => match config::init(&path) {
            Ok(()) => print(&format!("{}\n", path.display())),
            Err(error) => failed(&error),
        },
        Command::Show { json } => match config::load() {
            Ok(config) => show(&config, json),
            Err(error) => failed(&error),
        },
    };
    Ok(code)
}

fn show(config: &Config, json: bool) -> ExitCode {
    for unknown in &config.unknown {
        eprintln!("raif: {unknown}");
    }
    if json {
        let shown = serde_json::json!({
            "settings": config.shown(),
            "dirs": { "config": config.dirs.config, "data": config.dirs.data, "state": config.dirs.state },
        });
        return print(&(sanitize::escape_json(&format!("{shown:#}")).into_owned() + "\n"));
    }
    let mut out = String::new();
    for shown in config.shown() {
        let setting = match &shown.value {
            // JSON text, numbers and truth values are TOML as well.
            Some(value) => format!("{} = {}", shown.key, sanitize::escape_json(&value.to_string())),
            None => format!("#{}", shown.key),
        };
        let origin = match &shown.value {
            Some(_) => shown.origin.to_string(),
            None => "not set".to_owned(),
        };
        let _ = writeln!(out, "{setting:<40} # {origin}");
    }
    let dirs = &config.dirs;
    for (what, path) in [
        ("settings", dirs.config_file()),
        ("keys", dirs.keymap_file()),
        ("themes", dirs.themes()),
        ("prompts", dirs.prompts()),
        ("models", dirs.models()),
        ("conversations", dirs.conversations()),
        ("state", dirs.state.clone()),
    ] {
        let _ = writeln!(out, "# {what:<13} {}", path.display());
    }
    print(&out)
}
