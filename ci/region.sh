#!/usr/bin/env bash
# Prints the region of a synthesised profile, as `region=REGION`.
#
#   ci/region.sh PROFILE
set -euo pipefail

node -p '"region=" + JSON.parse(fs.readFileSync(process.argv[1], "utf8")).provider.aws[0].region' \
  "cdktf.out/stacks/$1/cdk.tf.json"
