import type { PythonFile, PythonNode } from './python-tree';
import { textOf } from './python-tree';

/** What gives a name its one value in a file. */
export type Binding =
  | { readonly kind: 'value'; readonly value: PythonNode }
  /** `with … as name`: the expression. */
  | { readonly kind: 'with'; readonly value: PythonNode }
  | { readonly kind: 'import'; readonly statement: PythonNode };

/** Null unless the whole file binds the name once: by an assignment or a `with` at the top level, or by an import. */
export function bindingOf(file: PythonFile, name: string): Binding | null {
  let target: PythonNode | null = null;
  for (const node of file.nodes('VariableName')) {
    if (textOf(file, node) !== name || !binds(file, node)) continue;
    if (target !== null) return null;
    target = node;
  }
  const statement = target?.parent;
  if (!target || !statement) return null;
  if (statement.name === 'ImportStatement') return { kind: 'import', statement };
  if (!isAtTop(statement)) return null;
  if (statement.name === 'WithStatement') {
    const value = target.prevSibling?.prevSibling ?? null;
    return value ? { kind: 'with', value } : null;
  }
  if (statement.name !== 'AssignStatement') return null;
  const value = statement.lastChild;
  const plain = statement.getChildren('AssignOp').length === 1 && statement.firstChild?.to === target.to;
  return plain && value && value.from > target.from ? { kind: 'value', value } : null;
}

/** Directly in the file, or in a `with` that is: its body always runs. */
function isAtTop(statement: PythonNode): boolean {
  const parent = statement.parent;
  if (parent?.name === 'Body' && parent.parent?.name === 'WithStatement') return isAtTop(parent.parent);
  return parent?.name === 'Script';
}

/** Places where a name may get another value. Doubtful ones count, so that doubt ends in an error and not in a wrong edit. */
const BINDERS = new Set([
  'ImportStatement',
  'ScopeStatement',
  'DeleteStatement',
  'FunctionDefinition',
  'ClassDefinition',
]);
const TARGETS = new Set(['TupleExpression', 'ArrayExpression', 'ParenthesizedExpression']);

/** No one writes targets within targets so deep; beyond, it counts as bound. */
const DEEPEST = 50;

export function binds(file: PythonFile, node: PythonNode): boolean {
  let target = node;
  for (let depth = 0; target.parent && TARGETS.has(target.parent.name); depth += 1) {
    if (depth === DEEPEST) return true;
    target = target.parent;
  }
  const parent = target.parent;
  if (!parent) return false;
  switch (parent.name) {
    case 'AssignStatement':
    case 'NamedExpression':
    case 'UpdateStatement':
      return target.from < file.lastOperator(parent);
    case 'ParamList':
      return target.prevSibling?.name !== 'AssignOp';
    case 'ArgList':
      // `f(NAME=1)` names an argument, `f(NAME := 1)` binds.
      return target.nextSibling?.name === 'AssignOp' && textOf(file, target.nextSibling) === ':=';
    default:
      return (
        BINDERS.has(parent.name) ||
        parent.name.endsWith('Pattern') ||
        isLoopTarget(target, parent) ||
        target.prevSibling?.name === 'as'
      );
  }
}

/** Whether the keyword before it is `for`, in a loop or a comprehension. */
function isLoopTarget(node: PythonNode, parent: PythonNode): boolean {
  if (!/For|Comprehension/.test(parent.name)) return false;
  let before = node.prevSibling;
  while (before && !['for', 'in', 'if'].includes(before.name)) before = before.prevSibling;
  return before?.name === 'for';
}
