import { monthlyUsd, sourceOf, unitUsd } from "../month-prices";
import { fillIn } from "../marked";
import { table } from "../markdown";

/** docs/operations.md, which is written by hand but for the cost of the ways out of a VPC. */
export function operationsWithCosts(page: string): string {
  return fillIn(page, "ways out", waysOut());
}

function waysOut(): string {
  const address = monthlyUsd({ "ipv4.addressHour": 1 });
  const endpoint = { "endpoint.hour": 1 };
  const rows = table([
    ["`network.egress`", "what it makes", "a month", "with two zones and one task"],
    ["`public-ip`", "an address for each task", `${address} for each`, address],
    [
      "`nat`",
      "a NAT gateway in each zone, so that no zone depends on another",
      `${monthlyUsd({ "nat.hour": 1 })} for each zone, ${address} for its address, and ${unitUsd("nat.gb")} a GB`,
      monthlyUsd({ "nat.hour": 2, "ipv4.addressHour": 2 }),
    ],
    [
      "`endpoints`",
      "endpoints for the registry (two) and the logs; for secrets, a shell and traces where they are used",
      `${monthlyUsd(endpoint)} for each in each zone, and ${unitUsd("endpoint.gb")} a GB`,
      monthlyUsd({ "endpoint.hour": 3 * 2 }),
    ],
  ]);
  return `${rows}\n\nPrices: ${sourceOf("ipv4.addressHour", "nat.hour", "endpoint.hour")}; 730 h a month.`;
}
