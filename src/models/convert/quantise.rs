//! Weights to the K-quants of a mixture (formats: `ggml-common.h`, `block_q4_K` and `block_q6_K`).
//!
//! Each group of weights tries a row of scales and keeps the one whose weighted square error is the least, as ggml does.
//! Loops are over arrays of fixed length without branches, so that a compiler makes vector code of them anywhere: this is
//! where a conversion spends its time.

use half::f16;

/// Weights a block.
pub(super) const BLOCK: usize = 256;

const GROUP_4: usize = 32;
const GROUP_6: usize = 16;

/// Appends a block of 256 weights as Q4_K: eight groups of 32, each with a scale and a minimum of six bits.
pub(super) fn q4_k(weights: &[f32; BLOCK], out: &mut Vec<u8>) {
    let groups = weights.as_chunks::<GROUP_4>().0;
    let mut scales = [0f32; 8];
    let mut minima = [0f32; 8];
    for (index, group) in groups.iter().enumerate() {
        (scales[index], minima[index]) = scale_and_minimum(group);
    }
    let (d, scale_codes) = six_bits(&scales);
    let (d_min, min_codes) = six_bits(&minima);
    out.extend(d.to_le_bytes());
    out.extend(d_min.to_le_bytes());
    let mut packed = [0u8; 12];
    for j in 0..4 {
        packed[j] = scale_codes[j] | (scale_codes[j + 4] >> 4) << 6;
        packed[j + 4] = min_codes[j] | (min_codes[j + 4] >> 4) << 6;
        packed[j + 8] = (scale_codes[j + 4] & 15) | (min_codes[j + 4] & 15) << 4;
    }
    out.extend(packed);
    let mut codes = [[0f32; GROUP_4]; 8];
    for (index, group) in groups.iter().enumerate() {
        let scale = d.to_f32() * f32::from(scale_codes[index]);
        let minimum = d_min.to_f32() * f32::from(min_codes[index]);
        let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
        for (code, weight) in codes[index].iter_mut().zip(group) {
            *code = rounded((weight + minimum) * inverse).clamp(0.0, 15.0);
        }
    }
    for [low, high] in codes.as_chunks::<2>().0 {
        out.extend(
            low.iter()
                .zip(high)
                .map(|(low, high)| *low as u8 | (*high as u8) << 4),
        );
    }
}

/// Appends a block of 256 weights as Q6_K: sixteen groups of 16, each with a scale of eight bits.
pub(super) fn q6_k(weights: &[f32; BLOCK], out: &mut Vec<u8>) {
    let groups = weights.as_chunks::<GROUP_6>().0;
    let mut scales = [0f32; 16];
    for (index, group) in groups.iter().enumerate() {
        scales[index] = symmetric_scale(group);
    }
    let largest = scales.iter().fold(
        0f32,
        |most, scale| if scale.abs() > most.abs() { *scale } else { most },
    );
    // The largest becomes -128, the one end of eight bits that has no opposite.
    let d = f16::from_f32(largest / -128.0);
    let inverse = if d.to_f32() == 0.0 { 0.0 } else { 1.0 / d.to_f32() };
    let mut scale_codes = [0i8; 16];
    let mut codes = [0u8; BLOCK];
    for (index, group) in groups.iter().enumerate() {
        let code = rounded(scales[index] * inverse).clamp(-128.0, 127.0);
        scale_codes[index] = code as i8;
        let scale = d.to_f32() * code;
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        for (code, weight) in codes[index * GROUP_6..].iter_mut().zip(group) {
            *code = (rounded(weight * inverse).clamp(-32.0, 31.0) + 32.0) as u8;
        }
    }
    let halves = codes.as_chunks::<128>().0;
    for half in halves {
        for part in [0, 32] {
            out.extend((0..32).map(|i| (half[part + i] & 15) | (half[part + i + 64] & 15) << 4));
        }
    }
    for half in halves {
        out.extend((0..32).map(|i| {
            (half[i] >> 4) | (half[i + 32] >> 4) << 2 | (half[i + 64] >> 4) << 4 | (half[i + 96] >> 4) << 6
        }));
    }
    out.extend(scale_codes.map(|code| code as u8));
    out.extend(d.to_le_bytes());
}

