/** A value at one point in time; none where there is no data. */
export type Value = number | undefined;

/** What an operator works on; a scalar has its value at every time, a series only where there is data. */
interface Operand {
  readonly value: Value;
  readonly scalar: boolean;
}

/**
 * The part of CloudWatch's metric math that the alarms use: numbers, names, `+ - * /`, comparisons (1 or 0), `FILL(m, n)` and
 * `IF(condition, then, else)`. Where one of two series has no value, it counts as 0; where none has, there is none, and so it is
 * after a division by zero.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html ("Missing values in a time series are
 * treated as 0"), 2026-11
 *
 * @param unfilled names that `FILL` leaves as they are. AWS does not say what it makes of a series without any data.
 * @throws Error on anything else, so that no alarm uses what the tests do not understand
 */
export function evaluate(
  expression: string,
  values: Readonly<Record<string, Value>>,
  unfilled: ReadonlySet<string> = new Set(),
): Value {
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

  const level = (operators: readonly string[], inner: () => Operand) => (): Operand => {
    let left = inner();
    while (operators.includes(next() ?? "")) {
      const operator = take();
      const right = inner();
      left = { value: calculate(operator, left, right), scalar: left.scalar && right.scalar };
    }
    return left;
  };
  const product = level(["*", "/"], primary);
  const sum = level(["+", "-"], product);
  const comparison = level([">=", "<=", ">", "<", "==", "!="], sum);

  function primary(): Operand {
    const token = take();
    if (token === "(") {
      const value = comparison();
      take(")");
      return value;
    }
    if (/^\d/.test(token)) return { value: Number(token), scalar: true };
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`${expression}: can't read ${token}`);
    if (next() === "(") return call(token);
    if (!(token in values)) throw new Error(`${expression}: nothing is called ${token}`);
    return { value: values[token], scalar: false };
  }

  function call(name: string): Operand {
    take("(");
    const first = next() ?? "";
    const args = [comparison()];
    while (next() === ",") {
      take(",");
      args.push(comparison());
    }
    take(")");
    const [one, two, three] = args.map((arg) => arg.value);
    const series = (value: Value): Operand => ({ value, scalar: false });
    if (name === "FILL" && args.length === 2) return series(unfilled.has(first) ? one : (one ?? two));
    if (name === "IF" && args.length === 3) return series(one === undefined ? undefined : one ? two : three);
    throw new Error(`${expression}: can't read ${name} with ${args.length} arguments`);
  }

  const { value } = comparison();
  if (at < tokens.length) throw new Error(`${expression}: can't read ${tokens.slice(at).join(" ")}`);
  return value;
}

function calculate(operator: string, left: Operand, right: Operand): Value {
  const hasNone = (operand: Operand) => operand.scalar || operand.value === undefined;
  if (!(left.scalar && right.scalar) && hasNone(left) && hasNone(right)) return undefined;
  const a = left.value ?? 0;
  const b = right.value ?? 0;
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
