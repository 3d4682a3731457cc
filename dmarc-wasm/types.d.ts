// The types of this package, written by hand. `tests/types` checks every expected value of the shared vectors
// against them, and `tests/surface.test.mjs` the names against what the module exports.

/** Which standard a reader follows. */
export type Edition = "rfc9989" | "rfc7489";
/** Language of messages and help. */
export type Language = "en" | "nl";
/** Record kinds that can be asked for; `auto` decides by the text. */
export type RecordKind = "auto" | "dmarc" | "spf" | "dkim" | "dkim-signature" | "mta-sts" | "mta-sts-policy" | "tls-rpt" | "tlsa";
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

/** A DKIM key record. */
export interface DkimView extends AnyRecordView {
  kind: "dkim";
  /** Each tag as written; null where it is absent; `other` holds tags that key records do not have. */
  published: (Record<"v" | "k" | "p" | "h" | "s" | "t" | "n", string | null> & { other?: Record<string, string> }) | null;
  /** What a verifier acts on; null if it cannot use the key. */
  effective: {
    k: string;
    /** Size of the RSA modulus, or 256. */
    bits: number;
    exponent: number | null;
    form: "spki" | "pkcs1" | null;
    /** Hash algorithms that are allowed; null for all. */
    h: string[] | null;
    s: string[];
    testing: boolean;
    strict: boolean;
    n: string | null;
  } | null;
}

/** What a `DKIM-Signature` field says; null where a tag is missing or cannot be read. */
export interface DkimSignature {
  a: string | null;
  d: string | null;
  s: string | null;
  i: string | null;
  /** Canonicalization of header and body. */
  c: ["simple" | "relaxed", "simple" | "relaxed"] | null;
  /** Fields that are signed. */
  h: string[];
  /** Octets of the body that are signed; null if all are. */
  l: number | null;
  /** Epoch seconds. */
  t: number | null;
  x: number | null;
  /** How far a verifier gets before it looks for the key. */
  standing: "sound" | "neutral" | "permerror";
}

/** The value of a `DKIM-Signature` field. */
export interface DkimSignatureView extends AnyRecordView {
  kind: "dkim-signature";
  published: Record<string, string> | null;
  effective: DkimSignature | null;
}

/** An MTA-STS record. */
export interface MtaStsView extends AnyRecordView {
  kind: "mta-sts";
  published: { v: string; id: string | null } | null;
  /** Null if senders act as if it were not there. */
  effective: { v: string; id: string } | null;
}

/** A record that asks for TLS reports. */
export interface TlsRptView extends AnyRecordView {
  kind: "tls-rpt";
  published: { v: string; rua: string | null } | null;
  /** Null if senders act as if it were not there. */
  effective: { v: string; rua: string[] } | null;
}

/** An MTA-STS policy file. */
export interface MtaStsPolicyView extends AnyRecordView {
  kind: "mta-sts-policy";
  /** Each field as written; null if it is absent. */
  published: { version: string | null; mode: string | null; mx: string[]; max_age: string | null } | null;
  /** Null if senders act as if there were no policy. */
  effective: { version: string; mode: StsMode; mx: string[]; max_age: number } | null;
}

/** What a sender does when a host fails an MTA-STS policy. */
export type StsMode = "enforce" | "testing" | "none";

/** The data of a TLSA record. */
export interface TlsaView extends AnyRecordView {
  kind: "tlsa";
  /** Each part as written; null if it is missing. */
  published: { usage: string | null; selector: string | null; matching: string | null; data: string | null } | null;
  /** Null if mail servers cannot use it. */
  effective: TlsaData | null;
}

/** TLSA data: numbers, their acronyms, and hexadecimal digits in lower case. */
export interface TlsaData {
  usage: number;
  usage_name: string | null;
  selector: number;
  selector_name: string | null;
  matching: number;
  matching_name: string | null;
  data: string;
}

/** A text that is a record of no kind known here. */
export interface UnknownView extends AnyRecordView {
  kind: "unknown";
  published: null;
  effective: null;
}

export type RecordView = DmarcView | SpfView | DkimView | DkimSignatureView | MtaStsView | MtaStsPolicyView | TlsRptView | TlsaView | UnknownView;

/** Reads a DMARC record. */
export function parseDmarc(input: string | Uint8Array, options?: StrictOptions): DmarcView;
/** Reads a text as an SPF record. */
export function parseSpf(input: string | Uint8Array, options?: Omit<StrictOptions, "edition">): SpfView;
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

export type RecordType = "A" | "AAAA" | "CNAME" | "MX" | "NS" | "PTR" | "SOA" | "TLSA" | "TXT";

/** One fact that a caller can look up. */
export type Question =
  /** Records of a type at a name; a CNAME is followed. */
  | { kind: "dns"; name: string; type: RecordType }
  /** A document on the web. */
  | { kind: "https"; url: string }
  /** The longest public suffix of a name. */
  | { kind: "public_suffix"; name: string };

/** What a caller answers. What the standards keep apart stays apart. */
export type Answer =
  /** Records as text: TXT joined, other types in presentation format. */
  | { status?: "records"; type?: RecordType; data: string[]; ttl?: number; ad?: boolean; aliases?: string[] }
  /** The name exists without such records, does not exist, cannot be looked up here, or nobody answered. */
  | { status: "no-data" | "nxdomain" | "not-possible" | "not-answered" }
  /** The lookup failed: `SERVFAIL`, `TIMEOUT`, … */
  | { status: "failure"; reason: string }
  | { status: "public-suffix"; suffix: string }
  | { status: "https"; status_code: number; content_type?: string; body?: string; body_base64?: string };

/** A DNS snapshot: what is known of each name. */
export interface Snapshot {
  /** Whether a name that is not listed does not exist. */
  complete?: boolean;
  /** Whether nothing is known but what is listed. */
  exact?: boolean;
  captured?: unknown;
  /** By name, by type: record data, a failure such as `SERVFAIL`, `NXDOMAIN`, or an answer. */
  names?: Record<string, string | Partial<Record<RecordType, string | string[] | Answer>>>;
  https?: Record<string, string | Answer | { status: number; content_type?: string | null; body?: string; body_base64?: string }>;
  /** Rules as the public suffix list writes them. */
  public_suffix?: string[];
  public_suffix_of?: Record<string, string | Answer>;
  smtp?: unknown;
}

/** What only the operator of a domain knows. */
export interface Context {
  sends?: boolean | null;
  receives?: boolean | null;
  implementation_phase?: boolean;
  /** The phase of the rollout (UBV 1.0, chapter 5): 1 to 4; in the first three `p=none` is allowed. */
  phase?: number | null;
  /** Senders that may send: names of their SPF records, and addresses or networks. */
  known_senders?: string[];
  /** Why a requirement is not met, by its identifier: "comply or explain". */
  explanations?: Record<string, string>;
  /** Days after which a DKIM key is to be renewed. */
  key_days?: number | null;
  /** Whether somebody reads the aggregate reports. */
  reads_reports?: boolean | null;
  /** The authserv-id of the domain's own servers. */
  authserv_id?: string | null;
  /** What those servers wrote into messages. */
  received?: ReceivedChecks[];
  /** Whether inbound mail is checked on SPF, DKIM and DMARC. */
  checks_inbound?: boolean | null;
  sends_with_tls?: boolean | null;
  verifies_dane?: boolean | null;
  /** How good each version of TLS is, by its name, such as `TLSv1.2`. */
  tls_levels?: Record<string, "insufficient" | "phase-out" | "sufficient" | "good">;
  /** DKIM selectors that are in use, or were. */
  selectors?: string[];
  /** Keys that signatures of messages name. */
  signed?: SigningKey[];
  /** Names below the domain that are looked at as well. */
  subdomains?: string[];
  maps?: SenderMaps;
  /** Those that differ from the default. */
  thresholds?: Partial<StreamThresholds>;
  /** What is asked of the plan. */
  plan?: {
    /** Streams, by their key, whose mail may be lost. */
    accept?: string[];
    /** Where aggregate reports go, if the record names no address. */
    rua?: string | null;
    /** Days of reports before the first policy. */
    window_days?: number | null;
    /** Messages in a million of legitimate mail that a step may lose, beside what nobody can mend. */
    max_loss?: number | null;
  };
}

/** The checks of one message, by what its receiver wrote into it. */
export interface ReceivedChecks {
  authserv_id?: string | null;
  spf?: boolean;
  dkim?: boolean;
  dmarc?: string | null;
  honored?: boolean | null;
}

/** A guidance document that a domain is judged by. */
export type ProfileId = "ubv" | "forum" | "internet-nl" | "baseline";

/** The key that a signature names. */
export interface SigningKey {
  /** `d=` */
  domain: string;
  /** `s=` */
  selector: string;
}

/** Which DMARC record holds for a domain, and what it asks. */
export interface DiscoveryCheck {
  check: "discovery";
  author: string;
  edition?: Edition;
}

/** Everything about one domain. */
export interface DomainCheck {
  check: "domain";
  domain: string;
  edition?: Edition;
  /** When the answers hold, in epoch seconds: the library reads no clock. */
  now?: number;
  context?: Context;
  /** What reports say about the domain, summed. */
  reports?: ReportState;
  /** What the caller saw when it connected to mail hosts, by host. */
  smtp?: { [host: string]: SmtpObservation };
  /** Messages, or their headers: the keys that their signatures name are looked up. */
  messages?: string[];
  /** Messages that the domain received, or their headers: what its servers checked is read. */
  received?: string[];
  /** The profiles that are judged; all of them if it is left out. */
  profiles?: ProfileId[];
}

