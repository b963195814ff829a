/**
 * The CDKTF core, under the names the project uses. Together with aws.ts the only file that names a vendor package:
 * a fork with the same interface takes its place by mapping these imports.
 */
export {
  App,
  Fn,
  LocalBackend,
  Op,
  S3Backend,
  TerraformOutput,
  TerraformResource,
  TerraformStack,
  Token,
  dependable,
} from "cdktf";
export type { ITerraformDependable } from "cdktf";
export { Construct } from "constructs";
