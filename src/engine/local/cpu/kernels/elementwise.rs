//! Norms and activation functions.

use crate::engine::local::cpu::simd::{LANES, Simd};

/// `x / rms(x) * weight`, into `out`. Lengths are equal and divisible by sixteen.
pub fn rms_norm<S: Simd>(simd: S, x: &[f32], weight: &[f32], epsilon: f32, out: &mut [f32]) {
    let (x, weight, out) = (x.as_chunks().0, weight.as_chunks().0, out.as_chunks_mut().0);
    simd.vectorize(
        #[inline(always)]
        || rms_norm_lanes(simd, x, weight, epsilon, out),
    );
}

#[inline(always)]
fn rms_norm_lanes<S: Simd>(
    simd: S,
    x: &[[f32; LANES]],
    weight: &[[f32; LANES]],
    epsilon: f32,
    out: &mut [[f32; LANES]],
) {
    let mut squares = simd.zero_floats();
    for x in x {
        let x = simd.load_floats(x);
        squares = simd.mul_add(x, x, squares);
    }
    let mean = simd.sum(squares) / (x.len() * LANES) as f32;
    let factor = simd.splat_float(1.0 / (mean + epsilon).sqrt());
    for ((x, weight), out) in x.iter().zip(weight).zip(out) {
        let scaled = simd.mul(simd.load_floats(x), factor);
        simd.store_floats(simd.mul(scaled, simd.load_floats(weight)), out);
    }
}

/// `gate / (1 + e^-gate) * up` of sixteen rows.
pub fn swiglu<S: Simd>(simd: S, gate: &[f32; LANES], up: &[f32; LANES], out: &mut [f32; LANES]) {
    simd.vectorize(
        #[inline(always)]
        || {
            let gate = simd.load_floats(gate);
            let exp = simd.exp(simd.sub(simd.zero_floats(), gate));
            let sigmoid = simd.div(gate, simd.add(exp, simd.splat_float(1.0)));
            simd.store_floats(simd.mul(sigmoid, simd.load_floats(up)), out);
        },
    );
}

/// `out += x`, up to the shorter of the two.
pub fn add_assign(out: &mut [f32], x: &[f32]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out += x;
    }
}
