import { createHash } from 'node:crypto';
import { CommitStore, CUT, NAMED, type StoreData } from './commit-store';
import { ByteList, NumberList } from './number-list';

/** To be raised with every change of this form, or of what `git log` is asked for: older caches are then read anew. */
const FORM = 1;
const MAGIC = 0x504c5753;
/** Lists with one number for each commit. */
const PER_COMMIT = [
  'state',
  'time',
  'parentsAt',
  'parentCount',
  'textAt',
  'textLength',
  'filesAt',
  'fileCount',
] as const;
const HEADER_NUMBERS = 8;
const DIGEST = 'sha256';
const DIGEST_BYTES = 32;
/** A larger store is not kept: reading it would cost the memory that it saves in time. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * A store as a file, in parts to be written one after the other: header, ids, lists, paths, text, and a digest of it all.
 * Numbers have the byte order of the machine, which the magic number shows. Null for a store that is too large.
 */
export function encodeStore(store: CommitStore): readonly Uint8Array[] | null {
  const { data } = store;
  // Before anything is put together: a hundred bytes for each is less than any has.
  if (data.ids.length * 100 > MAX_BYTES) return null;
  const idBytes = (data.ids[0]?.length ?? 0) / 2;
  const ids = Buffer.from(data.ids.join(''), 'hex');
  const paths = Buffer.from(data.paths.join('\0'));
  const text = data.text.view();
  const header = Uint32Array.of(
    MAGIC,
    FORM,
    data.ids.length,
    idBytes,
    data.parents.length,
    data.files.length,
    paths.length,
    text.length,
  );
  const lists = PER_COMMIT.map((name) =>
    name === 'state' ? withoutCut(data.state.view()) : name === 'parentCount' ? parentCounts(store) : data[name].view(),
  );
  const parts = [
    ...[header, ...lists, data.parents.view(), data.files.view()].map(bytesOf),
    ...[ids, paths, text].map((part) => new Uint8Array(part.buffer, part.byteOffset, part.length)),
  ];
  if (parts.reduce((sum, part) => sum + part.length, 0) > MAX_BYTES) return null;
  const hash = createHash(DIGEST);
  for (const part of parts) hash.update(part);
  return [...parts, hash.digest()];
}

/** @returns null for anything that {@link encodeStore} did not write on such a machine, whole. */
export function decodeStore(file: Buffer): CommitStore | null {
  if (file.length < HEADER_NUMBERS * 4 + DIGEST_BYTES) return null;
  const body = file.subarray(0, file.length - DIGEST_BYTES);
  let at = 0;
  const numbers = (count: number) => {
    // A copy: a view must begin at a multiple of four.
    const list = new Uint32Array(count);
    body.copy(bytesOf(list), 0, at, at + count * 4);
    at += count * 4;
    return list;
  };
  const [magic, form, count = 0, idBytes = 0, parentCount = 0, fileCount = 0, pathBytes = 0, textBytes = 0] =
    numbers(HEADER_NUMBERS);
  if (magic !== MAGIC || form !== FORM) return null;
  const size =
    (HEADER_NUMBERS + PER_COMMIT.length * count + parentCount + fileCount) * 4 +
    count * idBytes +
    pathBytes +
    textBytes;
  if (size !== body.length) return null;
  if (!createHash(DIGEST).update(body).digest().equals(file.subarray(body.length))) return null;

  const [state, time, parentsAt, parentCounts, textAt, textLength, filesAt, fileCounts] = PER_COMMIT.map(
    () => new NumberList(numbers(count)),
  ) as [NumberList, NumberList, NumberList, NumberList, NumberList, NumberList, NumberList, NumberList];
  const parents = new NumberList(numbers(parentCount));
  const files = new NumberList(numbers(fileCount));
  const take = (length: number) => body.subarray(at, (at += length));
  const hex = take(count * idBytes).toString('hex');
  const ids = Array.from({ length: count }, (_, index) => hex.slice(index * idBytes * 2, (index + 1) * idBytes * 2));
  const paths = take(pathBytes).toString('utf8');
  const data: StoreData = {
    ids,
    paths: paths === '' ? [] : paths.split('\0'),
    state,
    time,
    parentsAt,
    parentCount: parentCounts,
    textAt,
    textLength,
    filesAt,
    fileCount: fileCounts,
    parents,
    files,
    text: new ByteList(take(textBytes)),
  };
  return new CommitStore(data);
}

/** What git shows of a commit where a shallow clone ends is true of that clone only. */
function withoutCut(state: Uint32Array): Uint32Array {
  return state.map((value) => (value === CUT ? NAMED : value));
}

function parentCounts({ data }: CommitStore): Uint32Array {
  return data.parentCount.view().map((count, node) => (data.state.get(node) === CUT ? 0 : count));
}

function bytesOf(list: Uint32Array): Uint8Array {
  return new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
}
