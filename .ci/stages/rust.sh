# Formatting, lints and tests of the Rust packages.
# shellcheck shell=bash

stage-format() {
  cargo fmt --all --check -- --color never
}

# The core alone, under each feature by itself: a build of the whole workspace would unify the features.
stage-lint-core() {
  local feature
  cd dmarc-core
  cargo clippy --no-default-features -- -D warnings
  for feature in $(core-features); do
    echo "feature $feature"
    cargo clippy --no-default-features --features "$feature" -- -D warnings
  done
  cargo clippy --all-features --all-targets -- -D warnings
  cargo check --all-features --target wasm32-unknown-unknown
}

core-features() {
  cargo metadata --format-version 1 --no-deps | python3 -c '
import json, sys
core = next(p for p in json.load(sys.stdin)["packages"] if p["name"] == "dmarc-core")
print(*sorted(set(core["features"]) - {"default"}))'
}

stage-lint() {
  cargo clippy --workspace --all-targets -- -D warnings
}

stage-test-core() {
  DMARC_VECTORS_NAMES="$WORK/names/rust.txt" cargo test -p dmarc-core --all-features
}

# What is tested from its own language is left out here; so are the benches, which the lints compile.
stage-test-rust() {
  cargo test --workspace --exclude dmarc-core --exclude dmarc-py --exclude dmarc-wasm --exclude dmarc-benches
}

# Parquet is no default of the command line, since it takes long to build: here it is built on what the tests before
# have built, and the file is read by another hand.
stage-parquet() {
  local file="$WORK/records.parquet" status=0
  cargo test -p dmarc-check --features parquet --test report_tables
  cargo run -q -p dmarc-check --features parquet -- reports examples/data/reports --format parquet --output "$file" || status=$?
  # What is found in the sample is no failure of the command.
  [ "$status" -le 1 ]
  [ -x "$WORK/venv/bin/python" ] || { echo "skipped: no Python to read the file with"; return; }
  "$WORK/venv/bin/python" - "$file" <<'PYTHON'
import sys

import duckdb
import pandas

import dmarc_py

path = sys.argv[1]
records = dmarc_py.read_reports("examples/data/reports").records
expected = (len(records), duckdb.sql('SELECT sum("count") FROM records').fetchall()[0][0])
assert duckdb.sql(f"SELECT count(*), sum(\"count\") FROM '{path}'").fetchall() == [expected], expected
frame = pandas.read_parquet(path)
assert (len(frame), int(frame["count"].sum())) == expected
assert list(frame.columns) == records.column_names
print(*expected)
PYTHON
}

stage-fuzz-replay() {
  [ -f fuzz/Cargo.toml ] || { echo "fuzz is not there"; return 77; }
  cd fuzz
  CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}" cargo test
}
