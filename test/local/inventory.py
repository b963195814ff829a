"""Prints what an AWS account holds of the resource types that this project makes, as JSON: one sorted list of names.

Compared before a deployment and after its destruction, so that nothing which was left goes unseen.
"""

import json

import botocore.session

LISTS = [
    # service, operation, key of the list, name of one entry
    ("apigatewayv2", "get_apis", "Items", "Name"),
    ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("ec2", "describe_subnets", "Subnets", "SubnetId"),
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("ecs", "list_clusters", "clusterArns", None),
    ("ecs", "list_task_definitions", "taskDefinitionArns", None),
    ("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    ("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    ("events", "list_rules", "Rules", "Name"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
]


def main() -> None:
    session = botocore.session.get_session()
    names = []
    for service, operation, key, name in LISTS:
        client = session.create_client(service)
        for entry in getattr(client, operation)()[key]:
            names.append(f"{service}.{operation}: {entry[name] if name else entry}")
    print(json.dumps(sorted(names)))


main()
