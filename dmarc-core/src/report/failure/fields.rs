//! The block of fields (RFC 5965, 3.1): names, unfolded values, and the lines they stand on.

/// One field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    /// Unfolded and trimmed; octets that are not UTF-8 show as U+FFFD.
    pub(super) value: String,
    /// The line that it begins on, from 1.
    pub(super) line: u64,
    /// Offset of that line.
    pub(super) offset: u64,
}

/// What is in a block of fields.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) fields: Vec<Field>,
    /// Lines that belong to no field, each as an empty name.
    pub(super) stray: Vec<Field>,
    /// Whether there were more than the limit.
    pub(super) cut: bool,
}

/// Reads a block of fields; blank lines within it are passed over, since some writers put one between all.
pub(super) fn read(octets: &[u8], limit: usize) -> Block {
    let mut block = Block::default();
    let (mut number, mut offset) = (0, 0);
    let mut open: Option<(String, Vec<u8>, u64, u64)> = None;
    let close = |block: &mut Block, open: Option<(String, Vec<u8>, u64, u64)>| {
        if let Some((name, value, line, offset)) = open {
            let value = crate::text::lossy(&value).trim().to_owned();
            block.fields.push(Field { name, value, line, offset });
        }
    };
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        number += 1;
        let start = offset;
        offset += line.len() as u64;
        let line = line.trim_ascii_end();
        if line.is_empty() {
            continue;
        }
        if line.first().is_some_and(u8::is_ascii_whitespace)
            && let Some((_, value, ..)) = &mut open
        {
            value.push(b' ');
            value.extend_from_slice(line.trim_ascii());
            continue;
        }
        let name = line.split(|octet| *octet == b':').next().unwrap_or_default();
        let is_field = name.len() < line.len()
            && !name.trim_ascii().is_empty()
            && name.trim_ascii().iter().all(u8::is_ascii_graphic);
        if block.fields.len() + block.stray.len() + usize::from(open.is_some()) >= limit {
            block.cut = true;
            break;
        }
        if is_field {
            close(&mut block, open.take());
            let value = line.get(name.len() + 1..).unwrap_or_default().to_vec();
            open = Some((crate::text::lossy(name.trim_ascii()), value, number, start));
        } else {
            let value = crate::text::lossy(line.trim_ascii());
            block.stray.push(Field { name: String::new(), value, line: number, offset: start });
        }
    }
    close(&mut block, open);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_and_know_their_lines() {
        let block = read(b"A: 1\r\nB:\r\n  2\r\n\t3\r\nnothing\r\n\r\nC:4", 9);
        let fields: Vec<_> = block
            .fields
            .iter()
            .map(|field| (field.name.as_str(), field.value.as_str(), field.line))
            .collect();
        assert_eq!(fields, [("A", "1", 1), ("B", "2 3", 2), ("C", "4", 7)]);
        assert_eq!(block.stray.len(), 1);
        assert!(!block.cut);
        let cut = read(b"A:\nB:\nC:", 2);
        assert!(cut.cut && cut.fields.len() == 2);
    }
}
