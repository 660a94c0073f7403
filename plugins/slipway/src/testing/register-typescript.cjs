// Lets a child process of a test run TypeScript, compiled as Jest does it: node -r register-typescript.cjs file.ts
const { readFileSync } = require('node:fs');
const { transformSync } = require('@swc/core');
const { swc } = require('../../../../tools/jest.swc.cjs');

require.extensions['.ts'] = (module, filename) => {
  const options = { ...swc, module: { ...swc.module, ignoreDynamic: true }, swcrc: false, sourceMaps: false };
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};
