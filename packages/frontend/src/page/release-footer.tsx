import { useEffect, useState } from 'react';
import type { HelpdeskClient } from '../api/client';
import type { Release } from '../api/tickets';

const commitDigits = 8;

/** Says which release serves the page, and says so when that is not known. */
export function ReleaseFooter({ client }: { client: HelpdeskClient }) {
  const [release, setRelease] = useState<Release | 'asking' | 'unknown'>('asking');

  useEffect(() => {
    const controller = new AbortController();
    client.release(controller.signal).then(
      (answer) => setRelease(answer),
      () => {
        if (!controller.signal.aborted) setRelease('unknown');
      },
    );
    return () => controller.abort();
  }, [client]);

  return (
    <footer className="site-footer">
      <div className="frame">
        <p>Helpdesk</p>
        <p>{sentence(release)}</p>
      </div>
    </footer>
  );
}

function sentence(release: Release | 'asking' | 'unknown') {
  if (release === 'asking') return 'Asking for the version…';
  if (release === 'unknown' || release.version === '') return 'Version unknown';
  return (
    <>
      Version {release.version}
      {release.commit !== '' && (
        <>
          {' '}
          <code title={`Commit ${release.commit}`}>{release.commit.slice(0, commitDigits)}</code>
        </>
      )}
    </>
  );
}
