import { resolve } from "node:path";
import { AwsProvider } from "../modules/aws";
import type { App } from "../modules/cdktf";
import { LocalBackend, S3Backend, TerraformStack } from "../modules/cdktf";
import type { Settings } from "./settings";
import { stateName } from "./state-name";

/** Has what this project sets and the bindings lack; fixes for streaming, permissions and aliases. See docs/dependencies.md */
const awsProviderVersion = ">= 6.28.0, < 7.0.0";

/** A stack with the project's provider, tags and state. */
export class BaseStack extends TerraformStack {
  /** @param tags tags of every resource, beside those of the settings */
  constructor(app: App, id: string, settings: Settings, tags: Readonly<Record<string, string>> = {}) {
    super(app, id);
    new AwsProvider(this, "aws", {
      region: settings.region,
      defaultTags: [
        { tags: { ...settings.tags, Project: settings.name, ManagedBy: "lambda-or-fargate", ...tags } },
      ],
      ...(settings.offline ? withoutAccount : {}),
    });
    // The bindings pin one exact version.
    this.addOverride("terraform.required_providers.aws", {
      source: "hashicorp/aws",
      version: awsProviderVersion,
    });
    this.createBackend(id, settings);
  }

  /** State key, stack id and folder come from one name. */
  private createBackend(id: string, settings: Settings): void {
    const { state } = settings;
    if (state.kind === "local") {
      // Relative to cdktf.out/stacks/<id>, where Terraform runs, unless the settings name a folder.
      const folder = state.directory === "." ? "../../.." : resolve(state.directory);
      new LocalBackend(this, { path: `${folder}/${stateName(settings, id, ".")}.tfstate` });
      return;
    }
    const backend = new S3Backend(this, {
      bucket: state.bucket,
      key: `${stateName(settings, id, "/")}.tfstate`,
      region: state.region,
      encrypt: true,
    });
    // Terraform's own lock file in the bucket; the bindings don't know it.
    backend.addOverride("use_lockfile", true);
  }
}

/** A plan with these needs no account: nothing is asked of AWS. */
const withoutAccount = {
  accessKey: "offline",
  secretKey: "offline",
  skipCredentialsValidation: true,
  skipMetadataApiCheck: "true",
  skipRequestingAccountId: true,
};
