/** A success criterion of the Web Content Accessibility Guidelines 2.1 (W3C Recommendation). */
export interface Criterion {
  readonly number: string;
  readonly name: string;
  readonly level: 'A' | 'AA';
}

const LEVEL_A: Readonly<Record<string, string>> = {
  '1.1.1': 'Non-text Content',
  '1.2.1': 'Audio-only and Video-only (Prerecorded)',
  '1.2.2': 'Captions (Prerecorded)',
  '1.2.3': 'Audio Description or Media Alternative (Prerecorded)',
  '1.3.1': 'Info and Relationships',
  '1.3.2': 'Meaningful Sequence',
  '1.3.3': 'Sensory Characteristics',
  '1.4.1': 'Use of Color',
  '1.4.2': 'Audio Control',
  '2.1.1': 'Keyboard',
  '2.1.2': 'No Keyboard Trap',
  '2.1.4': 'Character Key Shortcuts',
  '2.2.1': 'Timing Adjustable',
  '2.2.2': 'Pause, Stop, Hide',
  '2.3.1': 'Three Flashes or Below Threshold',
  '2.4.1': 'Bypass Blocks',
  '2.4.2': 'Page Titled',
  '2.4.3': 'Focus Order',
  '2.4.4': 'Link Purpose (In Context)',
  '2.5.1': 'Pointer Gestures',
  '2.5.2': 'Pointer Cancellation',
  '2.5.3': 'Label in Name',
  '2.5.4': 'Motion Actuation',
  '3.1.1': 'Language of Page',
  '3.2.1': 'On Focus',
  '3.2.2': 'On Input',
  '3.3.1': 'Error Identification',
  '3.3.2': 'Labels or Instructions',
  '4.1.1': 'Parsing',
  '4.1.2': 'Name, Role, Value',
};

const LEVEL_AA: Readonly<Record<string, string>> = {
  '1.2.4': 'Captions (Live)',
  '1.2.5': 'Audio Description (Prerecorded)',
  '1.3.4': 'Orientation',
  '1.3.5': 'Identify Input Purpose',
  '1.4.3': 'Contrast (Minimum)',
  '1.4.4': 'Resize Text',
  '1.4.5': 'Images of Text',
  '1.4.10': 'Reflow',
  '1.4.11': 'Non-text Contrast',
  '1.4.12': 'Text Spacing',
  '1.4.13': 'Content on Hover or Focus',
  '2.4.5': 'Multiple Ways',
  '2.4.6': 'Headings and Labels',
  '2.4.7': 'Focus Visible',
  '3.1.2': 'Language of Parts',
  '3.2.3': 'Consistent Navigation',
  '3.2.4': 'Consistent Identification',
  '3.3.3': 'Error Suggestion',
  '3.3.4': 'Error Prevention (Legal, Financial, Data)',
  '4.1.3': 'Status Messages',
};

function criteria(names: Readonly<Record<string, string>>, level: Criterion['level']): Criterion[] {
  return Object.entries(names).map(([number, name]) => ({ number, name, level }));
}

function byNumber(a: Criterion, b: Criterion): number {
  return a.number.localeCompare(b.number, 'en', { numeric: true });
}

/** All criteria of levels A and AA, in order. */
export const WCAG_21_AA: readonly Criterion[] = [...criteria(LEVEL_A, 'A'), ...criteria(LEVEL_AA, 'AA')].sort(byNumber);

/** Tags by which axe says that a rule belongs to level A or AA of WCAG 2.0 or 2.1. Best practices and WCAG 2.2 have others. */
const TAGS: ReadonlySet<string> = new Set(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']);

/** A rule without any tags could be of any level. */
export function isRequired(rule: { readonly tags: readonly string[] }): boolean {
  return rule.tags.length === 0 || rule.tags.some((tag) => TAGS.has(tag));
}

/** Audits of Lighthouse's accessibility category that are best practice, WCAG 2.2 or level AAA. */
const BEYOND: ReadonlySet<string> = new Set([
  'accesskeys',
  'aria-allowed-role',
  'aria-dialog-name',
  'aria-text',
  'aria-treeitem-name',
  'empty-heading',
  'heading-order',
  'identical-links-same-purpose',
  'image-redundant-alt',
  'landmark-one-main',
  'skip-link',
  'table-duplicate-name',
  'tabindex',
  'target-size',
]);

export function isRequiredAudit(id: string): boolean {
  return !BEYOND.has(id);
}
