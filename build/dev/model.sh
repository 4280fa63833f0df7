#!/usr/bin/env bash
# Builds the model server once for each version; without it everything goes on with the twins, and says so.
set -uo pipefail
cd "$(dirname "$0")/../.."
if models/server/build.sh "$1"; then exit 0; fi
echo "model: not available, the server could not be built or the model not fetched (see above)." >&2
echo "model: every function works by its twin without a model; \`make model\` tries again." >&2
