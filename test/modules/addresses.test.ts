import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../profiles/catalog";
import type { Synthesised } from "../support/synth";
import { synthProfiles } from "../support/synth";
import { address } from "../support/template";
import golden from "./addresses.json";

let all: Synthesised;
beforeAll(() => (all = synthProfiles(catalog)));

/**
 * A construct that is moved or renamed gives its resource another address, and Terraform destroys what runs and makes it
 * again. So a changed address is a decision: `UPDATE_ADDRESSES=1` writes the list anew, and the diff is the review.
 */
describe("addresses", () => {
  it("of every resource stay where they are", () => {
    const found = Object.fromEntries(
      [...all.templates]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, template]) => [id, template.all().map(address).sort()]),
    );
    if (process.env.UPDATE_ADDRESSES) {
      writeFileSync(join(__dirname, "addresses.json"), `${JSON.stringify(found, null, 2)}\n`);
      return;
    }
    expect(found).toEqual(golden);
  });
});

describe("synth", () => {
  it("of the same input gives the same bytes", () => {
    expect(all.files.size).toBe(catalog.length + 3);
    expect([...synthProfiles(catalog).files]).toEqual([...all.files]);
  });

  it("of one profile alone gives the same stack as with all others", () => {
    for (const profile of catalog) {
      const file = `stacks/${profile.name}/cdk.tf.json`;
      expect(synthProfiles([profile]).files.get(file)).toBe(all.files.get(file));
    }
  });

  it("in another order gives the same stacks", () => {
    expect(new Map(synthProfiles([...catalog].reverse()).files)).toEqual(new Map(all.files));
  });

  it("holds no path of the machine and no time", () => {
    for (const [file, text] of all.files) {
      expect([file, text.includes(process.cwd())]).toEqual([file, false]);
      expect([file, /\d{4}-\d{2}-\d{2}T\d{2}:/.test(text)]).toEqual([file, false]);
    }
  });
});
