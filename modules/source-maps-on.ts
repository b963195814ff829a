import { wereOn } from "./source-maps-off";

// For the project's own files, whose errors are read.
process.setSourceMapsEnabled(wereOn);