/** What an SPF policy costs, and whom it authorizes. */
export interface SpfPolicyCheck {
  check: "spf";
  domain: string;
  /** A record to take instead of what is published at the domain. */
  record?: string;
  conventions?: Partial<SpfConventions>;
  /** Addresses whose result is wanted. */
  addresses?: string[];
  /** A policy to compare it with: of another domain, or another record at this one, which begins with `v=spf1`. */
  compare?: string | { domain: string } | { record: string };
  /** Whether rewrites are wanted. */
  rewrite?: boolean;
  /** How often mail needed each term of the record, by its text: for rewrites. */
  usage?: Record<string, number>;
  /** A client and a sender whose result is wanted. */
  check_host?: Omit<CheckHost, "check">;
}

/** What each term of an SPF policy costs, and no more. */
export interface SpfTreeCheck {
  check: "spf_tree";
  domain: string;
  /** A record to take instead of what is published at the domain. */
  record?: string;
  conventions?: Partial<SpfConventions>;
}

/** What counts as a lookup, and how many of each a receiver allows. */
export interface SpfConventions {
  lookups: number;
  voids: number;
  mx_hosts: number;
  p_macro: boolean;
  void_unit: "answers" | "terms";
}

/** A result of an authentication method. */
export type AuthResult = "none" | "pass" | "fail" | "softfail" | "policy" | "neutral" | "temperror" | "permerror";

/** A domain that SPF or DKIM was checked for, and the result. */
export interface Identifier {
  /** For SPF the domain of MAIL FROM, for DKIM `d=`; null or empty where there was none. */
  domain?: string | null;
  /** `hardfail` is read as `fail`. */
  result: AuthResult | "hardfail";
}

/** Why a receiver did something else than the published policy says, in the words of the report format. */
export type OverrideReason =
  | "forwarded"
  | "local_policy"
  | "mailing_list"
  | "other"
  | "policy_test_mode"
  | "sampled_out"
  | "trusted_forwarder";

/** Whether a message passes DMARC, and why (RFC 9989, 5.3). */
export interface MessageCheck {
  check: "message";
  /** Domain in the `From` field, or several; else `message` tells. */
  author?: string | string[];
  /** The message, or its header alone. */
  message?: string;
  /** The authserv-id of the receiver that is trusted; else that of the topmost field is. */
  authserv_id?: string;
  /** What SPF said about MAIL FROM; else the fields of the message tell. */
  spf?: Identifier | null;
  /** What DKIM said about each signature; else the fields of the message tell. */
  dkim?: Identifier[];
  edition?: Edition;
  /** When signatures are judged, in epoch seconds. */
  now?: number;
  /** A random number, whose remainder by 100 decides where `pct` holds for a share of the mail (RFC 7489). */
  random?: number;
  /** What the receiver does instead of what is requested. */
  overrides?: { disposition: Policy; type: OverrideReason; comment?: string | null }[];
  /** Whether each of several author domains is evaluated; RFC 7489 does, RFC 9989 does not unless told. */
  each_author?: boolean;
}

/** What SPF says about a client and a sender (RFC 7208, 4). */
export interface CheckHost {
  check: "check_host";
  /** Address of the client. */
  ip: string;
  /** The reverse-path; empty for the null one. Without it the HELO identity is checked. */
  mail_from?: string;
  helo?: string;
  /** Name of the receiving host, for explanations. */
  receiver?: string;
  /** Time of the check in epoch seconds, for explanations. */
  now?: number;
  conventions?: Partial<SpfConventions>;
}

export type SpfResult = "none" | "neutral" | "pass" | "fail" | "softfail" | "temperror" | "permerror";

/** A term with the record that it stands in. */
export interface PlacedTerm {
  domain: string;
  text: string;
  span: Span;
}

export type SpfProblem =
  | { code: "invalid-domain" | "no-record" | "several-records" | "syntax-error" | "target-without-record"; domain: string }
  | { code: "too-many-lookups" | "too-many-void-lookups"; limit: number }
  | { code: "too-many-mail-hosts"; domain: string; limit: number }
  | { code: "lookup-failed"; question: Question; reason: string }
  | { code: "not-known"; question: Question };

export interface CheckHostView {
  schema: "dmarc-check/check-host/1";
  identity: "mailfrom" | "helo";
  sender: string;
  domain: string | null;
  /** Null if a fact is missing that cannot be looked up. */
  result: SpfResult | null;
  term: PlacedTerm | null;
  problem: SpfProblem | null;
  /** What the domain, a third party, says about a `fail`. */
  explanation: { domain: string; text: string } | null;
  lookups: number;
  voids: number;
  trace: (PlacedTerm & {
    depth: number;
    target: string | null;
    became: "match" | "no-match" | "other-family" | "nothing-found" | "impossible-name" | "non-ascii-local-part" | "ended";
    lookups: number;
    voids: number;
  })[];
  received_spf: string | null;
  authentication_results: string | null;
  diagnostics: Diagnostic[];
  rounds: number;
  asked: number;
}

/** A policy as a record asks for it. */
export interface RequestedPolicy {
  policy: Policy;
  /** What is left of it in test mode. */
  applied: Policy;
  tag: "p" | "sp" | "np";
  pct: number | null;
}

export interface Visited {
  name: string;
  status: "record" | "several-records" | "no-record" | "failure" | "not-known";
}

/** The record that holds for a domain, if there is one. */
export interface FoundRecord {
  status: "record" | "unusable" | "no-record" | "several-records" | "failure" | "not-known";
  name: string | null;
  policy_domain: string | null;
  found_at: "domain" | "organizational-domain" | "public-suffix-domain" | null;
  text: string | null;
  verdict: Verdict | null;
  published: Record<TagName, string | null> | null;
  effective: EffectivePolicy | null;
}

export interface DiscoveryView extends FoundRecord {
  schema: "dmarc-check/discovery/1";
  author: string;
  edition: Edition;
  existence: "exists" | "does-not-exist" | null;
  organizational_domain: string | null;
  policy: RequestedPolicy | null;
  subdomains: { existing: RequestedPolicy | null; nonexistent: RequestedPolicy | null };
  visited: Visited[];
  rounds: number;
  asked: number;
  diagnostics: Diagnostic[];
}

export type RuleVerdict = "pass" | "fail" | "warn" | "not-applicable" | "undetermined";

export interface Profile {
  id: ProfileId;
  version: string;
  /** A year, a month or a day. */
  date: string;
  rules: {
    id: string;
    level: "prescription" | "advice";
    /** Document, version, date and section. */
    source: string;
    /** What the requirement asks. */
    title: string;
    verdict: RuleVerdict;
    /** By the RFCs, where the profile emulates somebody else's verdict. */
    ours: RuleVerdict | null;
    /** What the operator says to a deviation. */
    explanation: string | null;
    evidence: { kind: "dns" | "reports" | "smtp" | "message" | "context"; subject: string; value: string }[];
    missing: string[];
    reasons: Diagnostic[];
  }[];
}

export type EffectiveOfName = RequestedPolicy & { adkim: Alignment | null; aspf: Alignment | null };

/** What a domain does, and how that is known. */
export interface Stance {
  value: "yes" | "no" | "unknown";
  evidence: "context" | "reports" | "spf" | "mx" | "none";
}

/** TXT records of which one is to be chosen. */
export interface ChosenText {
  name: string;
  status: "record" | "no-record" | "several-records" | "failure" | "not-known";
  text: string | null;
  texts: string[] | null;
}

/** What is known of a mail host; null throughout if it was not looked up. */
export interface MailHostView {
  addresses: string[] | null;
  aliases: string[];
  secure: boolean | null;
  tlsa: {
    name: string | null;
    status: LookUpStatus;
    secure: boolean | null;
    records: (TlsaData & { text: string; usable: boolean })[] | null;
  } | null;
  /** What a sender that knows DANE does. */
  dane: "authenticated" | "encrypted" | "opportunistic" | "deferred" | "unknown" | null;
  /** Whether the MTA-STS policy names it; null without a policy. */
  sts: boolean | null;
  smtp: {
    starttls: boolean | null;
    protocol: string | null;
    certificates: number;
    names: string[] | null;
    valid_until: number | null;
    tlsa_match: boolean | null;
  } | null;
}

/** What was seen at one mail host. */
export interface SmtpObservation {
  starttls?: boolean | null;
  /** The version of TLS that was agreed on. */
  protocol?: string | null;
  /** Certificates in base64 (DER) or PEM, that of the host first. */
  certificates?: string[];
}

