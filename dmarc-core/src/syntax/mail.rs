//! Comments, quoted strings and blanks of header fields (RFC 5322, 3.2).

use nom::IResult;

/// A text between two characters, in which a backslash protects the next character; the characters are part of
/// it. A comment nests; its depth is counted, so that no depth costs memory.
pub(crate) fn enclosed(open: char, close: char) -> impl Fn(&str) -> IResult<&str, &str> {
    move |input| {
        let error = || nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Char));
        let mut depth = 0_usize;
        let mut protected = false;
        for (at, character) in input.char_indices() {
            if at == 0 && character != open {
                return Err(error());
            }
            match character {
                _ if protected => protected = false,
                '\\' => protected = true,
                _ if character == close && (depth == 1 || open == close) && at > 0 => {
                    let (text, behind) =
                        input.split_at_checked(at + character.len_utf8()).ok_or_else(error)?;
                    return Ok((behind, text));
                }
                _ if character == open && (depth == 0 || open == '(') => depth += 1,
                _ if character == close => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        Err(error())
    }
}

/// `comment`
pub(crate) fn comment(input: &str) -> IResult<&str, &str> {
    enclosed('(', ')')(input)
}

/// `quoted-string`, without the blanks around it.
pub(crate) fn quoted_string(input: &str) -> IResult<&str, &str> {
    enclosed('"', '"')(input)
}

/// What stands behind blanks and line breaks.
pub(crate) fn behind_blanks(input: &str) -> &str {
    input.trim_start_matches([' ', '\t', '\r', '\n'])
}

/// What stands behind `CFWS`, where each comment is handed to `keep`.
pub(crate) fn behind_comments<'a>(mut input: &'a str, mut keep: impl FnMut(&'a str)) -> &'a str {
    loop {
        let trimmed = behind_blanks(input);
        match comment(trimmed) {
            Ok((behind, text)) => {
                keep(text);
                input = behind;
            }
            Err(_) => return trimmed,
        }
    }
}

/// What a comment or a quoted string holds, without what encloses it and without its backslashes.
pub(crate) fn content(enclosed: &str) -> String {
    let mut characters = enclosed.chars();
    characters.next();
    characters.next_back();
    let mut text = String::with_capacity(enclosed.len());
    let mut protected = false;
    for character in characters {
        if character == '\\' && !protected {
            protected = true;
        } else {
            protected = false;
            text.push(character);
        }
    }
    text
}
