import fc from "fast-check";

/** A profile as a file could hold it: right, nearly right, or with anything in the place of a value. */
export type GeneratedProfile = Readonly<Record<string, unknown>>;

const rarely = <T>(arbitrary: fc.Arbitrary<T>, oneIn = 6) =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const often = (value: unknown, ...others: unknown[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(value) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf";
const variable = fc.oneof(
  { weight: 15, arbitrary: fc.stringMatching(/^[A-Z][A-Z0-9_]{1,8}$/) },
  { weight: 1, arbitrary: fc.constantFrom("PORT", "AWS_REGION", "AWS_LWA_PORT", "A", "toString", "KEY") },
);
const environment = rarely(fc.dictionary(variable, fc.string({ maxLength: 20 }), { maxKeys: 3 }));
const secrets = rarely(fc.dictionary(variable, fc.constant(secretArn), { maxKeys: 2 }));

const schedule = (max: number) =>
  fc.array(
    fc.record({
      name: fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/), fc.constantFrom("night", "morning")),
      cron: often("cron(0 20 ? * MON-FRI *)", "cron(0 7 1 * ? 2027)", "cron(0 7 * * * *)"),
      timezone: fc.constantFrom(undefined, "Europe/Berlin"),
      min: often(1, 0, 2),
      max: fc.integer({ min: 1, max }),
    }),
    { maxLength: 3 },
  );

const lambdaService = fc.record({
  runtime: fc.constant("lambda"),
  memoryMb: rarely(fc.integer({ min: 128, max: 10240 }), 2),
  timeoutSeconds: rarely(fc.integer({ min: 1, max: 900 })),
  ephemeralStorageMb: rarely(fc.integer({ min: 512, max: 10240 })),
  keepWarm: rarely(fc.record({ everyMinutes: fc.integer({ min: 1, max: 60 }) }), 3),
  provisionedConcurrency: rarely(
    fc.record({
      min: rarely(fc.integer({ min: 1, max: 5 }), 2),
      max: rarely(fc.integer({ min: 4, max: 9 }), 2),
      targetUtilization: rarely(fc.double({ min: 0.1, max: 0.9, noNaN: true }), 2),
      schedule: rarely(schedule(5), 3),
    }),
    4,
  ),
  snapStart: rarely(fc.boolean()),
  reservedConcurrency: rarely(fc.integer({ min: 1, max: 100 })),
  rollout: rarely(
    fc.record({
      type: fc.constantFrom("canary", "linear"),
      percent: rarely(fc.integer({ min: 1, max: 99 }), 2),
      everyMinutes: rarely(fc.integer({ min: 1, max: 60 }), 2),
    }),
    5,
  ),
  vpc: rarely(fc.boolean()),
  logFormat: rarely(fc.constantFrom("text", "json"), 3),
  streaming: rarely(fc.boolean(), 5),
  environment,
  secrets,
});

const fargateService = fc.record({
  runtime: fc.constant("fargate"),
  cpu: rarely(fc.constantFrom(256, 512, 1024, 2048, 4096, 8192, 16384, 32768), 8),
  memoryMb: rarely(fc.constantFrom(512, 2048, 4096, 8192, 32768), 8),
  ephemeralStorageGb: rarely(fc.integer({ min: 20, max: 200 })),
  tasks: rarely(fc.record({ min: often(1, 0, 2, 3), max: fc.integer({ min: 2, max: 6 }) }), 3),
  scaling: rarely(
    fc.record({
      cpuPercent: rarely(fc.integer({ min: 10, max: 95 }), 2),
      memoryPercent: rarely(fc.integer({ min: 10, max: 95 }), 2),
      requestsPerMinute: rarely(fc.integer({ min: 1, max: 5000 }), 3),
    }),
    3,
  ),
  schedule: rarely(schedule(6), 5),
  spot: rarely(fc.record({ onDemandBase: rarely(fc.integer({ min: 0, max: 3 }), 2) }), 3),
  longestRequestSeconds: rarely(fc.integer({ min: 1, max: 3600 }), 3),
  waitForSteadyState: rarely(fc.boolean()),
  executeCommand: rarely(fc.boolean()),
  streaming: rarely(fc.boolean(), 4),
  environment,
  secrets,
});

const jwt = fc.record({
  kind: fc.constant("jwt"),
  issuer: fc.constant("https://login.example.com/"),
  audience: fc.array(fc.constantFrom("api", "web"), { minLength: 1, maxLength: 2 }),
  jwksUrl: rarely(fc.constant("https://login.example.com/keys"), 2),
});
const access = rarely(
  fc.oneof(
    fc.constantFrom("public", "iam", "apiKey").map((kind) => ({ kind })),
    jwt,
  ),
  4,
);
const waf = rarely(fc.record({ requestsPerFiveMinutes: rarely(fc.integer({ min: 10, max: 9999 }), 2) }), 5);

