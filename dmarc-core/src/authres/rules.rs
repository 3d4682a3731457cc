//! What can be found in an `Authentication-Results` field.

use crate::diagnostics::{rfc, rules};

rules! {
    /// A comment or quoted string that does not end.
    UNCLOSED = "authres/unclosed", Error, rfc(5322, "3.2.2"), [text];
    /// No authserv-id: the field can be trusted by nobody.
    MISSING_ID = "authres/missing-id", Error, rfc(8601, "2.2"), [];
    /// A version of the field that is not known here.
    UNKNOWN_VERSION = "authres/unknown-version", Error, rfc(8601, "2.6"), [version];
    /// Neither a result nor `none`.
    NO_RESULT = "authres/no-result", Error, rfc(8601, "2.2"), [];
    /// A part that is no result and no property.
    INVALID_PART = "authres/invalid-part", Error, rfc(8601, "2.2"), [text];
    /// Nothing between two semicolons, or behind the last one.
    EMPTY_RESULT = "authres/empty-result", Notice, rfc(8601, "2.2"), [];
    /// A method that is not known here.
    UNKNOWN_METHOD = "authres/unknown-method", Notice, rfc(8601, "2.7"), [method];
    /// A version of a method that is not known here.
    UNKNOWN_METHOD_VERSION = "authres/unknown-method-version", Warning, rfc(8601, "2.6"), [method, version];
    /// A result that the method does not have.
    UNKNOWN_RESULT = "authres/unknown-result", Warning, rfc(8601, "2.7"), [method, result];
    /// A property without a type.
    NO_PROPERTY_TYPE = "authres/no-property-type", Warning, rfc(8601, "2.2"), [property];
    /// A property type that is not registered.
    UNKNOWN_PROPERTY_TYPE = "authres/unknown-property-type", Warning, rfc(8601, "2.3"), [ptype];
    /// A value that needs quotation marks.
    UNQUOTED_VALUE = "authres/unquoted-value", Notice, rfc(8601, "2.2"), [value];
    /// A reason that does not stand before the properties, or a second one.
    MISPLACED_REASON = "authres/misplaced-reason", Notice, rfc(8601, "2.2"), [reason];
    /// More results than are looked at.
    MANY_RESULTS = "authres/many-results", Warning, rfc(8601, "7.8"), [limit];
}
