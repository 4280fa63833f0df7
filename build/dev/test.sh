#!/usr/bin/env bash
# Everything that must hold, in order of cost. usage: build/dev/test.sh MODEL_DIR
# A part that cannot run here is named at the end, loudly; a part that fails ends the run with its output.
set -uo pipefail
cd "$(dirname "$0")/../.."
MODEL_DIR=$1
LOGS=$(mktemp -d)
trap 'rm -rf "$LOGS"' EXIT
skipped=()
failed=()
began=$SECONDS

part() { # part NAME COMMAND… : runs quietly, prints the log when it fails
  local name=$1 at=$SECONDS
  shift
  if "$@" >"$LOGS/$name" 2>&1; then
    printf 'ok    %-14s %4d s\n' "$name" $((SECONDS - at))
    grep -h 'NOT CHECKED' "$LOGS/$name" | sed 's/^[[:space:]]*/      /' | sort -u || true
  else
    printf 'FAIL  %-14s %4d s\n' "$name" $((SECONDS - at))
    tail -60 "$LOGS/$name"
    failed+=("$name")
  fi
}
leave() { skipped+=("$1: $2"); printf 'left  %-14s %s\n' "$1" "$2"; }

build/dev/need.sh test || exit 1
part build make build
part model build/dev/model.sh "$MODEL_DIR"

gofmt_clean() { local f; f=$(git ls-files '*.go' | xargs gofmt -l); [ -z "$f" ] || { echo "not gofmt-ed: $f"; return 1; }; }
vet() {
  CGO_ENABLED=0 go vet ./... &&
    GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go vet ./backend/... ./app/... ./models/... &&
    (cd models/server && go mod verify >/dev/null)
}
go_tests() {
  # Lines that say NOT CHECKED come from tests that had to skip: -v shows them, the rest is folded to package lines.
  CGO_ENABLED=0 go test -v ./... >"$LOGS/go.full" 2>&1
  local rc=$?
  grep -E '^(ok|FAIL|---? FAIL|panic:)|NOT CHECKED|_test.go:' "$LOGS/go.full" | grep -vE '^ok .*\[no tests' || true
  [ $rc -eq 0 ] || { echo ----; grep -nE -A12 -- '--- FAIL|panic:' "$LOGS/go.full" | head -150; }
  return $rc
}
cross() {
  mkdir -p build/out
  GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w" -o build/out/adjutant-cli.exe . &&
    GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags production,wv2runtime.error -ldflags "-H windowsgui -s -w" -o build/out/adjutant.exe . &&
    GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build -trimpath -buildvcs=false -o build/out/caseverify.exe ./backend/cmd/caseverify
}

part gofmt gofmt_clean
part vet vet
part go go_tests
part fuzz build/dev/fuzz.sh 1
part licences node build/dev/licences.mjs
part frontend sh -c 'cd frontend && npm run --silent check'
if command -v chromium >/dev/null; then
  part browser build/dev/browser.sh
else
  leave browser "chromium is not installed"
fi
if [ -x bin/adjutant ] && command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null; then
  part window build/dev/window.sh bin/adjutant
else
  leave window "the real window needs the GTK headers, WebKitWebDriver and Xvfb"
fi
[ -e "$MODEL_DIR/complete" ] || leave model "the real model server is not there; its tests were skipped"
[ -d "${ADJUTANT_SHARED_DATA:-../shared/data}" ] || leave evidence "the shared evidence is not there; its counts were not compared"
part windows cross

echo
grep -cE '^ok ' "$LOGS/go" 2>/dev/null | sed 's/^/go packages passed: /'
for s in ${skipped[@]+"${skipped[@]}"}; do echo "NOT CHECKED  $s"; done
echo "time: $((SECONDS - began)) s"
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
tests=$(grep -cE '^--- PASS' "$LOGS/go.full")
echo "$tests passed, 0 failed"
