import { InputError } from "../profiles/errors";

/** Loaded when it is needed: the SDK takes longer to load than most commands run. */
const sdk = () => import("@aws-sdk/client-ecr");

/** URL of an ECR repository without a tag. @throws InputError when there is none, or no access */
export async function findRepository(region: string, name: string): Promise<string> {
  const { DescribeRepositoriesCommand, ECRClient } = await sdk();
  try {
    const answer = await new ECRClient({ region }).send(
      new DescribeRepositoriesCommand({ repositoryNames: [name] }),
    );
    return answer.repositories![0]!.repositoryUri!;
  } catch (error) {
    const problem =
      (error as Error).name === "RepositoryNotFoundException"
        ? "does not exist; make it with `npx cdktf deploy image-repository`"
        : `can't be read (${(error as Error).message}); check your AWS credentials`;
    throw new InputError([`setting repository = "${name}": ${problem} (region ${region})`]);
  }
}

/** Digest of the image that has a tag, when there is one. Tags are immutable, so pushing it again would be refused. */
export async function findDigest(
  region: string,
  repository: string,
  tag: string,
): Promise<string | undefined> {
  const { DescribeImagesCommand, ECRClient } = await sdk();
  try {
    const answer = await new ECRClient({ region }).send(
      new DescribeImagesCommand({ repositoryName: repository, imageIds: [{ imageTag: tag }] }),
    );
    return answer.imageDetails?.[0]?.imageDigest;
  } catch (error) {
    if ((error as Error).name === "ImageNotFoundException") return undefined;
    throw error;
  }
}

/** What `docker login` needs for the account's registry; the password is valid for 12 hours. */
export async function registryLogin(
  region: string,
): Promise<{ readonly user: string; readonly password: string; readonly registry: string }> {
  const { ECRClient, GetAuthorizationTokenCommand } = await sdk();
  const answer = await new ECRClient({ region }).send(new GetAuthorizationTokenCommand({}));
  const { authorizationToken, proxyEndpoint } = answer.authorizationData![0]!;
  const [user, password] = Buffer.from(authorizationToken!, "base64").toString("utf8").split(":");
  return { user: user!, password: password!, registry: proxyEndpoint! };
}
