#!/bin/sh
# Installs a lock of Python packages into a folder: an init container of the Spark image runs it.
#
#   REQUIREMENTS   the lock: NAME==VERSION and --hash lines for everything, dependencies included
#   TARGET         the folder; it is emptied when it holds another lock, left alone when it holds this one
#   PIP_INDEX_URL  the index; empty is the one pip knows
#
# The `uv` that the lock names installs the others: three times faster than pip, which spends its time on one core.
# A lock without uv is installed by pip.
set -eu
: "${REQUIREMENTS:?is the path of the lock}" "${TARGET:?is the folder to install into}"
begun=$(date +%s)
log=$(mktemp) rest=$(mktemp) uv=$(mktemp)
stamp=$TARGET/.sparkyard-python
python=$(command -v python3) || { echo "install-python: this image has no python3: use a Spark image with Python" >&2; exit 1; }
id="$(sha256sum <"$REQUIREMENTS" | cut -d' ' -f1) $($python -c 'import platform as p; print(p.python_version(), p.machine())')"

say() { echo "install-python: $*"; }

fail() {
  tail -n 15 "$log" >&2
  where=${PIP_INDEX_URL:-the default index}
  if grep -qi 'hash mismatch\|do not match the hashes\|expected sha256' "$log"; then
    say "a package from $where is not the file that was locked. Clear that index's cache, or check who changed it." >&2
  elif grep -qi 'no space left' "$log"; then
    say "$TARGET is full. About 600 MB are needed: raise the ephemeral-storage limit or the volume's size." >&2
  elif grep -qi 'no solution found\|no matching distribution\|no compatible wheel\|404\|40[13]' "$log" && ! grep -qi 'connection\|resolution' "$log"; then
    say "$where answers but does not give a package of the lock. Let it proxy PyPI, or set another global.python.indexUrl." >&2
  else
    say "cannot fetch from $where. Set global.python.indexUrl to an index this cluster reaches (a company mirror ends in /simple)." >&2
  fi
  exit 1
}

mkdir -p "$TARGET"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$id" ]; then say "nothing to do, $TARGET holds this lock already"; exit 0; fi
if [ ! -f "$stamp" ] && [ -n "$(ls -A "$TARGET" | grep -v '^lost+found$')" ]; then
  say "$TARGET holds files of somebody else. Give Python a folder of its own." >&2; exit 1
fi
echo unfinished >"$stamp"
find "$TARGET" -mindepth 1 -maxdepth 1 ! -path "$stamp" ! -name lost+found -exec rm -rf {} +

if [ -n "${PIP_INDEX_URL:-}" ]; then
  export UV_DEFAULT_INDEX="$PIP_INDEX_URL"
  case $PIP_INDEX_URL in http://*) host=${PIP_INDEX_URL#http://}; host=${host%%/*}; export PIP_TRUSTED_HOST="${host##*@}" ;; esac
else
  unset PIP_INDEX_URL
fi
# The cache lies beside the packages so that files are linked, not copied; few connections, because small mirrors drop many.
export UV_CACHE_DIR="$TARGET/.uv-cache" UV_NO_CONFIG=1 UV_CONCURRENT_DOWNLOADS=8 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_RETRIES=2

awk -v uv="$uv" -v rest="$rest" '/^[^ \t]/ { out = /^uv==/ ? uv : rest } { print > out }' "$REQUIREMENTS"
common="--no-deps --require-hashes --only-binary :all:"
pip() { $python -m pip install $common --no-compile --target "$1" -r "$2" >"$log" 2>&1 || fail; }
if [ -s "$uv" ]; then
  pip "$TARGET/.uv" "$uv"
  "$TARGET/.uv/bin/uv" pip install $common --python "$python" --target "$TARGET" -r "$rest" >"$log" 2>&1 || fail
else
  pip "$TARGET" "$rest"
fi
rm -rf "$TARGET/.uv" "$TARGET/.uv-cache" "$log" "$rest" "$uv"
echo "$id" >"$stamp"
say "$(ls -d "$TARGET"/*.dist-info | wc -l) packages, $(du -sm "$TARGET" | cut -f1) MB in $(($(date +%s) - begun)) s"
