//! What this program is made of, as far as it matters for an answer.

/// Version of the crate `psl`, which is the version of its list; a test holds it to the lock file.
pub(crate) const PUBLIC_SUFFIX_LIST: &str = "2.1.247";

/// Version of this program and of the library, which are released together.
pub(crate) const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// The text of `--version`.
pub(crate) fn long() -> String {
    format!("{PROGRAM}\ndmarc-core {PROGRAM}\npublic suffix list: crate psl {PUBLIC_SUFFIX_LIST}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_the_one_that_is_linked() {
        let lock = include_str!("../../../Cargo.lock");
        let version = lock
            .split("[[package]]")
            .find(|package| package.contains("\nname = \"psl\"\n"))
            .and_then(|package| package.lines().find_map(|line| line.strip_prefix("version = ")));
        assert_eq!(version, Some(format!("\"{}\"", super::PUBLIC_SUFFIX_LIST).as_str()));
    }
}
