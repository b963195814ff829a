import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { lambdaProfile } from "../support/profiles";
import { realImage, synthProfile } from "../support/synth";

describe("a service's name", () => {
  const fronts = [alb(), apiGateway()];
  const runtimes = [lambda({}), fargate({})];

  /** Every front door, every runtime, with an image and without. */
  function synthAll(id: string): void {
    for (const ingress of fronts) {
      for (const runtime of runtimes) {
        for (const image of [realImage, undefined]) {
          const template = synthProfile(
            { ...lambdaProfile, services: { [id]: runtime }, ingress, routes: [{ path: "/*", to: id }] },
            { image },
          );
          expect(Object.keys(template.outputs)).toHaveLength(5);
        }
      }
    }
  }

  it.each([
    "alb",
    "api",
    "default",
    "http",
    "load-balancer",
    "security-group",
    "stage",
    "to-api",
    "vpc-link",
  ])("may be %s", (id) => expect(() => synthAll(id)).not.toThrow());

  it.each(["ingress", "network", "aws", "url", "image", "runtime", "image-required", "backend"])(
    "may be %s, like a part of the stack",
    (id) => expect(() => synthAll(id)).not.toThrow(),
  );

  it("does not meet another service's parts", () => {
    const services = {
      api: fargate({}),
      "api-integration": fargate({}),
      "to-api": fargate({}),
      a: lambda({}),
    };
    const routes = Object.keys(services).map((to) => ({ path: `/${to}/*`, to }));
    for (const ingress of fronts) {
      const template = synthProfile({
        ...lambdaProfile,
        services,
        ingress,
        routes: [...routes, { path: "/*", to: "a" }],
      });
      expect(template.resources("aws_ecs_service")).toHaveLength(3);
    }
  });
});
