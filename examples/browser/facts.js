// Records that are pasted, as the reader takes them: a zone file, or a snapshot.

export const isSnapshot = (text) => text.trimStart().startsWith("{");

/** What is known: loads a snapshot, or a zone file. Throws a SyntaxError for a snapshot that is no JSON. */
export function factsOf(text, domain) {
  if (isSnapshot(text)) {
    const snapshot = JSON.parse(text);
    return (evaluation) => evaluation.loadSnapshot(snapshot);
  }
  return (evaluation) => evaluation.loadZone(text, domain ? { origin: domain } : {});
}
