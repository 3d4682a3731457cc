//! The fields of a message header (RFC 5322, 2.2), as they stand there.

/// Fields of one header that are kept. Real messages have some dozens.
pub const FIELDS: usize = 10_000;

/// One field, without its name and line breaks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    /// Its name as written.
    pub name: String,
    /// Its value, unfolded (RFC 5322, 2.2.3). Octets that are not UTF-8 show as U+FFFD.
    pub value: String,
}

impl Field {
    /// Whether it has that name, in any case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The header of a message, or as much of one as there is: it ends at the first empty line. A line that
/// belongs to no field is passed over, such as the first line of an mbox file. Beyond [`FIELDS`] only `From` is
/// kept: whoever puts more in front of it must not hide it.
#[must_use]
pub fn fields(message: &[u8]) -> Vec<Field> {
    let mut fields: Vec<(String, Vec<u8>)> = Vec::new();
    let mut kept = true;
    for line in lines(message) {
        if line.is_empty() {
            if fields.is_empty() {
                continue;
            }
            break;
        }
        if line.first().is_some_and(|octet| matches!(octet, b' ' | b'\t')) {
            if let Some((_, value)) = fields.last_mut().filter(|_| kept) {
                value.extend_from_slice(line);
            }
            continue;
        }
        if let Some((name, value)) = named(line) {
            kept = fields.len() < FIELDS || name.eq_ignore_ascii_case("From");
            if kept {
                fields.push((name, value.to_vec()));
            }
        }
    }
    let field = |(name, value): (String, Vec<u8>)| Field { name, value: crate::text::lossy(&value) };
    fields.into_iter().map(field).collect()
}

/// `field-name = 1*ftext`, and a colon; before it blanks may stand (RFC 5322, 4.5).
fn named(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().position(|octet| *octet == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_name.then(|| (crate::text::lossy(name), value.get(1..).unwrap_or_default()))
}

/// Lines that end in CR LF, or in one of the two alone.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.filter(|text| !text.is_empty())?;
        let end = text.iter().position(|octet| matches!(octet, b'\r' | b'\n')).unwrap_or(text.len());
        let (line, behind) = text.split_at_checked(end)?;
        rest = Some(behind.strip_prefix(b"\r\n").or_else(|| behind.get(1..)).unwrap_or_default());
        Some(line)
    })
}
