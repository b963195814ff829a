import { spawnSync } from "node:child_process";

const bench = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, ["--import", "tsx", `test/bench/${script}.ts`, ...args], { encoding: "utf8" });

// Each is one message and status 2, before anything is built or started.
test.each([
  ["cold-start", ["--starts", "0"], /--starts.*"?0"?.*whole number from 1 to 1000/],
  ["cold-start", ["--starts", "ten"], /--starts.*'ten'.*whole number/],
  ["cold-start", ["--shares", "1.16,"], /--shares.*"" is not a number from 0.1 to 64/],
  ["cold-start", ["--variants", "tourch"], /--variants.*"tourch" is not one of/],
  ["warm", ["--chunks", "1e9"], /--chunks.*whole number from 100 to 1000000/],
  ["warm", ["--clients"], /--clients.*argument missing/],
  ["calibrate", ["--sizes", "1024"], /--size = "1024": must be memory of Lambda/],
  ["calibrate", ["--predict", "1024mb"], /--predict.*is among --sizes/],
  ["cold-start", ["onnx"], /too many arguments/],
  ["cold-start", ["--json", "no/such.json"], /--json = "no\/such\.json": there is no folder no/],
  ["calibrate", ["--json", "no/such.json"], /--json = "no\/such\.json": there is no folder no/],
  ["warm", ["--json", "no/such.json"], /--json = "no\/such\.json": there is no folder no/],
])("%s %j is refused", (script, args, message) => {
  const { status, stderr, stdout } = bench(script, ...args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});
