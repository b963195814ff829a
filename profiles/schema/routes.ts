import { z } from "zod";
import { whole } from "./fields";

const sharedSchema = z.strictObject({
  /** Name of a service. */
  service: z.string(),
  /** Its part of the requests, in relation to the other weights. */
  weight: whole(0, 999),
});

export const routeSchema = z.strictObject({
  /** An exact path (`/models`) or a prefix (`/mcp/*`); `/*` is everything else. */
  path: z
    .string()
    .regex(/^\/([A-Za-z0-9._~-]+\/)*([A-Za-z0-9._~-]+|\*)$/, {
      error: "must be an exact path like /models or a prefix like /mcp/*; /* is everything else",
    })
    .refine((v) => v.length <= 128 && v.split("/").length <= 10, {
      error: "must have at most 128 letters (what an ALB takes) and 9 parts",
    }),
  /** Name of the service that answers, or several with weights. */
  to: z.union([z.string(), z.array(sharedSchema).min(1, { error: "must name one service at least" })], {
    error: "must be the name of a service, or a list of { service, weight }",
  }),
});

/** A part of a route's requests. */
export interface Share {
  readonly service: string;
  readonly weight: number;
}

/** Who answers a route, with weights; one service has all of it. */
export function sharesOf(route: z.output<typeof routeSchema>): readonly Share[] {
  return typeof route.to === "string" ? [{ service: route.to, weight: 1 }] : route.to;
}
