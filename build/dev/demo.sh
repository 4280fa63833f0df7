#!/usr/bin/env bash
# Runs the sample incident from evidence to PDF and opens the window on it when there is a display.
set -euo pipefail
cd "$(dirname "$0")/../.."
dir=$1
if [ -e "$dir" ]; then
  old="$dir.$(date +%Y%m%d-%H%M%S)"
  mv "$dir" "$old"
  echo "demo: the earlier one was kept as $old"
fi
bin/adjutant-cli demo "$dir"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ -z "${CI:-}" ] && [ -x bin/adjutant ]; then
  echo "demo: opening the window"
  exec bin/adjutant window "$dir"/*.case
fi
