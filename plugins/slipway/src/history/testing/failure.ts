import { HistoryError } from '../history-error';

/** The HistoryError that a promise ends with; whatever else it ends with is thrown. */
export async function failure(promise: Promise<unknown>): Promise<HistoryError> {
  const error: unknown = await promise.then(
    () => new Error('did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof HistoryError)) throw error;
  return error;
}
