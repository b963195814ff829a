/** A value at one point in time; none where there is no data. */
export type Value = number | undefined;

/**
 * The part of CloudWatch's metric math that the alarms use: numbers, names, `+ - * /`, comparisons (1 or 0), `FILL(m, n)` and
 * `IF(condition, then, else)`. What is calculated with a missing value is missing, and so is a division by zero.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html, 2026-11
 *
 * @throws Error on anything else, so that no alarm uses what the tests do not understand
 */
export function evaluate(expression: string, values: Readonly<Record<string, Value>>): Value {
  const tokens = expression.match(/[A-Za-z_][A-Za-z0-9_]*|\d+(\.\d+)?|>=|<=|==|!=|[-+*/(),<>]|\S/g) ?? [];
  let at = 0;
  const next = () => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`${expression}: expected ${expected ?? "more"}, found ${token ?? "the end"}`);
    }
    return token;
  };

  const level = (operators: readonly string[], inner: () => Value) => (): Value => {
    let left = inner();
    while (operators.includes(next() ?? "")) {
      const operator = take();
      left = calculate(operator, left, inner());
    }
    return left;
  };
  const product = level(["*", "/"], primary);
  const sum = level(["+", "-"], product);
  const comparison = level([">=", "<=", ">", "<", "==", "!="], sum);

  function primary(): Value {
    const token = take();
    if (token === "(") {
      const value = comparison();
      take(")");
      return value;
    }
    if (/^\d/.test(token)) return Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`${expression}: can't read ${token}`);
    if (next() === "(") return call(token);
    if (!(token in values)) throw new Error(`${expression}: nothing is called ${token}`);
    return values[token];
  }

  function call(name: string): Value {
    take("(");
    const args = [comparison()];
    while (next() === ",") {
      take(",");
      args.push(comparison());
    }
    take(")");
    if (name === "FILL" && args.length === 2) return args[0] ?? args[1];
    if (name === "IF" && args.length === 3) return args[0] === undefined ? undefined : args[args[0] ? 1 : 2];
    throw new Error(`${expression}: can't read ${name} with ${args.length} arguments`);
  }

  const value = comparison();
  if (at < tokens.length) throw new Error(`${expression}: can't read ${tokens.slice(at).join(" ")}`);
  return value;
}

function calculate(operator: string, a: Value, b: Value): Value {
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? undefined : a / b;
    case ">=":
      return Number(a >= b);
    case "<=":
      return Number(a <= b);
    case ">":
      return Number(a > b);
    case "<":
      return Number(a < b);
    case "==":
      return Number(a === b);
    default:
      return Number(a !== b);
  }
}
