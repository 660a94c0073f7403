import { parseArgs } from 'node:util';

export class UsageError extends Error {}

/**
 * @typedef {Readonly<Record<string, { default: number | string | boolean, text: string }>>} OptionSpecs
 * @param {readonly string[]} args
 * @param {OptionSpecs} specs
 * @returns {Record<string, number | string | boolean>}
 * @throws {UsageError} for an option that is unknown, and for a number that is none or not above zero
 */
export function readOptions(args, specs) {
  const types = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { type: typeof spec.default === 'boolean' ? 'boolean' : 'string' },
    ]),
  );
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: types }));
  } catch (error) {
    throw new UsageError(error.message);
  }
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const value = values[name] ?? spec.default;
      if (typeof spec.default !== 'number') return [name, value];
      if (!/^\d+$/.test(String(value)) || Number(value) < 1)
        throw new UsageError(`--${name} takes a whole number above zero, not "${value}"`);
      return [name, Number(value)];
    }),
  );
}

/** @param {OptionSpecs} specs */
export function describeOptions(specs) {
  const names = Object.entries(specs).map(([name, spec]) =>
    typeof spec.default === 'boolean' ? `--${name}` : `--${name}=${spec.default || '…'}`,
  );
  const width = Math.max(...names.map((name) => name.length));
  return Object.values(specs)
    .map(({ text }, index) => `    ${names[index].padEnd(width)}  ${text}`)
    .join('\n');
}
