//! SPF: the record and its findings.
