#!/usr/bin/env bash
# Screenshots of every stage on the sample incident, in the real program. usage: build/dev/shots.sh [OUT]
# OUT/README holds the four of the README; the others are for looking at, in two sizes, light and dark.
set -euo pipefail
cd "$(dirname "$0")/../.."
OUT=${1:-build/out/shots}
T=$(mktemp -d)
PID=
cleanup() { [ -z "$PID" ] || kill "$PID" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$T"; }
trap cleanup EXIT
export ADJUTANT_HOME="$T/home"
bin/adjutant-cli demo "$T/kragsund" --quiet >/dev/null
bin/adjutant-cli serve 127.0.0.1:0 >"$T/url" 2>"$T/log" &
PID=$!
for _ in $(seq 100); do [ -s "$T/url" ] && break; sleep 0.1; done
mkdir -p "$OUT"
node build/dev/shots.mjs "$(head -1 "$T/url")" "$T/kragsund/kragsund.case" "$OUT"
