//! A week as each reporter writes it down.

use std::fmt::Write as _;
use std::net::IpAddr;

use super::reporters::Reporter;

/// What a record says but for its count.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Row {
    pub(super) ip: IpAddr,
    pub(super) header_from: String,
    pub(super) envelope: String,
    pub(super) disposition: &'static str,
    pub(super) dkim_verdict: &'static str,
    pub(super) spf_verdict: &'static str,
    pub(super) reason: Option<(&'static str, &'static str)>,
    /// Domain, selector, result.
    pub(super) dkim: Vec<(String, String, &'static str)>,
    pub(super) spf: (String, &'static str),
}

/// The policy that the reporter found.
pub(super) struct Published<'a> {
    pub(super) domain: &'a str,
    pub(super) p: &'a str,
    pub(super) sp: Option<&'a str>,
    pub(super) np: Option<&'a str>,
    pub(super) pct: Option<&'a str>,
    pub(super) t: Option<&'a str>,
}

pub(super) fn report(
    reporter: &Reporter,
    published: &Published<'_>,
    begin: i64,
    end: i64,
    results: bool,
    rows: &[(Row, u64)],
) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text += if reporter.newer {
        "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">\n"
    } else {
        "<feedback>\n"
    };
    let org = &reporter.org;
    let email = org.replace(' ', "-").to_lowercase();
    let domain = published.domain;
    let _ = writeln!(
        text,
        "  <report_metadata><org_name>{org}</org_name><email>noreply-dmarc@{email}</email>\
         <report_id>{domain}.{begin}.{email}</report_id>\
         <date_range><begin>{begin}</begin><end>{end}</end></date_range></report_metadata>"
    );
    let sp = published.sp.map_or(String::new(), |sp| format!("<sp>{sp}</sp>"));
    let p = published.p;
    // Each edition knows its own tags.
    let tag = |name: &str, value: Option<&str>| {
        value.map_or(String::new(), |value| format!("<{name}>{value}</{name}>"))
    };
    let more = if reporter.newer {
        tag("np", published.np) + &tag("testing", published.t)
    } else {
        tag("pct", published.pct)
    };
    let _ = writeln!(
        text,
        "  <policy_published><domain>{domain}</domain><adkim>r</adkim><aspf>r</aspf><p>{p}</p>{sp}{more}</policy_published>"
    );
    for (row, count) in rows {
        record(&mut text, reporter, results, row, *count);
    }
    text += "</feedback>\n";
    text
}

fn record(text: &mut String, reporter: &Reporter, results: bool, row: &Row, count: u64) {
    let Row { ip, header_from, envelope, disposition, dkim_verdict, spf_verdict, .. } = row;
    let reason = row.reason.map_or(String::new(), |(kind, comment)| {
        format!("<reason><type>{kind}</type><comment>{comment}</comment></reason>")
    });
    let _ = writeln!(
        text,
        "  <record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>\
         <disposition>{disposition}</disposition><dkim>{dkim_verdict}</dkim><spf>{spf_verdict}</spf>{reason}\
         </policy_evaluated></row>"
    );
    let from = if reporter.envelope_from {
        format!("<envelope_from>{envelope}</envelope_from>")
    } else {
        String::new()
    };
    let _ = writeln!(text, "    <identifiers>{from}<header_from>{header_from}</header_from></identifiers>");
    text.push_str("    <auth_results>");
    if results {
        for (domain, selector, result) in &row.dkim {
            let selector =
                if reporter.selectors { format!("<selector>{selector}</selector>") } else { String::new() };
            let _ = write!(text, "<dkim><domain>{domain}</domain>{selector}<result>{result}</result></dkim>");
        }
        let (domain, result) = &row.spf;
        let scope = if reporter.newer { "<scope>mfrom</scope>" } else { "" };
        let _ = write!(text, "<spf><domain>{domain}</domain>{scope}<result>{result}</result></spf>");
    }
    text.push_str("</auth_results></record>\n");
}
