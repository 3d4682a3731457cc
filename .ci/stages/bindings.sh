# The JavaScript package, the page, the Python package, and what they must have in common.
# shellcheck shell=bash

stage-wasm() {
  node dmarc-wasm/build.mjs
}

stage-types() {
  cd dmarc-wasm
  npm run -s test:types
}

stage-node() {
  cd dmarc-wasm
  DMARC_VECTORS_NAMES="$WORK/names/javascript.txt" npm run -s test
}

stage-page() {
  [ -f examples/browser/index.html ] || { echo "examples/browser is not there"; return 77; }
  cd dmarc-wasm
  npm run -s test:page
}

stage-python() {
  [ -f dmarc-py/pyproject.toml ] || { echo "dmarc-py is not there"; return 77; }
  # maturin installs into the environment that is active.
  export VIRTUAL_ENV="$WORK/venv" PATH="$WORK/venv/bin:$PATH"
  maturin develop -q -m dmarc-py/Cargo.toml
  DMARC_VECTORS_NAMES="$WORK/names/python.txt" python -m pytest -q dmarc-py/tests
  python -m mypy.stubtest dmarc_py
}

# Three runners over one tree of vectors have run the same cases.
stage-names() {
  local lists=("$WORK"/names/*.txt) list
  wc -l "${lists[@]}"
  [ -s "$WORK/names/rust.txt" ] || { echo "no list of the Rust runner: run test-core first"; return 1; }
  for list in "${lists[@]}"; do
    diff "$WORK/names/rust.txt" "$list" || { echo "${list##*/} differs from rust.txt"; return 1; }
  done
  [ ${#lists[@]} = 3 ] || { echo "only ${#lists[@]} of 3 lists are there"; return 77; }
}

# The README's first command, as it stands there. What it finds out about the sample is no failure of the command.
stage-first-command() {
  [ -f examples/cli/Cargo.toml ] || { echo "examples/cli is not there"; return 77; }
  local line status=0
  line=$(grep -m1 '^cargo run --release -p dmarc-check' README.md) || { echo "README.md has no such command"; return 1; }
  bash -c "$line" || status=$?
  echo "exit $status"
  [ "$status" -le 1 ]
}
