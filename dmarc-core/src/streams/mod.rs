//! Who sends in a domain's name: records that belong together, what each stream of them is, and why.
//!
//! Reports show addresses and verdicts. A [`Trace`] is what is kept of the records that look alike; [`Traces`]
//! are a small state that goes from one run to the next, bounded by what looks different and not by records.
//! [`judge`] looks at all of them together and says what each is: a sender set up well or badly, one that broke,
//! mail sent on by others, a receiver's own gateway, or mail that nothing speaks for. It never says more than
//! reports can show: such mail is unauthorised, and whether it is malicious is for others to find out.

mod accidents;
mod action;
mod changes;
mod class;
mod classify;
mod facts;
mod judge;
mod key;
mod lookup;
mod maps;
mod node;
mod origin;
mod prefix;
mod providers;
mod read_maps;
mod seen;
mod stream;
mod thresholds;
mod trace;
mod traces;

pub use action::Action;
pub use changes::{Change, ChangeKind};
pub use class::{Because, Class, Confidence};
pub use judge::{Judged, RowClass, judge, judge_with};
pub(crate) use key::family_of;
pub use lookup::Named;
pub use maps::{Contradiction, HostName, KnownSender, Maps, NetworkName, Standing};
pub use node::{Node, Part};
pub(crate) use origin::{Origin, origins};
pub use prefix::{NoPrefix, Prefix};
pub use read_maps::MapError;
pub use stream::{Evidence, Stream, Week};
pub use thresholds::{Thresholds, ThresholdsError};
pub use trace::{Example, Trace};
pub(crate) use trace::{describe, network, total, week};
pub(crate) use traces::ReportTraces;
pub use traces::Traces;
