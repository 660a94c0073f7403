import { text } from 'node:stream/consumers';
import { judgeFromDisk, type JudgeRequest } from './judge-from-disk';

/** A process of its own that judges one project: the request comes in as JSON, the verdict goes out as JSON. */
async function main(): Promise<void> {
  const request = JSON.parse(await text(process.stdin)) as JudgeRequest;
  const { verdict } = await judgeFromDisk(request);
  process.stdout.write(JSON.stringify(verdict));
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
