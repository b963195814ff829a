/**
 * What whoever deploys may do in AWS, by the Terraform types that a deployment has. Each list is what the provider calls to
 * make, read, change and remove a resource, and what AWS asks of the caller for it.
 * Sources: the calls of hashicorp/aws 6.x (internal/service/SERVICE/RESOURCE.go), the Service Authorization Reference
 * (docs.aws.amazon.com/service-authorization/latest/reference/), and those named beside an action; 2026-11.
 */

/** One policy document. A deployer needs those of the parts that a profile has. */
export const parts = {
  "image-repository": "the stack `image-repository`",
  "image-push": "`image push` and `image check`",
  "api-gateway-account": "the stack `api-gateway-account`",
  "state-backend": "the stack `state-backend`",
  "github-roles": "the stack `github-roles`",
  state: "state in S3 (`LOF_STATE_BACKEND=s3`)",
  functions: "services on Lambda",
  rollout: "functions with a `rollout`",
  tasks: "services on Fargate",
  "api-gateway": "API Gateway as the front door",
  "load-balancer": "an ALB as the front door, or a REST API in front of tasks",
  waf: "a WAF (`ingress.waf`)",
  network: "load balancers, tasks, and functions with `vpc`",
  scaling: "numbers that change by use or by the clock",
  monitoring:
    "alarms, dashboards and saved queries (`monitoring`, unless it is `off`), and `rollbackAtErrorPercent`",
  domain: "a record in Route 53 (`LOF_HOSTED_ZONE_ID`)",
  budget: "a budget (`LOF_BUDGET_USD`)",
  kms: "a key of your own (`LOF_KMS_KEY_ARN`)",
} as const;
export type Part = keyof typeof parts;

interface Permissions {
  readonly parts: readonly Part[];
  readonly actions: readonly string[];
}

const of = (service: string, actions: string) => actions.split(" ").map((action) => `${service}:${action}`);
const tags = (service: string) => of(service, "ListTagsForResource TagResource UntagResource");

const apiGateway = of("apigateway", "GET POST PUT PATCH DELETE");
const elbTags = of("elasticloadbalancing", "AddTags DescribeTags RemoveTags");
const ec2Tags = of("ec2", "CreateTags DeleteTags DescribeTags");
const runsAs = ["iam:PassRole"];
/** Source: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html (V1 log deliveries) */
const logDelivery = [
  ...of("logs", "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries"),
  ...of("logs", "PutResourcePolicy DescribeResourcePolicies DescribeLogGroups"),
];

const serviceRoles: readonly Part[] = ["functions", "tasks", "rollout", "api-gateway-account"];

