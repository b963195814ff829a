/** An address as Terraform prints it: `module.a["x"].aws_subnet.zone[0]`. */
export function instanceAddress(
  module: string | undefined,
  type: string,
  name: string,
  index: number | string | undefined,
): string {
  const key = index === undefined ? "" : `[${JSON.stringify(index)}]`;
  return `${module === undefined ? "" : `${module}.`}${type}.${name}${key}`;
}