export interface DomainView {
  schema: "dmarc-check/domain/1";
  domain: string;
  edition: Edition;
  now: number | null;
  records: {
    dmarc: FoundRecord & {
      organizational_domain: string | null;
      visited: Visited[];
      destinations: {
        tag: "rua" | "ruf";
        uri: string;
        host: string;
        authorization:
          | "same-organization"
          | "authorized"
          | "not-authorized"
          | "override-elsewhere"
          | "failed"
          | "not-known";
        /** URIs at the same host that the host puts in the place of `uri`; null if there are none. */
        override: string[] | null;
        /** Where the host has not agreed: the record to publish there, as a line of a zone file. */
        publish: string | null;
        /** Null if that is not known, or it is no matter of mail. */
        takes_mail: boolean | null;
      }[];
    };
    spf: {
      name: string;
      status: "record" | "no-record" | "several-records" | "failure" | "not-known";
      text: string | null;
      verdict: Verdict | null;
      published: SpfView["published"];
      effective: SpfView["effective"];
      /** Whether the resolver validated the answer; null if it does not say. */
      secure: boolean | null;
      texts: string[] | null;
    };
    mx: {
      name: string;
      status: LookUpStatus;
      null: boolean | null;
      /** Where senders take mail; null if that is not known. */
      delivery: "hosts" | "null" | "implicit" | "nowhere" | null;
      secure: boolean | null;
      hosts: ({ preference: number; exchange: string } & MailHostView)[] | null;
      /** The domain itself, where mail goes to its own address for want of MX records. */
      implicit: MailHostView | null;
      /** Hosts beyond those that were looked up. */
      left_out: number;
    };
    mta_sts: ChosenText & {
      verdict: Verdict | null;
      published: MtaStsView["published"];
      effective: MtaStsView["effective"];
      /** Whether senders act on a policy; null if that is not known. */
      in_force: boolean | null;
      /** Null where no sender asks for the file, since no valid record says that there is one. */
      policy: {
        url: string;
        status: "response" | "failure" | "not-known";
        reason: string | null;
        status_code: number | null;
        content_type: string | null;
        text: string | null;
        verdict: Verdict | null;
        published: MtaStsPolicyView["published"];
        effective: MtaStsPolicyView["effective"];
      } | null;
    };
    tls_rpt: ChosenText & {
      verdict: Verdict | null;
      published: TlsRptView["published"];
      effective: TlsRptView["effective"];
    };
    domainkey: { name: string; status: LookUpStatus };
    /** Keys at the selectors that are known; without any, nothing is known unless no name exists there. */
    dkim: Pick<DkimKeysView, "presence" | "wildcard"> & {
      selectors: (DkimKeysView["selectors"][number] & {
        /** Where the selector is known from. */
        sources: ("context" | "messages" | "reports")[];
        reported: { messages: number; last_day: string | null } | null;
      })[];
      /** Selectors that are known and were not looked up. */
      left_out: number;
    };
  };
  /** Names below the domain that the operator named or reports mention. */
  subdomains: {
    name: string;
    source: "context" | "reports";
    policy: RequestedPolicy | null;
    policy_domain: string | null;
    spf: "record" | "no-record" | "several-records" | "failure" | "not-known";
    mx: LookUpStatus;
    /** Null unless it has MX records. */
    takes_mail: boolean | null;
  }[];
  /** Whether the domain sends mail, and whether it takes it. */
  sends: Stance;
  receives: Stance;
  effective: {
    self: EffectiveOfName | null;
    existing_subdomain: EffectiveOfName | null;
    nonexistent_subdomain: EffectiveOfName | null;
  };
  /** Sums of the reports about the domain; null if none were given. */
  reports: (Omit<ReportState, "sources" | "traces" | "rows"> & {
    aligned: number;
    dkim: Outcomes;
    spf: Outcomes;
    sources: SourceView[];
  }) | null;
  /** What to do first: the reasons of all profiles and the findings, each told once. */
  actions: { code: string; message: string; help: string; requirements: string[]; verdict: RuleVerdict }[];
  profiles: Profile[];
  /** Null without reports. */
  streams: Stream[] | null;
  changes: StreamChange[] | null;
  thresholds: StreamThresholds | null;
  /** Null without reported sources. */
  attribution: Attribution | null;
  dkim_inventory: DkimInventory | null;
  readiness: Readiness[] | null;
  /** The next safe move. */
  plan: Plan;
  diagnostics: Diagnostic[];
  questions: { rounds: number; asked: number };
}

export type SpfFamily = "ipv4" | "ipv6";

export type SpfOutcome =
  | "pass"
  | "softfail"
  | "neutral"
  | "fail"
  | "none"
  | "temperror"
  | "permerror"
  /** It depends on more than the policy and the answers at hand. */
  | "undetermined";

/** A record of an SPF policy, with where its terms lead. */
export interface SpfPolicyNode {
  name: string;
  status: "record" | "several-records" | "no-record" | "failure" | "not-known" | "not-visited";
  /** Why it was seen before: its terms are shown there. */
  again: "loop" | "duplicate" | "diamond" | null;
  text: string | null;
  usable: boolean | null;
  /** Terms that query DNS, its own and those below; null with a loop, or where it is not known. */
  lookups: number | null;
  terms: SpfTermNode[];
}

export interface SpfTermNode {
  text: string;
  span: [number, number];
  reached: boolean;
  own: number;
  below: number | null;
  /** Lookups up to and with the term itself, if nothing matched before. */
  running: number | null;
  voids_ipv4: number;
  voids_ipv6: number;
  mail_hosts: number | null;
  /** Whether its name depends on the client or the sender. */
  depends: boolean;
  policies: SpfPolicyNode[];
}

/** Addresses as the fewest ranges, and how many they are, in decimal. */
export interface AddressSet {
  ranges: string[];
  size: string;
}

/** Where a result is decided: the includes and redirects that lead there, and the last term. */
export interface SpfEnd {
  result: SpfOutcome;
  cause:
    | "match"
    | "may-match"
    | "no-match"
    | "lookup-limit"
    | "void-limit"
    | "mx-limit"
    | "syntax"
    | "no-record"
    | "several-records"
    | "loop"
    | "failure"
    | "not-known"
    /** It would be too much work to follow the policy further. */
    | "too-large";
  path: { name: string; term: string | null }[];
}

export interface SpfInterval {
  least: number | null;
  most: number | null;
  /** A client that causes the most, if that is exact. */
  most_by: string | null;
  exact: boolean;
}

export interface SpfDifference {
  result: SpfOutcome;
  family: SpfFamily;
  added: AddressSet;
  removed: AddressSet;
}

/** Another way to write a policy, and what it comes to. */
export interface SpfRewrite {
  kind:
    | "remove-idle"
    | "remove-broken"
    | "remove-covered"
    | "remove-unused"
    | "move-to-subdomain"
    | "merge-ranges"
    | "flatten";
  terms: string[];
  /** Terms that cannot be flattened, and why. */
  left: { term: string; reason: "undetermined" | "query" | "error" | "explanation" }[];
  records: { name: string; text: string; octets: number; wire_octets: number; strings: string[] }[];
  lookups: { most: number | null; sum: number | null; limit: number };
  voids: { most: number | null; limit: number };
  /** Whether every client then gets a result within the limits. */
  fits: boolean;
  /** Whether every address gets what the policy gives it as it reads, for the answers at hand. */
  equal: boolean | null;
  differences: SpfDifference[];
  risks: ("answers-change" | "addresses-go-stale" | "mail-lost" | "sender-must-change")[];
  /** A record to compare with what is published, now and then. */
  drift_check: { record: string } | null;
}

export interface SpfPolicyView {
  schema: "dmarc-check/spf/1";
  /** The domain, or the record that was given. */
  input: string;
  domain: string;
  text: string | null;
  verdict: "valid" | "permerror" | "not-a-record" | null;
  lookup_terms: { written: number; reachable: number } | null;
  diagnostics: Diagnostic[];
  policy_verdict: "valid" | "permerror" | "temperror" | "none" | "undetermined";
  conventions: SpfConventions;
  lookups: Record<SpfFamily, SpfInterval> & { sum: number | null; limit: number };
  voids: Record<SpfFamily, { most: number | null; most_by: string | null }> & { limit: number };
  open: { policy: string; term: string | null; reason: "macro" | "ptr" | "not-known" | "not-visited" | "too-large"; question: Question | null }[];
  tree: SpfPolicyNode;
  surface: Record<SpfFamily, Partial<Record<SpfOutcome, AddressSet>>>;
  ends: (SpfEnd & { family: SpfFamily; ranges: string[] })[];
  addresses: ({ address: string; result: SpfOutcome; determined: boolean; ends: (SpfEnd & { lookups: number; voids: number })[] } | null)[];
  comparison: {
    with: string;
    text: string | null;
    /** null where a result is undetermined. */
    equal: boolean | null;
    differences: SpfDifference[];
    /** The same for what the policies say, were there no limits. */
    without_limits: { equal: boolean | null; differences: SpfDifference[] };
  } | null;
  /** null if they were not asked for. */
  rewrites: SpfRewrite[] | null;
  /** What the client gets, if that was asked; the term and the explanation as texts. */
  check_host: (Omit<CheckHostView, "schema" | "term" | "explanation" | "diagnostics" | "rounds" | "asked"> & {
    ip: string;
    term: string | null;
    /** Domain of the record that the term stands in. */
    term_domain: string | null;
    /** What `explanation_domain`, a third party, says about a `fail`. */
    explanation: string | null;
    explanation_domain: string | null;
  }) | null;
  questions: { rounds: number; asked: number };
}

export interface SpfTreeView {
  schema: "dmarc-check/spf-tree/1";
  /** The domain, or the record that was given. */
  input: string;
  domain: string;
  conventions: SpfConventions;
  /** The plain sum over all terms that can be reached; null with a loop, or where it is not known. */
  lookups: { sum: number | null; limit: number };
  tree: SpfPolicyNode;
}

