#!/usr/bin/env bash
# Walks the whole flow in a real browser against the real program: same page, same API, no window.
set -euo pipefail
cd "$(dirname "$0")/../.."
T=$(mktemp -d)
PID=
cleanup() { [ -z "$PID" ] || kill "$PID" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$T"; }
trap cleanup EXIT
export ADJUTANT_HOME="$T/home"
bin/adjutant-cli serve 127.0.0.1:0 >"$T/url" 2>"$T/log" &
PID=$!
for _ in $(seq 100); do [ -s "$T/url" ] && break; sleep 0.1; done
[ -s "$T/url" ] || { echo "serve did not start"; cat "$T/log"; exit 1; }
# The evidence of the sample incident; the flow makes a case of its own from it.
bin/adjutant-cli demo "$T/demo" --no-model --quiet >/dev/null
node frontend/e2e/flow.mjs "$(head -1 "$T/url")" --dir "$T/flow.case" --evidence "$T/demo/collection" --query event.code:4625 \
  --wait 90 ${SHOTS:+--shots "$SHOTS"} || { rc=$?; tail -20 "$T/log"; exit $rc; }
