#!/bin/bash
set -euo pipefail
if [ -n "${PIP_INDEX_URL:-}" ]; then export PIP_TRUSTED_HOST=$(python3 -c 'import sys,urllib.parse as u; print(u.urlsplit(sys.argv[1]).hostname)' "$PIP_INDEX_URL"); else unset PIP_INDEX_URL; fi
python3 -m pip install -q --no-cache-dir --no-compile --no-deps --require-hashes --only-binary :all: --disable-pip-version-check --target "$TARGET" -r "$REQUIREMENTS"
echo "installed in ${SECONDS}s"