/** Whether an authenticated domain is aligned, and why. */
export type AlignmentReason =
  | { reason: "identical" | "strict" }
  | { reason: "same-organization"; organizational_domain: string | null }
  | { reason: "other-organization"; organizational_domain: string | null; author: string | null }
  | { reason: "open"; name: string; failure: string | null };

/** An identifier, and whether it passed and is aligned: null if it did not pass or that is not known. */
export interface JudgedIdentifier {
  domain: string | null;
  result: AuthResult;
  aligned: boolean | null;
  alignment: AlignmentReason | null;
}

/** One step on the way to a verdict. */
export interface MessageStep {
  code: string;
  severity: Severity;
  args: Record<string, string | number | string[]>;
  message: string;
  reference: string;
}

/** One `Authentication-Results` field, or one of an ARC set. */
export interface AuthenticationResultsField {
  text: string;
  /** null where it is missing, so that nobody can trust the field. */
  authserv_id: string | null;
  version: number;
  /** Which set of ARC it belongs to. */
  instance: number | null;
  trusted: boolean;
  /** Whether it says that nothing was checked. */
  nothing_checked: boolean;
  results: {
    method: string;
    version: number;
    /** The result as written. */
    word: string;
    /** null if the method does not have it. */
    result: AuthResult | null;
    reasons: string[];
    properties: { ptype: string | null; name: string; value: string }[];
    comments: string[];
  }[];
  /** Spans count in `text`. */
  diagnostics: Diagnostic[];
}

/** What the receivers of a message say about it. */
export interface AuthenticationResults {
  /** Whose fields are believed. */
  authserv_id: string | null;
  /** Whether that was given, or taken from the topmost field. */
  chosen: "given" | "topmost" | null;
  checked: { spf: boolean; dkim: boolean; dmarc: boolean };
  dmarc: { result: AuthResult; header_from: string | null; policy: Policy | null; disposition: Policy | null } | null;
  /** Whether the receiver did what the domain asks for; null where nothing was asked or it does not tell. */
  honored: boolean | null;
  fields: AuthenticationResultsField[];
  arc: AuthenticationResultsField[];
}

export interface MessageView {
  schema: "dmarc-check/message/1";
  edition: Edition;
  /** null where a fact is missing that cannot be looked up. */
  result: "none" | "pass" | "fail" | "temperror" | "permerror" | null;
  /** The author domain; of several the one that decides. */
  author_domain: string | null;
  author_domains: string[];
  organizational_domain: string | null;
  policy_domain: string | null;
  /** The tag that supplied the policy. */
  policy_tag: "p" | "sp" | "np" | null;
  published_policy: Policy | null;
  /** What applies to a failing message, after `sp`, `np`, `t` and `pct`. */
  requested_policy: Policy | null;
  record: string | null;
  existence: "exists" | "does-not-exist" | null;
  /** null where SPF did not pass, or it is not known. */
  spf_aligned: boolean | null;
  dkim_aligned: boolean | null;
  spf: JudgedIdentifier | null;
  dkim: JudgedIdentifier[];
  disposition: {
    requested: Policy;
    applied: Policy;
    reasons: { type: OverrideReason; comment: string | null }[];
  } | null;
  /** What `Authentication-Results` says about DMARC, without the authserv-id. */
  authentication_result: string | null;
  /** Names of the TXT questions that were needed, in order. */
  queries: string[];
  steps: MessageStep[];
  /** Only where a message was given. */
  authentication_results?: AuthenticationResults;
  /** Its `DKIM-Signature` fields, as they read. Only where a message was given. */
  signatures?: RecordView[];
  questions: { rounds: number; asked: number };
}

export type LookUpStatus = "records" | "no-data" | "nxdomain" | "failure" | "not-known";

/** Which DKIM keys a domain publishes. */
export interface DkimKeysCheck {
  check: "dkim";
  domain: string;
  /** Selectors that are known; without any, only the absence of every key can be told. */
  selectors?: string[];
}

/** What a verifier of mail can do with a key. */
export type DkimKeyState =
  | "usable" | "revoked" | "unknown-key-type" | "too-small" | "not-for-mail" | "no-usable-hash" | "invalid";

export interface DkimKeysView {
  schema: "dmarc-check/dkim/1";
  domain: string;
  /** Undetermined while keys may stand at selectors that nobody named. */
  presence: "present" | "absent" | "undetermined";
  selectors: {
    selector: string;
    /** `SELECTOR._domainkey.DOMAIN`; null if it would be too long. */
    name: string | null;
    status: LookUpStatus;
    /** Null if there is no key, or several that differ. */
    state: DkimKeyState | null;
    records: {
      text: string;
      state: DkimKeyState | null;
      published: DkimView["published"];
      effective: DkimView["effective"];
    }[] | null;
  }[];
  domainkey: { name: string; status: LookUpStatus };
  /** What selectors that do not exist are answered with. */
  wildcard: { name: string; status: LookUpStatus; state: DkimKeyState | null };
  diagnostics: Diagnostic[];
  questions: { rounds: number; asked: number };
}

/** What an evaluation needs next, or its report. */
export type Step<Report> =
  /** Look these up, in any order, and answer each. Without `needed` it cannot go on; `useful` saves a round. */
  | { kind: "ask"; needed: Question[]; useful: Question[] }
  | { kind: "done"; report: Report };

export type ReportOf<Check> = Check extends DiscoveryCheck
  ? DiscoveryView
  : Check extends SpfPolicyCheck
    ? SpfPolicyView
    : Check extends SpfTreeCheck
      ? SpfTreeView
      : Check extends CheckHost
        ? CheckHostView
        : Check extends DkimKeysCheck
          ? DkimKeysView
          : Check extends MessageCheck
            ? MessageView
            : DomainView;

/** Every check that an evaluation runs. */
export type AnyCheck = DiscoveryCheck | DomainCheck | SpfPolicyCheck | SpfTreeCheck | CheckHost | DkimKeysCheck | MessageCheck;

/** A check with the facts it has so far. It never asks anybody itself. */
export class Evaluation<Check extends AnyCheck = AnyCheck> {
  constructor(check: Check, options?: { lang?: Language });
  /** Runs the check as far as the facts reach. */
  step(): Step<ReportOf<Check>>;
  answer(question: Question, answer: Answer): void;
  /** Takes an answer as the octets of a DNS message. Throws with code `dns-message` if it answers something else. */
  answerMessage(question: Question, message: Uint8Array): void;
  /** Loads a zone file; returns what was found in it. */
  loadZone(zone: string | Uint8Array, options?: { origin?: string }): Diagnostic[];
  /** Loads a snapshot; returns what was found in it. */
  loadSnapshot(snapshot: Snapshot): Diagnostic[];
  /** Rounds of questions so far. */
  readonly rounds: number;
  /** Gives its memory back at once. */
  free(): void;
}

/** An answer, the octets of a DNS message, or nothing. */
export type Answered = Answer | Uint8Array | undefined;

/**
 * A question as the octets of a DNS message, for DNS over HTTPS or a socket. Throws with code `dns-message` if it is
 * none to the DNS. The identifier is 0 unless told otherwise, as RFC 8484, 4.1 asks.
 */
export function questionMessage(question: Question, options?: { id?: number }): Uint8Array;

/**
 * Runs a check to its report: `resolve` looks one question up. The questions of a round are looked up at once.
 * `undefined` leaves a question open; it is put once more, and then counts as not answered.
 */
export function run<Check extends AnyCheck>(
  check: Check,
  resolve: (question: Question) => Answered | Promise<Answered>,
  options?: {
    lang?: Language;
    /** Loads what is known already, before the first round; or a snapshot of it. */
    facts?: Known<Check>;
    /** Leaves out questions that would only save a round. */
    needed_only?: boolean;
  },
): Promise<ReportOf<Check>>;

/** What is known before the first round: a snapshot, or a function that loads it. */
export type Known<Check extends AnyCheck> = Snapshot | ((evaluation: Evaluation<Check>) => void | Promise<void>);

/**
 * What SPF says about a client and a sender (RFC 7208, 4). `resolve` looks up what the facts do not know, as in `run`;
 * without it that stays open, and the result is null where it matters.
 */
export function checkHost(
  client: Omit<CheckHost, "check">,
  resolve?: (question: Question) => Answered | Promise<Answered>,
  options?: { lang?: Language; facts?: Known<CheckHost>; needed_only?: boolean },
): Promise<CheckHostView>;

/**
 * Whether a message passes DMARC, and why. `message` is the message or its header, or says who the author is and what SPF
 * and DKIM found; `resolve` and the facts are those of `checkHost`.
 */
export function checkMessage(
  message: string | Omit<MessageCheck, "check">,
  resolve?: (question: Question) => Answered | Promise<Answered>,
  options?: { lang?: Language; facts?: Known<MessageCheck>; needed_only?: boolean },
): Promise<MessageView>;

/** What the SPF policy of a domain costs, and whom it authorizes; `resolve` and the facts are those of `checkHost`. */
export function spfAnalysis(
  policy: string | Omit<SpfPolicyCheck, "check">,
  resolve?: (question: Question) => Answered | Promise<Answered>,
  options?: { lang?: Language; facts?: Known<SpfPolicyCheck>; needed_only?: boolean },
): Promise<SpfPolicyView>;

