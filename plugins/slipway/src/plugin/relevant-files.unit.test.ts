import { relevantFiles } from './relevant-files';

it('reads modules only where the version of a Python project may stand, and no lock file at the root', () => {
  const kept = [
    'package.json',
    'ui/package-lock.json',
    'api/setup.py',
    'api/version.py',
    'api/acme/__init__.py',
    'lib/pyproject.toml',
    'lib/src/acme/_version.py',
    'VERSION',
  ];
  const left = [
    'package-lock.json',
    'yarn.lock',
    '__init__.py',
    'api/acme/deep/__init__.py',
    'api/src/acme/deep/__init__.py',
    'ui/scripts/__init__.py',
    'src/acme/__init__.py',
  ];
  expect(relevantFiles([...kept, ...left])).toEqual(kept);
});
