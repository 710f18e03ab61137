//! The JSON files of a folder, read within limits: what they may take in memory does not depend on what they claim.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::marker::PhantomData;
use std::path::Path;

use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::ConvertError;
use crate::models::text::{human_bytes, printable};

/// The bytes of `folder/file`, at most `most`; `None` if it is not there.
pub(super) fn read(folder: &Path, file: &str, most: u64) -> Result<Option<Vec<u8>>, ConvertError> {
    let io = |source| ConvertError::Read {
        file: file.to_owned(),
        source,
    };
    let path = folder.join(file);
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    let wrong = |reason: String| ConvertError::Json {
        file: file.to_owned(),
        reason,
    };
    // A pipe would block, a device never end.
    if !metadata.is_file() {
        return Err(wrong("it is not a file".into()));
    }
    if metadata.len() > most {
        let (has, most) = (human_bytes(metadata.len()), human_bytes(most));
        return Err(wrong(format!("it has {has}, and such files have at most {most}")));
    }
    let mut bytes = Vec::new();
    File::open(&path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(io)?;
    Ok(Some(bytes))
}

pub(super) fn parse<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, ConvertError> {
    serde_json::from_slice(bytes).map_err(|error| ConvertError::Json {
        file: file.to_owned(),
        reason: printable(&error.to_string()),
    })
}

/// A list of at most `N`, empty where there is `null`; for `#[serde(deserialize_with)]`.
pub(super) fn list<'de, const N: usize, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Items<const N: usize, T>(PhantomData<T>);

    impl<'de, const N: usize, T: Deserialize<'de>> Visitor<'de> for Items<N, T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            write!(f, "a list of at most {N}")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = sequence.next_element()? {
                if items.len() == N {
                    return Err(A::Error::custom(format!("a list has more than {N} entries")));
                }
                items.push(item);
            }
            Ok(items)
        }

        fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }
    }

    deserializer.deserialize_any(Items::<N, T>(PhantomData))
}

/// An object of at most `N` entries in its order, whatever their keys; nothing where there is a list instead. For
/// `#[serde(deserialize_with)]`.
pub(super) fn entries<'de, const N: usize, T, D>(deserializer: D) -> Result<Vec<(String, T)>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Entries<const N: usize, T>(PhantomData<T>);

    impl<'de, const N: usize, T: Deserialize<'de>> Visitor<'de> for Entries<N, T> {
        type Value = Vec<(String, T)>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            write!(f, "an object of at most {N} entries")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut items = Vec::new();
            while let Some(entry) = map.next_entry()? {
                if items.len() == N {
                    return Err(A::Error::custom(format!("an object has more than {N} entries")));
                }
                items.push(entry);
            }
            Ok(items)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
            while sequence.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Vec::new())
        }
    }

    deserializer.deserialize_any(Entries::<N, T>(PhantomData))
}
