//! The schemas that RFC 7489 and RFC 9990 print, and a validator for them.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The schema as the standard prints it, without the feet and heads of its pages.
pub(crate) fn schema(rfc: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/rfc").join(rfc);
    let text = std::fs::read_to_string(path).ok()?;
    let start = text.rfind("<xs:schema").or_else(|| text.find("<xs:schema"))?;
    let end = start + text[start..].find("</xs:schema>")? + "</xs:schema>".len();
    let is_page = |line: &&str| {
        !(line.starts_with("Kucherawy")
            || line.starts_with("RFC ")
            || line.starts_with("Brotman")
            || line.contains('\u{c}'))
    };
    let printed = text[start..end].lines().filter(is_page).collect::<Vec<_>>().join("\n");
    // Two slips in the print of RFC 7489: its types are named without the namespace that they would be in, so that
    // no validator can load it, and the pattern of an address is broken over lines, whose blanks would count.
    let printed = printed.replace("targetNamespace=\"http://dmarc.org/dmarc-xml/0.1\"", "");
    let parts: Vec<String> = printed
        .split("<xs:pattern")
        .enumerate()
        .map(|(index, part)| match part.split_once("/>") {
            Some((pattern, behind)) if index > 0 => {
                format!(" {}/>{behind}", pattern.split_whitespace().collect::<String>())
            }
            _ => part.to_owned(),
        })
        .collect();
    Some(parts.join("<xs:pattern"))
}

/// Whether a document follows a schema, or why not; `None` without a validator.
pub(crate) fn validate(xml: &str, schema: &str, folder: &Path) -> Option<Result<(), String>> {
    std::fs::create_dir_all(folder).expect("a folder");
    let file = folder.join("schema.xsd");
    std::fs::write(&file, schema).expect("the schema can be written");
    let mut run = Command::new("xmllint")
        .arg("--noout")
        .arg("--schema")
        .arg(&file)
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    run.stdin.take().expect("its input").write_all(xml.as_bytes()).expect("it reads");
    let output = run.wait_with_output().expect("it ends");
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(why) })
}
