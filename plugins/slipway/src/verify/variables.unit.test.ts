import { resolveVariables, VariableError } from './variables';

const variables = new Map([
  ['PORT', '8100'],
  ['EMPTY', ''],
]);

describe('resolveVariables', () => {
  it('fills values and defaults', () => {
    expect(resolveVariables('http://127.0.0.1:${PORT}/health/', variables)).toBe('http://127.0.0.1:8100/health/');
    expect(resolveVariables('${PORT:-1}-${OTHER:-2}-${EMPTY:-3}-${EMPTY}', variables)).toBe('8100-2-3-');
    expect(resolveVariables('${OTHER:-}', variables)).toBe('');
  });

  it('names a variable without value', () => {
    expect(() => resolveVariables('http://127.0.0.1:${OTHER}/', variables)).toThrow(VariableError);
    expect(() => resolveVariables('${OTHER}', variables)).toThrow(/OTHER has no value/);
  });

  it('refuses what is no variable', () => {
    expect(() => resolveVariables('${a b}', variables)).toThrow(/is not a variable/);
  });
});
