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

/** The names in a text, each once, in the order in which they stand there. Throws as `factsOf` does. */
export function namesIn(text) {
  let names;
  if (isSnapshot(text)) {
    names = Object.keys(JSON.parse(text).names ?? {});
  } else {
    // An owner stands at the start of its line; the reader says which of them has a record.
    let origin = "";
    names = text.split("\n").flatMap((line) => {
      const [first, second] = line.split(/\s+/);
      if (first.toUpperCase() === "$ORIGIN") origin = second ?? "";
      if (!first || /^[;$()"]/.test(first)) return [];
      if (first === "@") return [origin];
      return [first.endsWith(".") ? first : `${first}.${origin}`];
    });
  }
  names = [...new Set(names.map((name) => name.replace(/\.+$/, "").toLowerCase()))];
  // What cannot be a name has no record; asked along, it would be refused with all the others.
  return names.filter((name) => /^[\w.*-]+$/.test(name));
}
