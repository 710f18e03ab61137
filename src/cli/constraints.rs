//! `raif constraints`.

use std::process::ExitCode;

use color_eyre::eyre::eyre;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The prompt, or - for standard input
    prompt: Option<String>,
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// JSON lines in, JSON lines out, in the same order
    #[arg(long)]
    batch: bool,
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let _ = (args.json, args.prompt);
    if args.batch {
        for line in std::io::stdin().lines() {
            let line = line?;
            let row: serde_json::Value = serde_json::from_str(&line)?;
            let prompt = row["prompt"].as_str().ok_or_else(|| eyre!("no prompt"))?;
            let reading = crate::constraints::parse::parse(prompt);
            let cs = &reading.constraints;
            println!(
                "{}",
                serde_json::json!({"key": row["key"], "instruction_id_list": cs.iter().map(|c| &c.id).collect::<Vec<_>>(),
                "kwargs": cs.iter().map(|c| &c.kwargs).collect::<Vec<_>>(),
                "spans": cs.iter().map(|c| &prompt[c.span.clone()]).collect::<Vec<_>>(), "tree": {"type":"and","children":[]}, "soft": [], "conflicts": []})
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
