import * as fs from "node:fs";
import { inflateRawSync } from "node:zlib";
import { cutDown, keepClients, keepServices } from "../../local/tools/provider-build";
import { writeZip } from "../../local/tools/zip";
import { ownCacheDir } from "./fake-system";

const cache = ownCacheDir();

const registration = `package sdkv2

import (
	"context"

	"github.com/hashicorp/terraform-provider-aws/internal/conns"
	"github.com/hashicorp/terraform-provider-aws/internal/service/ecs"
	"github.com/hashicorp/terraform-provider-aws/internal/service/rds"
)

func servicePackages(ctx context.Context) []conns.ServicePackage {
	v := []conns.ServicePackage{
		ecs.ServicePackage(ctx),
		rds.ServicePackage(ctx),
	}
}
`;

const clients = `package conns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/hashicorp/terraform-provider-aws/internal/errs"
)

func (c *AWSClient) ECSClient(ctx context.Context) *ecs.Client {
	return errs.Must(client[*ecs.Client](ctx, c, names.ECS, make(map[string]any)))
}

func (c *AWSClient) RDSClient(ctx context.Context) *rds.Client {
	return errs.Must(client[*rds.Client](ctx, c, names.RDS, make(map[string]any)))
}
`;

test("keepServices leaves the wanted services only", () => {
  const kept = keepServices(registration, ["ecs"]);
  expect(kept).toContain("ecs.ServicePackage(ctx),");
  expect(kept).toContain("internal/conns");
  expect(kept).not.toContain("rds");
});

test("keepClients leaves the called functions and their imports only", () => {
  const kept = keepClients(clients, new Set(["ECSClient"]));
  expect(kept).toContain("ECSClient");
  expect(kept).toContain("service/ecs");
  expect(kept).toContain("internal/errs");
  expect(kept.toLowerCase()).not.toContain("rds");
});

test("cutDown finds the calls in all that main.go reaches, also without an import of the SDK", () => {
  const write = (file: string, text: string): void => {
    fs.mkdirSync(cache.path(file, ".."), { recursive: true });
    fs.writeFileSync(cache.path(file), text);
  };
  const own = "github.com/hashicorp/terraform-provider-aws";
  write("main.go", `package main\n\nimport (\n\t"${own}/internal/provider/sdkv2"\n)\n`);
  write("internal/provider/sdkv2/service_packages_gen.go", registration);
  write("internal/conns/awsclient_gen.go", clients);
  write("internal/errs/errs.go", "package errs\n");
  write("internal/service/ecs/cluster.go", `package ecs\n\nvar conn = c.ECSClient(ctx)\n`);
  write("internal/service/rds/instance.go", `package rds\n\nvar conn = c.RDSClient(ctx)\n`);

  cutDown(cache.path(), ["ecs"]);

  const left = fs.readFileSync(cache.path("internal/conns/awsclient_gen.go"), "utf8");
  expect(left).toContain("ECSClient");
  expect(left).not.toContain("RDSClient");
});

test("writeZip writes one executable file that can be read back", () => {
  const content = Buffer.from("provider ".repeat(1000));
  writeZip(cache.path("a.zip"), "program_x5", content);

  const zip = fs.readFileSync(cache.path("a.zip"));
  const packedLength = zip.readUInt32LE(18);
  const start = 30 + "program_x5".length;
  expect(zip.readUInt32LE(0)).toBe(0x04034b50);
  expect(zip.toString("latin1", 30, start)).toBe("program_x5");
  expect(inflateRawSync(zip.subarray(start, start + packedLength))).toEqual(content);
  const central = start + packedLength;
  expect(zip.readUInt32LE(central)).toBe(0x02014b50);
  expect((zip.readUInt32LE(central + 38) >>> 16).toString(8)).toBe("100755");
  expect(zip.readUInt32LE(zip.length - 6)).toBe(central);
});
