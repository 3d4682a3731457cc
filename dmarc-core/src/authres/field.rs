//! One `Authentication-Results` field: its grammar, and what is made of deviations from it (RFC 8601, 2.2).

use nom::IResult;
use nom::Parser;
use nom::bytes::complete::{take_while, take_while1};
use nom::combinator::verify;

use super::AuthResult;
use super::rules::{
    EMPTY_RESULT, INVALID_PART, MANY_RESULTS, MISPLACED_REASON, MISSING_ID, NO_PROPERTY_TYPE, NO_RESULT,
    UNCLOSED, UNKNOWN_METHOD, UNKNOWN_METHOD_VERSION, UNKNOWN_PROPERTY_TYPE, UNKNOWN_RESULT, UNKNOWN_VERSION,
    UNQUOTED_VALUE,
};
use crate::diagnostics::{self, Diagnostic, Parsed, Rule, Span};
use crate::syntax::mail;

/// Results of one field that are read. A field of a real receiver has fewer than ten.
pub const RESULTS: usize = 100;

/// Most findings of one field.
const FINDINGS: usize = 100;

/// One field: who speaks, and what it says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AuthenticationResults {
    /// Who speaks; `None` where that is missing, so that nobody can trust it.
    pub authserv_id: Option<String>,
    /// Version of the field; 1 where none is said.
    pub version: u32,
    /// Which set of ARC it belongs to (RFC 8617, 4.1.1); `None` for the field outside ARC.
    pub instance: Option<u8>,
    /// Whether it says that nothing was checked.
    pub nothing_checked: bool,
    /// The results, in order.
    pub results: Vec<MethodResult>,
}

/// The result of one method.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct MethodResult {
    /// Name of the method, in lower case.
    pub method: String,
    /// Its version; 1 where none is said.
    pub version: u32,
    /// The result as written.
    pub word: String,
    /// The result; `None` if the method does not have it.
    pub result: Option<AuthResult>,
    /// Reasons; the standard allows one.
    pub reasons: Vec<String>,
    /// What it was found for.
    pub properties: Vec<Property>,
    /// Comments, which are no data (RFC 8601, 2.2), without their brackets.
    pub comments: Vec<String>,
}

/// A property of a result.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Property {
    /// Where the value comes from, such as `smtp` or `header`, in lower case; `None` where that is missing.
    pub ptype: Option<String>,
    /// Its name, in lower case.
    pub name: String,
    /// Its value, without quotation marks.
    pub value: String,
}

impl MethodResult {
    /// The value of a property.
    #[must_use]
    pub fn property(&self, ptype: &str, name: &str) -> Option<&str> {
        let matches =
            |property: &&Property| property.ptype.as_deref() == Some(ptype) && property.name == name;
        self.properties.iter().find(matches).map(|property| property.value.as_str())
    }
}

impl AuthenticationResults {
    /// Reads the value of a field, folded or not.
    ///
    /// ```
    /// use dmarc_core::authres::{AuthResult, AuthenticationResults};
    ///
    /// let text = "example.com; spf=pass (sender is known) smtp.mailfrom=example.net";
    /// let field = AuthenticationResults::parse(text).value.unwrap();
    /// assert_eq!(field.authserv_id.as_deref(), Some("example.com"));
    /// assert_eq!(field.results[0].result, Some(AuthResult::Pass));
    /// assert_eq!(field.results[0].property("smtp", "mailfrom"), Some("example.net"));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Parsed<Self> {
        let mut reader = Reader::new(text, text);
        let mut field = Self { version: 1, ..Self::default() };
        let _stopped_at_unclosed = reader.field(&mut field);
        reader.finish(field)
    }

    /// Reads the value of an `ARC-Authentication-Results` field: an instance, and then the same (RFC 8617,
    /// 4.1.1).
    #[must_use]
    pub fn parse_arc(text: &str) -> Parsed<Self> {
        let start = mail::behind_comments(text, drop);
        let instance = instance(start).ok();
        let rest = instance.map_or(start, |(rest, _)| rest);
        let mut reader = Reader::new(text, rest);
        let mut field = Self { version: 1, instance: instance.map(|(_, number)| number), ..Self::default() };
        let _stopped_at_unclosed = reader.field(&mut field);
        reader.finish(field)
    }

    /// Whether its results may be used: another version may mean something else (RFC 8601, 2.6).
    #[must_use]
    pub const fn is_known_version(&self) -> bool {
        self.version == 1
    }
}

