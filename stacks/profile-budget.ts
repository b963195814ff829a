import { BudgetsBudget } from "../modules/aws";
import { Construct } from "../modules/cdktf";
import type { Profile } from "../profiles/schema";

export interface ProfileBudgetProps {
  readonly name: string;
  readonly profile: Profile;
  readonly usdPerMonth: number;
  readonly email: string;
}

/**
 * Mails when the month's cost of a profile reaches the budget, and when AWS expects that it will. AWS counts by the tag
 * Profile once it is activated as a cost allocation tag, in the billing console of the account.
 */
export class ProfileBudget extends Construct {
  constructor(scope: Construct, id: string, { name, profile, usdPerMonth, email }: ProfileBudgetProps) {
    super(scope, id);
    new BudgetsBudget(this, "budget", {
      name,
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(usdPerMonth),
      limitUnit: "USD",
      costFilter: [{ name: "TagKeyValue", values: [`user:Profile$${profile.name}`] }],
      notification: ["ACTUAL", "FORECASTED"].map((notificationType) => ({
        notificationType,
        comparisonOperator: "GREATER_THAN",
        threshold: 100,
        thresholdType: "PERCENTAGE",
        subscriberEmailAddresses: [email],
      })),
    });
  }
}
