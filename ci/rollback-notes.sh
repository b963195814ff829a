#!/usr/bin/env bash
# Prints how to undo a deployment, as Markdown.
#
#   ci/rollback-notes.sh PROFILE FOLDER        FOLDER as ci/apply.sh left it
set -euo pipefail

profile=$1
if [ ! -f "$2/before.txt" ]; then
  echo "Nothing of \`$profile\` was applied: there is nothing to undo."
  exit
fi
image=$(cat "$2/before.txt")
shown="none: this was the first deployment"
if [ -n "$image" ]; then shown="\`$image\`"; fi
commit=$(git rev-parse HEAD)
before=$(git rev-parse HEAD^1)
revert="git revert --no-edit"
if git rev-parse --quiet --verify HEAD^2 >/dev/null; then revert="$revert -m 1"; fi

cat <<NOTES
### Way back for \`$profile\`

| | |
|---|---|
| deployed now | commit \`$commit\` |
| before | commit \`$before\` |
| image before | $shown |

As any other change, with a plan that is reviewed:

\`\`\`
git switch -c undo-${commit:0:8} main
$revert $commit
git push -u origin HEAD        # and open a pull request
\`\`\`

At once, by who may deploy from their own machine:

\`\`\`
git switch --detach $before
npm ci
npx cdktf deploy $profile
\`\`\`
NOTES
