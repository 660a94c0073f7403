import { ReportError } from './report';
import { walkXml, type Attributes } from './xml';

interface Element {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: Element[];
  text: string;
}

/** What is counted on; licences, hashes, services and the like are passed over with all they hold. */
const WANTED = new Set([
  ...['bom', 'metadata', 'timestamp', 'tools', 'tool', 'components', 'component', 'name', 'group', 'version', 'purl'],
  ...['vulnerabilities', 'vulnerability', 'id', 'references', 'reference', 'source', 'url', 'ratings', 'rating'],
  ...['severity', 'score', 'method', 'vector', 'description', 'affects', 'target', 'ref', 'analysis', 'state'],
]);
/** Elements of those that are kept in memory. */
const MAX_ELEMENTS = 400_000;

/**
 * A CycloneDX document in XML as the JSON that says the same, as far as that is counted on. Lists are elements in XML
 * (`<components>`), and attributes there are plain values in JSON.
 * @throws {ReportError}
 */
export function cycloneDxXml(text: string): unknown {
  const bom = parse(text);
  const version = /^https?:\/\/cyclonedx\.org\/schema\/bom\/(\d+\.\d+)$/.exec(namespaceOf(bom))?.[1];
  if (version === undefined) throw new ReportError('unknownVersion', 'a <bom> without a namespace of CycloneDX');
  const metadata = child(bom, 'metadata');
  const main = metadata && child(metadata, 'component');
  const tools = metadata && child(metadata, 'tools');
  return {
    bomFormat: 'CycloneDX',
    specVersion: version,
    metadata: {
      timestamp: metadata && value(metadata, 'timestamp'),
      tools: tools && [...list(tools, null, 'tool'), ...list(tools, 'components', 'component')].map(toolOf),
      component: main && componentOf(main),
    },
    components: list(bom, 'components', 'component').map(componentOf),
    vulnerabilities: list(bom, 'vulnerabilities', 'vulnerability').map(vulnerabilityOf),
  };
}

function parse(text: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let kept = 0;
  /** Depth inside of an element that is passed over. */
  let passed = 0;
  walkXml(text, {
    open: (qualified, attributes) => {
      const name = qualified.slice(qualified.indexOf(':') + 1);
      if (passed > 0 || !WANTED.has(name)) {
        passed += 1;
        return;
      }
      kept += 1;
      if (kept > MAX_ELEMENTS) throw new ReportError('tooLarge', `more than ${MAX_ELEMENTS} elements; split it`);
      const element: Element = { name, attributes, children: [], text: '' };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    close: () => {
      if (passed > 0) passed -= 1;
      else open.pop();
    },
    text: (piece) => {
      const element = open.at(-1);
      if (passed === 0 && element) element.text += piece;
    },
  });
  const [bom] = root.children;
  if (!bom) throw new ReportError('truncated', 'breaks off before its first element');
  return bom;
}

function namespaceOf({ attributes }: Element): string {
  const names = Object.entries(attributes).filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'));
  return names.map(([, uri]) => uri.trim()).find((uri) => uri.includes('cyclonedx.org/schema/bom/')) ?? '';
}

function child(element: Element, name: string): Element | undefined {
  return element.children.find((one) => one.name === name);
}

function list(element: Element, wrapper: string | null, name: string): Element[] {
  const holders = wrapper === null ? [element] : element.children.filter((one) => one.name === wrapper);
  return holders.flatMap(({ children }) => children.filter((one) => one.name === name));
}

function value(element: Element, name: string): string | undefined {
  return child(element, name)?.text.trim();
}

function toolOf(element: Element): unknown {
  return { name: value(element, 'name'), version: value(element, 'version') };
}

function componentOf(element: Element): unknown {
  return {
    'bom-ref': element.attributes['bom-ref'],
    name: value(element, 'name'),
    group: value(element, 'group'),
    version: value(element, 'version'),
    purl: value(element, 'purl'),
    components: list(element, 'components', 'component').map(componentOf),
  };
}

function vulnerabilityOf(element: Element): unknown {
  const source = child(element, 'source');
  const analysis = child(element, 'analysis');
  return {
    id: value(element, 'id'),
    references: list(element, 'references', 'reference').map((one) => ({ id: value(one, 'id') })),
    source: source && { url: value(source, 'url') },
    ratings: list(element, 'ratings', 'rating').map((one) => {
      const score = value(one, 'score');
      return {
        severity: value(one, 'severity'),
        score: score === undefined || score === '' ? undefined : Number(score),
        method: value(one, 'method'),
        vector: value(one, 'vector'),
      };
    }),
    description: value(element, 'description'),
    affects: list(element, 'affects', 'target').map((one) => ({ ref: value(one, 'ref') })),
    analysis: analysis && { state: value(analysis, 'state') },
  };
}
