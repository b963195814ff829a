import { z } from "zod";
import { environment, path, secrets, text, whole, within } from "./fields";

/** What the image is and how it behaves; the same for every service of a profile. */
export const containerSchema = z.strictObject({
  /** Instruction set of the image; drives the function, the task and the image build. @default "x86_64" */
  architecture: z.enum(["x86_64", "arm64"]).default("x86_64"),
  /** Port the server listens on. 8080, 9001 and 3000 belong to Lambda's own processes. @default 8000 */
  port: whole(1024, 65535).default(8000),
  /** Seconds from process start to ready at 1 vCPU; health-check grace and Lambda's start are derived. @default 5 */
  startupSeconds: whole(1, 900).default(5),
  /** Answers 200 once the model and index are loaded, and costs little: every health check asks it. @default "/ready" */
  readinessPath: path.default("/ready"),
  /** Takes events that are not HTTP requests, like the keep-warm ping. @default "/events" */
  eventsPath: path.default("/events"),
  /** The largest request or response body, in MB. @default 1 */
  maxBodyMb: within(0.001, 100).default(1),
  /** Seconds between heartbeats of a stream. @default 15 */
  heartbeatSeconds: whole(1, 300).default(15),
  /** Whether a client must come back to the task that knows its MCP session. @default "stateless" */
  mcpSessions: z.enum(["stateless", "stateful"]).default("stateless"),
  /** Origins whose pages may call from a browser (CORS); `*` is every origin. @default [] */
  corsOrigins: z
    .array(
      text(
        /^(\*|https?:\/\/[a-z0-9.-]+(:\d+)?)$/,
        "must be an origin like https://app.example.com, without a path, or *",
      ),
    )
    .default([]),
  /** Where traces go; `xray` needs no change in the image on Lambda, and a collector beside the tasks. @default "off" */
  tracing: z.enum(["off", "xray"]).default("off"),
  /** Environment variables of every service. @default {} */
  environment,
  /** Secrets of every service: variable name to the ARN of a secret or parameter. @default {} */
  secrets,
});
