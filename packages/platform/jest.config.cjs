const { reporters } = require('../../tools/jest.reporters.cjs');
const { swc } = require('../../tools/jest.swc.cjs');

/** Unit tests by default; SLIPWAY_TESTS=int builds the images and runs them on a real Docker Engine. */
const integration = process.env.SLIPWAY_TESTS === 'int';

/** @type {import('jest').Config} */
module.exports = {
  displayName: integration ? 'platform:int' : 'platform',
  testEnvironment: 'node',
  reporters,
  globalSetup: '<rootDir>/jest.global-setup.cjs',
  testMatch: [integration ? '<rootDir>/test/**/*.int.test.ts' : '<rootDir>/test/**/*.unit.test.ts'],
  transform: { '^.+\\.[cm]?[jt]sx?$': ['@swc/jest', swc] },
  testTimeout: integration ? 300_000 : 10_000,
};
