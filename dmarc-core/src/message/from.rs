//! The addresses of a `From` field (RFC 5322, 3.4 and 4.4; RFC 6532 for UTF-8; RFC 6854 for groups).
//!
//! Only the domain of each address is kept. The crate `mail-parser`, which unpacks reports here, is made to
//! show mail and mends what it reads: it gives `@` for `a (x) @ example . com`, and for
//! `<a@example.com> <b@example.net>` the domain `example.comb@example.net`, which nobody wrote. A verdict
//! about the author must not rest on a guess, so the grammar is read as it stands, with one liberty: a
//! display name may hold `@` without quotation marks, as much real mail has it.

use std::collections::BTreeSet;

use nom::branch::alt;
use nom::bytes::complete::take_while1;
use nom::character::complete::one_of;
use nom::combinator::map;
use nom::{IResult, Parser};

use super::authors::{Authors, Problem};
use crate::name::DomainName;
use crate::syntax::mail;

/// Most characters of a text that a finding quotes.
const QUOTED: usize = 60;

/// What the grammar is made of, once comments and blanks are out of the way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Token<'a> {
    /// An atom.
    Atom(&'a str),
    /// A quoted-string.
    Quoted,
    /// A domain-literal.
    Literal(&'a str),
    /// One of `<>@,;:.`.
    Special(char),
}

/// A token, and the text from it on.
type Placed<'a> = (Token<'a>, &'a str);

/// `atext`, with everything that is not ASCII (RFC 6532, 3.2).
fn is_atext(character: char) -> bool {
    !character.is_ascii() || character.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character)
}

fn atom(input: &str) -> IResult<&str, Token<'_>> {
    map(take_while1(is_atext), Token::Atom).parse(input)
}

fn special(input: &str) -> IResult<&str, Token<'_>> {
    map(one_of("<>@,;:."), Token::Special).parse(input)
}

/// `quoted-string`, without the blanks around it.
fn quoted_string(input: &str) -> IResult<&str, Token<'_>> {
    map(mail::quoted_string, |_| Token::Quoted).parse(input)
}

/// `domain-literal`.
fn domain_literal(input: &str) -> IResult<&str, Token<'_>> {
    map(mail::enclosed('[', ']'), Token::Literal).parse(input)
}

/// The tokens of a field; the text that is none.
fn tokens(field: &str) -> Result<Vec<Placed<'_>>, &str> {
    let mut tokens = Vec::new();
    let mut rest = mail::behind_comments(field, drop);
    while !rest.is_empty() {
        let parsed = alt((atom, special, quoted_string, domain_literal)).parse(rest);
        let (behind, token) = parsed.map_err(|_| rest)?;
        tokens.push((token, rest));
        rest = mail::behind_comments(behind, drop);
    }
    Ok(tokens)
}

/// The author domains of a message by its `From` fields.
#[must_use]
pub fn authors<'a>(fields: impl IntoIterator<Item = &'a str>) -> Authors {
    let fields: Vec<&str> = fields.into_iter().collect();
    let refused = |problem| Authors { domains: Vec::new(), problem: Some(problem) };
    match fields.as_slice() {
        [] => refused(Problem::NoField),
        [field] => of_field(field).unwrap_or_else(refused),
        several => refused(Problem::SeveralFields { count: several.len() }),
    }
}

fn of_field(field: &str) -> Result<Authors, Problem> {
    let malformed = |text: &str| Problem::Malformed { text: text.chars().take(QUOTED).collect() };
    let tokens = tokens(field).map_err(malformed)?;
    let mut list = AddressList { rest: &tokens, domains: Vec::new() };
    list.read().map_err(malformed)?;
    if list.domains.is_empty() {
        return Err(Problem::NoAddress);
    }
    let mut seen = BTreeSet::new();
    let mut domains = Vec::new();
    for text in list.domains {
        let name = DomainName::parse(&text).ok().filter(|name| !text.starts_with('[') && !name.is_root());
        let name = name.ok_or_else(|| Problem::NotADomain { text: text.chars().take(QUOTED).collect() })?;
        if seen.insert(name.clone()) {
            domains.push(name);
        }
    }
    Ok(Authors { domains, problem: None })
}

/// `address-list` and `obs-addr-list`, as far as it is read.
struct AddressList<'a, 't> {
    rest: &'t [Placed<'a>],
    domains: Vec<String>,
}

