#!/usr/bin/env bash
# Writes .terraform.lock.hcl, the versions and checksums of the providers, which all stacks share. Commit it.
#
#   npm run lock [-- OPTIONS OF `terraform providers lock`]
#
# In a closed network: npm run lock -- -fs-mirror=FOLDER -platform=linux_amd64
set -euo pipefail

lock=.terraform.lock.hcl
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
if [ $# -eq 0 ]; then
  set -- -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_amd64 -platform=darwin_arm64
fi

# The repository's stack needs no image and no account, and has the provider that all have.
CDKTF_OUTDIR="$out" LOF_OFFLINE=true npx --no-install tsx main.ts
stack="$out/stacks/image-repository"
"${TERRAFORM_BINARY_NAME:-terraform}" -chdir="$stack" providers lock "$@"
cp "$stack/$lock" "$lock"
echo "$lock is written: commit it"
