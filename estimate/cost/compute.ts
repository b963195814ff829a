import type { Resource } from "../resources/resource";
import { Unknown, blocks } from "../resources/resource";
import { numberOf } from "./graph";

/** Memory that gives a function one vCPU. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const mbPerVcpu = 1769;

/** What a Lambda function is made of, as far as it costs. */
export interface FunctionSize {
  readonly memoryGb: number;
  readonly vcpu: number;
  readonly architecture: "x86" | "arm";
  /** above the 512 MB that are free */
  readonly extraStorageGb: number;
  readonly isImage: boolean;
}

/** @returns the fault, as text, where the memory or architecture is not known */
export function functionSize({ values }: Resource): FunctionSize | string {
  if (values.memory_size instanceof Unknown) return "its memory_size is not known before apply";
  if (values.architectures instanceof Unknown) return "its architectures are not known before apply";
  // Lambda's own defaults.
  const memoryMb = numberOf(values.memory_size) ?? 128;
  if (!(memoryMb > 0)) return `its memory_size is ${memoryMb}, which no function has`;
  const [architecture] = Array.isArray(values.architectures) ? values.architectures : [];
  const storage = numberOf(blocks(values, "ephemeral_storage")[0]?.size) ?? 512;
  return {
    memoryGb: memoryMb / 1024,
    vcpu: memoryMb / mbPerVcpu,
    architecture: architecture === "arm64" ? "arm" : "x86",
    extraStorageGb: Math.max(0, storage - 512) / 1024,
    isImage: values.package_type === "Image",
  };
}

/** What a task of a Fargate service is made of. */
export interface TaskSize {
  readonly vcpu: number;
  readonly memoryGb: number;
  readonly architecture: "x86" | "arm";
  /** above the 20 GB that are free */
  readonly extraStorageGb: number;
}

/** @returns the fault, as text, where the size is not known or the task is not Linux */
export function taskSize({ values }: Resource): TaskSize | string {
  const vcpu = cpuUnits(values.cpu);
  const memoryMb = memoryUnits(values.memory);
  if (vcpu === undefined) return "the cpu of its task definition is not known";
  if (memoryMb === undefined) return "the memory of its task definition is not known";
  if (!(vcpu > 0 && memoryMb > 0))
    return `its task definition has ${vcpu} vCPU and ${memoryMb} MB, as no task has`;
  const [platform] = blocks(values, "runtime_platform");
  if (platform?.cpu_architecture instanceof Unknown) return "the architecture of its tasks is not known";
  const system = platform?.operating_system_family;
  if (typeof system === "string" && system.startsWith("WINDOWS")) return "Windows tasks have no price here";
  const storage = numberOf(blocks(values, "ephemeral_storage")[0]?.size_in_gib) ?? 20;
  return {
    vcpu,
    memoryGb: memoryMb / 1024,
    architecture: platform?.cpu_architecture === "ARM64" ? "arm" : "x86",
    extraStorageGb: Math.max(0, storage - 20),
  };
}

/** `1024` and `1 vCPU` are the same. */
function cpuUnits(value: unknown): number | undefined {
  const text = typeof value === "string" ? /^([\d.]+)\s*vcpu$/i.exec(value.trim())?.[1] : undefined;
  if (text !== undefined) return Number(text);
  const units = numberOf(value);
  return units === undefined ? undefined : units / 1024;
}

/** `4096` and `4 GB` are the same. */
function memoryUnits(value: unknown): number | undefined {
  const text = typeof value === "string" ? /^([\d.]+)\s*gb$/i.exec(value.trim())?.[1] : undefined;
  return text === undefined ? numberOf(value) : Number(text) * 1024;
}
