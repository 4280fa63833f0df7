#!/usr/bin/env bash
# Ours and the peers side by side on the same data; prints ratios and writes them to RESULTS.md. usage: build/bench/run.sh
#   BENCH_EVENTS   events to ingest and ask (200000)      BENCH_ROUNDS  interleaved rounds, medians are shown (3)
#   BENCH_LONG     entries of a long case to open, fold, verify and replay (100000)
#   BENCH_ENTRIES  entries of a record to verify (20000)  BENCH_DATE    what the report says (today, UTC)
#   BENCH_COPY     entries of each copy to merge (50000)  BENCH_ONLY    record: only merging and the long case;
#                                                         intake: only logs into the store
#   BENCH_NOTE     a sentence about the circumstances     BENCH_DIR     where the data goes (build/out/bench)
# Ripgrep and evtx_dump take part when they are on PATH, SQLite in C when there is a C compiler. Nothing is installed.
# This module follows the product's go.mod (-mod=mod): its own go.mod and go.sum may change when that one has.
set -euo pipefail
cd "$(dirname "$0")"
dir=${BENCH_DIR:-../out/bench}
rm -rf "$dir/data"
mkdir -p "$dir/data"
trap 'rm -rf "$dir/data"' EXIT

cgo=1
command -v cc >/dev/null || { cgo=0; echo "bench: no C compiler: SQLite takes part only in its translation to Go, which is slower" >&2; }
CGO_ENABLED=$cgo go build -mod=mod -buildvcs=false -tags sqlite_fts5 -o "$dir/bench" .

shared=${ADJUTANT_SHARED_DATA:-../../../shared/data}/evtx
mkdir -p "$dir/data/real"
if [ -d "$shared" ] && command -v unzip >/dev/null; then
  cp -r "$shared/." "$dir/data/real"
  unzip -qo "$shared/ordinary-win10-vm.zip" -d "$dir/data/real/vm"
fi

version() { if command -v "$1" >/dev/null; then "$@" 2>/dev/null | head -1 || true; else echo "$1 is not installed"; fi; }
{
  echo "# Ours and the peers, side by side"
  echo
  echo "Made by \`make bench\` on ${BENCH_DATE:-$(date -u +%F)}, version $(git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)."
  echo
  echo "- $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(awk '/MemTotal/ {printf "%.0f GB", $2/1e6}' /proc/meminfo) memory"
  echo "- $(. /etc/os-release && echo "$PRETTY_NAME"), Linux $(uname -r), data on $(findmnt -no FSTYPE -T "$dir" || echo "an unknown file system")"
  echo "- $(go env GOVERSION), $(go list -mod=mod -m modernc.org/sqlite github.com/mattn/go-sqlite3 | paste -sd, | sed 's/,/, /')"
  for p in "rg --version" "grep --version" "evtxexport -V" "evtx_dump --version"; do echo "- $(version $p)"; done
  echo "- load average of the machine over the minute before: $(cut -d' ' -f1 /proc/loadavg)${BENCH_NOTE:+; $BENCH_NOTE}"
  echo
  echo "${BENCH_ROUNDS:-3} rounds in alternation, medians. A ratio is peer ÷ ours: above 1 ours is faster or smaller, below 1 the peer is. CPU is user"
  echo "plus system time over all threads and moves less than wall time when the machine is busy."
  echo
  "$dir/bench" "$dir/data"
} >"$dir/report.md"
cp "$dir/report.md" RESULTS.md
cat RESULTS.md
