#!/usr/bin/env bash
# Fuzzes every target for a time. usage: fuzz.sh SECONDS_EACH; crashers stay in testdata/fuzz and fail `go test` from then on.
set -euo pipefail
cd "$(dirname "$0")/../.."
each=${1:?usage: fuzz.sh SECONDS_EACH}
export CGO_ENABLED=0
status=0
n=0
while IFS=: read -r file func; do
  n=$((n + 1))
  if ! out=$(go test -run '^$' -fuzz "^${func}\$" -fuzztime "${each}s" -fuzzminimizetime 1x "./$(dirname "$file")" 2>&1); then
    # Go's fuzzer now and then reports its own end of time as a failure. A crasher always names its input.
    if grep -q 'context deadline exceeded' <<<"$out" && ! grep -qE 'Failing input written|panic:|--- FAIL: .*/' <<<"$out"; then
      continue
    fi
    echo "fuzz: $func in $file"
    echo "$out" | tail -20
    status=1
  fi
done < <(grep -rEo --include='*_test.go' '^func (Fuzz[A-Za-z0-9_]+)' backend app 2>/dev/null | sed -E 's/:func /:/' | sort)
echo "fuzz: $n targets, ${each} s each"
[ "$n" -ge 20 ] || { echo "fuzz: that are too few; is the search for targets broken?"; exit 1; }
exit $status
