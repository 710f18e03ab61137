//! Products against sums in f64 of what candle reads from the same blocks.

use crate::engine::local::cpu::formats::tests::dequantised;
use crate::engine::local::cpu::formats::{GROUP, Rounding};
use crate::engine::local::cpu::simd::{Isa, LANES, Simd, with_simd};
use crate::engine::local::cpu::tests::file::{Builder, QUANTISED, Random};
use crate::engine::local::cpu::weights::{Loader, Matrix};
use crate::models::gguf::GgmlType;

use super::{
    Column, Columns, RECORD, Rounded, Scratch, column_blocks, matmul, matvec, quantise, rms_norm, swiglu,
};

/// What quantising makes of activations.
fn rounded(x: &[f32], span: usize) -> Vec<f64> {
    let round = |group: &[f32]| {
        let largest = group.iter().fold(0.0f32, |a, x| a.max(x.abs()));
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        let scale = largest / 127.0;
        let scale = f64::from(if span == GROUP {
            half::f16::from_f32(scale).to_f32()
        } else {
            scale
        });
        group
            .iter()
            .map(|x| f64::from((x * inverse).round_ties_even()) * scale)
            .collect::<Vec<_>>()
    };
    x.chunks(span).flat_map(round).collect()
}

fn records<S: Simd>(simd: S, x: &[f32], width: usize, rounding: Rounding) -> Vec<i32> {
    let per_column = width / GROUP * RECORD;
    let mut records = vec![0; x.len() / width * per_column];
    for block in column_blocks::<S>(x.len() / width) {
        let out = &mut records[block.start * per_column..block.end * per_column];
        for (column, index) in block.clone().enumerate() {
            let x = &x[index * width..][..width];
            quantise(simd, x, rounding, (column, block.len()), out);
        }
    }
    records
}

/// The records that products with `matrix` want.
fn rounded_for<S: Simd, R>(simd: S, matrix: Matrix<'_>, x: &[f32], run: impl FnOnce(Rounded<'_>) -> R) -> R {
    let wanted = matrix.encoding().rounding();
    let [groups, blocks] = Rounding::ALL.map(|rounding| {
        if wanted == Some(rounding) {
            records(simd, x, matrix.columns(), rounding)
        } else {
            Vec::new()
        }
    });
    run(Rounded {
        groups: &groups,
        blocks: &blocks,
    })
}

/// All products with columns together, token by token: through [`matmul`].
fn together<S: Simd>(simd: S, matrix: Matrix<'_>, x: &[f32]) -> Vec<f32> {
    let count = x.len() / matrix.columns();
    let mut panel = vec![[0.0; LANES]; matrix.tiles() * count];
    rounded_for(simd, matrix, x, |records| {
        let columns = Columns {
            records,
            floats: x,
            count,
        };
        let tiles = 0..matrix.tiles();
        matmul(simd, matrix, tiles, columns, &mut Scratch::new(), &mut panel);
    });
    let of = |column: usize, row: usize| panel[row / LANES * count + column][row % LANES];
    (0..count * matrix.rows())
        .map(|i| of(i / matrix.rows(), i % matrix.rows()))
        .collect()
}

/// The same, a column at a time: through [`matvec`].
fn one_by_one<S: Simd>(simd: S, matrix: Matrix<'_>, x: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; x.len() / matrix.columns() * matrix.rows()];
    for (floats, out) in x.chunks(matrix.columns()).zip(out.chunks_mut(matrix.rows())) {
        rounded_for(simd, matrix, floats, |records| {
            let tiles = 0..matrix.tiles();
            matvec(simd, matrix, tiles, Column { records, floats }, out);
        });
    }
    out
}

fn check(dtype: GgmlType, width: usize, rows: usize, bytes: Vec<u8>, x: &[f32], isas: &[Isa]) {
    let weights = dequantised(dtype, &bytes);
    let mut builder = Builder::default();
    builder.tensor("m", &[width, rows], dtype, bytes);
    let file = builder.open();
    let mut loader = Loader::new(&file.gguf);
    let slot = loader.matrix("m", width, rows).unwrap();
    let loaded = loader.fill(1).unwrap();
    let is_float = dtype.block_len() == 1;
    for isa in isas {
        let (both, single) = with_simd!(*isa, simd => {
            let matrix = loaded.matrix(&slot);
            (together(simd, matrix, x), one_by_one(simd, matrix, x))
        });
        assert_eq!(
            both,
            single,
            "{} {dtype:?} {width}: a column depends on its batch",
            isa.name()
        );
        for (column, x) in x.chunks(width).enumerate() {
            let x = if is_float {
                x.iter().map(|x| f64::from(*x)).collect()
            } else {
                rounded(x, dtype.block_len())
            };
            for (row, weights) in weights.chunks(width).enumerate() {
                let products = weights.iter().zip(&x).map(|(w, x)| f64::from(*w) * x);
                let (sum, size) = products.fold((0.0, 0.0), |(sum, size), p| (sum + p, size + p.abs()));
                // Formats with minimums cancel: their parts are larger than the numbers they make.
                let group = weights.iter().fold(0.0f64, |a, w| a.max(f64::from(w.abs())));
                let largest = x.iter().fold(0.0f64, |a, x| a.max(x.abs()));
                let mut tolerance = 1e-5 * size + 3e-6 * group * largest * width as f64 + 1e-6;
                if matches!(dtype, GgmlType::Q4_1 | GgmlType::Q5_1) {
                    // What minimums are multiplied with is an f16.
                    tolerance += group * largest * width as f64 / 1024.0;
                }
                let got = f64::from(both[column * rows + row]);
                assert!(
                    (got - sum).abs() <= tolerance,
                    "{} {dtype:?} {width}x{rows} row {row} column {column}: {got} is not {sum}",
                    isa.name()
                );
            }
        }
    }
}

