import { editManifest } from './index';

it('knows a kind of file by a path of Windows, too', () => {
  const edited = editManifest('packages\\ui\\package.json', '{"version":"1.0.0"}', { version: '1.1.0' });
  expect(edited).toBe('{"version":"1.1.0"}');
});

it('quotes what is wrong in a file on one line, without its escapes, and not all of it', () => {
  const items = '"1.2.3",\n'.repeat(1000);
  const edit = (): string =>
    editManifest('setup.py', `setup(version="\u001b[31m".join([\n${items}]))`, { version: '1.3.0' });
  expect(edit).toThrow(
    /^setup\.py:1: the version is ""\.join\(\[ "1\.2\.3",.{0,400} … .{0,400}a string literal was expected.{0,200}$/,
  );
});
