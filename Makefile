# Everyday commands. `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help test quick core format lint wasm node page python fuzz bench bench-peers bench-reports doc clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1\t/' | \
		while IFS=$$'\t' read -r name what; do printf '  make %-11s %s\n' "$$name" "$$what"; done
	@printf '\n  .ci/stages.sh --list names the stages of `make test`; .ci/stages.sh NAME… runs some of them.\n'

# A clean build is used once: what only helps the next one takes time and two thirds of the 17 GB that it took on disk.
test:  ## all tests, from a bare machine: installs what is missing, prints seconds and skips per stage
	@CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=none .ci/stages.sh

quick:  ## formatting, the core's lints and the core's tests: what to run before each commit
	@.ci/stages.sh format lint-core test-core

core:  ## the core's own tests
	cargo test -p dmarc-core --all-features

format:  ## format the Rust sources
	cargo fmt --all

lint:  ## all lints, each a failure
	@.ci/stages.sh format lint-core lint fence

wasm:  ## build dmarc-wasm/pkg for Node and for pages; prints the sizes
	@.ci/stages.sh setup-node wasm

node:  ## the JavaScript tests
	@.ci/stages.sh setup-node wasm types node

python:  ## the Python package in its own environment, with its tests
	@.ci/stages.sh setup-python python

page:  ## serve the page of examples/browser on this machine
	@test -e dmarc-wasm/pkg/web/index.js || .ci/stages.sh setup-node wasm
	node examples/browser/serve.mjs

fuzz:  ## fuzz every target, a minute each (nightly Rust and cargo-fuzz)
	cd fuzz && for target in $$(cargo +nightly fuzz list); do \
		cargo +nightly fuzz run "$$target" -- -max_total_time=60 || exit 1; done

bench:  ## benches of record parsing and report reading
	cargo bench -p dmarc-benches

bench-peers:  ## SPF and DMARC timed beside mail-auth, mailrs-spf and checkdmarc (benches/peers)
	@benches/peers/run

bench-reports:  ## reports read beside quick-xml, mail-auth and dmarc-report-parser (benches/report-peers)
	@benches/report-peers/run

doc:  ## the crate's pages, in target/doc
	cargo doc -p dmarc-core --all-features --no-deps

clean:  ## throw away everything that was built
	cargo clean
	rm -rf .work dmarc-wasm/pkg dmarc-wasm/node_modules fuzz/target
