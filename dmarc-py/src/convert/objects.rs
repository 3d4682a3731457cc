//! Values of the core as Python objects, without a form between them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyList, PyString};
use serde::ser::{self, Serialize};

/// A value as Python objects: dict, list, str, int, float, bool and None.
pub(crate) fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let keys = RefCell::default();
    value.serialize(Objects { py, keys: &keys }).map_err(|Failed(error)| error)
}

/// Names of fields that were met, by where they stand in the program: each becomes one object.
type Keys<'py> = RefCell<BTreeMap<(usize, usize), Bound<'py, PyString>>>;

#[derive(Clone, Copy)]
struct Objects<'a, 'py> {
    py: Python<'py>,
    keys: &'a Keys<'py>,
}

impl<'py> Objects<'_, 'py> {
    fn key(&self, name: &'static str) -> Bound<'py, PyString> {
        let place = (name.as_ptr() as usize, name.len());
        self.keys.borrow_mut().entry(place).or_insert_with(|| PyString::intern(self.py, name)).clone()
    }
}

/// What Python has to say about an object that it did not make.
#[derive(Debug)]
struct Failed(PyErr);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Failed {}

impl ser::Error for Failed {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(crate::errors::internal(&message))
    }
}

impl From<PyErr> for Failed {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

type Made<'py> = Result<Bound<'py, PyAny>, Failed>;

macro_rules! number {
    ($($method:ident: $kind:ty),+) => {
        $(fn $method(self, value: $kind) -> Made<'py> {
            Ok(value.into_pyobject(self.py).map_err(PyErr::from)?.into_any())
        })+
    };
}

impl<'a, 'py> ser::Serializer for Objects<'a, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;
    type SerializeSeq = List<'a, 'py>;
    type SerializeTuple = List<'a, 'py>;
    type SerializeTupleStruct = List<'a, 'py>;
    type SerializeTupleVariant = Variant<'py, List<'a, 'py>>;
    type SerializeMap = Entries<'a, 'py>;
    type SerializeStruct = Entries<'a, 'py>;
    type SerializeStructVariant = Variant<'py, Entries<'a, 'py>>;

    number!(
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_u8: u8,
        serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32, serialize_f64: f64
    );

    fn serialize_bool(self, value: bool) -> Made<'py> {
        Ok(PyBool::new(self.py, value).to_owned().into_any())
    }

    fn serialize_char(self, value: char) -> Made<'py> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Made<'py> {
        Ok(PyString::new(self.py, value).into_any())
    }

    fn serialize_bytes(self, value: &[u8]) -> Made<'py> {
        Ok(PyBytes::new(self.py, value).into_any())
    }

    fn serialize_none(self) -> Made<'py> {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Made<'py> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Made<'py> {
        Ok(self.py.None().into_bound(self.py))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Made<'py> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Made<'py> {
        Ok(self.key(variant).into_any())
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Made<'py> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Made<'py> {
        one(self.key(variant), &value.serialize(self)?)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a, 'py>, Failed> {
        Ok(List { objects: self, list: PyList::empty(self.py) })
    }

    fn serialize_tuple(self, length: usize) -> Result<List<'a, 'py>, Failed> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'a, 'py>, Failed> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeTupleVariant, Failed> {
        Ok(Variant { name: self.key(variant), within: self.serialize_seq(Some(length))? })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a, 'py>, Failed> {
        Ok(Entries { objects: self, dict: PyDict::new(self.py), key: None })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Entries<'a, 'py>, Failed> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStructVariant, Failed> {
        Ok(Variant { name: self.key(variant), within: self.serialize_map(Some(length))? })
    }
}

/// A dict of one entry, as JSON shows a variant that holds something.
fn one<'py>(name: Bound<'py, PyString>, value: &Bound<'py, PyAny>) -> Made<'py> {
    let dict = PyDict::new(name.py());
    dict.set_item(name, value)?;
    Ok(dict.into_any())
}

/// A list that is being filled.
struct List<'a, 'py> {
    objects: Objects<'a, 'py>,
    list: Bound<'py, PyList>,
}

impl<'py> ser::SerializeSeq for List<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Failed> {
        Ok(self.list.append(value.serialize(self.objects)?)?)
    }

    fn end(self) -> Made<'py> {
        Ok(self.list.into_any())
    }
}

impl<'py> ser::SerializeTuple for List<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Failed> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Made<'py> {
        ser::SerializeSeq::end(self)
    }
}

impl<'py> ser::SerializeTupleStruct for List<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Failed> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Made<'py> {
        ser::SerializeSeq::end(self)
    }
}

/// A dict that is being filled.
struct Entries<'a, 'py> {
    objects: Objects<'a, 'py>,
    dict: Bound<'py, PyDict>,
    /// The key whose value comes next.
    key: Option<Bound<'py, PyAny>>,
}

impl<'py> ser::SerializeMap for Entries<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Failed> {
        let key = key.serialize(self.objects)?;
        // As in JSON every key is a text.
        self.key = Some(if key.is_instance_of::<PyString>() { key } else { key.str()?.into_any() });
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Failed> {
        let value = value.serialize(self.objects)?;
        match self.key.take() {
            Some(key) => Ok(self.dict.set_item(key, value)?),
            None => Err(ser::Error::custom("a value without a key")),
        }
    }

    fn end(self) -> Made<'py> {
        Ok(self.dict.into_any())
    }
}

impl<'py> ser::SerializeStruct for Entries<'_, 'py> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Failed> {
        Ok(self.dict.set_item(self.objects.key(name), value.serialize(self.objects)?)?)
    }

    fn end(self) -> Made<'py> {
        Ok(self.dict.into_any())
    }
}

/// A variant that holds something, which is being filled.
struct Variant<'py, T> {
    name: Bound<'py, PyString>,
    within: T,
}

impl<'py> ser::SerializeTupleVariant for Variant<'py, List<'_, 'py>> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Failed> {
        ser::SerializeSeq::serialize_element(&mut self.within, value)
    }

    fn end(self) -> Made<'py> {
        one(self.name, &ser::SerializeSeq::end(self.within)?)
    }
}

impl<'py> ser::SerializeStructVariant for Variant<'py, Entries<'_, 'py>> {
    type Ok = Bound<'py, PyAny>;
    type Error = Failed;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Failed> {
        ser::SerializeStruct::serialize_field(&mut self.within, name, value)
    }

    fn end(self) -> Made<'py> {
        one(self.name, &ser::SerializeStruct::end(self.within)?)
    }
}
