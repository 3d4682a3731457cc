# The promise of no I/O: what the core's tree may not hold, and whether its fence stands.
# (The import list of the linked module is compared in dmarc-wasm/tests/imports.test.mjs.)
# shellcheck shell=bash

stage-bans() {
  local status=0 features
  features=$(core-features | tr ' ' '\n' | grep -vx arrow | paste -sd,)
  bans "$features" .ci/banned-crates.txt || status=1
  # arrow-array alone brings two of them: a random seed for its hash tables, and the names of dates.
  bans arrow <(grep -vxE 'chrono|getrandom' .ci/banned-crates.txt) || status=1
  return $status
}

# Crates below dmarc-core with these features that the list bans.
bans() {
  local banned target tree status=0
  mapfile -t banned < <(grep -v '^#' "$2")
  for target in "$(rustc --print host-tuple)" wasm32-unknown-unknown; do
    # `normal`: what is linked into a caller's program. Tests and benches of the core may do I/O.
    tree=$(cargo tree --locked -p dmarc-core --features "$1" -e normal --target "$target" --prefix none -f '{p}' |
      cut -d' ' -f1 | sort -u)
    echo "$target, $1: $(wc -l <<<"$tree") crates"
    grep -qx dmarc-core <<<"$tree" || { echo "the tree was not read"; return 1; }
    if grep -Fx -f <(printf '%s\n' "${banned[@]}") <<<"$tree"; then
      echo "^ banned, but below dmarc-core for $target: cargo tree -p dmarc-core --features $1 -i NAME says why"
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
