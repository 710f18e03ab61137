fn main() -> std::process::ExitCode {
    raif::cli::main()
}
