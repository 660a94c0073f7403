import { useCallback, useEffect, useRef } from 'react';

/**
 * Returns a function that moves the focus, once the next render is on the page, to the first of
 * these ids that exists. Call it beside a change of state, so that a render follows.
 */
export function useFocusRequest(): (...ids: string[]) => void {
  const wanted = useRef<readonly string[]>([]);
  useEffect(() => {
    const ids = wanted.current;
    wanted.current = [];
    for (const id of ids) {
      const element = document.getElementById(id);
      if (element) {
        element.focus();
        return;
      }
    }
  });
  return useCallback((...ids: string[]) => {
    wanted.current = ids;
  }, []);
}
