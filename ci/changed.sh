#!/usr/bin/env bash
# Prints the profiles that are not synthesised as they were at another commit, as `profiles=[...]` for a matrix.
#
#   ci/changed.sh REF
set -euo pipefail

changed=$(npx --no-install lambda-or-fargate changed-profiles --base "$1" --json)
echo "profiles=$changed"
