/** What a text holds as JSON; null where it is none, e.g. half a file, as where it says so itself. */
export function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
