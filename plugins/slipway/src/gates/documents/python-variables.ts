import type { VariableRead } from './compose-variables';
import { environmentNames, nameOf, parsePythonModule, type PythonModule, type PythonNode } from './python-module';

/**
 * The variables that Python modules read from the environment, by file: `os.environ` and `os.getenv` under any name they are
 * imported by, django-environ and environs (`env("NAME")`, `env.str("NAME")`), decouple's `config("NAME")`, and functions that
 * are handed `os.environ`. What a program makes up at run time can't be seen.
 */
export function pythonVariables(
  files: readonly { readonly path: string; readonly content: string }[],
): ReadonlyMap<string, readonly VariableRead[]> {
  const modules = files.map(({ path, content }) => parsePythonModule(path, content));
  const instances = new Set(modules.flatMap((module) => [...environmentNames(module).instances]));
  const handed: Handed = new Map();
  // Whoever is handed the environment may hand it on: until nobody new is found.
  for (let before = -1; before !== sizeOf(handed);) {
    before = sizeOf(handed);
    for (const module of modules) readerOf(module, instances, handed).follow();
  }
  return new Map(modules.map((module) => [module.path, readerOf(module, instances, handed).reads()]));
}

/** By a function's name, which of its parameters get the environment: positions, or keywords. */
type Handed = Map<string, Set<number | string>>;

function sizeOf(handed: Handed): number {
  return [...handed.values()].reduce((sum, { size }) => sum + size, 0);
}

/** What django-environ reads where a call names no variable. */
const URL_DEFAULTS: Readonly<Record<string, string>> = {
  db: 'DATABASE_URL',
  db_url: 'DATABASE_URL',
  cache: 'CACHE_URL',
  cache_url: 'CACHE_URL',
  email: 'EMAIL_URL',
  email_url: 'EMAIL_URL',
  search_url: 'SEARCH_URL',
};
/** Methods of such an object that read no variable of the name they are given. */
const NO_READ =
  /^(?:read_env|prefixed|seal|add_parser|parser_for|get_value_from_file|parse_value|setdefault|pop|update)$/;

function readerOf(
  module: PythonModule,
  instances: ReadonlySet<string>,
  handed: Handed,
): { readonly reads: () => readonly VariableRead[]; readonly follow: () => void } {
  const names = environmentNames(module);
  const scopes = parametersHanded(module, handed);
  const isEnvironment = (node: PythonNode | null): boolean => {
    if (node === null) return false;
    if (node.name === 'MemberExpression') return names.environments.has(module.text(node).replace(/\s/g, ''));
    if (node.name !== 'VariableName') return false;
    const name = module.text(node);
    return (
      names.environments.has(name) ||
      scopes.some((scope) => scope.name === name && node.from >= scope.from && node.to <= scope.to)
    );
  };
  const isInstance = (name: string): boolean =>
    names.instances.has(name) || (instances.has(name) && names.imported.has(name));

  const readByCall = (call: PythonNode): string | null => {
    const callee = call.firstChild;
    const literal = module.firstLiteral(call);
    if (callee === null) return null;
    if (callee.name === 'VariableName') {
      const name = module.text(callee);
      if (names.getters.has(name) || isInstance(name)) return literal;
    } else if (callee.name === 'MemberExpression') {
      const object = callee.firstChild;
      const method = module.text(callee.lastChild ?? callee);
      if (names.getters.has(module.text(callee).replace(/\s/g, ''))) return literal;
      if (isEnvironment(object)) return method === 'get' ? literal : null;
      if (object?.name === 'VariableName' && isInstance(module.text(object)) && !NO_READ.test(method))
        return literal ?? (module.args(call).length === 0 ? (URL_DEFAULTS[method] ?? null) : null);
    }
    // A function that is handed the environment and a name reads it: required(os.environ, "NAME").
    return literal !== null &&
      /^[A-Z][A-Z0-9_]*$/.test(literal) &&
      module.args(call).some(({ value }) => isEnvironment(value))
      ? literal
      : null;
  };

  return {
    follow() {
      for (const call of module.nodes('CallExpression')) {
        const callee = nameOf(module, call.firstChild);
        if (callee === null) continue;
        module.args(call).forEach(({ name, value }, position) => {
          if (!isEnvironment(value)) return;
          const parameters = handed.get(callee) ?? new Set();
          handed.set(callee, parameters.add(name ?? position));
        });
      }
    },
    reads() {
      const found = new Map<string, number>();
      const add = (name: string | null, node: PythonNode): void => {
        if (name === null || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return;
        const line = module.line(node);
        if ((found.get(name) ?? Infinity) > line) found.set(name, line);
      };
      for (const call of module.nodes('CallExpression')) add(readByCall(call), call);
      for (const member of module.nodes('MemberExpression')) {
        const key = member.firstChild?.nextSibling?.name === '[' ? member.firstChild.nextSibling.nextSibling : null;
        if (key !== null && isEnvironment(member.firstChild) && !isWritten(member)) add(module.literal(key), member);
      }
      for (const test of module.nodes('BinaryExpression')) {
        if (isEnvironment(test.lastChild) && test.getChild('in') !== null) add(module.literal(test.firstChild), test);
      }
      return [...found]
        .map(([name, line]) => ({ name, line }))
        .sort((a, b) => a.line - b.line || (a.name < b.name ? -1 : 1));
    },
  };
}

/** Whether `os.environ["NAME"]` is set or deleted here. */
function isWritten(member: PythonNode): boolean {
  const { parent } = member;
  if (parent?.name === 'DeleteStatement') return true;
  if (parent?.name !== 'AssignStatement') return false;
  const operators = parent.getChildren('AssignOp');
  return operators.some(({ from }) => member.to <= from);
}

/** Where a parameter of some function is the environment. */
function parametersHanded(
  module: PythonModule,
  handed: Handed,
): readonly { readonly name: string; readonly from: number; readonly to: number }[] {
  return module.nodes('FunctionDefinition').flatMap((definition) => {
    const given = handed.get(module.text(definition.getChild('VariableName') ?? definition));
    if (given === undefined) return [];
    const all = module.parameters(definition);
    // A method's own object is given by itself.
    const named = /^(?:self|cls)$/.test(all[0] ?? '') ? all.slice(1) : all;
    return named
      .filter((name, position) => given.has(position) || given.has(name))
      .map((name) => ({ name, from: definition.from, to: definition.to }));
  });
}
