# `make` lists the targets. Every one of them works on a clean clone; what the machine lacks is installed when run as
# root on Debian or Ubuntu, and named in one sentence otherwise (scripts/need).

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run dev test check bench web openapi fmt pictures clean

# Where cargo builds to; respects CARGO_TARGET_DIR.
TARGET := $(or $(CARGO_TARGET_DIR),target)
PORT ?= 8000

help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Build UI and server, serve the demonstration clinic on http://localhost:8000
	@scripts/need build
	@$(MAKE) --no-print-directory web
	cargo build --release --locked -p televisit
	TELEVISIT_BIND=$${TELEVISIT_BIND:-127.0.0.1:$(PORT)} $(TARGET)/release/televisit serve --demo

dev: ## Server and UI for development: UI with live reload on http://localhost:3000
	@scripts/need build
	@scripts/dev

test: ## Everything a change must pass: style, lints, all tests on both databases, UI, browsers
	@scripts/test

check: ## The fast part of the tests: format, lints, types
	@scripts/need build
	cargo fmt --all --check
	scripts/check-pages
	cargo clippy --workspace --all-targets --locked -- -D warnings
	@scripts/npm-ci web
	cd web && npm run check

bench: ## Measure the API and the media server beside their limits, into docs/benchmarks.md
	@scripts/need build
	@scripts/bench

web: ## Build the UI into web/dist
	@scripts/need web
	@scripts/web

openapi: ## Write docs/openapi.json and the UI's types from the code
	@scripts/need build
	cargo run --quiet --locked -p televisit -- openapi > docs/openapi.json.new
	mv docs/openapi.json.new docs/openapi.json
	@scripts/npm-ci web
	cd web && npm run types

fmt: ## Format the code
	cargo fmt --all

pictures: ## Take the pictures of the README from the demonstration clinic
	@scripts/need e2e
	@scripts/npm-ci web/e2e
	@test -d web/dist || $(MAKE) --no-print-directory web
	cargo build --locked -p televisit
	cd web/e2e && TELEVISIT_BIN=$(abspath $(TARGET))/debug/televisit node pictures.mjs ../../docs/images

clean: ## Remove everything that was built
	cargo clean
	rm -rf web/dist web/node_modules web/e2e/node_modules web/e2e/results
