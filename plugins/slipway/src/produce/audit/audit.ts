import type { Candidate } from '../../config/members';
import { removeReport } from '../report-file';
import type { Audited } from './audited';
import { scanImages, type ImageScanContext } from './image-scan';
import { npmAudit, npmReport } from './npm-audit';
import { pipAudit, pipReport } from './pip-audit';

/**
 * Runs the audits that fit the kind of project, and leaves each one's report as its tool gave it, with when it was made and until when it may
 * be relied on.
 * @throws {ProducerError} where one could not be run; a report of an earlier run is gone then.
 */
export async function runAudit(context: ImageScanContext, kind: Candidate['kind']): Promise<readonly Audited[]> {
  const { world, reports } = context;
  for (const path of [npmReport(reports), pipReport(reports)]) await removeReport(world.root, path);
  switch (kind) {
    case 'npm':
      return [await npmAudit(context)];
    case 'python':
      return [await pipAudit(context)];
    case 'docker':
      return scanImages(context);
    case 'other':
      return [];
  }
}
