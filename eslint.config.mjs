import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/coverage',
      '**/reports',
      '!plugins/slipway/src/reports',
      '**/node_modules',
      '**/.venv',
      '.nx',
      '.slipway',
      'tmp',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      // Nothing heavy while Nx infers: what is needed rarely is required where it is needed.
      '@typescript-eslint/no-require-imports': 'off',
      // An interface may promise a promise where one implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // A default case answers for the kinds that do not matter there.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    // Jest's matchers are of type any.
    files: ['**/*.test.ts', '**/*.test.tsx'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  {
    // Pure domain: nothing of Nx below executors, generators and plugin.
    files: ['plugins/slipway/src/**/*.ts'],
    ignores: ['plugins/slipway/src/{executors,generators,plugin,version-actions}/**', 'plugins/slipway/src/index.ts'],
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
