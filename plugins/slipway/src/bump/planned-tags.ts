import type { BumpRequest } from './preconditions';

/** All tags that will mark the release. */
export function tagsOf({
  tag,
  version,
  tags = [{ name: tag, version }],
}: BumpRequest['plan']): readonly { readonly name: string; readonly version: string }[] {
  return tags;
}
