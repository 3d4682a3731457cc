//! `dmarc-check reports`: tables of records, the board of reporters, and reading on every core.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Collector, Keep};
use serde_json::{Value, json};
use support::{run, sample};

/// A report with one record from an organization.
fn report(org: &str, id: u32, count: &str) -> String {
    format!(
        "<feedback><report_metadata><org_name>{org}</org_name><email>a@{id}.example</email>\
         <report_id>{id}</report_id><date_range><begin>1790121600</begin><end>1790208000</end></date_range>\
         </report_metadata><policy_published><domain>example.org</domain><p>none</p></policy_published>\
         <record><row><source_ip>192.0.2.1</source_ip><count>{count}</count><policy_evaluated>\
         <disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>\
         <identifiers><header_from>example.org</header_from></identifiers><auth_results><spf>\
         <domain>example.org</domain><result>fail</result></spf></auth_results></record></feedback>"
    )
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every file below a folder, in the order in which the program reads them.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    let below = |entry: &fs::DirEntry| {
        if entry.file_type().unwrap().is_dir() { files(&entry.path()) } else { vec![entry.path()] }
    };
    entries.iter().flat_map(below).collect()
}

#[test]
fn many_threads_come_to_the_same_as_one_file_after_the_other() {
    let many = tempfile::tempdir().unwrap();
    // Many files are duplicates of one before them.
    let (mut ids, mut duplicates) = (BTreeSet::new(), 0);
    for number in 0..300_u32 {
        let id = if number % 3 == 2 { number / 2 } else { number };
        duplicates += u64::from(!ids.insert(id));
        fs::write(many.path().join(format!("{number:03}.xml")), report("Receiver", id, "2")).unwrap();
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/rua");
    let mut folders = vec![many.path().to_owned(), sample("reports")];
    if corpus.is_dir() {
        folders.push(corpus);
    } else {
        support::server::skipped("the corpus is not here");
    }
    // What is known of organizational domains here: nothing, as in the collector.
    let nothing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nothing.json");
    fs::write(&nothing, "{}").unwrap();
    for folder in folders {
        let mut collector = Collector::new(&Limits::default(), Keep::Sums);
        for path in files(&folder) {
            collector.feed(text(&path), &fs::read(&path).unwrap());
        }
        let batch = collector.finish();
        let expected = serde_json::to_value(batch.view(&Catalog::embedded(Language::En))).unwrap();
        let document =
            run(["reports", text(&folder), "--snapshot", text(&nothing), "--format", "json"]).json();
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&document[name], value, "{name} of {}", folder.display());
        }
        if folder == many.path() {
            assert!(duplicates > 10);
            assert_eq!(document["totals"]["messages_duplicate"], 2 * duplicates, "{}", document["totals"]);
        }
    }
}

#[test]
fn every_record_is_a_row_in_lines_of_json_and_in_csv() {
    let whole = run(["reports", text(&sample("reports")), "--format", "json"]).json();
    let lines = run(["reports", text(&sample("reports")), "--format", "jsonl"]).ends_with(1);
    // The log-in page among the reports is refused.
    assert!(lines.stderr.starts_with("error[report/html]"), "{}", lines.stderr);
    let rows = lines.lines();
    assert_eq!(whole["totals"]["records"], rows.len());
    let messages: u64 = rows.iter().map(|row| row["count"].as_u64().unwrap()).sum();
    assert_eq!(whole["totals"]["messages_out"], messages);
    assert_eq!(rows[0]["begin"], "2026-09-23T00:00:00Z");
    assert!(rows[0]["dkim"][0]["domain"].is_string() && rows[0]["policy_sp"].is_null(), "{}", rows[0]);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.csv");
    let reports = sample("reports");
    let args = ["reports", text(&reports), "--format", "csv", "--output", text(&path)];
    assert!(run(args).ends_with(1).stdout.is_empty());
    let mut table = csv::Reader::from_path(&path).unwrap();
    let names: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    let mut read = 0;
    for (cells, row) in table.records().zip(&rows) {
        let cells = cells.unwrap();
        for (name, cell) in names.iter().zip(&cells) {
            let shown = match &row[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            match &row[name] {
                nested @ Value::Array(_) => {
                    assert_eq!(&serde_json::from_str::<Value>(cell).unwrap(), nested, "{name}");
                }
                _ => assert_eq!(cell, shown, "{name}"),
            }
        }
        read += 1;
    }
    assert_eq!((read, names.len()), (rows.len(), rows[0].as_object().unwrap().len()));
}

#[test]
fn a_spreadsheet_runs_nothing_of_a_csv_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("evil.xml"), report("=cmd|calc", 7, "-3")).unwrap();
    let run = run(["reports", text(folder.path()), "--format", "csv"]).ends_with(0);
    let output = run.text();
    let mut table = csv::Reader::from_reader(output.as_bytes());
    let row: BTreeMap<String, String> = table.deserialize().next().unwrap().unwrap();
    assert_eq!(row["reporter_org"], "'=cmd|calc");
    assert_eq!((row["count"].as_str(), row["count_raw"].as_str()), ("", "-3"));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_form_that_was_not_built_leaves_the_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.parquet");
    fs::write(&path, "before").unwrap();
    run(["reports", text(&sample("reports")), "--format", "parquet", "--output", text(&path)]).ends_with(2);
    assert_eq!(fs::read_to_string(&path).unwrap(), "before");
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_file_has_the_rows_and_the_types_of_the_table() {
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.parquet");
    let missing = run(["reports", text(&sample("reports")), "--format", "parquet"]).ends_with(2);
    assert!(missing.stderr.starts_with("error[usage/missing-argument]"), "{}", missing.stderr);
    run(["reports", text(&sample("reports")), "--format", "parquet", "--output", text(&path)]).ends_with(1);
    let rows = run(["reports", text(&sample("reports")), "--format", "jsonl"]).lines();
    let builder = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(builder.schema().metadata()["schema_name"], "dmarc-core/records");
    let names: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    let mut fields: Vec<&String> = builder.schema().fields().iter().map(|field| field.name()).collect();
    fields.sort();
    assert_eq!(fields, names);
    let read: usize = builder.build().unwrap().map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(read, rows.len());
}

