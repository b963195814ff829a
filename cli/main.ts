import { Command } from "commander";
import { addImageCommand } from "./image";
import { addLocalCommand } from "./local";
import { addProfilesCommand } from "./profiles";

const program = new Command("lambda-or-fargate")
  .description("One container image, two AWS runtimes, one switch.")
  .showHelpAfterError("(--help shows what is allowed)")
  .exitOverride((error) => {
    // Commander ends with 1 for a wrong option; a bad input is 2 here, like everywhere else.
    process.exit(error.exitCode === 0 ? 0 : 2);
  });

addProfilesCommand(program);
addImageCommand(program);
addLocalCommand(program);

void program.parseAsync();
