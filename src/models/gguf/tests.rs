use super::*;
use crate::models::testing::{GgufBuilder, small_model};

fn read(bytes: &[u8]) -> Result<Gguf, GgufError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, bytes).unwrap();
    Gguf::open(file.path())
}

fn fault(bytes: &[u8]) -> String {
    match read(bytes) {
        Ok(_) => panic!("this file must not be taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_kind_of_value_is_read() {
    let float = 1.5f32.to_le_bytes();
    let (inner, one, two) = (9u32.to_le_bytes(), 1u64.to_le_bytes(), 2u64.to_le_bytes());
    let nested = [&inner[..], &one, &0u32.to_le_bytes(), &two, &[7, 8]].concat();
    let file = GgufBuilder::default()
        .raw("u8", 0, &[200])
        .raw("i8", 1, &[0xff])
        .raw("u16", 2, &[1, 2])
        .raw("i16", 3, &[0xfe, 0xff])
        .u32("u32", 7)
        .raw("i32", 5, &(-7i32).to_le_bytes())
        .raw("f32", 6, &float)
        .raw("bool", 7, &[1])
        .string("string", "text")
        .raw("array", 9, &nested)
        .raw("u64", 10, &u64::MAX.to_le_bytes())
        .raw("i64", 11, &i64::MIN.to_le_bytes())
        .raw("f64", 12, &2.5f64.to_le_bytes());
    let gguf = read(&file.build()).unwrap();
    assert_eq!(gguf.uint("u8"), Some(200));
    assert_eq!(gguf.get("i8"), Some(&Value::Int(-1)));
    assert_eq!(gguf.uint("u16"), Some(513));
    assert_eq!(gguf.get("i16"), Some(&Value::Int(-2)));
    assert_eq!(gguf.uint("u32"), Some(7));
    assert_eq!((gguf.get("i32"), gguf.uint("i32")), (Some(&Value::Int(-7)), None));
    assert_eq!(gguf.float("f32"), Some(1.5));
    assert_eq!(gguf.bool("bool"), Some(true));
    assert_eq!(gguf.str("string"), Some("text"));
    let inner = Value::Array(vec![Value::Uint(7), Value::Uint(8)]);
    assert_eq!(gguf.array("array"), Some([inner].as_slice()));
    assert_eq!(gguf.uint("u64"), Some(u64::MAX));
    assert_eq!(gguf.get("i64"), Some(&Value::Int(i64::MIN)));
    assert_eq!(gguf.float("f64"), Some(2.5));
    assert_eq!(gguf.get("nothing"), None);
}

#[test]
fn tensors_lie_where_the_header_says() {
    let bytes = small_model().build();
    let gguf = read(&bytes).unwrap();
    let weights = gguf.tensor("token_embd.weight").unwrap();
    assert_eq!((weights.dtype, weights.elements()), (GgmlType::Q4_K, 256 * 64));
    assert_eq!(gguf.bytes(weights).len(), 64 * 144);
    assert_eq!(weights.range.start % 32, 0);
    let norm = gguf.tensor("output_norm.weight").unwrap();
    assert_eq!(norm.range, weights.range.end..bytes.len());
}

#[test]
fn what_is_not_a_gguf_is_said_to_be_none() {
    assert!(fault(b"").contains("it is empty"));
    assert!(fault(b"PK\x03\x04 a zip").contains("letters GGUF"));
    assert!(fault(b"GG").contains("letters GGUF"));
    let mut version = small_model().build();
    version[4] = 1;
    assert!(fault(&version).contains("version 1"));
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        Gguf::open(folder.path()),
        Err(GgufError::NotGguf { .. })
    ));
    assert!(matches!(
        Gguf::open(&folder.path().join("none")),
        Err(GgufError::Io { .. })
    ));
}

#[test]
fn a_file_cut_off_anywhere_is_damaged() {
    let bytes = small_model().build();
    for length in (24..bytes.len()).step_by(7) {
        assert!(
            matches!(read(&bytes[..length]), Err(GgufError::Damaged { .. })),
            "cut to {length}"
        );
    }
}

#[test]
fn damaged_headers_say_what_is_wrong() {
    let one = GgufBuilder::default;
    let many = u64::MAX.to_le_bytes();
    let array_of = |inner: u32, count: &[u8]| [inner.to_le_bytes().as_slice(), count].concat();
    let deep = [9u32.to_le_bytes().as_slice(), &1u64.to_le_bytes()]
        .concat()
        .repeat(8);
    let cases = [
        (one().raw("k", 8, &many), "too short"),
        (one().raw("k", 9, &array_of(0, &many)), "too short"),
        (one().raw("k", 13, &[]), "unknown kind 13"),
        (
            one().raw("k", 9, &array_of(13, &1u64.to_le_bytes())),
            "unknown kind 13",
        ),
        (one().raw("k", 9, &deep), "nested too deep"),
        (one().u32("k", 1).u32("k", 2), "k twice"),
        (one().u32("general.alignment", 3), "alignment"),
        (one().u32("general.alignment", 0), "alignment"),
        (one().tensor("t", &[32], 99, 32), "unknown type 99"),
        (one().tensor("t", &[33], 8, 64), "impossible sizes"),
        (one().tensor("t", &[u64::MAX, 2], 0, 64), "impossible sizes"),
        (one().tensor("t", &[1 << 62], 0, 64), "impossible sizes"),
        (one().tensor("t", &[8, 1, 1, 1, 1], 0, 32), "5 dimensions"),
        (one().tensor("t", &[9], 0, 32), "ends before"),
        (
            one().tensor_at("t", &[8], 0, u64::MAX - 31, 32),
            "impossible sizes",
        ),
        (one().tensor_at("t", &[8], 0, 64, 32), "ends before"),
        (one().tensor_at("t", &[8], 0, 4, 64), "not aligned"),
        (
            one().tensor("t", &[8], 0, 32).tensor("t", &[8], 0, 32),
            "two tensors t",
        ),
    ];
    for (file, sign) in cases {
        let said = fault(&file.build());
        assert!(said.contains(sign), "{said:?} does not say {sign:?}");
    }
}

#[test]
fn a_name_with_control_characters_reaches_no_message() {
    let said = fault(
        &GgufBuilder::default()
            .tensor("\u{1b}]0;title\u{7}", &[1], 99, 32)
            .build(),
    );
    assert!(!said.contains('\u{1b}') && said.contains("]0;title"), "{said:?}");
}

#[test]
fn small_things_that_grow_in_memory_are_counted() {
    // Each byte of this array would be a value of 32 bytes.
    let count = 8 << 20;
    let mut bytes = 0u32.to_le_bytes().to_vec();
    bytes.extend((count as u64).to_le_bytes());
    bytes.resize(bytes.len() + count, 1);
    let said = fault(&GgufBuilder::default().raw("k", 9, &bytes).build());
    assert!(said.contains("more memory"), "{said}");
}

#[test]
fn every_type_has_a_block_and_its_own_number() {
    let known: Vec<_> = (0..64).filter_map(GgmlType::from_id).collect();
    assert_eq!(known.len(), 24);
    assert!(known.iter().all(|t| t.block_len() > 0 && t.block_bytes() > 0));
}
