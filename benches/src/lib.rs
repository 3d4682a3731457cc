//! Inputs of the benches: synthetic, the same on every run.

use std::fmt::Write;

/// So many reports, as large as those that come in: half of them have one record (1.2 KB), one of a hundred
/// has over 170 (127 KB). Large ones stand among small ones.
#[must_use]
pub fn folder(reports: usize) -> Vec<String> {
    let of_rank = |rank: usize| {
        let above = 1.0 - (rank as f64 + 0.5) / reports as f64;
        (0.65 * above.powf(-1.208)) as usize
    };
    (0..reports).map(|index| numbered(index as u64, of_rank(index * 7_919 % reports).max(1))).collect()
}

/// An aggregate report with so many records, shaped like those of a large mailbox provider.
#[must_use]
pub fn report(records: usize) -> String {
    numbered(0, records)
}

fn numbered(number: u64, records: usize) -> String {
    let report_id = 11_187_363_214_976_420_437 - number;
    let mut xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8" ?>
<feedback>
  <version>1.0</version>
  <report_metadata>
    <org_name>Reporter Inc.</org_name>
    <email>dmarc@reporter.example</email>
    <extra_contact_info>https://reporter.example/dmarc</extra_contact_info>
    <report_id>{report_id}</report_id>
    <date_range>
      <begin>1700006400</begin>
      <end>1700092799</end>
    </date_range>
  </report_metadata>
  <policy_published>
    <domain>example.com</domain>
    <adkim>r</adkim>
    <aspf>r</aspf>
    <p>quarantine</p>
    <sp>quarantine</sp>
    <pct>100</pct>
    <fo>1</fo>
  </policy_published>
"#,
    );
    for index in 0..records {
        // 5,000 sources, as a domain with many forwarders has.
        let (third, fourth) = (index / 250 % 20, index % 250);
        let count = index * 7_919 % 113 + 1;
        let pass = if index % 5 == 0 { "fail" } else { "pass" };
        // Writing to a string cannot fail.
        let _ = write!(
            xml,
            "  <record>
    <row>
      <source_ip>198.51.{third}.{fourth}</source_ip>
      <count>{count}</count>
      <policy_evaluated>
        <disposition>none</disposition>
        <dkim>pass</dkim>
        <spf>{pass}</spf>
      </policy_evaluated>
    </row>
    <identifiers>
      <header_from>example.com</header_from>
    </identifiers>
    <auth_results>
      <dkim>
        <domain>example.com</domain>
        <result>pass</result>
        <selector>s2023</selector>
      </dkim>
      <spf>
        <domain>bounce.example.com</domain>
        <result>{pass}</result>
      </spf>
    </auth_results>
  </record>
"
        );
    }
    xml.push_str("</feedback>\n");
    xml
}