/// To the nearest whole number, for numbers below 2²²: what is added has no room for a fraction.
fn rounded(x: f32) -> f32 {
    const SHIFT: f32 = (3 << 22) as f32;
    (x + SHIFT) - SHIFT
}

/// Numbers from zero up as six bits each and their unit.
fn six_bits(numbers: &[f32; 8]) -> (f16, [u8; 8]) {
    let largest = numbers.iter().fold(0f32, |most, number| most.max(*number));
    let unit = f16::from_f32(largest / 63.0);
    let inverse = if unit.to_f32() > 0.0 {
        1.0 / unit.to_f32()
    } else {
        0.0
    };
    (
        unit,
        numbers.map(|number| rounded(number * inverse).clamp(0.0, 63.0) as u8),
    )
}

/// `scale` and `minimum`, so that weights are about `scale * code - minimum` with codes from 0 to 15.
fn scale_and_minimum(group: &[f32; GROUP_4]) -> (f32, f32) {
    let least = group.iter().fold(0f32, |least, weight| least.min(*weight));
    let most = group
        .iter()
        .fold(f32::NEG_INFINITY, |most, weight| most.max(*weight));
    if most <= least {
        // All the same, and not above zero: the minimum alone says it.
        return (0.0, -least);
    }
    let size = (group.iter().map(|weight| weight * weight).sum::<f32>() / GROUP_4 as f32).sqrt();
    let importance = group.map(|weight| size + weight.abs());
    let total = importance.iter().sum::<f32>();
    let weighted = sum(&importance, group);
    let codes_at = |levels: f32| {
        let inverse = levels / (most - least);
        group.map(|weight| rounded((weight - least) * inverse).clamp(0.0, 15.0))
    };
    let error_of = |codes: &[f32; GROUP_4], scale: f32, minimum: f32| {
        let mut error = 0f32;
        for ((weight, code), importance) in group.iter().zip(codes).zip(&importance) {
            let off = scale * code - minimum - weight;
            error += importance * off * off;
        }
        error
    };
    let mut best = ((most - least) / 15.0, -least);
    let mut best_error = error_of(&codes_at(15.0), best.0, best.1);
    for step in 0..=20 {
        let codes = codes_at(14.0 + 0.1 * step as f32);
        let mut with_codes = [0f32; GROUP_4];
        for ((with, code), importance) in with_codes.iter_mut().zip(&codes).zip(&importance) {
            *with = code * importance;
        }
        let (code, square, product) = (
            with_codes.iter().sum::<f32>(),
            sum(&with_codes, &codes),
            sum(&with_codes, group),
        );
        let determinant = total * square - code * code;
        if determinant <= 0.0 {
            continue;
        }
        let mut scale = (total * product - weighted * code) / determinant;
        let mut minimum = (code * product - square * weighted) / determinant;
        if minimum < 0.0 {
            // Minima are not below zero; the best scale without one.
            (scale, minimum) = (product / square, 0.0);
        }
        let error = error_of(&codes, scale, minimum);
        if error < best_error && scale > 0.0 {
            (best, best_error) = ((scale, minimum), error);
        }
    }
    best
}

/// `scale`, so that weights are about `scale * code` with codes from -32 to 31.
fn symmetric_scale(group: &[f32; GROUP_6]) -> f32 {
    let most = group.iter().fold(
        0f32,
        |most, weight| if weight.abs() > most.abs() { *weight } else { most },
    );
    if most == 0.0 {
        return 0.0;
    }
    let mut best = most / -32.0;
    let mut best_gain = 0.0;
    for step in -9..=9 {
        let inverse = -(32.0 + 0.1 * step as f32) / most;
        let (mut square, mut product) = (0f32, 0f32);
        for weight in group {
            let code = rounded(weight * inverse).clamp(-32.0, 31.0);
            let with_code = weight * weight * code;
            square += with_code * code;
            product += with_code * weight;
        }
        if square > 0.0 && product * product > best_gain * square {
            (best, best_gain) = (product / square, product * product / square);
        }
    }
    best
}

