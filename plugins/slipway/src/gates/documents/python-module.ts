type Parser = (typeof import('@lezer/python'))['parser'];
export type PythonNode = ReturnType<Parser['parse']>['topNode'];

/** A Python module's syntax, as far as reads of the environment are concerned. What can't be parsed is passed over. */
export interface PythonModule {
  readonly path: string;
  nodes(name: string): readonly PythonNode[];
  text(node: PythonNode): string;
  /** 1-based. */
  line(node: PythonNode): number;
  /** The text of a plain string; null for anything else. */
  literal(node: PythonNode | null): string | null;
  /** Arguments of a call, without commas. */
  args(call: PythonNode): readonly { readonly name: string | null; readonly value: PythonNode }[];
  /** The first plain string that a call gets, by position or as its `key`. */
  firstLiteral(call: PythonNode): string | null;
  /** Names of a function's parameters. */
  parameters(definition: PythonNode): readonly string[];
}

const READ = ['CallExpression', 'MemberExpression', 'BinaryExpression', 'FunctionDefinition', 'ImportStatement'];

export function parsePythonModule(path: string, content: string): PythonModule {
  const { parser } = require('@lezer/python') as typeof import('@lezer/python');
  const byName = new Map<string, PythonNode[]>([...READ, 'AssignStatement'].map((name) => [name, []]));
  parser.parse(content).iterate({
    enter: (reference) => {
      byName.get(reference.name)?.push(reference.node);
    },
  });
  const text = (node: PythonNode): string => content.slice(node.from, node.to);
  const literal = (node: PythonNode | null): string | null =>
    node?.name === 'String' ? (/^[rRuU]?("""|'''|"|')([^\\]*)\1$/.exec(text(node))?.[2] ?? null) : null;
  const args: PythonModule['args'] = (call) => {
    const given: { name: string | null; value: PythonNode }[] = [];
    for (let node = call.getChild('ArgList')?.firstChild ?? null; node; node = node.nextSibling) {
      if (/^[(),*]+$/.test(node.name)) continue;
      const value = node.nextSibling?.name === 'AssignOp' ? node.nextSibling.nextSibling : null;
      given.push(value === null ? { name: null, value: node } : { name: text(node), value });
      if (value !== null) node = value;
    }
    return given;
  };
  return {
    path,
    nodes: (name) => byName.get(name) ?? [],
    text,
    line: ({ from }) => content.slice(0, from).split('\n').length,
    literal,
    args,
    firstLiteral: (call) => {
      const found = args(call).find(({ name, value }) => (name === null || name === 'key') && value.name === 'String');
      return found === undefined ? null : literal(found.value);
    },
    parameters: (definition) => {
      const names: string[] = [];
      const list = definition.getChild('ParamList');
      for (let node = list?.firstChild ?? null; node; node = node.nextSibling) {
        // Defaults and annotations stand beside the names, behind their own marks.
        const before = node.prevSibling?.name ?? '';
        if (node.name === 'VariableName' && /^(?:\(|,|\*{1,2})$/.test(before)) names.push(text(node));
      }
      return names;
    },
  };
}

/** By which names a module knows the environment. */
export interface EnvironmentNames {
  /** Expressions that are the environment, e.g. `os.environ`. */
  readonly environments: ReadonlySet<string>;
  /** Functions that read the variable they are given, e.g. `os.getenv`. */
  readonly getters: ReadonlySet<string>;
  /** Objects of django-environ and environs, which are such functions and have such methods. */
  readonly instances: ReadonlySet<string>;
  /** Whatever else comes from other modules. */
  readonly imported: ReadonlySet<string>;
}

export function environmentNames(module: PythonModule): EnvironmentNames {
  const environments = new Set<string>();
  const getters = new Set<string>();
  const makers = new Set<string>();
  const imported = new Set<string>();
  for (const { from, name, as } of module.nodes('ImportStatement').flatMap((node) => importsOf(module, node))) {
    const what = from === null ? name : `${from}.${name}`;
    if (what === 'os') {
      environments.add(`${as}.environ`).add(`${as}.environb`);
      getters.add(`${as}.getenv`);
    } else if (what === 'os.environ') environments.add(as);
    else if (what === 'os.getenv') getters.add(as);
    else if (what === 'environ' || what === 'environs')
      for (const kind of ['Env', 'FileAwareEnv']) makers.add(`${as}.${kind}`);
    else if (/^environs?\.(?:Env|FileAwareEnv)$/.test(what)) makers.add(as);
    else if (what === 'decouple.config') getters.add(as);
    else if (what === 'decouple') getters.add(`${as}.config`);
    else imported.add(as);
  }
  const instances = new Set<string>();
  for (const statement of module.nodes('AssignStatement')) {
    const target = statement.firstChild;
    const value = statement.lastChild;
    if (target?.name !== 'VariableName' || value === null) continue;
    if (value.name === 'CallExpression' && makers.has(calleeText(module, value))) instances.add(module.text(target));
    if (environments.has(module.text(value).replace(/\s/g, ''))) environments.add(module.text(target));
  }
  return { environments, getters, instances, imported };
}

function calleeText(module: PythonModule, call: PythonNode): string {
  return call.firstChild === null ? '' : module.text(call.firstChild).replace(/\s/g, '');
}

/** The last name of what is called: `required` of `environment.required`. */
export function nameOf(module: PythonModule, callee: PythonNode | null): string | null {
  if (callee?.name === 'VariableName') return module.text(callee);
  const last = callee?.name === 'MemberExpression' ? callee.lastChild : null;
  return last?.name === 'PropertyName' ? module.text(last) : null;
}

/** `import a.b as c` and `from a.b import c as d`; relative modules begin with dots. */
function importsOf(
  module: PythonModule,
  node: PythonNode,
): readonly { readonly from: string | null; readonly name: string; readonly as: string }[] {
  const text = module.text(node).replace(/\\\n|[()]|#[^\n]*/g, ' ');
  const [, from, list = ''] = /^(?:from\s+([\w.]+)\s+)?import\s+([\s\S]*)$/.exec(text.trim()) ?? [];
  return list.split(',').flatMap((item) => {
    const [, name, as] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(item) ?? [];
    return name === undefined ? [] : [{ from: from ?? null, name, as: as ?? name }];
  });
}
