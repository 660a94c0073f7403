const { reporters } = require('../../tools/jest.reporters.cjs');
const { swc } = require('../../tools/jest.swc.cjs');

/** @type {import('jest').Config} */
module.exports = {
  displayName: 'frontend',
  testEnvironment: 'jsdom',
  reporters,
  globalSetup: '<rootDir>/jest.global-setup.cjs',
  setupFilesAfterEnv: ['<rootDir>/src/testing/setup.ts'],
  transform: { '\\.tsx?$': ['@swc/jest', swc] },
  testMatch: ['<rootDir>/src/**/*.unit.test.{ts,tsx}'],
  collectCoverageFrom: [
    'src/**/*.{ts,tsx}',
    '!src/main.tsx',
    '!src/**/*.d.ts',
    '!src/**/*.test.{ts,tsx}',
    '!src/testing/**',
  ],
  coverageDirectory: 'coverage',
  coverageReporters: ['lcov', 'text-summary'],
  coverageThreshold: { global: { lines: 80 } },
};
