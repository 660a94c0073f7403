import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Repositories } from '../ledger/testing/repositories';
import { result, type Step } from './context';
import { runStep } from './run-step';

const repositories = new Repositories();
const root = repositories.clone('workspace');
writeFileSync(join(root, '.gitignore'), '.slipway/\n');

// Jest's own process is a fork whose channel looks closed from in here, as if nx had been killed.
const { send } = process;
beforeAll(() => delete process.send);
afterAll(() => {
  if (send !== undefined) process.send = send;
  repositories.remove();
});

let said: string[];
let ran: number;
beforeEach(() => {
  [said, ran] = [[], 0];
  const listen = (text: unknown) => said.push(String(text)) > 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(listen);
  jest.spyOn(process.stderr, 'write').mockImplementation(listen);
});
afterEach(() => jest.restoreAllMocks());

const step: Step = () => {
  ran += 1;
  return Promise.resolve(result({ kind: 'done', summary: 'all is well' }, { n: 1 }));
};
const run = (json: string | null, target = 'release-plan', load = () => step) =>
  runStep({ root, project: 'api', target, projects: [], nxRelease: undefined, load, options: {}, dryRun: false, json });

it.each(['.slipway/result.json', join('..', 'result.json')])('writes its result to %s', async (json) => {
  expect(await run(json)).toBe(true);
  expect(JSON.parse(readFileSync(join(root, json), 'utf8'))).toEqual({
    project: 'api',
    target: 'release-plan',
    dryRun: false,
    outcome: { kind: 'done', summary: 'all is well' },
    sentence: 'Done: all is well.',
    data: { n: 1 },
  });
});

it('refuses a place that would make the work tree unclean, before it does anything', async () => {
  expect(await run('result.json')).toBe(false);
  expect([ran, existsSync(join(root, 'result.json'))]).toEqual([0, false]);
  expect(said.join('')).toMatch(
    /Refused, nothing changed: --json=result\.json would leave a file.*--json=\.slipway\/result\.json/s,
  );
  expect(await run('result.json', 'release-status')).toBe(true);
});

it('tells how it ended also where the file can not be written, and does not pass then', async () => {
  mkdirSync(join(root, '.slipway/taken'), { recursive: true });
  expect(await run('.slipway/taken')).toBe(false);
  expect(said.join('')).toMatch(/Done: all is well\..*The result could not be written to /s);
});

it('says of a wrong configuration what is wrong, and touches nothing', async () => {
  writeFileSync(join(root, 'slipway.json'), '{ "relese": {} }');
  expect(await run(null)).toBe(false);
  expect([ran, said.join('')]).toEqual([
    0,
    expect.stringMatching(/Refused, nothing changed: slipway\.json:1:3: relese/),
  ]);
  writeFileSync(join(root, 'slipway.json'), '{}');
});

it('shows where a defect is, and calls its effect unknown', async () => {
  const broken = () => () => Promise.reject(new TypeError('x is undefined'));
  expect(await run(null, 'release-plan', broken)).toBe(false);
  expect(said.join('')).toMatch(/TypeError: x is undefined\n.*at .*Unknown: x is undefined/s);
});
