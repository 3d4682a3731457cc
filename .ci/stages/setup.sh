# Installs what is missing. On a machine that has everything these stages only look.
# shellcheck shell=bash

stage-setup-rust() {
  command -v cargo >/dev/null || { echo "Rust is needed: https://rustup.rs"; return 1; }
  rustc --version
  local sysroot
  sysroot=$(rustc --print sysroot)
  if [ ! -d "$sysroot/lib/rustlib/wasm32-unknown-unknown" ]; then
    command -v rustup >/dev/null || { echo "the target wasm32-unknown-unknown is missing, and so is rustup"; return 1; }
    rustup target add wasm32-unknown-unknown
  fi
  cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
  cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
  cargo fetch --locked
}

stage-setup-packages() {
  local missing=()
  command -v cc >/dev/null || missing+=(build-essential)
  command -v chromium >/dev/null || missing+=(chromium)
  # Name servers of other hands: what they answer from a zone file is compared with what the library says.
  command -v knotd >/dev/null || missing+=(knot)
  command -v named >/dev/null || missing+=(bind9)
  command -v unbound >/dev/null || missing+=(unbound)
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  [ ${#missing[@]} = 0 ] && { echo "nothing is missing"; return; }
  echo "missing: ${missing[*]}"
  command -v apt-get >/dev/null || { echo "install by hand; apt-get is not here"; return 1; }
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || { echo "needs root: sudo apt-get install ${missing[*]}"; return 1; }
    as_root=(sudo -n)
  fi
  # A package that starts a server at its installation must not do so here.
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -q -y --no-install-recommends "${missing[@]}"
}

stage-setup-node() {
  command -v node >/dev/null || { echo "Node 20 or later is needed"; return 1; }
  node -e 'if (Number(process.versions.node.split(".")[0]) < 20) { console.log("Node 20 or later is needed"); process.exit(1) }'
  cd dmarc-wasm
  if cmp -s package-lock.json "$WORK/node-lock" && [ -d node_modules ]; then
    echo "as locked"
  else
    npm ci --ignore-scripts && cp package-lock.json "$WORK/node-lock"
  fi
}

stage-setup-python() {
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed"; return 1; }
  [ -x "$WORK/venv/bin/python" ] || python3 -m venv "$WORK/venv"
  [ -f dmarc-py/requirements-test.txt ] || { echo "dmarc-py is not there"; return 77; }
  if ! cmp -s dmarc-py/requirements-test.txt "$WORK/venv/requirements"; then
    "$WORK/venv/bin/pip" install -q --disable-pip-version-check -r dmarc-py/requirements-test.txt
    cp dmarc-py/requirements-test.txt "$WORK/venv/requirements"
  fi
}
