//! Every implementation against scalar arithmetic.

use half::{bf16, f16};
use proptest::prelude::*;

use super::{Isa, LANES, Line, Simd, with_simd};

fn line(words: [u32; LANES]) -> Line {
    let mut line = Line::ZERO;
    for (lane, word) in words.into_iter().enumerate() {
        line.set_word(lane, word);
    }
    line
}

fn words<S: Simd>(simd: S, words: S::Words) -> [u32; LANES] {
    let mut line = Line::ZERO;
    simd.store(words, &mut line);
    std::array::from_fn(|lane| line.word(lane))
}

fn floats<S: Simd>(simd: S, floats: S::Floats) -> [f32; LANES] {
    let mut out = [0.0; LANES];
    simd.store_floats(floats, &mut out);
    out
}

fn bytes_dot(weights: u32, activations: i32) -> i32 {
    let activations = activations.to_le_bytes().map(|b| i32::from(b as i8));
    weights
        .to_le_bytes()
        .into_iter()
        .zip(activations)
        .map(|(w, a)| i32::from(w) * a)
        .sum()
}

fn check_integers<S: Simd>(simd: S, a: [u32; LANES], b: [u32; LANES], word: i32, bits: u32) {
    let (va, vb) = (simd.load(&line(a)), simd.load(&line(b)));
    let lanes = |f: &dyn Fn(usize) -> u32| std::array::from_fn::<u32, LANES, _>(f);
    assert_eq!(words(simd, simd.and(va, vb)), lanes(&|i| a[i] & b[i]));
    assert_eq!(words(simd, simd.or(va, vb)), lanes(&|i| a[i] | b[i]));
    assert_eq!(
        words(simd, simd.add_words(va, vb)),
        lanes(&|i| a[i].wrapping_add(b[i]))
    );
    assert_eq!(words(simd, simd.shl(va, bits)), lanes(&|i| a[i] << bits));
    assert_eq!(words(simd, simd.shr(va, bits)), lanes(&|i| a[i] >> bits));
    assert_eq!(
        words(simd, simd.shr_signed(va, bits)),
        lanes(&|i| (a[i] as i32 >> bits) as u32)
    );
    assert_eq!(words(simd, simd.splat(word)), [word as u32; LANES]);
    assert_eq!(
        simd.sum_words(va),
        a.iter().fold(0i32, |sum, w| sum.wrapping_add(*w as i32))
    );
    let lowest = |i: usize| a[i] as u8;
    let packed = std::array::from_fn(|i| {
        i32::from_le_bytes([
            lowest(4 * i),
            lowest(4 * i + 1),
            lowest(4 * i + 2),
            lowest(4 * i + 3),
        ])
    });
    assert_eq!(simd.pack(va), packed);
    check_dots(simd, a, b, word);
    let bytes = a.map(u32::to_le_bytes);
    for (low, high) in [(0, 0), (1, 2), (3, 3), (2, 0)] {
        let half = |byte: u8| u32::from(i16::from(byte as i8) as u16);
        assert_eq!(
            words(simd, simd.halves_of_bytes(va, low, high)),
            lanes(&|i| half(bytes[i][low]) | half(bytes[i][high]) << 16)
        );
    }
    // One pair of products is beyond 32 bits: that of four times the smallest number.
    let small = |words: [u32; LANES]| words.map(|word| word & 0x7fff_7fff);
    let half = |word: u32, at: u32| i32::from((word >> at) as i16);
    assert_eq!(
        words(simd, simd.dot_halves(va, simd.load(&line(small(a))), vb)),
        lanes(&|i| {
            let (x, y) = (small(a)[i], b[i]);
            let sum = half(x, 0) * half(y, 0) + half(x, 16) * half(y, 16);
            a[i].wrapping_add(sum as u32)
        })
    );
    let signed: [f32; LANES] = std::array::from_fn(|i| a[i] as i32 as f32);
    assert_eq!(floats(simd, simd.to_floats(va)), signed);
}