/** What each term of the SPF policy of a domain costs: the tree of `spfAnalysis` alone, for a fraction of its work. */
export function spfTree(
  policy: string | Omit<SpfTreeCheck, "check">,
  resolve?: (question: Question) => Answered | Promise<Answered>,
  options?: { lang?: Language; facts?: Known<SpfTreeCheck>; needed_only?: boolean },
): Promise<SpfTreeView>;

/** Zone files or a snapshot, and questions to put to them. */
export interface LookUps {
  zone_file?: string;
  zone_files?: string[];
  /** What completes relative names of the zone files. */
  origin?: string;
  snapshot?: Snapshot;
  limits?: { zone_octets?: number; zone_records?: number; findings?: number };
  ask: ({ name: string; type: RecordType } | { public_suffix: string } | { url: string })[];
}

export interface LookUpsView {
  /** In the order of the questions; null where nothing is known. */
  answers: (Answer | null)[];
  /** Spans count in `zone_file`. */
  diagnostics: Diagnostic[];
}

/** Puts questions to zone files or a snapshot. */
export function lookUp(lookUps: LookUps, options?: { lang?: Language }): LookUpsView;

export interface Totals {
  inputs: number;
  inputs_refused: number;
  inputs_incomplete: number;
  /** Inputs and parts of inputs; `refused` lists the first 20,000 of each input. */
  refused: number;
  /** Members of containers that are no reports; `skipped` lists the first 20,000 of each input. */
  skipped: number;
  reports: number;
  records_in: number;
  records: number;
  records_uncounted: number;
  /** Equal to `messages_out + messages_refused`. */
  messages_in: number;
  messages_out: number;
  messages_refused: number;
  /** Messages of reports that were given before; they are in `messages_out` as well. */
  messages_duplicate: number;
  /** Messages of reports with the identifiers of one before and other content; in `messages_out`, and in no other sum. */
  messages_conflicting: number;
  /** Messages of reports whose records were given before under another identifier; in `messages_out`, and in no other sum. */
  messages_resent: number;
  /** Messages of reports that share part of their period with one before, with other records; they count everywhere. */
  messages_overlapping: number;
  failure_reports: number;
  tls_reports: number;
  /** Equal to `sessions_out + sessions_refused`, unless names are written in a way that the scan does not see. */
  sessions_in: number;
  sessions_out: number;
  sessions_refused: number;
  /** Sessions among `sessions_out` that failed. */
  sessions_failed: number;
  /** Sessions of reports that were given before; they are in `sessions_out` as well. */
  sessions_duplicate: number;
}

/** Messages per word, as the reporter wrote it; `""` for an empty element, `absent` for none. */
export type Tallies = Record<string, number>;

/** A report, the one before it, and the messages of the later one. */
export interface ReportPair {
  report: string;
  first: string;
  messages: number;
}

export interface ReportView {
  path: string;
  /** Where in the input; empty for the input itself. */
  container_path: string;
  /** Digest of what the report says. */
  report_key: string;
  /** Where the same report was read before. */
  duplicate_of: string | null;
  /** Where a report with the same identifiers and other content was read before; this one is not added up. */
  conflict_of: string | null;
  /** Where the same records were read before under another identifier; these are not added up. */
  resent_of: string | null;
  /** Where a report of the same reporter about part of the same period was read before; both are added up. */
  overlap_of: string | null;
  org_name: string | null;
  email: string | null;
  report_id: string | null;
  /** Epoch seconds. */
  begin: number | null;
  end: number | null;
  schema: ReportSchema;
  /** Namespace of its root element. */
  namespace: string | null;
  version: string | null;
  /** Whether it was read to its end. */
  complete: boolean;
  /** Whether it is as the schema of its edition has it, and the rules that it breaks. */
  conformance: { edition: ReportSchema; conforms: boolean; codes: string[] } | null;
  policy: {
    domain: string | null;
    p: string | null;
    sp: string | null;
    np: string | null;
    adkim: string | null;
    aspf: string | null;
    pct: number | string | null;
    fo: string | null;
    testing: string | null;
    discovery_method: string | null;
  };
  records: number;
  messages: number;
  dispositions: Tallies;
  dkim: Tallies;
  spf: Tallies;
  /** Messages by whether verdicts follow from results and identifiers; unknown where alignment cannot be known. */
  recomputed: { agree: number; contradict: number; unknown: number };
  /** Elements of other namespaces (RFC 9990, 5), each as XML that stands by itself; a null record means the report. */
  extensions: { record_ordinal: number | null; namespace: string | null; name: string; xml: string }[];
  findings: { code: string; severity: Severity; count: number }[];
}

/** Where a report of another kind came from. */
export interface AnswerView {
  /** Digest of what the report says. */
  key: string;
  path: string;
  /** Where in the input; empty for the input itself. */
  container_path: string;
  /** Where the same report was read before. */
  duplicate_of: string | null;
  /** Whether it was read to its end, and nothing was left out for its size. */
  complete: boolean;
  findings: { code: string; severity: Severity; count: number }[];
}

/** A failure report. Null means absent; `…_raw` is what the reporter wrote, where it differs. */
export interface FailureReportView extends AnswerView {
  /** Epoch seconds. */
  arrival: number | null;
  feedback_type: string | null;
  feedback_type_raw: string | null;
  auth_failure: string[];
  auth_failure_raw: string[] | null;
  reported_domain: string[];
  source_ip: string | null;
  source_ip_raw: string | null;
  source_port: number | null;
  /** Empty for a null reverse-path. */
  original_mail_from: string | null;
  original_rcpt_to: string[];
  original_envelope_id: string | null;
  dkim_domain: string | null;
  dkim_identity: string | null;
  dkim_selector: string | null;
  spf_dns: string | null;
  delivery_result: string | null;
  delivery_result_raw: string | null;
  /** The mechanisms that are listed; null if there is no list. */
  identity_alignment: string[] | null;
  /** `rfc7489` if they produced an aligned identity, `rfc9991` if they failed to; null if nothing tells. */
  identity_alignment_standard: "rfc7489" | "rfc9991" | null;
  /** The mechanisms that failed, by that standard. */
  alignment_failed: string[] | null;
  /** Messages that the report stands for; null if unreadable. */
  incidents: number | null;
  incidents_raw: string | null;
  message_id: string | null;
  subject: string | null;
  header_from: string | null;
  authentication_results: string | null;
  sample_kind: "headers" | "full" | "none";
  user_agent: string | null;
  reporting_mta: string | null;
  /** Whether it was read from prose. */
  prose: boolean;
  other: { name: string; value: string }[];
}

/** A member that the standard does not have, with its value as JSON. */
export interface OtherMember {
  name: string;
  json: string;
}

/** A report on TLS in transport. */
export interface TlsReportView extends AnswerView {
  organization: string | null;
  contact: string | null;
  report_id: string | null;
  /** Epoch seconds. */
  begin: number | null;
  end: number | null;
  policies: {
    policy_ordinal: number;
    policy_type: string | null;
    policy_type_raw: string | null;
    policy_domain: string | null;
    policy_strings: string[];
    mx_hosts: string[];
    success: number | null;
    success_raw: string | null;
    failure: number | null;
    failure_raw: string | null;
    failures: {
      failure_ordinal: number;
      result_type: string | null;
      result_type_raw: string | null;
      sending_ip: string | null;
      sending_ip_raw: string | null;
      receiving_host: string | null;
      receiving_ip: string | null;
      receiving_ip_raw: string | null;
      helo: string | null;
      sessions: number | null;
      sessions_raw: string | null;
      reason_code: string | null;
      additional_info: string | null;
      other: OtherMember[];
    }[];
    other: OtherMember[];
  }[];
  other: OtherMember[];
}

export type ReportSchema = "rfc7489" | "rfc9990" | "unknown";

export interface Outcomes {
  pass: number;
  fail: number;
  unknown: number;
}

/** What a stream is, as far as reports can tell. */
export type StreamClass =
  | "authenticated-both"
  | "authenticated-dkim-only"
  | "authenticated-spf-only"
  | "forwarded-intact"
  | "forwarded-modified"
  | "misconfigured"
  | "broken"
  | "recipient-gateway"
  /** Nothing shows that it may send. Not the same as malicious. */
  | "unauthorised"
  | "unknown";

export type Confidence = "low" | "medium" | "high";

/** The rule that gave a class. */
export type StreamRule =
  | "gateway-of-reporter"
  | "spf-aligned"
  | "accident"
  | "dkim-at-home"
  | "dkim-elsewhere"
  | "passed-before"
  | "passed-since"
  | "signature-broken"
  | "forwarder-network"
  | "receiver-says"
  | "known-provider"
  | "steady-foreign"
  | "steady-host"
  | "short-lived"
  | "nothing-passes"
  | "known-host"
  | "too-little"
  | "caller";

/** What to do about a stream. */
export type StreamAction = "repair" | "sign-as-domain" | "find-sender" | "sign" | "wait" | "none";

