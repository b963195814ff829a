import type { Profile } from "../profiles/schema";
import { InputError } from "../profiles/errors";
import { App } from "../modules/cdktf";
import { ApiGatewayAccountStack } from "./api-gateway-account-stack";
import { GithubRolesStack } from "./github-roles-stack";
import { ImageRepositoryStack } from "./image-repository-stack";
import { missingSettings, wrongWeights } from "./requirements";
import { ServiceStack } from "./service-stack";
import type { Settings } from "./settings";
import { StateBackendStack } from "./state-backend-stack";

/**
 * One stack per profile, the repository's own, one for the logs of REST APIs when a profile has one, with S3 state the
 * bucket's own, and with a GitHub repository that of its roles.
 *
 * @throws InputError before anything is written, with the faults of every profile
 */
export function buildApp(settings: Settings, profiles: readonly Profile[], outdir?: string): App {
  const faults = [
    ...profiles.flatMap((profile) => missingSettings(profile, settings)),
    ...wrongWeights(profiles, settings),
  ];
  if (faults.length > 0) throw new InputError(faults);

  const app = new App({ outdir, stackTraces: false });
  new ImageRepositoryStack(app, settings);
  if (profiles.some(({ ingress }) => ingress.kind === "apiGateway" && ingress.protocol === "rest")) {
    new ApiGatewayAccountStack(app, settings);
  }
  if (settings.state.kind === "s3") new StateBackendStack(app, settings, settings.state);
  if (settings.github && settings.state.kind === "s3") {
    new GithubRolesStack(app, settings, profiles, { ...settings.github, stateBucket: settings.state.bucket });
  }
  for (const profile of profiles) new ServiceStack(app, profile, settings);
  return app;
}

/** Runs a synth; a user's mistake ends it with its message alone and status 2. */
export function runSynth(synth: () => void): void {
  try {
    withoutTracesOfValues(synth);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

/**
 * CDKTF keeps for each value where in the code it was made, which nobody is shown: with source maps that is most of the time
 * of a synth. Errors keep their stack traces.
 */
export function withoutTracesOfValues(work: () => void): void {
  const capture = Error.captureStackTrace;
  Error.captureStackTrace = (target: { stack?: string }) => {
    target.stack = "";
  };
  try {
    work();
  } finally {
    Error.captureStackTrace = capture;
  }
}
