import { requestWork, slowdown } from "../../../estimate/workload/service-time";
import { workload } from "../cost/support";

const load = (service: object) => workload({ service: { ms: 100, ...service } });

describe("a service's time on other vCPUs", () => {
  it.each([
    // 10 % waits, 90 % computes on half or twice the vCPUs.
    ["half the vCPUs", { vcpu: 1, cpuShare: 0.9 }, 0.5, 0.1 + 0.9 * 2],
    ["twice the vCPUs", { vcpu: 1, cpuShare: 0.9 }, 2, 0.1 + 0.9 / 2],
    ["one thread on twice the vCPUs", { vcpu: 1, cpuShare: 0.9, cores: 1 }, 2, 1],
    ["one thread, measured on four vCPUs, on half of one", { vcpu: 4, cpuShare: 1, cores: 1 }, 0.5, 2],
    ["two threads on eight vCPUs", { vcpu: 1, cpuShare: 1, cores: 2 }, 8, 0.5],
    ["vCPUs that nobody noted, on a half", {}, 0.5, 1],
    ["vCPUs that nobody noted, on four", {}, 4, 1],
    ["waiting alone", { vcpu: 1, cpuShare: 0 }, 0.25, 1],
  ])("%s", (_, service, vcpu, expected) => {
    expect(slowdown(load(service), vcpu)).toBeCloseTo(expected, 12);
  });

  it("computes as much wherever it runs", () => {
    const measured = load({ vcpu: 2, cpuShare: 0.5 });
    // 50 ms on two vCPUs.
    expect([0.25, 1, 8].map((vcpu) => requestWork(measured, 100, vcpu).cpuMs)).toEqual([100, 100, 100]);
  });
});
