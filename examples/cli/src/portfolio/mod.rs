//! `dmarc-check portfolio`: a list of domains, and what they come to.

mod text;

use dmarc_core::assessment::{self, DomainCheck, DomainList, Observations, Portfolio};
use dmarc_core::limits::Limits;
use dmarc_core::time::UnixTime;
use indicatif::{ProgressBar, ProgressStyle};

use crate::answers::Source;
use crate::args::{FailOn, Format, PageForm, PortfolioArgs};
use crate::domain::profiles_of;
use crate::problem::Problem;
use crate::{Context, Outcome, cells, html, input};

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: &PortfolioArgs) -> Result<Outcome, Problem> {
    let list = DomainList::parse(&input::read(&args.list, Limits::default().input_octets)?);
    let (mut source, snapshot) = Source::open(context, &args.source)?;
    let observations = Observations::read(snapshot.and_then(|snapshot| snapshot.smtp).as_ref());
    let edition = context.edition_or(None);
    let now = args.now.unwrap_or_else(input::clock);
    let profiles = profiles_of(&args.profile);
    let names = list.domains.clone();
    let mut portfolio = Portfolio::of_list(list);
    let progress = ProgressBar::new(names.len() as u64).with_message(context.texts.report.reading);
    if let Ok(style) = ProgressStyle::with_template("{msg} {pos}/{len} {wide_bar}") {
        progress.set_style(style);
    }
    for domain in names {
        // The check itself, and not the request: nobody wants to know what each domain cost.
        let check = DomainCheck {
            domain,
            edition,
            now: Some(UnixTime(now)),
            context: assessment::Context::default(),
            reports: None,
            observations: observations.clone(),
            profiles: profiles.clone(),
        };
        let (report, _) = source.run(check);
        if let Some(problem) = source.unheard() {
            return Err(problem);
        }
        portfolio.add(&report);
        progress.inc(1);
    }
    progress.finish_and_clear();
    match (context.common.page(), context.common.format()) {
        (Some(PageForm::Csv), _) => {
            let octets = csv(&portfolio).map_err(|error| Problem::Stream { error })?;
            context.out.octets(&octets)?;
        }
        (Some(PageForm::Html), _) => {
            let page = html::portfolio::page(&portfolio, context, now);
            context.out.text(&page)?;
        }
        (None, Format::Json) => context.out.document(&portfolio.view(&context.catalog))?,
        (None, Format::Text) => {
            let text = text::of(&portfolio, context);
            context.out.text(&text)?;
        }
    }
    // A domain that falls short is what the list is for: only --fail-on makes it an error.
    let falls_short = |errors: bool| {
        portfolio.rows().iter().any(|row| if errors { row.errors > 0 } else { row.errors + row.warnings > 0 })
    };
    let found = match context.common.fail_on {
        Some(FailOn::Error) => falls_short(true),
        Some(FailOn::Warning) => falls_short(false),
        _ => false,
    };
    Ok(if found { Outcome::Findings } else { Outcome::Fine })
}

/// One line per domain, the worst first.
fn csv(portfolio: &Portfolio) -> std::io::Result<Vec<u8>> {
    let header = [
        "domain",
        "policy",
        "strict",
        "in_part",
        "inherited_from",
        "without_mail",
        "failed",
        "warned",
        "undetermined",
        "errors",
        "warnings",
    ];
    let truth = |is: bool| if is { "true" } else { "false" }.to_owned();
    let rows: Vec<Vec<String>> = portfolio
        .worst_first()
        .into_iter()
        .map(|row| {
            vec![
                row.domain.to_string(),
                row.policy.as_str().to_owned(),
                truth(row.strict),
                row.in_part.unwrap_or_default().to_owned(),
                row.inherited_from.as_ref().map(ToString::to_string).unwrap_or_default(),
                row.without_mail.map(truth).unwrap_or_default(),
                row.failed.join(" "),
                row.warned.to_string(),
                row.undetermined.to_string(),
                row.errors.to_string(),
                row.warnings.to_string(),
            ]
        })
        .collect();
    cells::lines(&header, &rows)
}