fn sum(a: &[f32; GROUP_4], b: &[f32; GROUP_4]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use candle_core::quantized::{GgmlDType, QStorage, QTensor};
    use candle_core::{Device, Tensor};

    use super::*;

    fn decoded(bytes: Vec<u8>, len: usize, dtype: GgmlDType) -> Vec<f32> {
        let storage = QStorage::from_data(bytes.into(), &Device::Cpu, dtype).unwrap();
        let tensor = QTensor::new(storage, len)
            .unwrap()
            .dequantize(&Device::Cpu)
            .unwrap();
        tensor.to_vec1().unwrap()
    }

    fn error(weights: &[f32], found: &[f32]) -> f64 {
        let squares = weights.iter().zip(found).map(|(a, b)| f64::from(a - b).powi(2));
        (squares.sum::<f64>() / weights.len() as f64).sqrt()
    }

    type Block = fn(&[f32; BLOCK], &mut Vec<u8>);
    const TYPES: [(GgmlDType, Block); 2] = [(GgmlDType::Q4K, q4_k), (GgmlDType::Q6K, q6_k)];

    fn ours(weights: &[f32], dtype: GgmlDType, block: Block) -> Vec<f32> {
        let mut bytes = Vec::new();
        weights
            .as_chunks()
            .0
            .iter()
            .for_each(|weights| block(weights, &mut bytes));
        decoded(bytes, weights.len(), dtype)
    }

    #[test]
    fn the_error_is_not_above_candles() {
        let mut state = 9u64;
        let mut uniform = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            ((state >> 40) as f32 + 0.5) / (1u32 << 24) as f32
        };
        let mut normal = move || (-2.0 * uniform().ln()).sqrt() * (std::f32::consts::TAU * uniform()).cos();
        let plain: Vec<f32> = (0..64 * BLOCK).map(|_| 0.02 * normal()).collect();
        let heavy: Vec<f32> = (0..64 * BLOCK).map(|_| 0.02 * normal().powi(3)).collect();
        let shifted: Vec<f32> = (0..64 * BLOCK).map(|_| 0.5 + 0.1 * normal()).collect();
        for weights in [plain, heavy, shifted] {
            for (dtype, block) in TYPES {
                let tensor = Tensor::from_slice(&weights, weights.len(), &Device::Cpu).unwrap();
                let candle = QTensor::quantize(&tensor, dtype).unwrap();
                let candle: Vec<f32> = candle.dequantize(&Device::Cpu).unwrap().to_vec1().unwrap();
                let (ours, candle) = (
                    error(&weights, &ours(&weights, dtype, block)),
                    error(&weights, &candle),
                );
                assert!(ours <= candle * 1.01, "{dtype:?}: {ours} against {candle}");
            }
        }
    }

    #[test]
    fn extremes_stay_what_they_are() {
        let spike = |at: usize, value: f32| {
            std::array::from_fn::<f32, BLOCK, _>(|i| if i == at { value } else { 0.0 })
        };
        for (dtype, block) in TYPES {
            for weights in [
                [0.0; BLOCK],
                [0.25; BLOCK],
                [-0.25; BLOCK],
                spike(77, 3.0),
                spike(200, -3.0),
            ] {
                let found = ours(&weights, dtype, block);
                let most = weights.iter().fold(0f32, |most, weight| most.max(weight.abs()));
                let worst = weights
                    .iter()
                    .zip(&found)
                    .fold(0f32, |worst, (a, b)| worst.max((a - b).abs()));
                assert!(worst <= most * 0.02, "{dtype:?} {}: {worst}", weights[0]);
            }
            // Sizes near the ends of half precision come out finite.
            for size in [1e-30, 1e4] {
                let weights: [f32; BLOCK] = std::array::from_fn(|i| size * (i as f32 - 128.0) / 128.0);
                assert!(
                    ours(&weights, dtype, block)
                        .iter()
                        .all(|weight| weight.is_finite())
                );
            }
        }
    }
}
