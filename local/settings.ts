import { join, resolve } from "node:path";
import type { Settings } from "../stacks/settings";
import { localAccount, localPort } from "./tools/ministack";

/** Where local deployments keep their Terraform code and state; apart from those of a real account. */
export const localDirectory = resolve(process.env.LOF_LOCAL_DIRECTORY ?? ".local");
export const localOutput = join(localDirectory, "cdktf.out");

/** First part of every local resource's name, and the region that the local AWS plays. */
export const localName = "local";
export const localRegion = "us-east-1";

/** Environment of every command that talks to the local AWS. */
export function localAwsEnvironment(): Record<string, string | undefined> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${localPort()}`,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: localRegion,
    AWS_DEFAULT_REGION: localRegion,
    // An account of the user's must never be reached from here.
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
  };
}

/** Settings of a local deployment: the image comes from `LOF_LOCAL_IMAGE`, state stays in the project's folder. */
export function localSettings(settings: Settings): Settings {
  const uri = process.env.LOF_LOCAL_IMAGE ?? "lambda-or-fargate:not-built";
  return {
    ...settings,
    name: localName,
    region: localRegion,
    zones: ["a", "b"].map((letter) => localRegion + letter),
    image: {
      uri,
      account: localAccount,
      region: localRegion,
      repository: "lambda-or-fargate",
      byDigest: true,
      placeholder: false,
    },
    vpc: undefined,
    https: undefined,
    // What a local AWS holds is gone when it stops; nothing has to be protected.
    allowRemoval: true,
    state: { kind: "local", directory: localDirectory },
    offline: false,
  };
}
