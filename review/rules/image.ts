import type { ResourceChange } from "../../estimate/resources/resource";
import { blocks } from "../../estimate/resources/resource";
import type { Rule } from "./rule";
import { eachChange } from "./rule";
import { at, isThereAfter } from "./values";

type Values = Readonly<Record<string, unknown>> | undefined;

/** Images that a function or the containers of a task run, as far as the plan shows them. */
function imagesOf(type: string, values: Values): string[] {
  if (!values) return [];
  if (type === "aws_lambda_function") return typeof values.image_uri === "string" ? [values.image_uri] : [];
  if (type !== "aws_ecs_task_definition" || typeof values.container_definitions !== "string") return [];
  try {
    return blocks({ containers: JSON.parse(values.container_definitions) as unknown }, "containers").flatMap(
      ({ image }) => (typeof image === "string" ? [image] : []),
    );
  } catch {
    return [];
  }
}

/** Images that the plan brings, of those that are there after it. */
function newImages({ type, before, after }: ResourceChange): string[] {
  const old = imagesOf(type, before);
  return imagesOf(type, after).filter((image) => !old.includes(image));
}

function architectureOf(type: string, values: Values): unknown {
  if (type === "aws_lambda_function") {
    return Array.isArray(values?.architectures) ? (values.architectures as unknown[])[0] : undefined;
  }
  return type === "aws_ecs_task_definition" ? at(values, "runtime_platform.cpu_architecture") : undefined;
}

export const imageRules: readonly Rule[] = [
  {
    id: "image-by-tag",
    severity: "medium",
    title: "An image is named by its tag",
    why: "What the tag means can change: this plan would run something else tomorrow, and a new push is no change to Terraform",
    wayOut: "Name the image by its digest: repository@sha256:DIGEST",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    find: eachChange((change) =>
      isThereAfter(change) && newImages(change).some((image) => !/@sha256:[0-9a-f]{64}$/.test(image))
        ? true
        : undefined,
    ),
  },
  {
    id: "image-missing",
    severity: "medium",
    title: "There is no image yet: a placeholder stands in its place",
    why: "The plan can be read, but its apply will be refused",
    wayOut: "Build and push an image, and give its digest to the settings",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html",
    find: eachChange((change) =>
      isThereAfter(change) && newImages(change).some((image) => /@sha256:0{64}$/.test(image))
        ? true
        : undefined,
    ),
  },
  {
    id: "architecture-changed",
    severity: "high",
    title: "The CPU architecture changes",
    why: "An image of the other architecture does not start (exec format error), and until a new one runs there is none",
    wayOut: "Deploy it together with an image that was built for the new architecture",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html",
    find: eachChange(({ type, before, after }) => {
      const [from, to] = [architectureOf(type, before), architectureOf(type, after)];
      return typeof from === "string" && typeof to === "string" && from !== to ? true : undefined;
    }),
  },
];
