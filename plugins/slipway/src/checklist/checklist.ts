import { RELEASE_KINDS, type ReleaseKind } from '../version/release-types';
import { CHECKLIST_GROUPS, CHECKLIST_ITEMS, type ChecklistItem } from './items';

export interface Checklist {
  readonly kind: ReleaseKind;
  /** What this kind of release needs, in the document's order. */
  readonly items: readonly ChecklistItem[];
  /** What it does not need, and why. */
  readonly leftOut: readonly { readonly item: ChecklistItem; readonly reason: string }[];
}

/** The pre-release checklist, cut down to what a kind of release needs. */
export function checklistFor(kind: ReleaseKind): Checklist {
  return {
    kind,
    items: CHECKLIST_ITEMS.filter((item) => item.leftOut[kind] === undefined),
    leftOut: CHECKLIST_ITEMS.flatMap((item) => {
      const reason = item.leftOut[kind];
      return reason === undefined ? [] : [{ item, reason }];
    }),
  };
}

/** What {@link renderChecklist} takes; a {@link Checklist} with a version fits. */
export interface ChecklistDocument {
  readonly version: string;
  readonly kind: ReleaseKind;
  readonly items: readonly ChecklistItem[];
  readonly leftOut?: Checklist['leftOut'];
}

/** Markdown with the document's headings and a box to tick for each item; ends with a newline. */
export function renderChecklist({ version, kind, items, leftOut = [] }: ChecklistDocument): string {
  const profile = RELEASE_KINDS[kind];
  const blocks = [
    `# ✅ Pre-Release Checklist v${version}`,
    [
      `- **Release type**: ${profile.title} (${profile.form})`,
      `- **Scope**: ${profile.scope}`,
      `- **Process**: ${profile.process}`,
      `- **Timeline**: ${profile.timeline}`,
    ].join('\n'),
  ];
  for (const group of CHECKLIST_GROUPS) {
    const boxes = items.filter((item) => item.group === group.id).map((item) => `- [ ] ${item.text}`);
    if (boxes.length > 0) blocks.push([`## ${group.title}`, '', ...boxes].join('\n'));
  }
  if (leftOut.length > 0) {
    blocks.push(
      [`## Left out for a ${kind} release`, '', ...leftOut.map(({ item, reason }) => `- ${item.text}: ${reason}`)].join(
        '\n',
      ),
    );
  }
  return `${blocks.join('\n\n')}\n`;
}
