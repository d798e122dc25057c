/** Something wrong with a document: `path` points into it (`Statement[1].Action`), "" means all of it. */
export interface Finding {
  message: string;
  path: string;
}

/** What can be said without the server: the text is not JSON. `at` counts characters. */
export function syntaxFault(text: string): { message: string; at: number } | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = /position (\d+)/.exec(message)?.[1];
    return { message, at: position === undefined ? text.length : Number(position) };
  }
}