#[test]
fn products_of_random_blocks() {
    let mut random = Random(11);
    for (dtype, _) in QUANTISED {
        for (blocks, rows, columns) in [(1, 1, 1), (2, 16, 13), (3, 35, 27), (5, 17, 2)] {
            let width = blocks * dtype.block_len();
            let bytes = random.blocks(dtype, blocks * rows, 0.1, false);
            let x = random.floats(columns * width, 4.0);
            check(dtype, width, rows, bytes, &x, &Isa::available());
        }
    }
}

#[test]
fn products_of_extreme_blocks_and_activations() {
    let mut random = Random(12);
    for (dtype, _) in QUANTISED {
        let width = 3 * dtype.block_len();
        let bytes = random.blocks(dtype, 3 * 18, 10.0, true);
        let mut x = random.floats(5 * width, 1.0);
        x[..width].fill(0.0);
        x[width..2 * width].fill(-1000.0);
        x[2 * width] = 30_000.0;
        check(dtype, width, 18, bytes, &x, &Isa::available());
    }
}

#[test]
fn products_of_every_width_that_the_block_divides() {
    let mut random = Random(13);
    // Beyond the stretch that is unpacked at once.
    for dtype in [GgmlType::Q4_1, GgmlType::Q5_0, GgmlType::Q8_0] {
        for blocks in (1..20).chain([71, 72, 73, 145]) {
            let bytes = random.blocks(dtype, blocks * 3, 0.1, false);
            let x = random.floats(3 * blocks * 32, 2.0);
            check(dtype, blocks * 32, 3, bytes, &x, &Isa::available()[..1]);
        }
    }
    for dtype in [GgmlType::Q4_K, GgmlType::Q6_K, GgmlType::Q3_K] {
        for blocks in [1, 2, 8, 9, 10, 19] {
            let bytes = random.blocks(dtype, blocks * 3, 0.1, false);
            let x = random.floats(3 * blocks * 256, 2.0);
            check(dtype, blocks * 256, 3, bytes, &x, &Isa::available()[..1]);
        }
    }
}

#[test]
fn products_of_floats() {
    let mut random = Random(14);
    let weights = random.floats(96 * 19, 0.5);
    let x = random.floats(96 * 6, 2.0);
    let narrow = |to: &dyn Fn(&f32) -> [u8; 2]| weights.iter().flat_map(to).collect::<Vec<u8>>();
    let f32s = weights.iter().flat_map(|x| x.to_le_bytes()).collect();
    check(GgmlType::F32, 96, 19, f32s, &x, &Isa::available());
    check(
        GgmlType::F16,
        96,
        19,
        narrow(&|x| half::f16::from_f32(*x).to_le_bytes()),
        &x,
        &Isa::available(),
    );
    check(
        GgmlType::BF16,
        96,
        19,
        narrow(&|x| half::bf16::from_f32(*x).to_le_bytes()),
        &x,
        &Isa::available(),
    );
}

#[test]
fn norm_and_swiglu() {
    let mut random = Random(15);
    let (x, weight) = (random.floats(96, 3.0), random.floats(96, 1.0));
    let mean = x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / 96.0;
    for isa in Isa::available() {
        let mut out = vec![0.0; 96];
        with_simd!(isa, simd => rms_norm(simd, &x, &weight, 1e-5, &mut out));
        for i in 0..96 {
            let exact = f64::from(x[i]) / (mean + 1e-5).sqrt() * f64::from(weight[i]);
            assert!((f64::from(out[i]) - exact).abs() < 1e-5);
        }
        for scale in [1.0, 30.0, 300.0] {
            let gate: [f32; LANES] = std::array::from_fn(|i| x[i] * scale);
            let up: [f32; LANES] = std::array::from_fn(|i| x[LANES + i]);
            let mut out = [0.0; LANES];
            with_simd!(isa, simd => swiglu(simd, &gate, &up, &mut out));
            for i in 0..LANES {
                let exact = f64::from(gate[i]) / (1.0 + f64::from(-gate[i]).exp()) * f64::from(up[i]);
                assert!((f64::from(out[i]) - exact).abs() <= exact.abs() * 1e-5 + 1e-9);
            }
        }
    }
}