/** Messages of one origin that are the same thing. */
export interface Stream {
  /** The topmost domain at which a policy was found. */
  domain: string;
  /** `dkim:d/selector`, `spf:domain`, `foreign:domain`, `via:host`, `gateway:network` or `network:first address`. */
  key: string;
  /** What the caller calls it, and how the caller knows. */
  named: { name: string; type: string | null; by: "sender" | "network" | "reverse-dns" } | null;
  /** The firm that delivers it, where a name of a well-known one shows. */
  provider: string | null;
  class: StreamClass;
  confidence: Confidence;
  because: StreamRule;
  action: StreamAction;
  messages: number;
  passed: number;
  dkim: number;
  spf: number;
  enforced: number;
  header_from: string[];
  hosts: number;
  reporters: number;
  first_day: string | null;
  last_day: string | null;
  /** Messages of a week in the last four weeks against those before; null if there are not eight weeks. */
  trend: number | null;
  weeks: { begin: string; messages: number }[];
  /** What it rests on, most messages first. */
  evidence: {
    because: StreamRule;
    confidence: Confidence;
    messages: number;
    network: string | null;
    header_from: string;
    envelope: string | null;
    spf: string;
    dkim: string[];
    example: { report_key: string; record_ordinal: number } | null;
  }[];
}

/** What changed while reports came in. */
export interface StreamChange {
  domain: string;
  kind:
    | "broken-stream"
    | "abuse-rising"
    | "new-stream"
    | "policy-seen-differently"
    | "silent-reporter"
    | "new-selector"
    | "selector-gone";
  subject: string;
  /** First day of the week in which it did. */
  since: string;
  messages: number;
}

/** The numbers that classes rest on. */
export interface StreamThresholds {
  accident: number;
  home_share: number;
  gateway_share: number;
  gateway_messages: number;
  foreign_span: number;
  provider_weeks: number;
  bare_weeks: number;
  bare_presence: number;
  reporters: number;
  bare_hosts: number;
  unseen_days: number;
}

/** What the caller knows of senders. */
export interface SenderMaps {
  /** Who networks belong to. Of several that hold an address the smallest counts. */
  networks?: { prefix: string; name?: string | null; asn?: number | null; type?: string | null }[];
  /** Who hosts belong to, by the domain of their names in reverse DNS. */
  hosts?: { domain: string; name: string; type?: string | null }[];
  /** Names of addresses in reverse DNS. */
  reverse?: Record<string, string>;
  /** Senders that send for the organization, or do not. */
  known?: {
    name?: string | null;
    standing: "ours" | "not-ours";
    dkim?: string[];
    spf?: string[];
    prefixes?: string[];
  }[];
}

/** Keys against the signatures that reports name. */
export interface DkimInventory {
  unseen_days: number;
  covered_days: number;
  keys: {
    domain: string;
    selector: string;
    use: "in-use" | "idle" | "never-seen" | "missing" | "gone" | "not-known";
    /** Null for names below the domain, whose keys are not looked up. */
    status: string | null;
    state: string | null;
    kind: string | null;
    bits: number | null;
    /** Whether it is shorter than it should be. */
    weak: boolean;
    /** Whether another key is in use since. */
    retire: boolean;
    messages: number;
    last_day: string | null;
  }[];
  /** Signatures of the domain, or of names below it, that fail. */
  failing: {
    domain: string;
    /** The selector without what rotates. */
    family: string;
    failing: number;
    passing: number;
    has_key: boolean | null;
    last_day: string | null;
  }[];
}

/** What reports show of the use of a term of an SPF record. */
export type TermUse = "needed" | "dkim-too" | "not-used" | "not-seen" | "unresolved";

/** Reported sources against the SPF record of the domain. Not seen in use does not mean safe to remove. */
export interface Attribution {
  status: string;
  text: string | null;
  /** Days without mail after which a term counts as not seen. */
  unseen_days: number;
  /** Days that reports cover, each counted once. */
  covered_days: number;
  until: string | null;
  most_lookups: number | null;
  /** Each term that can authorize somebody, in the order in which they are evaluated. */
  terms: {
    term: string;
    name: string;
    /** The includes and redirects that lead to it. */
    chain: string[];
    use: TermUse;
    /** Why it is not known whom it authorizes. */
    unresolved: "depends" | "failure" | "not-known" | "no-record" | "behind" | null;
    addresses: number;
    messages: number;
    aligned: number;
    dkim: number;
    spf: number;
    /** Messages that pass by SPF alone, with the domain itself in `MAIL FROM`, at most. */
    spf_alone: number;
    streams: string[];
    last_day: string | null;
  }[];
  /** Reported addresses, most messages first. */
  addresses: {
    address: string;
    result: SpfOutcome;
    cause: string | null;
    chain: string[];
    messages: number;
    aligned: number;
    last_day: string | null;
  }[];
  addresses_left_out: number;
  /** Messages by what the policy gives their address. */
  messages: Partial<Record<SpfOutcome, number>>;
  messages_without_address: number;
  /** Senders of the organization that no term authorizes. */
  outside: {
    stream: string;
    class: StreamClass;
    messages: number;
    dkim: number;
    own_envelope: number;
    addresses: string[];
  }[];
}

export type ReadinessVerdict = "ready" | "ready-with-losses" | "not-ready" | "not-enough-data";

/** Whether a policy can be made stricter: that of a domain's own name, or of the names below it. */
export interface Readiness {
  policy_domain: string;
  node: "self" | "subdomains";
  quarantine: ReadinessVerdict;
  reject: ReadinessVerdict;
  reasons: (
    | "window-too-short"
    | "few-reporters"
    | "few-messages"
    | "open-streams"
    | "low-pass-share"
    | "new-stream"
    | "spf-only"
    | "unknown-mail"
    | "forwarded-mail"
  )[];
  windows: { profile: string; days: number; source: string; quarantine: ReadinessVerdict; reject: ReadinessVerdict }[];
  days: number;
  reporters: number;
  largest_reporter: number;
  messages: number;
  base: number;
  passed: number;
  pass_share: number | null;
  lower_bound: number | null;
  open: { stream: string; class: StreamClass; action: StreamAction; failing: number; share: number }[];
  quiet_weeks: number | null;
  residual: number;
  residual_per_week: number;
  blind_beyond_days: number;
}

/** One change of the DNS. */
export interface PlanRecord {
  name: string;
  type: "TXT" | "MX";
  /** The text of a TXT record, or the data of another; null where a record goes. */
  value: string | null;
  /** The record that goes; null where there is none. */
  replaces: string | null;
}

/** A record of a plan as lines of a zone file, in strings of at most 255 octets. */
export interface PlanLines {
  /** What is published; null where a record only goes. */
  zone_line: string | null;
  /** What goes. */
  old_line: string | null;
}

/** What a plan says beside its records. */
export interface PlanSentence {
  code: string;
  message: string;
  help: string;
  args: Record<string, string | number | string[]>;
  reference: string;
}

/** The next safe move of a domain on its way to `p=reject`. */
export interface Plan {
  schema: "dmarc-check/plan/1";
  /** Where it stands, of the six steps of Forum Standaardisatie; null if that is not known. */
  step: number | null;
  blocked_by: {
    /** The key of a stream; null where it is none. */
    stream: string | null;
    /** The code of a rule. */
    reason: string;
    /** What mends it. */
    fix: string;
    message: string;
    args: Record<string, string | number | string[]>;
    reference: string;
    class: StreamClass | null;
    action: StreamAction | null;
    messages: number;
    share: number | null;
  }[];
  publish: PlanRecord[];
  watch: PlanSentence[];
  roll_back: PlanRecord[];
  after: {
    /** `2026-03-01`; null if nothing waits for a day. */
    earliest: string | null;
    conditions: PlanSentence[];
  };
  domain: string;
  edition: Edition;
  track: "mail" | "no-mail";
  next_step: number | null;
  /** The day that dates count from. */
  as_of: string | null;
  /** The records to publish as lines of a zone file. */
  zone_lines: string[];
  /** The same for each record of these lists, with what goes. */
  lines: Record<"publish" | "then" | "roll_back", PlanLines[]>;
  /** Records to publish once nothing holds them up. */
  then: PlanRecord[];
  notes: PlanSentence[];
  loss: {
    basis: "none" | "reports" | "rehearsal";
    messages: number;
    /** Legitimate messages in all, of which these are lost. */
    legitimate: number;
    weeks: number | null;
    share: number | null;
    /** Those of them that were sent on, which no sender can mend. */
    residual: number;
    /** Beside them: messages that fail behind a gateway of the receiver's own, forged ones among them. */
    gateways: number;
    streams: { stream: string; class: StreamClass; messages: number }[];
  };
  thresholds: Record<string, number>;
}

/** Who sent: one address over all reports. */
export interface SourceView {
  source_ip: string;
  messages: number;
  records: number;
  /** Messages for which either mechanism passed. */
  aligned: number;
  dkim: Outcomes;
  spf: Outcomes;
  dispositions: Tallies;
  header_from: string[];
  reporters: number;
  /** `2026-01-31`, in UTC. */
  first_day: string | null;
  last_day: string | null;
}

