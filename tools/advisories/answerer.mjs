// A small local answerer of questions about known vulnerabilities, for machines whose package registry has no such service:
//   node tools/advisories/answerer.mjs [--port=0] [--advisories=<file>]
// It knows the handful of published advisories in advisories.json and nothing else, so it is no source of truth: it shows that
// what is listed is found, and never that something is safe. Everything it is not asked about goes on to the registry that
// npm is configured with. It ends with its standard input.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';

/**
 * @typedef {object} Advisory
 * @property {'npm' | 'PyPI'} ecosystem
 * @property {string} package
 * @property {string} id
 * @property {string[]} aliases
 * @property {string} severity
 * @property {string} range as npm writes it
 * @property {string} introduced
 * @property {string} fixed
 * @property {string} title
 */

/** @param {{ advisories: Advisory[], registry: string }} options */
export function createAnswerer({ advisories, registry }) {
  return createServer((request, response) => {
    const answer = { 'POST /-/npm/v1/security/advisories/bulk': bulk, 'POST /v1/query': osv }[
      `${request.method} ${request.url}`
    ];
    const work = answer
      ? readJson(request).then((question) => send(response, 200, answer(advisories, question)))
      : passOn(request, response, registry);
    work.catch((error) => send(response, 502, { error: String(error.message ?? error) }));
  });
}

/** What npm asks: names with versions. npm itself compares the versions with the range. */
function bulk(advisories, question) {
  const found = advisories.filter(({ ecosystem, package: name }) => ecosystem === 'npm' && name in question);
  return Object.fromEntries(
    [...new Set(found.map(({ package: name }) => name))].map((name) => [
      name,
      found
        .filter((advisory) => advisory.package === name)
        .map(({ npmId, id, title, severity, range, cwe, cvss }) => ({
          id: npmId,
          url: `https://github.com/advisories/${id}`,
          title,
          severity,
          vulnerable_versions: range,
          cwe,
          cvss: { score: cvss.score, vectorString: cvss.vector },
        })),
    ]),
  );
}

/** What OSV is asked: one package in one version. */
function osv(advisories, { package: asked, version }) {
  const vulns = advisories
    .filter(({ ecosystem, package: name }) => ecosystem === asked?.ecosystem && name === asked?.name?.toLowerCase())
    .filter(({ introduced, fixed }) => compare(version, introduced) >= 0 && compare(version, fixed) < 0)
    .map(({ id, aliases, title, severity, cvss, introduced, fixed, ecosystem, package: name }) => ({
      schema_version: '1.6.0',
      id,
      aliases,
      summary: title,
      severity: [{ type: 'CVSS_V3', score: cvss.vector }],
      database_specific: { severity: severity.toUpperCase() },
      affected: [
        { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed }] }] },
      ],
    }));
  return vulns.length === 0 ? {} : { vulns };
}

/** Numbers between dots; enough for the versions that are asked about. */
function compare(a, b) {
  const [left, right] = [a, b].map((version) =>
    String(version)
      .split('.')
      .map((part) => Number.parseInt(part, 10) || 0),
  );
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function readJson(request) {
  const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
  return JSON.parse(await text(body));
}

async function passOn(request, response, registry) {
  const { host, connection, 'content-length': length, 'accept-encoding': encoding, ...headers } = request.headers;
  const hasBody = !['GET', 'HEAD'].includes(request.method);
  const answer = await fetch(new URL(request.url.replace(/^\/+/, ''), registry), {
    method: request.method,
    headers,
    ...(hasBody ? { body: request, duplex: 'half' } : {}),
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      advisories: { type: 'string', default: fileURLToPath(new URL('advisories.json', import.meta.url)) },
    },
  });
  const registry = execFileSync('npm', ['config', 'get', 'registry'], {
    // npm refuses this in a folder of a workspace.
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    encoding: 'utf8',
  }).trim();
  const server = createAnswerer({ advisories: JSON.parse(readFileSync(values.advisories, 'utf8')), registry });
  server.listen(Number(values.port), '127.0.0.1', () => {
    const url = `http://127.0.0.1:${server.address().port}`;
    console.log(`npm_config_registry=${url}/ SLIPWAY_OSV_URL=${url}/v1/query`);
    console.error(
      'Knows only the advisories in its own list. Put the line above before a command, e.g.: … npx nx run frontend:release-audit',
    );
  });
  if (!process.stdin.isTTY) process.stdin.resume().on('end', () => process.exit());
}
