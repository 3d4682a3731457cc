//! The explanations of commands and options, in the reader's language.

use clap::{Arg, ArgAction, Command, CommandFactory};
use dmarc_core::diagnostics::Language;

use super::Cli;
use crate::texts::{Texts, of};

/// The command with its explanations in a language.
pub(crate) fn command(language: Language) -> Command {
    let texts = of(language);
    let command = Cli::command()
        .version(env!("CARGO_PKG_VERSION"))
        .long_version(crate::versions::long())
        .about(texts.help.about)
        .after_help(texts.help.exit_codes);
    let mut command = localized(command, texts);
    for (name, about) in [
        ("record", texts.help.record),
        ("reports", texts.help.reports),
        ("domain", texts.help.domain),
        ("portfolio", texts.report.portfolio),
        ("spf", texts.help.spf),
        ("dkim", texts.help.dkim),
        ("message", texts.help.message),
        ("change", texts.change.about),
        ("plan", texts.plan.about),
    ] {
        command = command.mut_subcommand(name, |sub| localized(sub.about(about), texts));
    }
    command = command.mut_subcommand("report", |sub| {
        let about = texts.help.report_write;
        let sub = sub.mut_subcommand("write", |sub| localized(sub.about(about), texts));
        localized(sub.about(about), texts)
    });
    command
}

/// Headings and the explanation of each option of one command.
fn localized(command: Command, texts: &'static Texts) -> Command {
    let help = &texts.help;
    let template = format!("{{about}}\n\n{}: {{usage}}\n\n{{all-args}}{{after-help}}\n", help.usage);
    let flag = Arg::new("help").short('h').long("help").action(ArgAction::Help).display_order(105);
    let command =
        command.disable_help_flag(true).help_template(template).subcommand_help_heading(help.commands);
    let command = if command.get_version().is_some() {
        command
            .disable_version_flag(true)
            .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).display_order(104))
    } else {
        command
    };
    command.arg(flag).mut_args(|arg| {
        let heading = if arg.is_positional() { help.arguments } else { help.options };
        let text = explanation(texts, arg.get_id().as_str());
        let arg = arg.help_heading(heading).help(text);
        // The explanation names them.
        if arg.get_action().takes_values() {
            arg.hide_default_value(true).hide_possible_values(true)
        } else {
            arg
        }
    })
}

/// What an option does, by its name.
fn explanation(texts: &Texts, id: &str) -> &'static str {
    let help = &texts.help;
    match id {
        "edition" => help.edition,
        "lang" => help.lang,
        "format" => help.format,
        "fail_on" => help.fail_on,
        "text" => help.text,
        "kind" => help.kind,
        "paths" => help.paths,
        "findings" => help.findings,
        "reporters" => texts.tables.reporters_option,
        "list" => texts.report.list,
        "domain_details" => texts.report.details,
        "profile" => texts.report.profile,
        "phase" => texts.report.phase,
        "known_sender" => texts.report.known_sender,
        "explain" => texts.report.explain,
        "received_message" => texts.report.received,
        "own_authserv_id" => texts.report.authserv_id,
        "context_file" => texts.report.context,
        "details" => texts.streams.details_option,
        "from_files" => texts.change.from,
        "to_files" => texts.change.to,
        "changed_domain" => texts.change.name,
        "set" => texts.change.set,
        "change_reports" => texts.change.reports,
        "signs" => texts.change.signs,
        "max_loss" => texts.change.max_loss,
        "names_file" => texts.senders.names_option,
        "known_file" => texts.senders.known_option,
        "thresholds_file" => texts.senders.thresholds_option,
        "plan_name" => texts.plan.name,
        "accept" => texts.plan.accept,
        "plan_rua" => texts.plan.rua,
        "window" => texts.plan.window,
        "plan_max_loss" => texts.plan.max_loss,
        "known_zone" => texts.tables.zone_option,
        "known_snapshot" => texts.tables.snapshot_option,
        "table_output" => texts.tables.output,
        "privacy" => help.privacy,
        "privacy_key" => help.privacy_key,
        "rows" => help.rows,
        "head" => help.head,
        "report_kind" => texts.writing.kind,
        "schema" => texts.writing.schema,
        "org_name" => texts.writing.org_name,
        "email" => texts.writing.email,
        "submitter" => texts.writing.submitter,
        "report_id" => texts.writing.report_id,
        "begin" => texts.writing.begin,
        "end" => texts.writing.end,
        "reported_domain" => texts.writing.domain,
        "published_policy" => texts.writing.policy,
        "unique_id" => texts.writing.unique_id,
        "output" => help.output,
        "names" => help.names,
        "zone" => help.zone,
        "snapshot" => help.snapshot,
        "resolver" => help.resolver,
        "trust_ad" => help.trust_ad,
        "save" => help.save,
        "sends" => help.sends,
        "receives" => help.receives,
        "selector" => help.selector,
        "message" => help.signed_message,
        "mta_sts_policy" => help.mta_sts_policy,
        "fetch" => help.fetch,
        "subdomain" => help.subdomain,
        "now" => help.now,
        "policy" => help.policy,
        "as_text" => help.as_text,
        "at" => help.at,
        "ip" => help.ip,
        "mail_from" => help.mail_from,
        "helo" => help.helo,
        "compare" => help.compare,
        "rewrite" => help.rewrite,
        "count" => help.count,
        "key_name" => help.key_name,
        "file" => help.file,
        "from" => help.from,
        "authserv_id" => help.authserv_id,
        "spf" => help.spf_result,
        "dkim" => help.dkim_result,
        "random" => help.random,
        "version" => help.version,
        "help" => help.help,
        "reports" => help.reports_option,
        _ => "",
    }
}
