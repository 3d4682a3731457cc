// The types of this package, written by hand. `tests/types` checks every expected value of the shared vectors
// against them, and `tests/surface.test.mjs` the names against what the module exports.

/** Which standard a reader follows. */
export type Edition = "rfc9989" | "rfc7489";
/** Language of messages and help. */
export type Language = "en" | "nl";
/** Record kinds that can be asked for; `auto` decides by the text. */
export type RecordKind = "auto" | "dmarc" | "spf";
export type Severity = "error" | "warning" | "notice";
/** What a fix does to the policy that receivers act on, under both editions. */
export type Effect = "none" | "stricter" | "looser" | "mixed";
/**
 * Start and end in UTF-16 units: `text.slice(start, end)` is the place. For a `Uint8Array`, units of the text as
 * `input` shows it, where an octet that is not UTF-8 is one U+FFFD.
 */
export type Span = [start: number, end: number];

export interface Options {
  /** RFC 9989 unless told otherwise. */
  edition?: Edition;
  /** English unless told otherwise. */
  lang?: Language;
}

export interface StrictOptions extends Options {
  /** Throw an `Error` with code `rejected` and its `diagnostics`, if any finding is an error. */
  strict?: boolean;
}

/** The record that a finding is about. */
export interface Subject {
  name: string | null;
  type: string | null;
  index: number | null;
}

/** A place in an XML document. */
export interface Place {
  path: string;
  /** From 1. */
  line: number;
  /** In characters, from 1. */
  column: number;
  /** In bytes of the decoded document. */
  offset: number;
}

export interface Edit {
  span: Span;
  replacement: string;
}

export interface Fix {
  effect: Effect;
  edits: Edit[];
  /** The whole text with the edits made. */
  result: string;
}

/** One finding, with its sentences. */
export interface Diagnostic {
  /** `area/kebab-case`: match on this. */
  code: string;
  severity: Severity;
  subject: Subject | null;
  span: Span | null;
  place?: Place;
  args: Record<string, string | number | string[]>;
  message: string;
  help: string;
  reference: string;
  fix: Fix | null;
}

/** One rule of the library, with its sentences; `{name}` stands for an argument. */
export interface Rule {
  code: string;
  severity: Severity;
  reference: string;
  summary: string;
  args: string[];
  message: string;
  help: string;
}

export type Verdict = "usable" | "acts-as-none" | "unusable" | "not-a-record";
export type Policy = "none" | "quarantine" | "reject";
export type Alignment = "r" | "s";

/** What a receiver of the edition acts on; null where the edition does not know the tag. */
export interface EffectivePolicy {
  p: Policy;
  sp: Policy;
  np: Policy | null;
  adkim: Alignment;
  aspf: Alignment;
  fo: string[];
  psd: "y" | "n" | "u" | null;
  t: "y" | "n" | null;
  pct: number | null;
  ri: number | null;
  rf: string | null;
  rua: string[];
  ruf: string[];
}

export type TagName = "v" | "p" | "sp" | "np" | "adkim" | "aspf" | "fo" | "psd" | "t" | "pct" | "ri" | "rf" | "rua" | "ruf";

/** What every record view holds. */
export interface AnyRecordView {
  schema: "dmarc-check/record/1";
  /** The text; an octet that is not UTF-8 shows as one U+FFFD. */
  input: string;
  edition: Edition;
  verdict: Verdict;
  diagnostics: Diagnostic[];
}

/** A DMARC record: what it says, what counts, and what was found. */
export interface DmarcView extends AnyRecordView {
  kind: "dmarc";
  /** Each tag as written; null where it is absent. Null as a whole if this is no record. */
  published: Record<TagName, string | null> | null;
  effective: EffectivePolicy | null;
}

/** One term of an SPF record. A term with a syntax error has neither mechanism nor modifier. */
export interface SpfTerm {
  text: string;
  span: Span;
  qualifier: "+" | "-" | "~" | "?" | null;
  mechanism: string | null;
  modifier: string | null;
  value: string | null;
  cidr: string | null;
}

/** An SPF record. */
export interface SpfView extends AnyRecordView {
  kind: "spf";
  published: { terms: SpfTerm[] } | null;
  effective: {
    /** Result of the `all` that ends it. */
    all: "pass" | "fail" | "softfail" | "neutral" | null;
    all_text: string | null;
    redirect: string | null;
    exp: string | null;
    lookup_terms: number;
  } | null;
}

/** A text that is a record of no kind known here. */
export interface UnknownView extends AnyRecordView {
  kind: "unknown";
  published: null;
  effective: null;
}

export type RecordView = DmarcView | SpfView | UnknownView;

/** Reads a DMARC record. */
export function parseDmarc(input: string | Uint8Array, options?: StrictOptions): DmarcView;
/** Reads a record of a kind; `auto` unless told otherwise. */
export function parseRecord(input: string | Uint8Array, options?: StrictOptions & { kind?: RecordKind }): RecordView;

/** Every rule, by code. */
export function rules(options?: { lang?: Language }): Rule[];

/** One point where readers of the two editions part. */
export interface Difference {
  /** `verdict`, or the tag whose effective value differs. */
  field: string;
  /** Null where that edition knows no such tag. */
  rfc7489: string | number | string[] | null;
  rfc9989: string | number | string[] | null;
}

/** How readers of the two editions take one text. */
export interface CompareView {
  schema: "dmarc-check/compare/1";
  input: string;
  /** Empty if they agree. */
  differences: Difference[];
  rfc7489: DmarcView;
  rfc9989: DmarcView;
}

/** Compares how readers of the two editions take a DMARC record. */
export function compareDmarc(input: string | Uint8Array, options?: { lang?: Language }): CompareView;

/** The tags of a record to build; what is left out is not written. */
export interface Tags {
  /** `none` if left out. */
  p?: Policy;
  sp?: Policy;
  /** RFC 9989 only. */
  np?: Policy;
  adkim?: Alignment;
  aspf?: Alignment;
  fo?: string | string[];
  /** RFC 9989 only. */
  psd?: "y" | "n" | "u";
  /** RFC 9989 only. */
  t?: "y" | "n";
  /** RFC 7489 only. */
  pct?: number;
  /** RFC 7489 only. */
  ri?: number;
  /** Mail addresses or URIs. */
  rua?: string | string[];
  /** Mail addresses or URIs. */
  ruf?: string | string[];
}

export interface BuiltView {
  /** The record. */
  text: string;
  /** Its character-strings as a zone file writes them. */
  strings: string;
}

/** Builds a valid DMARC record. Throws an `Error` with a code, such as `build/value`, where that cannot be. */
export function buildDmarc(tags: Tags, options?: { edition?: Edition }): BuiltView;
