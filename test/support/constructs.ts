import { App, TerraformStack } from "../../modules/cdktf";
import type { ContainerSpec } from "../../modules/runtime/container-runtime";
import { realImage } from "./synth";
import type { TerraformJson } from "./template";
import { Template } from "./template";

/** What constructs alone give, without settings and profiles; for what no profile can ask for. */
export function synthConstructs(build: (stack: TerraformStack) => void): Template {
  const stack = new TerraformStack(new App({ skipValidation: true }), "test");
  build(stack);
  stack.prepareStack();
  return new Template(stack.toTerraform() as TerraformJson);
}

export const containerSpec: ContainerSpec = {
  image: realImage,
  repositoryArn: "arn:aws:ecr:us-east-1:123456789012:repository/team/app",
  architecture: "x86_64",
  port: 8000,
  startupSeconds: 5,
  readinessPath: "/ready",
  eventsPath: "/events",
  environment: {},
  secrets: {},
  tracing: "off",
};