const ingress = fc.oneof(
  fc.record({
    kind: fc.constant("apiGateway"),
    protocol: fc.constantFrom(undefined, "http", "rest", "rest"),
    timeoutSeconds: rarely(fc.integer({ min: 6, max: 35 })),
    throttling: rarely(
      fc.record({ ratePerSecond: fc.integer({ min: 1, max: 999 }), burst: fc.integer({ min: 1, max: 999 }) }),
    ),
    access,
    waf,
    accessLogs: rarely(fc.boolean()),
  }),
  fc.record({
    kind: fc.constant("alb"),
    scheme: fc.constantFrom(undefined, "internal", "internet-facing"),
    idleTimeoutSeconds: rarely(fc.integer({ min: 1, max: 4000 }), 3),
    access,
    waf,
    accessLogs: rarely(fc.boolean()),
  }),
);

const container = rarely(
  fc.record({
    architecture: rarely(fc.constantFrom("x86_64", "arm64"), 3),
    port: rarely(fc.constantFrom(8000, 9000, 8080, 4318, 80)),
    startupSeconds: rarely(fc.integer({ min: 1, max: 60 }), 3),
    readinessPath: rarely(fc.constantFrom("/ready", "/health", "ready")),
    eventsPath: rarely(fc.constantFrom("/events", "/ping")),
    maxBodyMb: rarely(fc.double({ min: 0.01, max: 12, noNaN: true })),
    heartbeatSeconds: rarely(fc.integer({ min: 1, max: 300 })),
    mcpSessions: rarely(fc.constantFrom("stateless", "stateful")),
    corsOrigins: rarely(
      fc.uniqueArray(fc.constantFrom("*", "https://app.example.com", "http://localhost:3000")),
      3,
    ),
    tracing: rarely(fc.constantFrom("off", "xray"), 3),
    environment,
    secrets,
  }),
  2,
);

const serviceName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("api", "light", "streams") },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z]([a-z0-9-]{0,19}[a-z0-9])?$/) },
);
const path = fc.constantFrom(
  "/mcp",
  "/mcp/*",
  "/chat",
  "/health",
  "/v1/*",
  "/v1/chat",
  "/v1/models/*",
  "/a/b/c",
);

const sound = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,39}[a-z0-9]$/),
    summary: fc.constant("generated"),
    protected: rarely(fc.boolean(), 3),
    logRetentionDays: rarely(fc.constantFrom(1, 7, 365, 10)),
    rollbackAtErrorPercent: rarely(fc.integer({ min: 1, max: 100 })),
    goal: rarely(
      fc.record({
        p95Ms: rarely(fc.integer({ min: 1, max: 900_000 }), 2),
        errorPercent: rarely(fc.double({ min: 0.01, max: 100, noNaN: true }), 2),
      }),
      4,
    ),
    monitoring: rarely(fc.constantFrom("full", "basic", "off"), 3),
    container,
    services: fc.dictionary(serviceName, fc.oneof(lambdaService, fargateService), { minKeys: 1, maxKeys: 3 }),
    network: rarely(fc.record({ egress: fc.constantFrom("public-ip", "nat", "endpoints") }), 5),
    ingress,
    paths: fc.uniqueArray(path, { minLength: 3, maxLength: 5 }),
    weight: rarely(fc.integer({ min: 0, max: 999 }), 8),
  })
  .map(({ paths, weight, ...profile }) => {
    const names = Object.keys(profile.services);
    const routes: { path: string; to: unknown }[] = names.map((to, i) => ({
      path: i === 0 ? "/*" : paths[i]!,
      to,
    }));
    if (weight !== undefined) routes[0]!.to = names.map((service) => ({ service, weight }));
    return { ...profile, routes };
  });

/** What nobody means to write, and someone will. */
const junk = fc.constantFrom<unknown>(
  null,
  "",
  "text",
  "constructor",
  "__proto__",
  "${local.value}",
  "${",
  -1,
  0,
  1.5,
  1e9,
  -1.8e300,
  true,
  [],
  {},
  [{}],
);

type Place = readonly string[];

function places(value: unknown, place: Place = []): Place[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) => [[...place, key], ...places(part, [...place, key])]);
}

/** One value of it is something else, is gone, or has a neighbour that nobody knows. */
function spoilt(profile: object, at: number, value: unknown, how: "other" | "gone" | "more"): object {
  const copy = structuredClone(profile);
  const all = places(copy);
  const place = all[at % all.length]!;
  const holder = place
    .slice(0, -1)
    .reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], copy) as Record<string, unknown>;
  const key = place.at(-1)!;
  if (how === "gone") delete holder[key];
  else if (Array.isArray(holder) && how === "more") holder.push(value);
  else holder[how === "more" ? `${key}s` : key] = value;
  return copy;
}

/** As it would come from a file: without what is undefined. */
const asFile = (value: object) => JSON.parse(JSON.stringify(value)) as GeneratedProfile;

/** Profiles of every kind; a third of them is spoilt in one place. */
export const generatedProfile: fc.Arbitrary<GeneratedProfile> = fc
  .tuple(
    sound,
    fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(9999) }),
    junk,
    fc.constantFrom("other" as const, "gone" as const, "more" as const),
  )
  .map(([profile, at, value, how]) =>
    asFile(at === undefined ? profile : spoilt(asFile(profile), at, value, how)),
  );
