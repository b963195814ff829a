#!/usr/bin/env bash
# Prints the profiles that are not synthesised as they were at another commit, as `profiles=[...]` for a matrix.
#
#   ci/changed.sh REF [FOLDER]
#
# FOLDER gets the other commit's id, and what it synthesises, for reviews of plans without a state; the id alone, when it can't
# be synthesised.
set -euo pipefail

changed=$(npx --no-install lambda-or-fargate changed-profiles --base "$1" ${2:+--keep-base "$2"} --json)
if [ -n "${2:-}" ]; then git rev-parse "$1" >"$2/commit"; fi
echo "profiles=$changed"
