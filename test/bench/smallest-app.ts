import { AwsProvider, IamRole, LambdaFunction } from "./smallest-imports";
import { App, TerraformStack } from "../../modules/cdktf";

// The smallest useful App: what a synth can't be faster than. Only the three bindings that it uses are loaded.
const app = new App();
const stack = new TerraformStack(app, "smallest");
new AwsProvider(stack, "aws", { region: "us-east-1" });
const role = new IamRole(stack, "role", { assumeRolePolicy: "{}" });
new LambdaFunction(stack, "function", {
  functionName: "smallest",
  role: role.arn,
  packageType: "Image",
  imageUri: "image",
});
app.synth();
