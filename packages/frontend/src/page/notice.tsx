export interface NoticeContent {
  readonly kind: 'done' | 'problem';
  readonly text: string;
}

/**
 * What the last action came to. Both live regions are always on the page: screen readers announce
 * only what changes within a region that they know already.
 */
export function Notice({ content }: { content: NoticeContent | null }) {
  return (
    <div className="notices">
      <div role="status">{content?.kind === 'done' && <p className="notice notice-done">{content.text}</p>}</div>
      <div role="alert">{content?.kind === 'problem' && <p className="notice notice-problem">{content.text}</p>}</div>
    </div>
  );
}
