#!/usr/bin/env bash
# Plans a synthesised profile. Changes nothing, and does not lock the state: a role that can only read is enough.
#
#   ci/plan.sh PROFILE FOLDER
#
# FOLDER gets plan.bin (for `terraform apply`), plan.json (for `review`), and cdk.tf.json and inputs.sha256 (what was planned). The
# first two can hold secrets. Nothing of the plan is printed: a log of a public repository is public.
set -euo pipefail

profile=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
stack="cdktf.out/stacks/$profile"
terraform=${TERRAFORM_BINARY_NAME:-terraform}

ci/init.sh "$profile"
"$terraform" -chdir="$stack" plan -input=false -no-color -lock=false -out="$folder/plan.bin" >/dev/null
"$terraform" -chdir="$stack" show -json "$folder/plan.bin" >"$folder/plan.json"
cp "$stack/cdk.tf.json" "$folder/"
(cd "$stack" && sha256sum cdk.tf.json .terraform.lock.hcl) >"$folder/inputs.sha256"
