//! Tiles against candle's reading of the same bytes.

use std::borrow::Cow;

use candle_core::Device;
use candle_core::quantized::{GgmlDType, QStorage, QTensor};

use crate::engine::local::cpu::kernels::dequantise_row;
use crate::engine::local::cpu::simd::{Isa, with_simd};
use crate::engine::local::cpu::tests::file::{Builder, QUANTISED, Random};
use crate::engine::local::cpu::weights::Loader;
use crate::models::gguf::GgmlType;

fn candle_type(dtype: GgmlType) -> GgmlDType {
    match dtype {
        GgmlType::F32 => GgmlDType::F32,
        GgmlType::F16 => GgmlDType::F16,
        GgmlType::BF16 => GgmlDType::BF16,
        GgmlType::Q4_0 => GgmlDType::Q4_0,
        GgmlType::Q4_1 => GgmlDType::Q4_1,
        GgmlType::Q5_0 => GgmlDType::Q5_0,
        GgmlType::Q5_1 => GgmlDType::Q5_1,
        GgmlType::Q8_0 => GgmlDType::Q8_0,
        GgmlType::Q2_K => GgmlDType::Q2K,
        GgmlType::Q3_K => GgmlDType::Q3K,
        GgmlType::Q4_K => GgmlDType::Q4K,
        GgmlType::Q5_K => GgmlDType::Q5K,
        GgmlType::Q6_K => GgmlDType::Q6K,
        other => panic!("{other:?} is not tested"),
    }
}

/// The numbers that candle reads from blocks.
pub fn dequantised(dtype: GgmlType, bytes: &[u8]) -> Vec<f32> {
    let storage = QStorage::from_data(Cow::Borrowed(bytes), &Device::Cpu, candle_type(dtype)).unwrap();
    let len = bytes.len() / dtype.block_bytes() * dtype.block_len();
    QTensor::new(storage, len)
        .unwrap()
        .dequantize(&Device::Cpu)
        .unwrap()
        .to_vec1()
        .unwrap()
}

fn check(dtype: GgmlType, columns: usize, rows: usize, bytes: Vec<u8>) {
    let expected = dequantised(dtype, &bytes);
    let mut builder = Builder::default();
    builder.tensor("m", &[columns, rows], dtype, bytes);
    let file = builder.open();
    let mut loader = Loader::new(&file.gguf);
    let slot = loader.matrix("m", columns, rows).unwrap();
    let weights = loader.fill(2).unwrap();
    let mut row = vec![0.0; columns];
    for isa in Isa::available() {
        for (index, expected) in expected.chunks(columns).enumerate() {
            with_simd!(isa, simd => dequantise_row(simd, weights.matrix(&slot), index, &mut row));
            for (got, expected) in row.iter().zip(expected) {
                let tolerance = expected.abs() * 2e-6 + expected.abs().max(1e-30) * 1e-6;
                // Formats with minimums subtract two products, which may be rounded once or twice.
                let tolerance = tolerance + if expected.abs() < 1e5 { 1e-5 } else { 2.0 };
                assert!(
                    (got - expected).abs() <= tolerance,
                    "{} {dtype:?} row {index}: {got} is not {expected}",
                    isa.name()
                );
            }
        }
    }
}

#[test]
fn tiles_hold_what_candle_reads() {
    let mut random = Random(1);
    for (dtype, _) in QUANTISED {
        let block = dtype.block_len();
        for (blocks, rows) in [(1, 1), (1, 16), (3, 17), (2, 33)] {
            let bytes = random.blocks(dtype, blocks * rows, 0.1, false);
            check(dtype, blocks * block, rows, bytes);
        }
    }
}

#[test]
fn tiles_hold_extreme_blocks() {
    let mut random = Random(2);
    for (dtype, _) in QUANTISED {
        let bytes = random.blocks(dtype, 5 * 19, 10.0, true);
        check(dtype, 5 * dtype.block_len(), 19, bytes);
    }
}

#[test]
fn tiles_hold_floats() {
    let mut random = Random(3);
    for dtype in [GgmlType::F32, GgmlType::F16, GgmlType::BF16] {
        let numbers = random.floats(96 * 21, 3.0);
        let bytes = match dtype {
            GgmlType::F32 => numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
            GgmlType::F16 => numbers
                .iter()
                .flat_map(|x| half::f16::from_f32(*x).to_le_bytes())
                .collect(),
            _ => numbers
                .iter()
                .flat_map(|x| half::bf16::from_f32(*x).to_le_bytes())
                .collect::<Vec<u8>>(),
        };
        check(dtype, 96, 21, bytes);
    }
}
