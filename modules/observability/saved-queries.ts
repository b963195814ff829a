import { lambdasOf } from "../../profiles/limits";
import type { Profile } from "../../profiles/schema";
import type { LogFormat } from "../../observability/log-formats";
import type { Query } from "../../observability/queries";
import { queries, queryText } from "../../observability/queries";
import { CloudwatchQueryDefinition } from "../aws";
import { Construct } from "../cdktf";
import type { ContainerRuntime } from "../runtime/container-runtime";

export interface SavedQueriesProps {
  /** Folder that the queries stand in. */
  readonly name: string;
  readonly profile: Profile;
  readonly runtimes: ReadonlyMap<string, ContainerRuntime>;
}

/** The queries in the console of Logs Insights, each over the log groups that it can read. They cost nothing unless run. */
export class SavedQueries extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: SavedQueriesProps,
  ) {
    super(scope, id);
    for (const query of queries) {
      if (query.reads === "server") {
        this.save(query, "text", query.id, [...props.runtimes.keys()]);
        continue;
      }
      const formats = (["text", "json"] as const)
        .map((format) => [format, this.functionsWith(query, format)] as const)
        .filter(([, services]) => services.length > 0);
      for (const [format, services] of formats) {
        // Services of one profile may log in different formats.
        this.save(query, format, formats.length > 1 ? `${query.id}-${format}` : query.id, services);
      }
    }
  }

  private functionsWith({ needs }: Query, format: LogFormat): string[] {
    return lambdasOf(this.props.profile)
      .filter(([, { logFormat }]) => logFormat === format)
      .filter(([, { keepWarm, snapStart }]) =>
        needs === undefined ? true : { keepWarm: keepWarm !== undefined, snapStart }[needs],
      )
      .map(([id]) => id);
  }

  private save(query: Query, format: LogFormat, id: string, services: readonly string[]): void {
    const { name, profile, runtimes } = this.props;
    new CloudwatchQueryDefinition(this, id, {
      name: `${name}/${id}`,
      logGroupNames: services.map((service) => runtimes.get(service)!.logGroupName),
      queryString: queryText(query, format, profile.container),
    });
  }
}
