fn main() -> color_eyre::Result<std::process::ExitCode> {
    raif::cli::main()
}