/// Eight words of weights with two columns, in every width of a weight.
fn check_dots<S: Simd>(simd: S, a: [u32; LANES], b: [u32; LANES], word: i32) {
    let start = [simd.load(&line(a)), simd.load(&line(b))];
    // The extremes too: all ones, and activations of ±127.
    let weights: [[u32; LANES]; 8] = std::array::from_fn(|j| match j {
        0..4 => std::array::from_fn(|i| a[i].rotate_left(j as u32) ^ b[i]),
        _ => [u32::MAX; LANES],
    });
    let above_smallest = |word: i32| {
        let bytes = word.to_le_bytes().map(|byte| (byte as i8).max(-127) as u8);
        i32::from_le_bytes(bytes)
    };
    let activations: [[i32; 2]; 8] = std::array::from_fn(|j| match j {
        0..4 => [word, word.rotate_left(8 * j as u32 + 4)].map(above_smallest),
        _ => [0x7f7f_7f7f, i32::from_le_bytes([0x81; 4])],
    });
    let scale = i32::from(b[0] as i8);
    let scales = simd.splat(scale & 0xffff | scale << 16);
    for bits in [2, 3, 4, 5, 6, 8] {
        let mask = u32::from_le_bytes([(1u16 << bits).wrapping_sub(1) as u8; 4]);
        let load = |j: usize| simd.load(&line(weights[j].map(|word| word & mask)));
        let plain = simd.dots(bits, start, load, &activations);
        let scaled = (bits <= 6).then(|| simd.scaled_dots(bits, start, scales, load, &activations));
        for c in 0..2 {
            let start = [a, b][c];
            let sums: [i32; LANES] = std::array::from_fn(|i| {
                (0..8)
                    .map(|j| bytes_dot(weights[j][i] & mask, activations[j][c]))
                    .sum()
            });
            let expected = |scale: i32| -> [u32; LANES] {
                std::array::from_fn(|i| start[i].wrapping_add((sums[i] * scale) as u32))
            };
            assert_eq!(words(simd, plain[c]), expected(1), "{bits} bits");
            if let Some(scaled) = scaled {
                assert_eq!(words(simd, scaled[c]), expected(scale), "{bits} bits");
            }
        }
    }
}

fn check_floats<S: Simd>(simd: S, a: [f32; LANES], b: [f32; LANES]) {
    let (va, vb) = (simd.load_floats(&a), simd.load_floats(&b));
    let lanes = |f: &dyn Fn(usize) -> f32| std::array::from_fn::<f32, LANES, _>(f);
    assert_eq!(floats(simd, simd.add(va, vb)), lanes(&|i| a[i] + b[i]));
    assert_eq!(floats(simd, simd.sub(va, vb)), lanes(&|i| a[i] - b[i]));
    assert_eq!(floats(simd, simd.mul(va, vb)), lanes(&|i| a[i] * b[i]));
    assert_eq!(floats(simd, simd.div(va, vb)), lanes(&|i| a[i] / b[i]));
    assert_eq!(floats(simd, simd.max(va, vb)), lanes(&|i| a[i].max(b[i])));
    assert_eq!(floats(simd, simd.min(va, vb)), lanes(&|i| a[i].min(b[i])));
    assert_eq!(floats(simd, simd.abs(va)), lanes(&|i| a[i].abs()));
    assert_eq!(
        simd.largest(va),
        a.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    );
    let rounded: [u32; LANES] = std::array::from_fn(|i| a[i].round_ties_even() as i32 as u32);
    assert_eq!(words(simd, simd.round(va)), rounded);
    let fused = floats(simd, simd.mul_add(va, vb, va));
    let size: f64 = a.iter().map(|x| f64::from(x.abs())).sum();
    assert!((f64::from(simd.sum(va)) - a.iter().map(|x| f64::from(*x)).sum::<f64>()).abs() <= size * 1e-6);
    for i in 0..LANES {
        let exact = f64::from(a[i]) * f64::from(b[i]) + f64::from(a[i]);
        let scale = (f64::from(a[i]) * f64::from(b[i])).abs() + f64::from(a[i]).abs();
        assert!((f64::from(fused[i]) - exact).abs() <= scale * 3e-7);
    }
}

#[test]
fn the_largest_sums_of_bytes_fit() {
    for isa in Isa::available() {
        for bytes in [0x7f, 0x81] {
            let activations = i32::from_le_bytes([bytes; 4]);
            with_simd!(isa, simd => check_dots(simd, [u32::MAX; LANES], [0; LANES], activations));
        }
    }
}