/** Terraform's own types ask nothing of AWS, so only AWS's are here. */
export const byResourceType: Readonly<Record<string, Permissions>> = {
  // API Gateway's actions are the methods of its HTTP API, for APIs of both kinds.
  aws_api_gateway_account: { parts: ["api-gateway-account"], actions: [...apiGateway, ...runsAs] },
  ...Object.fromEntries(
    [
      ...["api_key", "base_path_mapping", "deployment", "domain_name", "integration", "method"],
      ...["method_settings", "resource", "rest_api", "usage_plan", "usage_plan_key"],
    ].map((name) => [`aws_api_gateway_${name}`, { parts: ["api-gateway"], actions: apiGateway } as const]),
  ),
  ...Object.fromEntries(
    ["api", "api_mapping", "authorizer", "domain_name", "integration", "route", "vpc_link"].map((name) => [
      `aws_apigatewayv2_${name}`,
      { parts: ["api-gateway"], actions: apiGateway } as const,
    ]),
  ),
  // A stage writes access logs.
  aws_api_gateway_stage: { parts: ["api-gateway"], actions: [...apiGateway, ...logDelivery] },
  aws_apigatewayv2_stage: { parts: ["api-gateway"], actions: [...apiGateway, ...logDelivery] },

  aws_appautoscaling_policy: {
    parts: ["scaling"],
    actions: of("application-autoscaling", "DeleteScalingPolicy DescribeScalingPolicies PutScalingPolicy"),
  },
  aws_appautoscaling_scheduled_action: {
    parts: ["scaling"],
    actions: of(
      "application-autoscaling",
      "DeleteScheduledAction DescribeScheduledActions PutScheduledAction",
    ),
  },
  aws_appautoscaling_target: {
    parts: ["scaling"],
    actions: [
      ...of("application-autoscaling", "DeregisterScalableTarget DescribeScalableTargets"),
      "application-autoscaling:RegisterScalableTarget",
      ...tags("application-autoscaling"),
    ],
  },
  aws_budgets_budget: {
    parts: ["budget"],
    actions: [...of("budgets", "ModifyBudget ViewBudget"), ...tags("budgets")],
  },
  aws_cloudwatch_dashboard: {
    parts: ["monitoring"],
    actions: of("cloudwatch", "DeleteDashboards GetDashboard PutDashboard"),
  },
  aws_cloudwatch_event_rule: {
    parts: ["functions"],
    actions: [...of("events", "DeleteRule DescribeRule PutRule"), ...tags("events")],
  },
  aws_cloudwatch_event_target: {
    parts: ["functions"],
    actions: of("events", "ListTargetsByRule PutTargets RemoveTargets"),
  },
  aws_cloudwatch_log_group: {
    parts: ["functions", "tasks", "api-gateway", "waf"],
    actions: [
      ...of("logs", "AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DescribeLogGroups"),
      ...of("logs", "DisassociateKmsKey PutRetentionPolicy"),
      ...tags("logs"),
    ],
  },
  aws_cloudwatch_log_metric_filter: {
    parts: ["monitoring"],
    actions: of("logs", "DeleteMetricFilter DescribeMetricFilters PutMetricFilter"),
  },
  aws_cloudwatch_metric_alarm: {
    parts: ["monitoring"],
    actions: [...of("cloudwatch", "DeleteAlarms DescribeAlarms PutMetricAlarm"), ...tags("cloudwatch")],
  },
  aws_cloudwatch_query_definition: {
    parts: ["monitoring"],
    actions: of("logs", "DeleteQueryDefinition DescribeQueryDefinitions PutQueryDefinition"),
  },
  aws_codedeploy_app: {
    parts: ["rollout"],
    actions: [
      ...of("codedeploy", "CreateApplication DeleteApplication GetApplication UpdateApplication"),
      ...tags("codedeploy"),
    ],
  },
  aws_codedeploy_deployment_config: {
    parts: ["rollout"],
    actions: of("codedeploy", "CreateDeploymentConfig DeleteDeploymentConfig GetDeploymentConfig"),
  },
  aws_codedeploy_deployment_group: {
    parts: ["rollout"],
    actions: [
      ...of("codedeploy", "CreateDeploymentGroup DeleteDeploymentGroup GetDeploymentGroup"),
      "codedeploy:UpdateDeploymentGroup",
      ...tags("codedeploy"),
      ...runsAs,
      // The apply starts the deployment that moves the traffic, and waits for its end (cli/rollout.ts).
      ...of(
        "codedeploy",
        "CreateDeployment GetApplicationRevision GetDeployment RegisterApplicationRevision",
      ),
      "lambda:GetAlias",
    ],
  },
  aws_default_security_group: {
    parts: ["network"],
    actions: [...securityGroupActions(), "ec2:DescribeVpcs"],
  },
  aws_ecr_lifecycle_policy: {
    parts: ["image-repository"],
    actions: of("ecr", "DeleteLifecyclePolicy GetLifecyclePolicy PutLifecyclePolicy"),
  },
  aws_ecr_repository: {
    parts: ["image-repository"],
    actions: [
      ...of("ecr", "CreateRepository DeleteRepository DescribeRepositories"),
      ...of("ecr", "PutImageScanningConfiguration PutImageTagMutability"),
      ...tags("ecr"),
    ],
  },
  aws_ecr_repository_policy: {
    parts: ["image-repository"],
    actions: of("ecr", "DeleteRepositoryPolicy GetRepositoryPolicy SetRepositoryPolicy"),
  },
  aws_ecs_cluster: {
    parts: ["tasks"],
    actions: [...of("ecs", "CreateCluster DeleteCluster DescribeClusters UpdateCluster"), ...tags("ecs")],
  },
  aws_ecs_cluster_capacity_providers: {
    parts: ["tasks"],
    actions: of("ecs", "DescribeClusters PutClusterCapacityProviders"),
  },
  aws_ecs_service: {
    parts: ["tasks"],
    actions: [
      ...of("ecs", "CreateService DeleteService DescribeServiceDeployments DescribeServices"),
      ...of("ecs", "ListServiceDeployments StopServiceDeployment UpdateService"),
      ...tags("ecs"),
    ],
  },
  aws_ecs_task_definition: {
    parts: ["tasks"],
    actions: [
      ...of("ecs", "DeregisterTaskDefinition DescribeTaskDefinition RegisterTaskDefinition"),
      ...tags("ecs"),
      ...runsAs,
    ],
  },
  aws_eip: {
    parts: ["network"],
    actions: [
      ...of("ec2", "AllocateAddress DescribeAddresses DescribeAddressesAttribute DisassociateAddress"),
      "ec2:ReleaseAddress",
      ...ec2Tags,
    ],
  },
  aws_iam_openid_connect_provider: {
    parts: ["github-roles"],
    actions: [
      ...of("iam", "AddClientIDToOpenIDConnectProvider CreateOpenIDConnectProvider"),
      ...of("iam", "DeleteOpenIDConnectProvider GetOpenIDConnectProvider"),
      ...of("iam", "RemoveClientIDFromOpenIDConnectProvider TagOpenIDConnectProvider"),
      ...of("iam", "UntagOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint"),
    ],
  },
  aws_iam_policy: {
    parts: ["github-roles"],
    actions: [
      ...of("iam", "CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion GetPolicy"),
      ...of("iam", "GetPolicyVersion ListPolicyTags ListPolicyVersions TagPolicy UntagPolicy"),
    ],
  },
  aws_iam_role: {
    parts: [...serviceRoles, "github-roles"],
    actions: [
      ...of("iam", "CreateRole DeleteRole GetRole ListAttachedRolePolicies ListInstanceProfilesForRole"),
      ...of("iam", "ListRolePolicies ListRoleTags TagRole UntagRole UpdateAssumeRolePolicy UpdateRole"),
    ],
  },
  aws_iam_role_policy: {
    parts: serviceRoles,
    actions: of("iam", "DeleteRolePolicy GetRolePolicy PutRolePolicy"),
  },
  aws_iam_role_policy_attachment: {
    parts: ["api-gateway-account", "github-roles"],
    actions: of("iam", "AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies"),
  },
  aws_internet_gateway: {
    parts: ["network"],
    actions: [
      ...of("ec2", "AttachInternetGateway CreateInternetGateway DeleteInternetGateway"),
      ...of("ec2", "DescribeInternetGateways DetachInternetGateway"),
      ...ec2Tags,
    ],
  },
  aws_lambda_alias: {
    parts: ["functions"],
    actions: of("lambda", "CreateAlias DeleteAlias GetAlias UpdateAlias"),
  },
  aws_lambda_function: {
    parts: ["functions"],
    actions: [
      ...of("lambda", "CreateFunction DeleteFunction DeleteFunctionConcurrency GetFunction"),
      ...of("lambda", "GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration"),
      ...of("lambda", "ListVersionsByFunction PublishVersion PutFunctionConcurrency UpdateFunctionCode"),
      "lambda:UpdateFunctionConfiguration",
      ...of("lambda", "ListTags TagResource UntagResource"),
      ...runsAs,
      // docs.aws.amazon.com/lambda/latest/dg/images-create.html#configuration-images-permissions; aws-controllers-k8s/community#1886
      ...of("ecr", "BatchGetImage GetDownloadUrlForLayer GetRepositoryPolicy SetRepositoryPolicy"),
      // Lambda asks for these when the function is in a VPC: docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
      ...of("ec2", "DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs"),
    ],
  },
  aws_lambda_permission: {
    parts: ["functions"],
    actions: of("lambda", "AddPermission GetPolicy RemovePermission"),
  },
  aws_lambda_provisioned_concurrency_config: {
    parts: ["functions"],
    actions: [
      ...of("lambda", "DeleteProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig"),
      "lambda:PutProvisionedConcurrencyConfig",
    ],
  },
  aws_lb: {
    parts: ["load-balancer"],
    actions: [
      ...of("elasticloadbalancing", "CreateLoadBalancer DeleteLoadBalancer DescribeCapacityReservation"),
      ...of("elasticloadbalancing", "DescribeLoadBalancerAttributes DescribeLoadBalancers"),
      ...of("elasticloadbalancing", "ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets"),
      ...elbTags,
      // It needs addresses in subnets: docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-permissions.html
      ...of("ec2", "DescribeAccountAttributes DescribeAvailabilityZones DescribeInternetGateways"),
      ...of("ec2", "DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets DescribeVpcs"),
    ],
  },
  aws_lb_listener: {
    parts: ["load-balancer"],
    actions: [
      ...of("elasticloadbalancing", "CreateListener DeleteListener DescribeListenerAttributes"),
      ...of("elasticloadbalancing", "DescribeListeners ModifyListener ModifyListenerAttributes"),
      ...elbTags,
    ],
  },
  aws_lb_listener_rule: {
    parts: ["load-balancer"],
    actions: [
      ...of("elasticloadbalancing", "CreateRule DeleteRule DescribeRules ModifyRule SetRulePriorities"),
      ...elbTags,
    ],
  },
  aws_lb_target_group: {
    parts: ["load-balancer"],
    actions: [
      ...of("elasticloadbalancing", "CreateTargetGroup DeleteTargetGroup DescribeTargetGroupAttributes"),
      ...of("elasticloadbalancing", "DescribeTargetGroups ModifyTargetGroup ModifyTargetGroupAttributes"),
      ...elbTags,
    ],
  },
  aws_lb_target_group_attachment: {
    parts: ["load-balancer"],
    actions: of("elasticloadbalancing", "DeregisterTargets DescribeTargetHealth RegisterTargets"),
  },
  aws_nat_gateway: {
    parts: ["network"],
    actions: [
      ...of("ec2", "CreateNatGateway DeleteNatGateway DescribeAvailabilityZones DescribeNatGateways"),
      ...ec2Tags,
    ],
  },
  aws_route: {
    parts: ["network"],
    actions: of("ec2", "CreateRoute DeleteRoute DescribeRouteTables ReplaceRoute"),
  },
  aws_route_table: {
    parts: ["network"],
    actions: [...of("ec2", "CreateRouteTable DeleteRouteTable DescribeRouteTables"), ...ec2Tags],
  },
  aws_route_table_association: {
    parts: ["network"],
    actions: [
      ...of("ec2", "AssociateRouteTable DescribeRouteTables DisassociateRouteTable"),
      "ec2:ReplaceRouteTableAssociation",
    ],
  },
  aws_route53_record: {
    parts: ["domain"],
    actions: of("route53", "ChangeResourceRecordSets GetChange GetHostedZone ListResourceRecordSets"),
  },
  aws_s3_bucket: {
    parts: ["load-balancer", "state-backend"],
    actions: [
      // The provider reads every property of a bucket, also those that nobody set.
      ...of("s3", "CreateBucket DeleteBucket GetAccelerateConfiguration GetBucketAcl GetBucketCORS"),
      ...of("s3", "GetBucketLocation GetBucketLogging GetBucketObjectLockConfiguration GetBucketPolicy"),
      ...of("s3", "GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite"),
      ...of("s3", "GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration"),
      ...of("s3", "ListBucket PutBucketTagging ListTagsForResource TagResource UntagResource"),
      // Logs go with their bucket.
      ...of("s3", "DeleteObject DeleteObjectVersion ListBucketVersions"),
    ],
  },
  aws_s3_bucket_lifecycle_configuration: {
    parts: ["load-balancer"],
    actions: of("s3", "GetLifecycleConfiguration PutLifecycleConfiguration"),
  },
  aws_s3_bucket_policy: {
    parts: ["load-balancer"],
    actions: of("s3", "DeleteBucketPolicy GetBucketPolicy PutBucketPolicy"),
  },
  aws_s3_bucket_public_access_block: {
    parts: ["load-balancer", "state-backend"],
    actions: of("s3", "GetBucketPublicAccessBlock PutBucketPublicAccessBlock"),
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    parts: ["load-balancer", "state-backend"],
    actions: of("s3", "GetEncryptionConfiguration PutEncryptionConfiguration"),
  },
  aws_s3_bucket_versioning: {
    parts: ["state-backend"],
    actions: of("s3", "GetBucketVersioning PutBucketVersioning"),
  },
  aws_security_group: {
    parts: ["network"],
    actions: [...securityGroupActions(), ...of("ec2", "CreateSecurityGroup DeleteSecurityGroup")],
  },
  aws_service_discovery_private_dns_namespace: {
    parts: ["tasks"],
    actions: [
      ...of("servicediscovery", "CreatePrivateDnsNamespace DeleteNamespace GetNamespace GetOperation"),
      "servicediscovery:UpdatePrivateDnsNamespace",
      ...tags("servicediscovery"),
      // Cloud Map makes the zone for the caller: docs.aws.amazon.com/cloud-map/latest/dg/security_iam_id-based-policy-examples.html
      ...of("route53", "AssociateVPCWithHostedZone CreateHostedZone DeleteHostedZone GetHostedZone"),
      ...of("route53", "ChangeResourceRecordSets ListHostedZonesByName"),
      ...of("ec2", "DescribeRegions DescribeVpcs"),
    ],
  },
  aws_service_discovery_service: {
    parts: ["tasks"],
    actions: [
      ...of("servicediscovery", "CreateService DeleteService DeregisterInstance GetOperation GetService"),
      ...of("servicediscovery", "ListInstances ListServices UpdateService"),
      ...tags("servicediscovery"),
      ...of("route53", "ChangeResourceRecordSets GetHostedZone"),
    ],
  },
  aws_subnet: {
    parts: ["network"],
    actions: [
      ...of("ec2", "CreateSubnet DeleteSubnet DescribeNetworkInterfaces DescribeSubnets"),
      "ec2:ModifySubnetAttribute",
      ...ec2Tags,
    ],
  },
  aws_vpc: {
    parts: ["network"],
    actions: [
      ...of("ec2", "CreateVpc DeleteVpc DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups"),
      ...of("ec2", "DescribeVpcAttribute DescribeVpcs ModifyVpcAttribute"),
      ...ec2Tags,
    ],
  },
  aws_vpc_endpoint: {
    parts: ["network"],
    actions: [
      ...of("ec2", "CreateVpcEndpoint DeleteVpcEndpoints DescribePrefixLists DescribeVpcEndpoints"),
      "ec2:ModifyVpcEndpoint",
      ...ec2Tags,
      // Its names in DNS are a zone: docs.aws.amazon.com/vpc/latest/privatelink/security_iam_id-based-policy-examples.html
      "route53:AssociateVPCWithHostedZone",
    ],
  },
  aws_vpc_security_group_egress_rule: { parts: ["network"], actions: securityGroupActions() },
  aws_vpc_security_group_ingress_rule: { parts: ["network"], actions: securityGroupActions() },
  aws_wafv2_web_acl: {
    parts: ["waf"],
    actions: [
      ...of("wafv2", "CreateWebACL DeleteWebACL GetWebACL ListWebACLs UpdateWebACL"),
      ...tags("wafv2"),
    ],
  },
  aws_wafv2_web_acl_association: {
    parts: ["waf"],
    actions: [
      ...of("wafv2", "AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource"),
      // Asked for the front door, too: docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html
      "elasticloadbalancing:SetWebACL",
      "apigateway:SetWebACL",
    ],
  },
  aws_wafv2_web_acl_logging_configuration: {
    parts: ["waf"],
    actions: [
      ...of("wafv2", "DeleteLoggingConfiguration GetLoggingConfiguration PutLoggingConfiguration"),
      ...logDelivery,
    ],
  },
};

