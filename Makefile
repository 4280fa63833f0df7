# Adjutant: two commands matter, `make run` and `make test`. `make help` lists the others.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

GOFLAGS_BUILD := -trimpath -buildvcs=false -ldflags "-s -w -buildid="
LLM_DIR := $(or $(ADJUTANT_MODEL_DIR),$(shell d=$${XDG_CACHE_HOME:-$$HOME/.cache}; echo $$d/adjutant/llm-$$(sed -n 's/.*"ollama": "\(v[0-9.]*\)".*/\1/p' models/manifest.json)))
DEMO := $(or $(ADJUTANT_DEMO),$(HOME)/adjutant-demo)
UI_SOURCES := $(shell find frontend/src frontend/index.html frontend/vite.config.ts frontend/package.json frontend/tsconfig*.json frontend/public -type f 2>/dev/null)

.PHONY: run test build cli verify bench dev clean help model ui soak shots
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: ## install what is missing, build all, run the sample incident, open the window when there is a display
	@build/dev/need.sh run
	@$(MAKE) build
	@build/dev/model.sh "$(LLM_DIR)"
	@build/dev/demo.sh "$(DEMO)"

test: ## everything that must hold; says loudly what it could not check
	@build/dev/test.sh "$(LLM_DIR)"

build: cli verify ## bin/adjutant (window and commands), bin/adjutant-cli, bin/caseverify
	@if build/dev/need.sh has-gtk; then \
	  CGO_ENABLED=1 go build $(GOFLAGS_BUILD) -tags production,webkit2_41 -o bin/adjutant . ; \
	else echo "window: not built, the GTK and WebKit headers are missing (see above); bin/adjutant-cli has every command"; fi

cli: ui ## bin/adjutant-cli: no CGO, no GTK, commands only
	@CGO_ENABLED=0 go build $(GOFLAGS_BUILD) -o bin/adjutant-cli .

verify: ## bin/caseverify, and bin/verify with those for Linux and Windows that go into bundles
	@CGO_ENABLED=0 go build $(GOFLAGS_BUILD) -o bin/caseverify ./backend/cmd/caseverify
	@GOOS=linux GOARCH=amd64 CGO_ENABLED=0 go build $(GOFLAGS_BUILD) -o bin/verify/caseverify-linux-amd64 ./backend/cmd/caseverify
	@GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build $(GOFLAGS_BUILD) -o bin/verify/caseverify-windows-amd64.exe ./backend/cmd/caseverify

ui: frontend/dist/index.html

frontend/node_modules/.stamp: frontend/package-lock.json
	@cd frontend && npm ci --prefer-offline --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.stamp $(UI_SOURCES)
	@rm -rf frontend/dist/assets frontend/dist/index.html
	@cd frontend && npx --no-install vite build --logLevel error
	@touch $@ frontend/dist/.gitkeep

model: ## build the model server and fetch the small model, once for each version
	@build/dev/model.sh "$(LLM_DIR)"

bench: build ## ours and the peers side by side, ratios
	@build/bench/run.sh

dev: frontend/node_modules/.stamp ## the UI from Vite's dev server, on a made-up case of its own
	@cd frontend && npm run dev -- --mode fake

shots: build ## screenshots of every screen into build/out/shots
	@build/dev/shots.sh

soak: build ## long fuzzing and kill rounds
	@build/dev/fuzz.sh $(or $(SECONDS_EACH),600)
	@ADJUTANT_KILL_ROUNDS=200 CGO_ENABLED=0 go test -count=1 -timeout 2h -v -run 'TestKilledWhileTenWrite' ./backend/casefolder
	@ADJUTANT_KILL_ROUNDS=40 CGO_ENABLED=0 go test -count=1 -timeout 2h -v -run 'TestKilledWhileMerging|TestKilledWhileCopying' ./backend/cli

clean: ## remove what was built here; the model server's cache stays
	@rm -rf bin build/out frontend/dist/assets frontend/dist/index.html frontend/node_modules/.stamp
