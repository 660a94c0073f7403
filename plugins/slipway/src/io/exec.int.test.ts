import { setMaxListeners } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { createClock } from './create-world';
import { createRun, RunError } from './exec';

const node = (code: string): [string, ...string[]] => [process.execPath, '-e', code];
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof RunError ? error.failure : error),
  );
/** A zombie is dead: where nothing reaps orphans, its pid stays. */
const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe('createRun', () => {
  const run = createRun({ cwd: tmpdir() });

  it('returns what a program says, whatever its exit code, and passes arguments as they are', async () => {
    expect(await run(node('console.log("out"); console.error("err"); process.exit(3)'))).toEqual({
      exitCode: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await run(['printf', '%s|', '$HOME; exit 1', '*'])).toMatchObject({
      exitCode: 0,
      stdout: '$HOME; exit 1|*|',
    });
  });

  it('gives input as text, bytes or a stream, and an end of input otherwise', async () => {
    expect((await run(['cat'], { input: 'text' })).stdout).toBe('text');
    expect((await run(['cat'], { input: Buffer.from('bytes') })).stdout).toBe('bytes');
    expect((await run(['cat'], { input: Readable.from(['a', 'b']) })).stdout).toBe('ab');
    expect((await run(['cat'], { input: '' })).stdout).toBe('');
    expect((await run(['cat'])).stdout).toBe('');
    expect((await run(['true'], { input: 'x'.repeat(1_000_000) })).exitCode).toBe(0);
  });

  it('adds to and takes from the environment', async () => {
    const own = createRun({ cwd: tmpdir(), env: { SLIPWAY_A: '1', SLIPWAY_B: '2', PATH: process.env['PATH'] } });
    const { stdout } = await own(['env'], { env: { SLIPWAY_B: undefined, SLIPWAY_C: '3' } });
    expect(
      stdout
        .split('\n')
        .filter((line) => /^SLIPWAY_[ABC]=/.test(line))
        .sort(),
    ).toEqual(['SLIPWAY_A=1', 'SLIPWAY_C=3']);
  });

  it('hands over whole lines as they arrive, in order, also the last one without an end', async () => {
    const lines: string[] = [];
    const code = 'process.stdout.write("a\\nb"); setTimeout(() => { process.stdout.write("c\\r\\nd\\u00e9"); }, 100)';
    const result = await run(node(code), { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['a', 'bc', 'dé']);
    expect(result.stdout).toBe('a\nbc\r\ndé');
    const errors: string[] = [];
    await run(node('console.error("to stderr")'), { onLine: (line) => errors.push(line) });
    expect(errors).toEqual(['to stderr']);
  });

  it('passes on what a line listener throws', async () => {
    const listen = () => {
      throw new Error('no room');
    };
    await expect(run(['echo', 'x'], { onLine: listen })).rejects.toThrow('no room');
  });

  it('takes large outputs', async () => {
    const { stdout } = await run(node('process.stdout.write("x".repeat(30_000_000))'));
    expect(stdout).toHaveLength(30_000_000);
  });

  describe('onData', () => {
    it('hands over bytes as they come, torn characters too, and keeps none of them', async () => {
      const chunks: Buffer[] = [];
      const code =
        'const b = Buffer.from("aé日"); process.stdout.write(b.subarray(0, 2)); setTimeout(() => { process.stdout.write(b.subarray(2, 4)); setTimeout(() => { process.stdout.write(b.subarray(4)); console.error("é"); }, 50) }, 50)';
      const result = await run(node(code), { onData: (chunk) => void chunks.push(chunk) });
      expect(result).toEqual({ exitCode: 0, stdout: '', stderr: 'é\n' });
      expect(chunks.length).toBeGreaterThan(1);
      expect(Buffer.concat(chunks).toString()).toBe('aé日');
    });

    it('takes more than could be kept', async () => {
      let total = 0;
      const size = 400 * 1024 * 1024;
      await run(['head', '-c', String(size), '/dev/zero'], { onData: (chunk) => void (total += chunk.length) });
      expect(total).toBe(size);
    });

    it('ends the program once the listener has enough, and calls it no more', async () => {
      let calls = 0;
      const begun = performance.now();
      const result = await run(['sh', '-c', 'yes; sleep 60'], { onData: () => (calls += 1) < 3 });
      expect(result).toMatchObject({ exitCode: 0, stdout: '' });
      expect(calls).toBe(3);
      expect(performance.now() - begun).toBeLessThan(5_000);
    });

    it('passes on what the listener throws, and the exit code of a program that failed by itself', async () => {
      const listen = () => {
        throw new Error('no room');
      };
      await expect(run(['yes'], { onData: listen })).rejects.toThrow('no room');
      const failed = await run(node('process.stdout.write("x"); process.exitCode = 3'), { onData: () => true });
      expect(failed.exitCode).toBe(3);
    });

    it('is stopped with the step', async () => {
      const controller = new AbortController();
      const stoppable = createRun({ cwd: tmpdir(), signal: controller.signal });
      expect(await failure(stoppable(['yes'], { onData: () => controller.abort() }))).toBe('stopped');
    });
  });

  it('tells a missing program from a missing folder', async () => {
    expect(await failure(run(['slipway-no-such-program']))).toBe('notFound');
    await expect(run(['true'], { cwd: '/no/such/folder' })).rejects.toThrow(/folder \/no\/such\/folder does not exist/);
  });

  it('calls a program that died of a signal crashed', async () => {
    expect(await failure(run(node('process.kill(process.pid, "SIGKILL")')))).toBe('crashed');
  });

  it('ends a program that takes too long together with its own children, which hold its output open', async () => {
    const begun = performance.now();
    const pids: number[] = [];
    const tree = run(['sh', '-c', 'sleep 60 & echo $!; wait'], {
      timeout: 300,
      onLine: (line) => pids.push(Number(line)),
    });
    expect(await failure(tree)).toBe('timedOut');
    expect(performance.now() - begun).toBeLessThan(2_000);
    const [pid = 0] = pids;
    expect(pid).toBeGreaterThan(0);
    await expect(gone(pid)).resolves.toBe(true);
  });

  it('ends with force what ignores being asked, two seconds later', async () => {
    const begun = performance.now();
    expect(await failure(run(['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'], { timeout: 200 }))).toBe(
      'timedOut',
    );
    expect(performance.now() - begun).toBeGreaterThan(2_000);
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it('stops its children with the step, starts none after that, and lets what succeeded stand', async () => {
    const controller = new AbortController();
    const stoppable = createRun({ cwd: tmpdir(), signal: controller.signal });
    const sleeping = failure(stoppable(['sleep', '60']));
    // Ends well when asked to end: that is a result, not a stop.
    const polite = stoppable(
      node('process.on("SIGTERM", () => process.exit(0)); console.log("up"); setInterval(() => 0, 1000)'),
      {
        onLine: () => controller.abort(),
      },
    );
    await expect(polite).resolves.toMatchObject({ exitCode: 0 });
    expect(await sleeping).toBe('stopped');
    expect(await failure(stoppable(['true']))).toBe('stopped');
  });

  it('calls a child that died of the signal which reaches us a moment later stopped, not failed', async () => {
    const controller = new AbortController();
    const stoppable = createRun({ cwd: tmpdir(), signal: controller.signal });
    const dying = failure(stoppable(['sh', '-c', 'kill -TERM $$']));
    setTimeout(() => controller.abort(), 100);
    expect(await dying).toBe('stopped');
  });

  it('leaves no listener behind', async () => {
    const controller = new AbortController();
    setMaxListeners(0, controller.signal);
    const stoppable = createRun({ cwd: tmpdir(), signal: controller.signal });
    const before = process.listenerCount('exit');
    await Promise.all(Array.from({ length: 15 }, () => stoppable(['true'])));
    expect(process.listenerCount('exit')).toBe(before);
  });
});

describe('createClock', () => {
  it('sleeps, and wakes at once when the step is stopped', async () => {
    const controller = new AbortController();
    const clock = createClock(controller.signal);
    const begun = performance.now();
    const sleeping = clock.sleep(60_000);
    setTimeout(() => controller.abort(), 50);
    await sleeping;
    await clock.sleep(60_000);
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(performance.now() - begun).toBeGreaterThan(40);
  });
});

async function gone(pid: number): Promise<boolean> {
  for (let n = 0; n < 50 && isAlive(pid); n++) await new Promise((resolve) => setTimeout(resolve, 20));
  return !isAlive(pid);
}
