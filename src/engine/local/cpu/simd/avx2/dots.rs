//! Sums of products of bytes, which AVX2 has only for pairs and with 16 bits for their sum, and AVX-VNNI whole.

use std::arch::x86_64::*;

use super::{Avx2, Words};
use crate::engine::local::cpu::simd::Simd;

/// [`Simd::scaled_dots`]: as many pairs as surely fit are summed in 16 bits.
#[inline(always)]
pub fn narrow<const VNNI: bool, const N: usize, const C: usize>(
    simd: Avx2<VNNI>,
    bits: u32,
    start: [Words; C],
    scale: Words,
    weights: impl Fn(usize) -> Words,
    activations: &[[i32; C]; N],
) -> [Words; C] {
    const { assert!(N == 4 || N == 8, "every run divides it") };
    // How many sums of two byte products 16 bits can hold: 2 * 127 * (2^bits - 1) * run < 2^15.
    let run = match bits {
        0..=4 => N,
        5 => 4,
        _ => 2,
    };
    let mut sums = start;
    for first in (0..N).step_by(run) {
        // SAFETY: `simd` proves the features, here and below.
        let mut halves = unsafe { byte_products(weights(first), activations[first]) };
        for j in first + 1..first + run {
            // SAFETY: as above.
            unsafe {
                in_step(&mut halves);
                let products = byte_products(weights(j), activations[j]);
                for c in 0..C {
                    for i in 0..2 {
                        halves[c][i] = _mm256_add_epi16(halves[c][i], products[c][i]);
                    }
                }
            }
        }
        // SAFETY: as above.
        unsafe { in_step(&mut halves) };
        for c in 0..C {
            sums[c] = simd.dot_halves(sums[c], halves[c], scale);
        }
    }
    sums
}

/// [`Simd::dots`] where the sum of two byte products overflows 16 bits: even and odd bytes are taken apart.
#[inline(always)]
pub fn wide<const VNNI: bool, const N: usize, const C: usize>(
    simd: Avx2<VNNI>,
    start: [Words; C],
    weights: impl Fn(usize) -> Words,
    activations: &[[i32; C]; N],
) -> [Words; C] {
    let mut sums = start;
    for j in 0..N {
        let weights = weights(j);
        let even_weights = simd.and(weights, simd.splat(0x00ff_00ff));
        // SAFETY: `simd` proves the features, here and below.
        let odd_weights = unsafe {
            [
                _mm256_srli_epi16::<8>(weights[0]),
                _mm256_srli_epi16::<8>(weights[1]),
            ]
        };
        for c in 0..C {
            // SAFETY: as above.
            let (even, odd) = unsafe {
                let activations = _mm256_set1_epi32(activations[j][c]);
                let even = _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(activations));
                (even, _mm256_srai_epi16::<8>(activations))
            };
            let with_even = simd.dot_halves(sums[c], even_weights, [even; 2]);
            sums[c] = simd.dot_halves(with_even, odd_weights, [odd; 2]);
        }
    }
    sums
}

/// [`Simd::dots`] where one instruction sums four products in 32 bits.
///
/// # Safety
/// The processor has AVX2 and AVX-VNNI.
#[inline(always)]
pub unsafe fn whole<const N: usize, const C: usize>(
    start: [Words; C],
    weights: impl Fn(usize) -> Words,
    activations: &[[i32; C]; N],
) -> [Words; C] {
    let mut sums = start;
    for j in 0..N {
        let weights = weights(j);
        for c in 0..C {
            // SAFETY: the caller's promise.
            unsafe {
                let activations = _mm256_set1_epi32(activations[j][c]);
                for i in 0..2 {
                    sums[c][i] = _mm256_dpbusd_avx_epi32(sums[c][i], weights[i], activations);
                }
            }
        }
    }
    sums
}

/// In each 16 bits of each column: the sum of two products of bytes, which must fit.
///
/// # Safety
/// The processor has AVX2.
#[inline(always)]
unsafe fn byte_products<const C: usize>(weights: Words, activations: [i32; C]) -> [Words; C] {
    let mut products = [weights; C];
    for c in 0..C {
        // SAFETY: the caller's promise.
        unsafe {
            let activations = _mm256_set1_epi32(activations[c]);
            products[c] = [
                _mm256_maddubs_epi16(weights[0], activations),
                _mm256_maddubs_epi16(weights[1], activations),
            ];
        }
    }
    products
}

/// Has the compiler finish what it computes of all of `sums` here, and hold it in registers, where there are four columns:
/// as many as registers can hold. Left alone it computes one column after the other, and spills the weights that they
/// share.
///
/// # Safety
/// The processor has AVX2.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn in_step<const C: usize>(sums: &mut [Words; C]) {
    if let [a, b, c, d] = &mut sums[..] {
        // SAFETY: there is no instruction in it.
        unsafe {
            std::arch::asm!(
                "/* {} {} {} {} {} {} {} {} */",
                inout(ymm_reg) a[0],
                inout(ymm_reg) a[1],
                inout(ymm_reg) b[0],
                inout(ymm_reg) b[1],
                inout(ymm_reg) c[0],
                inout(ymm_reg) c[1],
                inout(ymm_reg) d[0],
                inout(ymm_reg) d[1],
                options(pure, nomem, nostack, preserves_flags)
            );
        }
    }
}
