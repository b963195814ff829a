#!/usr/bin/env bash
# Initialises Terraform for a synthesised profile, with the providers of the committed lock file and no others.
#
#   ci/init.sh PROFILE
set -euo pipefail

stack="cdktf.out/stacks/$1"
lock=.terraform.lock.hcl
if [ ! -f "$stack/cdk.tf.json" ]; then
  echo "$stack/cdk.tf.json is missing: run \`npx tsx main.ts\` first, and look at the profile's name" >&2
  exit 1
fi
if [ ! -f "$lock" ]; then
  echo "$lock is missing: run \`npm run lock\` once where the Terraform registry can be reached, and commit the file (docs/reviews.md)" >&2
  exit 1
fi
cp "$lock" "$stack/$lock"
"${TERRAFORM_BINARY_NAME:-terraform}" -chdir="$stack" init -input=false -no-color -lockfile=readonly
