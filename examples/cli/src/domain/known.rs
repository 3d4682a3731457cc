//! What only the operator knows, from a file and from options.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use dmarc_core::assessment::{Context, SigningKey};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;

use super::evidence::Evidence;
use crate::args::{DomainArgs, KnownArgs, YesNoArg};
use crate::problem::Problem;
use crate::{input, maps};

/// What was typed, else what the file says, else what the evidence keeps.
pub(super) fn context_of(args: &DomainArgs, saved: Option<&Evidence>) -> Result<Context, Problem> {
    let mut context = match &args.known.file {
        Some(path) => from_file(path)?,
        None => saved.map(|saved| saved.context.clone()).unwrap_or_default(),
    };
    context.sends = args.sends.map(YesNoArg::is_yes).or(context.sends);
    context.receives = args.receives.map(YesNoArg::is_yes).or(context.receives);
    if !args.selector.is_empty() {
        context.selectors = named(&args.selector)?;
    }
    if !args.message.is_empty() {
        context.signed = signed(&args.message)?;
    }
    if !args.subdomain.is_empty() {
        context.subdomains = named(&args.subdomain)?;
    }
    told(&args.known, &mut context)?;
    maps::read(&args.known.senders, &mut context.maps, &mut context.thresholds)?;
    Ok(context)
}

/// Adds the options to a context.
fn told(args: &KnownArgs, context: &mut Context) -> Result<(), Problem> {
    context.phase = args.phase.or(context.phase);
    if !args.known_sender.is_empty() {
        context.known_senders.clone_from(&args.known_sender);
    }
    context.explanations.extend(args.explain.iter().map(|one| (one.id.clone(), one.text.clone())));
    context.authserv_id = args.authserv_id.clone().or(context.authserv_id.take());
    if !args.received.is_empty() {
        let limit = Limits::default().input_octets;
        let read = args.received.iter().map(|path| input::read(path, limit));
        let messages = read.collect::<Result<Vec<Vec<u8>>, Problem>>()?;
        context.received.clear();
        context.receive(messages.iter().map(Vec::as_slice));
    }
    Ok(())
}

/// A file with what is known of a domain, as in a request of the library.
fn from_file(path: &Path) -> Result<Context, Problem> {
    let octets = input::read(path, Limits::default().input_octets)?;
    serde_json::from_slice(&octets)
        .map_err(|error| Problem::NotUsable { path: path.to_owned(), reason: error.to_string() })
}

fn named(texts: &[String]) -> Result<Vec<DomainName>, Problem> {
    texts.iter().map(|text| input::name(text)).collect()
}

/// The keys that the signatures of messages name, each once.
fn signed(paths: &[PathBuf]) -> Result<Vec<SigningKey>, Problem> {
    let limit = Limits::default().input_octets;
    let mut keys = BTreeSet::new();
    for path in paths {
        keys.extend(SigningKey::of_message(&input::read(path, limit)?));
    }
    Ok(keys.into_iter().collect())
}