proptest! {
    #[test]
    fn integers_are_exact(a: [u32; LANES], b: [u32; LANES], word: i32, bits in 0u32..32) {
        for isa in Isa::available() {
            with_simd!(isa, simd => check_integers(simd, a, b, word, bits));
        }
    }

    #[test]
    fn floats_agree(
        a in prop::array::uniform16(-1e5f32..1e5),
        b in prop::array::uniform16(prop_oneof![-1e5f32..-1e-5, 1e-5f32..1e5]),
    ) {
        for isa in Isa::available() {
            with_simd!(isa, simd => check_floats(simd, a, b));
        }
    }

    #[test]
    fn exp_is_accurate(x in prop::array::uniform16(-86.9f32..87.9)) {
        for isa in Isa::available() {
            let got = with_simd!(isa, simd => floats(simd, simd.exp(simd.load_floats(&x))));
            for (x, got) in x.into_iter().zip(got) {
                let exact = f64::from(x).exp();
                prop_assert!((f64::from(got) / exact - 1.0).abs() < 3e-7, "{} {x} {got}", isa.name());
            }
        }
    }
}

#[test]
fn exp_stays_finite_at_the_ends() {
    for isa in Isa::available() {
        let got = with_simd!(isa, simd => {
            let ends = [-1e30, f32::NEG_INFINITY, -87.0, 88.0, 1e30, f32::INFINITY, 0.0, -0.0];
            floats(simd, simd.exp(simd.load_floats(&std::array::from_fn(|i| ends[i % 8]))))
        });
        assert!(
            got.iter().all(|x| x.is_finite() && *x >= 0.0),
            "{} {got:?}",
            isa.name()
        );
        assert_eq!(got[6], 1.0);
    }
}

#[test]
fn every_f16_widens_and_narrows() {
    let finite: Vec<u16> = (0..=u16::MAX)
        .filter(|bits| f16::from_bits(*bits).is_finite())
        .collect();
    for isa in Isa::available() {
        for bits in finite.as_chunks::<LANES>().0 {
            let (wide, mut narrow) = (bits.map(|bits| f16::from_bits(bits).to_f32()), [0; LANES]);
            with_simd!(isa, simd => {
                assert_eq!(floats(simd, simd.widen_f16(bits)), wide, "{}", isa.name());
                simd.narrow_f16(simd.load_floats(&wide), &mut narrow);
            });
            assert_eq!(narrow, *bits, "{}", isa.name());
        }
    }
}

#[test]
fn narrowing_rounds_to_the_nearest_even() {
    let halfway = |bits: u16| (f16::from_bits(bits).to_f32() + f16::from_bits(bits + 1).to_f32()) / 2.0;
    let values: [f32; LANES] = std::array::from_fn(|i| halfway(0x3c00 + i as u16));
    for isa in Isa::available() {
        let mut narrow = [0; LANES];
        with_simd!(isa, simd => simd.narrow_f16(simd.load_floats(&values), &mut narrow));
        assert_eq!(
            narrow,
            values.map(|x| f16::from_f32(x).to_bits()),
            "{}",
            isa.name()
        );
    }
}

#[test]
fn bytes_widen() {
    let bytes: [i8; LANES] = std::array::from_fn(|i| [-128, -127, -1, 0, 1, 127, -64, 3][i % 8]);
    for isa in Isa::available() {
        let wide = with_simd!(isa, simd => floats(simd, simd.widen_i8(&bytes)));
        assert_eq!(wide, bytes.map(f32::from), "{}", isa.name());
    }
}

#[test]
fn bf16_widens() {
    let bits: [u16; LANES] = std::array::from_fn(|i| bf16::from_f32(i as f32 * 1.7 - 9.0).to_bits());
    for isa in Isa::available() {
        let wide = with_simd!(isa, simd => floats(simd, simd.widen_bf16(&bits)));
        assert_eq!(
            wide,
            bits.map(|bits| bf16::from_bits(bits).to_f32()),
            "{}",
            isa.name()
        );
    }
}
