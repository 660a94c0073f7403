import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import * as slipway from './public-api';

const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
const section = /^## For programs\n(.*?)^## /ms.exec(readme)?.[1] ?? '';
/** Lines such as `call(…); // result`; the import of the section has no result. */
const examples = [...section.matchAll(/^```js\n(.*?)^```$/gms)]
  .flatMap(([, block = '']) => block.split('\n'))
  .flatMap((line) => {
    const [, call, result] = /^(.*); \/\/ (.*)$/.exec(line) ?? [];
    return call === undefined || result === undefined ? [] : [{ call, result }];
  });

describe('the examples for programs in the README', () => {
  it('are found, for every function', () => {
    const functions = Object.entries(slipway).filter(([name]) => !name.endsWith('Error'));
    for (const [name] of functions) expect(examples.map(({ call }) => call.split('(')[0])).toContain(name);
    expect(functions).toHaveLength(7);
  });

  it.each(examples)('$call gives $result', ({ call, result }) => {
    const run = (): unknown => runInNewContext(call, { ...slipway });
    const error = /^(VersionError|ManifestError|ReportError|PolicyError): (.*)$/.exec(result);
    if (error === null) return expect(run()).toEqual(runInNewContext(result));
    expect(run).toThrow(slipway[error[1] as 'VersionError' | 'ManifestError' | 'ReportError' | 'PolicyError']);
    expect(run).toThrow(error[2]);
  });
});
