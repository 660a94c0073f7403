import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist', '**/coverage', '**/reports', '!plugins/slipway/src/reports', '**/node_modules', '**/.venv', '.nx', '.slipway', 'tmp'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
  {
    // Pure domain: nothing of Nx below executors, generators and plugin.
    files: ['plugins/slipway/src/**/*.ts'],
    ignores: ['plugins/slipway/src/{executors,generators,plugin}/**', 'plugins/slipway/src/index.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['@nx/*', 'nx', 'nx/*'] }] },
  },
  {
    files: ['plugins/slipway/{package,executors,generators}.json'],
    languageOptions: { parser: jsonc },
    plugins: { '@nx': nx },
    rules: { '@nx/nx-plugin-checks': 'error' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    rules: { 'no-unused-vars': 'off' },
  },
  prettier,
);
