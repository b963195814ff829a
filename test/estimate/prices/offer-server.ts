import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One product with its on-demand price, in the shape of the AWS Price List's bulk files. */
export interface OfferProduct {
  readonly usagetype: string;
  readonly productFamily?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** beginning of each tier, and its price as AWS writes it */
  readonly tiers: readonly (readonly [begin: string, usd: string])[];
}

/**
 * An `index.json` as `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<offer>/current/<region>/index.json` has it:
 * `products` by SKU and `terms.OnDemand` by SKU, with quotes and braces in texts as they occur. Written for the tests; the
 * prices are the tests' own.
 */
export function offerFile(offerCode: string, region: string, products: readonly OfferProduct[]): string {
  const sku = (i: number) => `SKU${String(i).padStart(13, "0")}`;
  return JSON.stringify(
    {
      formatVersion: "v1.0",
      disclaimer: 'This pricing list is for informational purposes only. {"All" prices, \\ are subject}',
      offerCode,
      version: "20261101000000",
      publicationDate: "2026-11-01T00:00:00Z",
      products: Object.fromEntries(
        products.map(({ usagetype, productFamily, attributes }, i) => [
          sku(i),
          {
            sku: sku(i),
            ...(productFamily === undefined ? {} : { productFamily }),
            attributes: {
              servicecode: offerCode,
              location: "somewhere",
              locationType: "AWS Region",
              usagetype,
              operation: "",
              regionCode: region,
              ...attributes,
            },
          },
        ]),
      ),
      terms: {
        OnDemand: Object.fromEntries(
          products.map(({ tiers }, i) => [
            sku(i),
            {
              [`${sku(i)}.JRTCKXETXF`]: {
                offerTermCode: "JRTCKXETXF",
                sku: sku(i),
                effectiveDate: "2026-10-01T00:00:00Z",
                priceDimensions: Object.fromEntries(
                  tiers.map(([begin, usd], tier) => [
                    `${sku(i)}.JRTCKXETXF.TIER${tier}`,
                    {
                      rateCode: `${sku(i)}.JRTCKXETXF.TIER${tier}`,
                      description: `$${usd} per unit`,
                      beginRange: begin,
                      endRange: tiers[tier + 1]?.[0] ?? "Inf",
                      unit: "unit",
                      pricePerUnit: { USD: usd },
                      appliesTo: [],
                    },
                  ]),
                ),
                termAttributes: {},
              },
            },
          ]),
        ),
      },
      attributesList: {},
    },
    null,
    2,
  );
}

export interface OfferServer {
  readonly url: string;
  /** paths that were asked for */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Serves answers by offer code; what has none gets an offer without products. */
export async function serveOffers(answers: Readonly<Record<string, string | number>>): Promise<OfferServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const [, offer = "", region = ""] =
      /^\/offers\/v1\.0\/aws\/(\w+)\/current\/([\w-]+)\/index\.json$/.exec(request.url ?? "") ?? [];
    const answer = answers[offer] ?? offerFile(offer, region, []);
    response.statusCode = typeof answer === "number" ? answer : 200;
    response.setHeader("content-type", "application/json");
    response.end(typeof answer === "number" ? "<Error/>" : answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
