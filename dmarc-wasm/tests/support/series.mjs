// Reports of some weeks, written out from what a case says of them; the README of the vectors describes the form.

const WEEK = 7 * 86_400;

const applies = ({ weeks: [first, behind] = [0, Infinity], reporters }, week, org) =>
  first <= week && week < behind && (reporters === undefined || reporters.includes(org));

function row({ ip, count, from, verdicts, disposition = "none", reasons = [], dkim = [], spf }) {
  const given = reasons.map(([kind, comment]) => `<reason><type>${kind}</type><comment>${comment}</comment></reason>`).join("");
  const signatures = dkim.map(([domain, selector, result]) =>
    `<dkim><domain>${domain}</domain>${selector === null ? "" : `<selector>${selector}</selector>`}<result>${result}</result></dkim>`).join("");
  const checked = spf ? `<spf><domain>${spf[0]}</domain><scope>mfrom</scope><result>${spf[1]}</result></spf>` : "";
  return `<record><row><source_ip>${ip}</source_ip><count>${count}</count><policy_evaluated><disposition>${disposition}</disposition>`
    + `<dkim>${verdicts[0]}</dkim><spf>${verdicts[1]}</spf>${given}</policy_evaluated></row><identifiers><header_from>${from}`
    + `</header_from></identifiers><auth_results>${signatures}${checked}</auth_results></record>`;
}

/** The documents of a series: one for each week and reporter that has rows. */
export function documents({ domain, begin, period = WEEK, weeks, reporters, policies, rows }) {
  const list = [];
  for (let week = 0; week < weeks; week += 1) {
    for (const org of reporters) {
      const records = rows.filter((one) => applies(one, week, org)).map(row).join("");
      if (records === "") continue;
      const published = policies.findLast((policy) => applies(policy, week, org));
      const tags = ["adkim", "aspf", "p", "sp", "np", "pct", "t"].filter((tag) => tag in published).map((tag) => {
        const element = tag === "t" ? "testing" : tag;
        return `<${element}>${published[tag]}</${element}>`;
      });
      const [from, until] = [week, week + 1].map((number) => begin + number * period);
      const text = `<feedback><report_metadata><org_name>${org}</org_name><email>d@${org}</email><report_id>${week}</report_id>`
        + `<date_range><begin>${from}</begin><end>${until}</end></date_range></report_metadata>`
        + `<policy_published><domain>${domain}</domain>${tags.join("")}</policy_published>${records}</feedback>`;
      list.push({ path: `${org}/${week}.xml`, bytes: new TextEncoder().encode(text) });
    }
  }
  return list;
}
