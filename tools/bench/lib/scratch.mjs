import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Temporary folders that are gone when the bench is, however it ends, and the signal that ends it.
 * @returns {{ signal: AbortSignal, folder: (name: string) => string, cleanUp: () => void }}
 */
export function createScratch() {
  const folders = new Set();
  const stop = new AbortController();
  const removeAll = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    folders.clear();
  };
  const onSignal = (name) => {
    if (stop.signal.aborted) {
      removeAll();
      process.exit(130);
    }
    console.error(`\n${name}: stopping, and removing the temporary folders (again to stop at once)`);
    stop.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: stop.signal,
    folder(name) {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), `slipway-bench-${name}-`)));
      folders.add(folder);
      return folder;
    },
    cleanUp() {
      removeAll();
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
