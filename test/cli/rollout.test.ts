import type { RolloutApi } from "../../cli/rollout";
import { appSpec, rollOut } from "../../cli/rollout";
import { UserError } from "../../profiles/errors";

const target = { application: "app", group: "live", functionName: "fn", alias: "live", version: "7" };

/** A CodeDeploy of the test's own: it goes through these states, one a question. */
class FakeCodeDeploy implements RolloutApi {
  started: string[] = [];

  constructor(
    private readonly current: string,
    private readonly states: { status: string; reason?: string }[],
  ) {}

  versionOf = () => Promise.resolve(this.current);
  start = (to: typeof target, from: string) => {
    this.started.push(`${from} -> ${to.version}`);
    return Promise.resolve("d-1");
  };
  state = () => Promise.resolve(this.states.shift()!);
}

beforeEach(() => jest.spyOn(process.stderr, "write").mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

describe("a rollout", () => {
  it("waits until the alias is at the new version", async () => {
    const api = new FakeCodeDeploy("6", [
      { status: "Created" },
      { status: "InProgress" },
      { status: "InProgress" },
      { status: "Succeeded" },
    ]);
    await rollOut(api, target, 0);
    expect(api.started).toEqual(["6 -> 7"]);
  });

  it("of the version that is live does nothing: the first deployment has nothing to move from", async () => {
    const api = new FakeCodeDeploy("7", []);
    await rollOut(api, target, 0);
    expect(api.started).toEqual([]);
  });

  it.each(["Failed", "Stopped"])("that is %s fails, and says what stays", async (status) => {
    const api = new FakeCodeDeploy("6", [{ status: "InProgress" }, { status, reason: "alarm went off" }]);
    const failure = rollOut(api, target, 0);
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(/traffic stays at version 6: alarm went off/);
  });

  it("is described as CodeDeploy reads it", () => {
    expect(appSpec(target, "6")).toEqual({
      version: 0.0,
      Resources: [
        {
          fn: {
            Type: "AWS::Lambda::Function",
            Properties: { Name: "fn", Alias: "live", CurrentVersion: "6", TargetVersion: "7" },
          },
        },
      ],
    });
  });
});
