# The promise of no I/O: what the core's tree may not hold, and whether its fence stands.
# (The import list of the linked module is compared in dmarc-wasm/tests/imports.test.mjs.)
# shellcheck shell=bash

stage-bans() {
  local banned target tree status=0
  mapfile -t banned < <(grep -v '^#' .ci/banned-crates.txt)
  for target in "$(rustc --print host-tuple)" wasm32-unknown-unknown; do
    # `normal`: what is linked into a caller's program. Tests and benches of the core may do I/O.
    tree=$(cargo tree --locked -p dmarc-core --all-features -e normal --target "$target" --prefix none -f '{p}' |
      cut -d' ' -f1 | sort -u)
    echo "$target: $(wc -l <<<"$tree") crates"
    grep -qx dmarc-core <<<"$tree" || { echo "the tree was not read"; return 1; }
    if grep -Fx -f <(printf '%s\n' "${banned[@]}") <<<"$tree"; then
      echo "^ banned, but below dmarc-core for $target: cargo tree -p dmarc-core --all-features -i NAME says why"
      status=1
    fi
  done
  return $status
}

# A fence that is never touched could as well be missing: with .ci/fence.rs behind it, the core must be refused.
stage-fence() {
  local copy="$WORK/fence" log="$WORK/logs/fence-refused.log" expected found
  if grep -rnE '(allow|expect)\(.*clippy::(disallowed|all|style)' dmarc-core/src; then
    echo "^ switches the fence off"
    return 1
  fi
  rm -rf "$copy"
  mkdir -p "$copy"
  cp -r dmarc-core README.md Cargo.lock rustfmt.toml "$copy" 2>/dev/null || cp -r dmarc-core Cargo.lock "$copy"
  sed 's/^members = .*/members = ["dmarc-core"]/' Cargo.toml >"$copy/Cargo.toml"
  cat .ci/fence.rs >>"$copy/dmarc-core/src/lib.rs"
  cd "$copy"
  export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}"
  if cargo clippy -p dmarc-core --all-features -- -D warnings >"$log" 2>&1; then
    echo "the core passes its lints with I/O in it"
    return 1
  fi
  # Each function of the file is refused, and nothing but the fence complains.
  expected=$(grep -c '^pub fn' "$ROOT/.ci/fence.rs")
  found=$(grep -cE '^error: use of a disallowed (method|macro)' "$log")
  grep -E '^error' "$log"
  echo "$found of $expected functions refused"
  [ "$found" = "$expected" ]
}
