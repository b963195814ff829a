import { readFileSync, writeFileSync } from "node:fs";
import { loadProfiles } from "../profiles/load";
import { figuresPage } from "./figures";
import { modelWithFigures } from "./pages/model";
import { monitoringWithTables } from "./pages/monitoring";
import { operationsWithCosts } from "./pages/operations";
import { permissionFiles, permissionsPage } from "./pages/permissions";
import { profilesPage } from "./pages/profiles";
import { readmeWithTables } from "./pages/readme";
import { settingsPage } from "./pages/settings";

/** Pages and tables that are made from the code, by file: `npm run docs` writes them, a test keeps them current. */
export function generatedPages(): Record<string, string> {
  return {
    "docs/figures.md": figuresPage(),
    "docs/model.md": modelWithFigures(readFileSync("docs/model.md", "utf8")),
    "docs/monitoring.md": monitoringWithTables(readFileSync("docs/monitoring.md", "utf8")),
    "docs/operations.md": operationsWithCosts(readFileSync("docs/operations.md", "utf8")),
    "docs/permissions.md": permissionsPage(),
    ...permissionFiles(),
    "docs/profiles.md": profilesPage(),
    "docs/settings.md": settingsPage(),
    "README.md": readmeWithTables(readFileSync("README.md", "utf8"), loadProfiles()),
  };
}

if (require.main === module) {
  for (const [file, content] of Object.entries(generatedPages())) writeFileSync(file, content);
}
