#!/usr/bin/env bash
# Drives the untouched window program in its real WebKitGTK view through a short form of the flow.
# usage: build/dev/window.sh BINARY [SCREENSHOT.png]
# The library that is preloaded only makes the program's own web view answer WebDriver.
set -euo pipefail
cd "$(dirname "$0")/../.."
APP=$(realpath "$1")
SHOT=${2:-}
T=$(mktemp -d)
PIDS=()
cleanup() { for p in ${PIDS[@]+"${PIDS[@]}"}; do kill "$p" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$T"; }
trap cleanup EXIT
Xvfb -displayfd 3 -screen 0 1366x768x24 3>"$T/display" >/dev/null 2>&1 &
PIDS+=($!)
for _ in $(seq 50); do [ -s "$T/display" ] && break; sleep 0.1; done
DISPLAY=":$(cat "$T/display")"
export DISPLAY
gcc -shared -fPIC -o "$T/shim.so" build/dev/webview_shim.c $(pkg-config --cflags --libs webkit2gtk-4.1)
cat >"$T/wrap" <<W
#!/bin/sh
export ADJUTANT_HOME="$T/home" GSETTINGS_BACKEND=memory LANG=en_US.UTF-8
exec env LD_PRELOAD="$T/shim.so" "$APP" "\$@" 2>"$T/app.log"
W
chmod +x "$T/wrap"
PORT=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
WebKitWebDriver --port="$PORT" >/dev/null 2>&1 &
PIDS+=($!)
E2E_DIR="$T" node build/dev/window.mjs "$PORT" "$T/wrap" "$SHOT" || { rc=$?; echo "--- program's log"; tail -20 "$T/app.log" 2>/dev/null; exit $rc; }
