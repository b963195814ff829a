#!/usr/bin/env bash
# Applies the plan that was reviewed, and only that.
#
#   ci/apply.sh PROFILE FOLDER        FOLDER as ci/plan.sh wrote it; it gets before.txt, the image that ran until now
#
# Stops before anything is changed when the synthesised profile is not the one that was planned, when a plan of this moment
# would do something else (the account has changed since, or the file is not what was shown), and when Terraform finds the
# state newer than the plan.
set -euo pipefail

profile=$1
folder=$(cd "$2" && pwd)
stack="cdktf.out/stacks/$profile"
terraform=${TERRAFORM_BINARY_NAME:-terraform}

stop() {
  echo "$1" >&2
  echo "Nothing was changed. Plan $profile again: run the workflow \"deploy\" by hand for it, and approve the plan that it shows." >&2
  exit 1
}

ci/init.sh "$profile"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$stack" && sha256sum cdk.tf.json .terraform.lock.hcl) >"$work/inputs.sha256"
if ! cmp --silent "$work/inputs.sha256" "$folder/inputs.sha256"; then
  stop "The synthesised profile $profile is not the one that was planned: main has changed beside the pull request, or other settings hold here."
fi

"$terraform" -chdir="$stack" plan -input=false -no-color -lock=false -out="$work/now.bin" >/dev/null
"$terraform" -chdir="$stack" show -json "$folder/plan.bin" >"$work/reviewed.json"
"$terraform" -chdir="$stack" show -json "$work/now.bin" >"$work/now.json"
if ! node ci/same-plan.mjs "$work/reviewed.json" "$work/now.json" >&2; then
  stop "A plan of this moment is not the one that was reviewed."
fi

# As JSON: where there is no output yet, `-raw` prints a warning in its place and ends with status 0.
"$terraform" -chdir="$stack" output -json >"$work/outputs.json"
node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8")).image?.value ?? ""' "$work/outputs.json" >"$folder/before.txt"
if ! "$terraform" -chdir="$stack" apply -input=false -no-color "$folder/plan.bin" 2>"$work/errors"; then
  cat "$work/errors" >&2
  if grep -q "Saved plan is stale" "$work/errors"; then
    stop "The state of $profile was changed after this plan was made."
  fi
  exit 1
fi
