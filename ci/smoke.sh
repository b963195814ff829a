#!/usr/bin/env bash
# Asks a deployed service whether it is alive and ready; a first start may take minutes.
#
#   ci/smoke.sh URL
#
# SMOKE_HEADER   a header for services that let in only who they know, like "Authorization: Bearer ..." or "x-api-key: ..."
# SMOKE_SECONDS  how long each path is asked before it counts as down (600)
set -euo pipefail

url=${1%/}
header=$(mktemp)
trap 'rm -f "$header"' EXIT
# From a file: a command line can be read by other processes.
printf '%s\n' "${SMOKE_HEADER:-}" >"$header"

for path in /health /ready; do
  echo "GET $url$path"
  if ! curl --fail --silent --show-error --output /dev/null --header "@$header" --max-time 60 \
    --retry 1000 --retry-all-errors --retry-delay 5 --retry-max-time "${SMOKE_SECONDS:-600}" "$url$path"; then
    echo "$url$path gives no answer with status 2xx. Is the service private, set the environment's secret SMOKE_HEADER; else see the rollback in the summary." >&2
    exit 1
  fi
done
