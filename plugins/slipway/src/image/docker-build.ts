import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { RunError } from '../io/exec';
import type { World } from '../io/world';
import { readBuildStep } from './build-progress';
import { ImageError } from './context-digest';

export interface DockerBuild {
  readonly service: string;
  readonly commit: string;
  /** Workspace paths that become the build context; the Dockerfile is added where they do not hold it. */
  readonly context: readonly string[];
  readonly dockerfile: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Absolute path of the file that keeps the build's whole output. */
  readonly logFile: string;
}

const LAST_LINES = 20;

/**
 * Builds an image out of a commit, streaming `git archive` into `docker build`; the working tree is not looked at.
 * The image carries no name yet: an archive that broke off in the middle must not leave one behind.
 *
 * @returns the image's id, `sha256:…`.
 * @throws {ImageError} with the last lines of the build's output.
 */
export async function dockerBuild(world: World, build: DockerBuild): Promise<string> {
  const { execa } = await import('execa');
  await mkdir(dirname(build.logFile), { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'slipway-build-'));
  const log = (await open(build.logFile, 'w', 0o600)).createWriteStream();
  try {
    const idFile = join(scratch, 'image-id');
    const labels = Object.entries(build.labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
    const common = {
      cwd: world.git.root,
      env: { ...world.env, BUILDKIT_PROGRESS: 'plain', GIT_OPTIONAL_LOCKS: '0' },
      cancelSignal: world.stop.signal,
      forceKillAfterDelay: 1_000,
      reject: false,
    } as const;
    const paths = [...new Set([...build.context, build.dockerfile])];
    // File modes are part of Docker's cache key, and would depend on each person's git configuration.
    const archive = execa('git', ['-c', 'tar.umask=0022', 'archive', '--format=tar', build.commit, '--', ...paths], {
      ...common,
      stdin: 'ignore',
      stdout: 'pipe',
      buffer: { stdout: false },
      encoding: 'buffer',
    });
    const builder = execa('docker', ['build', '--iidfile', idFile, '-f', build.dockerfile, ...labels, '-'], {
      ...common,
      stdin: 'pipe',
      all: true,
      buffer: false,
    });
    // Whichever end breaks first takes the other one with it; the exit codes below tell which one it was.
    archive.stdout.on('error', () => builder.stdin.destroy());
    builder.stdin.on('error', () => archive.stdout.destroy());
    archive.stdout.pipe(builder.stdin);

    const tail: string[] = [];
    for await (const line of builder.iterable({ from: 'all' })) {
      log.write(`${line}\n`);
      tail.push(line);
      if (tail.length > LAST_LINES) tail.shift();
      const step = readBuildStep(line);
      if (step) world.log.info(`${build.service}: step ${step.step}/${step.of} ${step.instruction}`);
    }
    const [archived, built] = await Promise.all([archive, builder]);
    if (archived.isCanceled || built.isCanceled)
      throw new RunError('stopped', ['docker', 'build'], 'the build was stopped');
    if (built.failed) {
      const missing = built.code === 'ENOENT';
      throw new ImageError(
        missing
          ? 'docker is not installed or not on the PATH'
          : `the image of ${build.service} could not be built (exit ${built.exitCode ?? built.signal ?? 'unknown'}):\n${tail.map((line) => `    ${line}`).join('\n')}`,
        missing ? 'install Docker Engine with Compose v2' : `read the whole output in ${build.logFile}`,
      );
    }
    if (archived.failed) {
      const said = Buffer.from(archived.stderr).toString('utf8').trim();
      throw new ImageError(
        `git archive of ${build.commit.slice(0, 10)} for ${build.service} failed: ${said}`,
        `git archive --format=tar ${build.commit} -- ${paths.join(' ')}`,
      );
    }
    return (await readFile(idFile, 'utf8')).trim();
  } finally {
    log.end();
    await finished(log);
    await rm(scratch, { recursive: true, force: true });
  }
}
