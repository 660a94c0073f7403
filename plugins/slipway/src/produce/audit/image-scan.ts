import { posix } from 'node:path';
import type { ImageConfig } from '../../config/schema';
import { milliseconds } from '../../deploy/duration';
import { buildImages } from '../../image/build-images';
import { RunError } from '../../io/exec';
import type { World } from '../../io/world';
import type { Blank } from '../../evidence/subject';
import { ProducerError } from '../producer-error';
import { withOrigin, writeReport } from '../report-file';
import { sourceCommit } from '../source-commit';
import type { AuditContext, Audited } from './audited';
import { parseAnswer, runTool } from './run-tool';

/** Programs that look for known vulnerabilities in an image, best known first. */
const SCANNERS = {
  trivy: (image: string): [string, ...string[]] => ['trivy', 'image', '--quiet', '--format', 'json', image],
  grype: (image: string): [string, ...string[]] => ['grype', '--quiet', '--output', 'json', `docker:${image}`],
} as const;
type Scanner = keyof typeof SCANNERS;

export interface ImageScanContext extends AuditContext {
  readonly images: Readonly<Record<string, ImageConfig>>;
  readonly blank: Blank;
}

function scanReport(reports: string, scanner: string, service: string): string {
  return posix.join(reports, `${scanner}-${service}.json`);
}

/**
 * Scans every image of the release, built from what is there unless it is there already, with the scanner that is on the PATH.
 * @throws {ProducerError} where there is none.
 */
export async function scanImages({
  world,
  reports,
  config,
  images,
  blank,
}: ImageScanContext): Promise<readonly Audited[]> {
  const { scanner, version } = await findScanner(world);
  const built = await buildImages(world, { commit: await sourceCommit(world, images), images, blank });
  const audited: Audited[] = [];
  for (const [service, { image }] of Object.entries(built)) {
    world.stop.check();
    world.log.info(`${service}: ${scanner} looks at ${image.slice(0, 19)}`);
    const argv = SCANNERS[scanner](image);
    const result = await runTool(world, argv, { timeout: milliseconds(config.timeout) }, INSTALL);
    const report = withOrigin(
      parseAnswer(result, argv),
      { tool: scanner, toolVersion: version },
      world.clock,
      config.validFor,
    );
    const path = await writeReport(world.root, scanReport(reports, scanner, service), report);
    audited.push({ path, summary: `${scanner}: looked at ${service}` });
  }
  return audited;
}

const INSTALL =
  'install trivy or grype, so that it is on the PATH; or take "audit" away from the project in slipway.json';

async function findScanner({ run }: Pick<World, 'run'>): Promise<{ scanner: Scanner; version: string | null }> {
  for (const scanner of Object.keys(SCANNERS) as Scanner[]) {
    try {
      const { stdout } = await run([scanner, '--version']);
      return { scanner, version: /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0] ?? null };
    } catch (error) {
      if (!(error instanceof RunError) || error.failure !== 'notFound') throw error;
    }
  }
  throw new ProducerError('no scanner of images is on the PATH', INSTALL);
}
