/** `${NAME}` that no file of variables defines. */
export class VariableError extends Error {
  override readonly name = 'VariableError';
  constructor(
    readonly variable: string,
    message: string,
  ) {
    super(message);
  }
}

const REFERENCE = /\$\{([^}]*)\}/g;
const NAME = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Fills `${NAME}` and `${NAME:-default}` in a probe's URL or arguments. An empty value counts as none where there is a default.
 *
 * @throws {VariableError} naming the variable that has neither a value nor a default.
 */
export function resolveVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(REFERENCE, (whole: string, inner: string) => {
    const [, name, fallback] = NAME.exec(inner) ?? [];
    if (name === undefined) {
      throw new VariableError(inner, `${whole} in "${text}" is not a variable; write \${NAME} or \${NAME:-default}`);
    }
    const value = variables.get(name);
    if (value !== undefined && !(value === '' && fallback !== undefined)) return value;
    if (fallback !== undefined) return fallback;
    throw new VariableError(
      name,
      `${name} has no value: set it in an environment file, or write \${${name}:-default} in "${text}"`,
    );
  });
}
