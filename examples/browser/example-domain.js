// A domain to try, with eight weeks of reports: its office suite is right, its newsletter service signs as itself, and
// somebody abuses the name. Every name and address is a reserved one.

export const exampleDomain = "vereniging.example";

export const exampleZone = `$ORIGIN vereniging.example.
$TTL 3600
@                  IN SOA   ns hostmaster 2026111601 7200 3600 1209600 900
                   IN NS    ns
ns                 IN A     192.0.2.53
@                  IN MX    10 mx
mx                 IN A     192.0.2.10
@                  IN TXT   "v=spf1 mx ip4:198.51.100.0/26 ~all"
_dmarc             IN TXT   "v=DMARC1; p=none; rua=mailto:dmarc@vereniging.example"
kantoor._domainkey IN TXT   ( "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0JVaTe17lKuEmlDQ"
                              "orR6JIRtArAmPWNXwH5nQlEOxIsi0TsngqN3k3l6zs2382X889NA9fSo3KJGzp1LHHiY1kFG91qyX6e4exh9+x0FHR2LAmlEbNLE"
                              "Cvs6WSxVpUpVd40Hasf5PCWNNV0dZobjA2q5mgPs0oQvg9z/YdR/LOEA3GTBLrZglpuRLzvgXXj/GfVtIaSY01iRgZCQfp5kzY9H"
                              "1C9TC7aJnGjbEpa4+rPOT9GFyQImICkpuf75Dzi6F/RNGjC3JKETaPwdRp/VdG4cVpVbyQ8z5jx63Dzt8s8Jd24GAAVHh7ebfSSt"
                              "sLBlaHUBUY4SxBOZcVk6XWhBvQIDAQAB" )
_smtp._tls         IN TXT   "v=TLSRPTv1; rua=mailto:tls@vereniging.example"
`;

const DAY = 86_400;
/** 21 September 2026, a Monday. */
const FIRST = Date.UTC(2026, 8, 21) / 1000;
const WEEKS = 8;

const reporters = ["Grote Provider", "mailbox.example.net", "Openpost", "regiopost.example"];

/** Who sends, with messages per week and reporter: how it is checked, and as whom. */
const senders = [
  { ip: "198.51.100.7", count: 420, dkim: ["vereniging.example", "kantoor", "pass"], spf: ["vereniging.example", "pass"], verdicts: ["pass", "pass"] },
  { ip: "198.51.100.23", count: 310, dkim: ["vereniging.example", "kantoor", "pass"], spf: ["vereniging.example", "pass"], verdicts: ["pass", "pass"] },
  { ip: "203.0.113.130", count: 95, dkim: ["nieuwsbrieven.example", "nb1", "pass"], spf: ["bounces.nieuwsbrieven.example", "pass"], verdicts: ["fail", "fail"] },
  { ip: "203.0.113.20", count: 12, dkim: ["vereniging.example", "kantoor", "pass"], spf: ["doorsturen.example", "pass"], verdicts: ["pass", "fail"] },
  { ip: "192.0.2.200", count: 31, weeks: [3, 4], spf: ["vereniging.example", "softfail"], verdicts: ["fail", "fail"] },
];

const record = ({ ip, count, dkim, spf, verdicts }) => `<record><row><source_ip>${ip}</source_ip><count>${count}</count>
<policy_evaluated><disposition>none</disposition><dkim>${verdicts[0]}</dkim><spf>${verdicts[1]}</spf></policy_evaluated></row>
<identifiers><header_from>vereniging.example</header_from><envelope_from>${spf[0]}</envelope_from></identifiers>
<auth_results>${dkim ? `<dkim><domain>${dkim[0]}</domain><selector>${dkim[1]}</selector><result>${dkim[2]}</result></dkim>` : ""}
<spf><domain>${spf[0]}</domain><result>${spf[1]}</result></spf></auth_results></record>`;

const report = (org, week) => `<?xml version="1.0" encoding="UTF-8"?>
<feedback><version>1.0</version><report_metadata><org_name>${org}</org_name><email>dmarc@reporter.example</email>
<report_id>${reporters.indexOf(org)}-${week}</report_id><date_range><begin>${FIRST + week * 7 * DAY}</begin>
<end>${FIRST + (week + 1) * 7 * DAY - 1}</end></date_range></report_metadata><policy_published><domain>vereniging.example</domain>
<adkim>r</adkim><aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct></policy_published>
${senders.filter(({ weeks }) => !weeks || weeks.includes(week)).map(record).join("\n")}</feedback>`;

/** The reports, and the moment at which they are read: the day after the last. */
export function exampleReports() {
  const weeks = Array.from({ length: WEEKS }, (_, week) => week);
  const inputs = weeks.flatMap((week) => reporters.map((org, index) => ({
    path: `week-${week + 1}-reporter-${index + 1}.xml`, bytes: new TextEncoder().encode(report(org, week)) })));
  return { inputs, moment: FIRST + WEEKS * 7 * DAY + 8 * 3600 };
}