/** One record of a report. Null means absent; `…_raw` is what the reporter wrote, where it differs. */
export interface RecordRow {
  report_key: string;
  record_ordinal: number;
  reporter_org: string | null;
  report_id: string | null;
  begin: number | null;
  end: number | null;
  schema: ReportSchema;
  policy_domain: string | null;
  policy_p: string | null;
  source_ip: string | null;
  source_ip_raw: string | null;
  count: number | null;
  count_raw: string | null;
  disposition: string | null;
  disposition_raw: string | null;
  dkim_verdict: string | null;
  dkim_verdict_raw: string | null;
  spf_verdict: string | null;
  spf_verdict_raw: string | null;
  /** Whether either verdict is a pass; null if neither can be read. */
  dmarc_pass: boolean | null;
  header_from: string | null;
  header_from_raw: string | null;
  envelope_from: string | null;
  envelope_to: string | null;
  /** Organizational domain of the author domain; null where the caller knows none. */
  header_from_org: string | null;
  /** Whether the author domain lies below the policy domain. */
  is_subdomain: boolean | null;
  /** Whether a signature passed and is aligned, worked out; null where that cannot be known. */
  dkim_aligned_calc: boolean | null;
  spf_aligned_calc: boolean | null;
  /** Whether the reporter's verdicts agree with that. */
  verdict_consistent: boolean | null;
  dkim: { domain: string | null; selector: string | null; result: string | null; result_raw: string | null; aligned: boolean | null }[];
  spf: { domain: string | null; scope: string | null; result: string | null; result_raw: string | null; aligned: boolean | null }[];
  reasons: { type: string | null; type_raw: string | null; comment: string | null }[];
  finding_codes: string[];
  /** The stream that it belongs to, what that is, and how sure that is. */
  stream_key: string | null;
  stream_class: StreamClass | null;
  class_confidence: Confidence | null;
}

/** One finding in a report. */
export interface FindingView extends Diagnostic {
  path: string;
  container_path: string;
  report_key: string;
}

/** Reports, what was refused, and totals that add up. */
export interface ReportsView {
  schema: "dmarc-check/reports/1";
  totals: Totals;
  reports: ReportView[];
  /** Aggregate reports that were read before (not added up), that have the identifiers of one before and other content
   *  (not added up), whose records were sent again under another identifier (not added up), and that share part of their
   *  period with one before (added up). */
  duplicates: ReportPair[];
  conflicts: ReportPair[];
  resent: ReportPair[];
  overlaps: ReportPair[];
  failure_reports: FailureReportView[];
  tls_reports: TlsReportView[];
  refused: { path: string; container_path: string; code: string; message: string; help: string }[];
  skipped: { path: string; container_path: string; code: string }[];
  /** How often each rule was found. */
  findings: Record<string, number>;
  /** The one with most messages first. */
  sources: SourceView[];
  /** The same by stream, most messages first. */
  streams: Stream[];
  /** What changed while reports came in. */
  changes: StreamChange[];
  /** The numbers that the classes of streams rest on. */
  thresholds: StreamThresholds;
  /** Every record, unless `records` is false. */
  records?: RecordRow[];
  /** Findings with their places, a bounded number of each report, if `places` is true. */
  places?: FindingView[];
  /** The tables beside that of the records, if `tables` is true. */
  tables?: ReportTables;
}

/** Which record of a report a row belongs to. */
export interface RowOfRecord {
  report_key: string;
  record_ordinal: number;
  result_ordinal: number;
}

/**
 * The tables of a batch but that of its records, as the Python package hands them over: one row per report, result,
 * reason, finding, extension, policy and failure. Times are epoch seconds.
 */
export interface ReportTables {
  reports: {
    report_key: string;
    /** The first 128 bits of the SHA-256 of the document, unpacked and as it is encoded: 32 hexadecimal digits. */
    xml_digest: string | null;
    org_name: string | null;
    email: string | null;
    extra_contact_info: string[];
    report_id: string | null;
    begin: number | null;
    end: number | null;
    version: string | null;
    namespace: string | null;
    generator: string | null;
    errors: string[];
    schema: ReportSchema;
    policy_domain: string | null;
    policy_p: string | null;
    policy_sp: string | null;
    policy_np: string | null;
    policy_adkim: string | null;
    policy_aspf: string | null;
    policy_fo: string | null;
    policy_discovery: string | null;
    policy_pct: number | null;
    policy_testing: boolean | null;
    record_count: number;
    message_count: number;
    /** Records of the document that begin and were not read whole; the last of its reports has those of all. */
    skipped_records: number;
    duplicate_of: string | null;
    /** The input, and where in it. */
    container_path: string;
    /** Octets of the document, unpacked and as it is encoded, as far as it could be read. */
    bytes: number;
    complete: boolean;
  }[];
  dkim_results: (RowOfRecord & {
    domain: string | null;
    domain_raw: string | null;
    selector: string | null;
    result: string | null;
    result_raw: string | null;
    human_result: string | null;
    /** Whether the domain is aligned with the author domain, passed or not; null if that cannot be known. */
    aligned: boolean | null;
  })[];
  spf_results: (RowOfRecord & {
    domain: string | null;
    domain_raw: string | null;
    scope: string | null;
    result: string | null;
    result_raw: string | null;
    human_result: string | null;
    /** Whether the domain is aligned with the author domain, passed or not; null if that cannot be known. */
    aligned: boolean | null;
  })[];
  reasons: (RowOfRecord & { type: string | null; type_raw: string | null; comment: string | null; lang: string | null })[];
  findings: {
    report_key: string;
    record_ordinal: number | null;
    code: string;
    severity: Severity;
    path: string | null;
    line: number | null;
    column: number | null;
    raw: string | null;
    message: string;
    container_path: string;
  }[];
  extensions: { report_key: string; record_ordinal: number | null; namespace: string | null; name: string; xml: string }[];
  failure_reports: (Omit<FailureReportView, Exclude<keyof AnswerView, "key" | "container_path"> | "other">)[];
  tls_reports: (Omit<TlsReportView, Exclude<keyof AnswerView, "key" | "container_path"> | "other" | "policies">)[];
  tls_policies: ({ key: string } & Omit<TlsReportView["policies"][number], "other" | "failures">)[];
  tls_failures: ({ key: string; policy_ordinal: number } &
    Omit<TlsReportView["policies"][number]["failures"][number], "other">)[];
}

export interface ReportOptions {
  lang?: Language;
  /** Whether every record is returned; true unless told otherwise. */
  records?: boolean;
  /** Whether every finding is returned with its place; false unless told otherwise. */
  places?: boolean;
  /** Whether the tables beside that of the records are returned; false unless told otherwise. */
  tables?: boolean;
  limits?: Limits;
  /** What becomes of local-parts and subjects in failure reports; they are kept unless told otherwise. */
  privacy?: "keep" | "hash" | "drop";
  /** Key of the hashes: the same key gives the same hashes. */
  privacy_key?: string;
  /** Names of organizational domains, or a snapshot that tells them, for the alignment that is worked out. */
  organizations?: string[] | Snapshot;
  /** How organizational domains follow from a snapshot; that of RFC 9989 unless told otherwise. */
  edition?: Edition;
}

/** What one call may use, each where it is not the default: octets, depths, entries, records, findings, … */
export type Limits = Partial<Record<
  "record_octets" | "tags" | "rounds" | "questions" | "input_octets" | "unpacked_octets" | "ratio" | "ratio_of_large" |
  "container_depth" | "entries" | "mails" | "element_depth" | "records" | "foreign" | "text_octets" | "findings" | "zone_octets" | "zone_records",
  number
>>;

/** One input of a batch. Its path is shown and never looked at. */
export type Input = { path: string; bytes: Uint8Array | string } | { path: string; unreadable: string };

/** Reads one input: XML, gzip, ZIP or mail, recognized by its content. `name` is shown and never looked at. */
export function readReport(bytes: Uint8Array | string, options?: ReportOptions & { name?: string }): ReportsView;
/** Reads any number of inputs. One bad input never stops the others. */
export function readReports(inputs: Input[], options?: ReportOptions): ReportsView;

