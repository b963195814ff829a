import { main } from "../../cli/main";
import { catalog } from "../../profiles/catalog";
import { captured } from "../support/command";

it("profiles lists each with what runs it, its front door, and its summary below, in lines of at most 120 letters", async () => {
  const { status, stdout } = await captured(() => main(["profiles"]));
  const lines = stdout.trimEnd().split("\n");

  expect(status).toBe(0);
  expect(lines).toHaveLength(2 * catalog.length);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
  const at = lines.indexOf("lambda-prod: Lambda 4096 MB, kept warm every 5 min behind HTTP API");
  expect(lines[at + 1]).toBe(
    "  Lambda with twice the CPU and one environment kept warm: the recommended start",
  );
});