/// `instance = [CFWS] "i" [CFWS] "=" [CFWS] 1*2DIGIT [CFWS] ";"`
fn instance(input: &str) -> IResult<&str, u8> {
    let rest = mail::behind_comments(nom::character::complete::one_of("iI").parse(input)?.0, drop);
    let rest = mail::behind_comments(nom::character::complete::char('=').parse(rest)?.0, drop);
    let (rest, number) =
        verify(nom::character::complete::u8, |number| (1..=50).contains(number)).parse(rest)?;
    let rest = mail::behind_comments(rest, drop);
    Ok((nom::character::complete::char(';').parse(rest)?.0, number))
}

/// `Keyword` of RFC 5321, 4.1.2, and `_`, which some methods have.
fn keyword(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).parse(input)
}

/// A value as it arrives: everything up to a blank, a comment or a semicolon.
fn lenient(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '(' | '"')).parse(input)
}

/// `token` of RFC 2045, 5.1.
fn is_token(text: &str) -> bool {
    let visible = |c: char| !c.is_ascii() || c.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(c);
    !text.is_empty() && text.chars().all(visible)
}

/// `value / [ [ local-part ] "@" ] domain-name`
fn is_pvalue(text: &str) -> bool {
    let local = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    is_token(text)
        || text.rsplit_once('@').is_some_and(|(front, domain)| front.chars().all(local) && is_token(domain))
}