#[test]
fn the_file_that_is_written_is_not_read_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.xml"), report("Receiver", 1, "2")).unwrap();
    let path = folder.path().join("rows.jsonl");
    let mut last = None;
    for _ in 0..2 {
        run(["reports", text(folder.path()), "--format", "jsonl", "--output", text(&path)]).ends_with(0);
        let written = fs::read_to_string(&path).unwrap();
        assert_eq!(written.lines().count(), 1);
        assert!(last.is_none_or(|last| last == written));
        last = Some(written);
    }
}

#[test]
fn tables_go_with_reports_and_their_rows_alone() {
    let folder = text(&sample("reports")).to_owned();
    for args in [
        vec!["record", "v=DMARC1; p=none", "--format", "csv"],
        vec!["reports", &folder, "--format", "jsonl", "--findings"],
        vec!["reports", &folder, "--format", "csv", "--reporters"],
        vec!["reports", &folder, "--findings", "--reporters"],
    ] {
        let run = run(&args).ends_with(2);
        assert!(run.stderr.starts_with("error[usage/conflict]") && run.stdout.is_empty(), "{}", run.stderr);
    }
}

#[test]
fn the_board_shows_what_each_reporter_does() {
    let folder = tempfile::tempdir().unwrap();
    let good = report("Good", 1, "2");
    let files = [
        ("1.xml", good.clone()),
        ("2.xml", good.clone()),
        ("3.xml", report("Odd", 2, "many")),
        ("4.xml", report("Odd", 3, "90")),
        (
            "5.xml",
            report("Odd", 4, "x").replace("</feedback>", "<record><row><count>no</count></row></record>"),
        ),
    ];
    for (name, octets) in files {
        fs::write(folder.path().join(name), octets).unwrap();
    }
    let args = ["reports", text(folder.path()), "--reporters", "--format", "json"];
    let board = run(args).ends_with(0).json();
    assert_eq!(board["schema"], "dmarc-check/reporters/1");
    let [odd, good] = board["reporters"].as_array().unwrap().as_slice() else { panic!("{board}") };
    // The duplicate does not count.
    assert_eq!(
        (&good["reporter"], &good["reports"], &good["messages"]),
        (&json!("Good"), &json!(1), &json!(2))
    );
    assert_eq!(good["complete_share"], 1.0);
    assert_eq!((&odd["conforming"], &odd["conforming_share"]), (&json!(0), &json!(0.0)));
    assert_eq!((&odd["reports"], &odd["complete"], &odd["messages"]), (&json!(3), &json!(2), &json!(90)));
    assert_eq!(odd["schemas"], json!({ "rfc7489": 3 }));
    let counts: Vec<u64> =
        odd["findings"].as_array().unwrap().iter().map(|kind| kind["count"].as_u64().unwrap()).collect();
    assert!(counts.len() > 1 && counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    let invalid =
        odd["findings"].as_array().unwrap().iter().find(|kind| kind["code"] == "report/invalid-count");
    assert_eq!(invalid.unwrap()["reports"], 2);
    for (lang, words) in
        [("en", ["Reporter", "Whole", "Conforms"]), ("nl", ["Rapporteur", "Volledig", "Conform"])]
    {
        let shown = run(["reports", text(folder.path()), "--reporters", "--lang", lang]).ends_with(0).text();
        assert!(words.iter().all(|word| shown.contains(word)) && shown.contains("67%"), "{shown}");
    }
}
