/** Whether Node reads the source maps of files that it loads. */
export const wereOn = process.sourceMapsEnabled;

// Those of the bindings that follow are 5 MB, which takes a tenth of a synth, and nobody is shown them.
process.setSourceMapsEnabled(false);
