// Put behind the core's own source by the stage `fence`: each function must be refused by dmarc-core/clippy.toml.

/// Reads a file.
pub fn reads_a_file() -> std::io::Result<Vec<u8>> {
    std::fs::read("/etc/hostname")
}

/// Reads the environment.
pub fn reads_the_environment() -> Option<String> {
    std::env::var("HOME").ok()
}

/// Reads the clock.
pub fn reads_the_clock() -> std::time::Duration {
    std::time::Instant::now().elapsed()
}

/// Opens a connection.
pub fn opens_a_connection() -> bool {
    std::net::TcpStream::connect("192.0.2.1:25").is_ok()
}

/// Prints.
pub fn prints() {
    println!("seen");
}