function securityGroupActions(): string[] {
  return [
    ...of("ec2", "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress DescribeNetworkInterfaces"),
    ...of("ec2", "DescribeSecurityGroupRules DescribeSecurityGroups ModifySecurityGroupRules"),
    ...of("ec2", "RevokeSecurityGroupEgress RevokeSecurityGroupIngress"),
    ...ec2Tags,
  ];
}

/** What parts need that no resource stands for. */
export const beside: Partial<Record<Part, readonly string[]>> = {
  // docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html; reading: cli/ecr.ts, cli/ecr-manifest.ts
  "image-push": [
    ...of("ecr", "BatchCheckLayerAvailability CompleteLayerUpload GetAuthorizationToken InitiateLayerUpload"),
    ...of("ecr", "PutImage UploadLayerPart"),
    ...of("ecr", "BatchGetImage DescribeImages DescribeRepositories GetDownloadUrlForLayer"),
  ],
  // developer.hashicorp.com/terraform/language/backend/s3#permissions-required, with the lock file
  state: of("s3", "DeleteObject GetObject ListBucket PutObject"),
  // docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html; docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
  kms: of("kms", "CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey"),
};

/**
 * Roles that AWS makes for itself at the first use in an account, by part.
 * Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html and the pages of each service
 */
export const serviceLinkedRoles: Partial<Record<Part, readonly string[]>> = {
  tasks: ["ecs.amazonaws.com"],
  "api-gateway": ["ops.apigateway.amazonaws.com"],
  "load-balancer": ["elasticloadbalancing.amazonaws.com"],
  waf: ["wafv2.amazonaws.com"],
  scaling: ["ecs.application-autoscaling.amazonaws.com", "lambda.application-autoscaling.amazonaws.com"],
};

/** Services that get a role of the project, by part. */
export const rolesGoTo: Partial<Record<Part, readonly string[]>> = {
  functions: ["lambda.amazonaws.com"],
  rollout: ["codedeploy.amazonaws.com"],
  tasks: ["ecs-tasks.amazonaws.com"],
  "api-gateway-account": ["apigateway.amazonaws.com"],
};