/** A report to be written. The names are those of its elements, or of the tables of the other kinds of reports. */
export type ReportDraft =
  | {
      kind: "failure";
      /** Addresses that the report is sent from and to. */
      from: string;
      to: string[];
      /** When it is sent. */
      date: number;
      message_id?: string | null;
      /** The part for people. */
      description?: string | null;
      user_agent: string;
      auth_failure: "bodyhash" | "revoked" | "signature" | "spf" | "dmarc";
      /** The result of one mechanism. */
      authentication_results: string;
      /** The mechanisms that failed to authenticate an aligned identity (RFC 9991); none for an empty list. */
      identity_alignment?: ("dkim" | "spf")[] | null;
      delivery_result?: "delivered" | "spam" | "policy" | "reject" | "other" | null;
      original_envelope_id?: string | null;
      /** Empty for a null reverse-path. */
      original_mail_from?: string | null;
      original_rcpt_to?: string[];
      arrival?: number | null;
      reporting_mta?: string | null;
      source_ip?: string | null;
      source_port?: number | null;
      incidents?: number | null;
      reported_domain: string[];
      reported_uri?: string[];
      /** The signature that failed. */
      dkim?: {
        domain: string;
        selector: string;
        identity?: string | null;
        canonicalized_header?: string | null;
        canonicalized_body?: string | null;
        record?: string | null;
      } | null;
      /** The SPF records that were used. */
      spf?: { domain: string; record: string }[];
      /** The message that failed. */
      message: string | { base64: string };
      /** How much of it is sent: all of it unless told otherwise. */
      sample?: "full" | "headers";
      /** What becomes of local-parts, names and subjects: they are kept unless told otherwise. */
      privacy?: "keep" | "hash" | "drop";
      privacy_key?: string | null;
    }
  | {
      kind: "aggregate";
      /** `rfc9990` unless told otherwise. */
      schema?: "rfc7489" | "rfc9990";
      /** Domain of the receiver. */
      submitter: string;
      org_name: string;
      email: string;
      extra_contact_info?: string;
      report_id: string;
      /** Letters and digits that tell the file from others of the same period. */
      unique_id?: string | null;
      /** Epoch seconds. */
      begin: number;
      end: number;
      errors?: string[];
      generator?: string;
      domain: string;
      p: "none" | "quarantine" | "reject";
      sp?: "none" | "quarantine" | "reject";
      np?: "none" | "quarantine" | "reject";
      adkim?: "r" | "s";
      aspf?: "r" | "s";
      pct?: number;
      fo?: string;
      testing?: "y" | "n";
      discovery_method?: "psl" | "treewalk";
      /** Elements of other namespaces, each as XML that declares its own. */
      extensions?: string[];
      records: {
        source_ip: string;
        count: number;
        disposition: "none" | "pass" | "quarantine" | "reject";
        dkim: "pass" | "fail";
        spf: "pass" | "fail";
        reasons?: { type: string; comment?: string; lang?: string }[];
        header_from: string;
        envelope_from?: string;
        envelope_to?: string;
        dkim_results?: { domain: string; selector?: string; result: string; human_result?: string }[];
        spf_results?: { domain: string; scope?: "mfrom" | "helo"; result: string; human_result?: string }[];
        extensions?: string[];
      }[];
    }
  | {
      kind: "tls";
      organization: string;
      /** An address; its domain is the submitter. */
      contact: string;
      report_id: string;
      /** Letters and digits that tell the file from others of the same period. */
      unique_id?: string | null;
      begin: number;
      end: number;
      domain: string;
      policies: {
        policy_type: "tlsa" | "sts" | "no-policy-found";
        policy_domain: string;
        policy_strings?: string[];
        mx_hosts?: string[];
        success: number;
        failure: number;
        failures?: {
          result_type: string;
          sending_ip: string;
          receiving_host?: string;
          receiving_ip?: string;
          helo?: string;
          sessions: number;
          reason_code?: string;
          additional_info?: string;
        }[];
      }[];
    };

/** A report that is ready to be sent; all but a failure report are packed with gzip before. */
export interface WrittenReport {
  /** XML, JSON for a report on TLS, or the whole mail of a failure report. */
  document: string;
  file_name: string;
  subject: string;
}

/**
 * Writes a report; what its standard does not allow throws, naming the part: its `code` is `missing`, `invalid` or
 * `not-in-schema`.
 */
export function writeReport(report: ReportDraft): WrittenReport;

/** What reports say about one domain, summed; see `sumReports`. */
export interface ReportState {
  inputs: number;
  inputs_refused: number;
  reports: number;
  reporters: number;
  messages: number;
  begin: number | null;
  end: number | null;
  sources: Record<string, Record<string, object>>;
  /** Keys by which mail was signed that passed DMARC, the one with most messages first. */
  signers: (SigningKey & { messages: number; first?: number; last: number | null })[];
  /** What streams are told apart by, per policy domain. */
  traces?: Record<string, object>;
  /** What a change of records is rehearsed on, if it was asked for. */
  rows?: { version: 1; rows: object[]; left_out: number };
  /** Reports about other domains; they count in nothing else. */
  elsewhere?: number;
  /** Reports that end before they begin. */
  backwards?: number;
}

export interface SumOptions {
  /** Whether the rows that a change of records is rehearsed on are part of the sums; false if left out. */
  rows?: boolean;
}

/** Sums what reports say about a domain and the names below it, for the `reports` of a check. */
export function sumReports(domain: string, inputs: Input[], options?: SumOptions): ReportState;

/** Records as plain data: zone files, a snapshot, or both. */
export interface KnownRecords {
  zone_files?: string[];
  /** What completes relative names in them. */
  origin?: string;
  snapshot?: Snapshot;
}

export type WhatIfTag = "p" | "sp" | "np" | "t" | "pct" | "adkim" | "aspf";

/** What is to be rehearsed: `to`, or `domain` and `set`. */
export interface RehearsalRequest {
  /** What reports say, with rows; see `sumReports`. */
  reports: ReportState;
  /** The records as they are. */
  from: KnownRecords;
  /** The records as they would be. */
  to?: KnownRecords;
  /** The domain whose DMARC record has the tags of `set`. */
  domain?: string;
  /** Tags of that record with other values; null takes a tag away. */
  set?: { [Tag in WhatIfTag]?: string | number | null };
  /** Who signs from now on: the name in the key of its stream, and the key that it uses. */
  signs?: { sender: string; domain: string; selector: string }[];
  /** Both, if none is named. */
  editions?: Edition[];
  /** Lines of the public suffix list, for RFC 7489. */
  public_suffix?: string[];
  maps?: SenderMaps;
  /** Those that differ from the default. */
  thresholds?: Partial<StreamThresholds>;
}

/** Messages by what becomes of them. */
export interface Fates {
  messages: number;
  passed_before: number;
  passed_after: number;
  gained: number;
  lost_pass: number;
  enforced_before: number;
  enforced_after: number;
  newly_enforced: number;
  released: number;
  rejected_before: number;
  rejected_after: number;
  /** Those of which nothing can be said; they are in none of the others but `messages`. */
  undecided: number;
}

export interface Rehearsed {
  edition: Edition;
  totals: Fates;
  /** Messages of legitimate streams that are newly quarantined or rejected. */
  loss: number;
  /** The loss by its cause: the change itself, senders to be mended, mail that is sent on, and accidents of good senders. */
  loss_by: { change: number; misconfigured: number; broken: number; forwarded: number; accidents: number };
  /** Unauthorised messages that are newly quarantined or rejected. */
  stopped: number;
  /** The loss as a share of all messages of legitimate streams; null without any. */
  loss_share: number | null;
  /** Most newly enforced messages first. */
  streams: (Fates & { key: string; class: StreamClass })[];
  /** How far reporters did what the records as they were asked for. */
  yardstick: { asked: number; enforced: number; share: number | null };
}

export interface RehearsalView {
  schema: "dmarc-check/change/1";
  /** The record whose tags were set, if that was the change. */
  record: { name: string; from: string | null; to: string } | null;
  editions: Rehearsed[];
  /** Hosts elsewhere to which reports would go from now on, and whether they agree. */
  destinations: (NonNullable<DomainView["records"]["dmarc"]["destinations"]>[number] & {
    policy_domain: string;
    /** Code of what is wrong with it. */
    code: string | null;
  })[];
  /** Messages beyond the rows that are told apart. */
  left_out: number;
}

/** Replays every reported row through a change of records. */
export function rehearse(request: RehearsalRequest): RehearsalView;

/** Many domains, and the records that are known of them. */
export interface PortfolioRequest {
  /** The text of a list, one name per line with `#` before comments, or names. */
  domains: string | string[];
  /** What is known; nobody is asked beyond it. */
  records: KnownRecords;
  edition?: Edition;
  /** When the answers hold, in epoch seconds. */
  now?: number;
  /** What was seen at mail hosts; where it is left out, what the snapshot says of them. */
  smtp?: Record<string, SmtpObservation>;
  /** The profiles that are judged: all of them, unless some are named. */
  profiles?: ProfileId[];
}

export type PolicyInEffect = "reject" | "quarantine" | "none" | "no-policy" | "undetermined";

/** What is kept of one domain. */
export interface PortfolioRow {
  domain: string;
  policy: PolicyInEffect;
  /** Whether that is `quarantine` or `reject`. */
  strict: boolean;
  /** The tag that keeps it from holding in full: `t`, `pct`, `sp` or `np`. */
  in_part: string | null;
  /** Where the policy comes from, if that is another name. */
  inherited_from: string | null;
  /** Whether it neither sends nor takes mail; null if that is not known. */
  without_mail: boolean | null;
  /** Requirements that are not met. */
  failed: string[];
  /** How many requirements have a warning. */
  warned: number;
  /** How many cannot be determined. */
  undetermined: number;
  /** Findings in its records. */
  errors: number;
  warnings: number;
}

/** What is wrong with a line of the list, from 1, or worth knowing of it. */
export type ListProblem =
  | { kind: "not-a-name"; line: number; text: string }
  | { kind: "duplicate"; line: number; domain: string; first: number }
  | { kind: "below"; line: number; domain: string; of: string }
  | { kind: "too-many"; line: number };

export interface PortfolioView {
  schema: "dmarc-check/portfolio/1";
  totals: {
    domains: number;
    policies: Record<PolicyInEffect, number>;
    strict: number;
    /** Of the domains whose policy is known; null if there are none. */
    strict_share: number | null;
    strict_in_part: number;
    inherited: number;
    without_mail: number;
    undetermined: number;
  };
  /** How often each verdict was given for a requirement. */
  profiles: { id: ProfileId; rules: { id: string; title: string; verdicts: Record<RuleVerdict, number> }[] }[];
  /** Worst first, each with the sentences of the first of its kind. */
  findings: {
    code: string;
    severity: Severity;
    summary: string;
    message: string;
    help: string;
    reference: string;
    /** How many domains have it. */
    domains: number;
    /** Some of these. */
    first: string[];
  }[];
  /** The worst first. */
  domains: PortfolioRow[];
  list: { lines: number; domains: number; problems: ListProblem[]; problems_left_out: number } | null;
}

/** Judges many domains over what is known of them. */
export function portfolio(request: PortfolioRequest, options?: { lang?: Language }): PortfolioView;
