#!/bin/bash
# Installs locked Python packages into a folder, every file checked by its SHA-256. Runs in an init container of the Spark
# image; may be run again: a folder that already holds the same lock is left as it is.
#
#   REQUIREMENTS   the lock
#   TARGET         the folder
#   PIP_INDEX_URL  package index; unset or empty: pip's own default
set -euo pipefail

lock=$(sha256sum "$REQUIREMENTS" | cut -d' ' -f1)
if [ "$(cat "$TARGET/.lock" 2>/dev/null)" = "$lock" ]; then
  echo "python: the packages are there"
  exit 0
fi

index=()
if [ -n "${PIP_INDEX_URL:-}" ]; then
  index=(--index-url "$PIP_INDEX_URL")
  # A mirror without TLS is taken at its word: the hashes say what is right.
  case $PIP_INDEX_URL in
    http://*) host=${PIP_INDEX_URL#http://}; host=${host##*@}; host=${host%%/*}; export PIP_TRUSTED_HOST=${host%%:*} UV_INSECURE_HOST=$host ;;
  esac
else
  unset PIP_INDEX_URL
fi

failed() {
  echo "python: the packages could not be installed from ${PIP_INDEX_URL:-the default index}; see above." >&2
  echo "python: set global.python.indexUrl to a package index (PEP 503, .../simple) that pods can reach, or global.python.source to image." >&2
  echo "python: if a hash does not match, the index serves another file than the one that was locked." >&2
  exit 1
}

# uv installs in parallel and compiles nothing, which takes a fifth of pip's time; pip is there to install uv.
scratch=$(mktemp -d)
awk '/^[a-z0-9]/ { mine = /^uv==/ } mine' "$REQUIREMENTS" >"$scratch/uv.txt"
awk '/^[a-z0-9]/ { mine = !/^uv==/ } mine' "$REQUIREMENTS" >"$scratch/rest.txt"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
python3 -m pip install -q --no-cache-dir --no-compile --no-deps --require-hashes --only-binary :all: "${index[@]}" \
  --target "$scratch/uv" -r "$scratch/uv.txt" || failed
rm -rf "$TARGET"/* "$TARGET/.cache"
# The cache lies beside the target, so that files are linked and not copied.
UV_CACHE_DIR=$TARGET/.cache UV_LINK_MODE=hardlink "$scratch/uv/bin/uv" pip install -q --no-config --python python3 --no-deps \
  --require-hashes --only-binary :all: "${index[@]}" --target "$TARGET" -r "$scratch/rest.txt" || failed
rm -rf "$TARGET/.cache" "$scratch"
echo "$lock" >"$TARGET/.lock"
echo "python: $(grep -c '^[a-z0-9].*==' "$REQUIREMENTS") packages installed in ${SECONDS} s"