/// The rest of the field cannot be read.
struct Stopped;

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    comments: Vec<String>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str, rest: &'a str) -> Self {
        Self { text, rest, comments: Vec::new(), diagnostics: Vec::new() }
    }

    fn finish(mut self, field: AuthenticationResults) -> Parsed<AuthenticationResults> {
        diagnostics::sort(&mut self.diagnostics);
        self.diagnostics.truncate(FINDINGS);
        Parsed { value: Some(field), diagnostics: self.diagnostics }
    }

    fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    fn find(&mut self, rule: &'static Rule, span: impl Into<Span>, arg: Option<(&'static str, String)>) {
        // Far more than are shown would only cost memory.
        if self.diagnostics.len() < 2 * FINDINGS {
            let found = rule.at(span);
            self.diagnostics.push(match arg {
                Some((name, value)) => found.arg(name, value),
                None => found,
            });
        }
    }

    /// Passes over `CFWS`, and keeps its comments.
    fn blanks(&mut self) -> Result<(), Stopped> {
        let comments = &mut self.comments;
        self.rest = mail::behind_comments(self.rest, |text| comments.push(mail::content(text)));
        if self.rest.starts_with('(') { Err(self.unclosed()) } else { Ok(()) }
    }

    fn unclosed(&mut self) -> Stopped {
        let span = Span::new(self.at(), self.text.len());
        let start = self.rest.chars().take(1).collect();
        self.find(&UNCLOSED, span, Some(("text", start)));
        Stopped
    }

    /// Takes a character, if it comes next.
    fn sign(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn take(&mut self, part: impl Fn(&'a str) -> IResult<&'a str, &'a str>) -> Option<&'a str> {
        let (rest, text) = part(self.rest).ok()?;
        self.rest = rest;
        Some(text)
    }

    fn digits(&mut self) -> Option<u32> {
        let (rest, digits) = take_digits(self.rest)?;
        self.rest = rest;
        // A number too large for any version is one that nobody knows.
        Some(digits.parse().unwrap_or(u32::MAX))
    }

    /// `[CFWS] authserv-id [ CFWS version ] ( no-result / 1*resinfo ) [CFWS]`
    fn field(&mut self, field: &mut AuthenticationResults) -> Result<(), Stopped> {
        self.blanks()?;
        let start = self.rest;
        let begun = self.at();
        field.authserv_id = self.authserv_id()?;
        if field.authserv_id.is_none() {
            self.rest = start;
            self.find(&MISSING_ID, Span::empty(begun), None);
        } else {
            self.blanks()?;
            let at = self.at();
            if let Some(version) = self.digits() {
                field.version = version;
                if version != 1 {
                    let span = Span::new(at, self.at());
                    self.find(&UNKNOWN_VERSION, span, Some(("version", version.to_string())));
                }
            }
        }
        let mut first = field.authserv_id.is_none();
        let end = loop {
            if let Err(stopped) = self.blanks() {
                break Err(stopped);
            }
            if self.rest.is_empty() {
                break Ok(());
            }
            if !first && !self.sign(';') {
                if let Err(stopped) = self.invalid_part() {
                    break Err(stopped);
                }
                continue;
            }
            first = false;
            if field.results.len() >= RESULTS {
                let span = Span::new(self.at(), self.text.len());
                self.find(&MANY_RESULTS, span, Some(("limit", RESULTS.to_string())));
                break Ok(());
            }
            if let Err(stopped) = self.resinfo(field) {
                break Err(stopped);
            }
        };
        if field.results.is_empty() && !field.nothing_checked {
            self.find(&NO_RESULT, Span::empty(self.text.len()), None);
        }
        end
    }

    /// The first value, unless it is a result: some receivers leave the authserv-id out.
    fn authserv_id(&mut self) -> Result<Option<String>, Stopped> {
        if self.rest.starts_with('"') {
            return self.quoted().map(Some);
        }
        let Some(word) = self.take(lenient) else { return Ok(None) };
        self.blanks()?;
        let is_result = word.contains('=') || self.rest.starts_with(['=', '/']);
        Ok((!is_result).then(|| word.to_owned()))
    }

    fn quoted(&mut self) -> Result<String, Stopped> {
        match mail::quoted_string(self.rest) {
            Ok((rest, text)) => {
                self.rest = rest;
                Ok(mail::content(text))
            }
            Err(_) => Err(self.unclosed()),
        }
    }

    /// Reports what cannot be read here, and passes over it.
    fn invalid_part(&mut self) -> Result<(), Stopped> {
        let start = self.at();
        if self.rest.starts_with('"') {
            self.quoted()?;
        } else if self.take(lenient).is_none() {
            // `(` and blanks are gone: what is left is a semicolon, which ends the part.
            return Ok(());
        }
        let span = Span::new(start, self.at());
        let text = self.text.get(span.start..span.end).unwrap_or_default().to_owned();
        self.find(&INVALID_PART, span, Some(("text", text)));
        Ok(())
    }

    /// `";" methodspec [ CFWS reasonspec ] [ CFWS 1*propspec ]`, behind the semicolon; or `none`.
    fn resinfo(&mut self, field: &mut AuthenticationResults) -> Result<(), Stopped> {
        self.blanks()?;
        if self.rest.is_empty() || self.rest.starts_with(';') {
            let at = self.at();
            self.find(&EMPTY_RESULT, Span::empty(at), None);
            return Ok(());
        }
        let start = self.at();
        let before = self.rest;
        let Some(method) = self.take(keyword) else { return self.invalid_part() };
        self.comments.clear();
        self.blanks()?;
        if method.eq_ignore_ascii_case("none") && (self.rest.is_empty() || self.rest.starts_with(';')) {
            field.nothing_checked = true;
            return Ok(());
        }
        let mut found =
            MethodResult { method: method.to_ascii_lowercase(), version: 1, ..Default::default() };
        if self.sign('/') {
            self.blanks()?;
            found.version = self.digits().unwrap_or(0);
            self.blanks()?;
        }
        let word = if self.sign('=') {
            self.blanks()?;
            self.take(lenient)
        } else {
            None
        };
        let Some(word) = word else {
            self.rest = before;
            return self.invalid_part();
        };
        word.clone_into(&mut found.word);
        let span = Span::new(start, self.at());
        self.known(&mut found, span);
        let end = self.properties(&mut found);
        found.comments = std::mem::take(&mut self.comments);
        field.results.push(found);
        end
    }

    /// What the registry says about method, version and result.
    fn known(&mut self, found: &mut MethodResult, span: Span) {
        let method = found.method.clone();
        let Some(results) = super::registry::results(&method) else {
            self.find(&UNKNOWN_METHOD, span, Some(("method", method)));
            return;
        };
        found.result = found.word.parse().ok().filter(|result| results.contains(result));
        if found.version != 1 && self.diagnostics.len() < FINDINGS {
            let finding = UNKNOWN_METHOD_VERSION.at(span).arg("method", method.as_str());
            self.diagnostics.push(finding.arg("version", found.version));
        }
        if found.result.is_none() && self.diagnostics.len() < FINDINGS {
            let finding = UNKNOWN_RESULT.at(span).arg("method", method);
            self.diagnostics.push(finding.arg("result", found.word.as_str()));
        }
    }

    /// Reason and properties, in any order.
    fn properties(&mut self, found: &mut MethodResult) -> Result<(), Stopped> {
        loop {
            self.blanks()?;
            if self.rest.is_empty() || self.rest.starts_with(';') {
                return Ok(());
            }
            let start = self.at();
            let before = self.rest;
            let Some(name) = self.take(keyword) else {
                self.invalid_part()?;
                continue;
            };
            self.blanks()?;
            let mut names = (None, name);
            if self.sign('.') {
                self.blanks()?;
                if let Some(property) = self.take(keyword) {
                    names = (Some(name), property);
                    self.blanks()?;
                }
            }
            if !self.sign('=') {
                self.rest = before;
                self.invalid_part()?;
                continue;
            }
            self.blanks()?;
            let value = self.pvalue()?;
            let span = Span::new(start, self.at());
            self.property(names, value, span, found);
        }
    }

    /// A value with or without quotation marks; a quoted local-part may precede a domain.
    fn pvalue(&mut self) -> Result<String, Stopped> {
        let start = self.at();
        if self.rest.starts_with('"') {
            let mut value = self.quoted()?;
            if self.rest.starts_with('@') {
                value.push_str(self.take(lenient).unwrap_or_default());
            }
            return Ok(value);
        }
        let value = self.take(lenient).unwrap_or_default();
        if !is_pvalue(value) {
            let span = Span::new(start, self.at());
            self.find(&UNQUOTED_VALUE, span, Some(("value", value.to_owned())));
        }
        Ok(value.to_owned())
    }

    fn property(&mut self, names: (Option<&str>, &str), value: String, span: Span, found: &mut MethodResult) {
        let (ptype, name) = names;
        if ptype.is_none() && name.eq_ignore_ascii_case("reason") {
            if !found.properties.is_empty() || !found.reasons.is_empty() {
                self.find(&MISPLACED_REASON, span, Some(("reason", value.clone())));
            }
            found.reasons.push(value);
            return;
        }
        match ptype {
            None => self.find(&NO_PROPERTY_TYPE, span, Some(("property", name.to_owned()))),
            Some(ptype) if !super::registry::is_ptype(ptype) => {
                self.find(&UNKNOWN_PROPERTY_TYPE, span, Some(("ptype", ptype.to_owned())));
            }
            Some(_) => {}
        }
        found.properties.push(Property {
            ptype: ptype.map(str::to_ascii_lowercase),
            name: name.to_ascii_lowercase(),
            value,
        });
    }
}

fn take_digits(input: &str) -> Option<(&str, &str)> {
    let digits: IResult<&str, &str> = take_while(|c: char| c.is_ascii_digit()).parse(input);
    digits.ok().filter(|(_, digits)| !digits.is_empty())
}