impl<'a> AddressList<'a, '_> {
    fn next(&mut self) -> Option<Token<'a>> {
        let ((token, _), rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*token)
    }

    fn next_is(&self, special: char) -> bool {
        self.rest.first().is_some_and(|(token, _)| *token == Token::Special(special))
    }

    /// The text that is left, for whoever wants to know where it went wrong.
    fn here(&self) -> &'a str {
        self.rest.first().map_or("", |(_, text)| text)
    }

    /// `address *("," address)`; between commas there may be nothing (RFC 5322, 4.4).
    fn read(&mut self) -> Result<(), &'a str> {
        let mut in_group = false;
        while let Some((first, start)) = self.rest.first().copied() {
            match first {
                Token::Special(',') => {
                    self.next();
                    continue;
                }
                Token::Special(';') if in_group => {
                    in_group = false;
                    self.next();
                }
                _ if self.element(start, in_group)? => {
                    in_group = true;
                    continue;
                }
                _ => {}
            }
            let ended = self.rest.is_empty() || self.next_is(',') || in_group && self.next_is(';');
            if !ended {
                return Err(self.here());
            }
        }
        if in_group { Err("") } else { Ok(()) }
    }

    /// A mailbox, or the beginning of a group: then true.
    fn element(&mut self, start: &'a str, in_group: bool) -> Result<bool, &'a str> {
        let is_name = |token: &Token<'_>| !matches!(token, Token::Special('<' | '>' | ',' | ';' | ':'));
        let length = self.rest.iter().take_while(|(token, _)| is_name(token)).count();
        let (words, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        if self.next_is('<') {
            self.next();
            return self.angle_addr().map(|()| false);
        }
        if self.next_is(':') && !in_group && !words.is_empty() {
            self.next();
            return Ok(true);
        }
        let domain = addr_spec(words).ok_or(start)?;
        self.domains.push(domain);
        Ok(false)
    }

    /// `"<" [obs-route] addr-spec ">"`, behind its first character.
    fn angle_addr(&mut self) -> Result<(), &'a str> {
        let start = self.here();
        if self.next_is('@') {
            // `obs-route = obs-domain-list ":"` (RFC 5322, 4.4)
            let is_route = |token: &Token<'_>| {
                matches!(token, Token::Special('@' | ',' | '.') | Token::Atom(_) | Token::Literal(_))
            };
            while self.rest.first().is_some_and(|(token, _)| is_route(token)) {
                self.next();
            }
            if !self.next_is(':') {
                return Err(start);
            }
            self.next();
        }
        let length = self.rest.iter().take_while(|(token, _)| *token != Token::Special('>')).count();
        let (words, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        let domain = addr_spec(words).ok_or(start)?;
        self.rest = rest;
        match self.next() {
            Some(_) => self.domains.push(domain),
            None => return Err(start),
        }
        Ok(())
    }
}

/// `addr-spec = local-part "@" domain`: the domain.
///
/// Dots of a local-part may stand anywhere, as some large providers gave them out; it is not looked at.
fn addr_spec(tokens: &[Placed<'_>]) -> Option<String> {
    let at = tokens.iter().position(|(token, _)| *token == Token::Special('@'))?;
    let (local, domain) = tokens.split_at_checked(at)?;
    let mut word_before = false;
    for (token, _) in local {
        let word = matches!(token, Token::Atom(_) | Token::Quoted);
        if word == word_before && word || !word && *token != Token::Special('.') {
            return None;
        }
        word_before = word;
    }
    if local.is_empty() {
        return None;
    }
    match domain.get(1..)? {
        [(Token::Literal(text), _)] => Some((*text).to_owned()),
        labels => obs_domain(labels),
    }
}

/// `obs-domain = atom *("." atom)`, with a final dot let through: some write it.
fn obs_domain(tokens: &[Placed<'_>]) -> Option<String> {
    let mut domain = String::new();
    for (index, (token, _)) in tokens.iter().enumerate() {
        match (token, index % 2) {
            (Token::Atom(text), 0) => domain.push_str(text),
            (Token::Special('.'), 1) => domain.push('.'),
            _ => return None,
        }
    }
    (!domain.is_empty()).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &str) -> Result<Vec<String>, Problem> {
        let authors = authors([field]);
        match authors.problem {
            Some(problem) => Err(problem),
            None => Ok(authors.domains.iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn ten_thousand_addresses_and_a_thousand_comments_take_no_time() {
        let many: Vec<String> = (0..10_000).map(|number| format!("a@d{number}.example")).collect();
        assert_eq!(read(&many.join(", ")).map(|all| all.len()), Ok(10_000));
        let nested = format!("{}x{} a@example.com", "(".repeat(1_000), ")".repeat(1_000));
        assert_eq!(read(&nested), Ok(vec!["example.com".to_owned()]));
        assert!(read(&"(".repeat(1 << 20)).is_err());
        assert!(read(&"\"".repeat((1 << 20) + 1)).is_err());
        assert!(read(&"a".repeat(1 << 20)).is_err());
    }

    #[test]
    fn nothing_is_glued_together() {
        assert!(read("<a@example.com> <b@example.net>").is_err());
        assert!(read("a b@example.com").is_err());
        assert!(read("a@b@example.com").is_err());
        assert!(read("a@exam ple.com").is_err());
    }
}
