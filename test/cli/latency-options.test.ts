import { Command } from "commander";
import { addLatencyOptions, latencyOptionsOf } from "../../cli/latency-options";

const optionsOf = (...words: string[]) =>
  latencyOptionsOf(addLatencyOptions(new Command()).parse(words, { from: "user" }).opts());

describe("options of a simulation", () => {
  it("are left to the estimate when none is given", () => {
    expect(Object.values(optionsOf()).filter((value) => value !== undefined)).toEqual([]);
  });

  it("are numbers, and a start-up by name", () => {
    const options = optionsOf("--seed", "7", "--runs", "2", "--hours", "168", "--start-up", "note");
    expect(options).toMatchObject({ seed: 7, runs: 2, hours: 168, startUp: { name: "note" } });
  });

  it.each([
    ["--seed", "-1", '--seed = "-1": must be a whole number'],
    ["--runs", "many", '--runs = "many": must be a whole number'],
    ["--hours", "1.5", '--hours = "1.5": must be a whole number'],
    ["--start-up", "slow", 'start-up = "slow": must be note, onnx, torch, light, lexical, or a JSON file'],
  ])("%s %s is refused", (option, value, message) => {
    expect(() => optionsOf(`${option}=${value}`)).toThrow(message);
  });
});
