// The two changes that the story releases. Each is an ordinary commit of a developer.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Replaces text that must be there exactly once, so that the story fails loudly when the Helpdesk has moved on. */
function edit(workspace, file, from, to) {
  const path = join(workspace, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

/** @param {string} workspace */
export function feature(workspace) {
  edit(
    workspace,
    'packages/backend/tickets/views.py',
    'return JsonResponse({"results": results, "count": found.count(), "limit": limit, "offset": offset})',
    `count = found.count()
    page = {"results": results, "count": count, "limit": limit, "offset": offset}
    return JsonResponse(page, headers={"X-Total-Count": str(count)})`,
  );
  return {
    message: 'feat(backend): tell the total number of tickets in a header',
    paths: ['packages/backend/tickets/views.py'],
  };
}

const REPLICA_TEST = `import socket

import pytest

from helpdesk.health import CheckFailed, check_replica


@pytest.fixture
def replica(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("HELPDESK_REPLICA", f"127.0.0.1:{server.getsockname()[1]}")
        yield server


def test_is_content_with_a_replica_that_answers(replica):
    check_replica()


def test_notices_a_replica_that_does_not(replica):
    replica.close()
    with pytest.raises(CheckFailed):
        check_replica()
`;

/**
 * A check that passes wherever no read replica is configured: in the tests and in staging. Production has one configured,
 * and it does not answer.
 * @param {string} workspace
 */
export function brokenInProduction(workspace) {
  const health = 'packages/backend/helpdesk/health.py';
  edit(workspace, health, 'import logging\n', 'import logging\nimport os\nimport socket\n');
  edit(
    workspace,
    health,
    '\n# Each check returns when all is well',
    `
def check_replica() -> None:
    host, port = os.environ["HELPDESK_REPLICA"].rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError as problem:
        raise CheckFailed("The read replica does not answer.") from problem


# Each check returns when all is well`,
  );
  edit(
    workspace,
    health,
    '    "migrations": check_migrations,\n}\n',
    `    "migrations": check_migrations,
}
if os.environ.get("HELPDESK_REPLICA"):
    CHECKS["replica"] = check_replica
`,
  );
  const compose = ['test', 'staging', 'prod'].map((name) => `packages/platform/docker-compose.${name}.yml`);
  for (const file of compose) {
    edit(
      workspace,
      file,
      '      POSTGRES_HOST: db\n',
      '      HELPDESK_REPLICA: ${HELPDESK_REPLICA:-}\n      POSTGRES_HOST: db\n',
    );
  }
  const examples = ['packages/platform/.env.example', 'packages/backend/.env.example'];
  for (const example of examples) {
    const path = join(workspace, example);
    const text = readFileSync(path, 'utf8').trimEnd();
    writeFileSync(
      path,
      `${text}\n\n# Host and port of a read replica that /health/ watches; empty for none.\nHELPDESK_REPLICA=\n`,
    );
  }
  const test = 'packages/backend/tests/test_replica.py';
  writeFileSync(join(workspace, test), REPLICA_TEST);
  return {
    message: 'feat(backend): watch the read replica in the health check',
    paths: [health, ...compose, ...examples, test],
  };
}
