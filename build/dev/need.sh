#!/usr/bin/env bash
# Checks the tools that a build needs and installs Debian packages when it may.
# usage: need.sh run|test|has-gtk
#   As root with apt-get it installs; otherwise it prints the one line to run and the build goes on without the window.
set -euo pipefail
fail() { echo "need: $*" >&2; exit 1; }

have_gtk() { command -v pkg-config >/dev/null && pkg-config --exists gtk+-3.0 webkit2gtk-4.1; }
[ "${1:-}" = has-gtk ] && { have_gtk; exit; }

command -v go >/dev/null || fail "Go is missing; version 1.26 or newer is needed"
v=$(go env GOVERSION); v=${v#go}
[ "$(printf '%s\n1.26\n' "$v" | sort -V | head -1)" = 1.26 ] || fail "Go $v is too old; 1.26 or newer is needed"
command -v node >/dev/null || fail "Node is missing; version 20.19 or newer is needed"
n=$(node --version); n=${n#v}
[ "$(printf '%s\n20.19\n' "$n" | sort -V | head -1)" = 20.19 ] || fail "Node $n is too old; 20.19 or newer is needed"
command -v npm >/dev/null || fail "npm is missing"
command -v cc >/dev/null || fail "a C compiler is missing"

want=(pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev cmake g++ python3 python3-pip nlohmann-json3-dev libstb-dev)
[ "${1:-}" = test ] && want+=(xvfb webkit2gtk-driver chromium poppler-utils qpdf libevtx-utils imagemagick python3-cryptography)
missing=()
for p in "${want[@]}"; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
done
# A pip or compiler that came another way is as good as Debian's.
keep=()
for p in ${missing[@]+"${missing[@]}"}; do
  case $p in
    python3-pip) python3 -m pip --version >/dev/null 2>&1 && continue ;;
    python3-cryptography) python3 -c 'import cryptography' >/dev/null 2>&1 && continue ;;
    python3 | cmake | g++) command -v "$p" >/dev/null && continue ;;
  esac
  keep+=("$p")
done
[ ${#keep[@]} -eq 0 ] && exit 0
line="apt-get install -y --no-install-recommends ${keep[*]}"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "need: installing ${keep[*]}"
  log=$(mktemp)
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -qq install -y --no-install-recommends "${keep[@]}"; } >"$log" 2>&1; then
    tail -15 "$log" >&2
    echo "need: apt-get could not install them; what needs them is left out and said so" >&2
  fi
  rm -f "$log"
else
  echo "need: some packages are missing. To have the window and the model, run this once and start again:" >&2
  echo "  sudo $line" >&2
  echo "need: going on without them" >&2
fi
