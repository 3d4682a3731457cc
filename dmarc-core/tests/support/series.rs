//! Reports of some weeks, written out from what a case says of them; `vectors/README.md` describes the form.

use serde_json::Value;

/// Seconds in a week.
const WEEK: u64 = 7 * 86_400;

/// The documents of a series: one for each week and reporter that has rows, by name.
pub fn documents(series: &Value) -> Vec<(String, String)> {
    let mut documents = Vec::new();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let reporters = series["reporters"].as_array().expect("a series has reporters");
    let begin = series["begin"].as_u64().expect("a series has a begin");
    let period = series["period"].as_u64().unwrap_or(WEEK);
    for week in 0..series["weeks"].as_u64().expect("a series has weeks") {
        for reporter in reporters {
            let applies = |what: &Value| {
                let weeks = what["weeks"].as_array();
                let inside = weeks.is_none_or(|weeks| {
                    (weeks[0].as_u64().unwrap()..weeks[1].as_u64().unwrap()).contains(&week)
                });
                let by = what["reporters"].as_array();
                inside && by.is_none_or(|by| by.contains(reporter))
            };
            let rows: Vec<String> = series["rows"]
                .as_array()
                .expect("a series has rows")
                .iter()
                .filter(|row| applies(row))
                .map(row)
                .collect();
            if rows.is_empty() {
                continue;
            }
            let mut policy = format!("<domain>{}</domain>", text(&series["domain"]));
            let published = series["policies"].as_array().expect("a series has policies");
            let published = published.iter().rfind(|policy| applies(policy)).expect("a policy applies");
            for tag in ["adkim", "aspf", "p", "sp", "np", "pct", "t"] {
                if let Some(value) = published[tag].as_str() {
                    let element = if tag == "t" { "testing" } else { tag };
                    policy.push_str(&format!("<{element}>{value}</{element}>"));
                }
            }
            let (from, until) = (begin + week * period, begin + (week + 1) * period);
            let (org, rows) = (text(reporter), rows.concat());
            let document = format!(
                "<feedback><report_metadata><org_name>{org}</org_name><email>d@{org}</email><report_id>{week}</report_id>\
                 <date_range><begin>{from}</begin><end>{until}</end></date_range></report_metadata>\
                 <policy_published>{policy}</policy_published>{rows}</feedback>"
            );
            documents.push((format!("{org}/{week}.xml"), document));
        }
    }
    documents
}

fn row(row: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let each = |key: &str| row[key].as_array().cloned().unwrap_or_default();
    let reasons: String = each("reasons")
        .iter()
        .map(|reason| {
            format!(
                "<reason><type>{}</type><comment>{}</comment></reason>",
                text(&reason[0]),
                text(&reason[1])
            )
        })
        .collect();
    let dkim: String = each("dkim")
        .iter()
        .map(|signature| {
            let selector = signature[1].as_str().map(|selector| format!("<selector>{selector}</selector>"));
            let (domain, result) = (text(&signature[0]), text(&signature[2]));
            let selector = selector.unwrap_or_default();
            format!("<dkim><domain>{domain}</domain>{selector}<result>{result}</result></dkim>")
        })
        .collect();
    let spf = row["spf"].as_array().map(|spf| {
        format!(
            "<spf><domain>{}</domain><scope>mfrom</scope><result>{}</result></spf>",
            text(&spf[0]),
            text(&spf[1])
        )
    });
    let disposition = row["disposition"].as_str().unwrap_or("none");
    format!(
        "<record><row><source_ip>{}</source_ip><count>{}</count><policy_evaluated><disposition>{disposition}</disposition>\
         <dkim>{}</dkim><spf>{}</spf>{reasons}</policy_evaluated></row><identifiers><header_from>{}</header_from>\
         </identifiers><auth_results>{dkim}{}</auth_results></record>",
        text(&row["ip"]),
        row["count"],
        text(&row["verdicts"][0]),
        text(&row["verdicts"][1]),
        text(&row["from"]),
        spf.unwrap_or_default(),
    )
}
