import { readFileSync, writeFileSync } from "node:fs";
import { costExcerpt, figuresPage } from "./figures";
import { fillIn } from "./marked";
import { operationsWithCosts } from "./pages/operations";
import { permissionFiles, permissionsPage } from "./pages/permissions";
import { profilesPage } from "./pages/profiles";
import { profilesTable } from "./pages/profiles-table";
import { settingsPage } from "./pages/settings";

/** Pages and tables that are made from the code, by file: `npm run docs` writes them, a test keeps them current. */
export function generatedPages(): Record<string, string> {
  return {
    "docs/figures.md": figuresPage(),
    "docs/operations.md": operationsWithCosts(readFileSync("docs/operations.md", "utf8")),
    "docs/permissions.md": permissionsPage(),
    ...permissionFiles(),
    "docs/profiles.md": profilesPage(),
    "docs/settings.md": settingsPage(),
    "README.md": readme(readFileSync("README.md", "utf8")),
  };
}

function readme(text: string): string {
  return fillIn(fillIn(text, "profiles", profilesTable()), "costs", costExcerpt());
}

if (require.main === module) {
  for (const [file, content] of Object.entries(generatedPages())) writeFileSync(file, content);
}
