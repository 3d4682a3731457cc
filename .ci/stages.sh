#!/usr/bin/env bash
# Runs the stages of `make test`, or those that are named, and says how long each took and what it skipped.
# A stage is a function of .ci/stages/*.sh. It ends with 77 if the part that it tests is not there, which is
# reported as skipped, never as passed. The first failure ends the run with its output.
set -uo pipefail
cd "$(dirname "$0")/.."
export ROOT="$PWD" WORK="$PWD/.work" CARGO_TERM_COLOR=never NO_COLOR=1
# A failure can be repeated: `make fuzz` is what looks for new cases.
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20260501}"
# Debian's servers stand where only root looks.
export PATH="$PATH:/usr/sbin"
mkdir -p "$WORK/logs" "$WORK/names"
for file in .ci/stages/*.sh; do
  # shellcheck source=/dev/null
  source "$file"
done

STAGES=(setup-rust setup-packages setup-node setup-python
  format lint-core lint fence bans test-core test-rust wasm types node page python parquet fuzz-replay names first-command)

if [ "${1:-}" = --list ]; then
  printf '%s\n' "${STAGES[@]}"
  exit
fi
[ $# -gt 0 ] && STAGES=("$@")

# What a log says was left out: Rust's `3 ignored`, pytest's `3 skipped`, node's `# skipped 3`, `skipped: no corpus`.
skips() {
  awk '{ for (i = 1; i <= NF; i++) {
      if ($i ~ /^(ignored|skipped)[;,]?$/ && $(i-1) ~ /^[0-9]+$/) n += $(i-1)
      else if ($i == "skipped:") n++
      else if ($i == "skipped" && $(i+1) ~ /^[0-9]+$/) n += $(i+1) } } END { print n + 0 }' "$1"
}

table=() began_all=$SECONDS status=0
for stage in "${STAGES[@]}"; do
  function="stage-$stage"
  if ! declare -F "$function" >/dev/null; then
    echo "no stage is called $stage; .ci/stages.sh --list names them" >&2
    exit 2
  fi
  log="$WORK/logs/$stage.log" began=$SECONDS
  printf '%-16s' "$stage"
  # A subshell per stage: `set -e` holds in it, and nothing leaks into the next one.
  ( set -euo pipefail; "$function" ) >"$log" 2>&1
  code=$?
  seconds=$((SECONDS - began))
  case $code in
    0) outcome=passed skipped=$(skips "$log") ;;
    77) outcome="skipped: $(tail -1 "$log")" skipped=all ;;
    *) outcome=FAILED skipped=- ;;
  esac
  printf '%5d s   %s\n' "$seconds" "$outcome${skipped:+, $skipped skipped}"
  table+=("$(printf '%-16s %6d   %-7s %s' "$stage" "$seconds" "$skipped" "$outcome")")
  if [ "$outcome" = FAILED ]; then
    status=1
    break
  fi
done

printf '\n%-16s %6s   %-7s %s\n' stage seconds skips outcome
printf '%s\n' "${table[@]}"
printf '%-16s %6d\n' total $((SECONDS - began_all))
df -h --output=size,used,avail,pcent "$ROOT" | sed 's/^/disk: /'
# Behind the table, since the end of an output is what is kept of it; a full disk or memory looks like any other failure.
if [ $status -ne 0 ]; then
  free -h | sed 's/^/memory: /'
  printf '\n--- last lines of %s ---\n' "${log#"$ROOT"/}"
  tail -150 "$log"
fi
exit $status
